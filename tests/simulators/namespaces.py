"""Network namespaces: a centre, and departments that each have one cable to it and nothing else."""

import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from simulators.processes import DIES_WITH_US

_AS_ROOT = "modprobe veth; sudo .venv/bin/python -m pytest tests/flow/test_namespaces.py"


def missing() -> str:
    """What this machine lacks to make namespaces, with the command that helps; empty if it lacks nothing."""
    if not sys.platform.startswith("linux"):
        return "network namespaces need Linux"
    if shutil.which("ip") is None:
        return "`ip` is not installed: apt-get install -y iproute2"
    name = f"xq-{secrets.token_hex(3)}"
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "add", "near", "type", "veth", "peer", "name", "far")
    except subprocess.CalledProcessError as error:
        return f"{shlex.join(error.cmd)}: {error.stderr.strip()}; it takes root and veth: {_AS_ROOT}"
    finally:
        _remove(name)
    return ""


@dataclass(frozen=True)
class Network:
    """Names of namespaces. Department `k` of `departments` knows the centre as 10.77.k.1 and is 10.77.k.2."""

    centre: str
    departments: tuple[str, ...]

    def address(self, department: int) -> str:
        """The centre's address as a department knows it."""
        return f"10.77.{department}.1"

    def cable(self, department: int, state: str) -> None:
        """Put a department's cable "up" or "down", at the centre's end."""
        _ip("-n", self.centre, "link", "set", f"dept{department}", state)

    def routes(self, department: int) -> list[str]:
        """Every route of a department's namespace."""
        return _ip("-n", self.departments[department], "route", "show", "table", "main").splitlines()

    def command(self, namespace: str, *arguments: str) -> list[str]:
        """A command of xinqiao's that runs in a namespace."""
        return ["ip", "netns", "exec", namespace, sys.executable, "-m", "xinqiao_app", *arguments]


@contextmanager
def network(departments: int) -> Iterator[Network]:
    """Make the namespaces and the cables; remove them, and every process in them, however the block ends."""
    mark = f"xq-{os.getpid()}-{secrets.token_hex(2)}"
    made = Network(f"{mark}-c", tuple(f"{mark}-{number}" for number in range(departments)))
    with ExitStack() as removal:  # one that cannot be removed does not keep the others
        for name in (made.centre, *made.departments):
            removal.callback(_remove, name)
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        for number, name in enumerate(made.departments):
            _lay_cable(made.centre, name, number)
        yield made


def _lay_cable(centre: str, department: str, number: int) -> None:
    near, far = f"dept{number}", "centre"
    _ip("-n", centre, "link", "add", near, "type", "veth", "peer", "name", far, "netns", department)
    for namespace, link, host in ((centre, near, 1), (department, far, 2)):
        _ip("-n", namespace, "address", "add", f"10.77.{number}.{host}/30", "dev", link)
        _ip("-n", namespace, "link", "set", link, "up")


def _remove(name: str) -> None:
    """Delete a namespace, if it was made; its cables go with it. What still runs there is killed by id."""
    if not (Path("/run/netns") / name).exists():
        return
    for pid in _ip("netns", "pids", name).split():
        with suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(int(pid), signal.SIGKILL)
    _ip("netns", "delete", name)


def _ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=True, timeout=30).stdout


@contextmanager
def started(command: Sequence[str], output: Path, *, secret: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command with its output in a file and `secret` as the only line of its input; end it politely."""
    with output.open("ab") as out:
        process = subprocess.Popen(
            [*DIES_WITH_US, *command],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | {"LC_ALL": "C", "PYTHONUNBUFFERED": "1"},
        )
    try:
        if process.stdin is not None:
            process.stdin.write(f"{secret}\n".encode())
            process.stdin.close()
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
