import json
from hashlib import sha256
from pathlib import Path

import pytest

from xinqiao_governance.errors import ProofError
from xinqiao_ledger.tree import (
    EMPTY_ROOT,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
    verify_subset,
)

VECTORS = Path(__file__).parents[2] / "vectors"
SIZES = range(65)
LEAVES = [f"leaf {n}".encode() for n in SIZES]


def slow_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = slow_split(len(leaves))
    return sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def slow_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = slow_split(len(leaves))
    if m < k:
        return [*slow_path(m, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(m - k, leaves[k:]), slow_root(leaves[:k])]


def slow_subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962, 2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [slow_root(leaves)]
    k = slow_split(len(leaves))
    if m <= k:
        return [*slow_subproof(m, leaves[:k], whole), slow_root(leaves[k:])]
    return [*slow_subproof(m - k, leaves[k:], False), slow_root(leaves[:k])]


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree(map(leaf_hash, LEAVES))


def test_roots_of_the_reference_leaves_match_the_published_ones() -> None:
    vectors = json.loads((VECTORS / "rfc6962_roots.json").read_text())
    leaves = [bytes.fromhex(leaf) for leaf in vectors["leaves"]]
    tree = Tree(map(leaf_hash, leaves))
    assert [tree.root(size).hex() for size in range(len(leaves) + 1)] == vectors["roots"]


def test_proofs_over_the_reference_leaves_match_the_published_ones() -> None:
    leaves = [
        bytes.fromhex(leaf) for leaf in json.loads((VECTORS / "rfc6962_roots.json").read_text())["leaves"]
    ]
    published = json.loads((VECTORS / "rfc6962_proofs.json").read_text())
    tree = Tree(map(leaf_hash, leaves))
    for of in published["inclusion"]:
        path = tree.inclusion(of["index"], of["size"])
        assert [item.hex() for item in path] == of["path"]
        verify_inclusion(leaves[of["index"]], of["index"], of["size"], tree.root(of["size"]), path)
    for of in published["consistency"]:
        path = tree.consistency(of["old"], of["size"])
        assert [item.hex() for item in path] == of["path"]
        verify_consistency(of["old"], tree.root(of["old"]), of["size"], tree.root(of["size"]), path)


@pytest.mark.parametrize("size", SIZES)
def test_root_of_every_size_matches_the_recursion(tree: Tree, size: int) -> None:
    assert tree.root(size) == slow_root(LEAVES[:size])


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_of_every_leaf(tree: Tree, size: int) -> None:
    for index in range(size):
        path = tree.inclusion(index, size)
        assert path == slow_path(index, LEAVES[:size])
        verify_inclusion(LEAVES[index], index, size, tree.root(size), path)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_from_every_smaller_size(tree: Tree, size: int) -> None:
    for old in range(size + 1):
        path = tree.consistency(old, size)
        assert path == (slow_subproof(old, LEAVES[:size], True) if old else [])
        verify_consistency(old, tree.root(old), size, tree.root(size), path)


@pytest.mark.parametrize("size", range(1, 10))
def test_subset_proofs_of_every_subset(tree: Tree, size: int) -> None:
    for mask in range(1, 1 << size):
        chosen = [n for n in range(size) if mask >> n & 1]
        hashes = tree.prove_subset(chosen, size)
        verify_subset({n: LEAVES[n] for n in chosen}, size, tree.root(size), hashes)


@pytest.mark.parametrize("size", [33, 64])
def test_subset_proof_of_one_leaf_is_its_inclusion_path_in_reading_order(tree: Tree, size: int) -> None:
    for index in range(size):
        hashes = tree.prove_subset([index], size)
        assert sorted(hashes) == sorted(tree.inclusion(index, size))


@pytest.mark.parametrize("size", range(1, 33))
def test_a_proof_holds_for_nothing_else(tree: Tree, size: int) -> None:
    root = tree.root(size)
    for index in range(size):
        path = tree.inclusion(index, size)
        wrong = [
            (b"other", index, size, root, path),
            (LEAVES[index], index, size, EMPTY_ROOT, path),
            (LEAVES[index], index, size, root, [*path, root]),
            (LEAVES[index], index, size, root, [item + b"\0" for item in path] or [b""]),
            (LEAVES[index], size, size, root, path),
            (LEAVES[index], -1, size, root, path),
        ]
        wrong += [(LEAVES[index], other, size, root, path) for other in range(size) if other != index]
        wrong += [(LEAVES[index], index, size, root, path[:-1])] if path else []
        for case in wrong:
            with pytest.raises(ProofError):
                verify_inclusion(*case)


@pytest.mark.parametrize("size", range(1, 33))
def test_a_consistency_proof_holds_for_nothing_else(tree: Tree, size: int) -> None:
    root = tree.root(size)
    for old in range(size + 1):
        path, old_root = tree.consistency(old, size), tree.root(old)
        wrong = [
            (old, b"\1" * 32, size, root, path),
            (old, old_root, size, root, [*path, root]),
            (size + 1, old_root, size, root, path),
            (-1, old_root, size, root, path),
        ]
        # from the empty tree any root is consistent: there the proof says nothing, and must be empty
        wrong += [(old, old_root, size, b"\1" * 32, path)] if old else []
        wrong += [(old, old_root, size, root, path[:-1]), (old, old_root, size, root, [])] if path else []
        wrong += [(old, old_root, size, root, [b"\1" * 32, *path[1:]])] if path else []
        for case in wrong:
            with pytest.raises(ProofError):
                verify_consistency(*case)


def test_a_subset_proof_holds_for_nothing_else(tree: Tree) -> None:
    root, chosen = tree.root(21), [0, 3, 4, 20]
    hashes = tree.prove_subset(chosen, 21)
    leaves = {n: LEAVES[n] for n in chosen}
    wrong = [
        ({**leaves, 3: b"other"}, 21, root, hashes),
        ({n: LEAVES[n] for n in [0, 3, 5, 20]}, 21, root, hashes),
        ({n: LEAVES[n] for n in [0, 3, 4]}, 21, root, hashes),
        (leaves, 20, root, hashes),
        (leaves, 22, root, hashes),
        (leaves, 21, root, [*hashes, root]),
        (leaves, 21, root, hashes[:-1]),
        (leaves, 21, root, hashes[::-1]),
        (leaves, 21, root, [*hashes[:-1], b"short"]),
        ({**leaves, -1: b""}, 21, root, hashes),
        ({}, 21, root, [root]),
        ({}, 0, EMPTY_ROOT, []),
    ]
    for case in wrong:
        with pytest.raises(ProofError):
            verify_subset(*case)


def test_a_path_that_climbs_above_the_root_is_refused(tree: Tree) -> None:
    """Hashes past the top would prove a tree of another size."""
    with pytest.raises(ProofError):
        verify_inclusion(LEAVES[1], 0, 1, tree.root(2), [leaf_hash(LEAVES[0])])
    above = bytes(32)
    old_root, root = node_hash(above, tree.root(3)), node_hash(above, tree.root(4))
    with pytest.raises(ProofError):
        verify_consistency(3, old_root, 4, root, [*tree.consistency(3, 4), above])


def test_an_inner_node_is_not_a_leaf(tree: Tree) -> None:
    pair = leaf_hash(LEAVES[0]) + leaf_hash(LEAVES[1])
    with pytest.raises(ProofError):
        verify_inclusion(pair, 0, 1, tree.root(2), [])


def test_what_the_tree_does_not_hold_is_refused(tree: Tree) -> None:
    asks = [
        lambda: tree.root(66),
        lambda: tree.root(-1),
        lambda: tree.inclusion(5, 5),
        lambda: tree.inclusion(0, 66),
        lambda: tree.inclusion(-2, 5),
        lambda: tree.consistency(6, 5),
        lambda: tree.consistency(-1, 5),
        lambda: tree.prove_subset([], 5),
        lambda: tree.prove_subset([5], 5),
        lambda: tree.prove_subset([-1], 5),
    ]
    for ask in asks:
        with pytest.raises(ProofError):
            ask()
