"""What the book tells without a passphrase: clock, log, budget, columns, policy, age of backups."""

from collections.abc import Iterator

from xinqiao_clients.alarms import state_of
from xinqiao_clients.checkup.finding import Finding, Look
from xinqiao_governance.budget import LIFETIME, Limit, epsilon
from xinqiao_governance.errors import Field
from xinqiao_ledger.event import Kind

_CLOCK_SLACK_S = 600
_NEARLY = 10  # under a tenth of the cap is left
_MOST_NAMES = 12
_SHOWN = 16


def clock(look: Look) -> Iterator[Finding]:
    """Find a clock that runs behind what was written before: grants would end late."""
    last, position = look.open_book.last_event(), look.open_book.reconciled()
    newest = max(last.time if last else 0, position.time if position else 0)
    if look.now + _CLOCK_SLACK_S < newest:
        fields = {"when": look.now, "newest": newest}
        yield Finding("clock_behind", "unsafe", fields, ("sudo timedatectl set-ntp true",))


def log(look: Look) -> Iterator[Finding]:
    """Find what the log contradicts, and a journal that the log has not taken for too long."""
    state = state_of(look.open_book, look.now)
    waiting = [alarm for alarm in state.alarms if alarm.acknowledged is None]
    agent = look.command("node run", "--superlink", "HOST:PORT")
    if waiting:
        see = look.command("node alarm", "--json")
        done = look.command("node alarm", "--acknowledge", waiting[0].id)
        yield Finding("alarm_open", "unsafe", {"count": len(waiting), "why": waiting[0].code}, (see, done))
    if not look.open_book.waiting().in_bounds:
        yield Finding("log_out_of_reach", "to_do", {"events": look.open_book.waiting().events}, (agent,))
    elif state.overdue:
        yield Finding("reconcile_overdue", "to_do", {}, (agent,))


def budget(look: Look) -> Iterator[Finding]:
    """Find a budget that is nearly spent: the open period's own, or the year's."""
    preview = look.command("node preview", "ORDER")
    for account in look.open_book.accounts():
        if account.open and _nearly_spent(account.lifetime):
            amounts = _amounts(account.lifetime)
            if account.period == LIFETIME:
                yield Finding("budget_low", "to_do", amounts, (preview,))
            else:
                fields = {"period": account.period, **amounts}
                yield Finding("budget_period_low", "to_do", fields, (preview,))
        if account.open and account.yearly is not None and _nearly_spent(account.yearly):
            fields = {"year": str(account.year), **_amounts(account.yearly)}
            yield Finding("budget_year_low", "to_do", fields, (preview,))


def columns(look: Look) -> Iterator[Finding]:
    """Count the columns that wait for a person; an open home names them, too."""
    unconfirmed, requests = look.open_book.grading()
    dataset = look.open_book.capped_dataset()
    home = look.home if unconfirmed or requests else None
    grades = home.adopted.grades if home is not None else ()
    see = look.command("node catalogue")
    confirm = look.command("node confirm", "--dataset", dataset, "--column", "NAME")
    if unconfirmed:
        names = [grade.column for grade in grades if not grade.confirmed_by]
        yield _counted("columns_unconfirmed", unconfirmed, names, (see, confirm))
    if requests:
        names = [grade.column for grade in grades if grade.request is not None]
        same = f"{confirm} --semantic MEANING --tier TIER"
        yield _counted("lowering_waits", requests, names, (see, same))


def policy(look: Look) -> Iterator[Finding]:
    """Find a node without a policy that can be read, and a policy that waits for a second person."""
    propose, approve = look.command("policy propose"), look.command("policy approve", "DIGEST")
    if look.open_book.policy() is None:
        yield Finding("policy_missing", "to_do", {}, (propose, approve))
    elif look.home is not None and look.home.policy_digest is None:
        yield Finding("policy_unreadable", "to_do", {}, (propose, approve))
    proposal = look.open_book.proposed_policy()
    if proposal is not None:
        digest = proposal.digest.hex()
        show = look.command("policy show", "--proposed")
        yield Finding(
            "policy_waits",
            "to_do",
            {"digest": digest[:_SHOWN]},
            (show, look.command("policy approve", digest)),
        )


def stale_copies(look: Look) -> Iterator[Finding]:
    """Find a table of which there is no backup, or only of an earlier version."""
    row, imported = look.open_book.adopted(), look.open_book.last_event(Kind.IMPORT)
    if row is None or imported is None:
        return
    adopted = look.open_book.table_digest(row[1])
    if not look.backups:
        fix = look.command("keys backup", "--out", "DIR", "--keys", "FILE")
        yield Finding("backup_none", "to_do", {}, (fix,))
    for backup in look.backups:
        # A register of before does not have the version.
        other = backup.version.hex() != adopted if any(backup.version) else backup.time < imported.time
        if backup.time and other:
            fields: dict[str, Field] = {"folder": str(backup.folder), "when": backup.time}
            fix = look.command("keys backup", "--out", backup.folder, "--keys", backup.keys)
            yield Finding("backup_old", "to_do", fields, (fix,))


def _counted(code: str, count: int, names: list[str], commands: tuple[str, ...]) -> Finding:
    """Return a finding on columns, by name where an open home gave them."""
    if not names:
        return Finding(code, "to_do", {"count": count}, commands)
    listed = ", ".join([*names[:_MOST_NAMES], *(["…"] if len(names) > _MOST_NAMES else [])])
    return Finding(f"{code}_named", "to_do", {"count": count, "names": listed}, commands)


def _nearly_spent(limit: Limit) -> bool:
    cap, left = limit.cap, limit.left
    return left.epsilon_micro * _NEARLY < cap.epsilon_micro or left.delta_nano * _NEARLY < cap.delta_nano


def _amounts(limit: Limit) -> dict[str, str]:
    return {"left": epsilon(limit.left), "cap": epsilon(limit.cap)}
