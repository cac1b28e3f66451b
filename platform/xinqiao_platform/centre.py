"""The centre's home: the operator's identity, the log with its key, the anchor, the registry.

The centre writes its own journal straight into the log; departments' events arrive with their answers. It
holds no record of a person and could not: nothing it receives has a place for one.
"""

import fcntl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from xinqiao_governance.canonical import rewrite
from xinqiao_governance.errors import UsageInvalid, WireInvalid
from xinqiao_governance.signed import Signed
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.files import io_errors, read_private
from xinqiao_ledger.log import Log
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.channel import Proven

LOG_ORIGIN = "xinqiao.log/centre"


class Centre:
    """An open centre at `path`. `clock` gives unix seconds."""

    def __init__(self, path: Path, clock: Callable[[], int] | None = None) -> None:
        with io_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.clock = clock or _now
        self.operator = SigningKey.load_or_create(path / "operator.pem")
        self.log_key = SigningKey.load_or_create(path / "log.pem")
        self.log = Log(log_place(path), self.log_key, LOG_ORIGIN)

    def close(self) -> None:
        """Close the files; nothing is pending."""
        self.log.close()

    def event(self, **fields: Any) -> Event:
        """Return the next event of the centre's own journal, not yet in the log."""
        node = self.operator.fingerprint.hex()
        head = self.log.head(node)
        seq, prev = (head[0] + 1, head[1].hex()) if head else (1, GENESIS)
        actor = self.operator.fingerprint.hex()[:32]
        return Event(node=node, seq=seq, prev=prev, time=self.clock(), actor=actor, role="operator", **fields)

    def record(self, **fields: Any) -> Event:
        """Append an event of the centre's own to the log; it is on disk when this returns."""
        with self._turn():
            event = self.event(**fields)
            self.log.append([event.leaf])
        return event

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one process at a time add to the centre's own journal: two would write one number twice."""
        with (self.path / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def has_logged(self, kind: Kind, job: bytes) -> bool:
        """Say whether the log holds an event of this kind for an order."""
        return bool(self.log.entries_of_job(job.hex(), kind))

    def take(self, answers: Iterable[Proven]) -> dict[bytes, Signed[LogReceipt]]:
        """Append the events that came with departments' answers to the log, all or none.

        Returns a receipt for each department, by fingerprint, that brought any.

        Raises:
            WireInvalid: one is not an event, or was written by another node than the one that signed.
            ProofError: they do not follow what the log has of a node.
        """
        brought = [(proven.node, _leaves(proven)) for proven in answers if proven.events]
        indices = iter(self.log.append([leaf for _, own in brought for leaf in own]) if brought else ())
        return {node: self.log.receipt(list(islice(indices, len(own)))) for node, own in brought}


def log_place(path: Path) -> Path | str:
    """Return the file of a centre's log, or the PostgreSQL URL that stands in `log.url` beside it.

    Raises:
        UsageInvalid: there is a log in a file as well, or others may read the URL.
    """
    file, url = path / "log.sqlite", path / "log.url"
    with io_errors(url):
        if not url.exists():
            return file
        if file.exists():  # an empty log under the same key would be a second history
            raise UsageInvalid("log_in_two_places", path=str(path))
        return read_private(url).decode().strip()


_CENTRE_ONLY = (Kind.ORDER, Kind.STEP, Kind.PUBLISH)


def _leaves(proven: Proven) -> list[bytes]:
    parsed = [Event.decode(rewrite(event)) for event in proven.events]
    if any(event.node != proven.node.hex() or event.kind in _CENTRE_ONLY for event in parsed):
        raise WireInvalid("wire_field_invalid", field="node")
    return [event.leaf for event in parsed]


def _now() -> int:
    return int(time.time())
