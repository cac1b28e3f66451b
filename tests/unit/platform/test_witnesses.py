"""The centre and witnesses outside: whom it asks, what it believes, and what it takes for an alarm."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN
from simulators.witnesses import BOUND_S, history, liar, note_of, serving
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, VersionOther
from xinqiao_ledger.add_checkpoint import MAX_BYTES, SIZE_TYPE
from xinqiao_ledger.checkpoint import Checkpoint, SignedCheckpoint, cosign, sign
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.witness import Witness
from xinqiao_platform.witnesses import OutsideWitness, Witnesses, Word, ask_to_cosign, newest_of

NAME = "union.example/w"
LOG_KEY, KEY, OTHER = (SigningKey.generate() for _ in range(3))
Reply = tuple[int, str, bytes]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with closing(history(tmp_path / "log", LOG_KEY, 9)) as log:
        yield log


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    with closing(Witness(tmp_path / "w", KEY, LOG_KEY.public, ORIGIN, name=NAME)) as witness:
        yield witness


def at(url: str) -> OutsideWitness:
    return OutsideWitness(NAME, KEY.public, url)


def asked(url: str, log: Log, size: int = 9) -> Word:
    return ask_to_cosign(at(url), note_of(log, LOG_KEY, size), log, timeout_s=BOUND_S)


def newest(url: str, log: Log) -> Word:
    return newest_of(at(url), log, timeout_s=BOUND_S)


def line_of(log: Log, key: SigningKey = KEY, name: str = NAME, size: int = 9) -> bytes:
    return cosign(Checkpoint(ORIGIN, size, log.root(size)), name, key, 1_800_000_000).encode()


# ---- asking -----------------------------------------------------------------------------------------


def test_a_witness_is_asked_again_from_the_size_it_names(witness: Witness, log: Log) -> None:
    with serving(witness) as url:
        for size in (3, 3, 9):
            word = asked(url, log, size)
            assert (word.code, word.size) == ("witness_cosigned", size)
            signed = SignedCheckpoint.parse(note_of(log, LOG_KEY, size) + word.line)
            signed.verify_cosignature(NAME, KEY.public)
        assert newest(url, log).size == 9
        assert asked(url, log, 5) == Word("witness_ahead", 9)  # whoever asks knows whether the log is longer


def test_asking_for_the_newest_changes_nothing(witness: Witness, log: Log) -> None:
    with serving(witness) as url:
        assert newest(url, log) == Word("witness_cosigned", 0)
        asked(url, log, 3)
        assert newest(url, log) == newest(url, log) == Word("witness_cosigned", 3)
    assert witness.size == 3


def test_a_path_in_the_url_comes_first(log: Log) -> None:
    with liar((200, "", line_of(log))) as (url, seen):
        assert asked(f"{url}/w/1/", log).code == "witness_cosigned"
        newest(f"{url}/w/1", log)
    assert seen[0] == ("POST", "/w/1/add-checkpoint")
    assert seen[1][1].startswith("/w/1/")


def test_a_history_that_the_witness_did_not_see_is_an_alarm(
    witness: Witness, log: Log, tmp_path: Path
) -> None:
    """The log's key signs both views: each witness keeps it to the one that it saw first."""
    with serving(witness) as url, closing(history(tmp_path / "other", LOG_KEY, 9)) as other:
        assert asked(url, other, 5).code == "witness_cosigned"
        assert asked(url, log, 5) == Word("witness_contradicts", 5)
        assert asked(url, log, 9) == Word("witness_contradicts", 9)
        found = newest(url, log)
        assert (found.code, found.size) == ("witness_contradicts", 5)
        assert found.is_alarm


