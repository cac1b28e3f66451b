"""What the disk tells without a passphrase: who can reach the files, how keys and backups stand."""

import stat
from collections.abc import Iterator
from pathlib import Path

from xinqiao_clients.checkup.finding import Finding, Look, typed
from xinqiao_clients.checkup.machine import NO_CORES, is_in_memory, is_remote
from xinqiao_clients.home import KEY_FILE, SUPERNODE_KEYS, agent_runs
from xinqiao_clients.register import Backup

_ROOT = 0
_OTHERS = 0o077
_OTHERS_WRITE = 0o022
_SECRETS = ("identity", KEY_FILE, f"{KEY_FILE}.new", "refresh", SUPERNODE_KEYS, "witness-sm2")
_DATABASES = ("node.json", "book.sqlite", "witness.sqlite")
_LEAST_FREE_BYTES = 500_000_000
_MEGABYTE = 1_000_000


def files(look: Look) -> Iterator[Finding]:
    """Find files that others may read or own, and a folder in which others may put another home."""
    names = [name for name in _SECRETS if _is_open(look.path / name)]
    trusted = (_ROOT, look.machine.owner(look.path.resolve()), look.machine.nobody(), None)
    files = (*_SECRETS, *_DATABASES)
    theirs = [name for name in files if look.machine.owner(look.path / name) not in trusted]
    if look.path.stat().st_mode & _OTHERS:
        yield Finding("home_open", "unsafe", {}, (typed("chmod", "-R", "go=", look.path),))
    elif names:
        fix = typed("chmod", "-R", "go=", *(look.path / name for name in names))
        yield Finding("secrets_open", "unsafe", {"names": ", ".join(names)}, (fix,))
    if theirs:
        fix = typed("sudo", "chown", f"--reference={look.path}", *(look.path / name for name in theirs))
        yield Finding("files_foreign", "unsafe", {"names": ", ".join(theirs)}, (fix,))
    for folder in look.path.resolve().parents:
        if look.machine.owner(folder) not in trusted:
            fix = typed("sudo", "chown", "root", folder)
            yield Finding("parent_foreign", "unsafe", {"folder": str(folder)}, (fix,))
        if _may_be_replaced(folder):
            fix = typed("chmod", "go-w", folder)
            yield Finding("parent_open", "unsafe", {"folder": str(folder)}, (fix,))


def leftovers(look: Look) -> Iterator[Finding]:
    """Find what a killed command left that holds keys."""
    draft, keys = look.path / f"{KEY_FILE}.new", look.path / SUPERNODE_KEYS
    if draft.exists():
        yield Finding("key_draft_left", "unsafe", {}, (look.command("keys rotate"),))
    if keys.exists() and not agent_runs(look.path):
        yield Finding("supernode_keys_left", "unsafe", {}, (typed("rm", "-r", keys),))


def place(look: Look) -> Iterator[Finding]:
    """Find a disk that forgets, that another machine serves, or that is nearly full."""
    kind = look.machine.file_system(look.path)
    move = (typed("mv", look.path, "DIR"),)
    if is_in_memory(kind):
        yield Finding("disk_in_memory", "unsafe", {"kind": kind}, move)
    if is_remote(kind):
        yield Finding("disk_remote", "unsafe", {"kind": kind}, move)
    free = look.machine.free_bytes(look.path)
    if free < _LEAST_FREE_BYTES:
        fields = {"free_mb": free // _MEGABYTE, "least_mb": _LEAST_FREE_BYTES // _MEGABYTE}
        yield Finding("disk_low", "to_do", fields, (typed("df", "-h", look.path),))


def memory(look: Look) -> Iterator[Finding]:
    """Find ways for an agent's memory, with its open keys, to come onto a disk."""
    swaps = look.machine.open_swaps()
    if swaps:
        fix = ("sudo swapoff -a",)
        yield Finding("swap_open", "to_do", {"names": ", ".join(swaps)}, fix)
    if look.machine.dumps_cores():
        fix = (typed("sudo", "sysctl", "-w", f"kernel.core_pattern={NO_CORES}"),)
        yield Finding("cores_dumped", "to_do", {}, fix)


def keys(look: Look) -> Iterator[Finding]:
    """Find keys that hang on a single person."""
    if len(look.slots or ()) == 1:
        yield Finding("one_steward", "to_do", {}, (look.command("keys add-steward", "NAME"),))


def copies(look: Look) -> Iterator[Finding]:
    """Find backups under an older key, and those that lie where they protect nothing."""
    anew = look.command("keys backup", "--out", "DIR", "--keys", "FILE")
    if look.register is not None and look.register.begun:
        done = look.command("keys backup", "--others-destroyed")
        yield Finding("register_new", "to_do", {"when": look.register.begun}, (done,))
    for backup in look.backups:
        again = look.command("keys backup", "--out", backup.folder, "--keys", backup.keys)
        gone = look.command("keys backup", "--destroyed", backup.folder)
        paths = {"folder": str(backup.folder), "keys": str(backup.keys)}
        if look.register is not None and look.register.is_changed(backup):
            yield Finding("backup_changed", "unsafe", paths, (gone,))
        elif backup.epoch != look.epoch:
            yield Finding("backup_behind", "unsafe", paths, (again, gone))
        elif _together(look, backup):
            yield Finding("backup_beside_keys", "unsafe", paths, (anew, gone))
        elif _lacks_stewards(look, backup):
            yield Finding("backup_stewards", "to_do", paths, (again,))
        elif look.machine.device(backup.folder) == look.machine.device(look.path):
            yield Finding("backup_same_disk", "to_do", paths, (anew,))


def _is_open(path: Path) -> bool:
    try:
        return bool(path.lstat().st_mode & _OTHERS)
    except FileNotFoundError:
        return False


def _may_be_replaced(folder: Path) -> bool:
    """Who may write a folder may rename what is in it, but for one with the sticky bit, such as /tmp."""
    mode = folder.stat().st_mode
    return bool(mode & _OTHERS_WRITE) and not mode & stat.S_ISVTX


def _lacks_stewards(look: Look, backup: Backup) -> bool:
    """Whether the copy of the keys was written before somebody was added."""
    if look.register is None or look.key_file is None:
        return False
    return not look.register.holds(backup.keys, look.key_file)


def _together(look: Look, backup: Backup) -> bool:
    """Whether whoever finds the backup's folder finds the copy of the keys, too."""
    table, copy = look.machine.device(backup.folder), look.machine.device(backup.keys)
    if table is None or copy is None:  # a medium that is away
        return backup.folder.parent == backup.keys.parent
    return table == copy
