"""`xinqiao node local`: what a steward types and reads, in both languages."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.enterprise import PASSPHRASE, PURPOSE, Enterprise, found, run_job, tell
from xinqiao_app.cli import main
from xinqiao_clients.published import published, published_bins
from xinqiao_governance.messages import LANGUAGES, Language, say
from xinqiao_governance.model_spec import MICRO, Family, ModelSpec, NumberLabel, feature_from_json
from xinqiao_governance.order import Spend
from xinqiao_governance.wire import Proposal, ReceiptAnswer, Verdict
from xinqiao_models import local
from xinqiao_platform.ordering import write_order

pytest.importorskip("sklearn")

Case = tuple[Enterprise, Path, str]
PAY = ModelSpec(
    "pay-quantiles", (), NumberLabel("pay", 50 * MICRO, 150 * MICRO), family=Family.HISTOGRAM, cells=50
)


@pytest.fixture(scope="module", autouse=True)
def _few_trees() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "_TREES", 8)
        yield


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """An enterprise after a job, a folder with model, passphrase and rows, and the order's digest."""
    folder = Path(tmp_path_factory.mktemp("local"))
    enterprise = found(folder / "enterprise", 3, people=300, cap=Spend(9_000_000, 90_000))
    result = run_job(enterprise, enterprise.order(answers=5))[0]
    (folder / "model.json").write_bytes(result.model.encode())
    (folder / "passphrase").write_text(PASSPHRASE)
    (folder / "passphrase").chmod(0o600)
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
    out.write_text("person,probability\nanybody,0.5\n")
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


def said(capsys: pytest.CaptureFixture[str], code: str, language: Language, **fields: str) -> bool:
    """Whether nothing was printed but this one sentence, as an error."""
    out, err = capsys.readouterr()
    return (out, err) == ("", say(code, language, **fields) + "\n")


@pytest.fixture(scope="module")
def histogram(case: Case) -> Case:
    """The same enterprise after a second job, which bought quantiles."""
    enterprise, folder, _ = case
    order = write_order(
        enterprise.centre,
        model=PAY,
        people={site.id: 1_000 for site in enterprise.sites},
        spend=Spend(1_000_000, 1_000),
        purpose=PURPOSE,
        legal_basis="staff_consent",
    )
    for site in enterprise.sites:
        site.home.approve(order, "steward")
    result = run_job(enterprise, order)[0]
    (folder / "histogram.json").write_bytes(result.model.encode())
    return enterprise, folder, order.body.digest.hex()


@pytest.mark.parametrize("language", LANGUAGES)
def test_bins_are_printed_as_a_catalogue_holds_them(
    histogram: Case, language: Language, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language == "zh" else "C.UTF-8")
    enterprise, folder, digest = histogram
    model = folder / "histogram.json"
    book = enterprise.sites[0].home.book
    wanted = published_bins(published(book, bytes.fromhex(digest), model.read_bytes()))
    events = book.count_events()
    for more in ((), ("--json",)):
        assert command(histogram, "bins", str(model), *more) == 0
        line, empty = capsys.readouterr().out.split("\n")
        assert (feature_from_json(json.loads(line)), empty) == (wanted, "")
    assert book.count_events() == events  # no row was looked at


@pytest.mark.parametrize("language", LANGUAGES)
def test_bins_are_for_who_has_the_home_the_job_and_its_own_model(
    case: Case,
    histogram: Case,
    language: Language,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if language == "zh" else "C.UTF-8")
    enterprise, folder, digest = histogram
    model = folder / "histogram.json"
    unknown, still_open, failed = (enterprise.order(answers=2) for _ in range(3))
    for proposed in (still_open, failed):
        verdict = tell(enterprise.sites[0], Proposal(proposed))
        assert isinstance(verdict, Verdict)
        assert verdict.reason == "allowed"
    closing = enterprise.closing(failed.body.digest, bytes(32), "too_few_members")
    assert isinstance(tell(enterprise.sites[0], closing), ReceiptAnswer)
    for order in (signed.body.digest.hex() for signed in (unknown, still_open, failed)):
        assert command(histogram, "bins", str(model), order=order) == 2
        assert said(capsys, "local_job_unknown", language, order=order[:16])
    changed = folder / "changed.json"
    changed.write_bytes(model.read_bytes().replace(b'"parameters_f64le":"', b'"parameters_f64le":"00'))
    for wrong in (changed, folder / "model.json"):
        assert command(histogram, "bins", str(wrong)) == 1
        assert said(capsys, "local_model_foreign", language, order=digest[:16])
    assert command(case, "bins", str(folder / "model.json")) == 2
    assert said(capsys, "local_no_bins", language, model="synthetic-career")
    (folder / "wrong").write_text("other words")
    assert command(histogram, "bins", str(model), "--passphrase-file", str(folder / "wrong")) == 1
    keys = enterprise.sites[0].home.path / "keys.json"
    assert said(capsys, "passphrase_wrong", language, path=str(keys))
