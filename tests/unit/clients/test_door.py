"""The door: only wire types pass, everything that passes is tallied, and no other module can send."""

import ast
import socket
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import xinqiao_clients
from simulators import wires
from xinqiao_clients.door import Door
from xinqiao_governance.errors import ProofError, WireInvalid, XinqiaoError
from xinqiao_governance.wire import AnswerFrame, JournalPart, MaskedVector, Refusal, SealedFrame, Verdict
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.signing import SigningKey, check

EVENT = Event(
    kind=Kind.IMPORT, node="01" * 32, seq=1, prev=GENESIS, time=1, actor="ab", role="steward", action="import"
)

IDENTITY = SigningKey.generate()


class Tally:
    """Keeps what was counted."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, int]] = []

    def __call__(self, sizes: Mapping[str, int]) -> None:
        self.counted += sizes.items()


def refused(frame: object) -> str:
    tally = Tally()
    with pytest.raises(XinqiaoError) as caught:
        Door(tally).release(frame, b"ask", IDENTITY)  # type: ignore[arg-type]
    assert tally.counted == []
    return caught.value.code


def test_every_answer_passes_and_is_tallied_to_the_byte() -> None:
    for answer in wires.ANSWERS:
        tally = Tally()
        data = Door(tally).release(AnswerFrame(answer, (EVENT.to_json(),)), b"ask", IDENTITY)
        assert [kind for kind, _ in tally.counted] == [answer.KIND, "events"]
        assert sum(size for _, size in tally.counted) == len(data)
        assert tally.counted[1][1] == len(EVENT.leaf)


def test_what_passes_is_signed_for_the_bytes_that_were_asked() -> None:
    for answer in wires.ANSWERS:
        frame = AnswerFrame(answer, (EVENT.to_json(),))
        sealed = SealedFrame.decode(Door(Tally()).release(frame, b"ask", IDENTITY))
        assert sealed.frame == frame.encode()
        check(sealed.exchange(b"ask"), IDENTITY.fingerprint)
        with pytest.raises(ProofError):
            check(sealed.exchange(b"another ask"), IDENTITY.fingerprint)


@pytest.mark.parametrize("thing", [b"rows", "rows", None, wires.ASK_FRAMES[0], Refusal("step_burned")])
def test_what_is_no_answer_frame_does_not_pass(thing: object) -> None:
    assert refused(thing) == "door_refused"


@dataclass(frozen=True)
class Loaded(AnswerFrame):
    rows: str = "rows"


@dataclass(frozen=True)
class LoadedRefusal(Refusal):
    rows: str = "rows"


class Disguised(AnswerFrame):
    """Says that it equals whatever comes back, and encodes what it likes."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = AnswerFrame.__hash__


def test_nothing_rides_along_in_a_subclass() -> None:
    assert refused(Disguised(Refusal("step_burned"))) == "door_refused"
    assert refused(Loaded(Refusal("step_burned"))) == "door_refused"
    assert refused(AnswerFrame(LoadedRefusal("step_burned"))) == "door_refused"


@pytest.mark.parametrize("text", ["张三 13800138000", "P-1042", "a b"])
def test_a_reason_that_is_no_code_does_not_pass(text: str) -> None:
    assert refused(AnswerFrame(Refusal(text))) == "wire_field_invalid"
    assert refused(AnswerFrame(Verdict(wires.A, text, None))) == "wire_field_invalid"


def test_an_event_that_is_none_does_not_pass() -> None:
    for event in (
        {"rows": [1, 2]},
        {**EVENT.to_json(), "note": "张三"},
        {**EVENT.to_json(), "dataset": "a\nb"},
    ):
        with pytest.raises(WireInvalid):
            Door(Tally()).release(AnswerFrame(Refusal("step_burned"), (event,)), b"ask", IDENTITY)


@pytest.mark.parametrize(
    ("receipts", "checkpoint"),
    [
        (({"rows": [1, 2]},), ""),
        (({**wires.ANSWERS[-1].receipts[0], "note": "张三"},), ""),  # type: ignore[union-attr]
        ((), "张三 13800138000"),
        ((), "log\n3\n张三\n"),
    ],
)
def test_a_journals_part_brings_only_what_a_log_can_have_signed(
    receipts: tuple[dict[str, object], ...], checkpoint: str
) -> None:
    assert isinstance(wires.ANSWERS[-1], JournalPart)
    with pytest.raises(WireInvalid):
        Door(Tally()).release(AnswerFrame(JournalPart(0, 1, receipts, checkpoint)), b"ask", IDENTITY)


