"""The centre's home: the operator's identity, the log with its key, the anchor, the registry.

The centre writes its own journal straight into the log; departments' events arrive with their answers. It
holds no record of a person and could not: nothing it receives has a place for one.
"""

import fcntl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from xinqiao_governance.canonical import dumps, loads, rewrite
from xinqiao_governance.errors import UsageInvalid, WireInvalid
from xinqiao_governance.parse import fields_of, integer
from xinqiao_governance.signed import Signed
from xinqiao_ledger.checkpoint import is_key_name
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.files import io_errors, locked, read_private
from xinqiao_ledger.high_water import HighWater
from xinqiao_ledger.log import Log
from xinqiao_ledger.receipt import LogReceipt
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.sm2 import Sm2Key
from xinqiao_ledger.suite import SHA256_ED25519, SM3_SM2, NoteKey, Suite
from xinqiao_platform.channel import Proven

LOG_ORIGIN = "xinqiao.log/centre"
"""The name of a centre's first log; `log.origin` holds that of a later epoch."""
LOG_SM2 = "log-sm2.key"
"""The key of the checkpoints of a log under SM3 and SM2; where there is none, `log.pem` signs them."""
_LAST_LINES_BYTES = 1 << 16


class Centre:
    """An open centre at `path`. `clock` gives unix seconds.

    Raises:
        UsageInvalid: its log is being refilled or left behind (`one_command`).
    """

    def __init__(self, path: Path, clock: Callable[[], int] | None = None) -> None:
        with io_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.clock = clock or _now
        with ExitStack() as held:
            _hold(held, path, fcntl.LOCK_SH)
            self.operator = SigningKey.load_or_create(path / "operator.pem")
            self.log_key = SigningKey.load_or_create(path / "log.pem")
            self.note_key = note_key(path, self.log_key)
            where, origin = log_place(path), log_origin(path)
            self.log = Log(where, self.log_key, origin, self.note_key, HighWater(path))
            self._copy = JournalCopy(path)
            self._held = held.pop_all()

    @classmethod
    def found_national(cls, path: Path) -> None:
        """Make the key that puts the log of a new centre at `path` under SM3 and SM2.

        Raises:
            UsageInvalid: there is a log of the other suite already, or GmSSL is not installed.
        """
        if (path / LOG_SM2).exists():
            return
        if (path / "log.pem").exists():
            raise UsageInvalid("log_suite_fixed", path=str(path))
        with io_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        Sm2Key.create(path / LOG_SM2)

    @property
    def log_sm2(self) -> bytes:
        """The key (64 bytes) of the log's checkpoints if the log is under SM3 and SM2, else nothing."""
        return self.note_key.public if self.log.suite is SM3_SM2 else b""

    def close(self) -> None:
        """Close the files; nothing is pending."""
        self.log.close()
        self._held.close()

    def event(self, **fields: Any) -> Event:
        """Return the next event of the centre's own journal, not yet in the log.

        Its time is the clock's, or that of the event before if that is later.
        """
        node = self.operator.fingerprint.hex()
        head = self.log.head(node)
        seq, prev = (head[0] + 1, head[1].hex()) if head else (1, GENESIS)
        before = self.log.entries_of_node(node, seq - 1, seq - 1).values()
        when = max([self.clock(), *(Event.decode(leaf).time for leaf in before)])
        actor = self.operator.fingerprint.hex()[:32]
        return Event(node=node, seq=seq, prev=prev, time=when, actor=actor, role="operator", **fields)

    def record(self, **fields: Any) -> Event:
        """Append an event of the centre's own to the log; it is on disk when this returns."""
        with self._turn():
            event = self.event(**fields)
            self.log.append([event.leaf])
            self._copy.follow(self.log.entries_of_node(event.node, self._copy.last_seq() + 1, event.seq))
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


@contextmanager
def one_command(path: Path) -> Iterator[None]:
    """Be the only one that uses the centre at `path`, while its log is refilled or left behind.

    Raises:
        UsageInvalid: `centre_in_use`.
    """
    with ExitStack() as held:
        _hold(held, path, fcntl.LOCK_EX)
        yield


def _hold(held: ExitStack, path: Path, how: int) -> None:
    with io_errors(path):
        try:
            held.enter_context(locked(path / "log.lock", how | fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise UsageInvalid("centre_in_use", path=str(path)) from error


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


def note_key(path: Path, log_key: SigningKey) -> NoteKey:
    """Return the key that signs the checkpoints of a centre's log; it declares the log's suite."""
    national = path / LOG_SM2
    return Sm2Key.load(national) if national.exists() else log_key


def suite_at(path: Path) -> Suite:
    """Return the suite of a centre's log, without its keys."""
    return SM3_SM2 if (path / LOG_SM2).exists() else SHA256_ED25519


def log_origin(path: Path) -> str:
    """Return the name of a centre's log.

    Raises:
        UsageInvalid: `log.origin` holds no name.
    """
    file = path / "log.origin"
    with io_errors(file):
        origin = file.read_text("utf-8").strip() if file.exists() else LOG_ORIGIN
    if not is_key_name(origin):
        raise UsageInvalid("log_origin_invalid", path=str(file))
    return origin


class JournalCopy:
    """The centre's own events and their indices in the log, a line each, in the file `journal` beside it.

    A restored log is filled again from it. It is handed to the operating system and not flushed to the disk:
    only a power cut *and* the loss of the database together lose a line, and a refill then says which.
    """

    def __init__(self, centre: Path) -> None:
        self._path = centre / "journal"

    def last_seq(self) -> int:
        """Return the number of the last event in the copy; 0 where there is none."""
        last = self._last()
        return last.seq if last else 0

    def writer(self) -> str:
        """Return the operator's fingerprint in hex, as its events name it; "" where there are none."""
        last = self._last()
        return last.node if last else ""

    def _last(self) -> Event | None:
        with io_errors(self._path):
            if not self._path.exists():
                return None
            with self._path.open("rb") as file:
                file.seek(max(0, self._path.stat().st_size - _LAST_LINES_BYTES))
                events = list(_read_lines(file.read()).values())
        return events[-1] if events else None

    def follow(self, leaves: Mapping[int, bytes]) -> None:
        """Add events (canonical bytes) by index; those that a kill kept out come with the next."""
        lines = b"".join(dumps({"event": loads(leaves[n]), "index": n}) + b"\n" for n in sorted(leaves))
        with io_errors(self._path), self._path.open("ab") as file:
            file.write(b"\n" + lines)  # on a line of their own, whatever a kill left of the last

    def read(self) -> dict[int, Event]:
        """Return all events by index; a line that was torn is left out."""
        with io_errors(self._path):
            return _read_lines(self._path.read_bytes()) if self._path.exists() else {}


def _read_lines(data: bytes) -> dict[int, Event]:
    found = {}
    for line in data.split(b"\n"):
        with suppress(WireInvalid):
            body = fields_of(loads(line), "event", "index")
            found[integer(body, "index", at_least=0)] = Event.from_json(body["event"])
    return found


_CENTRE_ONLY = (Kind.ORDER, Kind.STEP, Kind.PUBLISH)  # of an epoch, both sides write


def _leaves(proven: Proven) -> list[bytes]:
    parsed = [Event.decode(rewrite(event)) for event in proven.events]
    if any(event.node != proven.node.hex() or event.kind in _CENTRE_ONLY for event in parsed):
        raise WireInvalid("wire_field_invalid", field="node")
    return [event.leaf for event in parsed]


def _now() -> int:
    return int(time.time())
