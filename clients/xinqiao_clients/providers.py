"""Where a steward's private key is kept: behind a passphrase in the key file, or in a PKCS#11 token.

A slot of the key file is sealed to a steward's public key (P-256), so a new file key can be given to all
without anybody's passphrase; only opening needs the private half. Both providers answer the same question,
the Diffie-Hellman secret with a point (NIST SP 800-56A, 5.7.1.2).
"""

import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol, cast, final

from Crypto.Protocol.KDF import scrypt
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from xinqiao_clients.keys import KEY_BYTES, NONCE_BYTES, TAG_BYTES, open_sealed, seal
from xinqiao_governance.errors import Denied, NodeUnavailable, UsageInvalid, WireInvalid
from xinqiao_governance.parse import hex_bytes

POINT_BYTES = 65
_SALT_BYTES = 16
_KEY_ID_BYTES = 16
_SEALED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES

SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 15, 8, 1  # 32 MiB and about 0.2 s a guess

Kind = Literal["passphrase", "pkcs11"]
Place = Mapping[str, str]
Agreement = Callable[[bytes], bytes]
"""From a point (65 bytes) to the shared secret (32 bytes)."""


class KeyProvider(Protocol):
    """Somebody's private key, wherever it is kept."""

    @property
    def kind(self) -> Kind:
        """Which slots it opens."""

    def make(self) -> tuple[bytes, Place, Agreement]:
        """Make a key pair; return its point (65 bytes), what finds the private half again, and that open.

        Raises:
            UsageInvalid: the passphrase is empty, or the token cannot be used.
        """

    def open(self, point: bytes, place: Place) -> Agreement:
        """Open the private half of `point`.

        Raises:
            Denied: a wrong passphrase or PIN, or another key.
            NodeUnavailable: the token is not there.
            WireInvalid: `place` is not what `make` returned.
        """


@final
class PassphraseProvider:
    """The private key stands in the key file, sealed with AES-256-GCM under scrypt (RFC 7914)."""

    kind: Kind = "passphrase"

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase

    def make(self) -> tuple[bytes, Place, Agreement]:
        """Draw a key pair and seal it. Raises as `KeyProvider.make`."""
        if not self._passphrase.strip():
            raise UsageInvalid("passphrase_empty")
        private = generate_private_key(SECP256R1())
        point, salt = point_of(private.public_key()), secrets.token_bytes(_SALT_BYTES)
        number = private.private_numbers().private_value.to_bytes(KEY_BYTES, "big")
        sealed = seal(_stretch(self._passphrase, salt), number, point)
        return point, {"salt": salt.hex(), "private": sealed.hex()}, _agreement(private)

    def open(self, point: bytes, place: Place) -> Agreement:
        """Open the sealed private key. Raises as `KeyProvider.open`."""
        body = dict(place)
        if body.keys() != {"salt", "private"}:
            raise WireInvalid("wire_field_invalid", field="place")
        salt = hex_bytes(body, "salt", length=_SALT_BYTES)
        sealed = hex_bytes(body, "private", length=_SEALED_BYTES)
        try:
            number = int.from_bytes(open_sealed(_stretch(self._passphrase, salt), sealed, point), "big")
        except ValueError:
            raise Denied("passphrase_wrong_slot") from None
        return _agreement(derive_private_key(number, SECP256R1()))


@final
class TokenProvider:
    """The private key stays in a PKCS#11 token, which makes it there and never gives it away.

    `module` is the vendor's library, `token` the token's label, `pin` its user PIN.
    """

    kind: Kind = "pkcs11"

    def __init__(self, module: Path, pin: str, token: str | None = None) -> None:
        self._module = module
        self._pin = pin
        self._token = token

    def make(self) -> tuple[bytes, Place, Agreement]:
        """Have the token make a key pair. Raises as `KeyProvider.make`."""
        if self._token is None:
            raise UsageInvalid("token_unnamed")
        id_ = secrets.token_bytes(_KEY_ID_BYTES)
        try:
            with self._session(self._token, writing=True) as session:
                point = _new_pair(session, id_)
        except (Denied, NodeUnavailable) as error:
            raise UsageInvalid(error.code, **error.fields) from error
        place = {"token": self._token, "key": id_.hex()}
        return point, place, self.open(point, place)

    def open(self, point: bytes, place: Place) -> Agreement:
        """Return what asks the token anew each time; it is asked once now. Raises as `KeyProvider.open`."""
        body = dict(place)
        if body.keys() != {"token", "key"}:
            raise WireInvalid("wire_field_invalid", field="place")
        token, id_ = body["token"], hex_bytes(body, "key", length=_KEY_ID_BYTES)

        def agree(other: bytes) -> bytes:
            with self._session(token) as session:
                return _agreed(session, id_, other)

        ours = generate_private_key(SECP256R1())
        if agree(point_of(ours.public_key())) != ours.exchange(ECDH(), public_of(point)):
            raise Denied("token_key_differs", token=token)
        return agree

    @contextmanager
    def _session(self, label: str, *, writing: bool = False) -> Iterator[Any]:
        """Open a session as the token's user; what the library complains of becomes ours."""
        try:
            import pkcs11
        except ModuleNotFoundError as error:
            raise UsageInvalid("extra_missing", extra="hsm") from error
        try:
            token = pkcs11.lib(str(self._module)).get_token(token_label=label)
            with token.open(rw=writing, user_pin=self._pin) as session:
                yield session
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked) as error:
            raise Denied("token_pin_wrong", token=label) from error
        except (pkcs11.PKCS11Error, RuntimeError) as error:  # RuntimeError: the library does not load
            raise NodeUnavailable("token_unusable", token=label, reason=type(error).__name__) from error


def _agreement(private: EllipticCurvePrivateKey) -> Agreement:
    return lambda other: private.exchange(ECDH(), public_of(other))


def point_of(public: EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point (65 bytes; SEC 1, 2.3.3)."""
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_of(point: bytes) -> EllipticCurvePublicKey:
    """Return the public key at a point of the curve; WireInvalid for anything else."""
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError as error:
        raise WireInvalid("wire_field_invalid", field="point") from error


def _new_pair(session: Any, id_: bytes) -> bytes:
    from pkcs11 import Attribute, KeyType
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}, local=True
    )
    public, _ = curve.generate_keypair(
        store=True,
        id=id_,
        label="xinqiao",
        private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.DERIVE: True},
    )
    return bytes(public[Attribute.EC_POINT])[-POINT_BYTES:]  # after the header of a DER octet string


def _agreed(session: Any, id_: bytes, point: bytes) -> bytes:
    from pkcs11 import KDF, Attribute, KeyType, ObjectClass

    private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=id_)
    secret = private.derive_key(
        KeyType.GENERIC_SECRET,
        8 * KEY_BYTES,
        mechanism_param=(KDF.NULL, None, point),
        store=False,
        template={Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True},
    )
    return bytes(secret[Attribute.VALUE])


def _stretch(passphrase: str, salt: bytes) -> bytes:
    """Turn a passphrase into a key; two ways to type the same characters give one key (Unicode NFC)."""
    typed = unicodedata.normalize("NFC", passphrase).encode()
    # The stub says text; RFC 7914 and the library take bytes.
    key = scrypt(typed, salt, KEY_BYTES, SCRYPT_N, SCRYPT_R, SCRYPT_P)  # type: ignore[arg-type]
    return cast(bytes, key)
