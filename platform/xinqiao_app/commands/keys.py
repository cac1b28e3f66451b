"""`xinqiao keys`: who opens a home, new keys for its store, backups, and taking a person out of all of it."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import read_text
from xinqiao_app.commands.opening import add_opening, add_steward, new_opener, opened, opener
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_clients.home import Home
    from xinqiao_clients.register import Backup


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands."""
    add = parser.commands("command", "cli_keys", _COMMANDS.__getitem__)

    def command(name: str) -> Parser:
        sub = add(name)
        sub.add_argument("--home", type=Path, required=True, help=say("cli_home", language))
        add_opening(sub, language)
        add_steward(sub, language)
        sub.add_argument("--json", action="store_true", help=say("cli_json", language))
        return sub

    command("show")
    command("rotate")
    new = command("add-steward")
    new.add_argument("name", help=say("cli_keys_name", language))
    new.add_argument("--new-passphrase-file", type=Path, help=say("cli_keys_new_passphrase", language))
    new.add_argument("--new-pkcs11", type=Path, metavar="MODULE", help=say("cli_keys_new_pkcs11", language))
    new.add_argument("--token", metavar="LABEL", help=say("cli_keys_token", language))
    command("remove-steward").add_argument("name", help=say("cli_keys_name", language))
    person = command("delete-person")
    person.stray = "person_typed"
    person.add_argument(
        "--person-file", type=Path, metavar="FILE", help=say("cli_keys_person_file", language)
    )
    person.add_argument("--name", help=say("cli_keys_person_name", language))
    backup = command("backup")
    backup.add_argument("--out", type=Path, metavar="DIR", help=say("cli_keys_out", language))
    backup.add_argument("--keys", type=Path, metavar="FILE", help=say("cli_keys_copy", language))
    backup.add_argument("--destroyed", type=Path, metavar="DIR", help=say("cli_keys_destroyed", language))
    for word in ("new_register", "others_destroyed"):
        about = say(f"cli_keys_{word}", language)
        backup.add_argument(f"--{word.replace('_', '-')}", action="store_true", help=about)
    back = command("restore")
    back.add_argument("--from", dest="source", type=Path, metavar="DIR", help=say("cli_keys_from", language))
    back.add_argument("--keys", type=Path, metavar="FILE", help=say("cli_keys_from_copy", language))


