"""The daily round: departments hand in journals and find them in the log; its head is cosigned and anchored.

Jobs do the same at their end. The round is for the days without one, and leaves a mark of its time in the log
by which the evidence of a period is bounded.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from xinqiao_app.directory import shown_names
from xinqiao_app.evidence import require_anchored
from xinqiao_app.operate import anchored_soon, talk, wait_for
from xinqiao_app.progress import Progress
from xinqiao_governance.canonical import Json
from xinqiao_governance.messages import Language, say, say_reason
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.event import Kind
from xinqiao_ledger.outbox import Outbox, open_outbox
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.cosigning import Head, cosign
from xinqiao_platform.departments import Departments

_HELLO_S, _ANSWER_S, _ANCHOR_S = 60.0, 60.0, 20.0


@dataclass(frozen=True)
class Round:
    """What a round came to; departments by their shown names.

    `found` are those that found their events in the log, `contradicted` and `refused` have the reason codes
    of others that were met. `taken` events came with the round. Without an `anchor` the chain did not answer.
    """

    size: int
    taken: int
    found: tuple[str, ...]
    head: Head
    anchor: AnchorRecord | None
    contradicted: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Say whether nothing asks for a person: absent departments may come tomorrow."""
        return not self.contradicted and self.head.is_cosigned and self.anchor is not None

    def lines(self, language: Language) -> list[str]:
        """Return the whole for a person, line by line."""
        head = {"found": self.head.found, "of": len(self.head.words), "needed": self.head.needed}
        lines = [
            say("round_taken", language, count=self.taken, size=self.size),
            say("round_found", language, count=len(self.found)),
            *_reasons("round_contradicted", self.contradicted, language),
            *_reasons("round_refused", self.refused, language),
            say("round_cosigned" if self.head.is_cosigned else "round_cosigned_few", language, **head),
        ]
        lines += [say("round_absent", language, names=", ".join(self.absent))] if self.absent else []
        lines += [say("round_anchored", language, block=self.anchor.block_number)] if self.anchor else []
        return lines

    def to_json(self) -> dict[str, Json]:
        """Return the whole as plain data."""
        return {
            "well": self.is_well,
            "size": self.size,
            "taken": self.taken,
            "found": list(self.found),
            "contradicted": dict(self.contradicted),
            "refused": dict(self.refused),
            "absent": list(self.absent),
            "cosigned": {name: word.code for name, word in self.head.words.items()},
            "cosignatures": self.head.found,
            "needed": self.head.needed,
            "anchor": None if self.anchor is None else self.anchor.to_json(),
        }


def make_round(centre_path: Path, superlink: str, progress: Progress) -> Round:
    """Make a round with the departments that the centre knows, over the SuperLink at `superlink`.

    Raises:
        StoreDamaged: the log lacks what it said before (`log_behind`) or what a node says that was anchored
            (`log_lacks_anchored`), or the disk fails.
        ProofError: a witness knows of another history of the log.
        NodeUnavailable: the SuperLink cannot be reached.
    """
    with (
        closing(Centre(centre_path)) as centre,
        closing(open_outbox(centre_path, centre.log)) as outbox,
    ):
        return talk(
            centre.operator, superlink, progress, lambda channel: _round(centre, channel, outbox, progress)
        )


def _round(centre: Centre, channel: Channel, outbox: Outbox, progress: Progress) -> Round:
    require_anchored(centre, outbox, patience_s=_ANCHOR_S)
    names = shown_names(centre.path)
    before = centre.log.current_size()
    wait_for(channel, len(names))
    departments = Departments(centre, channel, list(names), timeout_s=_HELLO_S)
    centre.record(kind=Kind.CHECKPOINT, action="round", members=len(departments))
    reconciling = departments.reconcile(timeout_s=_ANSWER_S)
    head = cosign(centre, departments, names=names)
    return Round(
        size=head.size,
        taken=head.size - before - 1,  # one is the round's own
        found=tuple(names[node] for node in reconciling.reconciled),
        head=head,
        anchor=anchored_soon(outbox, head.size, head.root, progress),
        contradicted={names[node]: code for node, code in reconciling.contradicted.items()},
        refused={names[node]: code for node, code in reconciling.refused.items()},
        absent=tuple(name for node, name in names.items() if node not in departments),
    )


def _reasons(code: str, reasons: Mapping[str, str], language: Language) -> list[str]:
    return [say(code, language, name=name, reason=say_reason(why, language)) for name, why in reasons.items()]
