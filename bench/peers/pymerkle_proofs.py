"""Proofs of pymerkle a second, at a log's size: run by `make bench-log` in an environment of its own.

    python pymerkle_proofs.py ENTRIES PROOFS

Entries are synthetic, of the size of an event; what is printed is one line of JSON.
"""

import json
import sys
import time

import pymerkle


def main(entries: int, proofs: int) -> None:
    """Make a tree in memory, then make and check proofs spread over it."""
    start = time.perf_counter()
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(entries):
        tree.append_entry(number.to_bytes(830, "big"))
    built = time.perf_counter() - start
    root, indices = tree.get_root(), range(1, entries + 1, entries // proofs)
    start = time.perf_counter()
    made = [tree.prove_inclusion(index) for index in indices]
    making = time.perf_counter() - start
    hashes = [tree.get_leaf(index) for index in indices]
    start = time.perf_counter()
    for hashed, proof in zip(hashes, made, strict=True):
        pymerkle.verify_inclusion(hashed, root, proof)
    checking = time.perf_counter() - start
    figures = {
        "version": pymerkle.__version__,
        "entries": entries,
        "built_s": built,
        "proofs_made_per_s": len(made) / making,
        "proofs_checked_per_s": len(made) / checking,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
