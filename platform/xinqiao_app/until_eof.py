"""Run an entry point until standard input closes: `python -m xinqiao_app.until_eof MODULE:FUNCTION …`.

Whoever starts it keeps the other end of the pipe. However he ends, by kill -9 too, the system closes that
end, and then the command ends with every process of its group. It must be started as leader of a session,
as `running` does.
"""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

STOP_S = 5.0
"""How long a process may take to end politely."""


def main(arguments: Sequence[str]) -> None:
    """Run the entry point `arguments[0]` ("module:function") in this process with the other arguments."""
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_end_at_eof, daemon=True).start()
    sys.argv = list(arguments)
    module, _, function = arguments[0].partition(":")
    getattr(import_module(module), function)()


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command of `until_eof`: it ends with the block, and with this process however that ends.

    What it prints goes to the end of `log`.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.PIPE,  # nothing is written: it closes when this process is gone
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that ending its process group ends its children too
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process group: politely, then not; also what is left of it when its leader is gone."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    with suppress(ProcessLookupError):  # nobody is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _leave(_number: int, _frame: object) -> None:
    """End as a program that has finished does, so that what was registered for the end is done."""
    sys.exit(128 + signal.SIGTERM)


def _end_at_eof() -> None:
    """End the process group when standard input is closed: politely, then not."""
    while os.read(sys.stdin.fileno(), 1024):  # not sys.stdin.read: its lock would be held when Python exits
        pass
    atexit.register(os.killpg, os.getpid(), signal.SIGKILL)  # for a child that stays when we are gone
    os.killpg(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_S)
    os.killpg(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
