"""A small enterprise in a temporary folder: a centre, departments, and a channel that can misbehave.

Departments are real `DataNode`s with real homes; only the tables are small and synthetic. The channel stands
in for Flower and can lose, delay or change messages on request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulators import wires
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.node import DataNode
from xinqiao_governance.canonical import dumps
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.model_spec import MICRO, CategoryFeature, ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_governance.order import Order, Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import (
    Answer,
    AskFrame,
    Closing,
    ClosingAsk,
    JobKey,
    MaskedVector,
    Proposal,
    Refusal,
    SealedFrame,
    StepAsk,
    StepStatement,
    Verdict,
)
from xinqiao_governance.wire import Ask as WireAsk
from xinqiao_ledger.bundle import export
from xinqiao_ledger.log import Log
from xinqiao_ledger.trust import Trust, TrustedKey
from xinqiao_models.parameters import parameters_digest
from xinqiao_models.plans import plan_of
from xinqiao_platform.centre import LOG_ORIGIN, Centre
from xinqiao_platform.channel import Ask, Proven
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import Job, JobResult, Refused
from xinqiao_platform.ordering import write_order

PASSPHRASE = "correct horse battery staple"
NOW = 1_800_000_000
PURPOSE = "career_development"
CAP = Spend(2_000_000, 20_000)
SPEND = Spend(1_000_000, 10_000)

MODEL = ModelSpec(
    name="synthetic-career",
    features=(
        NumericFeature("age", (30 * MICRO, 45 * MICRO)),
        CategoryFeature("grade", ("A", "B")),
    ),
    label=ThresholdLabel("pay", 100 * MICRO),
)


def dataset(owner: str = "dept", model: ModelSpec = MODEL) -> Dataset:
    """The catalogue of the synthetic table, with the bins of `model`."""
    return Dataset(
        dataset_id="staff",
        title="synthetic staff",
        columns=(
            Column("id", "person", "identifier", Tier.CORE, confirmed_by="steward"),
            Column("age", "age", "number", Tier.SENSITIVE, bins=model.features[0], confirmed_by="steward"),
            Column("grade", "grade", "text", Tier.SENSITIVE, bins=model.features[1], confirmed_by="steward"),
            Column("pay", "pay", "number", Tier.CORE, confirmed_by="steward"),
        ),
        person="id",
        purposes=(PURPOSE,),
        owner=owner,
    )


CONTRACT = """\
dataset: staff
person: id
columns:
  id: {type: text, unique: true}
  age: {type: number}
  grade: {type: text, missing: allowed}
  pay: {type: number}
"""
"""The contract of the synthetic table."""


def table(seed: int, people: int = 60) -> dict[str, NDArray]:
    """A synthetic table; the seed makes the data, never the noise."""
    random = np.random.default_rng(seed)
    age = random.uniform(20, 60, people)
    return {
        "id": np.array([f"p{seed}-{number}" for number in range(people)], dtype=object),
        "age": age,
        "grade": random.choice(np.array(["A", "B", None], dtype=object), people),
        "pay": 60 + age + random.normal(0, 10, people),
    }


@dataclass
class Site:
    """One department of the simulation."""

    home: Home
    node: DataNode
    log: Log | None = None
    passphrase: str = PASSPHRASE

    @property
    def id(self) -> bytes:
        return self.node.fingerprint


@dataclass
class Enterprise:
    """The centre, the departments, and a clock that the test moves."""

    root: Path
    centre: Centre
    sites: list[Site]
    now: list[int] = field(default_factory=lambda: [NOW])
    model: ModelSpec = MODEL

    def order(
        self,
        *,
        spend: Spend = SPEND,
        purpose: str = PURPOSE,
        output: Output = Output.MASKED_SUM,
        approve: bool = True,
        people: int = 1_000,
        sites: Sequence[Site] | None = None,
        **fields: object,
    ) -> Signed[Order]:
        """A signed order for all departments, approved by every steward unless told otherwise."""
        chosen = self.sites if sites is None else sites
        signed = write_order(
            self.centre,
            model=self.model,
            people={site.id: people for site in chosen},
            spend=spend,
            purpose=purpose,
            legal_basis="staff_consent",
            output=output,
            **fields,
        )
        if approve:
            for site in self.sites:
                site.home.approve(signed, "steward")
        return signed

    def closing(self, order: bytes, model_digest: bytes, failed: str) -> ClosingAsk:
        """The operator's closing of an order's job."""
        return ClosingAsk(self.centre.operator.seal(Closing(order, model_digest, bytes(32), failed)))

    def channel(self, **lies: object) -> "DirectChannel":
        """A channel straight to the nodes."""
        return DirectChannel({str(number): site.node for number, site in enumerate(self.sites, 1)}, **lies)

    def reopen(self, site: Site) -> Site:
        """Open a department's home again, as after a restart."""
        site.home.close()
        return Site(*_open(site.home.path, self.now), self.centre.log)

    def close(self) -> None:
        for site in self.sites:
            site.home.close()
        self.centre.close()


