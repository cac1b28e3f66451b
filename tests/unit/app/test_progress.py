"""What a person sees while a job runs: on a terminal, in a file, and at the end."""

import io
from pathlib import Path

import pytest

from xinqiao_app.progress import Progress, closing_lines
from xinqiao_governance.messages import LANGUAGES, Language
from xinqiao_ledger.report import Finding, Report, Status, Subject


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


SUMMARY = {
    "departments": 2,
    "department_names": {"a": {"zh": "甲部", "en": "Dept A"}, "b": {"zh": "乙部", "en": "Dept B"}},
    "left": {"a": {"masked_vector": 700, "events": 77}, "b": {"introduction": 5}},
    "kept": {"a": {"rows": 1234}, "b": {"rows": 5678}},
    "budget": {
        "a": {"epsilon_cap": 2.0, "epsilon_spent": 1.0},
        "b": {"epsilon_cap": 2.0, "epsilon_spent": 0.5},
    },
    "auc": {
        "federated": 0.85,
        "pooled_non_private": 0.852,
        "pooled_boosting": 0.864,
        "best_single_department": 0.84,
        "by_department": {
            "a": {"alone": 0.9, "federated": 0.8},
            "b": {"alone": 0.7, "federated": 0.8},
        },
    },
    "refused": [
        {"request": "over_budget", "reason_code": "budget_exceeded", "zh": "预算不足。", "en": "No budget."}
    ],
}


def test_a_stage_is_announced_and_timed() -> None:
    stream = io.StringIO()
    progress = Progress("en", stream)
    with progress.stage("job"):
        assert "Training together" in stream.getvalue()
    assert progress.seconds["job"] >= 0


def test_a_stage_that_fails_is_not_timed() -> None:
    progress = Progress("en", io.StringIO())
    with pytest.raises(KeyError), progress.stage("job"):
        raise KeyError
    assert progress.seconds == {}


def test_a_file_gets_a_line_a_tenth_and_every_void_step() -> None:
    stream = io.StringIO()
    progress = Progress("en", stream)
    for step in range(1, 101):
        progress.stepped(step, 100, members=8, void=step == 33)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 11
    assert [line for line in lines if "void" in line] == [
        "  [█████████·····················] 33/100  void  8"
    ]
    assert "\r" not in stream.getvalue()


def test_a_terminal_gets_one_live_line_that_ends() -> None:
    stream = Terminal()
    progress = Progress("zh", stream)
    for step in range(1, 4):
        progress.stepped(step, 3, members=4, void=False)
    assert stream.getvalue().count("\r") == 2
    assert stream.getvalue().endswith("3/3  有效  4\n")


def test_few_steps_are_all_shown() -> None:
    stream = io.StringIO()
    for step in (1, 2):
        Progress("en", stream).stepped(step, 2, members=3, void=False)
    assert len(stream.getvalue().splitlines()) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", ["allowed", "catalogue_semantic_unknown", "from_a_newer_version"])
def test_a_decision_of_any_kind_is_shown(language: Language, reason: str) -> None:
    """A reason comes without its fields, and perhaps from a newer version."""
    stream = io.StringIO()
    Progress(language, stream).decided(bytes(range(32)), reason)
    assert "000102030405" in stream.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_closing_table(language: Language) -> None:
    text = "\n".join(closing_lines(SUMMARY, language))
    assert SUMMARY["department_names"]["a"][language] in text
    assert all(figure in text for figure in ("1234", "777", "0.8500", "0.8520", "0.8640", "0.8400", "1.5"))
    assert SUMMARY["refused"][0][language] in text
    loses = next(line for line in text.splitlines() if "部门自己" in line or "still beat" in line)
    assert SUMMARY["department_names"]["a"][language] in loses
    assert SUMMARY["department_names"]["b"][language] not in loses


def test_the_conclusion_shows_table_proof_and_folder() -> None:
    stream = io.StringIO()
    report = Report((Finding(1, Status.PASS),), Subject("00" * 32))
    Progress("en", stream).conclude(SUMMARY, report, Path("var/demo"))
    text = stream.getvalue()
    assert "var/demo" in text
    assert "NOT PROVEN" in text
