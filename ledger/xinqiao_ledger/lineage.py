"""Lineage: from a column to every job, model and figure that used it, and from a figure back to its sources.

A graph whose edges run with the data: department → dataset version → column → job → output → card, and
approval, decision, spend and steps → job. A model that a department fits a local layer on leads on to that
local use. Each edge names the entry of the log that proves it, so that it can be exported as the evidence of
an event. What the log says is the graph; orders, where the centre kept them, add names and figures.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from xinqiao_governance.canonical import Json
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.ids import the_only
from xinqiao_ledger.reader import Reader, Wanted
from xinqiao_ledger.suite import SHA256_ED25519, Suite, tree_hash

KINDS = (
    Kind.IMPORT,
    Kind.ORDER,
    Kind.APPROVE,
    Kind.DECISION,
    Kind.RESERVE,
    Kind.INTENT,
    Kind.STEP,
    Kind.PUBLISH,
)
"""What a lineage is made of."""


def entries_of_jobs(reader: Reader, jobs: Collection[str]) -> list[tuple[int, Event]]:
    """Return what a lineage of these jobs (hex) needs of a log: also local uses of what they gave."""
    found = {index: event for job in jobs for index, event in reader.find(Wanted(job=job, kinds=KINDS))}
    outputs = {event.output_digest for event in found.values() if event.kind is Kind.PUBLISH}
    for index, event in reader.find(Wanted(kinds=(Kind.IMPORT, Kind.INTENT))):
        if event.kind is Kind.IMPORT or event.output_digest in outputs:
            found[index] = event
    return sorted(found.items(), key=_by_index)


def entries_of_column(reader: Reader, semantic: str) -> Iterator[tuple[int, Event]]:
    """Yield what a lineage of a column needs of a log: who read it, and what was published or used inside."""
    for index, event in reader.find(Wanted(kinds=(Kind.ORDER, Kind.INTENT, Kind.PUBLISH))):
        read = event.kind is Kind.INTENT
        if not read or event.output_digest is not None or semantic in (event.columns or ()):
            yield index, event


def jobs_of_output(reader: Reader, prefix: str) -> tuple[str, set[str]]:
    """Return the one published digest (hex) that begins with `prefix`, and the jobs that published it.

    Raises:
        UsageInvalid: no hex, none, or several.
    """
    published: defaultdict[str, set[str]] = defaultdict(set)
    for _, event in reader.find(Wanted(kinds=(Kind.PUBLISH,))):
        published[event.output_digest or ""].add(event.job or "")
    output = the_only(
        lambda first, last: [one for one in published if first.hex() <= one <= last.hex()], prefix
    )
    return output, published[output]


def _by_index(entry: tuple[int, Event]) -> int:
    return entry[0]


@dataclass
class Node:
    """Something that data came from, went through or became; `facts` are plain."""

    id: str
    kind: str
    facts: dict[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Return it as graph data."""
        return {"id": self.id, "kind": self.kind, **self.facts}


@dataclass(frozen=True)
class Edge:
    """From `source` to `target`, by the entry of the log at index `entry` with the leaf hash `hash` (hex)."""

    source: str
    target: str
    entry: int
    hash: str

    def to_json(self) -> dict[str, Json]:
        """Return it as graph data."""
        return {"source": self.source, "target": self.target, "entry": self.entry, "hash": self.hash}


