"""Witnesses as processes of their own: races, kills, another user's files, an install with nothing heavy."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.cards import give_centre_card
from simulators.ledger import ORIGIN
from simulators.witnesses import BOUND_S, history, note_of, served_process
from xinqiao_governance.errors import ProofError
from xinqiao_ledger.add_checkpoint import PATH, AddCheckpoint
from xinqiao_ledger.log import Log
from xinqiao_ledger.proof_file import prove
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.trust import Trust, TrustedWitness
from xinqiao_ledger.witness import Witness
from xinqiao_ledger.witness_home import WitnessSettings, create_witness
from xinqiao_platform.witnesses import OutsideWitness, ask_to_cosign, newest_of

pytestmark = pytest.mark.flow

LOG_KEY = SigningKey.generate()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with closing(history(tmp_path / "log", LOG_KEY, 9)) as log:
        yield log


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Log]:
    """A second history under the same key: what a log shows to somebody else."""
    with closing(history(tmp_path / "other", LOG_KEY, 9)) as log:
        yield log


def created(path: Path, name: str = "w") -> OutsideWitness:
    """A witness's folder; the witness as the centre knows it, without its URL yet."""
    key = create_witness(path, WitnessSettings(name, name, ORIGIN, LOG_KEY.public))
    return OutsideWitness(name, key, "http://unknown.example")


def add(url: str, log: Log, old: int, size: int) -> int:
    body = AddCheckpoint(old, tuple(log.consistency(old, size)), note_of(log, LOG_KEY, size)).encode()
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=BOUND_S)) as connection:
        connection.request("POST", PATH, body)
        return connection.getresponse().status


def test_a_process_cosigns_and_ends_cleanly(tmp_path: Path, log: Log) -> None:
    witness = created(tmp_path / "w")
    for number in (signal.SIGTERM, signal.SIGINT):
        with served_process(tmp_path / "w") as (process, url):
            known = OutsideWitness(witness.name, witness.key, url)
            word = ask_to_cosign(known, note_of(log, LOG_KEY, 9), log, timeout_s=BOUND_S)
            assert word.code == "witness_cosigned"
            process.send_signal(number)
            assert process.wait(BOUND_S) == 0
            assert process.stderr is not None
            assert (
                process.stderr.read() == "Cosigned the checkpoint over 9 entries.\nThe witness has stopped.\n"
            )


def test_two_processes_of_one_witness_show_one_history(tmp_path: Path, log: Log, other: Log) -> None:
    created(tmp_path / "w")
    with ExitStack() as stack:
        _, first = stack.enter_context(served_process(tmp_path / "w"))
        _, second = stack.enter_context(served_process(tmp_path / "w"))
        assert add(first, log, 0, 5) == 200
        assert add(second, other, 0, 5) == 409
        assert add(second, other, 5, 5) == 422
        assert add(second, other, 5, 9) == 422
        assert add(second, log, 5, 9) == 200
        assert add(first, log, 5, 9) == 409


RACE = """
    import sys
    from pathlib import Path
    from xinqiao_governance.errors import ProofError
    from xinqiao_ledger.signing import SigningKey
    from xinqiao_ledger.witness import Witness

    note, public, folder = sys.stdin.readline(), bytes.fromhex(sys.argv[1]), Path(sys.argv[2])
    note = note.replace("|", "\\n")[:-1]
    witnesses = [
        Witness(folder / str(n), SigningKey.generate(), public, "log.example/xinqiao", name="w")
        for n in range(int(sys.argv[3]))
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    for witness in witnesses:
        try:
            witness.cosign(note, 0, [])
            print("cosigned", flush=True)
        except ProofError as error:
            print(error.code, flush=True)
"""


def test_of_two_racing_processes_one_cosigns_a_split_view(tmp_path: Path, log: Log, other: Log) -> None:
    """Both open the same state files, and each is given another history of one size at the same moment."""
    races, states = 40, tmp_path / "states"
    states.mkdir()
    for number in range(races):
        Witness(states / str(number), LOG_KEY, LOG_KEY.public, ORIGIN, name="w").close()
    command = [sys.executable, "-c", textwrap.dedent(RACE), LOG_KEY.public.hex(), str(states), str(races)]
    with ExitStack() as stack:
        racers = [
            stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(2)
        ]
        for racer in racers:
            stack.callback(racer.kill)
        for racer, view in zip(racers, (log, other), strict=True):
            assert racer.stdin is not None
            print(note_of(view, LOG_KEY, 9).replace("\n", "|"), file=racer.stdin, flush=True)
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            print(file=racer.stdin, flush=True)
        said = [racer.stdout.read().split() for racer in racers if racer.stdout is not None]
    assert [sorted(pair) for pair in zip(*said, strict=True)] == [
        ["cosigned", "witness_size_differs"]
    ] * races


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from xinqiao_ledger import witness
    from xinqiao_ledger.witness_home import open_witness

    witness.cosign = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # after the durable write
    open_witness(Path(sys.argv[1])).cosign(sys.stdin.read(), 0, [])