@pytest.mark.parametrize("second", [(409, SIZE_TYPE, b"9\n"), (409, "", b""), (422, "", b"")])
def test_another_root_under_the_same_size_is_an_alarm(log: Log, second: tuple[int, str, bytes]) -> None:
    """409 in C2SP tlog-witness v1.0.0, with no word on its body, and 422 in the text after it."""
    with liar((409, SIZE_TYPE, b"9\n"), second) as (url, _):
        assert asked(url, log) == Word("witness_contradicts", 9)


def test_a_log_that_was_rolled_back_is_an_alarm(witness: Witness, log: Log, tmp_path: Path) -> None:
    with closing(history(tmp_path / "longer", LOG_KEY, 20)) as longer, serving(witness) as url:
        asked(url, longer, 20)
        assert asked(url, log) == newest(url, log) == Word("witness_ahead", 20)
        assert asked(url, log).is_alarm


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda log: (200, "", b""), "witness_forged"),
        (lambda log: (200, "", b"\xff\xfe"), "witness_forged"),
        (lambda log: (200, "", line_of(log, OTHER)), "witness_forged"),
        (lambda log: (200, "", line_of(log, OTHER, "w2")), "witness_forged"),
        (lambda log: (200, "", line_of(log, KEY, "w2")), "witness_forged"),
        (lambda log: (200, "", line_of(log, size=5)), "witness_forged"),
        (lambda log: (200, "", b"\n" + line_of(log)), "witness_forged"),
        (lambda log: (200, "", line_of(log)[:-1]), "witness_forged"),
        (lambda log: (200, "", b"a" * (MAX_BYTES + 1)), "witness_silent"),
        (lambda log: (302, "", line_of(log)), "witness_refused"),
        (lambda log: (307, "", line_of(log)), "witness_refused"),
        (lambda log: (403, "", b""), "witness_refused"),
        (lambda log: (404, "", b""), "witness_refused"),
        (lambda log: (500, "", b""), "witness_refused"),
        (lambda log: (409, "text/plain", b"3\n"), "witness_refused"),
        (lambda log: (409, SIZE_TYPE, b"3"), "witness_refused"),
        (lambda log: (409, SIZE_TYPE, b"03\n"), "witness_refused"),
        (lambda log: (409, SIZE_TYPE, b"-3\n"), "witness_refused"),
        (lambda log: (409, SIZE_TYPE, b"\xff\n"), "witness_refused"),
        (lambda log: (409, SIZE_TYPE, b"9" * 30 + b"\n"), "witness_refused"),
        (lambda log: (409, SIZE_TYPE, b"3\n"), "witness_moved"),
        (
            lambda log: (409, SIZE_TYPE, b"9\n"),
            "witness_contradicts",
        ),  # named it, was asked from it, and again
        (lambda log: (409, SIZE_TYPE, b"10\n"), "witness_ahead"),
        (lambda log: (409, SIZE_TYPE, b"9223372036854775807\n"), "witness_ahead"),
        (lambda log: (422, "", b""), "witness_contradicts"),
    ],
)
def test_what_a_lying_witness_answers_never_counts(
    log: Log, answer: Callable[[Log], Reply], code: str
) -> None:
    with liar(answer(log)) as (url, seen):
        word = asked(url, log)
    assert (word.code, word.line) == (code, "")
    assert {path for _, path in seen} == {"/add-checkpoint"}  # no redirection was followed
    assert len(seen) <= 3


def test_other_keys_lines_beside_its_own_are_left_out(log: Log) -> None:
    both = line_of(log, OTHER, "w2") + line_of(log) * 9 + line_of(log, OTHER)
    with liar((200, "", both)) as (url, _):
        assert asked(url, log).line == line_of(log).decode()


