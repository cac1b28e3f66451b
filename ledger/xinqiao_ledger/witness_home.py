"""A witness's own folder: its key, whose log it watches, and what it cosigned last.

The folder and every file in it are their owner's alone. A witness whose state is gone does not start afresh:
it would cosign a second history.
"""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xinqiao_governance.canonical import Json, require_shallow
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.parse import fields_of, note_key, text, versioned_fields
from xinqiao_ledger.checkpoint import is_key_name
from xinqiao_ledger.files import create_file, io_errors, read_private, temporary_beside, version_errors
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.witness import Witness

_SETTINGS, _KEY, _STATE = "witness.json", "witness.pem", "witness.sqlite"


@dataclass(frozen=True)
class WitnessSettings:
    """The witness's name, who keeps it, and the log that it watches: origin and key of its checkpoints.

    Raises:
        UsageInvalid: a name that cannot name a key in a note.
    """

    name: str
    who: str
    log_origin: str
    log_key: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise UsageInvalid("witness_name_invalid")

    def to_json(self) -> dict[str, Json]:
        """Return the file's content."""
        log: Json = {"origin": self.log_origin, "key": self.log_key.hex()}
        return {"v": 1, "name": self.name, "who": self.who, "log": log}

    @classmethod
    def from_json(cls, value: Json) -> "WitnessSettings":
        """Parse the file's content; WireInvalid where it is none."""
        body = versioned_fields(value, 1, "v", "name", "who", "log")
        log = fields_of(body["log"], "origin", "key")
        return cls(text(body, "name"), text(body, "who"), text(log, "origin"), note_key(log, "key"))


def create_witness(path: Path, settings: WitnessSettings) -> bytes:
    """Make a witness's folder at `path`, whole or not at all; return its public key: 32 bytes.

    Raises:
        UsageInvalid: there is something already.
        StoreDamaged: it cannot be written.
    """
    with io_errors(path):
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise UsageInvalid("witness_home_exists", path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = temporary_beside(path.absolute())
        try:
            draft.mkdir(mode=0o700)
            key = SigningKey.create(draft / _KEY)
            written = json.dumps(settings.to_json(), ensure_ascii=False, indent=1)
            create_file(draft / _SETTINGS, f"{written}\n".encode())
            create_file(draft / _STATE, b"")  # SQLite's own files beside it take its mode
            _witness(draft, key, settings, time.time).close()
            draft.rename(path)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return key.public


def read_settings(path: Path) -> WitnessSettings:
    """Read the settings of the witness at `path`.

    Raises:
        UsageInvalid: there is no witness, or others than its owner may read the file.
        VersionOther: another version wrote it.
        StoreDamaged: the file is damaged.
    """
    file = path / _SETTINGS
    if not file.exists():
        raise UsageInvalid("witness_home_missing", path=str(path))
    with io_errors(file):
        data = read_private(file)
    try:
        with version_errors(file):
            require_shallow(data)
            return WitnessSettings.from_json(json.loads(data))
    except VersionOther:
        raise
    except (ValueError, WireInvalid) as error:
        raise StoreDamaged("witness_state_damaged") from error


def open_witness(path: Path, clock: Callable[[], float] = time.time) -> Witness:
    """Open the witness at `path`; `clock` gives Unix seconds.

    Raises:
        UsageInvalid: there is no witness, or others than its owner may read its files.
        StoreDamaged: a file is damaged, or what it cosigned is gone.
    """
    settings = read_settings(path)
    state = path / _STATE
    if not state.exists():
        raise StoreDamaged("witness_state_lost", path=str(state))
    with io_errors(state):
        if (state.stat().st_mode | path.stat().st_mode) & 0o077:
            raise UsageInvalid("witness_home_readable", path=str(path))
    return _witness(path, SigningKey.load(path / _KEY), settings, clock)


def load_key(path: Path) -> SigningKey:
    """Return the key of the witness at `path`; errors as `SigningKey.load`."""
    return SigningKey.load(path / _KEY)


def _witness(path: Path, key: SigningKey, settings: WitnessSettings, clock: Callable[[], float]) -> Witness:
    log_key, origin = settings.log_key, settings.log_origin
    return Witness(path / _STATE, key, log_key, origin, name=settings.name, clock=clock)
