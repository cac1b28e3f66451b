"""The Merkle tree of RFC 6962 and RFC 9162: a growing tree, and proofs that need no tree.

The caller brings index, size and root from a checkpoint it trusts; a proof brings hashes and nothing else.
Verification raises or returns nothing. The hash is SHA-256 unless a log's suite says otherwise.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from xinqiao_governance.errors import ProofError

HASH_BYTES = 32

Hash: TypeAlias = Callable[[bytes], bytes]
"""From any bytes to `HASH_BYTES`."""


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 of `data`: 32 bytes."""
    return hashlib.sha256(data).digest()


EMPTY_ROOT = sha256(b"")
_NODE = b"\x01"


def leaf_hash(leaf: bytes, hasher: Hash = sha256) -> bytes:
    """Hash of a leaf's bytes (RFC 9162, 2.1.1): 32 bytes."""
    return hasher(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes, hasher: Hash = sha256) -> bytes:
    """Hash of an inner node (RFC 9162, 2.1.1): 32 bytes. The prefix keeps nodes and leaves apart."""
    return hasher(_NODE + left + right)


class Tree:
    """A growing tree; keeps the hash of each complete subtree: 64 bytes a leaf."""

    def __init__(self, hashes: Iterable[bytes] = (), hasher: Hash = sha256) -> None:
        self._hasher = hasher
        self._levels = [bytearray()]  # level l, position p: the subtree over leaves [p * 2^l, (p + 1) * 2^l)
        self.extend(hashes)

    def __len__(self) -> int:
        return len(self._levels[0]) // HASH_BYTES

    def append(self, hashed_leaf: bytes) -> int:
        """Add a leaf by its hash (32 bytes) and return its index."""
        index = position = len(self)
        node = hashed_leaf
        self._levels[0] += node
        level = 0
        while position & 1:
            node = node_hash(self._complete(level, position - 1), node, self._hasher)
            level, position = level + 1, position >> 1
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += node
        return index

    def extend(self, hashed_leaves: Iterable[bytes]) -> None:
        """Add many leaves by their hashes (32 bytes each): faster than one by one."""
        self._levels[0] += b"".join(hashed_leaves)
        level, pair, hasher = 0, 2 * HASH_BYTES, self._hasher
        while len(self._levels[level]) >= pair:
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            below, above = self._levels[level], self._levels[level + 1]
            first = 2 * len(above)
            pairs = range(first, len(below) - pair + 1, pair)
            above += b"".join([hasher(_NODE + below[at : at + pair]) for at in pairs])
            level += 1

    def leaf(self, index: int) -> bytes:
        """Hash of one leaf: 32 bytes; ProofError where there is none."""
        if not 0 <= index < len(self):
            raise ProofError("proof_out_of_range", size=len(self))
        return self._complete(0, index)

    def root(self, size: int | None = None) -> bytes:
        """Root over the first `size` leaves (all, if none is given): 32 bytes.

        Raises:
            ProofError: the tree has fewer leaves.
        """
        size = len(self) if size is None else size
        self._reach(0, size)
        return self._subtree(0, size) if size else self._hasher(b"")

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Path from leaf `index` to the root over `size` leaves, lowest first (RFC 9162, 2.1.3.1).

        Raises:
            ProofError: the tree has no such leaf or size.
        """
        self._reach(index + 1, size)
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Proof that the tree of `size` leaves extends the one of `old` (RFC 9162, 2.1.4.1).

        Empty where `old` is 0 or `size`.

        Raises:
            ProofError: the tree has no such sizes.
        """
        self._reach(old, size)
        if old == 0:
            return []
        path: list[bytes] = []
        start, end = 0, size
        while end != old:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._subtree(middle, end))
                end = middle
            else:
                path.append(self._subtree(start, middle))
                start = middle
        if start:  # a left part that is the whole old tree is known to the verifier already
            path.append(self._subtree(start, end))
        return path[::-1]

    def prove_subset(self, indices: Iterable[int], size: int) -> list[bytes]:
        """One proof for many leaves: roots of the largest subtrees that hold none of them, left to right.

        Raises:
            ProofError: no index at all, or the tree has no such leaf or size.
        """
        wanted = sorted(set(indices))
        if not wanted or wanted[0] < 0:
            raise ProofError("proof_subset_failed")
        self._reach(wanted[-1] + 1, size)
        return [self._subtree(start, end) for start, end in _gaps(wanted, 0, size)]

    def _reach(self, least: int, size: int) -> None:
        if not 0 <= least <= size <= len(self):
            raise ProofError("proof_out_of_range", size=len(self))

    def _complete(self, level: int, position: int) -> bytes:
        return bytes(self._levels[level][position * HASH_BYTES : (position + 1) * HASH_BYTES])

    def _subtree(self, start: int, end: int) -> bytes:
        size = end - start
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self._complete(level, start >> level)
        middle = start + _split(size)
        return node_hash(self._subtree(start, middle), self._subtree(middle, end), self._hasher)


