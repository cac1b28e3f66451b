"""Starting Flower's SuperNode: what ends the wait for it, and what it leaves behind."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simulators.tls import link
from xinqiao_app import supernode
from xinqiao_app.supernode import SuperNode, start_supernode
from xinqiao_governance.errors import NodeUnavailable, StoreDamaged
from xinqiao_ledger.files import create_file
from xinqiao_ledger.signing import SigningKey

NOWHERE = link("127.0.0.1:9", SigningKey.generate())
BOUND_S = 30.0


class Healthy(http.server.BaseHTTPRequestHandler):
    """Another program of this machine that says it is well."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """The address of a healthy server that is not ours."""
    with http.server.HTTPServer(("127.0.0.1", 0), Healthy) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@contextmanager
def kept(folder: Path, address: str, code: str) -> Iterator[SuperNode]:
    """A SuperNode whose keeper is a process that runs `code`."""
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield SuperNode(address, b"", process, folder / "supernode.log")
    finally:
        process.kill()
        process.wait()


@contextmanager
def modes_seen(folder: Path) -> Iterator[set[tuple[str, int]]]:
    """Note, again and again, who may read `folder` and its files."""
    modes, done = set[tuple[str, int]](), threading.Event()

    def look() -> None:
        while not done.wait(0.002):
            with suppress(FileNotFoundError):  # one went between two looks: the next sees the rest
                for path in (folder, *folder.glob("*")):
                    modes.add(("folder" if path == folder else "file", path.stat().st_mode & 0o777))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield modes
    finally:
        done.set()
        looking.join()


def test_a_port_that_another_took_is_no_supernode(tmp_path: Path, stranger: str) -> None:
    with kept(tmp_path, stranger, "") as ended:
        ended.process.wait()
        with pytest.raises(NodeUnavailable, match="supernode_ended"):
            supernode._wait_until_ready(ended, tmp_path / "keys")


@pytest.mark.parametrize("serves", [True, False])
def test_one_that_has_not_read_its_keys_or_does_not_serve_is_waited_for(
    tmp_path: Path, stranger: str, serves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody waits for ever."""
    monkeypatch.setattr(supernode, "START_S", 0.3)
    if serves:
        (tmp_path / "keys").mkdir()
    with (
        kept(tmp_path, stranger if serves else NOWHERE.superlink, "import time; time.sleep(600)") as slow,
        pytest.raises(NodeUnavailable, match="supernode_not_started"),
    ):
        supernode._wait_until_ready(slow, tmp_path / "keys")


def test_when_it_ended_is_told(tmp_path: Path) -> None:
    told = threading.Event()
    with kept(tmp_path, "127.0.0.1:9", "input()") as running:
        running.when_ended(told.set)
        running.require_alive()
        assert not told.is_set()
        running.process.kill()
        assert told.wait(BOUND_S)
        with pytest.raises(NodeUnavailable, match="supernode_ended"):
            running.require_alive()


@pytest.mark.slow
def test_one_that_cannot_start_is_noticed_and_leaves_no_key(tmp_path: Path) -> None:
    """Nor does the key of a start that was killed stay in its way. Nobody else can read one meanwhile."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    create_file(keys / "transport", b"of a start that was killed")
    no_such_key = Ed25519PrivateKey.generate()
    with (
        modes_seen(keys) as modes,
        pytest.raises(NodeUnavailable, match="supernode_ended") as caught,
        start_supernode(tmp_path, replace(NOWHERE, key=no_such_key)),  # type: ignore[arg-type]
    ):
        pytest.fail("started")
    assert caught.value.fields == {"path": str(tmp_path / "supernode.log")}
    assert not keys.exists()
    assert modes == {("folder", 0o700), ("file", 0o600)}


def test_a_folder_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreDamaged), start_supernode(tmp_path / "file", NOWHERE):
        pytest.fail("started")
