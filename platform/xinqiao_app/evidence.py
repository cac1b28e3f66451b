"""From a finished job to evidence on disk: checkpoint, cosignatures, anchor, bundle, and a trust file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from xinqiao_governance.canonical import dumps
from xinqiao_ledger.anchor import Anchor, AnchorRecord
from xinqiao_ledger.bundle import export
from xinqiao_ledger.files import io_errors, replace_file
from xinqiao_ledger.trust import Trust, TrustedChain, TrustedKey, TrustedWitness
from xinqiao_platform.centre import LOG_ORIGIN, Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import JobResult

MODEL = "model.json"
"""The file of a job's model in the folder of its results."""

_COSIGN_TIMEOUT_S = 30.0
_HELLO_S = 60.0

Anchored = TypeVar("Anchored", AnchorRecord, AnchorRecord | None)
"""Where a head stands on the chain; None where evidence may go out without that."""


@dataclass(frozen=True)
class Head:
    """A head of the log: the signed note with its cosignatures, its size and its root (32 bytes)."""

    note: str
    size: int
    root: bytes


def write_model(out: Path, result: JobResult) -> None:
    """Write model and card: they are paid for, so they wait neither for witnesses nor for a chain."""
    with io_errors(out):
        replace_file(out / MODEL, result.model.encode())
        replace_file(out / "card.json", dumps(result.card))


def evidence_of(
    centre: Centre, channel: Channel, result: JobResult, anchor: Callable[[int, bytes], Anchored]
) -> tuple[bytes, Anchored]:
    """Have the log cosigned and anchored; return the job's evidence bundle and where the head was anchored.

    `anchor` takes the head's size and root to the chain.
    The departments are met anew, before the checkpoint: whoever closed the job too late for an answer has
    events of it that the log still lacks, and those that left are welcome back as witnesses.
    """
    departments = Departments(centre, channel, result.order.body.nodes, timeout_s=_HELLO_S)
    head, record = cosign_and_anchor(centre, departments, anchor)
    return bundle_of(centre, result, head, record), record


def cosign_and_anchor(
    centre: Centre, departments: Departments, anchor: Callable[[int, bytes], Anchored]
) -> tuple[Head, Anchored]:
    """Sign the present head of the log, let every reachable department witness it, and anchor it."""
    size, root = centre.log.size, centre.log.root()
    note = centre.log.checkpoint()
    lines = departments.cosign(note, timeout_s=_COSIGN_TIMEOUT_S)
    head = Head(note + "".join(line.rstrip("\n") + "\n" for line in lines), size, root)
    return head, anchor(size, root)


def bundle_of(centre: Centre, result: JobResult, head: Head, anchor: AnchorRecord | None) -> bytes:
    """Return the job's evidence bundle under `head`."""
    return export(
        centre.log,
        checkpoint=head.note,
        order=result.order,
        receipts=result.receipts,
        card=result.card,
        anchor=anchor,
    )


def trust_of(centre: Centre, departments: Mapping[str, bytes], anchor: Anchor) -> Trust:
    """Return the trust file of a one-machine set-up: name → identity key (32 bytes) of each department.

    It says of every witness and of the chain that the operator keeps them, because on one machine he does.
    """
    keys = tuple(TrustedKey(name, key) for name, key in departments.items())
    return Trust(
        origin=LOG_ORIGIN,
        log_key=centre.log_key.public,
        operator=centre.operator.public,
        departments=keys,
        witnesses=tuple(TrustedWitness(entry.name, entry.key, "operator") for entry in keys),
        witness_threshold=len(keys) // 2 + 1,
        chain=TrustedChain(anchor.chain_id, anchor.contract, "operator"),
    )