def _show(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.register import behind, outdated_copies, registered

    with opened(options, language) as home:
        file, epoch = home.key_file, home.keys.store.epoch
        register, late, outdated = registered(home), behind(home), outdated_copies(home)
        duties = _duties(home, late, language)
    stewards: list[Json] = [{"name": one.name, "kind": one.kind} for one in file.stewards]
    copies: list[Json] = [
        {
            "folder": str(one.folder),
            "keys": str(one.keys),
            "time": one.time,
            "behind": one in late,
            "stewards_missing": one in outdated,
        }
        for one in register.backups
    ]
    found: dict[str, Json] = {
        "epoch": epoch.hex(),
        "rotating": file.rotating,
        "stewards": stewards,
        "backups": copies,
        "register_begun": register.begun,
    }
    lines = [say(f"keys_steward_{one.kind}", language, name=one.name) for one in file.stewards]
    lines += [
        say("keys_backup", language, folder=str(one.folder)) for one in register.backups if one not in late
    ]
    _tell(options, found, [*lines, *duties])
    return 0


def _rotate(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.rotation import rotate

    with opened(options, language) as home:
        late = rotate(home, options.steward)
        duties = _duties(home, late, language)
    _tell(options, _behind(late), [say("keys_rotated", language), *duties])
    return 1 if duties else 0


def _add_steward(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.register import behind
    from xinqiao_clients.rotation import add_steward

    with opened(options, language) as home:
        theirs = new_opener(options.new_passphrase_file, options.new_pkcs11, options.token, language)
        lacking = add_steward(home, options.name, theirs, options.steward)
        count = len(home.key_file.stewards)
        duties = _duties(home, behind(home), language)
    found: dict[str, Json] = {"stewards": count, "stewards_missing": [str(one.folder) for one in lacking]}
    _tell(options, found, [say("keys_added", language, count=count), *duties])
    return 1 if duties else 0


def _remove_steward(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.rotation import remove_steward

    with opened(options, language) as home:
        late = remove_steward(home, options.name, options.steward)
        duties = _duties(home, late, language)
    _tell(options, _behind(late), [say("keys_removed", language), *duties])
    return 1 if duties else 0


def _delete_person(options: argparse.Namespace, language: Language) -> int:
    """Delete a person; 1 where old pages of the book or a backup may still hold something."""
    from xinqiao_clients.deletion import delete_person

    with opened(options, language) as home:
        person = _person(options.person_file, language)
        done = delete_person(home, person, options.steward, name=options.name)
        steward = options.name is not None and home.is_steward(options.name)
        duties = _duties(home, done.behind, language)
    found = {
        "rows": done.rows,
        "contract_holds": done.contract_holds,
        "forgotten": done.forgotten,
        "pages_gone": done.pages_gone,
        **_behind(done.behind),
    }
    codes = ["keys_deleted"]
    codes += ["node_forgotten"] if done.forgotten else []
    codes += ["node_forgotten_steward"] if steward else []
    codes += [] if done.pages_gone else ["node_forgotten_pages"]
    codes += [] if done.contract_holds else ["keys_contract_open"]
    lines = [say(code, language, rows=done.rows) for code in codes]
    _tell(options, found, [*lines, *duties])
    return 1 if duties or not done.pages_gone else 0


def _person(file: Path | None, language: Language) -> str:
    """Read an id from a file, a pipe or the keyboard: a command line is seen by others, and kept.

    Raises:
        UsageInvalid: it is not one line of text. The error holds nothing of it.
    """
    if file is None and sys.stdin.isatty():
        given = getpass(say("keys_person_prompt", language))
    else:
        try:
            given = sys.stdin.read() if file is None else read_text(file)
        except UnicodeDecodeError:  # it would hold what was read
            raise UsageInvalid("person_unreadable") from None
        except UsageInvalid:  # whoever typed the id in the place of a file has it in the path
            raise UsageInvalid("person_unreadable") from None
    lines = given.rstrip("\r\n").splitlines()
    if len(lines) != 1 or not lines[0].strip():
        raise UsageInvalid("person_lines")
    return lines[0]


def _backup(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.backup import back_up, give_up
    from xinqiao_clients.register import begin_anew, declare_others_destroyed

    place = (options.out, options.keys)
    asked = (place != (None, None), options.destroyed, options.new_register, options.others_destroyed)
    if sum(map(bool, asked)) != 1 or (options.out is None) != (options.keys is None):
        raise UsageInvalid("backup_what")
    with opened(options, language) as home:
        if options.new_register:
            register = begin_anew(home, options.steward)
            _tell(options, _behind(register.backups), _duties(home, register.backups, language))
            return 1
        if options.others_destroyed:
            declare_others_destroyed(home, options.steward)
            _tell(options, {"others_destroyed": True}, [say("keys_others_destroyed", language)])
            return 0
        if options.destroyed is not None:
            give_up(home, options.destroyed, options.steward)
            _tell(options, {"given_up": str(options.destroyed)}, [say("keys_given_up", language)])
            return 0
        done = back_up(home, options.out, options.keys, options.steward)
    said = say("keys_backed_up", language, folder=str(done.folder), keys=str(done.keys))
    _tell(options, {"folder": str(done.folder), "keys": str(done.keys), "time": done.time}, [said])
    return 0


def _restore(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.register import behind, registered
    from xinqiao_clients.restoring import require_restorable, restore

    require_restorable(options.home, options.source, options.keys)
    theirs = opener(options, language)
    home = restore(options.home, options.source, theirs, keys=options.keys, steward=options.steward)
    with closing(home):
        rows = home.version.rows if home.book.adopted() else 0
        stewards = [one.name for one in home.key_file.stewards]
        register, late = registered(home), behind(home)
        duties = _duties(home, late, language)
    known = {one.folder for one in register.backups} | {one.keys for one in register.backups}
    used = [path for path in (options.source, options.keys) if path is not None]
    strange = [str(path) for path in used if path.resolve() not in known]
    lines = [say("keys_restored", language, rows=rows, names=", ".join(stewards))]
    if options.keys is not None and len(stewards) == 1:
        lines.append(say("keys_restored_alone", language, name=stewards[0]))
    lines += [say("keys_unregistered", language, path=path) for path in strange]
    found = {"rows": rows, "stewards": list(stewards), "unregistered": list(strange), **_behind(late)}
    _tell(options, found, [*lines, *duties])
    return 1 if duties or strange else 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "show": _show,
    "rotate": _rotate,
    "add-steward": _add_steward,
    "remove-steward": _remove_steward,
    "delete-person": _delete_person,
    "backup": _backup,
    "restore": _restore,
}


def _tell(options: argparse.Namespace, found: Mapping[str, Json], lines: Iterable[str]) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else "\n".join(lines))


def _behind(late: "Iterable[Backup]") -> dict[str, Json]:
    return {"behind": [str(one.folder) for one in late]}


def _duties(home: "Home", late: "Iterable[Backup]", language: Language) -> list[str]:
    """Return what is to do about backups: those behind, copies of the keys, what a new register asks."""
    from xinqiao_clients.register import outdated_copies, registered
    from xinqiao_clients.today import local_time

    begun = registered(home).begun
    named = [("keys_behind", one) for one in late]
    named += [("keys_copy_outdated", one) for one in outdated_copies(home)]
    lines = [say(code, language, folder=str(one.folder), keys=str(one.keys)) for code, one in named]
    return [*lines, *([say("keys_register_new", language, when=local_time(begun))] if begun else [])]
