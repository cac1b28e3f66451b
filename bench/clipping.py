"""`make bench-clipping`: samples per CPU-second of per-person clipped sums, ours against Opacus.

The work: people's rows and parameters in, the sum over people of gradients clipped to C out; no noise, no
optimiser. The same network on both sides: public bins (0 or 1) → hidden, tanh → outputs. Ours is the
product's `NetworkGradients` (float64, exact sums); Opacus' four ways run in float32, their usual type, ghost
clipping in float64 too. Before anything is timed, every way's sum is compared with ours (Opacus in float64),
and the script fails if one is more than 1e-5 of its length away. Ways take turns, round by round, on one
thread. The rows are synthetic.
"""

import os

os.environ.update(
    OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1"
)  # before numpy and torch

import argparse
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from opacus.grad_sample import GradSampleModuleFastGradientClipping
from opacus.grad_sample.utils import wrap_model
from opacus.optimizers import DPOptimizer, DPOptimizerFastGradientClipping
from opacus.utils.fast_gradient_clipping_utils import DPLossFastGradientClipping

from machine import RESULTS, machine, machine_line, spread, write
from meter import Meter
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Family,
    ModelSpec,
    ThresholdLabel,
)
from xinqiao_models.features import Design, block_scales
from xinqiao_models.network import NetworkGradients
from xinqiao_models.people import People

CLIP = 1.0
TOLERANCE = 1e-5
BATCH, FULL = 256, 50_000
WAYS = ("hooks", "functorch", "ew", "ghost")
_CHUNK = 5_000
"""Rows at a time where a way keeps every row's gradient: at 50,000 they would take gigabytes."""

Vector = NDArray[np.float64]
ClippedSum = Callable[[], Vector]


@dataclass(frozen=True)
class Shape:
    """A network's widths, and the widths of the features that make up its inputs (with the leading one)."""

    features: tuple[int, ...]
    hidden: int
    outputs: int

    @property
    def spec(self) -> ModelSpec:
        """The product's model of this shape."""
        features = tuple(_category(f"f{place:02}", width) for place, width in enumerate(self.features))
        label: ClassLabel | ThresholdLabel = ThresholdLabel("label", 0)
        if self.outputs > 1:
            values = tuple(f"c{place}" for place in range(self.outputs))
            label = ClassLabel("label", values, (MICRO,) * self.outputs)
        return ModelSpec("synthetic", features, label, family=Family.NETWORK, hidden=self.hidden)

    @property
    def name(self) -> str:
        """For example 20-64-8."""
        return f"{1 + sum(self.features)}-{self.hidden}-{self.outputs}"


SHAPES = (
    Shape((2, 2, 2, 2, 2, 2, 2, 2, 3), hidden=64, outputs=8),
    Shape((12, 16, 14, 10, 9, 3, 6, 6, 11), hidden=16, outputs=1),  # as wide as the demo's bins
)


def people(spec: ModelSpec, count: int, seed: int = 0) -> People:
    """Return `count` synthetic people of one row each."""
    random = np.random.default_rng(seed)
    positions, start = [np.zeros(count, dtype=np.intp)], 1
    for feature in spec.features:
        positions.append(start + random.integers(0, feature.width, count))
        start += feature.width
    outputs = spec.label.outputs
    places = random.integers(0, max(2, outputs), count)
    wanted = np.eye(outputs)[places] if outputs > 1 else places[:, None].astype(np.float64)
    return People(Design(np.stack(positions, axis=1), block_scales(spec), start), wanted, np.arange(count))


def ours(everyone: People, spec: ModelSpec, theta: Vector) -> ClippedSum:
    """Return the product's clipped sum."""
    gradients = NetworkGradients(everyone, spec)
    return lambda: gradients.clipped_sum(theta, CLIP)


