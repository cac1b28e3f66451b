"""Taking a person out of the store, so that no key that is left opens to them.

The adopted version is written anew without the person's rows, all of it under new data keys, so nobody can
tell from the files which chunks held them. The book adopts it, with the event, in one transaction; then
whatever is not adopted is swept, the store's key is replaced and the old one destroyed, and the registered
backups become copies of the present state. Killed before the transaction, the person is there and is deleted
by the next call; killed after it, the next command or the next agent finishes the rotation.

Caps and spends stay as they are, and so does the period's intake, a keyed tag of each id: what was spent on a
person stays spent.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xinqiao_clients import subjects
from xinqiao_clients.adopted import Adopted
from xinqiao_clients.backup import bring_up
from xinqiao_clients.chunks import ColumnData
from xinqiao_clients.home import Home
from xinqiao_clients.intake import folded
from xinqiao_clients.key_ages import note_newest
from xinqiao_clients.register import Backup, behind, registered
from xinqiao_clients.store import Version
from xinqiao_governance.errors import DataInvalid, StoreDamaged, UsageInvalid, XinqiaoError
from xinqiao_ledger.event import Kind

_ACTION = "delete_person"


@dataclass(frozen=True)
class Deletion:
    """What a deletion did.

    Attributes:
        rows: rows of the person that were taken out of the table.
        contract_holds: whether the table without them holds its contract; else no job uses it.
        forgotten: whether the person's key for names in old events was destroyed, too.
        pages_gone: whether no other process still keeps old pages of the book.
        behind: backups that could not be reached and still hold the person.
    """

    rows: int
    contract_holds: bool
    forgotten: bool
    pages_gone: bool
    behind: tuple[Backup, ...]


def delete_person(home: Home, person: str, steward: str, *, name: str | None = None) -> Deletion:
    """Delete the person with this id from the store and its backups, and their subject's key.

    All ways to write one id are one person, as for an import. `name` is what the person acted under.

    Raises:
        UsageInvalid: nothing is held on such a person; or the home's keys are in no file.
        StoreDamaged: the register of backups is lost or damaged, and nobody is deleted; or a disk fails:
            call it again.
    """
    file = home.key_file
    with home.importing(), home.store.alone():
        registered(home)  # a register that cannot be read would let a backup keep the person
        # A deletion that was killed took the person out and may have left a backup behind: it ends here.
        unfinished = home.finish_rotation() or bool(behind(home))
        columns, theirs = _rows_of(home, person)
        rows, tags = int(theirs.sum()), _tags(home, person, name)
        if rows or tags:
            file.begin_rotation()
            home.store.refresh()
            rest = {key: data[~theirs] for key, data in columns.items()} if rows else {}
            _take_out(home, rest, tags, steward)
            home.finish_rotation()
        elif not unfinished:
            raise UsageInvalid("person_unknown")
        left, holds = bring_up(home), not columns or home.verified(home.adopted)
    return Deletion(rows, holds, bool(tags), home.book.scrub(), left)


def _rows_of(home: Home, person: str) -> tuple[dict[str, ColumnData], NDArray[np.bool_]]:
    """Return all columns, and which rows are the person's; nothing where no table was imported."""
    try:
        adopted = home.adopted
    except UsageInvalid:
        return {}, np.zeros(0, dtype=np.bool_)
    columns = home.store.read(adopted.version, [column.name for column in adopted.catalogue.columns])
    wanted = folded(person)
    ids = columns[adopted.catalogue.person]
    return columns, np.array([folded(str(id_)) == wanted for id_ in ids], dtype=np.bool_)


def _tags(home: Home, person: str, name: str | None) -> list[bytes]:
    """Return the tags under which the book keeps a subject's key for this id or name."""
    wanted = {folded(person), *([folded(subjects.known_as(name))] if name is not None else [])}
    found = []
    for tag, sealed in home.book.subjects().items():
        with suppress(StoreDamaged):  # a key that does not open links nobody
            if folded(subjects.unseal(home.keys, tag, sealed).name or "") in wanted:
                found.append(tag)
    return found


def _take_out(home: Home, columns: Mapping[str, ColumnData], tags: list[bytes], steward: str) -> None:
    """Adopt the table without the person, if there is one, and destroy the subject's keys, with the event."""
    if not columns:
        _adopt(home, None, False, tags, steward)
        return
    adopted = home.adopted
    holds = home.verified(adopted) and _holds(home, adopted, columns)
    version = home.store.write(adopted.catalogue, columns)
    try:
        _adopt(home, version, holds, tags, steward)
    except XinqiaoError as error:
        if error.code != "book_unusable":  # that commit may turn out to stand after a restart
            home.store.discard(version)
        raise


def _adopt(home: Home, version: Version | None, holds: bool, tags: list[bytes], steward: str) -> None:
    with home.book.transaction() as book:
        by = home.acting(book, steward)
        for tag in tags:
            book.remove_subject(tag)
        note_newest(home.keys, book)
        if version is None:
            book.record(kind=Kind.ERASE, by=by, action=_ACTION)
        else:
            home.swap_version(book, version, by, _ACTION, holds=holds)


def _holds(home: Home, adopted: Adopted, columns: Mapping[str, ColumnData]) -> bool:
    """Say whether the table without the person holds its contract, as an import would find it."""
    from xinqiao_clients.contract_text import parse_contract
    from xinqiao_clients.importer import check_frame, stored_frame

    try:
        contract = parse_contract(adopted.contract)
        frame = stored_frame(columns, contract)
        check_frame(frame, dataset=adopted.dataset, contract=contract, today=home.today)
    except DataInvalid:
        return False
    return True
