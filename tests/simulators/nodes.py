"""A chain's node over HTTP that says what it is told to, or misbehaves."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = Callable[[str, list[Any]], Any]


class Raw(bytes):
    """An answer's whole body, in place of a JSON-RPC result."""


class Moved(str):
    """A redirect to this address."""

    __slots__ = ()


class Cut:
    """The connection is closed without an answer."""


@contextmanager
def node_that_answers(answer: Answer | Mapping[str, Any]) -> Iterator[str]:
    """Serve JSON-RPC on the loopback until the end of the block; yield the address.

    `answer` gives a method's result: a table by method, or a function of method and parameters.
    """
    told: Answer = answer if callable(answer) else lambda method, _: answer[method]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            result = told(call["method"], call["params"])
            if isinstance(result, Cut):
                return
            if isinstance(result, Moved):
                self.send_response(302)
                self.send_header("Location", result)
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(result if isinstance(result, Raw) else _reply(call["id"], result))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def _reply(number: int, result: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "result": result}).encode()
