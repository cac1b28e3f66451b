"""The centre's one front door to Flower: a channel over a Flower grid, and the job as a ServerApp.

Flower sees opaque bytes. Downwards a message holds a record "wire" and, where the model goes along, a record
"parameters" with one flat array; upwards it holds a record "wire". The department's side of this layout is
`xinqiao_clients.flower`; the two never import each other.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Message, MessageType, RecordDict
from flwr.serverapp import Grid, ServerApp
from numpy.typing import NDArray

from xinqiao_platform.channel import Ask, Channel

_WIRE, _PARAMETERS, _FLAT, _LITTLE_ENDIAN = "wire", "parameters", "flat", "little-endian"

# A twentieth of the time already waited makes an answer at most five per cent late; three times as long as
# the question took leaves a SuperLink free for the departments.
_PAUSE_SHARE = 0.05
_PAUSE_COSTS = 3
_PAUSE_LEAST_S, _PAUSE_MOST_S = 0.002, 0.25


class GridChannel:
    """A `Channel` over any Flower grid; it never waits longer than it was told to.

    A grid that `waits` for replies itself, a little, is asked again at once; any other after a pause.
    """

    def __init__(self, grid: Grid, *, waits: bool = False) -> None:
        self._grid = grid
        self._waits = waits

    def members(self) -> Sequence[str]:
        """Return Flower's ids of the nodes that are online, as decimal text, sorted."""
        return sorted(str(node_id) for node_id in self._grid.get_node_ids())

    def ask(self, asks: Mapping[str, Ask], *, timeout_s: float) -> dict[str, bytes]:
        """Ask each address and return the wires that came back within `timeout_s` seconds, by address."""
        if not asks:
            return {}
        models = {id(ask.parameters): ask.parameters for ask in asks.values()}
        records = {key: _record(model) for key, model in models.items() if model is not None}
        messages = [
            _message(address, ask.wire, records.get(id(ask.parameters)), ttl_s=timeout_s)
            for address, ask in asks.items()
        ]
        waiting = dict(zip(self._grid.push_messages(messages), asks, strict=True))
        waiting.pop("", None)  # Flower's id of a message that it could not store
        answers: dict[str, bytes] = {}
        for _ in _looks(timeout_s, paused=not self._waits):
            for reply in self._grid.pull_messages(list(waiting)):
                address = waiting.pop(reply.metadata.reply_to_message_id, None)
                wire = _wire(reply)
                if wire is not None and address == str(reply.metadata.src_node_id):
                    answers[address] = wire
            if not waiting:
                break
        return answers


def server_app(job: Callable[[Channel], None], *, grid_waits: bool = False) -> ServerApp:
    """Return a Flower ServerApp whose main runs `job` over a `GridChannel`, which see."""
    app = ServerApp()

    @app.main()
    def main(grid: Grid, context: Context) -> None:
        job(GridChannel(grid, waits=grid_waits))

    return app


def _record(parameters: NDArray[np.float64]) -> ArrayRecord:
    """Return the model as one flat array of little-endian words, without a header of NumPy's."""
    words = parameters.astype("<f8").tobytes()
    return ArrayRecord({_FLAT: Array("float64", parameters.shape, _LITTLE_ENDIAN, words)})


def _message(address: str, wire: bytes, parameters: ArrayRecord | None, *, ttl_s: float) -> Message:
    content = RecordDict({_WIRE: ConfigRecord({_WIRE: wire})})
    if parameters is not None:
        content[_PARAMETERS] = parameters
    kind = MessageType.QUERY if parameters is None else MessageType.TRAIN
    return Message(content, int(address), kind, ttl=ttl_s)


def _wire(reply: Message) -> bytes | None:
    if not reply.has_content():
        return None
    record = reply.content.get(_WIRE)
    wire = record.get(_WIRE) if isinstance(record, ConfigRecord) else None
    return wire if isinstance(wire, bytes) else None


def _looks(timeout_s: float, *, paused: bool) -> Iterator[None]:
    """Yield at once, then after pauses if they are wanted, the last time `timeout_s` seconds later."""
    start = time.monotonic()
    asked = start
    while asked - start < timeout_s:
        asked = time.monotonic()
        yield
        if not paused:
            continue
        now = time.monotonic()
        pause = max(_PAUSE_SHARE * (now - start), _PAUSE_COSTS * (now - asked), _PAUSE_LEAST_S)
        time.sleep(max(0.0, min(pause, _PAUSE_MOST_S, start + timeout_s - now)))