@pytest.mark.parametrize(
    ("status", "note", "code"),
    [
        (404, "", "witness_cosigned"),
        (405, "", "witness_refused"),
        (200, "", "witness_forged"),
        (200, "{log}", "witness_forged"),
        (200, "{log}{other}", "witness_forged"),
        (200, "{stranger}{own}", "witness_forged"),
        (200, "{foreign}", "witness_forged"),
        (200, "{log}{own}", "witness_cosigned"),
    ],
)
def test_the_newest_checkpoint_counts_under_both_signatures(
    log: Log, status: int, note: str, code: str
) -> None:
    head, foreign = Checkpoint(ORIGIN, 9, log.root()), Checkpoint("log.example/other", 9, log.root())
    texts = {
        "log": sign(head, LOG_KEY),
        "stranger": sign(head, OTHER),
        "own": cosign(head, NAME, KEY, 1),
        "other": cosign(head, NAME, OTHER, 1),
        "foreign": sign(foreign, LOG_KEY) + cosign(foreign, NAME, KEY, 1),
    }
    with liar((status, "", note.format(**texts).encode())) as (url, _):
        assert newest(url, log).code == code


def test_a_witness_that_is_not_there_is_silent(log: Log) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        free = taken.getsockname()[1]
    assert asked(f"http://127.0.0.1:{free}", log).code == "witness_silent"
    assert newest(f"http://127.0.0.1:{free}", log).code == "witness_silent"


def test_a_witness_that_accepts_and_says_nothing_is_silent(log: Log) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        word = ask_to_cosign(at(url), note_of(log, LOG_KEY, 9), log, timeout_s=0.1)
    assert word.code == "witness_silent"


def test_no_proxy_is_asked(witness: Witness, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        proxy, seen = stack.enter_context(liar((500, "", b"")))
        url = stack.enter_context(serving(witness))
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        assert asked(url, log).code == "witness_cosigned"
        assert seen == []


# ---- the list ---------------------------------------------------------------------------------------


def test_the_list_is_kept(tmp_path: Path) -> None:
    assert Witnesses.load(tmp_path) == Witnesses()
    kept = Witnesses((at("http://w.example"), OutsideWitness("工会", OTHER.public, "https://u/x")), 4)
    kept.save(tmp_path)
    assert Witnesses.load(tmp_path) == kept
    assert kept.without(NAME).outside == kept.outside[1:]
    with pytest.raises(UsageInvalid, match="witness_unknown"):
        kept.without("nobody")


def test_nobody_is_listed_twice(tmp_path: Path) -> None:
    kept = Witnesses((at("http://w.example"),))
    for twice in (
        OutsideWitness(NAME, OTHER.public, "http://x.example"),
        OutsideWitness("another", KEY.public, "http://x.example"),
    ):
        with pytest.raises(UsageInvalid, match="witness_known"):
            kept.with_witness(twice)
        Witnesses((*kept.outside, twice)).save(tmp_path)
        with pytest.raises(StoreDamaged, match="witnesses_damaged"):
            Witnesses.load(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "w.example",
        "ftp://w.example",
        "file:///etc/passwd",
        "http://",
        "http://user:secret@w.example",
        "http://@w.example",
        "http://w.example/?x",
        "http://w.example/#x",
        "http://w.example:port",
        "http://w.example:99999",
        "http://w.example/a b",
        "http://w.example/\r\nX: y",
        "http://工会.example",
        "http://[::1",
    ],
)
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageInvalid, match="witness_url_invalid"):
        at(url)


@pytest.mark.parametrize(
    "change", [{"witnesses_needed": 0}, {"witnesses_needed": "2"}, {"more": 1}, {"witnesses": [{}]}]
)
def test_a_damaged_list_stops_the_centre(tmp_path: Path, change: dict[str, object]) -> None:
    Witnesses((at("http://w.example"),)).save(tmp_path)
    path = tmp_path / "witnesses.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(StoreDamaged, match="witnesses_damaged"):
        Witnesses.load(tmp_path)


def test_a_list_of_another_version_is_named_so(tmp_path: Path) -> None:
    Witnesses().save(tmp_path)
    path = tmp_path / "witnesses.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"v": 2}))
    with pytest.raises(VersionOther):
        Witnesses.load(tmp_path)
