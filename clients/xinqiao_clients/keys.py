"""The node's open keys: one root, from which a key for each purpose is derived, and the keys of the store.

Nothing is ever encrypted under the root itself: HKDF-SHA256 (RFC 5869) derives one key a purpose from it. The
store's key-encryption keys are not derived: each is drawn for one epoch, so that it can be destroyed while
the node keeps its identity. `key_file` says where all of them are kept.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast, final

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF

from xinqiao_governance.errors import StoreDamaged

if TYPE_CHECKING:
    from xinqiao_clients.key_file import KeyFile

KEY_BYTES = 32
EPOCH_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16


@final
class StoreKeys:
    """The key-encryption keys of the store by epoch: one, or two while a rotation is under way.

    The newest seals. Another process may rotate: `refresh` looks what the key file says now.
    """

    __slots__ = ("_epochs", "_reload")

    def __init__(
        self,
        epochs: Mapping[bytes, bytes],
        reload: Callable[[], Mapping[bytes, bytes]] | None = None,
    ) -> None:
        self._epochs = dict(epochs)
        self._reload = reload

    def __repr__(self) -> str:
        return "StoreKeys(…)"

    def __reduce__(self) -> str:
        raise TypeError("keys are never serialised")

    @property
    def epoch(self) -> bytes:
        """Name (8 bytes) of the key that seals."""
        return next(reversed(self._epochs))

    @property
    def epochs(self) -> tuple[bytes, ...]:
        """The names of all that open, oldest first."""
        return tuple(self._epochs)

    def refresh(self) -> None:
        """Take over what another process made of the keys.

        Raises:
            Denied: whoever opened them may open them no more.
            StoreDamaged: the key file is missing or damaged.
        """
        if self._reload is not None:
            self._epochs = dict(self._reload())

    def seal(self, label: str, secret: bytes) -> bytes:
        """Seal `secret` under the newest key; `label` and epoch are bound as associated data.

        Returns epoch (8 bytes), nonce (12), ciphertext, tag (16).
        """
        epoch = self.epoch
        return epoch + seal(self._epochs[epoch], secret, epoch + label.encode())

    def open(self, label: str, blob: bytes) -> bytes:
        """Open what `seal` made under the same label.

        Raises:
            StoreDamaged: its key was destroyed or is another node's, or label or bytes differ.
        """
        epoch = blob[:EPOCH_BYTES]
        if epoch not in self._epochs:
            raise StoreDamaged("key_epoch_gone", label=label)
        try:
            return open_sealed(self._epochs[epoch], blob[EPOCH_BYTES:], epoch + label.encode())
        except ValueError:
            raise StoreDamaged("key_unwrap_failed", label=label) from None


@final
class Keys:
    """The open keys of one node. They live in memory only and show in no representation.

    `store` are the store's; `file` is where they are kept, None for keys that no file holds.
    """

    __slots__ = ("_root", "_store", "file")

    def __init__(self, root: bytes, store: StoreKeys | None = None, file: "KeyFile | None" = None) -> None:
        if len(root) != KEY_BYTES:
            raise ValueError("the root key has 32 bytes")
        self._root = root
        self._store = store
        self.file = file

    @property
    def store(self) -> StoreKeys:
        """The keys of the store."""
        if self._store is None:
            self._store = StoreKeys({bytes(EPOCH_BYTES): self.derive("store")})
        return self._store

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
        return seal(self.derive("wrap"), secret, label.encode())

    def unwrap(self, label: str, blob: bytes) -> bytes:
        """Open what `wrap` sealed under the same label.

        Raises:
            StoreDamaged: other keys, another label or changed bytes; or no bytes, as a book may hold whose
                tables somebody made anew.
        """
        try:
            return open_sealed(self.derive("wrap"), blob, label.encode())
        except (ValueError, TypeError):
            raise StoreDamaged("key_unwrap_failed", label=label) from None

    def derive(self, label: str) -> bytes:
        """Return a 32-byte key for one purpose (HKDF-SHA256, `label` in its info field)."""
        return derive(self._root, b"xinqiao/key/v1/" + label.encode())


def derive(secret: bytes, context: bytes) -> bytes:
    """Return 32 bytes of HKDF-SHA256 without salt."""
    return cast(bytes, HKDF(secret, KEY_BYTES, b"", SHA256, 1, context))


def seal(key: bytes, secret: bytes, associated: bytes) -> bytes:
    """Seal with AES-256-GCM under a random nonce: nonce (12 bytes), ciphertext, tag (16)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    cipher.update(associated)
    ciphertext, tag = cipher.encrypt_and_digest(secret)
    return nonce + ciphertext + tag


def open_sealed(key: bytes, blob: bytes, associated: bytes) -> bytes:
    """Open what `seal` made; ValueError for anything else."""
    cipher = AES.new(key, AES.MODE_GCM, nonce=blob[:NONCE_BYTES])
    cipher.update(associated)
    return cipher.decrypt_and_verify(blob[NONCE_BYTES:-TAG_BYTES], blob[-TAG_BYTES:])
