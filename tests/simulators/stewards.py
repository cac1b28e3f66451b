"""Stewards: one whose passphrase was typed once, and those who act on the command line."""

from pathlib import Path

from xinqiao_app.cli import main
from xinqiao_clients.key_file import _Written
from xinqiao_clients.providers import Agreement, Kind, PassphraseProvider, Place


class Remembered:
    """A provider that keeps the private keys of the slots that the passphrase opens in the file at `path`.

    Many copies of one home open without stretching the passphrase again.
    """

    kind: Kind = "passphrase"

    def __init__(self, path: Path, passphrase: str) -> None:
        provider = PassphraseProvider(passphrase)
        slots = _Written.read(path).slots
        self._agreements = {slot.point: provider.open(slot.point, slot.place) for slot in slots}

    def make(self) -> tuple[bytes, Place, Agreement]:
        raise NotImplementedError

    def open(self, point: bytes, place: Place) -> Agreement:
        return self._agreements[point]


def add_steward(name: str) -> None:
    """Let one more steward open the home in `home`, by a passphrase of their own in a file of their name."""
    Path(name).write_text(f"correct horse battery staple of {name}\n")
    opening = ("--home", "home", "--passphrase-file", "passphrase")
    assert main(["keys", "add-steward", name, *opening, "--new-passphrase-file", name]) == 0


def by(name: str) -> tuple[str, ...]:
    """Return the options by which this steward acts."""
    return "--steward", name, "--passphrase-file", name