"""


def test_killed_before_its_reply_it_refuses_another_view_of_that_size(
    tmp_path: Path, log: Log, other: Log
) -> None:
    created(tmp_path / "w")
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path / "w")]
    died = subprocess.run(command, input=note_of(log, LOG_KEY, 5), text=True, check=False)
    assert died.returncode == -signal.SIGKILL
    with served_process(tmp_path / "w") as (_, url):
        assert add(url, other, 0, 5) == 409
        assert add(url, other, 5, 5) == 422
        assert add(url, other, 5, 9) == 422
        assert add(url, log, 5, 5) == 200
        assert add(url, log, 5, 9) == 200


def test_killed_under_load_it_goes_on_from_what_it_cosigned(tmp_path: Path, log: Log) -> None:
    witness = created(tmp_path / "w")
    for size in range(1, 6):
        with served_process(tmp_path / "w") as (process, url):
            known = OutsideWitness(witness.name, witness.key, url)
            word = ask_to_cosign(known, note_of(log, LOG_KEY, size), log, timeout_s=BOUND_S)
            assert (word.code, word.size) == ("witness_cosigned", size)
            process.kill()
    with served_process(tmp_path / "w") as (_, url):
        found = newest_of(OutsideWitness(witness.name, witness.key, url), log, timeout_s=BOUND_S)
    assert (found.code, found.size) == ("witness_cosigned", 5)


def test_a_split_view_to_two_witnesses_convinces_nobody(tmp_path: Path, log: Log, other: Log) -> None:
    """Each cosigns what it is shown; two of two then stand under neither history, and both are found out."""
    first, second = created(tmp_path / "1", "w1"), created(tmp_path / "2", "w2")
    with ExitStack() as stack:
        urls = [stack.enter_context(served_process(tmp_path / name))[1] for name in ("1", "2")]
        union, office = (
            OutsideWitness(one.name, one.key, url) for one, url in zip((first, second), urls, strict=True)
        )
        mine, theirs = note_of(log, LOG_KEY, 9), note_of(other, LOG_KEY, 9)
        shown = ask_to_cosign(union, mine, log, timeout_s=BOUND_S)
        hidden = ask_to_cosign(office, theirs, other, timeout_s=BOUND_S)
        assert (shown.code, hidden.code) == ("witness_cosigned", "witness_cosigned")
        assert ask_to_cosign(office, mine, log, timeout_s=BOUND_S).code == "witness_contradicts"
        assert ask_to_cosign(union, theirs, other, timeout_s=BOUND_S).code == "witness_contradicts"
        assert newest_of(office, log, timeout_s=BOUND_S).is_alarm
    trusted = tuple(TrustedWitness(one.name, one.key, "independent") for one in (first, second))
    trust = Trust(ORIGIN, LOG_KEY.public, bytes(32), (), trusted, 2, None)
    entry = log.entries(4, 5)[0]
    with pytest.raises(ProofError, match="audit_witnesses_few"):
        prove(log, 4, mine + shown.line).verify(entry, trust)
    with pytest.raises(ProofError, match="signature_invalid"):
        prove(log, 4, mine + shown.line + hidden.line).verify(entry, trust)
    prove(log, 4, mine + shown.line).verify(entry, replace(trust, witness_threshold=1))


READ = """
    import os, sys
    from pathlib import Path

    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    control, home = Path(sys.argv[1]), Path(sys.argv[2])
    assert control.read_text() == "for everybody"
    for path in [home, *(home / name for name in sys.argv[3:])]:
        for flags in (os.O_RDONLY, os.O_RDWR):
            try:
                os.open(path, flags)
            except (PermissionError, IsADirectoryError) as error:
                if isinstance(error, PermissionError) or path == home:
                    continue
            sys.exit(f"opened {path.name}")
    try:
        os.listdir(home)
    except PermissionError:
        sys.exit(0)
    sys.exit("listed")
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start the log's side as another user")
def test_the_logs_process_cannot_read_the_witnesss_files(log: Log) -> None:
    place = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others, so they would prove nothing
    try:
        place.chmod(0o755)
        (place / "control").write_text("for everybody")
        (place / "control").chmod(0o644)
        created(place / "w")
        with served_process(place / "w") as (_, url):
            assert add(url, log, 0, 9) == 200
            names = sorted(path.name for path in (place / "w").iterdir())
            assert {"witness.pem", "witness.sqlite", "witness.sqlite-wal"} <= set(names)
            command = [sys.executable, "-I", "-c", textwrap.dedent(READ)]
            arguments = [str(place / "control"), str(place / "w"), *names]
            done = subprocess.run([*command, *arguments], check=False, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, "")
    finally:
        shutil.rmtree(place)


LIGHT = """
    import sys

    before = set(sys.modules)
    import json
    from xinqiao_app.cli import main

    code = main(sys.argv[1:])
    foreign = {name.partition(".")[0] for name in set(sys.modules) - before}
    foreign -= set(sys.stdlib_module_names)
    print(json.dumps(sorted(name for name in foreign if not name.startswith("xinqiao_"))))
    sys.exit(code)
"""


def test_it_needs_the_standard_library_and_cryptography_alone(tmp_path: Path) -> None:
    give_centre_card(tmp_path / "centre.json")
    home = ["--home", str(tmp_path / "w")]
    commands = [
        ["witness", "create", *home, "--name", "w", "--centre", str(tmp_path / "centre.json")],
        ["witness", "card", *home, "--out", str(tmp_path / "w.json")],
        ["witness", "serve", *home],
    ]
    for command in commands:
        run = [sys.executable, "-c", textwrap.dedent(LIGHT), *command]
        process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        if "serve" in command:
            process.stderr.readline()
            process.terminate()
        out, complaint = process.communicate(timeout=BOUND_S)
        assert process.returncode == 0, complaint
        loaded = set(json.loads(out.splitlines()[-1]))
        assert loaded <= {"cryptography", "_cffi_backend", "_openssl"}
