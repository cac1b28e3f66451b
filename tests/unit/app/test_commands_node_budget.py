"""A steward's budgets from the command line: periods, a cap a year, and what an order would cost."""

import json
from pathlib import Path

import pytest

from simulators.cards import give_department_card
from simulators.enterprise import MODEL
from unit.app import test_commands_node as steward
from unit.app.test_commands_node import GOOD, PLACES, init, node, one_sentence
from xinqiao_app.cli import main
from xinqiao_clients.status import status
from xinqiao_governance.canonical import dumps
from xinqiao_governance.messages import LANGUAGES, Language

folder = steward.folder


def load(*more: str, rows: str = GOOD, epsilon: str = "2") -> int:
    Path("rows.csv").write_text(rows)
    tables = ("--data", "rows.csv", "--catalogue", "catalogue.json", "--contract", "contract.yaml")
    return node("import", *tables, "--epsilon-cap", epsilon, "--delta-cap", "2e-5", *more)


@pytest.mark.slow
def test_a_period_is_opened_for_new_people_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init() == 0
    assert load("--period", "2026Q3", "--epsilon-year", "3", "--delta-year", "3e-5") == 0
    capsys.readouterr()
    assert load("--period", "2026Q4") == 1
    assert "3 people belong to the period 2026Q3" in one_sentence(capsys)
    assert load("--period", "2026Q4", rows=GOOD.replace("\np", "\nq"), epsilon="9") == 0
    seen = status(folder / "home").to_json()
    assert [(period["period"], period["open"]) for period in seen["periods"]] == [
        ("2026Q3", False),
        ("2026Q4", True),
    ]
    assert seen["period"] == "2026Q4"
    assert seen["cap"] == {"epsilon_micro": 9_000_000, "delta_nano": 20_000}
    assert seen["year"]["cap"] == {"epsilon_micro": 3_000_000, "delta_nano": 30_000}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--epsilon-year", "3"), "both ε and δ"),
        (("--delta-year", "3e-5"), "both ε and δ"),
        (("--epsilon-year", "0", "--delta-year", "3e-5"), "above zero"),
        (("--period", "2026 Q4"), "letters, digits"),
    ],
)
def test_what_is_no_budget_is_one_sentence_and_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    assert init() == 0
    capsys.readouterr()
    assert load(*more) == 2
    assert sentence in one_sentence(capsys)
    assert status(folder / "home").accounts == ()


def an_order(folder: Path) -> None:
    """Make a home with a table, and an order for it and three confirmed departments: ε 0.4."""
    Path("model.json").write_bytes(dumps(MODEL.to_json()))
    assert main(["job", "init", "--centre", "ours", "--out", "ours.json"]) == 0
    assert init("--centre", "ours.json") == 0
    assert load(epsilon="1.6") == 0
    assert node("identity", "--out", "own.json") == 0
    members = ["--department", "own.json", "300"]
    for name in ("a", "b", "c"):
        card = give_department_card(Path(f"{name}.json"), name)
        assert node("confirm", f"{name}.json", "--fingerprint", card.fingerprint.hex()) == 0
        members += ["--department", f"{name}.json", "300"]
    order = [
        "job",
        "order",
        "--legal-basis",
        "staff_consent",
        "--centre",
        "ours",
        "--model",
        "model.json",
        "--epsilon",
        "0.4",
    ]
    more = ["--purpose", "career_development", "--answers", "4", "--out", "order.json"]
    assert main([*order, *more, *members]) == 0


@pytest.mark.slow
def test_a_preview_says_what_an_order_costs_and_records_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    an_order(folder)
    before = status(folder / "home", lambda: 0)
    said: dict[Language, str] = {}
    for language in LANGUAGES:
        monkeypatch.setenv("LC_ALL", PLACES[language])
        capsys.readouterr()
        assert node("preview", "order.json") == 0
        said[language] = capsys.readouterr().out
    assert "this costs ε 0.4 of the 1.6 left" in said["en"]
    assert [line[:2] for line in said["en"].splitlines()[6:12]] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert "将花费 ε 0.4，剩余 ε 1.6" in said["zh"]
    monkeypatch.setenv("LC_ALL", "C")
    assert node("preview", "order.json", "--json") == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["verdict"], plain["steps"]["5"]) == ("approval_missing", "refused")
    assert plain["cost"]["remaining"]["epsilon_micro"] == 1_600_000
    assert status(folder / "home", lambda: 0) == before

    assert node("approve", "order.json") == 0
    cost, approved = capsys.readouterr().out.splitlines()
    assert cost in said["en"]
    assert "Approved" in approved
    assert node("preview", "order.json", "--json") == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "allowed"
    assert node("preview", "catalogue.json") == 2
    one_sentence(capsys)
