"""Masks cancel over the whole roster, and open nothing otherwise."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from scipy.stats import chi2

from xinqiao_governance.errors import ProtocolViolated
from xinqiao_models.masks import MaskMaker

DIGEST = bytes(range(32))
OTHER = bytes(32)
VECTORS = Path(__file__).parents[2] / "vectors" / "sums_masks.json"


class Roster:
    """Members with keys, each able to make its mask for the whole roster."""

    def __init__(self, size: int) -> None:
        self.keys = {bytes([i]) * 32: X25519PrivateKey.generate() for i in range(size)}
        self.makers = {own: MaskMaker(key, own) for own, key in self.keys.items()}

    def peers(self, own: bytes) -> dict[bytes, bytes]:
        return {peer: key.public_key().public_bytes_raw() for peer, key in self.keys.items() if peer != own}

    def masks(self, digests: Mapping[bytes, bytes], dimension: int) -> list[np.ndarray]:
        return [
            maker.mask(self.peers(own), digests.get(own, DIGEST), dimension)
            for own, maker in self.makers.items()
        ]


def chi_squared_of_bytes(vector: np.ndarray) -> float:
    counts = np.bincount(vector.view(np.uint8), minlength=256)
    expected = counts.sum() / 256
    return float(((counts - expected) ** 2 / expected).sum())


LOOKS_UNIFORM = chi2.isf(1e-8, 255)


@pytest.mark.parametrize("size", [2, 3, 8])
def test_masks_of_all_members_cancel(size: int) -> None:
    masks = Roster(size).masks({}, 100)
    assert not sum(masks[1:], start=masks[0]).any()


def test_one_mask_alone_is_uniform() -> None:
    for mask in Roster(3).masks({}, 50_000):
        assert chi_squared_of_bytes(mask) < LOOKS_UNIFORM


def test_a_missing_member_leaves_noise() -> None:
    masks = Roster(4).masks({}, 50_000)
    partial = sum(masks[2:], start=masks[1])
    assert chi_squared_of_bytes(partial) < LOOKS_UNIFORM


def test_a_member_told_another_statement_leaves_noise() -> None:
    roster = Roster(4)
    masks = roster.masks({next(iter(roster.keys)): OTHER}, 50_000)
    total = sum(masks[1:], start=masks[0])
    assert chi_squared_of_bytes(total) < LOOKS_UNIFORM


def test_masks_of_two_statements_are_unrelated() -> None:
    roster = Roster(2)
    own, maker = next(iter(roster.makers.items()))
    difference = maker.mask(roster.peers(own), DIGEST, 50_000) - maker.mask(roster.peers(own), OTHER, 50_000)
    assert chi_squared_of_bytes(difference) < LOOKS_UNIFORM


def test_golden_vectors() -> None:
    for case in json.loads(VECTORS.read_text()):
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(case["private"]))
        peers = {bytes.fromhex(peer): bytes.fromhex(public) for peer, public in case["peers"].items()}
        maker = MaskMaker(private, bytes.fromhex(case["own"]))
        mask = maker.mask(peers, bytes.fromhex(case["digest"]), len(case["mask"]))
        assert mask.tolist() == case["mask"]


def refusal(maker: MaskMaker, peers: Mapping[bytes, bytes], digest: bytes = DIGEST) -> str:
    with pytest.raises(ProtocolViolated) as refused:
        maker.mask(peers, digest, 4)
    return refused.value.code


def test_hostile_rosters_are_refused() -> None:
    roster = Roster(3)
    own, maker = next(iter(roster.makers.items()))
    good = roster.peers(own)
    assert refusal(maker, {}) == "mask_without_peers"
    assert refusal(maker, {**good, own: next(iter(good.values()))}) == "mask_peer_invalid"
    assert refusal(maker, {b"short": next(iter(good.values()))}) == "mask_peer_invalid"
    assert refusal(maker, {**good, bytes([9]) * 32: bytes(32)}) == "mask_key_invalid"
    assert refusal(maker, {**good, bytes([9]) * 32: (1).to_bytes(32, "little")}) == "mask_key_invalid"
    assert refusal(maker, {**good, bytes([9]) * 32: bytes(31)}) == "mask_key_invalid"
    assert refusal(maker, good, digest=bytes(31)) == "mask_statement_invalid"


def test_a_statement_is_masked_once() -> None:
    roster = Roster(3)
    own, maker = next(iter(roster.makers.items()))
    maker.mask(roster.peers(own), DIGEST, 4)
    assert refusal(maker, roster.peers(own)) == "mask_statement_used"
