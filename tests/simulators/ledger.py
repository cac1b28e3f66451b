"""A small enterprise that really runs one job into a real log: departments, operator, witnesses.

`Plan` says how it misbehaves; `edit` changes a finished bundle and closes it again with a right digest.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.card import ordered_facts, ordered_privacy
from xinqiao_governance.model_spec import ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_governance.order import Department, Order, Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_governance.wire import JobReceipt
from xinqiao_ledger.anchor import AnchorRecord
from xinqiao_ledger.bundle import card_digest, export, export_event, export_period
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.log import Log
from xinqiao_ledger.period import LATE_S
from xinqiao_ledger.signing import SigningKey, fingerprint
from xinqiao_ledger.trust import Keeper, Trust, TrustedChain, TrustedKey, TrustedWitness
from xinqiao_ledger.witness import Witness

ORIGIN = "log.example/xinqiao"
CONTRACT = "0x" + "5B" * 20
MODEL = sha256(b"the model").digest()
NOW = 1_800_000_100
SPEND = Spend(1_000_000, 10_000)


def hexed(*parts: object) -> str:
    """A digest to fill a field with."""
    return sha256(repr(parts).encode()).hexdigest()


class Node:
    """An identity with its own journal."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.key = SigningKey.generate()
        self.id = self.key.fingerprint.hex()
        self.journal: list[Event] = []

    def write(self, kind: Kind, *, time: int | None = None, **fields: Any) -> Event:
        last = self.journal[-1] if self.journal else None
        event = Event(
            kind=kind,
            node=self.id,
            seq=last.seq + 1 if last else 1,
            prev=last.hash.hex() if last else GENESIS,
            time=1_800_000_000 + len(self.journal) if time is None else time,
            actor=hexed("actor")[:16],
            role="steward",
            action=f"{kind.value} of a job",
            **fields,
        )
        self.journal.append(event)
        return event


@dataclass(frozen=True)
class Plan:
    """How the job goes; the default is an honest one."""

    answers: int = 3
    steps: tuple[int, ...] = (1, 2, 3)
    statement: Callable[[int, int], str] = lambda member, step: hexed("statement", step)
    course: tuple[Kind, ...] = (Kind.DECISION, Kind.RESERVE, Kind.INTENT, Kind.RELEASE, Kind.OUTCOME)
    decision: str = "allow"
    spend: Spend = SPEND
    order_first: bool = True
    published: bytes = MODEL
    witnesses_kept_by: Keeper = "independent"
    log_card: bool = True
    logged: tuple[int, ...] | None = None
    outcome: str = "completed"
    anchored: bool = True
    members: int | None = 3
    released: tuple[int, ...] = (0, 1, 2)  # by number, the departments that release
    steps_by_operator: bool = True