def opacus_way(
    way: str, everyone: People, spec: ModelSpec, theta: Vector, dtype: torch.dtype = torch.float32
) -> ClippedSum:
    """Return Opacus' clipped sum by one of `WAYS`."""
    x, t = torch.tensor(everyone.design.dense(), dtype=dtype), _targets(everyone, dtype)
    criterion = torch.nn.CrossEntropyLoss if spec.label.outputs > 1 else torch.nn.BCEWithLogitsLoss
    module, loss = _module(spec, theta, dtype), criterion(reduction="sum")
    step = _ghost(module, loss, x, t) if way == "ghost" else _materialised(way, module, loss, x, t)
    return lambda: _flat(step())


def _ghost(
    module: torch.nn.Module, criterion: torch.nn.Module, x: torch.Tensor, t: torch.Tensor
) -> Callable[[], list[torch.Tensor]]:
    wrapped = GradSampleModuleFastGradientClipping(
        module, max_grad_norm=CLIP, use_ghost_clipping=True, loss_reduction="sum"
    )
    optimizer = DPOptimizerFastGradientClipping(_sgd(wrapped), **_without_noise(len(x)))
    loss = DPLossFastGradientClipping(wrapped, optimizer, criterion, loss_reduction="sum")

    def step() -> list[torch.Tensor]:
        loss(wrapped(x), t).backward()
        return [parameter.grad for parameter in wrapped.parameters()]

    return step


def _materialised(
    way: str, module: torch.nn.Module, criterion: torch.nn.Module, x: torch.Tensor, t: torch.Tensor
) -> Callable[[], list[torch.Tensor]]:
    wrapped = wrap_model(module, grad_sample_mode=way, loss_reduction="sum")
    optimizer = DPOptimizer(_sgd(wrapped), **_without_noise(len(x)))

    def step() -> list[torch.Tensor]:
        optimizer.zero_grad()
        for first in range(0, len(x), _CHUNK):
            criterion(wrapped(x[first : first + _CHUNK]), t[first : first + _CHUNK]).backward()
            optimizer.clip_and_accumulate()
            for parameter in optimizer.params:
                parameter.grad_sample = None
        return [parameter.summed_grad for parameter in optimizer.params]

    return step


