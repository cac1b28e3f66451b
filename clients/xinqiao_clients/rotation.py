"""New keys for the store, and who may open them.

A rotation is: the key file with the old key and the new; every manifest sealed under the new; the key file
with the new key alone. Killed anywhere, the store reads, and the next command or the next agent goes on. Who
began it, and as what, stands in the key file until the journal says so: nobody is taken out without an event.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from xinqiao_clients import subjects
from xinqiao_clients.backup import bring_up
from xinqiao_clients.home import Home
from xinqiao_clients.key_file import Begun
from xinqiao_clients.providers import KeyProvider
from xinqiao_clients.register import Backup, outdated_copies, registered


def rotate(home: Home, steward: str) -> tuple[Backup, ...]:
    """Seal all data keys under a new key and destroy the old; return the backups that are still behind.

    Raises:
        UsageInvalid: the home's keys are in no file.
        StoreDamaged: the register of backups is lost or damaged, or the table is not in its place or
            its manifest damaged: nothing is done. Or the disk fails: then the old key stays, too.
    """
    return _rotate(home, Begun(steward, "rotate"))


def add_steward(home: Home, name: str, opener: str | KeyProvider, steward: str) -> tuple[Backup, ...]:
    """Let one more person open the keys, by a passphrase or a private key of their own.

    Returns the backups of which the copy of the key file does not know the person yet: those that are behind,
    and those of which the copy alone is.

    Raises:
        UsageInvalid: that person can already, the name or the passphrase is none, or no file holds the keys.
        StoreDamaged: as `rotate`, but that a table is missed only by a rotation that was begun.
    """
    file, name = home.key_file, subjects.new_name(name)
    slot = file.slot_for(name, opener)  # before others wait: a passphrase is stretched for a while
    with _changing(home):
        file.require_room(name)
        home.note(steward, "add_steward")  # first: nobody gets in whom the journal does not know
        file.add(name, slot)
        return (*bring_up(home), *outdated_copies(home))


def remove_steward(home: Home, name: str, steward: str) -> tuple[Backup, ...]:
    """Take a person's slot away and rotate: a copy that this person kept opens nothing that is written later.

    Returns the backups that are still behind. What a call that was killed had begun is ended first.

    Raises:
        UsageInvalid: nobody is known by that name, or nobody else could open the keys.
        StoreDamaged: as `rotate`.
    """
    return _rotate(home, Begun(steward, "remove_steward"), without=subjects.known_as(name))


def _rotate(home: Home, begun: Begun, without: str | None = None) -> tuple[Backup, ...]:
    with _changing(home):
        home.require_table()
        with home.book.transaction() as book:
            home.acting(book, begun.by)  # who cannot act begins nothing
        home.key_file.begin_rotation(begun, without=without)
        home.finish_rotation()
        return bring_up(home)


@contextmanager
def _changing(home: Home) -> Iterator[None]:
    """Be the only one who changes the key file, and end first what a call that was killed had begun."""
    file = home.key_file
    with home.importing(), home.store.alone():
        registered(home)  # a register that cannot be read would let a backup keep the old key
        if file.rotating:
            home.require_table()  # a backup may hold the last one, under the key that will be destroyed
        home.finish_rotation()
        bring_up(home)
        yield
