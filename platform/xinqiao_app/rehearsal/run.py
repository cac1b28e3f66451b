"""One rehearsal: read, draft, cut into departments, run the real protocol, score, leave nothing behind.

With noise "shares" everything is what `xinqiao demo` and a deployed job use: a centre, one DataNode with a
home for each department, the gate, the books, the log, masks and integer noise, carried by Flower in this
process. Homes stand in a temporary folder, their keys in memory alone. It is removed at the end, also after
Ctrl-C; of what a kill leaves, nobody can read the encrypted columns, but orders with their bins can be read.
"""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from xinqiao_app.carry import embedded
from xinqiao_app.enterprise import LEGAL_BASIS, PURPOSE, Enterprise, found_enterprise
from xinqiao_app.rehearsal import comparison
from xinqiao_app.rehearsal.draft import Shape
from xinqiao_app.rehearsal.founding import Imports
from xinqiao_app.rehearsal.notes import Note
from xinqiao_app.rehearsal.outages import LossyChannel, Outages, how_many
from xinqiao_app.rehearsal.parts import Parts, Unit, cut, require_members
from xinqiao_app.rehearsal.progress import RehearsalProgress
from xinqiao_app.rehearsal.scores import Scores, score
from xinqiao_app.rehearsal.source import Files, Source, load
from xinqiao_clients.importer import read_contract
from xinqiao_governance.errors import JobFailed, NodeUnavailable
from xinqiao_governance.model_spec import MICRO
from xinqiao_governance.order import Order, Spend
from xinqiao_governance.signed import Signed
from xinqiao_models.defaults import plan_for
from xinqiao_models.features import design, targets
from xinqiao_models.gradients import Vector
from xinqiao_models.people import People, starts_of
from xinqiao_models.sums import SumPlan
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import Job, JobResult
from xinqiao_platform.ordering import nominal, write_order

STEP_S = 600.0
"""Bound of a rehearsed step: one machine does every department's part, a thousand take minutes at first."""
_HELLO_S = 60.0
_MEMORY = Path("/dev/shm")  # noqa: S108  # the folder within has a random name and mode 0700
_ROOM_BYTES = 32 << 20  # a home takes a few MiB, its books' write-ahead logs included


@dataclass(frozen=True)
class Request:
    """What is to be rehearsed. `departments` counts where no column names them; `drop` is a share."""

    files: Files
    spend: Spend
    departments: int = 0
    contract: Path | None = None
    collusion: int = 1
    seed: int = 0
    trust: comparison.Trust | Literal["shares"] = "shares"
    drop: float = 0.0
    shape: Shape = "linear"
    answers: int | None = None
    sampling_micro: int = MICRO


