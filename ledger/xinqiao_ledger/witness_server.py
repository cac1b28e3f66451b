"""A witness behind HTTP: C2SP tlog-witness, with the standard library alone.

    POST /add-checkpoint                    200 with the cosignature, or why not
    GET  /<SHA-256 of origin>/checkpoint    the newest checkpoint that it cosigned

Anybody may ask: only what the log signed is cosigned. So time and bytes of each request are bounded, and so
are the connections.
"""

import io
import socket
import sys
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Protocol

from xinqiao_governance.errors import Field, WireInvalid, XinqiaoError
from xinqiao_ledger.add_checkpoint import MAX_BYTES, PATH, SIZE_TYPE, AddCheckpoint, monitoring_path
from xinqiao_ledger.checkpoint import SignedCheckpoint
from xinqiao_ledger.witness import Witness


class Tell(Protocol):
    """Takes what the witness tells its keeper: a sentence's code, and its fields."""

    def __call__(self, code: str, /, **fields: Field) -> None:
        """Tell it."""
        ...


_TEXT = "text/plain; charset=utf-8"
_MAX_HEAD_BYTES = 1 << 14
_REFUSALS = {
    "witness_origin_differs": HTTPStatus.NOT_FOUND,
    "checkpoint_unsigned": HTTPStatus.FORBIDDEN,
    "signature_invalid": HTTPStatus.FORBIDDEN,
    "witness_rollback": HTTPStatus.BAD_REQUEST,
    "witness_size_differs": HTTPStatus.CONFLICT,
    "witness_split_view": HTTPStatus.UNPROCESSABLE_ENTITY,
    "proof_consistency_failed": HTTPStatus.UNPROCESSABLE_ENTITY,
}


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: HTTPStatus
    body: str = ""
    kind: str = _TEXT


def add_checkpoint(witness: Witness, body: bytes, tell: Tell) -> Reply:
    """Answer the body of an `add-checkpoint` request; `tell` hears of what its keeper should know."""
    try:
        asked = AddCheckpoint.decode(body)
        line = witness.cosign(asked.note, asked.old_size, asked.consistency)
    except XinqiaoError as error:
        return _refusal(error, tell)
    tell("witness_cosigned_head", size=SignedCheckpoint.parse(asked.note).checkpoint.size)
    return Reply(HTTPStatus.OK, line)


def newest_checkpoint(witness: Witness, path: str, tell: Tell) -> Reply:
    """Answer a GET of `path`."""
    try:
        note = witness.newest() if path == monitoring_path(witness.origin) else None
    except XinqiaoError as error:
        return _refusal(error, tell)
    return Reply(HTTPStatus.NOT_FOUND) if note is None else Reply(HTTPStatus.OK, note)


def _refusal(error: XinqiaoError, tell: Tell) -> Reply:
    if isinstance(error, WireInvalid):
        return Reply(HTTPStatus.BAD_REQUEST)
    status = _REFUSALS.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR)
    if status is HTTPStatus.CONFLICT:
        return Reply(status, f"{error.fields['size']}\n", SIZE_TYPE)
    if status in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INTERNAL_SERVER_ERROR):
        tell(error.code, **error.fields)  # the log signed a history that does not fit, or we cannot go on
    return Reply(status)


class WitnessServer(ThreadingHTTPServer):
    """Serves `witness` at `host`:`port` (0: any free one), a thread a connection, so many at a time.

    A request must be there `patience_s` seconds after the one before.
    """

    daemon_threads = True  # what is cosigned is on disk: nobody who is slow need be waited for
    allow_reuse_port = False

    def __init__(
        self,
        witness: Witness,
        host: str,
        port: int,
        tell: Tell,
        *,
        patience_s: float = 20.0,
        connections: int = 64,
    ) -> None:
        self.witness = witness
        self.tell = tell
        self.patience_s = patience_s
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._free = threading.BoundedSemaphore(connections)
        super().__init__((host, port), _Handler)

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking anybody for the host's name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.port

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread, or close it where there are too many."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell the kind of what went wrong: never who asked, or what. A connection that broke is nothing."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.tell("witness_failed", reason=type(error).__name__)


class _Handler(BaseHTTPRequestHandler):
    """One connection; kept open for more requests, as C2SP wants it."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._bounded = _Bounded(self.connection)
        self.rfile = io.BufferedReader(self._bounded)

    def handle_one_request(self) -> None:
        self._bounded.renew(self.server.patience_s)
        super().handle_one_request()

    def do_POST(self) -> None:
        body = self._body()
        if body is not None:
            found = self.path == PATH
            server = self.server
            self._send(
                add_checkpoint(server.witness, body, server.tell) if found else Reply(HTTPStatus.NOT_FOUND)
            )

    def do_GET(self) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:  # a body nobody reads
            self.close_connection = True
        self._send(newest_checkpoint(self.server.witness, self.path, self.server.tell))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request that we know, in no words of its own, and end the connection."""
        self.close_connection = True
        self._send(Reply(HTTPStatus(code)))

    def log_message(self, format: str, *values: object) -> None:  # noqa: A002  # the base's name
        """Say nothing of who asked: `tell` says what matters."""

    def version_string(self) -> str:
        return "xinqiao-witness"

    def _body(self) -> bytes | None:
        """Return the whole body, or refuse and return None."""
        given = self.headers.get_all("Content-Length", [])
        known = len(given) == 1 and given[0].isascii() and given[0].isdigit() and len(given[0]) <= 9
        if not known or "Transfer-Encoding" in self.headers:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return None
        if int(given[0]) > MAX_BYTES:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        body = self.rfile.read(int(given[0]))
        if len(body) < int(given[0]):  # whoever asked is gone
            self.close_connection = True
            return None
        return body

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


class _Bounded(io.RawIOBase):
    """Reads a socket within the time and the bytes of one request; raises TimeoutError past either."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until = 0.0
        self._left = 0

    def renew(self, patience_s: float) -> None:
        """Begin a request."""
        self._until = time.monotonic() + patience_s
        self._left = _MAX_HEAD_BYTES + MAX_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        seconds = self._until - time.monotonic()
        if seconds <= 0 or self._left <= 0:
            raise TimeoutError
        self._connection.settimeout(seconds)
        count = self._connection.recv_into(buffer)
        self._left -= count
        return count
