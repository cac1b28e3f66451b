"""The department's side of stock Flower: local DP-SGD by Opacus, one local epoch a message."""

from functools import cache
from pathlib import Path

import torch
from flwr.app import ArrayRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from local_dp import Department, Settings

WEIGHTS = "weights"

client = ClientApp()


@cache
def _department(folder: str, place: int) -> Department:
    return Department.read(Path(folder), place)


@client.train()
def train(message: Message, context: Context) -> Message:
    """Train one local epoch from the weights in the message."""
    torch.set_num_threads(1)
    folder = str(message.content["config"]["folder"])
    department = _department(folder, int(context.node_config["partition-id"]))
    weights = message.content["arrays"][WEIGHTS].numpy()
    trained = department.train(weights, Settings.read(Path(folder)))
    metrics = MetricRecord({"num-examples": len(department)})
    named = ArrayRecord({WEIGHTS: ArrayRecord([trained])["0"]})
    return Message(RecordDict({"arrays": named, "metrics": metrics}), reply_to=message)
