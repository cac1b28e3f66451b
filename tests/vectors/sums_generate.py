"""Write the golden vectors of masks, from the specification and another library's cipher.

Run: python tests/vectors/sums_generate.py
"""

import hashlib
import hmac
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

DIMENSION = 5
MODULUS = 1 << 32


def hkdf(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt, one block."""
    key = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()


def keystream(key: bytes, words: int) -> list[int]:
    stream = Cipher(ChaCha20(key, bytes(16)), mode=None).encryptor().update(bytes(4 * words))
    return [int.from_bytes(stream[4 * i : 4 * i + 4], "little") for i in range(words)]


def case(own: int, size: int, digest: bytes) -> dict[str, object]:
    ids = [bytes([member + 1]) * 32 for member in range(size)]
    keys = [X25519PrivateKey.from_private_bytes(hashlib.sha256(name).digest()) for name in ids]
    publics = [key.public_key().public_bytes_raw() for key in keys]
    mask = [0] * DIMENSION
    for peer in (member for member in range(size) if member != own):
        secret = keys[own].exchange(X25519PublicKey.from_public_bytes(publics[peer]))
        info = b"xinqiao/mask/v1" + digest + min(ids[own], ids[peer]) + max(ids[own], ids[peer])
        sign = 1 if ids[own] < ids[peer] else -1
        stream = keystream(hkdf(secret, info), DIMENSION)
        mask = [(value + sign * word) % MODULUS for value, word in zip(mask, stream, strict=True)]
    return {
        "private": hashlib.sha256(ids[own]).hexdigest(),
        "own": ids[own].hex(),
        "peers": {ids[peer].hex(): publics[peer].hex() for peer in range(size) if peer != own},
        "digest": digest.hex(),
        "mask": mask,
    }


if __name__ == "__main__":
    digests = (bytes(32), hashlib.sha256(b"a statement").digest())
    cases = [case(own, 3, digest) for digest in digests for own in range(3)]
    Path(__file__).with_name("sums_masks.json").write_text(json.dumps(cases, indent=1) + "\n")
