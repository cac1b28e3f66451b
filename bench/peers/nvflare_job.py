"""NVFLARE's simulator with Opacus in each client: `python nvflare_job.py FOLDER` prints one JSON object,
last."""

import json
import sys
from pathlib import Path

import torch
from local_dp import Settings, departments_of, inputs_of
from nvflare.app_opt.pt.recipes.fedavg import FedAvgRecipe
from nvflare.client.config import ExchangeFormat
from nvflare.recipe import SimEnv

HERE = Path(__file__).resolve().parent


def main() -> int:
    folder = Path(sys.argv[1]).resolve()
    settings, departments = Settings.read(folder), departments_of(folder)
    module = torch.nn.Linear(inputs_of(folder), 1, bias=False)
    with torch.no_grad():
        module.weight.zero_()
    recipe = FedAvgRecipe(
        name="peer",
        model=module,
        min_clients=departments,
        num_rounds=settings.rounds,
        train_script=str(HERE / "nvflare_client.py"),
        train_args=f"{folder} {HERE}",
        server_expected_format=ExchangeFormat.PYTORCH,
    )
    workspace = folder / "nvflare"
    recipe.execute(SimEnv(num_clients=departments, workspace_root=str(workspace)))
    saved = sorted(workspace.rglob("FL_global_model.pt"))
    weights = torch.load(saved[-1], weights_only=True)
    weights = weights.get("model", weights)["weight"][0]
    bytes_up = settings.rounds * departments * weights.numel() * weights.element_size()
    print(json.dumps({"parameters": weights.tolist(), "bytes_up": bytes_up}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
