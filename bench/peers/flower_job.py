"""Stock Flower with Opacus in each client: `python flower_job.py FOLDER in-process|ray` prints one JSON
object.

FedAvg by Flower's own strategy. "ray" is Flower's simulation; "in-process" hands the very same ServerApp and
ClientApp a grid that calls the client in this process, the least that Flower can cost.
"""

import json
import sys
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from flower_client import WEIGHTS, client
from flwr.app import ArrayRecord, ConfigRecord, Context, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.common.constant import SUPERLINK_NODE_ID
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg
from flwr.supercore.run import Run
from flwr.supercore.task_identity import TaskIdentity
from local_dp import Settings, departments_of, inputs_of

FOLDER = Path(sys.argv[1]).resolve()
ENGINE = sys.argv[2]


class InProcessGrid(Grid):
    """Calls the client's app where Flower would carry a message."""

    def __init__(self, client: ClientApp, nodes: int) -> None:
        self._client = client
        self._contexts = {node: _context(node, nodes) for node in range(1, nodes + 1)}
        self._replies: dict[str, Message] = {}
        self._run = Run.create_empty(1)

    def set_run(self, run: Run) -> None:
        self._run = run

    @property
    def run(self) -> Run:
        return self._run

    def create_message(
        self,
        content: RecordDict,
        message_type: str,
        dst_node_id: int,
        group_id: str,
        ttl: float | None = None,
    ) -> Message:
        return Message(content, dst_node_id, message_type, ttl=ttl, group_id=group_id)

    def get_node_ids(self) -> Iterable[int]:
        return list(self._contexts)

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        return [self._push(message) for message in messages]

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        return [self._replies.pop(key) for key in message_ids if key in self._replies]

    def send_and_receive(
        self, messages: Iterable[Message], *, timeout: float | None = None
    ) -> Iterable[Message]:
        return self.pull_messages(self.push_messages(messages))

    def _push(self, message: Message) -> str:
        key = str(uuid.uuid4())
        message.metadata.__dict__["_message_id"] = key
        self._replies[key] = self._client(message, self._contexts[message.metadata.dst_node_id])
        return key


def _context(node: int, nodes: int) -> Context:
    config = {"partition-id": node - 1, "num-partitions": nodes}
    return Context(run_id=1, node_id=node, node_config=config, state=RecordDict(), run_config={})


def serve(grid: Grid, settings: Settings, said: dict[str, Any]) -> None:
    """Run all rounds and keep the last model."""
    first = ArrayRecord([np.zeros(inputs_of(FOLDER), dtype=np.float32)])
    strategy = FedAvg(fraction_train=1.0, fraction_evaluate=0.0, min_available_nodes=departments_of(FOLDER))
    result = strategy.start(
        grid,
        ArrayRecord({WEIGHTS: first["0"]}),
        num_rounds=settings.rounds,
        train_config=ConfigRecord({"folder": str(FOLDER)}),
    )
    said["parameters"] = result.arrays[WEIGHTS].numpy().tolist()
    # A department's answer, as Flower keeps an array: a NumPy file in memory.
    said["bytes_up"] = settings.rounds * departments_of(FOLDER) * len(result.arrays[WEIGHTS].data)


def main() -> int:
    settings, said = Settings.read(FOLDER), {}
    nodes = departments_of(FOLDER)
    if ENGINE == "ray":
        from flwr.simulation import run_simulation

        server = ServerApp()
        server.main()(lambda grid, context: serve(grid, settings, said))
        run_simulation(server, client, nodes, backend_config={"client_resources": {"num_cpus": 1}})
    else:
        TaskIdentity.run_id, TaskIdentity.task_id, TaskIdentity.node_id = 1, 1, SUPERLINK_NODE_ID
        serve(InProcessGrid(client, nodes), settings, said)
    print(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
