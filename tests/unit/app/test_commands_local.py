"""`xinqiao node local`: what a steward types and reads, in both languages."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import PASSPHRASE, Enterprise, found, run_job
from xinqiao_app.cli import main
from xinqiao_governance.messages import LANGUAGES, say
from xinqiao_models import local

pytest.importorskip("sklearn")

Case = tuple[Enterprise, Path, str]


@pytest.fixture(scope="module", autouse=True)
def _few_trees() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "_TREES", 8)
        yield


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """An enterprise after a job, a folder with model, passphrase and rows, and the order's digest."""
    folder = Path(tmp_path_factory.mktemp("local"))
    enterprise = found(folder / "enterprise", 3, people=300)
    result = run_job(enterprise, enterprise.order(answers=5))[0]
    (folder / "model.json").write_bytes(result.model.encode())
    (folder / "passphrase").write_text(PASSPHRASE)
    (folder / "rows.csv").write_text("id,age,grade\n=1+1,22,A\nb,58,\n")
    yield enterprise, folder, result.order.body.digest.hex()
    enterprise.close()


def command(case: Case, name: str, *more: str, order: str | None = None) -> int:
    enterprise, folder, digest = case
    home = ["--home", str(enterprise.sites[0].home.path), "--passphrase-file", str(folder / "passphrase")]
    return main(["node", "local", name, *home, "--order", order or digest[:16], *more])


def test_fit_says_what_the_layer_gains(
    case: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = str(case[1] / "model.json")
    assert command(case, "fit", model, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["order"], told["epsilon"]) == (case[2], 0)
    assert told["own_model"] in ("own_linear", "own_trees")
    auc = told["auc"]
    for language in LANGUAGES:
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language == "zh" else "C.UTF-8")
        assert command(case, "fit", model) == 0
        first, second, third = capsys.readouterr().out.splitlines()
        for figure in auc.values():
            assert f"{figure:.4f}" in first
        assert say(f"local_part_{told['own_model']}", language) in first
        assert f"{100 * (auc['with_local_layer'] - auc['own']):+.2f}" in second
        assert f"{100 * (auc['with_local_layer'] - auc['shared']):+.2f}" in second
        assert third == say("local_kept", language)


def test_scores_go_to_a_file_that_only_its_owner_reads(
    case: Case, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert command(case, "fit", str(case[1] / "model.json")) == 0
    out = tmp_path / "scores.csv"
    out.write_text("what anyone could read")
    out.chmod(0o644)
    capsys.readouterr()
    assert command(case, "score", "--in", str(case[1] / "rows.csv"), "--out", str(out), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 2, "out": str(out)}
    assert out.stat().st_mode & 0o777 == 0o600
    header, young, old = csv.reader(out.read_text().splitlines())
    assert header == ["person", "probability"]
    assert (young[0], old[0]) == ("=1+1", "b")
    assert 0 < float(young[1]) < 0.5 < float(old[1]) < 1


@pytest.mark.parametrize("order", ["", "ab", "0" * 64, "%"])
def test_an_order_that_nobody_knows_is_one_sentence(
    case: Case, order: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(case, "fit", str(case[1] / "model.json"), order=order or " ") == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_a_start_too_short_to_be_meant_is_refused(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(case, "fit", str(case[1] / "model.json"), order=case[2][:7]) == 2
    assert case[2][:7] in capsys.readouterr().err


def test_another_model_is_one_sentence(
    case: Case, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "other.json").write_text("{}")
    assert command(case, "fit", str(tmp_path / "other.json")) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_nothing_is_written_where_there_is_no_layer(case: Case, tmp_path: Path) -> None:
    enterprise, folder, digest = case
    home = ["--home", str(enterprise.sites[1].home.path), "--passphrase-file", str(folder / "passphrase")]
    out = tmp_path / "scores.csv"
    files = ["--in", str(folder / "rows.csv"), "--out", str(out)]
    assert main(["node", "local", "score", *home, "--order", digest, *files]) == 2
    assert not out.exists()


def test_bins_are_of_a_histogram_only(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(case, "bins", str(case[1] / "model.json")) == 2
    assert "gives no bins: it is no histogram" in capsys.readouterr().err