def verify_inclusion(
    leaf: bytes, index: int, size: int, root: bytes, path: Sequence[bytes], hasher: Hash = sha256
) -> None:
    """Prove that the bytes `leaf` sit at `index` in the tree of `size` leaves (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: wrong length or wrong root.
    """
    _expect(0 <= index < size and _are_hashes(path), "proof_inclusion_failed")
    position, last = index, size - 1
    node = leaf_hash(leaf, hasher)
    for sibling in path:  # without calls of our own: an auditor checks very many
        if not last:
            raise ProofError("proof_inclusion_failed")
        if position & 1:
            node = hasher(_NODE + sibling + node)
        elif position == last:
            node = hasher(_NODE + sibling + node)
            position, last = _skip_single(position, last)
        else:
            node = hasher(_NODE + node + sibling)
        position >>= 1
        last >>= 1
    _expect(last == 0 and node == root, "proof_inclusion_failed")


def verify_consistency(
    old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes], hasher: Hash = sha256
) -> None:
    """Prove that the tree (`size`, `root`) extends the tree (`old`, `old_root`) (RFC 9162, 2.1.4.2).

    Any tree extends the empty one, whose root is the hash of nothing.

    Raises:
        ProofError: it does not, or the proof has the wrong length.
    """
    _expect(0 <= old <= size and _are_hashes(path), "proof_consistency_failed")
    if old in (0, size):
        known = hasher(b"") if old == 0 else root
        _expect(not path and old_root == known, "proof_consistency_failed")
        return
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    _expect(bool(hashes), "proof_consistency_failed")
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_node = node = hashes[0]
    for sibling in hashes[1:]:
        _expect(last > 0, "proof_consistency_failed")
        if position & 1 or position == last:
            old_node, node = node_hash(sibling, old_node, hasher), node_hash(sibling, node, hasher)
            position, last = _skip_single(position, last)
        else:
            node = node_hash(node, sibling, hasher)
        position, last = position >> 1, last >> 1
    _expect(last == 0 and (old_node, node) == (old_root, root), "proof_consistency_failed")


def verify_subset(
    leaves: Mapping[int, bytes], size: int, root: bytes, hashes: Sequence[bytes], hasher: Hash = sha256
) -> None:
    """Prove that each of `leaves` (index -> bytes) stands in the tree (`size`, `root`).

    Raises:
        ProofError: one does not, an index is out of range, there is no leaf, or a hash is left over.
    """
    wanted = sorted(leaves)
    inside = bool(wanted) and wanted[0] >= 0 and wanted[-1] < size
    _expect(inside and _are_hashes(hashes), "proof_subset_failed")
    given = iter(hashes)
    computed = _subset_root(leaves, wanted, (0, size), given, hasher)
    _expect(computed == root and next(given, None) is None, "proof_subset_failed")


def _subset_root(
    leaves: Mapping[int, bytes],
    wanted: Sequence[int],
    span: tuple[int, int],
    given: Iterator[bytes],
    hasher: Hash,
) -> bytes:
    start, end = span
    if not _holds(wanted, start, end):
        node = next(given, None)
        if node is None:
            raise ProofError("proof_subset_failed")
        return node
    if end - start == 1:
        return leaf_hash(leaves[start], hasher)
    middle = start + _split(end - start)
    left = _subset_root(leaves, wanted, (start, middle), given, hasher)
    return node_hash(left, _subset_root(leaves, wanted, (middle, end), given, hasher), hasher)


def _gaps(wanted: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the largest spans, as RFC 6962 splits them, that hold no wanted index."""
    if not _holds(wanted, start, end):
        yield start, end
    elif end - start > 1:
        middle = start + _split(end - start)
        yield from _gaps(wanted, start, middle)
        yield from _gaps(wanted, middle, end)


def _holds(wanted: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(wanted, start)
    return at < len(wanted) and wanted[at] < end


def _split(size: int) -> int:
    """Largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _skip_single(position: int, last: int) -> tuple[int, int]:
    """Climb over levels where the rightmost node has no sibling and is carried up unchanged."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _are_hashes(path: Sequence[bytes]) -> bool:
    return set(map(len, path)) <= {HASH_BYTES}


def _expect(holds: bool, code: str) -> None:
    if not holds:
        raise ProofError(code)