@dataclass(frozen=True)
class Trained:
    """A model's parameters and what it took; `bytes_out` left all departments, None where there were none."""

    parameters: Vector
    answers: int
    steps: int
    void_steps: int = 0
    bytes_out: int | None = None


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal tells."""

    trained: Trained
    scores: Scores
    unit: Unit
    departments: int
    people: int
    seconds: float
    notes: tuple[Note, ...]


def rehearse(request: Request, progress: RehearsalProgress) -> Rehearsed:
    """Rehearse an order on a table.

    Raises:
        UsageInvalid, DataInvalid: table, contract, label or departments do not fit.
        JobFailed: the departments refuse, or too few steps are good.
        XinqiaoError: whatever else stopped it.
    """
    start = time.perf_counter()
    with progress.stage("tables"):
        contract = None if request.contract is None else read_contract(request.contract)[0]
        source = load(request.files, contract, request.shape)
        files = request.files
        parts = cut(source.table, files.person, files.department, request.departments, request.seed)
        away = how_many(request.drop, len(parts.homes))
        require_members(len(parts.homes), request.collusion, away)
    trained = _trained(request, source, parts, progress)
    with progress.stage("scores"):
        scores = score(source.test, trained.parameters, source.spec)
    return Rehearsed(
        trained=trained,
        scores=scores,
        unit=parts.unit,
        departments=len(parts.homes),
        people=sum(parts.people(home) for home in parts.homes),
        seconds=time.perf_counter() - start,
        notes=(*_caveats(request, parts), *source.notes),
    )


def _trained(request: Request, source: Source, parts: Parts, progress: RehearsalProgress) -> Trained:
    imports = Imports(source, parts, request.files.person)
    if request.trust == "shares" or request.contract is not None:
        with progress.stage("check"):
            imports.check()
    if request.trust == "shares":
        return in_departments(request, source, imports, progress)
    with progress.stage("compare"):
        plan = _plan(request, source, parts)
        compared = comparison.train(_everybody(source, parts), source.spec, plan, request.trust)
    return Trained(compared.parameters, plan.answers, compared.steps)


def _caveats(request: Request, parts: Parts) -> list[Note]:
    codes = {
        "rehearse_warn_per_record": parts.unit == "record",
        "rehearse_warn_local": request.trust == "local",
        "rehearse_warn_pooled": request.trust == "pooled",
        "rehearse_warn_none": request.trust == "none",
    }
    sampled = request.sampling_micro < MICRO
    rate = [Note("rehearse_warn_sampled", {"rate": f"{request.sampling_micro / MICRO:g}"})] if sampled else []
    return [*rate, *(Note(code) for code, holds in codes.items() if holds)]


# ---- other trust, by arrays ------------------------------------------------------------------------


def _plan(request: Request, source: Source, parts: Parts) -> SumPlan:
    """Return the plan that the order would have."""
    return plan_for(
        source.spec,
        spend=request.spend,
        members=len(parts.homes),
        people=sum(nominal(parts.people(home)) for home in parts.homes),
        collusion=request.collusion,
        answers=request.answers,
        sampling_micro=request.sampling_micro,
    )


def _everybody(source: Source, parts: Parts) -> People:
    order = np.argsort(parts.person.astype(str), kind="stable")
    rows = design(source.columns, source.spec).rows(order)
    return People(rows, targets(source.columns, source.spec)[order], starts_of(parts.person[order]))


# ---- the real protocol -----------------------------------------------------------------------------


def in_departments(
    request: Request, source: Source, imports: Imports, progress: RehearsalProgress
) -> Trained:
    """Found the enterprise in a temporary folder, run the job, and take down what it says.

    Raises:
        JobFailed: the departments refuse, or too few steps are good.
        XinqiaoError: whatever else stopped it.
    """
    tables = imports.tables()
    place = in_memory(len(tables))
    with tempfile.TemporaryDirectory(prefix="xinqiao-rehearsal-", dir=place) as folder:
        with progress.stage("found"):
            enterprise = found_enterprise(
                Path(folder),
                tables,
                cap=request.spend,
                minimum_members=request.collusion + 2,
                keep_keys=False,
                founded=lambda count: progress.founded(count, len(tables)),
            )
        try:
            order = _order(request, source, enterprise)
            conversation = _Conversation(enterprise, order, _outages(request, order), progress)
            with progress.stage("job"):
                embedded(enterprise, conversation)
            result = conversation.result()
            left = sum(sum(site.home.book.tally().values()) for site in enterprise.sites)
        finally:
            enterprise.close()
    return Trained(
        result.model.parameters, order.body.answers, result.steps, result.void_steps, bytes_out=left
    )


def in_memory(departments: int) -> Path | None:
    """Return a folder that the system keeps in memory, where there is one with room and none was asked for.

    Books flush every step to the disk; of what nobody keeps, that is the greater part of the time.
    """
    if "TMPDIR" in os.environ or not _MEMORY.is_dir():
        return None
    free = shutil.disk_usage(_MEMORY).free
    return _MEMORY if os.access(_MEMORY, os.W_OK) and free > departments * _ROOM_BYTES else None


def _order(request: Request, source: Source, enterprise: Enterprise) -> Signed[Order]:
    order = write_order(
        enterprise.centre,
        model=source.spec,
        people=enterprise.people,
        spend=request.spend,
        purpose=PURPOSE,
        legal_basis=LEGAL_BASIS,
        collusion=request.collusion,
        answers=request.answers,
        sampling_micro=request.sampling_micro,
    )
    enterprise.approve(order)
    return order


def _outages(request: Request, order: Signed[Order]) -> Outages:
    return Outages(how_many(request.drop, len(order.body.departments)), order.body.answers)


class _Conversation:
    """The centre's side, and what it shows of itself; who is away follows the steps."""

    def __init__(
        self, enterprise: Enterprise, order: Signed[Order], outages: Outages, progress: RehearsalProgress
    ) -> None:
        self._enterprise = enterprise
        self._order = order
        self._outages = outages
        self._progress = progress
        self._result: JobResult | None = None

    def result(self) -> JobResult:
        """Return what came of it."""
        if self._result is None:
            raise NodeUnavailable("conversation_lost")
        return self._result

    def __call__(self, channel: Channel) -> None:
        """Propose the order and train."""
        lossy = LossyChannel(channel, self._outages)
        nodes = self._order.body.nodes
        departments = Departments(self._enterprise.centre, lossy, nodes, timeout_s=_HELLO_S)
        job = Job(self._enterprise.centre, departments, self._order, self, step_s=STEP_S)
        for refusal in job.propose():
            raise JobFailed("job_refused", department=refusal.node.hex()[:12], reason=refusal.reason)
        self._outages.begin()
        self._result = job.train()

    def decided(self, node: bytes, reason: str) -> None:
        """Show a department's decision."""
        self._progress.decided(node, reason)

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        """Show that a step is over, and let time pass for those who are away."""
        self._progress.stepped(step, answers, members=members, void=void)
        self._outages.stepped(step)