class Enterprise:
    """Three departments, an operator, a log and two witnesses, all in `folder`."""

    def __init__(self, folder: Path, plan: Plan | None = None) -> None:
        self.plan = plan or Plan()
        self.folder = folder
        self.now = NOW
        self.operator = Node("operator")
        self.departments = sorted((Node(f"department {n}") for n in range(3)), key=lambda node: node.id)
        self.log = Log(folder / "log.sqlite", SigningKey.generate(), ORIGIN)
        self.witnesses = [self._witness(n) for n in range(2)]
        self.order = self.operator.key.seal(self._order())
        self.job = self.order.body.digest.hex()
        self.card = self._card()
        self.note = ""

    def run(self) -> bytes:
        """Run the job and return its bundle."""
        early = [node.write(Kind.IMPORT, dataset="staff") for node in self.departments]
        self.append(early)
        order = self.operator.write(Kind.ORDER, job=self.job)
        if self.plan.order_first:
            self.append([order])
        for member, node in enumerate(self.departments):
            self.append(self._course(member, node))
        if not self.plan.order_first:
            self.append([order])
        self.append(self._steps())
        self.publish()
        return self.bundle()

    def publish(self) -> None:
        named = card_digest(self.card) if self.plan.log_card else None
        fields = {"output_digest": self.plan.published.hex(), "card_digest": named}
        self.append([self.operator.write(Kind.PUBLISH, job=self.job, **fields)])

    def append(self, events: list[Event]) -> None:
        self.log.append([event.leaf for event in events])

    def cosigned(self) -> str:
        note = self.log.checkpoint()
        size = SignedCheckpoint.parse(note).checkpoint.size
        lines = [w.cosign(note, w.size, self.log.consistency(w.size, size)) for w in self.witnesses]
        return note + "".join(lines)

    def receipts(self) -> list[Signed[JobReceipt]]:
        return [self.receipt(node) for node in self.departments]

    def receipt(self, node: Node) -> Signed[JobReceipt]:
        head = node.journal[-1]
        order = self.order.body.digest
        first = min((event.seq for event in node.journal if event.job == self.job), default=1)
        card = bytes.fromhex(card_digest(self.card))
        body = JobReceipt(node.key.fingerprint, order, first, head.seq, head.hash, MODEL, card)
        return node.key.seal(body)

    def _card(self) -> dict[str, Json]:
        order = self.order.body
        steps = len(set(self.plan.steps)) if self.plan.logged is None else len(self.plan.logged)
        privacy = {**ordered_privacy(order), "steps": steps, "void_steps": 0}
        return {**ordered_facts(order), "model_digest": MODEL.hex(), "privacy": privacy}

    def _steps(self) -> list[Event]:
        steps = sorted(set(self.plan.steps)) if self.plan.logged is None else self.plan.logged
        writer = self.operator if self.plan.steps_by_operator else self.departments[0]
        return [
            writer.write(
                Kind.STEP,
                job=self.job,
                step=step,
                statement=self.plan.statement(0, step),
                reason="good",
                members=self.plan.members,
            )
            for step in steps
        ]

    def bundle(self, **pieces: Any) -> bytes:
        self.note = self.cosigned()
        anchor = self.anchor() if self.plan.anchored else None
        standard = {"checkpoint": self.note, "order": self.order, "card": self.card, "anchor": anchor}
        return export(self.log, **{**standard, "receipts": self.receipts(), **pieces})

    def event_bundle(self, index: int) -> bytes:
        self.note = self.cosigned()
        return export_event(self.log, index, checkpoint=self.note, anchor=self.anchor())

    def period_bundle(self, since: int, until: int) -> bytes:
        """The bundle of a period that is over: the witnesses cosign LATE_S after it or later."""
        self.now = max(self.now, until + LATE_S)
        self.note = self.cosigned()
        marks = {"operator": self.operator.id, "checkpoint": self.note, "anchor": self.anchor()}
        return export_period(self.log, since, until, **marks)

    def anchor(self) -> AnchorRecord:
        size = self.log.size
        zero = "0x" + "0" * 64
        return AnchorRecord(31337, CONTRACT, zero, 1, zero, 1_800_000_100, size, self.log.root(), "operator")

    def trust(self) -> Trust:
        kept = self.plan.witnesses_kept_by
        return Trust(
            origin=ORIGIN,
            log_key=self.log.public,
            operator=self.operator.key.public,
            departments=tuple(TrustedKey(node.name, node.key.public) for node in self.departments),
            witnesses=tuple(TrustedWitness(w.name, w.public, kept) for w in self.witnesses),
            witness_threshold=2,
            chain=TrustedChain(31337, CONTRACT, "operator"),
        )

    def close(self) -> None:
        self.log.close()
        for witness in self.witnesses:
            witness.close()

    def _course(self, member: int, node: Node) -> list[Event]:
        fields: dict[Kind, dict[str, Any]] = {
            Kind.DECISION: {"decision": self.plan.decision, "reason": "allowed"},
            Kind.RESERVE: {"spend": self.plan.spend},
            Kind.OUTCOME: {"reason": self.plan.outcome, "output_digest": MODEL.hex()},
        }
        events = []
        for kind in self.plan.course:
            if kind is Kind.RELEASE and member not in self.plan.released:
                continue
            if kind is Kind.RELEASE:
                events += [self._release(member, node, step) for step in self.plan.steps]
            else:
                events.append(node.write(kind, job=self.job, **fields.get(kind, {})))
        return events

    def _release(self, member: int, node: Node, step: int) -> Event:
        statement = self.plan.statement(member, step)
        masked = hexed("masked", member, step)
        return node.write(Kind.RELEASE, job=self.job, step=step, statement=statement, output_digest=masked)

    def _witness(self, n: int) -> Witness:
        path = self.folder / f"witness{n}.sqlite"
        name, clock = f"witness.example/w{n}", lambda: self.now
        return Witness(path, SigningKey.generate(), self.log.public, ORIGIN, name=name, clock=clock)

    def _order(self) -> Order:
        spec = ModelSpec("career", (NumericFeature("age", (30_000_000,)),), ThresholdLabel("income", 1))
        return Order(
            purpose="career-development",
            output=Output.MASKED_SUM,
            legal_basis="consent",
            model=spec,
            departments=tuple(Department(node.key.fingerprint, 100) for node in self.departments),
            epsilon_micro=SPEND.epsilon_micro,
            delta_nano=SPEND.delta_nano,
            collusion=1,
            homes=1,
            answers=self.plan.answers,
            clip_micro=1_000_000,
            scale=1_000,
            variance=1_000,
            sampling_micro=1_000_000,
            created=1_800_000_000,
            expires=1_800_086_400,
            nonce=bytes(16),
        )


Row = list[Any]


def rows_of(bundle: bytes) -> list[Row]:
    """The bundle's lines as JSON, without the closing one."""
    return [json.loads(line) for line in bundle.splitlines()[:-1]]


def close_rows(rows: list[Row]) -> bytes:
    """Write the lines canonically under a right closing digest."""
    data = b"".join(dumps(row) + b"\n" for row in rows)
    return data + dumps(["end", sha256(data).hexdigest()]) + b"\n"


def edit(bundle: bytes, change: Callable[[list[Row]], object]) -> bytes:
    """Change the lines in place and close the bundle again, as an attacker would."""
    rows = rows_of(bundle)
    change(rows)
    return close_rows(rows)


def row(rows: list[Row], tag: str, number: int = 0) -> Row:
    """The line with this tag, the first if there are more."""
    return [row for row in rows if row[0] == tag][number]


def impostor(signed: Signed[JobReceipt]) -> Signed[JobReceipt]:
    """The same receipt under a fresh key; the body still names the department."""
    return SigningKey.generate().seal(signed.body)


def renamed(signed: Signed[JobReceipt]) -> Signed[JobReceipt]:
    """The same receipt under a fresh key, with that key's own name in the body."""
    key = SigningKey.generate()
    return key.seal(replace(signed.body, node=fingerprint(key.public)))
