"""Names are for the eye: kept by fingerprint, shown beside it, and never obeyed by a terminal."""

from dataclasses import replace
from pathlib import Path

import pytest

from simulators.cards import department_card
from xinqiao_app.commands.cards import DepartmentCard
from xinqiao_app.directory import known, remember, shown_names
from xinqiao_governance.errors import UsageInvalid, WireInvalid
from xinqiao_ledger.signing import SigningKey
from xinqiao_platform.tls import authority_pem

NORTH, SOUTH = department_card("north"), department_card("south")


def shown(card: DepartmentCard) -> str:
    return f"{card.name} ({card.fingerprint.hex()[:12]}…)"


def test_a_name_stands_beside_its_fingerprint(tmp_path: Path) -> None:
    assert shown_names(tmp_path) == {}
    remember(tmp_path, [NORTH])
    other = replace(SOUTH, name="north")  # who takes another's name is still told apart
    remember(tmp_path, [other])
    assert shown_names(tmp_path) == {NORTH.fingerprint: shown(NORTH), SOUTH.fingerprint: shown(other)}


def test_the_newest_card_counts(tmp_path: Path) -> None:
    remember(tmp_path, [NORTH, SOUTH])
    newer = replace(NORTH, name="人事", transport=SOUTH.transport)
    remember(tmp_path, [newer])
    assert {card.fingerprint: card for card in known(tmp_path)} == {
        NORTH.fingerprint: newer,
        SOUTH.fingerprint: SOUTH,
    }


def test_a_hostile_name_is_cut_and_cleaned(tmp_path: Path) -> None:
    remember(tmp_path, [replace(NORTH, name="\x1b[2J\r\u202enorth" + "x" * 1_000)])
    (text,) = shown_names(tmp_path).values()
    assert text.isprintable()
    assert len(text) < 80
    assert text.endswith(f"({NORTH.fingerprint.hex()[:12]}…)")


@pytest.mark.parametrize("content", ["{", "{}", '[{"name": "north", "key": "00"}]', '[{"name": 7}]', "[7]"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "directory.json").write_text(content)
    with pytest.raises(UsageInvalid) as caught:
        shown_names(tmp_path)
    assert caught.value.code in ("json_invalid", "file_field_invalid")


@pytest.mark.parametrize("key", ["", "no key at all", "ключ", authority_pem(SigningKey.generate())])
def test_a_card_with_no_transport_key_is_no_card(key: str) -> None:
    with pytest.raises(WireInvalid, match="transport"):
        DepartmentCard.from_json(NORTH.to_json() | {"transport": key})