def test_a_vector_that_is_not_whole_words_does_not_pass() -> None:
    assert refused(AnswerFrame(MaskedVector(wires.A, b"abc"))) == "wire_field_invalid"


# ---- the guarded process ----------------------------------------------------------------------------

_WAYS_OUT = """
import os, socket, subprocess, sys, threading, urllib.request
from xinqiao_clients.door import Door, guard_process
from xinqiao_governance.errors import ProtocolViolated
port = int(sys.argv[1])
here = ("127.0.0.1", port)
door = Door(lambda kind, size: None)
ready = socket.socket()
guard_process()

def udp():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", here)

def udp_message():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, here)

def in_a_thread():
    caught = []
    def connect():
        try:
            socket.create_connection(here)
        except ProtocolViolated as error:
            caught.append(error)
    with door.passage():  # a thread inherits no passage
        thread = threading.Thread(target=connect)
        thread.start()
        thread.join()
    raise caught[0]

WAYS = {
    "connect": lambda: ready.connect(here),
    "connect_ex": lambda: ready.connect_ex(here),
    "create_connection": lambda: socket.create_connection(here),
    "bind": lambda: socket.socket().bind(("127.0.0.1", 0)),
    "udp": udp,
    "udp_message": udp_message,
    "unix": lambda: socket.socket(socket.AF_UNIX).connect("/tmp/none"),
    "getaddrinfo": lambda: socket.getaddrinfo("secret.example", 80),
    "gethostbyname": lambda: socket.gethostbyname("secret.example"),
    "gethostbyname_ex": lambda: socket.gethostbyname_ex("secret.example"),
    "gethostbyaddr": lambda: socket.gethostbyaddr("secret.example"),
    "getnameinfo": lambda: socket.getnameinfo(here, 0),
    "getfqdn": lambda: socket.getfqdn("secret.example"),
    "urlopen": lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}"),
    "thread": in_a_thread,
    "popen": lambda: subprocess.Popen([sys.executable, "-c", "pass"]),
    "system": lambda: os.system("true"),
    "spawn": lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", "pass"], {}),
    "fork": lambda: os.fork() or os._exit(0),
    "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", "print('exec')"]),
}
for name, way in WAYS.items():
    try:
        way()
    except ProtocolViolated as error:
        assert error.code == "door_network_refused", name
        print(name, "refused")
with door.passage():
    socket.create_connection(here).close()
    print("passage open")
try:
    socket.create_connection(here)
except ProtocolViolated:
    print("passage closed")
"""


