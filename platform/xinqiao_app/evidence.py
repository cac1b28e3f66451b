"""From a finished job to evidence on disk: checkpoint, cosignatures, anchor, bundle, and a trust file."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from xinqiao_app.directory import shown_names
from xinqiao_governance.canonical import dumps
from xinqiao_governance.errors import NodeUnavailable, ProofError, StoreDamaged
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.chain_config import ChainConfig
from xinqiao_ledger.files import io_errors, replace_file
from xinqiao_ledger.outbox import Outbox
from xinqiao_ledger.trust import Trust, TrustedChain, TrustedKey, TrustedWitness
from xinqiao_platform.centre import Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.cosigning import Head, cosign
from xinqiao_platform.departments import Departments
from xinqiao_platform.exports import export_job
from xinqiao_platform.jobs import JobResult
from xinqiao_platform.witnesses import COSIGNED

MODEL = "model.json"
"""The file of a job's model in the folder of its results."""

_HELLO_S = 60.0
_log = logging.getLogger(__name__)

Anchored = TypeVar("Anchored", AnchorRecord, AnchorRecord | None)
"""Where a head stands on the chain; None where evidence may go out without that."""


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
    _, record = cosign_and_anchor(centre, departments, anchor)
    return export_job(centre, result.order.body.digest.hex()), record


def require_anchored(centre: Centre, outbox: Outbox, *, patience_s: float) -> None:
    """Refuse to go on with a log that lacks what the chain says that it had.

    A chain that cannot be read says nothing; what the outbox finds wrong with the chain itself it keeps.
    The log is behind for good only by a note that it signed, or by the embedded chain, which nobody but the
    centre writes. What a node alone says stops this start: a node may lie.

    Raises:
        StoreDamaged: `log_behind`, or `log_lacks_anchored` on a node's word.
    """
    try:
        outbox.reconcile(patience_s=patience_s)
    except ProofError as error:
        if error.code == "anchor_foreign_head":
            if ChainConfig.read(centre.path) is None:
                centre.log.fall_behind("anchor", int(error.fields["size"]))
            raise StoreDamaged("log_lacks_anchored", size=error.fields["size"]) from error
    except (NodeUnavailable, StoreDamaged) as error:
        if error.code == "log_behind":
            raise
        _log.warning(error.code, error.fields)


def cosign_and_anchor(
    centre: Centre, departments: Departments, anchor: Callable[[int, bytes], Anchored]
) -> tuple[Head, Anchored]:
    """Sign the present head of the log, let every witness that can be reached cosign it, and anchor it."""
    head = cosign(centre, departments, names=shown_names(centre.path))
    tell_cosigning(head)
    return head, anchor(head.size, head.root)


def tell_cosigning(head: Head) -> None:
    """Say which witnesses a head lacks, and whether they are too many; of a head that has all say nothing."""
    for name, word in head.words.items():
        if word.code != COSIGNED:
            _log.warning(word.code, {"name": name, "size": word.size})
    if not head.is_cosigned:
        _log.warning("witnesses_few", {"found": head.found, "of": len(head.words), "needed": head.needed})


def trust_of(centre: Centre, departments: Mapping[str, bytes], anchor: AnchorRecord) -> Trust:
    """Return the trust file of a one-machine set-up: name → identity key (32 bytes) of each department.

    It says of every witness and of the chain that the operator keeps them, because on one machine he does.
    """
    keys = tuple(TrustedKey(name, key) for name, key in departments.items())
    return Trust(
        origin=centre.log.origin,
        log_key=centre.note_key.public,
        operator=centre.operator.public,
        departments=keys,
        witnesses=tuple(TrustedWitness(entry.name, entry.key, "operator") for entry in keys),
        witness_threshold=len(keys) // 2 + 1,
        chain=TrustedChain(anchor.chain_id, anchor.contract, "operator"),
    )