def found(
    root: Path,
    departments: int = 4,
    *,
    minimum_members: int = 3,
    people: int = 60,
    cap: Spend = CAP,
    model: ModelSpec = MODEL,
    tables: Sequence[dict[str, NDArray]] = (),
    national: bool = False,
) -> Enterprise:
    """Make an enterprise of departments that have all confirmed each other; `tables` holds a table of each,
    synthetic ones by default. A `national` one has its log under SM3 and SM2.
    """
    now = [NOW]
    if national:
        Centre.found_national(root / "centre")
    centre = Centre(root / "centre", clock=lambda: now[0])
    sites = []
    for number in range(departments):
        settings = Settings(
            name=f"dept-{number}",
            operator=centre.operator.fingerprint,
            log_key=centre.log_key.public,
            log_origin=LOG_ORIGIN,
            minimum_members=minimum_members,
            log_sm2=centre.log_sm2,
        )
        home = Home.create(root / f"dept-{number}", settings, PASSPHRASE, clock=lambda: now[0])
        known, rows = dataset(settings.name, model), tables[number] if tables else table(number, people)
        home.adopt(known, CONTRACT, home.store.write(known, rows), cap, "steward")
        sites.append(Site(home, DataNode(home), centre.log))
    for site in sites:
        for peer in sites:
            if peer is not site:
                site.home.confirm(peer.id, peer.home.settings.name, "steward")
    return Enterprise(root, centre, sites, now, model)


def reopened(root: Path) -> Enterprise:
    """The enterprise that was founded at `root`, as another process finds it on the disk."""
    now = [NOW]
    centre = Centre(root / "centre", clock=lambda: now[0])
    homes = sorted(root.glob("dept-*"), key=lambda path: int(path.name.removeprefix("dept-")))
    return Enterprise(root, centre, [Site(*_open(path, now), centre.log) for path in homes], now)


def tell(site: Site, ask: WireAsk, parameters: NDArray[np.float64] | None = None) -> Answer:
    """Ask a department by hand and return its signed answer; its events go into the log, if it knows one."""
    wire = AskFrame(ask).encode()
    proven = Proven(site.node.answer(wire, parameters), Ask(wire))
    assert proven.node == site.id
    pending = site.home.book.pending()
    if pending and site.log is not None:
        receipt = site.log.receipt(site.log.append([event.leaf for event in pending]))
        site.home.book.receipted(dumps(receipt.to_json()), pending[-1].seq)
        site.home.book.waiting()  # on the disk, for whoever opens the home next
    return proven.answer


def reason_of(answer: Answer) -> str:
    """The reason code of a refusal; any other answer is a failed test."""
    assert isinstance(answer, Refusal), answer.KIND
    return answer.reason


@dataclass
class HandCentre:
    """A centre played by hand: it may send any member any statement, signed by the real operator."""

    enterprise: Enterprise
    order: Signed[Order]
    keys: dict[bytes, Signed[JobKey]] = field(default_factory=dict)

    def propose(self) -> dict[bytes, str]:
        """Propose the order to every department; keep the job keys and return the reason codes."""
        reasons = {}
        for site in self.enterprise.sites:
            verdict = tell(site, Proposal(self.order))
            assert isinstance(verdict, Verdict)
            reasons[site.id] = verdict.reason
            if verdict.job_key is not None:
                self.keys[site.id] = verdict.job_key
        return reasons

    def closing(self, failed: str = "") -> ClosingAsk:
        """The operator's closing of the job."""
        return self.enterprise.closing(self.order.body.digest, bytes(32), failed)

    @property
    def zeros(self) -> NDArray[np.float64]:
        return np.zeros(self.order.body.model.parameters)

    def statement(
        self,
        step: int = 1,
        parameters: NDArray[np.float64] | None = None,
        roster: Sequence[Signed[JobKey]] | None = None,
        **changes: object,
    ) -> Signed[StepStatement]:
        """An honest statement for all members, but for what the test changes in it."""
        plan = plan_of(self.order.body)
        chosen = tuple(self.keys[node] for node in sorted(self.keys)) if roster is None else tuple(roster)
        size = min(max(len(chosen), plan.smallest_roster), plan.members)
        honest = StepStatement(
            order=self.order.body.digest,
            step=step,
            roster=chosen,
            parameters=parameters_digest(self.zeros if parameters is None else parameters),
            scale=plan.scale,
            variance=plan.variance,
            share_variance=plan.share_variance(size),
            sampling_micro=plan.sampling_micro,
        )
        return self.enterprise.centre.operator.seal(replace(honest, **changes))

    def ask(
        self, site: Site, statement: Signed[StepStatement], parameters: NDArray[np.float64] | None = None
    ) -> Answer:
        """Send a step to one department."""
        return tell(site, StepAsk(statement), self.zeros if parameters is None else parameters)

    def vector(
        self, site: Site, statement: Signed[StepStatement], parameters: NDArray[np.float64] | None = None
    ) -> NDArray[np.uint32]:
        """The words of a department that answers."""
        answer = self.ask(site, statement, parameters)
        assert isinstance(answer, MaskedVector), answer
        return np.frombuffer(answer.words, dtype="<u4").astype(np.uint32)


