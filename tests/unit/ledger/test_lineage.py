"""Lineage over a made-up history: two departments, two versions of a table, two jobs, a local use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.ledger import Node, hexed
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Event, Kind
from xinqiao_ledger.lineage import (
    KINDS,
    Lineage,
    entries_of_column,
    entries_of_jobs,
    jobs_of_output,
)
from xinqiao_ledger.log import Log
from xinqiao_ledger.reader import Reader, Wanted
from xinqiao_ledger.signing import SigningKey

FIRST, SECOND, LOCAL, REFUSED = hexed("first"), hexed("second"), hexed("local"), hexed("refused")
MODEL, FIGURE, CARD = hexed("model"), hexed("figure"), hexed("card")
OLD, NEW = hexed("version 1"), hexed("version 2")


class History:
    """Nodes that write one after another into one list."""

    def __init__(self) -> None:
        self.north, self.south, self.operator = Node("north"), Node("south"), Node("operator")
        self.events: list[Event] = []
        for node in (self.north, self.south):
            self._import(node, OLD)
        self._job(FIRST, (self.north, self.south), OLD, ("age", "grade"), MODEL, CARD)
        self._import(self.north, NEW)
        self._job(SECOND, (self.north,), NEW, ("age",), FIGURE, None)
        self._write(self.south, Kind.DECISION, job=REFUSED, decision="refuse", reason="budget_exceeded")
        self._local(self.south)

    def _write(self, node: Node, kind: Kind, **fields: Any) -> None:
        self.events.append(node.write(kind, **fields))

    def _import(self, node: Node, version: str) -> None:
        self._write(node, Kind.IMPORT, dataset="staff", dataset_digest=version, tier="core")

    def _job(
        self,
        job: str,
        nodes: tuple[Node, ...],
        version: str,
        columns: tuple[str, ...],
        output: str,
        card: str | None,
    ) -> None:
        self._write(self.operator, Kind.ORDER, job=job, purpose="career_development")
        for node in nodes:
            facts: dict[str, Any] = {
                "dataset": "staff",
                "dataset_digest": version,
                "columns": columns,
                "job": job,
            }
            self._write(node, Kind.APPROVE, job=job, decision="allow")
            self._write(node, Kind.DECISION, **facts, decision="allow", reason="allowed")
            self._write(node, Kind.RESERVE, **facts, spend=Spend(1_000_000, 10_000))
            self._write(node, Kind.INTENT, **facts)
            step = {"step": 1, "statement": hexed(job, 1), "output_digest": hexed("masked")}
            self._write(node, Kind.RELEASE, **facts, **step)
        for step, reason in ((1, "good"), (2, "void"), (3, "good")):
            self._write(self.operator, Kind.STEP, job=job, step=step, reason=reason)
        self._write(self.operator, Kind.PUBLISH, job=job, output_digest=output, card_digest=card)

    def _local(self, node: Node) -> None:
        facts: dict[str, Any] = {
            "dataset": "staff",
            "dataset_digest": OLD,
            "columns": ("age", "pay"),
            "job": LOCAL,
            "output_digest": MODEL,
        }
        self._write(node, Kind.DECISION, **facts, decision="allow", reason="allowed")
        self._write(node, Kind.INTENT, **facts)
        self._write(node, Kind.OUTCOME, **facts, reason="ended")


@pytest.fixture(scope="module")
def history() -> History:
    return History()


@pytest.fixture(scope="module")
def graph(history: History) -> Lineage:
    facts = {SECOND: {"family": "histogram", "model": "ages"}}
    return Lineage.of(enumerate(history.events), facts)


def kinds(graph: Lineage) -> dict[str, int]:
    found: dict[str, int] = {}
    for node in graph.nodes.values():
        found[node.kind] = found.get(node.kind, 0) + 1
    return found


def test_a_column_leads_to_every_job_model_and_figure(graph: Lineage) -> None:
    found = graph.forward("age")
    assert {node.facts["job"] for node in found.of_kind("job")} == {FIRST, SECOND}
    outputs = {node.facts["digest"]: node.facts["what"] for node in found.of_kind("output")}
    assert outputs == {MODEL: "model", FIGURE: "figure"}
    assert [node.facts["digest"] for node in found.of_kind("card")] == [CARD]
    assert len(found.of_kind("local")) == 1
    assert {node.facts["job"] for node in graph.forward("grade").of_kind("job")} == {FIRST}


def test_a_column_may_be_of_one_department_or_dataset(graph: Lineage, history: History) -> None:
    south = graph.forward("age", node=history.south.id)
    assert {node.facts["job"] for node in south.of_kind("job")} == {FIRST}
    assert graph.forward("age", dataset="other").nodes == {}
    assert graph.forward("nothing").nodes == {}


def test_a_column_that_only_a_local_use_read_leads_there_and_no_further(graph: Lineage) -> None:
    assert kinds(graph.forward("pay")) == {"column": 1, "local": 1}


def test_a_figure_leads_back_to_sources_approvals_decisions_and_spend(
    graph: Lineage, history: History
) -> None:
    found = graph.back(MODEL)
    assert kinds(found) == {
        "output": 1,
        "job": 1,
        "operator": 1,
        "steps": 1,
        "department": 2,
        "dataset": 2,
        "column": 4,
        "approval": 2,
        "decision": 2,
        "spend": 2,
    }
    (steps,) = found.of_kind("steps")
    assert (steps.facts["good"], steps.facts["void"]) == (2, 1)
    assert {node.facts["epsilon_micro"] for node in found.of_kind("spend")} == {1_000_000}


def test_a_figure_leads_back_to_the_version_that_was_read_and_to_no_other(
    graph: Lineage, history: History
) -> None:
    versions = {
        (node.facts["department"], node.facts["version"]) for node in graph.back(FIGURE).of_kind("dataset")
    }
    assert versions == {(history.north.id, NEW)}
    assert graph.back(hexed("nothing")).nodes == {}


def test_a_job_that_was_refused_shows_the_refusal(graph: Lineage) -> None:
    found = graph.of_job(REFUSED)
    (decision,) = found.of_kind("decision")
    assert (decision.facts["decision"], decision.facts["reason"]) == ("refuse", "budget_exceeded")
    assert found.of_kind("column") == []


def test_every_edge_names_the_entry_that_proves_it(graph: Lineage, history: History) -> None:
    assert graph.edges
    for edge in graph.edges.values():
        event = history.events[edge.entry]
        assert event.hash.hex() == edge.hash
        named = f"{edge.source} {edge.target}"
        assert any(said in named for said in (event.node, event.job, event.output_digest) if said)


def test_the_graph_is_data_for_charts(graph: Lineage) -> None:
    data = graph.of_job(FIRST).to_json()
    assert isinstance(data["nodes"], list)
    assert isinstance(data["edges"], list)
    known = {node["id"] for node in data["nodes"]}  # type: ignore[index, call-overload]
    for edge in data["edges"]:
        assert {edge["source"], edge["target"]} <= known  # type: ignore[index, call-overload]
        assert set(edge) == {"source", "target", "entry", "hash"}  # type: ignore[arg-type]


@pytest.fixture
def reader(history: History, tmp_path: Path) -> Iterator[Reader]:
    log = Log(tmp_path / "log.sqlite", SigningKey.generate(), "test.log/1")
    log.append([event.leaf for event in history.events])
    log.close()
    reader = Reader(tmp_path / "log.sqlite")
    yield reader
    reader.close()


def test_it_is_built_from_a_log(reader: Reader, graph: Lineage) -> None:
    found = Lineage.of(reader.find(Wanted(kinds=KINDS)))
    assert found.edges == graph.edges


def test_part_of_a_log_gives_the_same_answer_as_the_whole(reader: Reader, graph: Lineage) -> None:
    output, jobs = jobs_of_output(reader, MODEL[:20])
    assert (output, jobs) == (MODEL, {FIRST})
    for job in (FIRST, SECOND, REFUSED):
        part = Lineage.of(entries_of_jobs(reader, [job]))
        assert part.of_job(job).edges == graph.of_job(job).edges
    back = Lineage.of(entries_of_jobs(reader, jobs)).back(output)
    assert back.edges == graph.back(MODEL).edges
    for semantic in ("age", "grade", "pay"):
        assert Lineage.of(entries_of_column(reader, semantic)).forward(semantic).edges == (
            graph.forward(semantic).edges
        )
    with pytest.raises(UsageInvalid, match="id_unknown"):
        jobs_of_output(reader, hexed("nothing"))
