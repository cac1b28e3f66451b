"""Clipped sums against autograd and against Opacus' per-sample gradients, on modules with the same weights.

Both oracles compute in float64; ours only rounds to its grids.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators import rows
from xinqiao_governance.model_spec import MICRO, Family, Label, ModelSpec, NumberLabel, ThresholdLabel
from xinqiao_models.families import person_sums
from xinqiao_models.people import People

if TYPE_CHECKING:
    import torch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
]


def module_of(theta: NDArray[np.float64], model: ModelSpec) -> "torch.nn.Module":
    """The same model as a torch module that Opacus knows, with the same weights."""
    import torch

    def linear(weight: NDArray[np.float64], bias: NDArray[np.float64] | None) -> torch.nn.Linear:
        outputs, inputs = weight.shape
        layer = torch.nn.Linear(inputs, outputs, bias=bias is not None, dtype=torch.float64)
        layer.weight.data = torch.tensor(weight.copy())
        if bias is not None:
            layer.bias.data = torch.tensor(bias.copy())
        return layer

    if model.family is Family.LINEAR:
        return torch.nn.Sequential(linear(theta.reshape(model.label.outputs, -1), None))
    cuts = np.cumsum([model.inputs * model.hidden, model.hidden * model.label.outputs])
    first, second, bias = np.split(theta, cuts)
    return torch.nn.Sequential(
        linear(first.reshape(model.inputs, -1).T, None),
        torch.nn.Tanh(),
        linear(second.reshape(model.hidden, -1).T, bias),
    )


def loss(said: "torch.Tensor", wanted: "torch.Tensor", label: Label) -> "torch.Tensor":
    """The sum over rows of the label's loss, by torch's own functions."""
    from torch.nn import functional

    if isinstance(label, NumberLabel):
        return functional.huber_loss(said, wanted, reduction="sum", delta=1.0)
    weights = wanted.new_tensor(label.weights_micro) / MICRO
    if isinstance(label, ThresholdLabel):
        weight = weights[wanted.long()]
        return functional.binary_cross_entropy_with_logits(said, wanted, weight=weight, reduction="sum")
    return functional.cross_entropy(said, wanted.argmax(dim=1), weight=weights, reduction="sum")


def flat(gradients: list["torch.Tensor"], model: ModelSpec) -> "torch.Tensor":
    """Gradients of a module's parameters, each with a row a sample, in the order of our flat vector."""
    import torch

    if model.family is Family.LINEAR:
        return gradients[0].flatten(1)
    first, second, bias = gradients
    return torch.cat([first.transpose(1, 2).flatten(1), second.transpose(1, 2).flatten(1), bias], dim=1)


def autograd_rows(everyone: People, theta: NDArray[np.float64], model: ModelSpec) -> "torch.Tensor":
    """Each row's gradient by a backward pass of its own, shape (rows, parameters)."""
    import torch

    module = module_of(theta, model)
    x, t = torch.tensor(everyone.design.dense()), torch.tensor(everyone.targets)

    def each() -> Iterator[torch.Tensor]:
        for row in range(len(x)):
            value = loss(module(x[row : row + 1]), t[row : row + 1], model.label)
            made = torch.autograd.grad(value, list(module.parameters()))
            yield flat([gradient[None] for gradient in made], model)

    return torch.cat(list(each()))


def opacus_rows(everyone: People, theta: NDArray[np.float64], model: ModelSpec) -> "torch.Tensor":
    """Each row's gradient by Opacus' hooks, shape (rows, parameters)."""
    import torch
    from opacus import GradSampleModule

    module = module_of(theta, model)
    watched = GradSampleModule(module, loss_reduction="sum")
    x, t = torch.tensor(everyone.design.dense()), torch.tensor(everyone.targets)
    loss(watched(x), t, model.label).backward()
    return flat([parameter.grad_sample for parameter in module.parameters()], model)


def clipped_by_person(samples: "torch.Tensor", everyone: People, clip: float) -> NDArray[np.float64]:
    gradients = np.add.reduceat(samples.detach().numpy(), everyone.starts, axis=0)
    norms = np.linalg.norm(gradients, axis=1, keepdims=True)
    total: NDArray[np.float64] = (gradients * np.minimum(1.0, clip / norms)).sum(axis=0)
    return total


@pytest.mark.parametrize("family", [Family.LINEAR, Family.NETWORK])
@pytest.mark.parametrize("label", list(rows.LABELS))
@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("oracle", [autograd_rows, opacus_rows])
def test_agrees_with_autograd_and_opacus(family: Family, label: str, panel: bool, oracle: object) -> None:
    model = rows.spec(label, family)
    everyone, theta = rows.people(model, 200, panel=panel), rows.parameters(model)
    samples = oracle(everyone, theta, model)  # type: ignore[operator]
    sums = person_sums(everyone, model)
    for clip in (0.3, 1.0, 30.0):
        expected = clipped_by_person(samples, everyone, clip)
        off = np.linalg.norm(sums.clipped_sum(theta, clip) - expected)
        assert off <= 1e-5 * np.linalg.norm(expected)
