"""What a step costs as departments and parameters grow: the whole protocol, embedded, on synthetic people.

Every row is one job of a few steps in a process of its own, with real homes, books, doors, masks, log and
Flower in process. The first step (reading the store, noise tables, shared secrets, job keys) stands apart;
then the median of the others. The people are synthetic and few, so that what grows is the protocol.

`python growth.py` measures until `--minutes` are over, the smallest first, and says what it left out;
`python growth.py DEPARTMENTS PARAMETERS` measures one row and prints it as JSON.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from machine import machine
from meter import Cost, Meter, peak_mib
from xinqiao_app.carry import embedded
from xinqiao_app.enterprise import CAP, LEGAL_BASIS, PURPOSE, Enterprise, Site
from xinqiao_app.rehearsal.run import STEP_S
from xinqiao_app.svg import Axis, Series, lines
from xinqiao_clients.home import Home, Settings
from xinqiao_governance.catalogue import Column, Dataset, Tier
from xinqiao_governance.model_spec import MICRO, Family, ModelSpec, NumericFeature, ThresholdLabel
from xinqiao_governance.order import Spend
from xinqiao_ledger.markup import Markup, element
from xinqiao_platform.centre import LOG_ORIGIN, Centre
from xinqiao_platform.channel import Channel
from xinqiao_platform.departments import Departments
from xinqiao_platform.jobs import Job
from xinqiao_platform.ordering import write_order

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
DEPARTMENTS = (8, 20, 60, 100, 300, 1_000)
PARAMETERS = (1_000, 10_000, 100_000, 1_000_000)
SMALL = 100
"""Parameters while departments grow; parameters grow among `DEPARTMENTS[0]`."""
BOTH = (100, 10_000)
STEPS = 5
PEOPLE = 50
NOMINAL = 500
_FEATURES = 9
_LINEAR = 9_000
_SPEND = Spend(1_000_000, 10_000)
_TIMEOUT_S = 60.0
_CONTRACT = "dataset: synthetic\nperson: id\ncolumns:\n  id: {type: text, unique: true}\n"
_STYLE = """
text { font: 11px sans-serif; fill: #444; } line { stroke: #ddd; } polyline { fill: none; stroke-width: 2; }
.cpu { stroke: #1e7f5c; fill: #1e7f5c; } .wall { stroke: #2f6fb5; fill: #2f6fb5; stroke-dasharray: 5 3; }
"""

Row = Mapping[str, Any]


def rows_to_measure() -> list[tuple[int, int]]:
    """Return (departments, parameters) of every row, the cheapest first."""
    rows = (
        {(count, SMALL) for count in DEPARTMENTS} | {(DEPARTMENTS[0], size) for size in PARAMETERS} | {BOTH}
    )
    return sorted(rows, key=lambda row: row[0] * (row[0] + 50) * (row[1] + 2_000))


def spec(parameters: int) -> ModelSpec:
    """Return a model of about so many parameters: linear with more bins, then a network with more units."""
    bins = min(parameters, _LINEAR) // _FEATURES
    edges = tuple(MICRO * (1 + edge) for edge in range(bins - 2))
    features = tuple(NumericFeature(f"f{number}", edges) for number in range(_FEATURES))
    label = ThresholdLabel("label", MICRO // 2)
    if parameters <= BOTH[1]:
        return ModelSpec("synthetic", features, label)
    features = tuple(NumericFeature(feature.semantic, feature.edges_micro[:97]) for feature in features)
    inputs = ModelSpec("synthetic", features, label).inputs
    return ModelSpec(
        "synthetic", features, label, family=Family.NETWORK, hidden=round(parameters / (inputs + 1))
    )


def table(model: ModelSpec, seed: int) -> dict[str, Any]:
    """Return the synthetic people of one department; the seed makes the data, never the noise."""
    random = np.random.default_rng(seed)
    bins = model.features[0].width - 2  # one more than its edges, and one for what is missing
    return {
        "id": np.array([f"p{seed}-{number}" for number in range(PEOPLE)], dtype=object),
        **{feature.semantic: random.uniform(0, bins, PEOPLE) for feature in model.features},
        "label": random.integers(0, 2, PEOPLE).astype(np.float64),
    }


def found(root: Path, departments: int, model: ModelSpec) -> Enterprise:
    """Make a centre and departments of synthetic people, whose keys live in memory alone.

    Peers are confirmed in the books without an event each: a thousand departments would write a million.
    """
    centre = Centre(root / "centre")
    settings = partial(
        Settings,
        operator=centre.operator.fingerprint,
        log_key=centre.log_key.public,
        log_origin=LOG_ORIGIN,
        minimum_members=4,
    )
    sites = []
    for number in range(departments):
        name = f"d{number:04}"
        home = Home.create(root / name, settings(name=name), None)
        dataset = catalogue(model)
        version = home.store.write(dataset, table(model, number))
        home.adopt(dataset, contract(model), version, CAP, "steward")
        sites.append(Site(name, home, ""))
    for site in sites:
        with site.home.book.transaction() as book:
            for peer in sites:
                if peer is not site:
                    book.confirm_peer(peer.node, peer.id)
    return Enterprise(centre, tuple(sites), {site.node: NOMINAL for site in sites})


def catalogue(model: ModelSpec) -> Dataset:
    """Return the catalogue of a synthetic table."""
    columns = [Column("id", "person", "identifier", Tier.CORE, confirmed_by="steward")]
    columns += [
        Column(
            feature.semantic, feature.semantic, "number", Tier.SENSITIVE, bins=feature, confirmed_by="steward"
        )
        for feature in model.features
    ]
    columns.append(Column("label", "label", "number", Tier.CORE, confirmed_by="steward"))
    return Dataset("synthetic", "synthetic people", tuple(columns), "id", (PURPOSE,), "bench")


def contract(model: ModelSpec) -> str:
    """Return the contract of a synthetic table."""
    names = [*(feature.semantic for feature in model.features), "label"]
    return _CONTRACT + "".join(f"  {name}: {{type: number}}\n" for name in names)


class MeasuredSteps:
    """The centre's side of one job; keeps what each step cost."""

    def __init__(self, enterprise: Enterprise, model: ModelSpec) -> None:
        self._enterprise = enterprise
        self._order = write_order(
            enterprise.centre,
            model=model,
            people=enterprise.people,
            spend=_SPEND,
            purpose=PURPOSE,
            legal_basis=LEGAL_BASIS,
            answers=STEPS,
        )
        enterprise.approve(self._order)
        self._meter = Meter()
        self.steps: list[Cost] = []

    def __call__(self, channel: Channel) -> None:
        """Have every department decide, then train."""
        centre, nodes = self._enterprise.centre, tuple(self._enterprise.people)
        met = Departments(centre, channel, nodes, timeout_s=_TIMEOUT_S)
        job = Job(centre, met, self._order, self, step_s=STEP_S)
        if refused := job.propose():
            raise SystemExit(f"refused: {refused}")
        self._meter = Meter()
        job.train()

    def decided(self, node: bytes, reason: str) -> None:
        """Nothing to show."""

    def stepped(self, step: int, answers: int, *, members: int, void: bool) -> None:
        """Note what a step cost."""
        if void:
            raise SystemExit(f"step {step} was void")
        self.steps.append(self._meter.read())
        self._meter = Meter()


def measure(departments: int, parameters: int) -> Row:
    """Return one row: seconds a step, and the bytes that a department sends up in one."""
    model = spec(parameters)
    with tempfile.TemporaryDirectory(prefix="xinqiao-growth-") as root, ExitStack() as held:
        enterprise = found(Path(root), departments, model)
        held.callback(enterprise.close)
        job = MeasuredSteps(enterprise, model)
        embedded(enterprise, job)
        sent = enterprise.sites[0].home.book.tally()["masked_vector"] / STEPS
    first, *later = job.steps
    return {
        "departments": departments,
        "parameters": model.parameters,
        "cpu_s": median(step.cpu_s for step in later),
        "wall_s": median(step.wall_s for step in later),
        "first_cpu_s": first.cpu_s,
        "first_wall_s": first.wall_s,
        "vector_bytes": sent,
        "peak_mib": peak_mib(),
    }


def measure_all(minutes: float) -> Iterator[Row]:
    """Yield a row for each size; after `minutes` only what is left out, so that nobody waits for ever."""
    deadline = time.monotonic() + 60 * minutes
    for departments, parameters in rows_to_measure():
        left_s = deadline - time.monotonic()
        try:
            yield _in_a_process(departments, parameters, left_s)
        except subprocess.TimeoutExpired:
            yield {"departments": departments, "parameters": parameters, "left_out": "out of time"}
        except subprocess.CalledProcessError:  # too slow for the job's own time-outs: a step was void
            yield {"departments": departments, "parameters": parameters, "left_out": "job ended"}


def _in_a_process(departments: int, parameters: int, timeout_s: float) -> Row:
    done = subprocess.run(
        [sys.executable, str(HERE / "growth.py"), str(departments), str(parameters)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=max(timeout_s, 0.001),
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **os.environ},
    )
    row: Row = json.loads(done.stdout)
    return row


def plot(rows: Sequence[Row], by: str) -> str:
    """Return the picture of one growth, both axes in powers of ten: CPU full, wall dashed."""
    small = {spec(SMALL).parameters, SMALL}
    chosen = [
        row
        for row in rows
        if "cpu_s" in row
        and (row["departments"] == DEPARTMENTS[0] if by == "parameters" else row["parameters"] in small)
    ]
    chosen.sort(key=lambda row: row[by])
    drawn = [
        Series(name, [(math.log10(row[by]), math.log10(row[key])) for row in chosen], style, marked=True)
        for name, key, style in (("CPU", "cpu_s", "cpu"), ("wall", "wall_s", "wall"))
    ]
    values = [y for series in drawn for _, y in series.points]
    x = Axis(by, math.floor(drawn[0].points[0][0]), math.ceil(drawn[0].points[-1][0]), _power)
    y = Axis("seconds a step", math.floor(min(values)), math.ceil(max(values)), _power)
    fixed = f"{SMALL} parameters" if by == "departments" else f"{DEPARTMENTS[0]} departments"
    described = "Green, full: CPU seconds. Blue, dashed: wall seconds. Both axes in powers of ten."
    picture = lines(f"A step by {by}, {fixed}, synthetic people", described, x, y, drawn)
    head = picture.index(">") + 1
    key = element("g", *_legend())
    styled = (
        picture[:head] + element("style", Markup(_STYLE)) + picture[head:].replace("</svg>", key + "</svg>")
    )
    return styled.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _power(exponent: float) -> str:
    return f"{10**exponent:g}" if exponent == int(exponent) else ""


def _legend() -> list[Markup]:
    places = (("cpu", "CPU", 24), ("wall", "wall", 40))
    return [
        part
        for style, name, y in places
        for part in (
            element("polyline", points=f"60,{y - 4} 84,{y - 4}", class_=style),
            element("text", name, x="90", y=str(y)),
        )
    ]


def main() -> int:
    """Measure one row, or all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("one", nargs="*", type=int, metavar="DEPARTMENTS PARAMETERS")
    parser.add_argument("--minutes", type=float, default=20.0, help="rows not done by then are left out")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(*options.one)))
        return 0
    told = {"people": f"synthetic, {PEOPLE} a department", "machine": machine()}
    rows = []
    for row in measure_all(options.minutes):
        rows.append(row)
        print(json.dumps(row), flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "growth.json").write_text(
        json.dumps({**told, "steps": STEPS, "rows": rows}, indent=1) + "\n"
    )
    for by in ("departments", "parameters"):
        (options.out / f"growth_{by}.svg").write_text(plot(rows, by) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
