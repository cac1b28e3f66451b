"""Reading what people type: files, and decimal numbers that must be exact; and handing files back whole."""

import json
import os
import re
import stat
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, DecimalException
from ipaddress import IPv6Address
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xinqiao_app.commands.parser import Parser
from xinqiao_governance.canonical import Json, dumps, require_shallow
from xinqiao_governance.errors import UsageInvalid, WireInvalid
from xinqiao_governance.messages import Language, say
from xinqiao_governance.parse import is_clear
from xinqiao_ledger.files import io_errors, replace_file, system_reason, version_errors

if TYPE_CHECKING:
    from xinqiao_clients.sources import Source
    from xinqiao_ledger.trust import Trust

EPSILON = 6
"""Decimal places of ε: millionths."""
DELTA = 9
"""Decimal places of δ: billionths."""
RATE = 6
"""Decimal places of a sampling rate: millionths."""

_MOST_DIGITS = 18
_SUITES = ("sha256-ed25519", "sm3-sm2")
_HIGHEST_PORT = 65_535
_SAME = 12  # bytes at the start of a file that tell of which kind it is
_ADDRESS = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]+")

T = TypeVar("T")


def exact(text: str, places: int) -> int:
    """Return the number `text` in units of 10^-places, exactly.

    Raises:
        UsageInvalid: no number, not above zero, too large, or finer than the unit.
    """
    try:
        number = Decimal(text).scaleb(places)
    except DecimalException as error:
        raise UsageInvalid("number_invalid", places=places) from error
    if not number.is_finite() or number <= 0 or number.adjusted() >= _MOST_DIGITS:
        raise UsageInvalid("number_invalid", places=places)
    if number != number.to_integral_value():
        raise UsageInvalid("number_invalid", places=places)
    return int(number)


def count(text: str) -> int:
    """Return the whole number `text`, above zero; UsageInvalid for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
    if number < 1:
        raise UsageInvalid("count_invalid")
    return number


def column_name(text: str) -> str:
    """Return a column's name as typed; UsageInvalid where no sentence can show it."""
    if not is_clear(text):
        raise UsageInvalid("confirm_name_unclear")
    return text


def add_suite(command: Parser, language: Language) -> None:
    """Let `command` be told the suite of a log."""
    command.add_argument("--suite", choices=_SUITES, default=_SUITES[0], help=say("cli_suite", language))


def moment(text: str) -> int:
    """Return the Unix second of a day's local midnight (YYYY-MM-DD) or of a moment (RFC 3339).

    Raises:
        UsageInvalid: it is neither, or before 1970.
    """
    try:
        date = datetime.fromisoformat(text)
        if len(text) > len("2026-11-22") and date.tzinfo is None:
            raise ValueError("a moment without its offset")
        second = int(date.timestamp())
    except (ValueError, OverflowError, OSError) as error:
        raise UsageInvalid("date_invalid") from error
    if second < 0:
        raise UsageInvalid("date_invalid")
    return second


def shown(second: int) -> str:
    """Return a Unix second in local time with its offset (RFC 3339), as `moment` takes it.

    Where no calendar reaches it, the number itself.
    """
    try:
        return datetime.fromtimestamp(second).astimezone().isoformat()
    except (ValueError, OverflowError, OSError):
        return str(second)


def port(text: str) -> int:
    """Return the TCP port `text`; UsageInvalid for anything that is none."""
    number = count(text)
    if number > _HIGHEST_PORT:
        raise UsageInvalid("port_invalid")
    return number


def address(text: str) -> str:
    """Return `text` if it reads "host:port"; UsageInvalid for anything else."""
    if not _ADDRESS.fullmatch(text):
        raise UsageInvalid("address_invalid")
    host, _, number = text.rpartition(":")
    try:
        IPv6Address(host[1:-1]) if host.startswith("[") else host.encode("idna")
    except ValueError as error:  # what the libraries below would fail on
        raise UsageInvalid("address_invalid") from error
    port(number)
    return text


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; UsageInvalid where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageInvalid("io_failed", path=str(path), reason=system_reason(error)) from error


