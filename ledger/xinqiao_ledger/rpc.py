"""JSON-RPC over HTTP to a chain's node, with the standard library: bounded in time and in size."""

import json
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from xinqiao_governance.canonical import require_shallow
from xinqiao_governance.errors import NodeUnavailable, UsageInvalid, WireInvalid

_MAX_REPLY_BYTES = 4 << 20
_READ_BYTES = 1 << 16


class Node:
    """The node at `url`, http or https. All that is asked must be answered within `patience_s` from now.

    No redirect is followed, no proxy used, and nothing sent twice. An answer has at most 4 MiB.

    Raises:
        UsageInvalid: the address is of another kind.
    """

    def __init__(self, url: str, patience_s: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageInvalid("anchor_rpc_address")
        self.host = parts.hostname  # a URL may carry a key; its host does not
        self._url = url
        self._deadline = time.monotonic() + patience_s
        self._opener: OpenerDirector = build_opener(ProxyHandler({}), _NoRedirect())

    def ask(self, method: str, *parameters: object) -> Any:
        """Return the result that the node gives.

        Raises:
            NodeUnavailable: it did not answer in time, or not as a node does.
        """
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        reply = self.exchange(json.dumps(call).encode())
        if "result" not in reply:
            raise self._failed(method)
        return reply["result"]

    def exchange(self, body: bytes) -> dict[str, Any]:
        """Send a call as it is and return the answer, a result or an error; NodeUnavailable as in `ask`."""
        try:
            answer = self._post(body)
            require_shallow(answer)
            reply = json.loads(answer)
        except HTTPError as error:
            error.close()
            raise self._failed(f"HTTP {error.code}") from error
        except (OSError, HTTPException) as error:
            raise self._failed(_cause(error)) from error
        except (ValueError, WireInvalid) as error:
            raise self._failed("JSON") from error
        if not isinstance(reply, dict):
            raise self._failed("JSON")
        return reply

    def left_s(self) -> float:
        """Return how many seconds are left; NodeUnavailable if none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._failed("timeout")
        return left

    def _post(self, body: bytes) -> bytes:
        request = Request(self._url, body, {"Content-Type": "application/json"})  # noqa: S310
        answer = bytearray()
        with self._opener.open(request, timeout=self.left_s()) as response:
            while part := response.read1(_READ_BYTES):
                answer += part
                self.left_s()
                if len(answer) > _MAX_REPLY_BYTES:
                    raise self._failed("size")
        return bytes(answer)

    def _failed(self, reason: str) -> NodeUnavailable:
        return NodeUnavailable("anchor_rpc_failed", host=self.host, reason=reason)


def _cause(error: Exception) -> str:
    """Return the name of what happened: urllib wraps it."""
    wrapped = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    return type(wrapped).__name__


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Refuse: what another address answers is not this node's word."""
