"""An enterprise whose log somebody tampers with between two starts of the centre."""

from collections.abc import Callable
from pathlib import Path

from simulators.enterprise import Enterprise, Site, found
from xinqiao_ledger.database import Database, open_database
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.log import SCHEMA, stored
from xinqiao_ledger.suite import SHA256_ED25519
from xinqiao_platform.centre import Centre, log_place
from xinqiao_platform.departments import Departments, Reconciling

JOB = "ab" * 32


class Tampered:
    """Three departments and a centre, whose log stands in a file or, with `url`, in PostgreSQL."""

    def __init__(self, root: Path, url: str | None = None) -> None:
        self.folder = root / "centre"
        if url is not None:
            self.folder.mkdir()
            (self.folder / "log.url").touch(mode=0o600)
            (self.folder / "log.url").write_text(url)
        self.enterprise: Enterprise = found(root, 3)

    @property
    def centre(self) -> Centre:
        return self.enterprise.centre

    @property
    def sites(self) -> list[Site]:
        return self.enterprise.sites

    def meet(self, **lies: object) -> Departments:
        """Say hello to all departments; what they bring goes into the log."""
        nodes = [site.id for site in self.sites]
        return Departments(self.centre, self.enterprise.channel(**lies), nodes, timeout_s=1.0)

    def settle(self) -> None:
        """Have every event of every department in the log, and its receipt in the department."""
        self.meet().reconcile(timeout_s=1.0)  # brings events
        self.meet().reconcile(timeout_s=1.0)

    def receipt(self) -> None:
        """The same, without a checkpoint: no witness and no head knows of it."""
        met = self.meet()
        met.ask({node: _hello() for node in met}, timeout_s=1.0)

    def reconcile(self) -> Reconciling:
        return self.meet().reconcile(timeout_s=1.0)

    def write(self, site: int) -> Event:
        """A new event in a department's journal."""
        home = self.sites[site].home
        home.confirm(bytes([len(home.book.events())] * 32), "somebody", "steward")
        return home.book.events()[-1]

    def grow(self, entries: int = 1) -> None:
        """Events of the centre's own."""
        for _ in range(entries):
            self.centre.record(kind=Kind.ORDER, action="propose", job=JOB)

    def tamper(self, change: Callable[[Database], object], *, head: bool = True) -> None:
        """Change the rows behind a closed centre, with all that it signed there; `head`: and beside it."""
        self.centre.close()
        database = open_database(log_place(self.folder), SCHEMA)
        with database.transaction():
            change(database)
            database.run("DELETE FROM checkpoints")
        database.close()
        if head:
            (self.folder / "log.head").unlink(missing_ok=True)
        self.restart()

    def restart(self) -> None:
        self.centre.close()
        self.enterprise.centre = Centre(self.folder, clock=lambda: self.enterprise.now[0])

    def close(self) -> None:
        self.enterprise.close()


def cut(size: int) -> Callable[[Database], object]:
    """Keep the first `size` entries alone."""
    return lambda database: database.run("DELETE FROM entry WHERE idx >= ?", size)


def take_out(index: int) -> Callable[[Database], object]:
    """Take one entry out and let those after it move up."""

    def change(database: Database) -> None:
        database.run("DELETE FROM entry WHERE idx = ?", index)
        for (later,) in database.run("SELECT idx FROM entry WHERE idx > ? ORDER BY idx", index):
            database.run("UPDATE entry SET idx = ? WHERE idx = ?", int(later) - 1, later)

    return change


def swap(one: int, other: int) -> Callable[[Database], object]:
    """Let two entries change places."""

    def change(database: Database) -> None:
        for old, new in ((one, 1 << 40), (other, one), (1 << 40, other)):
            database.run("UPDATE entry SET idx = ? WHERE idx = ?", new, old)

    return change


def put(index: int, event: Event) -> Callable[[Database], object]:
    """Put another event in an entry's place, with all that stands beside it."""

    def change(database: Database) -> None:
        database.run("DELETE FROM entry WHERE idx = ?", index)
        database.add("entry", [stored(index, event, SHA256_ED25519)])

    return change


def _hello() -> object:
    from xinqiao_governance.wire import Hello

    return Hello(bytes(16))