def _sgd(module: torch.nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(module.parameters(), lr=0.1)


def _without_noise(count: int) -> dict[str, Any]:
    return {
        "noise_multiplier": 0.0,
        "max_grad_norm": CLIP,
        "expected_batch_size": count,
        "loss_reduction": "sum",
    }


def _module(spec: ModelSpec, theta: Vector, dtype: torch.dtype) -> torch.nn.Sequential:
    outputs = spec.label.outputs
    first, second, bias = np.split(theta, np.cumsum([spec.inputs * spec.hidden, spec.hidden * outputs]))
    layers = torch.nn.Sequential(
        torch.nn.Linear(spec.inputs, spec.hidden, bias=False, dtype=dtype),
        torch.nn.Tanh(),
        torch.nn.Linear(spec.hidden, outputs, dtype=dtype),
        *([torch.nn.Flatten(0)] if outputs == 1 else []),
    )
    with torch.no_grad():
        layers[0].weight.copy_(torch.tensor(first.reshape(spec.inputs, -1).T))
        layers[2].weight.copy_(torch.tensor(second.reshape(spec.hidden, -1).T))
        layers[2].bias.copy_(torch.tensor(bias))
    return layers


def _targets(everyone: People, dtype: torch.dtype) -> torch.Tensor:
    wanted = torch.tensor(everyone.targets, dtype=dtype)
    return wanted.argmax(dim=1) if wanted.shape[1] > 1 else wanted[:, 0]


def _flat(gradients: Sequence[torch.Tensor]) -> Vector:
    first, second, bias = (gradient.detach().numpy().astype(np.float64) for gradient in gradients)
    return np.concatenate([first.T.ravel(), second.T.ravel(), bias])


def farthest(everyone: People, spec: ModelSpec, theta: Vector) -> dict[str, float]:
    """Return how far each way's sum is from ours, as a share of its length.

    Raises:
        SystemExit: one is farther than `TOLERANCE`.
    """
    own = ours(everyone, spec, theta)()
    apart = {}
    for way in WAYS:
        other = opacus_way(way, everyone, spec, theta, torch.float64)()
        apart[way] = float(np.linalg.norm(own - other) / np.linalg.norm(other))
        if not apart[way] <= TOLERANCE:
            raise SystemExit(f"{way}: the sums differ by {apart[way]:.2e} of their length")
    return apart


def compare(shape: Shape, count: int, rounds: int, least_cpu_s: float) -> dict[str, Any]:
    """Return samples per CPU-second of each way, round by round, and their medians' ratio to ghost's."""
    spec = shape.spec
    everyone = people(spec, count)
    theta = np.random.default_rng(1).normal(0, 0.3, spec.parameters)
    apart = farthest(everyone, spec, theta)
    ways: dict[str, ClippedSum] = {"ours": ours(everyone, spec, theta)}
    ways |= {way: opacus_way(way, everyone, spec, theta) for way in WAYS}
    ways["ghost, float64"] = opacus_way("ghost", everyone, spec, theta, torch.float64)
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for step in ways.values():
        step()
    for _ in range(rounds):
        for name, step in ways.items():
            speeds[name].append(count * _per_cpu_s(step, least_cpu_s))
    middle = {name: median(values) for name, values in speeds.items()}
    return {
        "shape": shape.name,
        "people": count,
        "farthest_from_ours": apart,
        "samples_per_cpu_s": speeds,
        "times_ghost": {name: value / middle["ghost"] for name, value in middle.items()},
    }


def _per_cpu_s(step: ClippedSum, least_cpu_s: float) -> float:
    meter, done = Meter(), 0
    while done == 0 or meter.read().cpu_s < least_cpu_s:
        step()
        done += 1
    return done / meter.read().cpu_s


def table_of(figures: Mapping[str, Any]) -> str:
    """Return the figures as a short page of Markdown."""
    lines = [
        "Per-person clipped sums, thousand samples per CPU-second, one thread, synthetic rows; "
        f"{figures['rounds']} rounds in turn, median (least – most); × is against ghost clipping in float32",
        "",
        "| network | people | way | thousand samples / CPU-s | × ghost | farthest from ours |",
        "|---|---|---|---|---|---|",
    ]
    for case in figures["cases"]:
        for way, speeds in case["samples_per_cpu_s"].items():
            apart = case["farthest_from_ours"].get(way)
            lines.append(
                f"| {case['shape']} | {case['people']:,} | {way} | "
                f"{spread([speed / 1000 for speed in speeds], 0)} | "
                f"{case['times_ghost'][way]:.2f} | {'' if apart is None else f'{apart:.1e}'} |"
            )
    lines += [
        "",
        "Ours is float64 with exact sums; Opacus float32 unless said otherwise (sums are compared in "
        f"float64). Ways that keep every row's gradient take {_CHUNK:,} rows at a time. "
        "The product's network has one hidden layer; a second one is not supported and has no figure here.",
        "",
        machine_line(figures["machine"]),
    ]
    return "\n".join(lines) + "\n"


def measure(counts: Sequence[int], rounds: int, least_cpu_s: float) -> dict[str, Any]:
    """Return every figure."""
    torch.set_num_threads(1)
    told = machine("torch", "opacus")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that hooks fire without inputs that need gradients
        cases = [compare(shape, count, rounds, least_cpu_s) for shape in SHAPES for count in counts]
    return {"machine": told, "rounds": rounds, "clip": CLIP, "cases": cases}


def _category(name: str, width: int) -> CategoryFeature:
    return CategoryFeature(name, tuple(f"v{place}" for place in range(width - 1)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="Samples per CPU-second of clipped sums, against Opacus")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--counts", type=int, nargs="+", default=[BATCH, FULL], help="people in a sum")
    parser.add_argument("--least-cpu-s", type=float, default=0.3, help="CPU seconds of one measurement")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for clipping.json and clipping.md")
    options = parser.parse_args(arguments)
    figures = measure(options.counts, options.rounds, options.least_cpu_s)
    write(options.out, "clipping", figures, table_of(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
