"""`make bench-policy`: decisions per CPU-second, and agreement with an oracle of another hand.

The oracle, `tests/oracles/policy_oracle.py`, was written from the same text and knows nothing of Cedar. Both
answer the same random requests; differences are printed. CPU-seconds depend on what else the processor
does, so SHA-256 in the same process stands beside them.
"""

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from machine import RESULTS, machine, machine_line, write
from xinqiao_clients.policy_files import default_policy, default_rows
from xinqiao_governance.errors import Denied
from xinqiao_governance.policy import Policy, Request

ORACLE = Path(__file__).resolve().parents[1] / "tests" / "oracles" / "policy_oracle.py"
DECISIONS, REQUESTS, SEED = 30_000, 120_000, 20_261_122
_TURNS, _SHOWN = 5, 20

Figures = dict[str, Any]


def per_cpu_s(work: Callable[[], object], count: int) -> float:
    """Return how often a second of CPU time does `work`, which does it `count` times."""
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


def readable() -> list[Request]:
    """Return the requests of the written table that can be read."""
    found = []
    for row in default_rows():
        try:
            found.append(Request.from_mapping(row.asked))
        except Denied:
            continue
    return found


def decisions(policy: Policy, count: int) -> Figures:
    """Return the median rate of `_TURNS` turns, and SHA-256 of 65 bytes in the same process."""
    requests = readable()
    asked = [replace(r, now=r.now + n) for n in range(-(-count // len(requests))) for r in requests][:count]
    rates = sorted(per_cpu_s(lambda: [policy.decide(r) for r in asked], count) for _ in range(_TURNS))
    data = bytes(65)
    hashes = per_cpu_s(lambda: [sha256(data).digest() for _ in range(500_000)], 500_000)
    return {"decisions": count, "per_cpu_s": rates[_TURNS // 2], "all": rates, "sha256_per_cpu_s": hashes}


def load_oracle(path: Path) -> Any | None:
    """Return the oracle's module; None where its file is missing."""
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("policy_oracle", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look for it there
    spec.loader.exec_module(module)
    return module


def obligations(told: object) -> frozenset[str]:
    """Return obligations in one form, whether told as a mapping, or as texts or pairs."""
    if told is None:
        return frozenset()
    parts: Iterable[object] = told.items() if isinstance(told, Mapping) else _parts(told)
    return frozenset(
        _words(part) for part in parts if not (isinstance(part, tuple) and part[1] in (False, 0))
    )


def _parts(told: object) -> Iterable[object]:
    return [told] if isinstance(told, str) else list(told)  # type: ignore[call-overload]


def _words(part: object) -> str:
    whole = part if isinstance(part, tuple) else tuple(str(part).replace(":", " ").replace("=", " ").split())
    return " ".join(str(word) for word in whole if word is not True and word != "True")


def agreement(policy: Policy, oracle: Any, count: int, seed: int = SEED) -> Figures:
    """Return how many of `count` random requests both answer alike; the first that differ are named."""
    allowed, different = 0, []
    for asked in oracle.random_requests(seed, count):
        said = policy.decide_on(asked)
        theirs, kept = oracle.oracle(asked)
        allowed += said.allowed
        ours = obligations(said.obligations.to_json()) if said.allowed else frozenset()
        if said.allowed != theirs or (theirs and ours != obligations(kept)):
            different.append({"asked": repr(asked), "ours": repr(said), "oracle": repr((theirs, kept))})
    return {
        "requests": count,
        "allowed": allowed,
        "different": len(different),
        "first_different": different[:_SHOWN],
    }


def table_of(figures: Mapping[str, Any]) -> str:
    """Return the figures as a short page of Markdown."""
    rate, found = figures["decisions"], figures.get("oracle")
    lines = [
        "| policy | |",
        "|---|---|",
        f"| decisions per CPU-second, median of {_TURNS} | {rate['per_cpu_s']:,.0f} |",
        f"| SHA-256 of 65 bytes per CPU-second, same process | {rate['sha256_per_cpu_s']:,.0f} |",
    ]
    if found is None:
        lines.append("| agreement with the oracle | not measured: its file is missing |")
    else:
        same = found["requests"] - found["different"]
        lines.append(f"| answered as the oracle does | {same:,} of {found['requests']:,} random requests |")
        lines.append(f"| of these allowed | {found['allowed']:,} |")
    return "\n".join([*lines, "", machine_line(figures["machine"])]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and write; 1 where the oracle answers otherwise."""
    parser = argparse.ArgumentParser(description="the policy's rate and its agreement with an oracle")
    parser.add_argument("--decisions", type=int, default=DECISIONS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--seed", type=int, default=SEED, help="of the requests, which are no noise")
    parser.add_argument("--oracle", type=Path, default=ORACLE)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for policy.json and policy.md")
    options = parser.parse_args(arguments)
    policy, oracle = default_policy(), load_oracle(options.oracle)
    figures: Figures = {"machine": machine("cedarpy"), "decisions": decisions(policy, options.decisions)}
    if oracle is None:
        print(f"no oracle at {options.oracle}: agreement is not measured", file=sys.stderr)
    else:
        figures["oracle"] = agreement(policy, oracle, options.requests, options.seed)
    write(options.out, "policy", figures, table_of(figures))
    different = figures.get("oracle", {}).get("first_different", [])
    for case in different:
        print(f"{case['asked']}\n  ours   {case['ours']}\n  oracle {case['oracle']}", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
