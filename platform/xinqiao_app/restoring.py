"""The ways on for a centre whose log was put back from an older copy."""

from dataclasses import dataclass
from pathlib import Path

from xinqiao_app.directory import shown_names
from xinqiao_app.operate import talk, wait_for
from xinqiao_app.progress import Progress
from xinqiao_ledger.chain import open_anchor
from xinqiao_ledger.chain_config import CHAIN_FOLDER, CONFIG
from xinqiao_ledger.checkpoint import Checkpoint
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.centre import log_origin, note_key
from xinqiao_platform.channel import Channel
from xinqiao_platform.journals import Journals, LogName, gather
from xinqiao_platform.refill import Refilled, refill

_ANSWER_S = 60.0


@dataclass(frozen=True)
class RefillReport:
    """What became of a refill, and the departments that did not give their journals, as they are shown."""

    refilled: Refilled
    absent: tuple[str, ...]


def refill_log(centre: Path, superlink: str, progress: Progress) -> RefillReport:
    """Fill the log of the centre at `centre` again from its departments' journals, over a SuperLink.

    Raises:
        NodeUnavailable: the SuperLink or the database cannot be reached.
        StoreDamaged, UsageInvalid: the centre's folder is damaged, or none.
    """
    operator = SigningKey.load(centre / "operator.pem")
    key = SigningKey.load(centre / "log.pem")
    log = LogName(log_origin(centre), key.public, note_key(centre, key).public)
    names = shown_names(centre)

    def ask(channel: Channel) -> Journals:
        wait_for(channel, len(names))
        return gather(channel, operator, log, list(names), timeout_s=_ANSWER_S)

    journals = talk(operator, superlink, progress, ask)
    absent = tuple(name for node, name in names.items() if node not in journals.met)
    return RefillReport(refill(centre, journals, _anchored(centre, log)), absent)


def _anchored(centre: Path, log: LogName) -> Checkpoint | None:
    """Return the latest head on the centre's chain, where there is one."""
    if not any((centre / name).exists() for name in (CHAIN_FOLDER, CONFIG)):
        return None
    anchor = open_anchor(centre)
    try:
        latest = anchor.latest()
    finally:
        anchor.close()
    return None if latest is None else Checkpoint(log.origin, latest.size, latest.root)
