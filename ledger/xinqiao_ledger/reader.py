"""Reading a log that nobody has to trust: each entry is compared with the tree before it is believed.

The tree is built from the hashes that stand beside the entries and compared with the log's last checkpoint.
What is shown is in it. That a filter shows all there is rests on the columns beside the leaves: `fsck` checks
these. Nothing is written and no private key is needed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import StoreDamaged
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.database import Row, Value, open_database
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.suite import SHA256_ED25519, Suite, suite_of
from xinqiao_ledger.tree import HASH_BYTES, Tree, leaf_hash

_ROWS = 2_000
_HASHES = 50_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events: each field that is given must fit. `since` and `until` (excluded) are Unix seconds."""

    job: str | None = None
    node: str | None = None
    kinds: Sequence[Kind] = ()
    dataset: str | None = None
    purpose: str | None = None
    decision: str | None = None
    since: int | None = None
    until: int | None = None

    def texts(self) -> tuple[bytes, ...]:
        """Return what the leaf of an event that fits must hold.

        Nothing else can hold it: canonical JSON has one spelling, and inside a text a quote is escaped.
        """
        fields: Mapping[str, str | None] = {
            "dataset": self.dataset,
            "purpose": self.purpose,
            "decision": self.decision,
        }
        return tuple(dumps(name) + b":" + dumps(value) for name, value in fields.items() if value is not None)


class Reader:
    """The log in a file or at a PostgreSQL URL, as it is now; `origin` and `log_key` if known.

    `suite` is the log's; a `log_key` declares its own.

    Raises:
        StoreDamaged: the entries do not match the last checkpoint, or another log signed it.
        NodeUnavailable: there is no such database, or it cannot be read.
    """

    def __init__(
        self,
        where: Path | str,
        *,
        origin: str | None = None,
        log_key: bytes | None = None,
        suite: Suite = SHA256_ED25519,
    ) -> None:
        self._database = open_database(where, "")
        self.suite = suite if log_key is None else suite_of(log_key)
        self._tree = Tree(hasher=self.suite.hasher)
        try:
            self._read_tree()
            self._check_last_checkpoint(origin, log_key)
        except BaseException:
            self.close()
            raise

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self._tree)

    def find(
        self, wanted: Wanted, *, limit: int | None = None, newest_first: bool = False
    ) -> Iterator[tuple[int, Event]]:
        """Yield (index, event) of what fits, at most `limit`; a page at a time is in memory.

        Raises:
            StoreDamaged: an entry is not the one that stands in the tree.
        """
        return islice(self._matching(wanted, newest_first), limit)

    def nodes(self, first: bytes, last: bytes) -> list[str]:
        """Return the writers (fingerprint in hex) between `first` and `last`, both included."""
        return self._digests("node", first, last)

    def jobs(self, first: bytes, last: bytes) -> list[str]:
        """Return the jobs (order's digest in hex) between `first` and `last`, both included."""
        return self._digests("job", first, last)

    def close(self) -> None:
        """Close the store."""
        self._database.close()

    def _digests(self, column: str, first: bytes, last: bytes) -> list[str]:
        query = f"SELECT DISTINCT {column} FROM entry WHERE {column} BETWEEN ? AND ?"  # noqa: S608  # our names
        return [item.hex() for (item,) in self._database.run(query, first, last) if isinstance(item, bytes)]

    def _matching(self, wanted: Wanted, newest_first: bool) -> Iterator[tuple[int, Event]]:
        texts = wanted.texts()
        for index, leaf in self._leaves(wanted, newest_first):
            if leaf_hash(leaf, self.suite.hasher) != self._tree.leaf(index):
                raise StoreDamaged("log_entry_damaged")
            if all(text in leaf for text in texts):
                yield index, Event.decode(leaf)

    def _leaves(self, wanted: Wanted, newest_first: bool) -> Iterator[tuple[int, bytes]]:
        conditions, values = _conditions(wanted)
        first, end = self._bounds(wanted)
        order = "DESC" if newest_first else "ASC"
        where = " AND ".join(["idx >= ?", "idx < ?", *conditions])
        query = f"SELECT idx, leaf FROM entry WHERE {where} ORDER BY idx {order} LIMIT {_ROWS}"  # noqa: S608
        while rows := self._database.run(query, first, end, *values):
            yield from map(_leaf, rows)
            last = int(rows[-1][0])
            first, end = (first, last) if newest_first else (last + 1, end)

    def _bounds(self, wanted: Wanted) -> tuple[int, int]:
        """Return between which indices entries of the wanted time stand."""
        if wanted.since is None and wanted.until is None:
            return 0, self.size
        query = "SELECT coalesce(min(idx), 0), coalesce(max(idx), -1) FROM entry WHERE time >= ? AND time < ?"
        first, last = self._database.run(
            query, wanted.since or 0, _LAST if wanted.until is None else wanted.until
        )[0]
        return int(first), min(int(last) + 1, self.size)

    def _read_tree(self) -> None:
        query = "SELECT idx, hash FROM entry WHERE idx >= ? ORDER BY idx LIMIT ?"
        while rows := self._database.run(query, self.size, _HASHES):
            if [index for index, _ in rows] != list(range(self.size, self.size + len(rows))):
                raise StoreDamaged("log_entry_damaged")
            self._tree.extend([_hash(item) for _, item in rows])

    def _check_last_checkpoint(self, origin: str | None, log_key: bytes | None) -> None:
        rows = self._database.run("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
        if not rows:
            return
        signed = SignedCheckpoint.parse(str(rows[0][0]))
        known = signed.checkpoint
        if log_key is not None:
            signed.verify_log(log_key)
        if (
            origin not in (None, known.origin)
            or known.size > self.size
            or known.root != self._tree.root(known.size)
        ):
            raise StoreDamaged("log_rolled_back", size=self.size, signed_size=known.size)


_LAST = (1 << 63) - 1


def _conditions(wanted: Wanted) -> tuple[list[str], list[Value]]:
    """Return what the columns must hold; "+" keeps the index over dates out: rows come by their own order."""
    conditions: list[str] = []
    values: list[Value] = []
    for column, digest in (("job", wanted.job), ("node", wanted.node)):
        if digest is not None:
            conditions.append(f"{column} = ?")
            values.append(bytes.fromhex(digest))
    if wanted.kinds:
        conditions.append(f"kind IN ({', '.join('?' * len(wanted.kinds))})")
        values += [kind.value for kind in wanted.kinds]
    for comparison, time in ((">=", wanted.since), ("<", wanted.until)):
        if time is not None:
            conditions.append(f"+time {comparison} ?")
            values.append(time)
    return conditions, values


def _leaf(row: Row) -> tuple[int, bytes]:
    index, leaf = row
    if not isinstance(leaf, bytes):
        raise StoreDamaged("log_entry_damaged")
    return int(index), leaf


def _hash(value: Value) -> bytes:
    if not isinstance(value, bytes) or len(value) != HASH_BYTES:
        raise StoreDamaged("log_entry_damaged")
    return value
