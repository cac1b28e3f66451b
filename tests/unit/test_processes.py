"""What tests start ends with them, also when nothing of them is left to end it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

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
