"""SM2 signatures (GM/T 0003.2) and SM3 (GM/T 0004), for logs under China's national cryptography.

SM3 is `cryptography`'s; SM2 is GmSSL's, an optional extra that loads when the first key is used. Signatures
are r and s, 32 bytes each, over the message under the standard's default signer id.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SM3, Hash

from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid
from xinqiao_ledger.files import create_file, io_errors, read_private

if TYPE_CHECKING:
    from types import ModuleType

KEY_BYTES = 64
_PRIVATE_BYTES = 32
_HALF = 32


def sm3(data: bytes) -> bytes:
    """Return the SM3 of `data`: 32 bytes."""
    state = Hash(SM3())
    state.update(data)
    return state.finalize()


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Prove that the owner of `public` (64 bytes: x, y) signed `message`; `signature` has 64 bytes.

    Raises:
        ProofError: it is not so.
        UsageInvalid: GmSSL is not installed.
    """
    gmssl = _gmssl()
    try:
        holds = len(signature) == 2 * _HALF and gmssl.sm2_verify(
            gmssl.normalize_sm2_public_key(public), message, _der(signature)
        )
    except gmssl.GmsslInnerError as error:
        raise ProofError("signature_invalid") from error
    if not holds:
        raise ProofError("signature_invalid")


class Sm2Key:
    """An SM2 key pair; its text form shows nothing."""

    def __init__(self, private: bytes, public: bytes) -> None:
        self._private = private
        self.public = public
        """x and y, 32 bytes each."""

    def __repr__(self) -> str:
        return "Sm2Key(…)"

    def sign(self, message: bytes) -> bytes:
        """Return the signature of `message`: 64 bytes."""
        r, s = decode_dss_signature(_gmssl().sm2_sign(self._private, self.public, message))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")

    def to_bytes(self) -> bytes:
        """Return the pair to be kept where nobody else reads it: private and public key, 96 bytes."""
        return self._private + self.public

    @classmethod
    def from_bytes(cls, pair: bytes) -> "Sm2Key":
        """Return the pair that `to_bytes` gave.

        Raises:
            ProofError: it is none.
            UsageInvalid: GmSSL is not installed.
        """
        gmssl = _gmssl()
        key = cls(pair[:_PRIVATE_BYTES], pair[_PRIVATE_BYTES:])
        try:
            verify(key.public, b"", key.sign(b""))  # the halves belong together
        except gmssl.GmsslInnerError:
            # Not chained: the library's message is about the key's bytes.
            raise ProofError("signature_invalid") from None
        return key

    @classmethod
    def generate(cls) -> "Sm2Key":
        """Return a new pair that is in memory only; UsageInvalid where GmSSL is not installed."""
        public, private = _gmssl().sm2_key_generate()
        return cls(private, public)

    @classmethod
    def create(cls, path: Path) -> "Sm2Key":
        """Make a new pair and write it to `path` with mode 0600: whole or not at all.

        Raises:
            UsageInvalid: there is a file already, or GmSSL is not installed.
            StoreDamaged: the file cannot be written.
        """
        key = cls.generate()
        with io_errors(path):
            try:
                create_file(path, key.to_bytes())
            except FileExistsError as error:
                raise UsageInvalid("key_file_exists", path=str(path)) from error
        return key

    @classmethod
    def load(cls, path: Path) -> "Sm2Key":
        """Read the pair at `path`.

        Raises:
            UsageInvalid: others than the owner may read the file, or GmSSL is not installed.
            StoreDamaged: the file cannot be read or holds no pair.
        """
        with io_errors(path):
            pair = read_private(path)
        try:
            return cls.from_bytes(pair)
        except ProofError as error:
            raise StoreDamaged("key_file_invalid", path=str(path)) from error


def _der(signature: bytes) -> bytes:
    return encode_dss_signature(
        int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    )


def _gmssl() -> "ModuleType":
    try:
        import gmssl_pyx
    except ImportError as error:
        raise UsageInvalid("sm2_missing") from error
    module: ModuleType = gmssl_pyx
    return module
