"""The demo's result: every promised key of the summary, and the figures that the project stands on."""

import json
from typing import Any

import pytest

from flow.conftest import DemoRun

pytestmark = [pytest.mark.flow, pytest.mark.slow]


@pytest.fixture
def summary(demo: DemoRun) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((demo.out / "summary.json").read_text("utf-8"))
    return loaded


def test_it_ends_well(demo: DemoRun) -> None:
    assert demo.status == 0, demo.stderr
    assert "Traceback" not in demo.stderr
    assert "NOT PROVEN" not in demo.stdout


def test_every_promised_file_is_there(demo: DemoRun) -> None:
    names = ("summary.json", "report.html", "model.json", "card.json", "evidence.bundle", "trust.json")
    assert all((demo.out / name).stat().st_size > 0 for name in names)
    assert not list(demo.out.rglob(".tmp-*"))


def test_every_promised_key_is_there(summary: dict[str, Any]) -> None:
    assert summary.keys() >= {
        "departments",
        "people",
        "epsilon",
        "delta",
        "unit",
        "t",
        "answers",
        "steps",
        "void_steps",
        "auc",
        "refused",
        "left",
        "ledger",
        "seconds",
    }
    assert summary["auc"].keys() >= {
        "federated",
        "pooled_non_private",
        "pooled_boosting",
        "best_single_department",
        "by_department",
    }
    assert all(row.keys() >= {"alone", "federated"} for row in summary["auc"]["by_department"].values())
    assert summary["ledger"].keys() >= {"events", "root", "anchored_size", "chain_id", "verified"}
    assert all(row.keys() >= {"request", "reason_code"} for row in summary["refused"])


def test_the_order_is_the_one_that_was_promised(summary: dict[str, Any]) -> None:
    order = {key: summary[key] for key in ("departments", "epsilon", "delta", "unit", "t")}
    assert order == {"departments": 8, "epsilon": 1.0, "delta": 1e-5, "unit": "person", "t": 1}
    assert summary["people"] >= 30_000
    assert summary["steps"] + summary["void_steps"] == summary["answers"]
    assert summary["void_steps"] == 0


def test_the_model_is_as_good_as_promised(summary: dict[str, Any]) -> None:
    auc = summary["auc"]
    assert auc["federated"] > auc["pooled_non_private"] - 0.005
    assert auc["federated"] > auc["best_single_department"]
    assert len(auc["by_department"]) == 8


def test_the_three_requests_were_refused_by_all(summary: dict[str, Any]) -> None:
    reasons = {row["request"]: row["reason_code"] for row in summary["refused"]}
    assert reasons == {
        "over_budget": "budget_exceeded",
        "appraisal": "purpose_forbidden",
        "raw_income": "raw_export_forbidden",
    }
    assert all(len(row["department"].split(", ")) == 8 for row in summary["refused"])


def test_every_department_says_what_left_and_what_it_cost(summary: dict[str, Any]) -> None:
    assert len(summary["left"]) == 8
    for name, kinds in summary["left"].items():
        assert kinds["masked_vector"] > 0
        assert kinds.keys() <= {
            "introduction",
            "verdict",
            "masked_vector",
            "refusal",
            "job_receipt",
            "cosignature",
            "events",
        }
        assert summary["budget"][name]["epsilon_spent"] == 1.0


def test_the_proof_holds_and_says_who_keeps_the_chain(summary: dict[str, Any]) -> None:
    ledger = summary["ledger"]
    assert ledger["verified"] is True
    assert ledger["events"] >= ledger["anchored_size"] > 0
    checks = {check["number"]: check for check in ledger["checks"]}
    assert all(checks[number]["status"] == "PASS" for number in (*range(1, 9), 11))
    assert "operator" in checks[10]["detail_en"]


def test_the_closing_table_is_in_plain_words(demo: DemoRun, summary: dict[str, Any]) -> None:
    for names in summary["department_names"].values():
        assert names["en"] in demo.stdout
    assert f"{summary['auc']['federated']:.4f}" in demo.stdout
    assert "masked_vector" not in demo.stdout
    assert "Verdict: PASS, the evidence holds." in demo.stdout
