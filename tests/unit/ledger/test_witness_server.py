"""The witness behind HTTP: each status of C2SP tlog-witness, and whoever asks badly leaves it serving."""

import http.client
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN
from simulators.waits import wait_until
from simulators.witnesses import BOUND_S, Heard, exchange, history, note_of, serving
from xinqiao_ledger.add_checkpoint import MAX_BYTES, PATH, SIZE_TYPE, AddCheckpoint, monitoring_path
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, sign
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.tree import EMPTY_ROOT
from xinqiao_ledger.witness import Witness

NAME = "union.example/w"
LOG_KEY, KEY = SigningKey.generate(), SigningKey.generate()
Answer = tuple[int, str, str]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with closing(history(tmp_path / "log", LOG_KEY, 9)) as log:
        yield log


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    with closing(
        Witness(tmp_path / "w", KEY, LOG_KEY.public, ORIGIN, name=NAME, clock=lambda: 1_800_000_000.9)
    ) as witness:
        yield witness


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def url(witness: Witness, heard: Heard) -> Iterator[str]:
    with serving(witness, heard) as url:
        yield url


def ask(url: str, method: str, path: str, body: bytes | None = None) -> Answer:
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=BOUND_S)) as connection:
        connection.request(method, path, body)
        reply = connection.getresponse()
        return reply.status, reply.getheader("Content-Type", ""), reply.read().decode()


def add(url: str, log: Log, old: int, size: int) -> Answer:
    body = AddCheckpoint(old, tuple(log.consistency(old, size)), note_of(log, LOG_KEY, size)).encode()
    return ask(url, "POST", PATH, body)


def serves(url: str, log: Log, old: int = 0, size: int = 9) -> bool:
    status, _, line = add(url, log, old, size)
    SignedCheckpoint.parse(note_of(log, LOG_KEY, size) + line).verify_cosignature(NAME, KEY.public)
    return status == 200


def test_a_growing_log_is_cosigned(url: str, log: Log, heard: Heard) -> None:
    for old, size in [(0, 3), (3, 3), (3, 9)]:
        assert serves(url, log, old, size)
    assert heard.codes == ["witness_cosigned_head"] * 3


def test_one_connection_carries_many_requests(url: str, log: Log) -> None:
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=BOUND_S)) as connection:
        for old, size in [(0, 3), (3, 5), (5, 9)]:
            note = note_of(log, LOG_KEY, size)
            asked = AddCheckpoint(old, tuple(log.consistency(old, size)), note)
            connection.request("POST", PATH, asked.encode())
            assert connection.getresponse().read().startswith("\u2014 ".encode())
            assert connection.sock is not None  # still the first


def test_another_old_size_is_told_the_right_one(url: str, log: Log) -> None:
    assert add(url, log, 0, 3)[0] == 200
    for old in (0, 2, 4):
        assert add(url, log, old, 9) == (409, SIZE_TYPE, "3\n")


def test_an_unknown_log_is_not_found(url: str, log: Log) -> None:
    note = sign(Checkpoint("log.example/other", 3, log.root(3)), LOG_KEY)
    assert ask(url, "POST", PATH, AddCheckpoint(0, (), note).encode())[0] == 404
    stranger = sign(Checkpoint("log.example/other", 3, log.root(3)), SigningKey.generate())
    assert ask(url, "POST", PATH, AddCheckpoint(0, (), stranger).encode())[0] == 404


def test_what_the_log_did_not_sign_is_forbidden(url: str, log: Log, witness: Witness) -> None:
    head = Checkpoint(ORIGIN, 3, log.root(3))
    forged = note_of(log, LOG_KEY, 4).replace("\n4\n", "\n3\n")
    for note in (sign(head, SigningKey.generate()), forged):
        assert ask(url, "POST", PATH, AddCheckpoint(0, (), note).encode())[0] == 403
    assert witness.size == 0


def test_an_old_size_beyond_the_checkpoint_is_a_bad_request(url: str, log: Log) -> None:
    """Also where it is what the witness has: C2SP asks for this check before the other."""
    assert add(url, log, 0, 9)[0] == 200
    for old in (4, 9, 10):
        body = AddCheckpoint(old, (), note_of(log, LOG_KEY, 3)).encode()
        assert ask(url, "POST", PATH, body)[0] == 400


def test_proofs_that_do_not_hold_are_unprocessable(url: str, log: Log, heard: Heard) -> None:
    note = note_of(log, LOG_KEY, 9)
    too_early = AddCheckpoint(0, tuple(log.consistency(3, 9)), note)
    assert ask(url, "POST", PATH, too_early.encode())[0] == 422
    empty = sign(Checkpoint(ORIGIN, 0, bytes(32)), LOG_KEY)
    assert ask(url, "POST", PATH, AddCheckpoint(0, (), empty).encode())[0] == 422
    assert add(url, log, 0, 3)[0] == 200
    for proof in ((), tuple(log.consistency(3, 9))[:-1], tuple(log.consistency(4, 9))):
        assert ask(url, "POST", PATH, AddCheckpoint(3, proof, note).encode())[0] == 422
    assert "proof_consistency_failed" in heard.codes


def test_another_root_of_the_same_size_is_unprocessable(
    url: str, log: Log, tmp_path: Path, heard: Heard
) -> None:
    assert add(url, log, 0, 5)[0] == 200
    with closing(history(tmp_path / "other", LOG_KEY, 9)) as other:
        assert add(url, other, 5, 5)[0] == 422
        assert add(url, other, 5, 9)[0] == 422
    assert heard.codes[1:] == ["witness_split_view", "proof_consistency_failed"]