class Lineage:
    """A graph of nodes by id, and edges by (source, target)."""

    def __init__(self, nodes: Mapping[str, Node] | None = None, edges: Iterable[Edge] = ()) -> None:
        self.nodes = dict(nodes or {})
        self.edges = {(edge.source, edge.target): edge for edge in edges}

    @classmethod
    def of(
        cls,
        entries: Iterable[tuple[int, Event]],
        facts: Mapping[str, Mapping[str, Json]] | None = None,
        suite: Suite = SHA256_ED25519,
    ) -> "Lineage":
        """Build the graph of (index, event) of a log of this suite.

        `facts` adds to a job (order's digest in hex) what is known.
        """
        graph = cls()
        for index, event in entries:
            take = _TAKE.get(event.kind)
            if take is not None:
                take(_Writer(graph, index, event, suite))
        for job, known in (facts or {}).items():
            graph._know(job, known)
        return graph

    def forward(self, semantic: str, *, dataset: str | None = None, node: str | None = None) -> "Lineage":
        """Return what came of a column: jobs, models, figures, local uses; in one dataset or department."""
        starts = [
            known.id
            for known in self.nodes.values()
            if (known.kind, known.facts.get("semantic")) == ("column", semantic)
            and dataset in (None, known.facts.get("dataset"))
            and node in (None, known.facts.get("department"))
        ]
        return self._part(self._after(starts))

    def back(self, output: str) -> "Lineage":
        """Return what an output (digest in hex) came of: sources, approvals, decisions, spend."""
        return self._part(self._before([f"output:{output}"]))

    def of_job(self, job: str) -> "Lineage":
        """Return what a job (order's digest in hex) came of, and what came of it."""
        start = [f"job:{job}"]
        return self._part(self._after(start) | self._before(start))

    def to_json(self) -> dict[str, Json]:
        """Return the graph as data for charts: nodes with id and kind, edges with source and target."""
        return {
            "nodes": [node.to_json() for node in self.nodes.values()],
            "edges": [edge.to_json() for edge in self.edges.values()],
        }

    def of_kind(self, kind: str) -> list[Node]:
        """Return the nodes of a kind, in the order in which the log tells of them."""
        return [node for node in self.nodes.values() if node.kind == kind]

    def sources(self, target: str) -> list[tuple[Node, Edge]]:
        """Return what leads to a node, and by which edge."""
        return [(self.nodes[edge.source], edge) for edge in self._into.get(target, ())]

    def targets(self, source: str) -> list[tuple[Node, Edge]]:
        """Return what a node leads to, and by which edge."""
        return [(self.nodes[edge.target], edge) for edge in self._out_of.get(source, ())]

    @cached_property
    def _into(self) -> Mapping[str, list[Edge]]:
        return _by(self.edges.values(), lambda edge: edge.target)

    @cached_property
    def _out_of(self) -> Mapping[str, list[Edge]]:
        return _by(self.edges.values(), lambda edge: edge.source)

    def _know(self, job: str, known: Mapping[str, Json]) -> None:
        node = self.nodes.get(f"job:{job}")
        if node is None:
            return
        node.facts |= known
        if known.get("family") == "histogram":
            for output, _ in self.targets(node.id):
                output.facts["what"] = "figure"

    def _after(self, starts: Iterable[str]) -> set[str]:
        return self._reach(starts, lambda node: [edge.target for edge in self._out_of.get(node, ())])

    def _before(self, starts: Iterable[str]) -> set[str]:
        return self._reach(starts, lambda node: [edge.source for edge in self._into.get(node, ())])

    def _reach(self, starts: Iterable[str], steps: Callable[[str], Iterable[str]]) -> set[str]:
        seen: set[str] = set()
        waiting = [start for start in starts if start in self.nodes]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += steps(node)
        return seen

    def _part(self, kept: Collection[str]) -> "Lineage":
        nodes = {name: node for name, node in self.nodes.items() if name in kept}
        edges = [edge for edge in self.edges.values() if edge.source in kept and edge.target in kept]
        return Lineage(nodes, edges)


def _by(edges: Iterable[Edge], end: Callable[[Edge], str]) -> Mapping[str, list[Edge]]:
    found: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[end(edge)].append(edge)
    return found


