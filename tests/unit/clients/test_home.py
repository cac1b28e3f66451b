"""A department's home: made once, opened by its passphrase, damaged files said in one sentence."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, NOW, PASSPHRASE, dataset, table
from xinqiao_clients.home import PERIOD, SUPERNODE_KEYS, Home, Settings, read_settings
from xinqiao_governance.canonical import Json, dumps
from xinqiao_governance.errors import Denied, StoreDamaged, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import LANGUAGES, explain
from xinqiao_governance.order import Spend
from xinqiao_ledger.event import Kind

SETTINGS = Settings("工会", bytes([1] * 32), bytes([2] * 32), "xinqiao.log/centre", 3)


@pytest.fixture(scope="module")
def now() -> list[int]:
    return [NOW]


def made(folder: Path, now: list[int]) -> Home:
    home = Home.create(folder / "home", replace(SETTINGS, name="dept"), PASSPHRASE, clock=lambda: now[0])
    home.adopt(dataset(), CONTRACT, home.store.write(dataset(), table(1)), CAP, "steward")
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, now: list[int]) -> Iterator[Home]:
    home = made(Path(tmp_path_factory.mktemp("home")), now)
    yield home
    home.close()


def test_a_home_opens_with_its_passphrase_only(home: Home) -> None:
    again = Home.open(home.path, PASSPHRASE)
    assert again.identity.fingerprint == home.identity.fingerprint
    assert (again.settings, again.dataset, again.version) == (home.settings, home.dataset, home.version)
    again.close()
    with pytest.raises(Denied) as caught:
        Home.open(home.path, "wrong")
    assert caught.value.code == "passphrase_wrong"


def test_a_home_is_never_made_over_another(home: Home) -> None:
    with pytest.raises(UsageInvalid) as caught:
        Home.create(home.path, SETTINGS, PASSPHRASE)
    assert caught.value.code == "home_exists"


def test_only_the_owner_may_look_into_it(home: Home) -> None:
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_an_agent_that_starts_removes_the_keys_of_a_supernode_that_was_killed(home: Home) -> None:
    log, keys = home.path / "supernode" / "supernode.log", home.path / SUPERNODE_KEYS
    keys.mkdir(parents=True)
    log.touch()
    (keys / "transport").write_bytes(b"in the clear")
    home.tidy()
    home.tidy()  # nothing left to do
    assert not keys.exists()
    assert log.exists()


def test_there_is_no_home_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageInvalid) as caught:
        Home.open(tmp_path, PASSPHRASE)
    assert caught.value.code == "home_missing"


def test_the_private_key_is_nowhere_in_the_clear(home: Home) -> None:
    private = home.identity._private.private_bytes_raw()
    for path in home.path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert private not in data
            assert private.hex().encode() not in data
    assert private.hex() not in repr(home.identity)


@pytest.mark.parametrize("change", [{"v": True}, {"minimum_members": 2}, {"operator": "00"}, {"x": 1}])
def test_settings_that_are_none_are_said_so(tmp_path: Path, change: dict[str, Json]) -> None:
    (tmp_path / "node.json").write_bytes(dumps({**SETTINGS.to_json(), **change}))
    with pytest.raises(UsageInvalid) as caught:
        read_settings(tmp_path)
    assert caught.value.code == "home_damaged"


def test_settings_come_back(tmp_path: Path) -> None:
    (tmp_path / "node.json").write_bytes(dumps(SETTINGS.to_json()))
    assert read_settings(tmp_path) == SETTINGS


def test_settings_of_a_home_made_before_tls_trust_no_superlink(tmp_path: Path) -> None:
    older = {name: value for name, value in SETTINGS.to_json().items() if name != "authority"}
    (tmp_path / "node.json").write_bytes(dumps(older))
    assert read_settings(tmp_path).authority == ""


@pytest.mark.parametrize("name", ["node.json", "identity", "keys.json"])
@pytest.mark.parametrize("data", [b"{", b"\xff\xfe\x00"])
def test_a_damaged_file_gives_one_sentence(home: Home, name: str, data: bytes) -> None:
    path = home.path / name
    kept = path.read_bytes()
    path.write_bytes(data)
    try:
        with pytest.raises(XinqiaoError) as caught:
            Home.open(home.path, PASSPHRASE)
    finally:
        path.write_bytes(kept)
    for language in LANGUAGES:
        assert explain(caught.value, language)


@pytest.mark.parametrize("name", ["identity", "keys.json"])
def test_a_missing_file_gives_one_sentence(home: Home, name: str) -> None:
    path = home.path / name
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(StoreDamaged):
            Home.open(home.path, PASSPHRASE)
    finally:
        path.write_bytes(kept)


@pytest.mark.parametrize("name", ["book.sqlite", "witness.sqlite"])
@pytest.mark.parametrize("left", [None, b""])
def test_a_lost_book_or_witness_is_not_replaced_by_an_empty_one(
    tmp_path: Path, name: str, left: bytes | None
) -> None:
    Home.create(tmp_path / "home", SETTINGS, PASSPHRASE).close()
    path = tmp_path / "home" / name
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    with pytest.raises(StoreDamaged) as caught:
        Home.open(tmp_path / "home", PASSPHRASE)
    assert caught.value.code == "home_damaged"
    assert path.exists() == (left is not None)


def test_a_home_can_be_opened_while_it_is_new(tmp_path: Path) -> None:
    """Its files hold something as soon as they are there."""
    home = Home.create(tmp_path / "home", SETTINGS, PASSPHRASE)
    Home.open(tmp_path / "home", PASSPHRASE).close()
    home.close()


def test_an_import_is_recorded_with_its_cap(home: Home) -> None:
    event = next(event for event in home.book.events() if event.kind is Kind.IMPORT)
    assert (event.dataset, event.dataset_digest, event.tier) == ("staff", home.version.digest.hex(), "core")
    assert event.spend == home.book.cap("staff", PERIOD) == CAP


def test_without_a_cap_nothing_may_be_spent(home: Home) -> None:
    with home.book.transaction() as book:
        assert not book.reserve(bytes(32), "other", PERIOD, Spend(1, 1))


def test_an_import_never_brings_a_larger_or_a_fresh_budget(tmp_path: Path, now: list[int]) -> None:
    home = made(tmp_path, now)
    raised = (Spend(CAP.epsilon_micro + 1, CAP.delta_nano), Spend(CAP.epsilon_micro, CAP.delta_nano + 1))
    for cap in raised:
        with pytest.raises(UsageInvalid) as caught:
            home.adopt(dataset(), CONTRACT, home.version, cap, "steward")
        assert caught.value.code == "cap_raised"
    with pytest.raises(UsageInvalid) as caught:
        home.adopt(replace(dataset(), dataset_id="other"), CONTRACT, home.version, CAP, "steward")
    assert caught.value.code == "dataset_differs"
    assert home.book.cap("staff", PERIOD) == CAP
    home.adopt(dataset(), CONTRACT, home.version, Spend(1, 1), "steward")
    assert home.book.cap("staff", PERIOD) == Spend(1, 1)
    home.close()
