"""`xinqiao audit lineage`: what became of a column, what a figure came of, and the entries that prove it."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import deliver
from xinqiao_app.commands.audit_log import add_source, names_of, node_of, reading, word
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_ledger.event import Event
    from xinqiao_ledger.lineage import Edge, Lineage, Node
    from xinqiao_ledger.reader import Reader

_SHORT = 12
_LONG = 60
_SAID = {
    **dict.fromkeys(("job", "digest"), _SHORT),
    **dict.fromkeys(("what", "model", "dataset", "tier", "purpose"), _LONG),
    "version": _SHORT,
}
"""What is said of a node, in this order, and how much of it."""


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the command."""
    add_source(parser, language)
    parser.add_argument("--column", metavar="SEMANTIC", help=say("cli_lineage_column", language))
    parser.add_argument("--dataset", metavar="ID", help=say("cli_log_dataset", language))
    parser.add_argument("--node", metavar="NODE", help=say("cli_lineage_node", language))
    parser.add_argument("--output", metavar="DIGEST", help=say("cli_lineage_output", language))
    parser.add_argument("--job", metavar="ID", help=say("cli_export_job", language))
    parser.add_argument("--json", action="store_true", help=say("cli_lineage_json", language))
    parser.add_argument("--out", type=Path, help=say("cli_out", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Print the part of the graph that was asked for."""
    if len([asked for asked in (options.column, options.output, options.job) if asked is not None]) != 1:
        raise UsageInvalid("lineage_one_start")
    names = names_of(options, language)
    with reading(options) as reader:
        found = _asked(reader, options, names)
    if not found.nodes:
        raise UsageInvalid("lineage_nothing")
    if options.json:
        deliver(json.dumps(found.to_json(), ensure_ascii=False, indent=1), options.out)
    else:
        deliver("\n".join(lines(found, names, language)), options.out)
    return 0


def _asked(reader: "Reader", options: argparse.Namespace, names: Mapping[str, str]) -> "Lineage":
    """Read no more of the log than the question needs: most of it is releases and other jobs."""
    from xinqiao_ledger.ids import the_only
    from xinqiao_ledger.lineage import Lineage, entries_of_column, entries_of_jobs, jobs_of_output

    def graph(entries: "Iterable[tuple[int, Event]]") -> Lineage:
        facts = _facts(options.centre) if options.centre is not None else {}
        return Lineage.of(entries, facts, reader.suite)

    if options.job is not None:
        job = the_only(reader.jobs, options.job)
        return graph(entries_of_jobs(reader, [job])).of_job(job)
    if options.output is not None:
        output, jobs = jobs_of_output(reader, options.output)
        return graph(entries_of_jobs(reader, jobs)).back(output)
    node = None if options.node is None else node_of(reader, options.node, names)
    whole = graph(entries_of_column(reader, options.column))
    return whole.forward(options.column, dataset=options.dataset, node=node)


def _facts(centre: Path) -> dict[str, dict[str, Json]]:
    """Return what the kept orders say, by job."""
    from xinqiao_platform.checkpoint import kept_jobs

    found: dict[str, dict[str, Json]] = {}
    for folder in kept_jobs(centre):
        order = folder.order()
        if order is not None:
            body = order.body
            found[body.digest.hex()] = {
                "model": body.model.name,
                "family": body.model.family.value,
                "purpose": body.purpose,
                "legal_basis": body.legal_basis,
                "epsilon_micro": body.epsilon_micro,
                "delta_nano": body.delta_nano,
            }
    return found


# ---- for people --------------------------------------------------------------------------------------


def lines(graph: "Lineage", names: Mapping[str, str], language: Language) -> list[str]:
    """Return the graph as an indented tree: job by job, what led to it and what came of it."""
    shown = _Shown(graph, names, language)
    found = [line for job in graph.of_kind("job") for line in shown.job(job)]
    reached = {node.id for output in graph.of_kind("output") for node, _ in graph.targets(output.id)}
    alone = [use for use in graph.of_kind("local") if use.id not in reached]
    return [*found, *(shown.line(0, use, shown.proof(graph.sources(use.id))) for use in alone)]


class _Shown:
    """A graph in the reader's language."""

    def __init__(self, graph: "Lineage", names: Mapping[str, str], language: Language) -> None:
        self._graph = graph
        self._names = names
        self._language = language

    def job(self, job: "Node") -> Iterator[str]:
        """Yield a job, what led to it by department, and what came of it."""
        sources = self._graph.sources(job.id)
        yield self.line(0, job, self.proof([one for one in sources if one[0].kind == "operator"]))
        by_department: defaultdict[str, list[tuple[Node, Edge]]] = defaultdict(list)
        for node, edge in sources:
            if node.kind not in ("operator", "steps"):
                by_department[str(node.facts["department"])].append((node, edge))
        for department, own in by_department.items():
            yield from self._part_of(department, own)
        for node, edge in [*(one for one in sources if one[0].kind == "steps"), *self._graph.targets(job.id)]:
            yield self.line(1, node, self.proof([(node, edge)]))
            if node.kind == "output":
                for beyond in self._graph.targets(node.id):
                    yield self.line(2, beyond[0], self.proof([beyond]))

    def line(self, depth: int, node: "Node", proof: str) -> str:
        """Return one node on a line, after its place in the tree."""
        what = say(f"lineage_{node.kind}", self._language)
        return "  " * depth + " ".join(part for part in (what, self._about(node), proof) if part)

    def proof(self, by: "list[tuple[Node, Edge]]") -> str:
        """Name the entries that prove it."""
        return " ".join(f"#{entry}" for entry in sorted({edge.entry for _, edge in by}))

    def _part_of(self, department: str, sources: "list[tuple[Node, Edge]]") -> Iterator[str]:
        yield f"  {say('lineage_department', self._language)} {self._name(department)}"
        columns = [one for one in sources if one[0].kind == "column"]
        if columns:
            data = [one for node, _ in columns for one in self._graph.sources(node.id)]
            for made in {node.id: node for node, _ in data}.values():
                yield self.line(2, made, self.proof(self._graph.sources(made.id)))
            semantics = ", ".join(str(node.facts["semantic"]) for node, _ in columns)
            yield f"    {say('lineage_column', self._language)} {semantics} {self.proof(columns)}"
        for node, edge in sources:
            if node.kind != "column":
                yield self.line(2, node, self.proof([(node, edge)]))

    def _name(self, node: str) -> str:
        known = self._names.get(node)
        return f"{known} ({node[:_SHORT]})" if known else node[:_SHORT]

    def _about(self, node: "Node") -> str:
        facts = node.facts
        match node.kind:
            case "operator" | "local":
                return self._name(str(facts["department"]))
            case "decision":
                said = word("log_decision", str(facts.get("decision", "")), self._language)
                return f"{said} {facts.get('reason', '')}"
            case "spend":
                epsilon, delta = _number(facts, "epsilon_micro"), _number(facts, "delta_nano")
                return f"ε {epsilon / 1e6:g} δ {delta / 1e9:g}"
            case "steps":
                counts = {reason: _number(facts, reason) for reason in ("good", "void")}
                return say("lineage_counted", self._language, **counts)
        return " ".join(str(facts[key])[:most] for key, most in _SAID.items() if key in facts)


def _number(facts: Mapping[str, Json], key: str) -> int:
    value = facts.get(key, 0)
    return value if isinstance(value, int) else 0
