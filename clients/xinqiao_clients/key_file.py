"""The key file: what a home's keys are, sealed for each steward.

    keys.json   suite, stretching, curve, epoch; one slot a steward; the body, sealed under a file key

Each slot holds the file key, sealed to that steward's public key (ephemeral P-256 Diffie-Hellman, then
HKDF-SHA256, then AES-256-GCM). Every write draws a new file key and seals it for every steward who stays, so
a copy of an old file, or a steward who was taken out, opens no new one. The body holds the root, the store's
keys by epoch and the stewards' names; all that stands in the clear beside it is bound to it as associated
data.

Whoever changes the file holds the home's import lock and its store alone.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import final

from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, generate_private_key

from xinqiao_clients.keys import EPOCH_BYTES, KEY_BYTES, Keys, StoreKeys, derive, open_sealed, seal
from xinqiao_clients.providers import (
    POINT_BYTES,
    SCRYPT_N,
    SCRYPT_P,
    SCRYPT_R,
    Agreement,
    KeyProvider,
    Kind,
    PassphraseProvider,
    Place,
    point_of,
    public_of,
)
from xinqiao_clients.subjects import look_of
from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import Denied, StoreDamaged, UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.parse import (
    fields_of,
    hex_bytes,
    mapping,
    objects,
    text,
    texts,
    versioned_fields,
)
from xinqiao_ledger.files import create_file, io_errors, sync_folder, version_errors, write_synced

FIRST_STEWARD = "steward"
RESTORE = "restore"
_MAX_FILE_BYTES = 1 << 16
_MAX_SLOTS = 50
_SALT_BYTES = 16
_TAG_BYTES = 16
_SEALED_KEY_BYTES = POINT_BYTES + 12 + KEY_BYTES + 16
_KINDS: Mapping[str, Kind] = {"passphrase": "passphrase", "pkcs11": "pkcs11"}

_VERSION = 2
# A file must state exactly these: its header is not obeyed, it is checked.
_HEADER: dict[str, Json] = {
    "v": _VERSION,
    "suite": "aes-256-gcm",
    "curve": "p-256",
    "kdf": {"name": "scrypt", "n": SCRYPT_N, "r": SCRYPT_R, "p": SCRYPT_P},
}


@dataclass(frozen=True)
class _Slot:
    """The file key for one steward.

    `tag` finds the slot by the steward's name, which stands in the body alone; `point` is the public key and
    `place` what finds the private one; `sealed` is the file key.
    """

    kind: Kind
    salt: bytes
    tag: bytes
    point: bytes
    place: Place
    sealed: bytes = b""

    @classmethod
    def make(cls, name: str, provider: KeyProvider) -> "tuple[_Slot, Agreement]":
        point, place, agree = provider.make()
        salt = secrets.token_bytes(_SALT_BYTES)
        return cls(provider.kind, salt, _tag(salt, name), point, place), agree

    def is_of(self, name: str) -> bool:
        return hmac.compare_digest(self.tag, _tag(self.salt, name))

    def sealed_for(self, file_key: bytes) -> "_Slot":
        ephemeral = generate_private_key(SECP256R1())
        sender = point_of(ephemeral.public_key())
        key = _slot_key(ephemeral.exchange(ECDH(), public_of(self.point)), sender, self.point)
        return replace(self, sealed=sender + seal(key, file_key, b""))

    def opened(self, agree: Agreement) -> bytes:
        """Return the file key; ValueError where it was sealed to somebody else."""
        sender = self.sealed[:POINT_BYTES]
        key = _slot_key(agree(sender), sender, self.point)
        return open_sealed(key, self.sealed[POINT_BYTES:], b"")

    def to_json(self) -> dict[str, Json]:
        return {
            "kind": self.kind,
            "salt": self.salt.hex(),
            "tag": self.tag.hex(),
            "point": self.point.hex(),
            "place": dict(self.place),
            "sealed": self.sealed.hex(),
        }

    @classmethod
    def from_json(cls, value: Json) -> "_Slot":
        body = fields_of(value, "kind", "salt", "tag", "point", "place", "sealed")
        if text(body, "kind") not in _KINDS:
            raise WireInvalid("wire_field_invalid", field="kind")
        place = mapping(body["place"])
        return cls(
            kind=_KINDS[text(body, "kind")],
            salt=hex_bytes(body, "salt", length=_SALT_BYTES),
            tag=hex_bytes(body, "tag", length=_TAG_BYTES),
            point=hex_bytes(body, "point", length=POINT_BYTES),
            place={name: text(place, name) for name in place},
            sealed=hex_bytes(body, "sealed", length=_SEALED_KEY_BYTES),
        )


@dataclass(frozen=True)
class Begun:
    """Who began the rotation that is under way (a name), by which action: the journal is to say so."""

    by: str
    action: str


@dataclass(frozen=True)
class _Secrets:
    """What the body holds. Names are in the slots' order, epochs oldest first.

    `begun` is there only while a rotation is, and not where nobody's own act began it.
    """

    root: bytes = field(repr=False)
    epochs: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    names: tuple[str, ...]
    begun: Begun | None = None

    def encode(self) -> bytes:
        epochs: list[Json] = [{"epoch": epoch.hex(), "key": key.hex()} for epoch, key in self.epochs]
        body: dict[str, Json] = {"root": self.root.hex(), "epochs": epochs, "names": list(self.names)}
        if self.begun is not None:
            body["begun"] = {"by": self.begun.by, "action": self.begun.action}
        return dumps(body)

    @classmethod
    def decode(cls, data: bytes) -> "_Secrets":
        body = fields_of({"begun": None, **mapping(loads(data))}, "root", "epochs", "names", "begun")
        begun = None if body["begun"] is None else fields_of(body["begun"], "by", "action")
        return cls(
            root=hex_bytes(body, "root", length=KEY_BYTES),
            epochs=tuple(
                (hex_bytes(epoch, "epoch", length=EPOCH_BYTES), hex_bytes(epoch, "key", length=KEY_BYTES))
                for epoch in objects(body, "epochs")
            ),
            names=texts(body, "names"),
            begun=None if begun is None else Begun(text(begun, "by"), text(begun, "action")),
        )


@dataclass(frozen=True)
class _Written:
    """The file as it stands on the disk: in the clear all but the body."""

    epoch: bytes
    slots: tuple[_Slot, ...]
    sealed: bytes = b""

    @classmethod
    def make(cls, slots: tuple[_Slot, ...], contents: _Secrets) -> "_Written":
        file_key = secrets.token_bytes(KEY_BYTES)
        draft = cls(contents.epochs[-1][0], tuple(slot.sealed_for(file_key) for slot in slots))
        return replace(draft, sealed=seal(file_key, contents.encode(), dumps(draft._clear())))

    def opened(self, file_key: bytes) -> _Secrets:
        """Return the body; ValueError or WireInvalid where anything of the file is not as it was written."""
        contents = _Secrets.decode(open_sealed(file_key, self.sealed, dumps(self._clear())))
        if len(contents.names) != len(self.slots) or not contents.epochs:
            raise WireInvalid("wire_field_invalid", field="names")
        return contents

    def encode(self) -> bytes:
        return dumps({**self._clear(), "sealed": self.sealed.hex()})

    @classmethod
    def read(cls, path: Path) -> "_Written":
        """Read the file. Raises StoreDamaged or VersionOther."""
        with io_errors(path), path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES)
        try:
            with version_errors(path):
                body = versioned_fields(loads(data), _VERSION, *_HEADER, "epoch", "slots", "sealed")
            if any(dumps(body[name]) != dumps(value) for name, value in _HEADER.items()):
                raise WireInvalid("wire_field_invalid", field="kdf")
            return cls(
                epoch=hex_bytes(body, "epoch", length=EPOCH_BYTES),
                slots=tuple(_Slot.from_json(slot) for slot in objects(body, "slots")),
                sealed=hex_bytes(body, "sealed", length=len(text(body, "sealed")) // 2),
            )
        except VersionOther:
            raise
        except WireInvalid as error:
            raise StoreDamaged("key_file_damaged", path=str(path)) from error

    def _clear(self) -> dict[str, Json]:
        return {**_HEADER, "epoch": self.epoch.hex(), "slots": [slot.to_json() for slot in self.slots]}


@dataclass(frozen=True)
class Steward:
    """Somebody who can open the key file, and how."""

    name: str
    kind: Kind


@final
class KeyFile:
    """The open key file (mode 0600) of one home, as one steward opened it."""

    def __init__(self, path: Path, point: bytes, agree: Agreement) -> None:
        self.path = path
        self._point = point
        self._agree = agree
        self._seen: tuple[int, ...] = ()
        self._slots: tuple[_Slot, ...]
        self._secrets: _Secrets
        self.refresh()

    @staticmethod
    def create(path: Path, opener: str | KeyProvider, steward: str = FIRST_STEWARD) -> Keys:
        """Draw new keys, write them sealed for their first steward, and return them open.

        `opener` is a passphrase, or the provider of another private key.

        Raises:
            UsageInvalid: an empty passphrase, or the file exists: a key is never overwritten.
            StoreDamaged: the disk is full or the folder cannot be written.
        """
        slot, agree = _Slot.make(steward, _provider(opener))
        contents = _Secrets(secrets.token_bytes(KEY_BYTES), (_new_epoch(),), (steward,))
        with io_errors(path):
            try:
                create_file(path, _Written.make((slot,), contents).encode())
            except FileExistsError as error:
                raise UsageInvalid("key_file_exists", path=str(path)) from error
        return KeyFile(path, slot.point, agree)._keys()

    @staticmethod
    def open(path: Path, opener: str | KeyProvider, steward: str | None = None) -> Keys:
        """Open the key file at `path` by the slot of `steward`; without a name by whichever fits.

        Raises:
            Denied: no slot of that steward's, or the passphrase or PIN does not open it.
            UsageInvalid: several tokens could be meant: a wrong PIN would bring them closer to being locked.
            NodeUnavailable: the token is not there.
            StoreDamaged: the file is missing, unreadable or not a key file.
            VersionOther: another version wrote it.
        """
        provider = _provider(opener)
        return KeyFile(path, *_opened(path, provider, steward))._keys()

    @property
    def steward(self) -> str:
        """Whose slot opened the file."""
        return self._secrets.names[self._place()]

    @property
    def stewards(self) -> tuple[Steward, ...]:
        """Everybody who can open the file."""
        pairs = zip(self._secrets.names, self._slots, strict=True)
        return tuple(Steward(name, slot.kind) for name, slot in pairs)

    @property
    def rotating(self) -> bool:
        """Whether a rotation was begun and not ended."""
        return len(self._secrets.epochs) > 1

    def refresh(self) -> None:
        """Read the file again if it changed.

        Raises:
            Denied: the steward who opened it was taken out since.
            StoreDamaged: the file is missing or damaged.
        """
        with io_errors(self.path):
            seen = _state(self.path)
        if seen == self._seen:
            return
        written = _Written.read(self.path)
        self._slots = written.slots
        try:
            self._secrets = written.opened(self._slots[self._place()].opened(self._agree))
        except (ValueError, WireInvalid) as error:
            raise StoreDamaged("key_file_damaged", path=str(self.path)) from error
        self._seen = seen

    @property
    def begun(self) -> Begun | None:
        """Who began the rotation that is under way, if the journal is to say so."""
        return self._secrets.begun

    def begin_rotation(self, begun: Begun | None = None, *, without: str | None = None) -> None:
        """Draw a new key for the store, which seals from now on; the one before still opens.

        `begun` is for the journal, whoever ends it. `without` takes a steward out in the same write.

        Raises:
            UsageInvalid: nobody is known by that name, or nobody else could open the file.
            StoreDamaged: the disk fails.
        """
        self.refresh()
        slots, contents = self._slots, self._secrets
        if without is not None:
            slots, contents = self._less(without)
        elif self.rotating:
            return
        if not self.rotating:
            contents = replace(contents, epochs=(*contents.epochs, _new_epoch()), begun=begun)
        self._write(slots, contents)

    @property
    def is_put_back(self) -> bool:
        """Whether this was a copy, and its rotation was not ended yet."""
        return self.begun is not None and self.begun.action == RESTORE

    def put_back(self, path: Path, *, alone: bool) -> None:
        """Become the key file at `path`, where there is none, with a rotation begun.

        A copy that lay outside, whatever keys it has, is not what opens the store for long: whoever is killed
        right after this finds the rotation to be finished. With `alone` nobody opens it but who does this.
        Raises StoreDamaged where the disk fails.
        """
        slots, names, place = self._slots, self._secrets.names, self._place()
        if alone:
            slots, names = slots[place : place + 1], names[place : place + 1]
        self.path = path
        epochs, begun = (*self._secrets.epochs, _new_epoch()), Begun(self.steward, RESTORE)
        self._write(slots, replace(self._secrets, epochs=epochs, names=names, begun=begun))

    def end_rotation(self) -> None:
        """Destroy every key of the store but the newest. Raises StoreDamaged where the disk fails."""
        self._write(self._slots, replace(self._secrets, epochs=self._secrets.epochs[-1:], begun=None))

    def slot_for(self, name: str, opener: str | KeyProvider) -> _Slot:
        """Return a slot for one more steward, to be added. It takes a moment, so let nobody wait for it.

        Raises:
            UsageInvalid: as `add`, or the passphrase is empty.
        """
        self.require_room(name)
        return _Slot.make(name, _provider(opener))[0]

    def add(self, name: str, slot: _Slot) -> None:
        """Let one more steward open the file.

        Raises:
            UsageInvalid: that steward, or one whose name looks the same, can open it already; or it is full.
            StoreDamaged: the disk fails.
        """
        self.require_room(name)
        self._write((*self._slots, slot), replace(self._secrets, names=(*self._secrets.names, name)))

    def require_room(self, name: str) -> None:
        """Refuse what `add` would. Raises UsageInvalid."""
        self.refresh()
        if name in self._secrets.names:
            raise UsageInvalid("steward_known")
        if look_of(name) in map(look_of, self._secrets.names):
            raise UsageInvalid("steward_alike")
        if len(self._slots) == _MAX_SLOTS:
            raise UsageInvalid("stewards_many", most=_MAX_SLOTS)

    def _less(self, name: str) -> tuple[tuple[_Slot, ...], _Secrets]:
        if name not in self._secrets.names:
            raise UsageInvalid("steward_unknown_name")
        if len(self._slots) == 1:
            raise UsageInvalid("steward_last")
        place = self._secrets.names.index(name)
        names = (*self._secrets.names[:place], *self._secrets.names[place + 1 :])
        return (*self._slots[:place], *self._slots[place + 1 :]), replace(self._secrets, names=names)

    def _write(self, slots: tuple[_Slot, ...], contents: _Secrets) -> None:
        written = _Written.make(slots, contents)
        with io_errors(self.path):
            write_key_file(self.path, written.encode())
            self._seen = _state(self.path)
        self._slots, self._secrets = written.slots, contents

    def _place(self) -> int:
        for place, slot in enumerate(self._slots):
            if slot.point == self._point:
                return place
        raise Denied("steward_removed", path=str(self.path))

    def _keys(self) -> Keys:
        return Keys(self._secrets.root, StoreKeys(self._epochs, self._refreshed), self)

    @property
    def _epochs(self) -> Mapping[bytes, bytes]:
        return dict(self._secrets.epochs)

    def _refreshed(self) -> Mapping[bytes, bytes]:
        self.refresh()
        return self._epochs


def write_key_file(path: Path, data: bytes) -> None:
    """Put a key file in the place of another, whole or not at all; raises OSError.

    What a kill leaves has a fixed name, so the next write takes it away: it may hold a key that must go.
    """
    discard_draft(path)
    draft = draft_of(path)
    write_synced(draft, data)
    draft.replace(path)
    sync_folder(path.parent)


def discard_draft(path: Path) -> None:
    """Take away what a killed `write_key_file` left; call it where nobody else writes. Raises OSError."""
    draft_of(path).unlink(missing_ok=True)


def read_epoch(path: Path) -> bytes:
    """Return the name (8 bytes) of the store's newest key, which stands in the clear.

    Raises:
        StoreDamaged: the file is missing, unreadable or not a key file.
        VersionOther: another version wrote it.
    """
    return _Written.read(path).epoch


def read_kinds(path: Path) -> tuple[Kind, ...]:
    """Return by what each steward opens the file; names stand in its body alone. Raises as `read_epoch`."""
    return tuple(slot.kind for slot in _Written.read(path).slots)


def draft_of(path: Path) -> Path:
    """Return where a key file is written before it takes its place; a killed call leaves it, whole."""
    return path.with_name(f"{path.name}.new")


def _provider(opener: str | KeyProvider) -> KeyProvider:
    return PassphraseProvider(opener) if isinstance(opener, str) else opener


def _opened(path: Path, provider: KeyProvider, steward: str | None) -> tuple[bytes, Agreement]:
    """Return the point of the slot that `provider` opens, and what agrees on secrets by it."""
    slots = [slot for slot in _Written.read(path).slots if slot.kind == provider.kind]
    if steward is not None:
        slots = [slot for slot in slots if slot.is_of(steward)]
        if not slots:
            raise Denied("steward_unknown", path=str(path))
    elif provider.kind == "pkcs11" and len(slots) > 1:
        raise UsageInvalid("steward_needed")
    for slot in slots:
        try:
            return slot.point, provider.open(slot.point, slot.place)
        except WireInvalid as error:
            raise StoreDamaged("key_file_damaged", path=str(path)) from error
        except Denied as error:
            if error.code != "passphrase_wrong_slot":
                raise
    raise Denied("passphrase_wrong", path=str(path))


def _new_epoch() -> tuple[bytes, bytes]:
    return secrets.token_bytes(EPOCH_BYTES), secrets.token_bytes(KEY_BYTES)


def _tag(salt: bytes, name: str) -> bytes:
    return sha256(salt + name.encode()).digest()[:_TAG_BYTES]


def _slot_key(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    return derive(shared, b"xinqiao/slot/v1/" + sender + receiver)


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size
