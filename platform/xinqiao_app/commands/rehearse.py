"""`xinqiao job rehearse`: what an ε costs, on a public or own table, before anyone asks for it."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinqiao_app.commands.arguments import DELTA, EPSILON, RATE, count, deliver, exact
from xinqiao_app.commands.parser import Parser
from xinqiao_governance.errors import UsageInvalid
from xinqiao_governance.messages import Language, say

if TYPE_CHECKING:
    from xinqiao_app.rehearsal.run import Rehearsed

_NOISE = ("shares", "local", "pooled", "none")
_MODELS = ("linear", "pairs", "network", "moments")
_DIGITS = 4


def add_arguments(parser: Parser, language: Language) -> None:
    """Describe the command."""

    def add(name: str, code: str, **settings: Any) -> None:
        parser.add_argument(name, help=say(f"cli_rehearse_{code}", language), **settings)

    add("--data", "data", type=Path, required=True)
    add("--test", "test", type=Path, required=True)
    add("--contract", "contract", type=Path)
    add("--label", "label", required=True)
    add("--department", "department")
    add("--departments", "departments", type=count)
    add("--person", "person")
    parser.add_argument("--epsilon", required=True, help=say("cli_epsilon", language))
    parser.add_argument("--delta", required=True, help=say("cli_rehearse_delta", language))
    add("--t", "t", type=count, default=1)
    add("--seed", "seed", type=_seed, default=0)
    add("--noise", "noise", choices=_NOISE, default="shares")
    add("--drop", "drop", type=_share, default=0.0)
    add("--model", "model", choices=_MODELS, default="linear")
    parser.add_argument("--answers", type=count, help=say("cli_answers", language))
    parser.add_argument("--sample-rate", default="1", help=say("cli_sample_rate", language))
    parser.add_argument("--json", action="store_true", help=say("cli_json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Rehearse, and print what came of it."""
    from xinqiao_app.rehearsal.progress import RehearsalProgress
    from xinqiao_app.rehearsal.run import Request, rehearse
    from xinqiao_app.rehearsal.source import Files
    from xinqiao_governance.order import Spend

    if (options.department is None) == (options.departments is None):
        raise UsageInvalid("rehearse_departments_unclear")
    if options.drop and options.noise != "shares":
        raise UsageInvalid("rehearse_drop_without_shares")
    request = Request(
        files=Files(options.data, options.test, options.label, options.person, options.department),
        spend=Spend(exact(options.epsilon, EPSILON), exact(options.delta, DELTA)),
        departments=options.departments or 0,
        contract=options.contract,
        collusion=options.t,
        seed=options.seed,
        trust=options.noise,
        drop=options.drop,
        shape=options.model,
        answers=options.answers,
        sampling_micro=exact(options.sample_rate, RATE),
    )
    rehearsed = rehearse(request, RehearsalProgress(language))
    if options.json:
        deliver(json.dumps(_figures(options, rehearsed, language), ensure_ascii=False, indent=1), None)
    else:
        print("\n".join(_lines(options, rehearsed, language)))
    return 0


def _figures(options: argparse.Namespace, rehearsed: "Rehearsed", language: Language) -> dict[str, Any]:
    """Return the one JSON object; without noise there is no ε and no δ."""
    scores, trained, private = rehearsed.scores, rehearsed.trained, options.noise != "none"
    last = {"r2": scores.r2} if scores.of_number else {"macro_f1": scores.macro_f1}
    return {
        "auc": scores.auc,
        "accuracy": scores.accuracy,
        **last,
        "epsilon": float(options.epsilon) if private else None,
        "delta": float(options.delta) if private else None,
        "unit": rehearsed.unit,
        "t": options.t if options.noise in ("shares", "local") else 0,
        "answers": trained.answers,
        "steps": trained.steps,
        "void_steps": trained.void_steps,
        "seconds": round(rehearsed.seconds, 2),
        "bytes": trained.bytes_out,
        "warnings": [note.text(language) for note in rehearsed.notes],
    }


def _lines(options: argparse.Namespace, rehearsed: "Rehearsed", language: Language) -> list[str]:
    """Return the short table."""
    trained = rehearsed.trained
    lines = [
        say(
            "rehearse_head",
            language,
            noise=say(f"rehearse_noise_{options.noise}", language),
            people=rehearsed.people,
            departments=rehearsed.departments,
            unit=say(f"rehearse_unit_{rehearsed.unit}", language),
            epsilon=options.epsilon if options.noise != "none" else "∞",
            delta=options.delta if options.noise != "none" else "1",
        )
    ]
    for name in ("auc", "accuracy", "macro_f1", "r2"):
        figure = getattr(rehearsed.scores, name)
        if figure is not None:
            lines.append(f"  {figure:.{_DIGITS}f}  {say(f'rehearse_score_{name}', language)}")
    lines.append(
        say(
            "rehearse_steps",
            language,
            steps=trained.steps,
            void=trained.void_steps,
            answers=trained.answers,
            seconds=f"{rehearsed.seconds:.1f}",
        )
    )
    if trained.bytes_out is not None:
        lines.append(say("rehearse_bytes", language, bytes=trained.bytes_out))
    return lines + [say("rehearse_warning", language, text=note.text(language)) for note in rehearsed.notes]


def _seed(text: str) -> int:
    """Return a whole number from 0."""
    return 0 if text == "0" else count(text)


def _share(text: str) -> float:
    """Return a share from 0 to under 1; UsageInvalid for anything else."""
    try:
        share = float(text)
    except ValueError as error:
        raise UsageInvalid("rehearse_share_invalid") from error
    if not 0 <= share < 1:
        raise UsageInvalid("rehearse_share_invalid")
    return share
