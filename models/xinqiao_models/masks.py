"""Pairwise masks under the digest of a step statement: they cancel in the sum of all members, and only there.

Each pair of members shares an X25519 secret. Its keystream for one statement is ChaCha20 under HKDF-SHA256 of
that secret with the statement's digest; one of the two adds it, the other subtracts it. Members who were told
different statements derive unrelated keystreams, so their sum stays uniform and nothing opens.
"""

import hmac
from collections.abc import Mapping

import numpy as np
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from numpy.typing import NDArray

from xinqiao_governance.errors import ProtocolViolated

_LABEL = b"xinqiao/mask/v1"
_DIGEST_BYTES = 32
_NO_SALT = bytes(_DIGEST_BYTES)
_WORD_BYTES = 4
# Counter and nonce (RFC 8439, 2.3). Zero is safe: a key serves one keystream, as the info holds statement
# and pair.
_COUNTER_AND_NONCE = bytes(16)


class MaskMaker:
    """One member's masks in one job. `own` is the member's id; ids of all members have the same length.

    It makes one mask for a statement, ever: two vectors under one mask would show their difference. After a
    restart it has forgotten; the durable burn of the step number is the node's.
    """

    def __init__(self, private: X25519PrivateKey, own: bytes) -> None:
        self._private = private
        self._own = own
        self._keys: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()

    def mask(
        self, peers: Mapping[bytes, bytes], statement_digest: bytes, dimension: int
    ) -> NDArray[np.uint32]:
        """Return this member's mask, shape (dimension,), to be added mod 2^32.

        `peers` maps the id of every *other* member of the roster to its X25519 public key, 32 raw bytes.

        Raises:
            ProtocolViolated: no peers, a peer that is this member or has an id of another length, a public
                key that gives no secret, a digest of the wrong length, or a statement masked before.
        """
        self._check(peers, statement_digest)
        keys = {peer: self._key(public) for peer, public in peers.items()}
        self._used.add(statement_digest)
        mask, zeros = np.zeros(dimension, dtype=np.uint32), bytes(_WORD_BYTES * dimension)
        for peer, key in keys.items():
            stream = _keystream(key, statement_digest, sorted((self._own, peer)), zeros)
            (np.add if self._own < peer else np.subtract)(mask, stream, out=mask)
        return mask

    def _check(self, peers: Mapping[bytes, bytes], statement_digest: bytes) -> None:
        if not peers:
            raise ProtocolViolated("mask_without_peers")
        if any(peer == self._own or len(peer) != len(self._own) for peer in peers):
            raise ProtocolViolated("mask_peer_invalid")
        if len(statement_digest) != _DIGEST_BYTES:
            raise ProtocolViolated("mask_statement_invalid")
        if statement_digest in self._used:
            raise ProtocolViolated("mask_statement_used")

    def _key(self, public: bytes) -> bytes:
        """Return what HKDF extracts from the secret shared with the owner of `public` (RFC 5869, 2.2)."""
        if public not in self._keys:
            self._keys[public] = hmac.digest(_NO_SALT, _exchange(self._private, public), "sha256")
        return self._keys[public]


def check_public(public: bytes) -> None:
    """Prove that masks can be made with a member's X25519 public key, 32 raw bytes.

    A key of small order gives every peer the secret zero, so that all of them must refuse the step.

    Raises:
        ProtocolViolated: they cannot.
    """
    _exchange(X25519PrivateKey.generate(), public)


def _exchange(private: X25519PrivateKey, public: bytes) -> bytes:
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:  # not 32 bytes, or a point of small order, whose secret is all zeros
        raise ProtocolViolated("mask_key_invalid") from error


def _keystream(
    extracted: bytes, statement_digest: bytes, pair: list[bytes], zeros: bytes
) -> NDArray[np.uint32]:
    """Return the stream as words; `zeros` is as long as it."""
    info = _LABEL + statement_digest + b"".join(pair)
    key = hmac.digest(extracted, info + b"\x01", "sha256")  # HKDF's first and only block (RFC 5869, 2.3)
    stream = Cipher(ChaCha20(key, _COUNTER_AND_NONCE), mode=None).encryptor().update(zeros)
    return np.frombuffer(stream, dtype="<u4")
