"""`make bench-classifier`: how well columns are classified, on hard synthetic sets of three hands.

Each hand wrote its set from one description and had not seen the rules. The first and third serve
development, the third after its first figures were written down. Of the second, which is sealed, nothing was
seen but its totals and how many columns of each semantic were released. Every share is of columns; a column
in review is handled as core until a person confirms it.
"""

import argparse
import importlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier_sets.labelled import LabelledColumn, LabelledTable
from machine import RESULTS, machine, machine_line, write
from xinqiao_governance.classify import Proposal, classify

_DEVELOPMENT, _SEALED = ("first", "third"), ("second",)
_CHECKED = ("id_card", "bank_card")
_NEVER = ("id_card", "mobile", "bank_card", "health", "pay")


@dataclass(frozen=True)
class Judged:
    """A column with its truth and what was proposed."""

    table: str
    truth: LabelledColumn
    proposal: Proposal

    @property
    def released(self) -> bool:
        """Say whether a core column would be handled as less, with nobody looking."""
        return self.truth.tier == "core" and self.proposal.state == "auto" and self.proposal.tier != "core"

    @property
    def found(self) -> bool:
        """Say whether a core column was found without anybody's help."""
        return self.truth.tier == "core" and self.proposal.state == "auto" and self.proposal.tier == "core"


def judged(tables: Iterable[LabelledTable]) -> list[Judged]:
    """Classify every table as it would come out of a file."""
    found = []
    for table in tables:
        proposals = classify([(column.header, column.cells) for column in table.columns])
        found += [Judged(table.name, *pair) for pair in zip(table.columns, proposals, strict=True)]
    return found


def figures(columns: list[Judged], seconds: float) -> dict[str, Any]:
    """Return the shares of one set."""
    core = [column for column in columns if column.truth.tier == "core"]
    said_core = [column for column in columns if column.proposal.tier == "core"]
    unaided = [column for column in said_core if column.proposal.state == "auto"]
    checked = [column for column in core if column.truth.semantic in _CHECKED]
    return {
        "columns": len(columns),
        "core": len(core),
        "released": _share(core, lambda column: column.released),
        "released_never": dict(
            Counter(c.truth.semantic for c in core if c.released and c.truth.semantic in _NEVER)
        ),
        "found": _share(core, lambda column: column.found),
        "found_checked": _share(checked, lambda column: column.found),
        "precision": _share(unaided, lambda column: column.truth.tier == "core"),
        "precision_with_review": _share(said_core, lambda column: column.truth.tier == "core"),
        "review": _share(columns, lambda column: column.proposal.state == "review"),
        "semantic_right": _share(columns, lambda column: column.proposal.semantic == column.truth.semantic),
        "columns_a_second": len(columns) / seconds,
    }


def _share(columns: list[Judged], holds: Callable[[Judged], bool]) -> float:
    return sum(map(holds, columns)) / len(columns) if columns else 0.0


_ROWS = (
    ("core columns released as lower (goal ≤ 0.5 %)", "released", "{:.2%}"),
    ("  of them id, mobile, bank, health, pay (goal none)", "released_never", "{}"),
    ("core columns found unaided (goal ≥ 75 %)", "found", "{:.1%}"),
    ("  types with a check digit (goal ≥ 90 %)", "found_checked", "{:.1%}"),
    ("precision of core, unaided (goal ≥ 85 %)", "precision", "{:.1%}"),
    ("  with those in review", "precision_with_review", "{:.1%}"),
    ("sent to review (goal ≤ 25 %)", "review", "{:.1%}"),
    ("the very semantic", "semantic_right", "{:.1%}"),
    ("columns a CPU second (goal ≥ 200)", "columns_a_second", "{:,.0f}"),
    ("columns", "columns", "{}"),
    ("core columns", "core", "{}"),
)


def table_of(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the figures as a page."""
    lines = ["| share of columns, synthetic | " + " | ".join(f"{name} set" for name in found) + " |"]
    lines.append("|---" * (len(found) + 1) + "|")
    for title, key, form in _ROWS:
        cells = (
            form.format(one[key] or "none" if key == "released_never" else one[key]) for one in found.values()
        )
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def tables_in(name: str) -> list[LabelledTable]:
    """Return the tables of the set called `name`; no other set is read."""
    tables: list[LabelledTable] = importlib.import_module(f"classifier_sets.{name}").tables()
    return tables


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and write the results where every set was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument(
        "--sets",
        nargs="+",
        choices=(*_DEVELOPMENT, *_SEALED),
        help="these only; nothing is written",
    )
    parser.add_argument(
        "--wrong", action="store_true", help="list what was released or missed; of development sets only"
    )
    options = parser.parse_args(words)
    names = options.sets or (*_DEVELOPMENT, *_SEALED)
    if options.wrong and set(names) & set(_SEALED):
        parser.error("--wrong reads columns, and a sealed set's are read by nobody: name --sets first third")
    told, found = machine(), {}
    for name in names:
        tables = tables_in(name)
        started = time.process_time()
        columns = judged(tables)
        found[name] = figures(columns, time.process_time() - started)
        if options.wrong:
            _print_wrong(columns)
    page = table_of(found)
    if options.sets:
        print(page)
    else:
        write(options.out, "classifier", {"machine": told, "sets": found}, f"{page}\n{machine_line(told)}\n")


def _print_wrong(columns: Iterable[Judged]) -> None:
    for column in columns:
        truth, proposal = column.truth, column.proposal
        if (proposal.tier, proposal.state) != (truth.tier, "auto"):
            mark = "RELEASED" if column.released else "MISSED" if truth.tier == "core" else "MORE"
            filled = [cell for cell in truth.cells if cell][:4]
            print(
                mark,
                column.table,
                repr(truth.header),
                truth.semantic,
                truth.tier,
                truth.traits,
                "->",
                proposal.semantic,
                proposal.tier.value,
                proposal.state,
                proposal.confidence,
                proposal.reason,
                filled,
            )


if __name__ == "__main__":
    main()
