"""A steward whose passphrase was typed once: many copies of one home open without stretching it again."""

from pathlib import Path

from xinqiao_clients.key_file import _Written
from xinqiao_clients.providers import Agreement, Kind, PassphraseProvider, Place


class Remembered:
    """A provider that keeps the private keys of the slots that the passphrase opens in the file at `path`."""

    kind: Kind = "passphrase"

    def __init__(self, path: Path, passphrase: str) -> None:
        provider = PassphraseProvider(passphrase)
        slots = _Written.read(path).slots
        self._agreements = {slot.point: provider.open(slot.point, slot.place) for slot in slots}

    def make(self) -> tuple[bytes, Place, Agreement]:
        raise NotImplementedError

    def open(self, point: bytes, place: Place) -> Agreement:
        return self._agreements[point]
