"""Facts of the machine that a home lies on, as Linux tells them; elsewhere less is known."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

NO_CORES = "|/bin/false"
"""The kernel's pattern by which a crashed process's memory goes nowhere."""

_MOST_USERS = 0xFFFF_FFF0  # a namespace that knows so many is the machine's own
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs"})
_REMOTE_FUSE = ("fuse.sshfs", "fuse.davfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone")


@dataclass(frozen=True)
class Machine:
    """The machine whose /proc and /sys stand under `root`."""

    root: Path = Path("/")

    def file_system(self, path: Path) -> str:
        """Return the type of the file system that holds `path`, empty where nobody says."""
        try:
            lines = (self.root / "proc/self/mounts").read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        place, found, depth = path.resolve(), "", 0
        for mount, kind in map(_mount, lines):
            if place.is_relative_to(mount) and len(mount.parts) >= depth:  # a later mount hides an earlier
                found, depth = kind, len(mount.parts)
        return found

    def free_bytes(self, path: Path) -> int:
        """Return how much more the file system of `path` takes; raises OSError."""
        return shutil.disk_usage(path).free

    def device(self, path: Path) -> int | None:
        """Return which file system holds `path`; None where it is not there."""
        try:
            return path.stat().st_dev
        except (OSError, ValueError):
            return None

    def owner(self, path: Path) -> int | None:
        """Return the user id of who owns `path`, a link itself; None where it is not there."""
        try:
            return path.lstat().st_uid
        except (OSError, ValueError):
            return None

    def nobody(self) -> int | None:
        """Return the user id by which a user namespace shows whom it does not know, such as root."""
        try:
            known = (self.root / "proc/self/uid_map").read_text("ascii", "replace").split()
            if known[:2] == ["0", "0"] and int(known[2]) > _MOST_USERS:
                return None
            return int((self.root / "proc/sys/kernel/overflowuid").read_text("ascii", "replace"))
        except (OSError, ValueError, IndexError):
            return None

    def open_swaps(self) -> tuple[str, ...]:
        """Return where memory is swapped to, but for what is seen to be encrypted or to stay in memory."""
        try:
            lines = (self.root / "proc/swaps").read_text("utf-8", "replace").splitlines()[1:]
        except OSError:
            return ()
        places = (line.split()[0] for line in lines if line.split())
        return tuple(place for place in places if not self._is_closed(Path(place)))

    def dumps_cores(self) -> bool:
        """Say whether a process that crashes here may leave its memory in a file (core(5))."""
        try:
            pattern = (self.root / "proc/sys/kernel/core_pattern").read_text("utf-8", "replace").strip()
            lines = (self.root / "proc/self/limits").read_text("utf-8", "replace").splitlines()
        except OSError:
            return False
        if pattern.startswith("|"):  # a program takes it: the limit is not asked
            return pattern != NO_CORES
        soft = [line.split()[4:5] for line in lines if line.startswith("Max core file size")]
        return bool(pattern) and soft not in ([], [["0"]])

    def _is_closed(self, swap: Path) -> bool:
        """dm-crypt marks its devices by their uuid; zram lies in memory."""
        if swap.name.startswith("zram"):
            return True
        name = os.path.realpath(swap).rpartition("/")[2]  # /dev/mapper/swap is a link to /dev/dm-0
        try:
            uuid = (self.root / "sys/class/block" / name / "dm/uuid").read_text("ascii", "replace")
        except OSError:
            return False
        return uuid.startswith("CRYPT-")


def is_in_memory(file_system: str) -> bool:
    """Say whether what lies on this type of file system is gone when the machine goes down."""
    return file_system in _IN_MEMORY


def is_remote(file_system: str) -> bool:
    """Say whether this type of file system is served by another machine."""
    return file_system in _REMOTE or file_system.startswith(_REMOTE_FUSE)


def _mount(line: str) -> tuple[Path, str]:
    """Return place and type of a line of /proc/self/mounts, where a space is written in octal."""
    _, place, kind, *_ = [*line.split(" "), "", "", ""]
    return Path(place.replace("\\040", " ")), kind
