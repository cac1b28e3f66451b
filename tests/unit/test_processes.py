"""What tests start ends with them, also when nothing of them is left to end it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from simulators.kills import run_script
from simulators.processes import DIES_WITH_US

PARENT = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], start_new_session=True, stdin=subprocess.DEVNULL)
print(child.pid, flush=True)
child.wait()
"""
CHILD = "import os, signal; print('up', flush=True); os.kill(os.getpid(), signal.SIGSTOP)"


@pytest.mark.skipif(not DIES_WITH_US, reason="`setpriv` is not installed: apt-get install -y util-linux")
def test_a_stopped_process_dies_with_the_killed_one_that_started_it() -> None:
    command = [sys.executable, "-c", PARENT, *DIES_WITH_US, sys.executable, "-c", CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        said = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        child = int((said - {"up"}).pop())
        parent.kill()
        try:
            assert parent.communicate(timeout=30) == ("", None)  # the pipe ends when the child, too, is gone
        finally:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


_ENDED_OTHERWISE = """
    import os, signal, sys
    from pathlib import Path
    from simulators.kills import kill_at_each

    def act(copy, points):
        points.reach()
        if copy.name == "2":
            os.kill(os.getpid(), signal.SIGTERM)

    kill_at_each(Path(sys.argv[1]), Path(sys.argv[2]), act)
"""


def test_a_signal_that_is_not_ours_is_not_taken_for_a_kill(tmp_path: Path) -> None:
    """A third child would live: only what ended the second tells."""
    start, copies = tmp_path / "start", tmp_path / "copies"
    start.mkdir()
    copies.mkdir()
    with pytest.raises(subprocess.CalledProcessError):
        run_script(_ENDED_OTHERWISE, start, copies)
    assert {path.name for path in copies.iterdir()} == {"1", "2"}
