"""What holds for every test."""

import signal
import sys
import threading

# A shell starts its background jobs with SIGINT ignored, and every child process inherits that: nobody could
# test Ctrl-C there.
_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
if _ignored and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _loopback_only(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a test every address beyond this machine; Unix sockets and the loopback stay open."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if not (host.startswith("127.") or host in ("::1", "localhost", "")):
        raise RuntimeError(f"a test tried to reach {host}")


sys.addaudithook(_loopback_only)
