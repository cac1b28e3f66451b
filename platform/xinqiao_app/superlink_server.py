"""Flower's SuperLink with one more rule: other machines may call only what is for departments.

Flower serves three interfaces on one port. Whoever reaches the other two starts runs, registers nodes and
reads messages, so they are for the operator, who sits at this machine.
"""

import ipaddress

from flwr.superlink import extensions
from flwr.superlink.cli import flower_superlink
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN = ("/v1/fleet/", "/health")


class OperatorsMachine:
    """ASGI middleware that refuses whatever comes from another machine and is not for departments."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or answer 403."""
        if scope["type"] == "lifespan" or scope["path"].startswith(_OPEN) or _is_local(scope):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("", status_code=403)(scope, receive, send)


def main() -> None:
    """Run the SuperLink with the arguments of `flower-superlink`."""
    extensions.get_middleware = lambda: (Middleware(OperatorsMachine),)
    flower_superlink()


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
