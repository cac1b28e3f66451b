"""Run a module's `main` until standard input closes: `python -m xinqiao_app.until_eof MODULE …`.

Whoever starts it keeps the other end of the pipe. However he ends, by kill -9 too, the system closes that
end, and then the command ends with every process of its group. It must be started as leader of a session.
"""

import atexit
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module

STOP_S = 5.0
"""How long a process may take to end politely."""


def main(arguments: Sequence[str]) -> None:
    """Run the module `arguments[0]` in this process with the other arguments."""
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_end_at_eof, daemon=True).start()
    sys.argv = list(arguments)
    import_module(arguments[0]).main()


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
