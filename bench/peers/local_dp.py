"""What a peer's department does: local DP-SGD by Opacus on its own people, at the whole ε.

The same logistic model on the same public bins as ours. Used by Flower's and NVFLARE's clients alike, and by
the tuning; it needs torch, opacus and nothing of ours. A department's guarantee must hold by itself, for
what it sends is read by the server: so every department adds the noise that ε asks for over all rounds.
"""

import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from opacus import PrivacyEngine
from opacus.accountants.utils import get_noise_multiplier

DATA = "data.npz"
SETTINGS = "settings.json"

Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    """One federated job with local DP-SGD: every round, each department trains one local epoch."""

    rounds: int
    batches: int  # of one local epoch: the sampling rate is 1 / batches
    optimiser: str  # "sgd" or "adam", anew in each round
    rate: float
    clip: float
    noise_multiplier: float

    @classmethod
    def read(cls, folder: Path) -> "Settings":
        """Read the settings of a job's folder."""
        return cls(**json.loads((folder / SETTINGS).read_text()))

    def write(self, folder: Path) -> None:
        """Write them there."""
        (folder / SETTINGS).write_text(json.dumps(asdict(self), indent=1) + "\n")


def noise_for(epsilon: float, delta: float, rounds: int, batches: int) -> float:
    """Return the noise multiplier for all rounds by Opacus' PRV accountant, its tightest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(
            get_noise_multiplier(
                target_epsilon=epsilon,
                target_delta=delta,
                sample_rate=1 / batches,
                steps=rounds * batches,
                accountant="prv",
            )
        )


class Department:
    """One department's people: inputs of shape (people, inputs), yes or no of shape (people,)."""

    def __init__(self, inputs: NDArray[np.float32], wanted: NDArray[np.float32]) -> None:
        self.rows = torch.utils.data.TensorDataset(torch.tensor(inputs), torch.tensor(wanted))

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def read(cls, folder: Path, place: int) -> "Department":
        """Read the department at `place` of a job's folder."""
        with np.load(folder / DATA) as data:
            own = data["home"] == place
            return cls(data["inputs"][own].astype(np.float32), data["wanted"][own].astype(np.float32))

    def train(self, weights: Weights, settings: Settings) -> Weights:
        """Return the weights after one local epoch of DP-SGD, shape (inputs,)."""
        module = torch.nn.Linear(len(weights), 1, bias=False)
        with torch.no_grad():
            module.weight.copy_(torch.tensor(weights)[None])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Opacus says that its random numbers are not for production
            return self._train(module, settings)

    def _train(self, module: torch.nn.Module, settings: Settings) -> Weights:
        kinds: dict[str, Any] = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
        size = -(-len(self) // settings.batches)
        private, optimizer, loader = PrivacyEngine(accountant="prv").make_private(
            module=module,
            optimizer=kinds[settings.optimiser](module.parameters(), lr=settings.rate),
            data_loader=torch.utils.data.DataLoader(self.rows, batch_size=size),
            noise_multiplier=settings.noise_multiplier,
            max_grad_norm=settings.clip,
        )
        criterion = torch.nn.BCEWithLogitsLoss()
        for inputs, wanted in loader:
            optimizer.zero_grad()
            criterion(private(inputs)[:, 0], wanted).backward()
            optimizer.step()
        trained: Weights = module.weight.detach().numpy()[0].copy()
        return trained


def inputs_of(folder: Path) -> int:
    """Return the width of the model."""
    with np.load(folder / DATA) as data:
        return int(data["inputs"].shape[1])


def departments_of(folder: Path) -> int:
    """Return the number of departments."""
    with np.load(folder / DATA) as data:
        return int(data["home"].max()) + 1
