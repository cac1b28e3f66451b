"""Other machines may call only what is for departments."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from xinqiao_app.superlink_server import OperatorsMachine


async def flower(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def status(path: str, client: tuple[str, int] | None) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "client": client, "method": "POST", "headers": []}
    asyncio.run(OperatorsMachine(flower)(scope, receive, send))
    return int(sent[0]["status"])


OTHERS = ["/v1/control/start-run", "/v1/runtime/push-messages", "/docs", "/", "/v1/fleet", "//v1/fleet/x"]


@pytest.mark.parametrize("path", ["/v1/fleet/pull-messages", "/health"])
@pytest.mark.parametrize("client", [("10.0.0.7", 5), ("127.0.0.1", 5), ("2001:db8::7", 5), None])
def test_the_departments_part_is_open(path: str, client: tuple[str, int] | None) -> None:
    assert status(path, client) == 200


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("client", [("10.0.0.7", 5), ("2001:db8::7", 5), ("localhost.evil.example", 5), None])
def test_the_operators_part_is_not(path: str, client: tuple[str, int] | None) -> None:
    assert status(path, client) == 403


@pytest.mark.parametrize("client", [("127.0.0.1", 5), ("::1", 5), ("127.8.9.1", 5)])
def test_on_his_own_machine_it_is(client: tuple[str, int]) -> None:
    assert status("/v1/control/start-run", client) == 200
