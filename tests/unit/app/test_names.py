"""Names are for the eye: kept by fingerprint, shown beside it, and never obeyed by a terminal."""

from pathlib import Path

import pytest

from xinqiao_app.names import remember, shown_names
from xinqiao_governance.errors import UsageInvalid

NORTH, SOUTH = bytes(range(32)), bytes(32)


def test_a_name_stands_beside_its_fingerprint(tmp_path: Path) -> None:
    assert shown_names(tmp_path) == {}
    remember(tmp_path, {NORTH: "north"})
    remember(tmp_path, {SOUTH: "north"})  # who takes another's name is still told apart
    assert shown_names(tmp_path) == {NORTH: "north (000102030405…)", SOUTH: "north (000000000000…)"}


def test_the_newest_card_counts(tmp_path: Path) -> None:
    remember(tmp_path, {NORTH: "north", SOUTH: "south"})
    remember(tmp_path, {NORTH: "人事"})
    assert shown_names(tmp_path) == {NORTH: "人事 (000102030405…)", SOUTH: "south (000000000000…)"}


def test_a_hostile_name_is_cut_and_cleaned(tmp_path: Path) -> None:
    remember(tmp_path, {NORTH: "\x1b[2J\r\u202enorth" + "x" * 1_000})
    (shown,) = shown_names(tmp_path).values()
    assert shown.isprintable()
    assert len(shown) < 80
    assert shown.endswith("(000102030405…)")


@pytest.mark.parametrize(
    "content", ["{", "{}", '[{"node": "00", "name": "short"}]', '[{"node": 7, "name": "north"}]', "[7]"]
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "names.json").write_text(content)
    with pytest.raises(UsageInvalid) as caught:
        shown_names(tmp_path)
    assert caught.value.code in ("json_invalid", "file_field_invalid")
