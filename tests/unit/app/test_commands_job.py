"""The operator's commands: cost, orders, and what no order can be."""

import json
from functools import partial
from pathlib import Path

import pytest

from simulators.cards import give_department_card
from simulators.enterprise import MODEL
from xinqiao_app import operate
from xinqiao_app.cli import main
from xinqiao_app.commands.cards import CentreCard, DepartmentCard, read_card
from xinqiao_app.directory import shown_names
from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.order import Order
from xinqiao_governance.signed import Signed
from xinqiao_ledger.signing import check

NAMES = ("north", "south", "east", "west")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")
    Path("model.json").write_bytes(dumps(MODEL.to_json()))
    for name in NAMES:
        give_department_card(Path(f"{name}.json"), name)
    assert main(["job", "init", "--centre", "centre", "--out", "centre.json"]) == 0
    capsys.readouterr()
    return tmp_path


def order(*more: str) -> int:
    departments = [part for name in NAMES for part in ("--department", f"{name}.json", "234")]
    fixed = ["--centre", "centre", "--model", "model.json", "--purpose", "career_development"]
    fixed += ["--legal-basis", "staff_consent"]
    return main(["job", "order", *fixed, *departments, "--epsilon", "1", "--out", "order.json", *more])


def cost(*more: str) -> int:
    fixed = ["--model", "model.json", "--epsilon", "1", "--departments", "4", "--people", "1000"]
    return main(["job", "cost", *fixed, *more])


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1, complaint
    return complaint


def test_a_centre_is_made_once_and_shown_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["job", "init", "--centre", "centre"]) == 0
    shown, said = capsys.readouterr()
    assert json.loads(shown) == json.loads((folder / "centre.json").read_text())
    assert read_card(folder / "centre.json", CentreCard).fingerprint.hex(" ", 2) in said


def test_an_order_is_signed_rounded_and_as_long_as_asked(folder: Path) -> None:
    assert order("--answers", "12", "--delta", "1e-6", "--legal-basis", "union_duty") == 0
    signed = Signed.parse(loads((folder / "order.json").read_bytes().rstrip(b"\n")), Order)
    centre = read_card(folder / "centre.json", CentreCard)
    body = check(signed, centre.fingerprint)
    assert (body.answers, body.epsilon_micro, body.delta_nano) == (12, 1_000_000, 1_000)
    assert [department.people for department in body.departments] == [230] * 4
    assert (body.legal_basis, body.collusion) == ("union_duty", 1)


