"""Keccak-256 as Ethereum uses it: Keccak[c=512] with the padding from before FIPS 202, in plain Python.

The standard library has SHA3-256, which pads differently. A block header takes a few milliseconds here.
Source: Bertoni, Daemen, Peeters, Van Assche, "The Keccak reference", version 3.0 (2011).
"""

HASH_BYTES = 32
_RATE_BYTES = 136
_LANE = (1 << 64) - 1


def keccak256(data: bytes) -> bytes:
    """Return the 32 bytes of Keccak-256 of `data`."""
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % _RATE_BYTES))
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE_BYTES):
        for lane in range(_RATE_BYTES // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[: HASH_BYTES // 8])


def _permute(lanes: list[int]) -> list[int]:
    """Apply the 24 rounds of Keccak-f[1600]; lane (x, y) stands at x + 5 y."""
    for constant in _ROUND_CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        spread = [columns[x - 1] ^ _turn(columns[(x + 1) % 5], 1) for x in range(5)]
        moved = [0] * 25
        for at, (target, turn) in enumerate(_MOVES):
            moved[target] = _turn(lanes[at] ^ spread[at % 5], turn)
        lanes = [
            moved[at] ^ (~moved[row + (at + 1) % 5] & moved[row + (at + 2) % 5])
            for row in range(0, 25, 5)
            for at in range(row, row + 5)
        ]
        lanes[0] ^= constant
    return lanes


def _turn(lane: int, by: int) -> int:
    return (lane << by | lane >> (64 - by)) & _LANE


def _moves() -> list[tuple[int, int]]:
    """Return for each lane where it goes and how far it turns (section 2.3: rho and pi)."""
    turns, x, y = {(0, 0): 0}, 1, 0
    for step in range(24):
        turns[x, y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return [(y + 5 * ((2 * x + 3 * y) % 5), turns[x, y]) for y in range(5) for x in range(5)]


def _round_constants() -> list[int]:
    """Return the constants of the 24 rounds, from the reference's shift register (section 2.3: iota)."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            constant |= (register & 1) << ((1 << power) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return constants


_MOVES = _moves()
_ROUND_CONSTANTS = _round_constants()
