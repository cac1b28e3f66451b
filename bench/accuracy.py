"""How good models on private sums are: `make bench-accuracy [PARTS="joining dropouts"] [RESUME=1]`.

Every part answers one question, prints each run, and writes <part>.json, .md and .svg to bench/results/. With
--resume a call goes on where an earlier one was stopped.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import dropouts
import joining
import local_noise
import lost_points
import richer
import trusted_centre
from results_file import Findings, skip_reason
from sets import SETS
from trials import Loaded, load
from xinqiao_governance.errors import DataInvalid

HERE = Path(__file__).resolve().parent
CREDIT = HERE.parents[1] / "shared" / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the parts that are named, by default all."""
    parser = argparse.ArgumentParser(description="accuracy of models on private sums")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--credit", type=Path, default=CREDIT, help="folder of credit_{train,test}.csv.gz")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument(
        "--resume", action="store_true", help="keep the runs that an earlier call wrote to --out"
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    sets, skipped = load_all(options.credit)
    for name, code in skipped.items():
        print(f"not measured: {name} ({skip_reason(name, code)})", file=sys.stderr)
    for name in options.parts or PARTS:
        PARTS[name](sets, Findings(options.out, name, sets, skipped, resume=options.resume))
    return 0


def load_all(credit: Path) -> tuple[list[Loaded], dict[str, str]]:
    """Return the sets that can be loaded, and by name the reason why another cannot."""
    loaded, skipped = [], {}
    for real in SETS:
        try:
            loaded.append(load(real, credit))
        except DataInvalid as error:
            skipped[real.name] = error.code
    return loaded, skipped


PARTS = {
    "lost_points": lost_points.measure,
    "local_noise": local_noise.measure,
    "trusted_centre": trusted_centre.measure,
    "dropouts": dropouts.measure,
    "joining": joining.measure,
    "richer": richer.measure,
}

if __name__ == "__main__":
    sys.exit(main())
