"""`xinqiao job rehearse` as its user runs it: the whole protocol in this process, on a small table."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xinqiao_app.cli import main
from xinqiao_app.rehearsal.progress import RehearsalProgress

pytestmark = pytest.mark.flow

KEYS = {
    "auc",
    "accuracy",
    "macro_f1",
    "epsilon",
    "delta",
    "unit",
    "t",
    "answers",
    "steps",
    "void_steps",
    "seconds",
    "bytes",
    "warnings",
}
CONTRACT = """
dataset: staff
person: who
columns:
  who: {type: text}
  age: {type: integer, missing: allowed, min: 20, max: 60}
  grade: {type: text, missing: allowed, values: [a, b, c]}
  stays: {type: integer, min: 0, max: 1}
"""


def rows(count: int, seed: int) -> str:
    """Synthetic staff: two rows a person; the old and those of grade a stay."""
    draw = np.random.default_rng(seed)
    lines = ["who,home,age,grade,pay,stays"]
    for row in range(count):
        age, grade = draw.integers(20, 60), draw.choice(["a", "b", "c"])
        stays = int(age + 15 * (grade == "a") + draw.normal(0, 8) > 45)
        shown = "" if row % 50 == 0 else age
        lines.append(f"p{row // 2},h{row // 2 % 4},{shown},{grade},{age * 100 + row % 7}.5,{stays}")
    return "\n".join(lines) + "\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with both files, in English; temporary folders go into "temporary"."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "train.csv.gz").write_bytes(gzip.compress(rows(2_000, 1).encode()))
    (tmp_path / "test.csv").write_text(rows(600, 2).replace(",c,", ",unseen,"), "utf-8")
    (tmp_path / "contract.yaml").write_text(CONTRACT, "utf-8")
    return tmp_path


def command(*more: str, label: str = "stays") -> list[str]:
    files = ["--data", "train.csv.gz", "--test", "test.csv", "--label", label]
    return ["job", "rehearse", *files, "--epsilon", "4", "--delta", "1e-5", "--answers", "12", *more]


def figures(capsys: pytest.CaptureFixture[str], *more: str, label: str = "stays") -> dict[str, Any]:
    assert main(command("--json", *more, label=label)) == 0
    shown, told = capsys.readouterr()
    assert told
    found: dict[str, Any] = json.loads(shown)
    return found


@pytest.mark.slow
def test_the_real_protocol_with_departments_that_vanish(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = figures(capsys, "--department", "home", "--person", "who", "--drop", "0.1")
    assert set(found) == KEYS
    assert found["auc"] > 0.8
    assert (found["epsilon"], found["delta"], found["unit"], found["t"]) == (4.0, 1e-5, "person", 1)
    assert found["steps"] + found["void_steps"] == found["answers"] == 12
    assert 1 <= found["void_steps"] <= 2
    assert found["bytes"] > 4 * 12 * 4 * 20  # departments, steps, bytes and more than 20 parameters
    assert found["warnings"] == ["not private: ranges were read from the data"]
    assert list((here / "temporary").iterdir()) == []


@pytest.mark.slow
def test_a_table_for_people_with_a_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command("--departments", "3", "--contract", "contract.yaml", "--model", "moments")) == 0
    shown, told = capsys.readouterr()
    assert "3 departments, 2000 units of privacy (per record), ε = 4" in shown
    assert "1 good and 0 void steps of 1" in shown
    assert "left out: home, pay." in shown
    assert "protects a single record" in shown
    assert "Training together" in told


@pytest.mark.slow
@pytest.mark.parametrize(("label", "score"), [("grade", "macro_f1"), ("pay", "r2"), ("stays", "macro_f1")])
def test_a_class_a_number_and_a_yes_or_no_by_drawn_people(
    label: str, score: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whole jobs in this process: each label's kind, with people drawn for each step."""
    found = figures(
        capsys, "--department", "home", "--person", "who", "--sample-rate", "0.5", "--t", "2", label=label
    )
    assert set(found) == (KEYS if score != "r2" else KEYS - {"macro_f1"} | {"r2"})
    assert (found["steps"], found["void_steps"], found["t"]) == (12, 0, 2)
    assert found[score] is not None
    assert any("with a chance of 0.5" in warning for warning in found["warnings"])
    assert found["bytes"] > 0


@pytest.mark.parametrize(("noise", "epsilon"), [("local", 4.0), ("pooled", 4.0), ("none", None)])
def test_other_trust_for_comparison(
    noise: str, epsilon: float | None, capsys: pytest.CaptureFixture[str]
) -> None:
    found = figures(capsys, "--departments", "4", "--person", "who", "--noise", noise)
    assert set(found) == KEYS
    assert (found["epsilon"], found["bytes"], found["void_steps"]) == (epsilon, None, 0)
    assert any("comparison" in warning for warning in found["warnings"])
    assert found["auc"] > 0.8


def test_without_noise_the_table_claims_no_epsilon(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command("--departments", "4", "--person", "who", "--noise", "none")) == 0
    assert "(per person), ε = ∞" in capsys.readouterr().out


def test_classes_and_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    classes = figures(capsys, "--departments", "4", "--noise", "none", label="grade")
    assert 0 <= classes["auc"] <= 1
    number = figures(capsys, "--departments", "4", "--noise", "none", "--answers", "100", label="pay")
    assert set(number) == KEYS - {"macro_f1"} | {"r2"}
    assert (number["auc"], number["accuracy"]) == (None, None)
    assert number["r2"] > 0.5


def test_an_interrupt_leaves_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: RehearsalProgress, step: int, answers: int, *, members: int, void: bool) -> None:
        assert list((here / "temporary").iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr(RehearsalProgress, "stepped", interrupt)
    assert main(command("--departments", "3")) in (1, 130)  # the job ends as stopped, and says so
    assert list((here / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--departments", "2"], "only 2 departments of the 3 (t + 2)"),
        (["--departments", "3", "--t", "2"], "only 3 departments of the 4 (t + 2)"),
        (["--departments", "3", "--drop", "0.1"], "lower --drop"),
        (["--departments", "3", "--drop", "2"], "A number from 0 to under 1"),
        (["--departments", "3", "--drop", "0.1", "--noise", "local"], "--drop is for --noise shares"),
        (["--departments", "3", "--department", "home"], "either --department"),
        ([], "either --department"),
        (["--department", "nowhere"], "no column nowhere in train.csv.gz"),
        (["--department", "home", "--person", "home"], "was given two roles"),
        (["--department", "home", "--person", "grade"], "people stand in two departments"),
        (["--departments", "3", "--label", "nothing"], "no column nothing"),
        (["--departments", "3", "--test", "empty.csv"], "no row of data in empty.csv"),
        (["--departments", "3", "--test", "narrow.csv"], "narrow.csv lacks the column"),
        (["--departments", "3", "--data", "empty.csv"], "no row of data in empty.csv"),
    ],
)
def test_what_does_not_fit_is_refused(
    more: list[str], sentence: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "empty.csv").write_text("who,home\n", "utf-8")
    (here / "narrow.csv").write_text("who,stays\np,1\n", "utf-8")
    assert main(command(*more)) in (1, 2)
    shown, told = capsys.readouterr()
    assert shown == ""
    assert sentence in told.splitlines()[-1]