def require_file(path: Path) -> None:
    """Refuse a path that is no file which can be read: UsageInvalid."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise UsageInvalid("io_failed", path=str(path), reason=system_reason(error)) from error


def require_centre(path: Path) -> None:
    """Refuse to make a new centre, whose orders nobody obeys, out of a mistyped name: UsageInvalid."""
    if not (path / "operator.pem").exists():
        raise UsageInvalid("centre_missing", path=str(path))


def read_text(path: Path) -> str:
    """Return a file's UTF-8 text; UsageInvalid where it cannot be read or is no such text."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:  # it would hold the file's bytes
        raise UsageInvalid("text_invalid", path=str(path)) from None


def read_as(path: Path, parse: Callable[[Json], T]) -> T:
    """Return what `parse` makes of a file's JSON, in any layout.

    Raises:
        UsageInvalid: not readable, no JSON, what no wire type may hold, or a field that is not as it must be.
        VersionOther: another version wrote it.
        WireInvalid: whatever else `parse` refuses it for.
    """
    try:
        data = read_bytes(path)
        require_shallow(data)
        value: Json = json.loads(data)
        dumps(value)
    except (ValueError, RecursionError, WireInvalid) as error:
        raise UsageInvalid("json_invalid", path=str(path)) from error
    try:
        with version_errors(path):
            return parse(value)
    except WireInvalid as error:
        if error.code != "wire_field_invalid":
            raise
        raise UsageInvalid("file_field_invalid", path=str(path), **error.fields) from error


def read_trust(path: Path) -> "Trust":
    """Return the trust file at `path`; UsageInvalid or VersionOther where it is none of ours."""
    from xinqiao_ledger.trust import Trust

    with version_errors(path):
        return Trust.decode(read_bytes(path))


def add_part(command: ArgumentParser, language: Language) -> None:
    """Let a person say which sheet of a workbook, or which table of a database."""
    command.add_argument("--sheet", help=say("cli_sheet", language))
    command.add_argument("--table", help=say("cli_table", language))


def source_of(place: str, options: Namespace) -> "Source":
    """Return where a table lies, with the part that was named for such a source.

    Raises:
        UsageInvalid: a sheet of a database, or a table of a file.
    """
    from xinqiao_clients.sources import Source

    source = Source(place, options.sheet or options.table)
    if (options.table if not source.is_database else options.sheet) is not None:
        raise UsageInvalid("source_part_differs")
    return source


def add_header(command: ArgumentParser, language: Language) -> None:
    """Let a person say whether a table's first row names its columns."""
    either = command.add_mutually_exclusive_group()
    either.add_argument("--header", action="store_true", help=say("cli_header", language))
    either.add_argument("--no-header", action="store_true", help=say("cli_no_header", language))


def deliver(text: str, out: Path | None) -> None:
    """Write `text` as UTF-8 to the file `out`, whole or not at all; without `out` to standard output.

    Raises:
        UsageInvalid: another kind of file is there.
        StoreDamaged: `out` cannot be written.
    """
    data = f"{text}\n".encode()
    if out is None:
        sys.stdout.buffer.write(data)  # a file that others parse: never in the terminal's own encoding
        return
    put(out, data)


def put(out: Path, data: bytes, *, beginning: bytes = b"") -> None:
    """Write `data` to the file `out`, whole or not at all; over another file only where it is of one kind.

    A file is of the same kind if it starts with `beginning`; without that, if it starts as `data` does.

    Raises:
        UsageInvalid: something else is there; it stays as it was.
        StoreDamaged: `out` cannot be written.
    """
    require_room(out, beginning or data[:_SAME])
    with io_errors(out):
        replace_file(out, data)


def require_room(out: Path, beginning: bytes) -> None:
    """Refuse, before anything else is done, a path where there is what does not start with `beginning`.

    An empty file may always be replaced; a link never: what it leads to was not named.

    Raises:
        UsageInvalid: something else is there.
        StoreDamaged: `out` cannot be read.
    """
    with io_errors(out):
        if os.path.lexists(out) and not _starts(out, beginning):
            raise UsageInvalid("out_taken", path=str(out))


def _starts(out: Path, beginning: bytes) -> bool:
    if not stat.S_ISREG(out.lstat().st_mode):
        return False
    with out.open("rb") as file:
        return file.read(len(beginning) or 1) in (b"", beginning)
