"""What holds for every test."""

import signal
import threading

# A shell starts its background jobs with SIGINT ignored, and every child process inherits that: nobody could
# test Ctrl-C there.
_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
if _ignored and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