class _Writer:
    """Puts what one event says into the graph."""

    def __init__(self, graph: Lineage, index: int, event: Event, suite: Suite) -> None:
        self.graph = graph
        self.index = index
        self.event = event
        self.hash = tree_hash(event, suite).hex()

    def node(self, kind: str, *names: str | None, **facts: Json) -> str:
        """Make a node if it is not there, add what is known now, and return its id."""
        name = ":".join([kind, *(part or "" for part in names)])
        known = {key: value for key, value in facts.items() if value is not None}
        self.graph.nodes.setdefault(name, Node(name, kind)).facts.update(known)
        return name

    def edge(self, source: str, target: str, *, newest: bool = False) -> None:
        """Make an edge; the first event that proves it is named, or the newest."""
        edge = Edge(source, target, self.index, self.hash)
        if newest or (source, target) not in self.graph.edges:
            self.graph.edges[(source, target)] = edge

    @property
    def department(self) -> str:
        """The node of whoever wrote the event."""
        return self.node("department", self.event.node, department=self.event.node)

    @property
    def job(self) -> str:
        """The node of the job that the event names."""
        event = self.event
        return self.node(
            "job", event.job, job=event.job, purpose=event.purpose, legal_basis=event.legal_basis
        )

    @property
    def dataset(self) -> str:
        """The node of the version of the dataset that the event names."""
        event = self.event
        facts: dict[str, Json] = {
            "department": event.node,
            "dataset": event.dataset,
            "version": event.dataset_digest,
            "tier": event.tier,
        }
        made = self.node("dataset", event.node, event.dataset, event.dataset_digest, **facts)
        self.edge(self.department, made)
        return made

    def read_into(self, target: str) -> None:
        """Lead from the columns that the event names to what they were read for."""
        event = self.event
        if event.dataset is None:
            return
        for semantic in event.columns or ():
            names = (event.node, event.dataset, event.dataset_digest, semantic)
            facts: dict[str, Json] = {"department": event.node, "dataset": event.dataset}
            column = self.node("column", *names, semantic=semantic, **facts)
            self.edge(self.dataset, column)
            self.edge(column, target)

    def about_job(self, kind: str, **facts: Json) -> None:
        """Lead from the department to its word on the job, and from that to the job."""
        said = self.node(kind, self.event.job, self.event.node, department=self.event.node, **facts)
        self.edge(self.department, said, newest=True)
        self.edge(said, self.job, newest=True)

    def local_use(self) -> None:
        """A department's own use of a published model on its own data: nothing of it leaves."""
        event = self.event
        use = self.node(
            "local", event.node, event.job, department=event.node, action=event.action, purpose=event.purpose
        )
        if f"output:{event.output_digest}" in self.graph.nodes:
            self.edge(f"output:{event.output_digest}", use)
        self.read_into(use)


def _import(told: _Writer) -> None:
    _ = told.dataset


def _order(told: _Writer) -> None:
    operator = told.node("operator", told.event.node, department=told.event.node)
    told.edge(operator, told.job)


def _approve(told: _Writer) -> None:
    told.about_job("approval", actor=told.event.actor)


def _decision(told: _Writer) -> None:
    if told.event.output_digest is None:
        told.about_job("decision", decision=told.event.decision, reason=told.event.reason)


def _reserve(told: _Writer) -> None:
    spend = told.event.spend
    told.about_job("spend", **(spend.to_json() if spend else {}))


def _intent(told: _Writer) -> None:
    """A local use names the model that it starts from; a job has none before its end."""
    if told.event.output_digest is not None:
        told.local_use()
    else:
        told.read_into(told.job)


def _step(told: _Writer) -> None:
    steps = told.node("steps", told.event.job)
    facts = told.graph.nodes[steps].facts
    reason = told.event.reason or ""
    counted = facts.get(reason, 0)
    facts[reason] = 1 + (counted if isinstance(counted, int) else 0)
    told.edge(steps, told.job, newest=True)


def _publish(told: _Writer) -> None:
    event = told.event
    output = told.node("output", event.output_digest, digest=event.output_digest, what="model")
    told.edge(told.job, output)
    if event.card_digest is not None:
        told.edge(output, told.node("card", event.card_digest, digest=event.card_digest))


_TAKE: Mapping[Kind, Callable[[_Writer], None]] = {
    Kind.IMPORT: _import,
    Kind.ORDER: _order,
    Kind.APPROVE: _approve,
    Kind.DECISION: _decision,
    Kind.RESERVE: _reserve,
    Kind.INTENT: _intent,
    Kind.STEP: _step,
    Kind.PUBLISH: _publish,
}
