"""Write the ledger's golden vectors: `python tests/vectors/ledger_vectors.py`.

Uses no code of the project: RFC 6962 by recursion, notes and signatures straight from the specifications.
"""

import base64
import json
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HERE = Path(__file__).parent
ORIGIN = "log.example/vectors"
SEED = bytes(range(32))
# The leaves of the reference tests of Certificate Transparency.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
SIZES = 65


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def events(count: int) -> list[bytes]:
    """Leaves of one node's journal, in canonical JSON."""
    leaves: list[bytes] = []
    previous = "0" * 64
    for number in range(count):
        event = {
            "v": 1,
            "kind": "confirm",
            "node": "ab" * 32,
            "seq": number + 1,
            "prev": previous,
            "time": 1_800_000_000 + number,
            "actor": "cd" * 8,
            "role": "steward",
            "action": "确认",
        }
        leaf = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        previous = sha256(b"\x00" + leaf).hexdigest()
        leaves.append(leaf)
    return leaves


def checkpoint(leaves: list[bytes]) -> str:
    """A signed note of C2SP tlog-checkpoint."""
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    body = f"{ORIGIN}\n{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n"
    key_id = sha256(ORIGIN.encode() + b"\n\x01" + key.public_key().public_bytes_raw()).digest()[:4]
    signature = base64.b64encode(key_id + key.sign(body.encode())).decode()
    return f"{body}\n— {ORIGIN} {signature}\n"


def vectors() -> dict[str, object]:
    """File name -> content."""
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES]
    journal = events(SIZES - 1)
    return {
        "rfc6962_roots.json": {
            "leaves": LEAVES,
            "roots": [root(leaves[:n]).hex() for n in range(len(leaves) + 1)],
        },
        "checkpoints.json": {
            "origin": ORIGIN,
            "seed": SEED.hex(),
            "leaves": [leaf.decode() for leaf in journal],
            "notes": [checkpoint(journal[:n]) for n in range(SIZES)],
        },
    }


if __name__ == "__main__":
    for name, content in vectors().items():
        (HERE / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
