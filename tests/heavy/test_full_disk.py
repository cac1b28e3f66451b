"""Disks that fill up or turn read-only in the middle of a job: a department's, and the centre's.

Each home is a small file system of its own, which takes root to mount. Measured on two busy cores: 51 to 73
seconds a test.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulators.exact import require_exact
from simulators.works import Works, works
from xinqiao_ledger.report import Verdict

pytestmark = pytest.mark.heavy
DEPARTMENTS, ANSWERS = 4, 24
SIZE = "size=32m"
AS_ROOT = "sudo .venv/bin/python -m pytest tests/heavy/test_full_disk.py"
SOON_S, STEPS_S = 90.0, 300.0


@contextmanager
def small_disk(path: Path) -> Iterator[Path]:
    """Mount an empty file system of a few MiB at `path`, or skip the test with the reason."""
    path.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", SIZE, "none", str(path)]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("`mount` is not installed: apt-get install -y mount")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"a small file system cannot be mounted here ({error.stderr.strip()}): {AS_ROOT}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


@contextmanager
def running_on(root: Path, place: str) -> Iterator[Works]:
    """An enterprise of which one folder is on a small disk; every figure is exact in the end."""
    with small_disk(root / place):
        with works(root, DEPARTMENTS) as running:
            running.wait_until_up()
            yield running
        require_exact(running, delivered=False)
        for service in (*running.services, *running.runs):
            assert "Traceback" not in service.said(), service.said()
        assert running.left_over() == []


def fill(disk: Path) -> Path:
    """Leave no free byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


def test_a_full_disk_leaves_its_department_out_until_there_is_room(tmp_path: Path) -> None:
    with running_on(tmp_path, "departments/dept-0") as running:
        run, agent = running.under_way(answers=ANSWERS), running.agents["dept-0"]
        filler = fill(running.home_path("dept-0"))
        running.wait_for(
            lambda: run.reason.endswith(f"good  {DEPARTMENTS - 1}"), STEPS_S, "a step without it"
        )
        assert "disk is full" in agent.said()
        filler.unlink()
        running.wait_for(lambda: run.reason.endswith(f"good  {DEPARTMENTS}"), STEPS_S, "a step with it again")
        assert running.result(run).verdict is Verdict.PASS


def test_a_read_only_disk_ends_its_agent_and_the_job_goes_on(tmp_path: Path) -> None:
    with running_on(tmp_path, "departments/dept-0") as running:
        run, agent = running.under_way(answers=ANSWERS), running.agents["dept-0"]
        agent.kill()
        remount(running.home_path("dept-0"), "ro")
        agent.start()
        assert agent.wait(SOON_S) == 1
        assert "the file system is read-only" in agent.said()
        remount(running.home_path("dept-0"), "rw")
        assert running.result(run).verdict is Verdict.PASS


def test_a_centre_whose_disk_fills_ends_the_run_with_a_reason_and_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    with running_on(tmp_path, "centre") as running:
        run = running.under_way(answers=ANSWERS)
        filler = fill(running.centre)
        assert run.service.wait(SOON_S) == 1
        assert "disk is full" in run.reason or "No space left" in run.reason
        filler.unlink()
        run.service.start()
        assert running.result(run).verdict is Verdict.PASS
