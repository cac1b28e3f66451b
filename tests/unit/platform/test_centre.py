"""The centre's home: its own journal, and the events that it takes from departments."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from simulators import postgres, wires
from simulators.disks import FailingDisk
from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.wire import AnswerFrame, Refusal
from xinqiao_ledger import files
from xinqiao_ledger.event import GENESIS, Event, Kind
from xinqiao_ledger.receipt import verify
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.centre import LOG_ORIGIN, Centre
from xinqiao_platform.channel import Ask, Proven

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
NODE = KEY.fingerprint
ASK = Ask(b"ask")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    centre = Centre(tmp_path / "centre", clock=lambda: 1_000)
    yield centre
    centre.close()


def event(node: bytes = NODE, seq: int = 1, prev: str = GENESIS) -> Event:
    return Event(
        kind=Kind.CONFIRM,
        node=node.hex(),
        seq=seq,
        prev=prev,
        time=1,
        actor="ab",
        role="steward",
        action="confirm",
    )


def answered(key: SigningKey, events: tuple[Mapping[str, Json], ...]) -> Proven:
    frame = AnswerFrame(Refusal("no"), events)
    return Proven(wires.seal(key, ASK.wire, frame.encode()), ASK)


def brought(key: SigningKey, *events: Event) -> Proven:
    """An answer that brings events, under the signature of `key`."""
    return answered(key, tuple(event.to_json() for event in events))


def test_its_own_journal_is_chained_and_survives(centre: Centre, tmp_path: Path) -> None:
    first = centre.record(kind=Kind.CHECKPOINT, action="one")
    second = centre.record(kind=Kind.CHECKPOINT, action="two")
    assert (first.seq, first.prev, second.seq, second.prev) == (1, GENESIS, 2, first.hash.hex())
    centre.close()
    again = Centre(tmp_path / "centre", clock=lambda: 2_000)
    assert again.operator.public == centre.operator.public
    assert again.log_key.public == centre.log_key.public
    assert again.record(kind=Kind.CHECKPOINT, action="three").prev == second.hash.hex()
    again.close()


def test_its_keys_are_its_own(centre: Centre) -> None:
    assert centre.operator.public != centre.log_key.public
    (centre.path / "operator.pem").chmod(0o644)
    with pytest.raises(UsageInvalid):
        Centre(centre.path)


def test_events_are_taken_with_a_receipt_that_holds(centre: Centre) -> None:
    first = event()
    second = event(seq=2, prev=first.hash.hex())
    receipt = centre.take([brought(KEY, first, second), brought(OTHER)])[NODE]
    leaves = [first.leaf, second.leaf]
    verify(receipt, origin=LOG_ORIGIN, log_key=centre.log_key.public, leaves=leaves)
    again = centre.take([brought(KEY, second)])[NODE]  # told twice is taken once
    assert again.body.entries == receipt.body.entries[1:]
    assert centre.log.size == 2


def test_nothing_is_taken_in_anothers_name(centre: Centre) -> None:
    with pytest.raises(WireInvalid):
        centre.take([brought(OTHER, event())])
    with pytest.raises(WireInvalid):
        centre.take([answered(KEY, ({"rows": [1]},))])
    with pytest.raises(WireInvalid):
        centre.take([brought(KEY, event(centre.operator.fingerprint))])
    assert centre.log.size == 0


def test_one_bad_batch_takes_none(centre: Centre) -> None:
    with pytest.raises(ProofError):
        centre.take([brought(KEY, event()), brought(OTHER, event(OTHER.fingerprint, 2, "11" * 32))])
    assert centre.log.size == 0


def test_a_full_disk_is_said_plainly_and_leaves_no_half_of_a_centre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.os, "fsync", FailingDisk(1, errno.ENOSPC).fsync)
    with pytest.raises(StoreDamaged, match="disk_full"):
        Centre(tmp_path / "centre")
    assert [file.name for file in (tmp_path / "centre").iterdir()] == ["log.lock"]


def test_a_clock_that_is_set_back_turns_the_centres_journal_not_back(tmp_path: Path) -> None:
    now = [1_000]
    for time, written in ((1_000, 1_000), (10, 1_000), (1_001, 1_001), (999, 1_001)):
        with closing(Centre(tmp_path / "centre", clock=lambda: now[0])) as centre:
            now[0] = time
            assert centre.record(kind=Kind.ORDER, action="propose", job="ab" * 32).time == written


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreDamaged) as caught:
        Centre(tmp_path / "file" / "centre")
    assert caught.value.code == "io_failed"


def test_the_log_may_stand_in_postgresql(tmp_path: Path) -> None:
    with postgres.server() as url:
        folder = tmp_path / "centre"
        folder.mkdir()
        (folder / "log.url").touch(mode=0o600)
        (folder / "log.url").write_text(f"{postgres.new_database(url)}\n")
        for turn in (1, 2):
            with closing(Centre(folder)) as centre:
                centre.record(kind=Kind.ORDER, action="propose", job="ab" * 32)
                assert centre.log.size == turn
        assert not (folder / "log.sqlite").exists()


def test_a_url_beside_a_log_or_open_to_others_is_refused(tmp_path: Path) -> None:
    Centre(tmp_path / "centre").close()
    (tmp_path / "centre" / "log.url").touch(mode=0o600)
    with pytest.raises(UsageInvalid, match="log_in_two_places"):
        Centre(tmp_path / "centre")
    (tmp_path / "centre" / "log.sqlite").unlink()
    (tmp_path / "centre" / "log.url").chmod(0o644)
    with pytest.raises(UsageInvalid, match="key_file_readable"):
        Centre(tmp_path / "centre")
