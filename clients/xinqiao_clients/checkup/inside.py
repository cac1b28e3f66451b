"""What only an open home tells: an unfinished rotation, the table and its contract, the schedule, grants."""

from collections.abc import Iterator

from xinqiao_clients import access
from xinqiao_clients.checkup.finding import Finding, Look
from xinqiao_clients.refreshing import schedule_of
from xinqiao_clients.register import registered
from xinqiao_governance.days import DAY_S
from xinqiao_governance.errors import Field
from xinqiao_governance.grant import Grant
from xinqiao_governance.order import Output

_SOON_S = 7 * DAY_S
_LONG_S = 90 * DAY_S
_SHOWN = 16


def rotation(look: Look) -> Iterator[Finding]:
    """Find an old key of the store that was to be destroyed and is not."""
    if look.open_home.key_file.rotating:
        yield Finding("rotation_open", "unsafe", {}, (look.command("keys rotate"),))


def ages(look: Look) -> Iterator[Finding]:
    """Find nothing: a home whose key file and book are of two moments was not opened."""
    look.open_home.require_one_age()
    yield from ()


def register(look: Look) -> Iterator[Finding]:
    """Find a register of backups that somebody else wrote, or an earlier one put back: it proves nothing."""
    registered(look.open_home)
    yield from ()


def table(look: Look) -> Iterator[Finding]:
    """Find a table that is not whole, breaks its contract, or is too old for it."""
    home = look.open_home
    if home.book.adopted() is None:
        return
    load = look.command("node import", "--data", "FILE", "--dataset", home.adopted.catalogue.dataset_id)
    if not home.store.is_there:
        yield Finding("table_gone", "unsafe", {}, (_put_back(look) or load,))
        return
    with home.reading() as adopted:
        if not home.store.holds(adopted.version):
            yield Finding("table_gone", "unsafe", {}, (_put_back(look) or load,))
        elif not home.verified(adopted):
            yield Finding("contract_broken", "to_do", {}, (load,))
        elif adopted.fresh_until is not None and home.today > adopted.fresh_until:
            yield Finding("table_old", "to_do", {"day": max(0, adopted.fresh_until)}, (load,))


def schedule(look: Look) -> Iterator[Finding]:
    """Find a source that could not be read, or that nobody reads any more."""
    home = look.open_home
    found = schedule_of(home)
    now, stop = look.command("node refresh", "--now"), look.command("node refresh", "--stop")
    if found is not None and not found.belongs_to(home.adopted):
        table = ("--data", "FILE", "--dataset", home.adopted.catalogue.dataset_id)
        anew = look.command("node import", *table, "--every", str(found.hours))
        yield Finding("refresh_overtaken", "to_do", {}, (anew, stop))
    elif found is not None and found.failed:
        yield Finding("refresh_failed", "to_do", {"when": found.looked, "why": found.failed}, (now, stop))
    elif found is not None and look.now > found.due + DAY_S:
        yield Finding("refresh_overdue", "to_do", {"when": found.due}, (look.command("node refresh"), stop))


def grants(look: Look) -> Iterator[Finding]:
    """Find grants that are over, end soon, or let somebody see rows for long."""
    for grant in access.grants(look.open_home):
        digest, left = grant.digest.hex()[:_SHOWN], grant.expires - look.now
        fields: dict[str, Field] = {"digest": digest, "when": grant.expires}
        revoke = look.command("policy revoke", digest)
        if left <= 0:
            yield Finding("grant_over", "to_do", fields, (revoke,))
        elif left <= _SOON_S:
            yield Finding("grant_ends", "to_do", fields, (_renewed(look, grant),))
        elif left > _LONG_S and grant.output is Output.RAW_VIEW:
            yield Finding("grant_long", "unsafe", fields, (revoke, _renewed(look, grant)))


def _put_back(look: Look) -> str | None:
    return look.command("keys restore", "--from", look.backups[-1].folder) if look.backups else None


def _renewed(look: Look, grant: Grant) -> str:
    words = ("--role", grant.role, "--output", grant.output.value, "--purpose", grant.purpose)
    return look.command("policy grant", *words, "--tier", grant.tier.value, "--until", "DATE")