def run_job(
    enterprise: Enterprise,
    order: Signed[Order],
    channel: "DirectChannel | None" = None,
    *,
    patience_s: float = 0.0,
    tries: int = 1,
) -> tuple[JobResult, "Silent", tuple[Refused, ...]]:
    """Run a whole job over a channel, or go on with it; what refused does not stop it."""
    watcher = Silent()
    departments = Departments(
        enterprise.centre, channel or enterprise.channel(), order.body.nodes, timeout_s=1.0
    )
    job = Job(enterprise.centre, departments, order, watcher, patience_s=patience_s, tries=tries)
    refused = job.propose()
    return job.train(), watcher, refused


def bundle_of(enterprise: Enterprise, result: JobResult) -> bytes:
    """The evidence of a finished job, without witnesses or anchor."""
    note = enterprise.centre.log.checkpoint()
    return export(
        enterprise.centre.log, checkpoint=note, order=result.order, receipts=result.receipts, card=result.card
    )


def trust_of(enterprise: Enterprise) -> Trust:
    """The trust file that an auditor would write from the cards."""
    departments = tuple(TrustedKey(s.home.settings.name, s.home.identity.public) for s in enterprise.sites)
    return Trust(
        origin=LOG_ORIGIN,
        log_key=enterprise.centre.log_key.public,
        operator=enterprise.centre.operator.public,
        departments=departments,
        witnesses=(),
        witness_threshold=0,
        chain=None,
    )


def _open(path: Path, now: list[int]) -> tuple[Home, DataNode]:
    home = Home.open(path, PASSPHRASE, clock=lambda: now[0])
    return home, DataNode(home)


class DirectChannel:
    """A `Channel` straight to nodes that may lose (None) or replace messages.

    `change` is what a department says instead: the frame's bytes, which it signs. `relay` is what whoever
    carries the answer makes of it: the bytes with their signature; it has nobody's key.
    """

    def __init__(
        self,
        nodes: Mapping[str, DataNode],
        change: Callable[[str, bytes], bytes | None] | None = None,
        change_ask: Callable[[str, Ask], Ask | None] | None = None,
        relay: Callable[[str, bytes], bytes | None] | None = None,
    ) -> None:
        self._nodes = dict(nodes)
        self._change = change or (lambda _address, answer: answer)
        self._change_ask = change_ask or (lambda _address, ask: ask)
        self._relay = relay or (lambda _address, answer: answer)
        self.transcript: list[tuple[str, Ask, bytes]] = []
        self.away: set[str] = set()  # addresses that are offline now

    def move(self, old: str, new: str) -> None:
        """Give a department another address, as a restarted agent has."""
        self._nodes[new] = self._nodes.pop(old)

    def members(self) -> Sequence[str]:
        return sorted(self._nodes.keys() - self.away)

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        answers = {}
        for address, ask in asks.items():
            sent = self._change_ask(address, ask)
            if sent is None or address in self.away or address not in self._nodes:
                continue
            answer = self._nodes[address].answer(sent.wire, sent.parameters)
            self.transcript.append((address, sent, answer))
            frame = self._change(address, SealedFrame.decode(answer).frame)
            if frame is None:
                continue
            identity = self._nodes[address]._home.identity
            carried = self._relay(address, wires.seal(identity, sent.wire, frame))
            if carried is not None:
                answers[address] = carried
        return answers


class Silent:
    """A watcher that keeps what it saw."""

    def __init__(self) -> None:
        self.decisions: dict[bytes, str] = {}
        self.voids: list[int] = []

    def decided(self, node: bytes, reason: str) -> None:
        self.decisions[node] = reason

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        if void:
            self.voids.append(step)
