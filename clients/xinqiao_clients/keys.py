"""The node's keys: one passphrase opens one key file, whose key-encryption key guards everything else.

The file holds a random 32-byte key, sealed with AES-256-GCM under scrypt (RFC 7914) of the passphrase.
Nothing is ever encrypted under that key itself: HKDF-SHA256 (RFC 5869) derives one key a purpose from it.
"""

import secrets
import unicodedata
from pathlib import Path
from typing import cast, final

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF, scrypt

from xinqiao_governance.canonical import Json, dumps, loads
from xinqiao_governance.errors import Denied, StoreDamaged, UsageInvalid, VersionOther, WireInvalid
from xinqiao_governance.parse import hex_bytes, versioned_fields
from xinqiao_ledger.files import create_file, io_errors, version_errors

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SALT_BYTES = 16
_MAX_FILE_BYTES = 4096
_SEALED_BYTES = _NONCE_BYTES + KEY_BYTES + _TAG_BYTES

_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 1 << 15, 8, 1  # 32 MiB and about 0.2 s a guess

_VERSION = 1
# A file must state exactly these: its header is not obeyed, it is checked.
_HEADER: dict[str, Json] = {
    "v": _VERSION,
    "suite": "aes-256-gcm",
    "kdf": {"name": "scrypt", "n": _SCRYPT_N, "r": _SCRYPT_R, "p": _SCRYPT_P},
}


@final
class Keys:
    """The open keys of one node. They live in memory only and show in no representation."""

    __slots__ = ("_root",)

    def __init__(self, root: bytes) -> None:
        if len(root) != KEY_BYTES:
            raise ValueError("the key-encryption key has 32 bytes")
        self._root = root

    @classmethod
    def draw(cls) -> "Keys":
        """Return new keys that no file holds."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def __repr__(self) -> str:
        return "Keys(…)"

    def __reduce__(self) -> str:
        raise TypeError("keys are never serialised")

    def wrap(self, label: str, secret: bytes) -> bytes:
        """Seal `secret` with AES-256-GCM under a random nonce; `label` is bound as associated data.

        Returns nonce (12 bytes), ciphertext, tag (16 bytes).
        """
        return _seal(self.derive("wrap"), secret, label.encode())

    def unwrap(self, label: str, blob: bytes) -> bytes:
        """Open what `wrap` sealed under the same label.

        Raises:
            StoreDamaged: other keys, another label or changed bytes.
        """
        try:
            return _open(self.derive("wrap"), blob, label.encode())
        except ValueError:
            raise StoreDamaged("key_unwrap_failed", label=label) from None

    def derive(self, label: str) -> bytes:
        """Return a 32-byte key for one purpose (HKDF-SHA256, `label` in its info field)."""
        context = b"xinqiao/key/v1/" + label.encode()
        return cast(bytes, HKDF(self._root, KEY_BYTES, b"", SHA256, 1, context))


class KeyFile:
    """The file (mode 0600) that a passphrase opens."""

    @staticmethod
    def create(path: Path, passphrase: str) -> Keys:
        """Draw a new key-encryption key, write it sealed under `passphrase`, and return it open.

        Raises:
            UsageInvalid: an empty passphrase, or the file exists: a key is never overwritten.
            StoreDamaged: the disk is full or the folder cannot be written.
        """
        if not passphrase.strip():
            raise UsageInvalid("passphrase_empty")
        root, salt = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(_SALT_BYTES)
        header = {**_HEADER, "salt": salt.hex()}
        sealed = _seal(_stretch(passphrase, salt), root, dumps(header))
        with io_errors(path):
            try:
                create_file(path, dumps({**header, "sealed": sealed.hex()}))
            except FileExistsError as error:
                raise UsageInvalid("key_file_exists", path=str(path)) from error
        return Keys(root)

    @staticmethod
    def open(path: Path, passphrase: str) -> Keys:
        """Open the key file at `path`.

        Raises:
            Denied: the passphrase does not open it.
            StoreDamaged: the file is missing, unreadable or not a key file.
            VersionOther: another version wrote it.
        """
        with io_errors(path), path.open("rb") as file:
            data = file.read(_MAX_FILE_BYTES)
        salt, sealed = _parse(data, path)
        try:
            root = _open(_stretch(passphrase, salt), sealed, dumps({**_HEADER, "salt": salt.hex()}))
        except ValueError:
            raise Denied("passphrase_wrong", path=str(path)) from None
        return Keys(root)


def _parse(data: bytes, path: Path) -> tuple[bytes, bytes]:
    try:
        with version_errors(path):
            body = versioned_fields(loads(data), _VERSION, *_HEADER, "salt", "sealed")
        if any(dumps(body[name]) != dumps(value) for name, value in _HEADER.items()):
            raise WireInvalid("wire_field_invalid", field="kdf")
        return hex_bytes(body, "salt", length=_SALT_BYTES), hex_bytes(body, "sealed", length=_SEALED_BYTES)
    except VersionOther:
        raise
    except WireInvalid as error:
        raise StoreDamaged("key_file_damaged", path=str(path)) from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    """Turn a passphrase into a key; two ways to type the same characters give one key (Unicode NFC)."""
    typed = unicodedata.normalize("NFC", passphrase).encode()
    # The stub says text; RFC 7914 and the library take bytes.
    key = scrypt(typed, salt, KEY_BYTES, _SCRYPT_N, _SCRYPT_R, _SCRYPT_P)  # type: ignore[arg-type]
    return cast(bytes, key)


def _seal(key: bytes, secret: bytes, associated: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    cipher.update(associated)
    ciphertext, tag = cipher.encrypt_and_digest(secret)
    return nonce + ciphertext + tag


def _open(key: bytes, blob: bytes, associated: bytes) -> bytes:
    """Raise ValueError for anything that is not what `_seal` made."""
    cipher = AES.new(key, AES.MODE_GCM, nonce=blob[:_NONCE_BYTES])
    cipher.update(associated)
    return cipher.decrypt_and_verify(blob[_NONCE_BYTES:-_TAG_BYTES], blob[-_TAG_BYTES:])
