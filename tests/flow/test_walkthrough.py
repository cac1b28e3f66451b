"""The walk-through page, run as it stands: every role in turn, with real processes on the loopback."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.conftest import note_run

pytestmark = [pytest.mark.flow, pytest.mark.slow, pytest.mark.heavy]

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("WALKTHROUGH.md", "WALKTHROUGH.zh-CN.md")
NAMES = ("north", "south", "east", "west")


def blocks(page: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**more: str) -> dict[str, str]:
    """As after `source .venv/bin/activate`."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C.UTF-8", **more}


def running_in(folder: Path) -> Iterator[str]:
    """Yield the command lines of processes that name `folder` or work in it."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if (process / "cwd").readlink() == folder:
                    yield (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue  # it ended while we looked


def test_both_pages_have_the_same_commands() -> None:
    assert len(blocks(PAGES[0])) == 12
    assert blocks(PAGES[0]) == blocks(PAGES[1])


@pytest.fixture(scope="module")
def walk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    note_run("walk", request, tmp_path_factory)
    folder = tmp_path_factory.mktemp("walk")
    script = "\n".join(["set -eu", "set -o pipefail", *blocks(PAGES[0])])
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment(PORT=str(free_port())),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=1_200,
        check=False,
    )
    return folder, done


def test_the_walk_ends_in_a_proof(walk: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    folder, done = walk
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.count("PASS") >= 9
    assert "20/20" in done.stdout
    assert "4 departments found their own events in the log" in done.stdout
    assert "4 of 4 witnesses cosigned" in done.stdout
    results = folder / "centre" / "results"
    assert {path.name for path in results.iterdir()} == {
        "anchor.json",
        "card.json",
        "evidence.bundle",
        "model.json",
    }


def test_nothing_runs_on(walk: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    folder, _ = walk
    assert list(running_in(folder)) == []


def test_every_book_shows_the_job(walk: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    folder, _ = walk
    for name in NAMES:
        command = ["xinqiao", "node", "status", "--json", "--home", f"departments/{name}/home"]
        shown = json.loads(subprocess.check_output(command, cwd=folder, env=environment(), timeout=60))
        assert shown["spent"] == {"epsilon_micro": 1_000_000, "delta_nano": 10_000}
        assert [job["state"] for job in shown["jobs"]] == ["closed"]
        assert shown["pending_events"] == 0


@pytest.mark.parametrize("change", [0, -2])
def test_a_changed_byte_in_the_bundle_fails(
    walk: tuple[Path, "subprocess.CompletedProcess[str]"], tmp_path: Path, change: int
) -> None:
    folder, _ = walk
    data = bytearray((folder / "centre/results/evidence.bundle").read_bytes())
    data[change] ^= 1
    (tmp_path / "changed.bundle").write_bytes(data)
    command = ["xinqiao", "audit", "verify", "changed.bundle", "--trust", str(folder / "auditor/trust.json")]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "FAIL" in done.stdout
    assert "Traceback" not in done.stderr


def test_without_the_trust_file_nothing_is_proven(
    walk: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, _ = walk
    command = ["xinqiao", "audit", "verify", "centre/results/evidence.bundle"]
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3
    assert "NOT CHECKED" in done.stdout


def test_results_are_never_overwritten(walk: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    folder, _ = walk
    card = (folder / "centre/results/card.json").read_bytes()
    command = ["xinqiao", "job", "run", "centre/order.json", "--centre", "centre/home"]
    command += ["--superlink", "127.0.0.1:1", "--out", "centre/results"]
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "left alone" in done.stderr
    assert (folder / "centre/results/card.json").read_bytes() == card


def test_the_verifier_loads_nothing_heavy(walk: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    """With only the extra `audit` installed, none of these could be imported."""
    folder, _ = walk
    blocker = """
import sys
allowed = {"cryptography", "cffi", "_cffi_backend", "pycparser"}
class Blocker:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top.startswith("xinqiao_") or top in allowed:
            return None
        raise ModuleNotFoundError(f"blocked: {name}", name=name)
sys.meta_path.insert(0, Blocker())
from xinqiao_app.cli import main
sys.exit(main(sys.argv[1:]))
"""
    command = [sys.executable, "-c", blocker, "audit", "verify", "centre/results/evidence.bundle"]
    command += ["--trust", "auditor/trust.json"]
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    other = [sys.executable, "-c", blocker, "node", "identity", "--home", "departments/north/home"]
    refused = subprocess.run(
        other, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 2
    assert "needs the extra node" in refused.stderr
