"""NVFLARE's client script: a department that trains one local epoch of DP-SGD a round."""

import sys
from pathlib import Path

import numpy as np
import torch

FOLDER = Path(sys.argv[1])
sys.path.insert(0, sys.argv[2])  # NVFLARE copies this file alone into the job

import nvflare.client as flare  # noqa: E402
from local_dp import Department, Settings  # noqa: E402


def main() -> None:
    torch.set_num_threads(1)
    flare.init()
    place = int(flare.get_site_name().removeprefix("site-")) - 1
    department, settings = Department.read(FOLDER, place), Settings.read(FOLDER)
    while flare.is_running():
        received = flare.receive()
        if received is None:
            return
        weights = np.asarray(received.params["weight"], dtype=np.float32)[0]
        trained = department.train(weights, settings)
        answer = {"weight": torch.tensor(trained[None])}
        meta = {"NUM_STEPS_CURRENT_ROUND": len(department)}
        flare.send(flare.FLModel(params=answer, params_type=flare.ParamsType.FULL, meta=meta))


main()
