"""`xinqiao node local`: a department corrects a shared model for itself; nothing of it leaves."""

import argparse
import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xinqiao_app.commands.arguments import put, read_bytes, require_room
from xinqiao_app.commands.opening import add_opening, add_steward, opened
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_clients.home import Home
    from xinqiao_clients.local_layer import LocalLayer, Scores


_LEAST_DIGITS = 8
_SHOWN = 16
_HEADER = "person,probability\n"


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the commands; `run` is what carries them out."""
    add = parser.commands("local_command", "cli_node_local", lambda _name: parser.get_default("run"))

    def command(name: str) -> argparse.ArgumentParser:
        sub = add(name)
        sub.add_argument("--home", type=Path, required=True, help=say("cli_home", language))
        add_opening(sub, language)
        sub.add_argument("--order", required=True, help=say("cli_local_order", language))
        sub.add_argument("--json", action="store_true", help=say("cli_json", language))
        return sub

    def acting(name: str) -> argparse.ArgumentParser:
        sub = command(name)
        add_steward(sub, language)
        return sub

    acting("fit").add_argument("model", type=Path, help=say("cli_local_model", language))
    command("bins").add_argument("model", type=Path, help=say("cli_local_model", language))
    score = acting("score")
    score.add_argument("--in", dest="rows", type=Path, required=True, help=say("cli_local_in", language))
    score.add_argument("--out", type=Path, required=True, help=say("cli_local_out", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Carry the chosen command out."""
    return _COMMANDS[options.local_command](options, language)


def _fit(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.local_layer import fit

    model = read_bytes(options.model)
    with opened(options, language) as home:
        layer = fit(home, _order(home, options.order), model, options.steward)
    print(json.dumps(_figures(layer)) if options.json else "\n".join(_lines(layer, language)))
    return 0


def _score(options: argparse.Namespace, language: Language) -> int:
    from xinqiao_clients.local_layer import score

    require_room(options.out, _HEADER.encode())
    with opened(options, language) as home:
        scores = score(home, _order(home, options.order), options.rows, options.steward)
    put(options.out, _table(scores))  # only its owner may read it
    rows, path = len(scores.chances), str(options.out)
    told = {"rows": rows, "out": path}
    print(json.dumps(told) if options.json else say("local_scored", language, rows=rows, path=path))
    return 0


def _bins(options: argparse.Namespace, language: Language) -> int:
    """Print a histogram's bins as a catalogue holds them, with --json or without."""
    from xinqiao_clients.published import published, published_bins

    model = read_bytes(options.model)
    with opened(options, language) as home:
        bins = published_bins(published(home.book, _order(home, options.order), model))
    print(json.dumps(bins.to_json(), ensure_ascii=False))
    return 0


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Language], int]] = {
    "fit": _fit,
    "bins": _bins,
    "score": _score,
}


def _order(home: "Home", start: str) -> bytes:
    """Return the one order that this department knows whose digest begins with `start`."""
    wanted = start.strip().lower()
    found = [job.digest for job in home.book.jobs() if job.digest.hex().startswith(wanted)]
    if len(wanted) < _LEAST_DIGITS or len(found) != 1:
        raise UsageInvalid("local_job_unknown", order=wanted[:_SHOWN])
    return found[0]


def _figures(layer: "LocalLayer") -> dict[str, object]:
    found = layer.found
    auc = {"with_local_layer": found.layer, "own": found.own, "shared": found.shared}
    return {"order": layer.order.hex(), "epsilon": 0, "own_model": found.best_own, "auc": auc}


def _lines(layer: "LocalLayer", language: Language) -> list[str]:
    found = layer.found
    auc = {name: f"{getattr(found, name):.4f}" for name in ("layer", "own", "shared")}
    name = say(f"local_part_{found.best_own}", language)
    over_own, over_shared = found.layer - found.own, found.layer - found.shared
    gains = {"over_own": f"{100 * over_own:+.2f}", "over_shared": f"{100 * over_shared:+.2f}"}
    return [
        say("local_fitted", language, own_name=name, **auc),
        say("local_gains", language, **gains),
        say("local_kept", language),
    ]


def _table(scores: "Scores") -> bytes:
    text = io.StringIO(_HEADER, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(
        (person, f"{chance:.6f}") for person, chance in zip(scores.people, scores.chances, strict=True)
    )
    return text.getvalue().encode()
