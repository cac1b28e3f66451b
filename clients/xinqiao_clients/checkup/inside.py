"""What only an open home tells: an unfinished rotation, the table and its contract, the schedule."""

from collections.abc import Iterator

from xinqiao_clients.checkup.finding import Finding, Look
from xinqiao_clients.refreshing import schedule_of
from xinqiao_governance.days import DAY_S


def rotation(look: Look) -> Iterator[Finding]:
    """Find an old key of the store that was to be destroyed and is not."""
    if look.open_home.key_file.rotating:
        yield Finding("rotation_open", "unsafe", {}, (look.command("keys rotate"),))


def table(look: Look) -> Iterator[Finding]:
    """Find a table that is not whole, breaks its contract, or is too old for it."""
    home = look.open_home
    if home.book.adopted() is None:
        return
    load = look.command("node import", "--data", "FILE", "--dataset", home.adopted.catalogue.dataset_id)
    with home.reading() as adopted:
        if not home.store.holds(adopted.version):
            yield Finding("table_gone", "unsafe", {}, (_put_back(look) or load,))
        elif not home.verified(adopted):
            yield Finding("contract_broken", "to_do", {}, (load,))
        elif adopted.fresh_until is not None and home.today > adopted.fresh_until:
            yield Finding("table_old", "to_do", {"day": max(0, adopted.fresh_until)}, (load,))


def schedule(look: Look) -> Iterator[Finding]:
    """Find a source that could not be read, or that nobody reads any more."""
    found = schedule_of(look.open_home)
    now, stop = look.command("node refresh", "--now"), look.command("node refresh", "--stop")
    if found is not None and found.failed:
        yield Finding("refresh_failed", "to_do", {"when": found.looked, "why": found.failed}, (now, stop))
    elif found is not None and look.now > found.due + DAY_S:
        yield Finding("refresh_overdue", "to_do", {"when": found.due}, (look.command("node refresh"), stop))


def _put_back(look: Look) -> str | None:
    return look.command("keys restore", "--from", look.register[-1].folder) if look.register else None