def test_a_guarded_process_has_no_way_out_but_the_passage() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        done = subprocess.run(
            [sys.executable, "-c", _WAYS_OUT, str(listener.getsockname()[1])],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        listener.accept()[0].close()  # the one connection: the passage's
        with pytest.raises(TimeoutError):
            listener.accept()
    ways = [line.split('"')[1] for line in _WAYS_OUT.splitlines() if line.startswith('    "') and ":" in line]
    assert len(ways) == 20
    assert done.stdout.splitlines() == [f"{way} refused" for way in ways] + ["passage open", "passage closed"]
    assert (done.returncode, done.stderr) == (0, "")


def test_a_passage_ends_with_its_block_even_by_an_error() -> None:
    script = textwrap.dedent("""
        import socket
        from xinqiao_clients.door import Door, guard_process
        from xinqiao_governance.errors import ProtocolViolated
        guard_process()
        try:
            with Door(print).passage():
                raise RuntimeError
        except RuntimeError:
            pass
        try:
            socket.socket().bind(("127.0.0.1", 0))
        except ProtocolViolated:
            print("refused")
    """)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "refused\n"


_GRPC = """
import sys
import grpc, grpc.aio
from grpc._cython import cygrpc
from xinqiao_clients.door import Door, guard_process
from xinqiao_governance.errors import ProtocolViolated
guard_process()
from concurrent.futures import ThreadPoolExecutor
address = f"127.0.0.1:{sys.argv[1]}"

async def aio():
    grpc.aio.insecure_channel(address)

def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration:
        pass

WAYS = {
    "channel": lambda: grpc.channel_ready_future(grpc.insecure_channel(address)).result(2),
    "secure": lambda: grpc.secure_channel(address, grpc.ssl_channel_credentials()),
    "server": lambda: grpc.server(ThreadPoolExecutor(1)).add_insecure_port("127.0.0.1:0"),
    "c channel": lambda: cygrpc.Channel(address.encode(), (), None),
    "aio": lambda: run(aio()),
    "aio server": lambda: grpc.aio.server(),
}
with Door(print).passage():  # not even there
    for name, way in WAYS.items():
        try:
            way()
        except ProtocolViolated as error:
            print(name, error.code, flush=True)
"""


def test_grpc_opens_no_socket_in_a_guarded_process() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        done = run_script(_GRPC, str(listener.getsockname()[1]))
        with pytest.raises(TimeoutError):
            listener.accept()
    ways = ["channel", "secure", "server", "c channel", "aio", "aio server"]
    assert done == [f"{way} door_network_refused" for way in ways]


def test_grpc_is_not_loaded_after_the_guard() -> None:
    script = """
from xinqiao_clients.door import guard_process
guard_process()
for name in ("grpc", "grpc.aio", "grpc._cython.cygrpc"):
    try:
        __import__(name)
    except ImportError:
        print(name)
"""
    assert run_script(script) == ["grpc", "grpc.aio", "grpc._cython.cygrpc"]


def test_no_child_starts_unseen(tmp_path: Path) -> None:
    """multiprocessing calls the C function below subprocess, which raises no audit event."""
    script = """
import multiprocessing, os, subprocess, sys
from multiprocessing import util
from xinqiao_clients.door import guard_process
from xinqiao_governance.errors import ProtocolViolated
guard_process()
made = [sys.executable, "-c", "import sys; open(sys.argv[1], 'w')", sys.argv[1]]

def bare(call):
    code = [os.fsencode(arg) for arg in made]
    call(code, [code[0]], True, (), None, None, -1, -1, -1, -1, -1, -1, -1, -1, False, False, -1,
         None, None, None, -1, None, True)

WAYS = {
    "spawn": lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
    "forkserver": lambda: multiprocessing.get_context("forkserver").Process(target=print).start(),
    "spawnv": lambda: util.spawnv_passfds(os.fsencode(sys.executable), [os.fsencode(a) for a in made], []),
    "subprocess's own": lambda: bare(subprocess._fork_exec),
}
for name, way in WAYS.items():
    try:
        way()
    except ProtocolViolated as error:
        print(name, error.code, flush=True)
"""
    made = tmp_path / "made"
    done = run_script(script, str(made))
    ways = ["spawn", "forkserver", "spawnv", "subprocess's own"]
    assert done == [f"{way} door_network_refused" for way in ways]
    assert not made.exists()


def run_script(script: str, *arguments: str) -> list[str]:
    """Run a script in a process of its own and return the lines it printed."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# ---- the modules ------------------------------------------------------------------------------------

_NETWORK = {
    "_socket", "aiohttp", "asyncio", "ctypes", "fastapi", "flwr", "ftplib", "grpc", "http", "httpx",
    "imaplib", "multiprocessing", "nntplib", "paramiko", "poplib", "pty", "requests", "select",
    "selectors", "smtplib", "socket", "socketserver", "ssl", "starlette", "subprocess", "telnetlib",
    "urllib", "urllib3", "uvicorn", "webbrowser", "websockets", "wsgiref", "xmlrpc",
}  # fmt: skip
_MAY = {"door.py": set(), "flower.py": {"httpx", "flwr", "ssl"}, "supernode.py": {"httpx", "flwr"}}
_CALLS = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "eval", "exec", "__import__"}


def imported(tree: ast.AST) -> set[str]:
    """Top-level names of every import anywhere in the module, lazy ones too."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add((node.module or "").partition(".")[0])
    return names


def called(tree: ast.AST) -> set[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in functions}


MODULES = sorted(Path(xinqiao_clients.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_of_a_department_but_the_door_and_flower_knows_a_network(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert imported(tree) & _NETWORK <= _MAY.get(path.name, set())
    assert called(tree) & _CALLS == set()
    assert "importlib" not in imported(tree) or path.name == "policy_files.py"  # its own resources, no code


def test_the_scan_sees_every_module() -> None:
    names = {path.name for path in MODULES}
    assert {"door.py", "flower.py", "node.py", "store.py", "importer.py"} <= names
    assert imported(ast.parse("def f():\n    import urllib.request")) == {"urllib"}


def test_only_a_passage_of_the_door_surrounds_a_request() -> None:
    """Every use of the HTTP client in Flower's front door stands inside `with self._door.passage()`."""
    source = next(path for path in MODULES if path.name == "flower.py").read_text("utf-8")
    tree = ast.parse(source)
    blocks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and "passage()" in ast.unparse(node.items[0].context_expr)
    ]
    uses = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and "_http.p" in ast.unparse(node.func)
    ]
    inside = [node for block in blocks for node in ast.walk(block) if node in uses]
    assert len(uses) == len(inside) == 1