def test_an_order_may_draw_people_for_each_step(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert order("--sample-rate", "0.25") == 0
    drawn = Signed.parse(loads((folder / "order.json").read_bytes().rstrip(b"\n")), Order).body
    assert order() == 0
    full = Signed.parse(loads((folder / "order.json").read_bytes().rstrip(b"\n")), Order).body
    assert (drawn.sampling_micro, full.sampling_micro) == (250_000, 1_000_000)
    assert drawn.variance < full.variance / 10
    capsys.readouterr()
    assert cost("--sample-rate", "0.25") == 0
    assert "about 1000 people, of whom 250 in a step" in capsys.readouterr().out
    assert cost("--sample-rate", "0.0009") == 0
    assert "of whom fewer than 1 in a step" in capsys.readouterr().out


def test_quantiles_are_ordered_as_any_model(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = {"kind": "number", "semantic": "pay", "low_micro": 0, "high_micro": 200_000_000}
    pay = {"name": "pay", "family": "histogram", "features": [], "cells": 100, "label": label}
    Path("model.json").write_text(json.dumps(pay))
    assert cost() == 0
    assert "1 steps, 101 parameters" in capsys.readouterr().out
    assert order("--sample-rate", "0.5") == 1
    assert "1 for one sum alone" in one_sentence(capsys)
    assert order() == 0
    signed = Signed.parse(loads((folder / "order.json").read_bytes().rstrip(b"\n")), Order)
    assert (signed.body.answers, signed.body.model.cells) == (1, 100)


def test_the_default_number_of_steps_is_the_optimiser_s(folder: Path) -> None:
    assert order() == 0
    signed = Signed.parse(loads((folder / "order.json").read_bytes().rstrip(b"\n")), Order)
    assert signed.body.answers == 200


@pytest.mark.parametrize(
    "more",
    [
        ("--epsilon", "0"),
        ("--epsilon", "-1"),
        ("--epsilon", "nan"),
        ("--epsilon", "1001"),
        ("--delta", "0"),
        ("--delta", "1"),
        ("--answers", "0"),
        ("--sample-rate", "0"),
        ("--sample-rate", "1.5"),
        ("--sample-rate", "0.0000001"),
        ("--sample-rate", "half"),
        ("--collusion", "0"),
        ("--collusion", "3"),
        ("--department", "north.json", "234"),
        ("--department", "model.json", "234"),
        ("--department", "none.json", "234"),
        ("--department", "centre.json", "0"),
        ("--model", "north.json"),
        ("--model", "none.json"),
        ("--centre", "nowhere"),
        ("--out", "none/order.json"),
    ],
    ids=" ".join,
)
def test_no_such_order_can_be(
    folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    assert order(*more) in (1, 2)
    one_sentence(capsys)
    assert not (folder / "order.json").exists()
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize("epsilon", ["0", "-1"])
def test_an_order_without_privacy_reads_plainly_in_chinese(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], epsilon: str
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert order("--epsilon", epsilon) == 2
    assert "大于零" in one_sentence(capsys)


def test_the_cost_is_that_of_the_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cost("--answers", "12") == 0
    shown = capsys.readouterr().out
    assert f"12 steps, {MODEL.dimension} parameters" in shown
    assert not (folder / "order.json").exists()


@pytest.mark.parametrize(
    "more",
    [
        ("--departments", "2"),
        ("--departments", "0"),
        ("--people", "0"),
        ("--people", "-5"),
        ("--people", "9" * 17),
        ("--epsilon", "0"),
        ("--answers", "100000000000"),
        ("--model", "north.json"),
    ],
    ids=" ".join,
)
def test_no_such_cost_can_be(folder: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]) -> None:
    assert cost(*more) in (1, 2)
    one_sentence(capsys)


@pytest.mark.slow
def test_a_job_needs_a_centre_its_own_order_and_an_empty_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operate, "run_order", partial(operate.run_order, patience_s=0.1))
    assert order("--answers", "4") == 0
    assert main(["job", "init", "--centre", "other", "--out", "other.json"]) == 0
    capsys.readouterr()

    def run(centre: str, out: str = "results") -> int:
        return main(
            ["job", "run", "order.json", "--centre", centre, "--superlink", "127.0.0.1:1", "--out", out]
        )

    assert run("nowhere") == 2
    assert "no centre at nowhere" in one_sentence(capsys)
    assert run("other") == 1
    assert "signer is not the one" in one_sentence(capsys)
    Path("taken").mkdir()
    Path("taken/model.json").write_text("a model")
    assert run("centre", "taken") == 2
    assert "left alone" in one_sentence(capsys)
    assert run("centre") == 1
    assert "cannot be reached" in one_sentence(capsys)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.0.0.1:", ":9092", "127.0.0.1:x", "a/b:9092", "u@h:1", "h:0"]
)
def test_a_superlink_s_address_is_checked_before_anything_else(
    folder: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    del folder
    assert main(["job", "run", "no.json", "--centre", "no", "--superlink", address, "--out", "no"]) == 2
    said = one_sentence(capsys)
    assert "host:port" in said or "whole number" in said


def test_the_names_on_the_cards_are_kept_with_the_order(folder: Path) -> None:
    assert order("--answers", "4") == 0
    cards = [read_card(folder / f"{name}.json", DepartmentCard) for name in NAMES]
    assert shown_names(folder / "centre") == {
        card.fingerprint: f"{card.name} ({card.fingerprint.hex()[:12]}…)" for card in cards
    }
