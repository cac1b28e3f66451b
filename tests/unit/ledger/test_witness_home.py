"""A witness's folder: its owner's alone, made whole, and never begun again."""

import json
import stat
from contextlib import closing
from pathlib import Path

import pytest

from simulators.ledger import ORIGIN
from simulators.witnesses import history, note_of
from xinqiao_governance.errors import ProofError, StoreDamaged, UsageInvalid, VersionOther
from xinqiao_ledger.log import Log
from xinqiao_ledger.signing import SigningKey
from xinqiao_ledger.witness_home import WitnessSettings, create_witness, open_witness, read_settings

LOG_KEY = SigningKey.generate()
SETTINGS = WitnessSettings("union.example/w", "工会联合会", ORIGIN, LOG_KEY.public)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    create_witness(tmp_path / "w", SETTINGS)
    return tmp_path / "w"


def history_of(tmp_path: Path, count: int = 5) -> Log:
    return history(tmp_path / "log", LOG_KEY, count)


def test_folder_and_files_are_their_owners_alone(home: Path, tmp_path: Path) -> None:
    with closing(open_witness(home)) as witness, closing(history_of(tmp_path)) as log:
        witness.cosign(note_of(log, LOG_KEY, 5), 0, [])
        files = {path.name for path in home.iterdir()}
        assert files >= {"witness.json", "witness.pem", "witness.sqlite", "witness.sqlite-wal"}
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".tmp")] == []


def test_it_remembers_its_settings_its_key_and_what_it_cosigned(home: Path, tmp_path: Path) -> None:
    assert read_settings(home) == SETTINGS
    with closing(history_of(tmp_path)) as log:
        with closing(open_witness(home)) as witness:
            key = witness.public
            witness.cosign(note_of(log, LOG_KEY, 5), 0, [])
        with closing(open_witness(home)) as again:
            assert (again.public, again.size, again.name) == (key, 5, SETTINGS.name)
            with pytest.raises(ProofError, match="witness_size_differs"):
                again.cosign(note_of(log, LOG_KEY, 3), 0, [])


def test_a_witness_whose_state_is_gone_does_not_start_afresh(home: Path) -> None:
    (home / "witness.sqlite").unlink()
    with pytest.raises(StoreDamaged, match="witness_state_lost"):
        open_witness(home)
    assert not (home / "witness.sqlite").exists()


def test_what_is_there_is_never_overwritten(home: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    with pytest.raises(UsageInvalid, match="witness_home_exists"):
        create_witness(home, SETTINGS)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageInvalid, match="witness_home_exists"):
        create_witness(tmp_path / "file", SETTINGS)


@pytest.mark.parametrize("name", [".", "witness.json", "witness.pem", "witness.sqlite"])
def test_files_that_others_may_read_are_refused(home: Path, name: str) -> None:
    path = home / name
    path.chmod(path.stat().st_mode | 0o040)
    with pytest.raises(UsageInvalid, match=r"readable"):
        open_witness(home)


def test_a_folder_without_a_witness_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageInvalid, match="witness_home_missing"):
        open_witness(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"v": 1}', "[" * 100_000])
def test_damaged_settings_stop_it(home: Path, text: str) -> None:
    (home / "witness.json").write_text(text)
    with pytest.raises(StoreDamaged, match="witness_state_damaged"):
        open_witness(home)


def test_settings_of_another_version_are_named_so(home: Path) -> None:
    path = home / "witness.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"v": 2}))
    with pytest.raises(VersionOther, match="version_other_file"):
        open_witness(home)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nfeed", "ideographic\u3000space"])
def test_a_name_that_no_note_can_carry_is_refused(name: str) -> None:
    with pytest.raises(UsageInvalid, match="witness_name_invalid"):
        WitnessSettings(name, "who", ORIGIN, LOG_KEY.public)
