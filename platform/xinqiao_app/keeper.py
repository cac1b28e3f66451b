"""Keep Flower's SuperNode running: `until_eof xinqiao_app.keeper:main KEYS LOG ADDRESS COMMAND…`.

A SuperNode ends by itself when the SuperLink does not know it, as after that one's restart. The process that
answers cannot start it again, since under the door's guard it starts no process. This one can; of all the
department's keys it holds the transport key alone.
"""

import http.client
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from xinqiao_app.until_eof import running

START_S = 60.0
LOOK_S = 0.05
PAUSE_FIRST_S, PAUSE_MOST_S = 1.0, 30.0
_STEADY_S = 60.0  # who ran this long starts at the first pause again


def main() -> None:
    """Run the command of `sys.argv` again and again, with the files of the folder KEYS while it starts.

    If it does not serve at its very first start, exit.
    """
    keys, log = Path(sys.argv[1]), Path(sys.argv[2])
    files = {path.name: path.read_bytes() for path in keys.iterdir()}
    pause_s = 0.0
    while True:
        since = time.monotonic()
        if not _run(sys.argv[4:], keys, log, sys.argv[3]) and not pause_s:
            sys.exit(1)
        steady = time.monotonic() - since >= _STEADY_S
        pause_s = PAUSE_FIRST_S if steady or not pause_s else min(2 * pause_s, PAUSE_MOST_S)
        time.sleep(pause_s)
        _restore(keys, files)


def healthy(address: str, trust: ssl.SSLContext | None = None) -> bool:
    """Whether a server of Flower's answers at `address` ("host:port"); with `trust`, over TLS."""
    connection = (
        http.client.HTTPSConnection(address, timeout=1, context=trust)
        if trust
        else http.client.HTTPConnection(address, timeout=1)
    )
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _run(command: Sequence[str], keys: Path, log: Path, address: str) -> bool:
    """Run the command until it ends; remove `keys` when it serves. Return whether it did."""
    with running(command, os.environ, log) as process:
        serves = _serves(process, address)
        if serves:
            shutil.rmtree(keys, ignore_errors=True)
            process.wait()
    return serves


def _serves(process: "subprocess.Popen[bytes]", address: str) -> bool:
    """Wait until it serves; all files that it was given have been read by then."""
    deadline = time.monotonic() + START_S
    while not healthy(address):
        if process.poll() is not None or time.monotonic() > deadline:
            return False
        time.sleep(LOOK_S)
    return process.poll() is None  # not another who took the port


def _restore(keys: Path, files: Mapping[str, bytes]) -> None:
    shutil.rmtree(keys, ignore_errors=True)
    keys.mkdir(mode=0o700)
    for name, content in files.items():
        handle = os.open(keys / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
