"""Ed25519 identities: keys in files of their owner, fingerprints, signatures.

A node, the log, a witness and the operator each have one key. The key file is the identity: it is written
once, whole, readable by its owner alone, and never overwritten.
"""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import Certificate, CertificateBuilder

from xinqiao_governance.canonical import digest
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid
from xinqiao_governance.signed import Signable, Signed
from xinqiao_ledger.files import create_file, io_errors, read_private

T = TypeVar("T", bound=Signable)
_DIGEST_BYTES = 32


@lru_cache(maxsize=4_096)
def fingerprint(public: bytes) -> bytes:
    """Name the owner of an Ed25519 public key (32 bytes): 32 bytes."""
    return digest("identity", public)


def grouped(name: bytes) -> str:
    """Return a fingerprint or a key in hex, in groups of four, for people who compare it."""
    return name.hex(" ", 2)


def verify(public: bytes, message: bytes, signature: bytes) -> None:
    """Prove that the owner of `public` (32 bytes) signed `message` (Ed25519, RFC 8032).

    Raises:
        ProofError: it is not so.
    """
    try:
        known = len(message) == _DIGEST_BYTES  # nobody may fill the memory of another with long messages
        (_verify_known if known else _verify)(public, message, signature)
    except (InvalidSignature, ValueError) as error:
        raise ProofError("signature_invalid") from error


@lru_cache(maxsize=4_096)  # keeps what held, never what did not; a statement's job keys come with each step
def _verify_known(public: bytes, message: bytes, signature: bytes) -> None:
    _verify(public, message, signature)


def _verify(public: bytes, message: bytes, signature: bytes) -> None:
    _public(public).verify(signature, message)


@lru_cache(maxsize=4_096)  # reading a key costs more than half of what a check costs
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def check(signed: Signed[T], signer: bytes) -> T:
    """Return the body that the holder of the fingerprint `signer` signed.

    The caller knows `signer` from elsewhere: the key that came with the body counts only if it is that one.

    Raises:
        ProofError: another key, or a signature that does not hold.
    """
    if fingerprint(signed.key) != signer:
        raise ProofError("signer_differs")
    verify(signed.key, signed.body.digest, signed.signature)
    return signed.body


class SigningKey:
    """An Ed25519 private key; its text form shows the fingerprint and nothing else."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.fingerprint = fingerprint(self.public)
        """The owner's name: 32 bytes."""

    def __repr__(self) -> str:
        return f"SigningKey({self.fingerprint.hex()})"

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of `message`: 64 bytes."""
        return self._private.sign(message)

    def certify(self, certificate: CertificateBuilder) -> Certificate:
        """Return an X.509 certificate issued by this key (RFC 8410)."""
        return certificate.sign(self._private, None)

    def seal(self, body: T) -> Signed[T]:
        """Return `body` with this key's signature over its digest."""
        return Signed(body, self.public, self.sign(body.digest))

    @classmethod
    def generate(cls) -> "SigningKey":
        """Return a new key that is in memory only."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def create(cls, path: Path) -> "SigningKey":
        """Make a new key and write it to `path` with mode 0600: whole or not at all.

        Raises:
            UsageInvalid: there is a file already.
            StoreDamaged: the file cannot be written.
        """
        key = cls.generate()
        pem = key._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with io_errors(path):
            try:
                create_file(path, pem)
            except FileExistsError as error:
                raise UsageInvalid("key_file_exists", path=str(path)) from error
        return key

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """Read the key at `path`.

        Raises:
            UsageInvalid: others than the owner may read the file.
            StoreDamaged: the file cannot be read or holds no Ed25519 key.
        """
        try:
            with io_errors(path):
                private = load_pem_private_key(read_private(path), password=None)
        except (ValueError, TypeError) as error:
            raise StoreDamaged("key_file_invalid", path=str(path)) from error
        if not isinstance(private, Ed25519PrivateKey):
            raise StoreDamaged("key_file_invalid", path=str(path))
        return cls(private)

    @classmethod
    def load_or_create(cls, path: Path) -> "SigningKey":
        """Read the key at `path`, or make it where there is none; errors as `load` and `create`."""
        return cls.load(path) if path.exists() else cls.create(path)
