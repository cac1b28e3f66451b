"""What the same training would reach under other trust, by arrays alone: for comparison, never for release.

Orders, wire types and nodes know nothing of this. Optimiser, steps, sampling, clipping and rounding are those
of the order that is rehearsed; only the noise differs. It is continuous, from the system's entropy.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from xinqiao_governance.model_spec import ModelSpec
from xinqiao_models.families import person_sums, sampled_sum
from xinqiao_models.gradients import Vector
from xinqiao_models.people import People
from xinqiao_models.sums import SumPlan
from xinqiao_models.training import Training

Trust = Literal["local", "pooled", "none"]
"""local: each department trusts itself alone and adds all of σ². pooled: one trusted centre adds σ² once.

none: no noise at all, and so no privacy.
"""


@dataclass(frozen=True)
class Compared:
    """What came of it: the parameters, shape (spec.parameters,), and the good steps."""

    parameters: Vector
    steps: int


def train(people: People, spec: ModelSpec, plan: SumPlan, trust: Trust) -> Compared:
    """Train on the people of all departments together, which is the sum that their departments would open.

    The optimiser's rate follows the noise that the sum carries here, as it does in a real job.
    """
    carried = replace(plan, variance=_carried(plan, trust))
    deviation = 0.0 if trust == "none" else math.sqrt(carried.variance) / plan.scale
    training, sums, noise = Training(spec, carried), person_sums(people, spec), np.random.default_rng()
    for _ in range(plan.answers):
        total = sampled_sum(sums, training.parameters, plan)
        training.take(total + deviation * noise.standard_normal(plan.dimension))
    return Compared(training.model, training.steps)


def _carried(plan: SumPlan, trust: Trust) -> int:
    """Return the variance of the opened sum, in squared integer units; 1, the least there is, for none."""
    return {"local": plan.members * plan.variance, "pooled": plan.variance, "none": 1}[trust]
