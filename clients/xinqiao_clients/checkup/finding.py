"""What a look at a department finds, and with what the look is made."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from xinqiao_clients.book import Book
from xinqiao_clients.checkup.machine import Machine
from xinqiao_clients.home import Home
from xinqiao_clients.providers import Kind
from xinqiao_clients.register import Backup, Register
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import Field, UsageInvalid

Severity = Literal["unsafe", "to_do", "fine"]


@dataclass(frozen=True)
class Finding:
    """One thing that a steward should know.

    Attributes:
        code: its sentence is "checkup_<code>", and what to do "checkup_<code>_do".
        severity: unsafe, to be done, or a part in which nothing was found.
        fields: names, paths, counts; `when` is a time (Unix seconds), `day` a day since 1970-01-01, `why`
            the code of another sentence.
        commands: what to type, in this order; words in capitals are to be filled in.
    """

    code: str
    severity: Severity
    fields: Mapping[str, Field] = field(default_factory=dict)
    commands: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return plain data."""
        return {
            "code": self.code,
            "severity": self.severity,
            "fields": dict(self.fields),
            "commands": list(self.commands),
        }


@dataclass(frozen=True)
class Look:
    """A look at the home at `path`, at the time `now` (Unix seconds).

    What could not be read, or was not opened, is None: the `key_file` as it stands, its `slots` and `epoch`,
    the `register` of backups, the `book`, the open `home`.
    """

    path: Path
    machine: Machine
    now: int
    key_file: bytes | None = None
    slots: tuple[Kind, ...] | None = None
    epoch: bytes | None = None
    register: Register | None = None
    book: Book | None = None
    home: Home | None = None

    @property
    def open_book(self) -> Book:
        """The book; UsageInvalid where a part asks for it that may not."""
        if self.book is None:
            raise UsageInvalid("home_missing", path=str(self.path))
        return self.book

    @property
    def open_home(self) -> Home:
        """The open home; UsageInvalid where a part asks for it that may not."""
        if self.home is None:
            raise UsageInvalid("home_missing", path=str(self.path))
        return self.home

    @property
    def backups(self) -> tuple[Backup, ...]:
        """The backups that the register names, as far as it could be read."""
        return () if self.register is None else self.register.backups

    def command(self, name: str, *words: object) -> str:
        """Return a command of ours on this home, as it must be typed."""
        return typed("xinqiao", *name.split(), "--home", self.path, *words)


def typed(*words: object) -> str:
    """Return a command line of these words."""
    return shlex.join(str(word) for word in words)
