"""A column's name is one that people can see, wherever it comes in: else two may look the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import CAP, NOW
from unit.clients.test_adopting import SETTINGS
from unit.clients.test_refreshing import source, take
from xinqiao_clients.confirming import confirm_column
from xinqiao_clients.contract_draft import draft
from xinqiao_clients.contract_text import new_contract, parse_contract
from xinqiao_clients.drafts import Wish
from xinqiao_clients.home import Home
from xinqiao_clients.importer import read_contract
from xinqiao_clients.loading import Budget, Given, load
from xinqiao_clients.sources import Table
from xinqiao_governance.errors import DataInvalid, UsageInvalid, XinqiaoError
from xinqiao_governance.messages import LANGUAGES, explain
from xinqiao_governance.parse import is_clear

UNCLEAR = (
    "年龄\u200b",  # zero width space
    "年龄\u2065",  # none yet, and shown as nothing
    "年龄\ufff0",
    "年龄\U000e0002",
    "\ufeff年龄",
    "年\u00ad龄",  # soft hyphen
    "\u202e年龄",  # right to left from here
    "\u2066年龄\u2069",
    "年\n龄",
    "年\u2028龄",
    "\x1b[31m年龄",
    "年龄\x00",
    "年龄\ufe00",  # another form of the letter before, which looks the same
    "年龄\U000e0100",
    "年\u3164龄",  # a letter that fills room
    "\u2800",
    "年龄\ud800",
    " ",
    "\u3000",
    "",
)
CLEAR = ("年龄", "姓　名", "Größe (cm)", "قيمة", "ชื่อ", "𠮷", "e\u0301", "\ue863", "a b", "😀")
CONTRACT = 'dataset: staff\nperson: 工号\ncolumns:\n  工号: {{type: text}}\n  "{name}": {{type: {type}}}\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with a table of two columns; nothing here adopts another."""
    folder = tmp_path_factory.mktemp("names")
    home = Home.create(folder / "home", SETTINGS, None, lambda: NOW)
    take(home, source(folder, 3))
    yield home
    home.close()


def table(name: str) -> Table:
    return Table(("工号", name), (("1", "2", "3"), ("30", "40", "50")))


def escaped(name: str) -> str:
    return "".join(f"\\U{ord(letter):08x}" for letter in name)


def require_told(error: XinqiaoError, name: str) -> None:
    """The sentence gives the place and no letter of the name that nobody sees."""
    assert error.code == "column_name_unclear"
    assert error.fields == {"place": 2}
    for language in LANGUAGES:
        assert "2" in explain(error, language)
        assert name not in explain(error, language) or not name.strip()


@pytest.mark.parametrize("name", CLEAR)
def test_what_can_be_seen_is_a_name(name: str) -> None:
    assert is_clear(name)


@pytest.mark.parametrize("name", UNCLEAR, ids=ascii)
def test_such_a_name_comes_in_nowhere(home: Home, tmp_path: Path, name: str) -> None:
    assert not is_clear(name)
    budget, wish = Budget(CAP), Wish("staff", "north", "工号")
    if name.strip():  # one that is empty has a sentence of its own there
        with pytest.raises(DataInvalid) as caught:
            load(home, table(name), Given(wish), budget, "li")
        require_told(caught.value, name)
        with pytest.raises(DataInvalid) as caught:
            draft(table(name), "staff", "工号", NOW // 86_400)
        require_told(caught.value, name)

    columns = home.dataset.columns
    catalogue = replace(home.dataset, columns=(columns[0], replace(columns[1], name=name or " ")))
    with pytest.raises(DataInvalid) as caught:
        load(home, table("年龄"), Given(wish, catalogue), budget, "li")
    require_told(caught.value, name)

    if name != "年龄\ud800":  # which YAML has no way to write
        path = tmp_path / "c.yaml"
        for type_ in ("integer", "SENTINEL"):  # whatever else is wrong with it
            path.write_text(CONTRACT.format(name=escaped(name), type=type_), "utf-8")
            with pytest.raises(DataInvalid) as caught:
                read_contract(path)
            require_told(caught.value, name)
            with pytest.raises(DataInvalid) as caught:
                load(home, table("年龄"), Given(wish, contract=path.read_text("utf-8")), budget, "li")
            require_told(caught.value, name)
    with pytest.raises(DataInvalid) as caught:  # a contract does not excuse the table's own header
        load(
            home,
            table(name),
            Given(wish, contract=CONTRACT.format(name="年龄", type="integer")),
            budget,
            "li",
        )
    require_told(caught.value, name)

    with pytest.raises(UsageInvalid, match="confirm_name_unclear") as refused:
        confirm_column(home, "staff", name, "li", semantic="age")
    assert not refused.value.fields
    assert home.adopted.number == 1


@pytest.mark.parametrize(
    "text",
    [
        'dataset: staff\nperson: "工号\\u202e"\ncolumns: {工号: {type: text}}',
        'dataset: staff\nperson: 工号\ndepartment: {column: "a\\u200b"}\ncolumns: {工号: {type: text}}',
        'dataset: staff\nperson: 工号\ncolumns: {工号: {type: text}}\nrules: [{unique: ["a\\u200b"]}]',
        'dataset: staff\nperson: 工号\ncolumns: {工号: {"type\\u202e": text}}',
    ],
)
def test_a_contract_names_nothing_that_cannot_be_seen(text: str) -> None:
    with pytest.raises(DataInvalid, match="contract_name_unclear") as caught:
        new_contract(text)
    assert not caught.value.fields


def test_values_of_cells_may_be_anything() -> None:
    text = 'dataset: staff\nperson: 工号\ncolumns: {工号: {type: text, values: ["a\\u200b", b]}}'
    assert new_contract(text).columns[0].values == ("a\u200b", "b")


@pytest.mark.parametrize("twin", ["年龄 ", "\u00a0年龄", "年龄\u3000"])
def test_names_that_look_alike_are_one_given_twice(twin: str) -> None:
    with pytest.raises(DataInvalid, match="source_header_twice"):
        Table(("工号", "年龄", twin), ((), (), ())).require_names()


def test_a_contract_in_use_is_read_whatever_its_names_are() -> None:
    """A home of an earlier program stays one from which people can be deleted."""
    text = CONTRACT.format(name="\\u200b", type="integer")
    assert parse_contract(text).columns[1].name == "\u200b"
    with pytest.raises(DataInvalid, match="column_name_unclear"):
        new_contract(text)
