"""TLS of the centre: the operator's own key is the authority that departments pin; no other is trusted.

A department learns the authority's certificate from the centre's card and compares the operator's fingerprint
in person, so nobody else can stand in for the SuperLink. Certificates follow RFC 5280, Ed25519 in them RFC
8410. The SuperLink's own key is new at every start.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from xinqiao_ledger.signing import SigningKey

_LOCAL = ("localhost", "127.0.0.1", "::1")
_BEFORE = timedelta(days=1)  # clocks that are a little apart
_AUTHORITY_FROM, _AUTHORITY_UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2126, 1, 1, tzinfo=UTC)
_SERVER_VALID = timedelta(days=397)
_AUTHORITY_NAME, _SERVER_NAME = "Xinqiao centre", "Xinqiao SuperLink"


@dataclass(frozen=True)
class ServerFiles:
    """What a TLS server is started with: PEM files; `key` is readable by its owner alone."""

    authority: Path
    certificate: Path
    key: Path


def authority_pem(operator: SigningKey) -> str:
    """Return the authority's self-signed certificate: always the same bytes for the same key."""
    key = Ed25519PublicKey.from_public_bytes(operator.public)
    certificate = (
        _builder(_AUTHORITY_NAME, key, _AUTHORITY_FROM, _AUTHORITY_UNTIL)
        .serial_number(1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
    )
    return operator.certify(certificate).public_bytes(Encoding.PEM).decode("ascii")


def is_authority_of(operator: bytes, pem: str) -> bool:
    """Say whether `pem` is one certificate, nothing else, that the holder of `operator` made of himself."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature):  # no certificate, or another's
        return False
    key = certificate.public_key()
    alone = certificate.public_bytes(Encoding.PEM).decode("ascii") == pem
    return alone and isinstance(key, Ed25519PublicKey) and key.public_bytes_raw() == operator


def is_transport_key(pem: str) -> bool:
    """Say whether `pem` is a public key such as Flower knows nodes by: P-384."""
    try:
        key = load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1)


def issue(operator: SigningKey, folder: Path, names: Sequence[str], now: datetime) -> ServerFiles:
    """Write a new key and certificate for `names` (host names, addresses) and this machine's own to `folder`.

    Raises:
        OSError: the files cannot be written.
        ValueError: a name that no certificate can hold.
    """
    key = generate_private_key(SECP256R1())
    certificate = operator.certify(
        _builder(_SERVER_NAME, key.public_key(), now - _BEFORE, now + _SERVER_VALID)
        .serial_number(x509.random_serial_number())
        .add_extension(
            x509.SubjectAlternativeName([_name(name) for name in (*_LOCAL, *names)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_authority_id(operator), critical=False)
    )
    files = ServerFiles(folder / "authority.pem", folder / "superlink.pem", folder / "superlink.key")
    files.authority.write_text(authority_pem(operator), "ascii")
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    files.key.touch(mode=0o600)
    files.key.chmod(0o600)
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def _builder(
    name: str, key: CertificateIssuerPublicKeyTypes, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_distinguished(name))
        .issuer_name(_distinguished(_AUTHORITY_NAME))
        .public_key(key)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _distinguished(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _authority_id(operator: SigningKey) -> x509.AuthorityKeyIdentifier:
    key = Ed25519PublicKey.from_public_bytes(operator.public)
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key)


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
