"""A small enterprise in memory and a temporary folder: a centre, departments, and a channel that can misbehave.

Departments are real `DataNode`s with real homes; only the tables are small and synthetic. The channel stands
in for Flower and can lose, delay or change messages on request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xinqiao_clients.home import Home, Settings
from xinqiao_clients.node import DataNode
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.model_spec import MICRO, CategoryFeature, ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_governance.order import Order, Output, Spend
from xinqiao_governance.signed import Signed
from xinqiao_platform.centre import LOG_ORIGIN, Centre
from xinqiao_platform.channel import Ask
from xinqiao_platform.ordering import write_order

PASSPHRASE = "correct horse battery staple"
NOW = 1_800_000_000
PURPOSE = "career_development"
CAP = Spend(2_000_000, 20_000)

MODEL = ModelSpec(
    name="synthetic-career",
    features=(
        NumericFeature("age", (30 * MICRO, 45 * MICRO)),
        CategoryFeature("grade", ("A", "B")),
    ),
    label=ThresholdLabel("pay", 100 * MICRO),
)


def dataset(owner: str = "dept") -> Dataset:
    """The catalogue of the synthetic table."""
    return Dataset(
        dataset_id="staff",
        title="synthetic staff",
        columns=(
            Column("id", "person", "identifier", Tier.CORE, confirmed_by="steward"),
            Column("age", "age", "number", Tier.SENSITIVE, confirmed_by="steward"),
            Column("grade", "grade", "text", Tier.SENSITIVE, confirmed_by="steward"),
            Column("pay", "pay", "number", Tier.CORE, confirmed_by="steward"),
        ),
        person="id",
        purposes=(PURPOSE,),
        owner=owner,
    )


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

    def order(
        self,
        *,
        spend: Spend = Spend(1_000_000, 10_000),
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
            model=MODEL,
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

    def channel(self, **lies: object) -> "DirectChannel":
        """A channel straight to the nodes."""
        return DirectChannel({str(number): site.node for number, site in enumerate(self.sites, 1)}, **lies)

    def reopen(self, site: Site) -> Site:
        """Open a department's home again, as after a restart."""
        site.home.close()
        return Site(*_open(site.home.path, self.now))

    def close(self) -> None:
        for site in self.sites:
            site.home.close()
        self.centre.close()


def found(root: Path, departments: int = 4, *, minimum_members: int = 3, people: int = 60) -> Enterprise:
    """Make an enterprise of synthetic departments that have all confirmed each other."""
    now = [NOW]
    centre = Centre(root / "centre", clock=lambda: now[0])
    sites = []
    for number in range(departments):
        settings = Settings(
            f"dept-{number}", centre.operator.fingerprint, centre.log_key.public, LOG_ORIGIN, minimum_members
        )
        home = Home.create(root / f"dept-{number}", settings, PASSPHRASE, clock=lambda: now[0])
        version = home.store.write(dataset(settings.name), table(number, people))
        home.adopt(dataset(settings.name), "synthetic contract", version, CAP, "steward")
        sites.append(Site(home, DataNode(home)))
    for site in sites:
        for peer in sites:
            if peer is not site:
                site.home.confirm(peer.id, peer.home.settings.name, "steward")
    return Enterprise(root, centre, sites, now)


def _open(path: Path, now: list[int]) -> tuple[Home, DataNode]:
    home = Home.open(path, PASSPHRASE, clock=lambda: now[0])
    return home, DataNode(home)


class DirectChannel:
    """A `Channel` straight to nodes. `change` may replace or drop any answer (None drops it)."""

    def __init__(
        self,
        nodes: Mapping[str, DataNode],
        change: Callable[[str, bytes], bytes | None] | None = None,
        change_ask: Callable[[str, Ask], Ask | None] | None = None,
    ) -> None:
        self._nodes = dict(nodes)
        self._change = change or (lambda _address, answer: answer)
        self._change_ask = change_ask or (lambda _address, ask: ask)
        self.transcript: list[tuple[str, Ask, bytes]] = []

    def members(self) -> Sequence[str]:
        return sorted(self._nodes)

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        answers = {}
        for address, ask in asks.items():
            sent = self._change_ask(address, ask)
            if sent is None:
                continue
            answer = self._nodes[address].answer(sent.wire, sent.parameters)
            self.transcript.append((address, sent, answer))
            changed = self._change(address, answer)
            if changed is not None:
                answers[address] = changed
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