def test_an_empty_log_is_cosigned(url: str) -> None:
    note = sign(Checkpoint(ORIGIN, 0, EMPTY_ROOT), LOG_KEY)
    assert ask(url, "POST", PATH, AddCheckpoint(0, (), note).encode())[0] == 200


def test_the_newest_checkpoint_is_shown_to_whoever_asks(url: str, log: Log, witness: Witness) -> None:
    path = monitoring_path(ORIGIN)
    assert ask(url, "GET", path)[0] == 404
    stranger = sign(Checkpoint(ORIGIN, 3, log.root(3)), SigningKey.generate()).split("\n\n")[1]
    note = note_of(log, LOG_KEY, 3)
    cosigned = ask(url, "POST", PATH, AddCheckpoint(0, (), note + stranger).encode())[2]
    status, _, shown = ask(url, "GET", path)
    assert (status, shown) == (200, note + cosigned)  # and no line of anybody else
    assert witness.newest() == shown
    for other in (monitoring_path("log.example/other"), path + "/", "/checkpoint", "/", PATH):
        assert ask(url, "GET", other)[0] == 404


MALFORMED = [
    b"",
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"\xff" * 100 + b"\r\n\r\n",
    b"POST /add-checkpoint HTTP/1.1\r\n\r\n",
    b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\nold 0",
    b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nold 0",
    b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /add-checkpoint HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"DELETE /add-checkpoint HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nGET /",
    b"POST /add-checkpoint HTTP/9.9\r\n\r\n",
]


@pytest.mark.parametrize("request_", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_requests_leave_it_serving(
    witness: Witness, log: Log, heard: Heard, request_: bytes
) -> None:
    with serving(witness, heard, patience_s=0.5) as url:
        answer = exchange(url, request_)  # the server closes, or this would not return
        assert answer == b"" or answer.split(b" ", 2)[1].startswith((b"4", b"5"))
        assert serves(url, log)
    assert heard.codes == ["witness_cosigned_head"]


@pytest.mark.parametrize("body", [b"", b"old 0\n\n", b"\xff" * 50, b"old 0\n\nnote\n", b"a" * MAX_BYTES])
def test_malformed_bodies_are_bad_requests(url: str, log: Log, heard: Heard, body: bytes) -> None:
    assert ask(url, "POST", PATH, body)[0] == 400
    assert serves(url, log)
    assert heard.codes == ["witness_cosigned_head"]


def test_a_huge_body_is_refused_unread(url: str, log: Log) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nContent-Length: {MAX_BYTES + 1}\r\n\r\n"
    assert b" 413 " in exchange(url, head.encode())
    assert serves(url, log)


def test_a_client_that_never_ends_is_cut_off(witness: Witness, log: Log) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nContent-Length: 100\r\n\r\nold".encode()
    with serving(witness, patience_s=0.5) as url:
        for begun in (b"", b"POST", head):
            assert exchange(url, begun) == b""
        assert serves(url, log)


def test_endless_headers_are_cut_off(url: str, log: Log) -> None:
    """Each line and their number are what HTTP allows: it is the sum."""
    headers = b"".join(b"A%d: %s\r\n" % (n, b"a" * 60_000) for n in range(90))
    assert exchange(url, b"POST /add-checkpoint HTTP/1.1\r\n" + headers + b"\r\n") == b""
    assert serves(url, log)


def test_slow_clients_leave_room_for_others_until_all_places_are_taken(witness: Witness, log: Log) -> None:
    with serving(witness, patience_s=BOUND_S, connections=2) as url, ExitStack() as slow:
        host, port = url.removeprefix("http://").split(":")

        def begin() -> None:
            connection = slow.enter_context(socket.create_connection((host, int(port)), timeout=BOUND_S))
            connection.sendall(b"POST")

        def is_full() -> bool:
            begin()  # again: who was just served may not have left his place
            return exchange(url, b"GET / HTTP/1.0\r\n\r\n") == b""  # closed at once: nothing was waited for

        begin()
        assert serves(url, log, 0, 3)
        wait_until(is_full)
        slow.close()
        wait_until(lambda: exchange(url, b"GET / HTTP/1.0\r\n\r\n") != b"")
        assert serves(url, log, 3, 9)


def test_a_damaged_state_is_told_and_nothing_is_cosigned(
    url: str, log: Log, tmp_path: Path, heard: Heard
) -> None:
    assert add(url, log, 0, 3)[0] == 200
    with closing(sqlite3.connect(tmp_path / "w")) as database, database:
        database.execute("UPDATE heads SET root = 'text'")
    assert add(url, log, 3, 9)[0] == 500
    assert heard.codes[-1] == "witness_state_damaged"


def test_it_names_neither_python_nor_who_asked(url: str, log: Log, capfd: pytest.CaptureFixture[str]) -> None:
    assert b"Python" not in exchange(url, b"GET / HTTP/1.0\r\n\r\n")
    assert serves(url, log)
    assert capfd.readouterr() == ("", "")


def test_a_connection_that_breaks_is_no_failure(url: str, log: Log, heard: Heard) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=BOUND_S) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset on close
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\n")
    assert serves(url, log)
    assert heard.codes == ["witness_cosigned_head"]
