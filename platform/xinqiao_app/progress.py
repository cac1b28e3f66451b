"""What a person sees while the demo runs, and the short table at its end."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from xinqiao_governance.errors import Field
from xinqiao_governance.messages import Language, say, say_reason
from xinqiao_ledger.report import Report

_BAR = 30


class Progress:
    """Writes to `stream`: a live line where it is a terminal, else one line for each tenth of the way."""

    def __init__(self, language: Language, stream: TextIO = sys.stdout) -> None:
        self.language = language
        self._stream = stream
        self._live = stream.isatty()
        self.seconds: dict[str, float] = {}
        self.names: dict[bytes, str] = {}  # a department's name by fingerprint, where a reader knows it

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Announce a stage and time it."""
        print(f"▸ {say(f'demo_stage_{name}', self.language)}", file=self._stream, flush=True)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start

    def tell(self, code: str, **fields: Field) -> None:
        """Print one sentence."""
        print(f"  {say(code, self.language, **fields)}", file=self._stream, flush=True)

    def decided(self, node: bytes, reason: str) -> None:
        """Show a department's decision."""
        name = self.names.get(node, short(node))
        self.tell("demo_decided", department=name, reason=say_reason(reason, self.language))

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        """Show that a step is over."""
        tenth = max(1, answers // 10)
        if not self._live and not void and step % tenth and step != answers:
            return
        filled = _BAR * step // answers
        kind = say("demo_void" if void else "demo_good", self.language)
        line = f"  [{'█' * filled}{'·' * (_BAR - filled)}] {step}/{answers}  {kind}  {members}"
        end = "\r" if self._live and step != answers else "\n"
        print(line, end=end, file=self._stream, flush=True)

    def conclude(self, summary: Mapping[str, Any], report: Report, out: Path) -> None:
        """Print the closing table in plain words."""
        for line in closing_lines(summary, self.language):
            print(line, file=self._stream)
        for line in report.lines(self.language):
            print(f"  {line}", file=self._stream)
        self.tell("demo_files", path=str(out))


def short(node: bytes) -> str:
    """Return enough of a fingerprint to tell departments apart."""
    return f"{node.hex()[:12]}…"


def closing_lines(summary: Mapping[str, Any], language: Language) -> list[str]:
    """Return the closing table: what stayed, what left, how good, what it cost, what was refused."""

    def text(code: str, **fields: Field) -> str:
        return say(code, language, **fields)

    auc = summary["auc"]
    lines = ["", text("demo_table_left")]
    for name, left in summary["left"].items():
        kept = summary["kept"][name]
        budget = summary["budget"][name]
        lines.append(
            "  "
            + text(
                "demo_row_department",
                department=summary["department_names"][name][language],
                rows=kept["rows"],
                bytes=sum(left.values()),
                kinds=" · ".join(text(f"report_kind_{kind}") for kind in sorted(left)),
                spent=f"{budget['epsilon_spent']:g}",
                left=f"{budget['epsilon_cap'] - budget['epsilon_spent']:g}",
            )
        )
    lines += ["", text("demo_table_accuracy")]
    for key in ("federated", "pooled_non_private", "pooled_boosting", "best_single_department"):
        lines.append(f"  {auc[key]:.4f}  {text(f'demo_auc_{key}')}")
    losing = [name for name, row in auc["by_department"].items() if row["alone"] > row["federated"]]
    names = ", ".join(summary["department_names"][name][language] for name in losing) or "-"
    lines.append("  " + text("demo_losing", count=len(losing), names=names))
    lines += _joining(summary, language)
    lines += ["", text("demo_table_refused")]
    for row in summary["refused"]:
        request = text(f"demo_request_{row['request']}")
        lines.append(f"  {request}: {row[language]}")
    return [*lines, "", text("demo_table_proof")]


def _joining(summary: Mapping[str, Any], language: Language) -> list[str]:
    """Say what joining is worth to the departments, where each fitted a layer of its own."""
    gains = {
        name: 100 * (row["with_local_layer"] - row["alone"])
        for name, row in summary["auc"]["by_department"].items()
        if "with_local_layer" in row
    }
    if not gains:
        return []
    losing = [summary["department_names"][name][language] for name, gain in gains.items() if gain < 0]
    mean, least = sum(gains.values()) / len(gains), min(gains.values())
    figures = {"mean": f"{mean:+.2f}", "least": f"{least:+.2f}"}
    names = ", ".join(losing) or "-"
    return ["  " + say("demo_joining", language, count=len(losing), names=names, **figures)]
