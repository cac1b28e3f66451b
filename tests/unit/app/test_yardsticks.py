"""Yardsticks: the converged fit, honest choices, the snapshots' file, the whole table on public data."""

import json
import subprocess
import sys

import numpy as np
import pytest

from xinqiao_app import yardsticks
from xinqiao_app.public_data import DEPARTMENTS, career_spec, load_people, split
from xinqiao_app.yardsticks import Part, Snapshots, cross_validated, main, newton, read_snapshots, score
from xinqiao_governance.errors import DataInvalid
from xinqiao_models import metrics


def _one_hot(seed: int, rows: int = 400):
    """Two one-hot blocks and a column of ones: collinear, and one bin is empty."""
    draw = np.random.default_rng(seed)
    first, second = draw.integers(0, 4, rows), draw.integers(0, 3, rows)
    design = np.column_stack([np.ones(rows), np.eye(5)[first], np.eye(3)[second]])
    labels = (draw.random(rows) < 1 / (1 + np.exp(1.0 - first + 0.5 * second))).astype(np.float64)
    return design, labels


def _part(seed: int, rows: int = 90) -> Part:
    design, labels = _one_hot(seed, rows)
    departments = np.array(["a", "b", "c"] * (rows // 3), dtype=object)
    order = np.random.default_rng(seed).permutation(rows)
    return Part(design, design[:, 1:3], labels, departments, order)


@pytest.mark.parametrize("seed", range(4))
def test_fit_has_no_gradient_left_and_agrees_with_scikit_learn(seed):
    models = pytest.importorskip("sklearn.linear_model")
    design, labels = _one_hot(seed)
    parameters = newton(design, labels)
    probabilities = 1 / (1 + np.exp(-design @ parameters))
    gradient = [np.dot(probabilities - labels, column) for column in design.T]
    assert np.linalg.norm(gradient) / len(labels) < 1e-6
    reference = models.LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000).fit(design[:, 1:], labels)
    np.testing.assert_allclose(probabilities, reference.predict_proba(design[:, 1:])[:, 1], atol=1e-4)


def test_a_department_whose_bin_tells_all_still_converges():
    design = np.eye(2)[[0, 0, 1, 1]]
    parameters = newton(design, np.array([0.0, 0.0, 1.0, 1.0]))
    assert parameters[0] < -5 < 5 < parameters[1]


def test_fit_that_does_not_converge_says_so(monkeypatch):
    monkeypatch.setattr(yardsticks, "_NEWTON_STEPS", 2)
    with pytest.raises(DataInvalid) as caught:
        newton(*_one_hot(0))
    assert caught.value.code == "yardstick_not_converged"


def test_a_step_too_long_is_halved_until_the_loss_falls():
    design, labels = _one_hot(1)
    start, step = np.zeros(9), 64 * np.linalg.lstsq(design, 0.5 - labels, rcond=None)[0]
    after = yardsticks._descend(design, labels, start, step)
    loss = yardsticks._loss
    assert loss(design, labels, start - step) > loss(design, labels, start) > loss(design, labels, after)


def test_every_fold_is_scored_by_a_fit_that_never_saw_it():
    part = _part(3)
    seen, scored = [], []

    def fit(people: Part):
        seen.append({row.tobytes() for row in people.design})

        def scorer(others: Part):
            scored.append({row.tobytes() for row in others.design})
            return others.design[:, 1]

        return scorer

    marked = Part(
        np.column_stack([part.design, np.arange(90.0)]), part.raw, part.labels, part.department, part.order
    )
    cross_validated(marked, fit)
    assert all(not trained & tested for trained, tested in zip(seen, scored, strict=True))
    assert set.union(*scored) == {row.tobytes() for row in marked.design}


def test_home_is_one_department_in_public_order():
    part = _part(2)
    rows = [row for row in part.order if part.department[row] == "b"]
    np.testing.assert_array_equal(part.home("b").labels, part.labels[rows])


def _snapshots_file(path, **arrays):
    with path.open("wb") as file:
        np.savez(file, **arrays)
    return path


def test_snapshots_come_back_as_written(tmp_path):
    parameters = np.random.default_rng(0).normal(size=(3, 5))
    again = read_snapshots(_snapshots_file(tmp_path / "s.npz", steps=[0, 1, 9], parameters=parameters))
    assert again.steps.tolist() == [0, 1, 9]
    np.testing.assert_array_equal(again.parameters, parameters)


@pytest.mark.parametrize(
    "arrays",
    [
        {"steps": [0]},
        {"steps": [[0]], "parameters": [[1.0]]},
        {"steps": [0], "parameters": [1.0]},
        {"steps": [0], "parameters": [[float("nan")]]},
        {"steps": ["x"], "parameters": [[1.0]]},
        {"steps": [0], "parameters": np.array([{"evil": 1}], dtype=object)},
    ],
)
def test_snapshots_of_another_form_are_refused(tmp_path, arrays):
    with pytest.raises(DataInvalid) as caught:
        read_snapshots(_snapshots_file(tmp_path / "s.npz", **arrays))
    assert caught.value.code == "snapshots_invalid"


def test_files_that_are_no_archive_are_refused(tmp_path):
    (tmp_path / "text.npz").write_bytes(b"not an archive")
    (tmp_path / "empty.npz").write_bytes(b"")
    whole = _snapshots_file(tmp_path / "s.npz", steps=[0], parameters=np.ones((1, 4))).read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[:-30])
    (tmp_path / "bent.npz").write_bytes(whole.replace(b"NUMPY", b"NUMPX"))
    np.save(tmp_path / "bare.npy", np.ones(3))
    for name in ("text.npz", "empty.npz", "cut.npz", "bent.npz", "bare.npy", "missing.npz"):
        with pytest.raises(DataInvalid) as caught:
            read_snapshots(tmp_path / name)
        assert caught.value.code == "snapshots_invalid"


@pytest.mark.parametrize("shape", [(1, 3), (2, career_spec().parameters), (0, career_spec().parameters)])
def test_snapshots_of_another_model_are_refused(shape):
    people = load_people().of("sales")
    steps = np.arange(min(shape[0], 1))
    with pytest.raises(DataInvalid) as caught:
        score(Snapshots(steps, np.zeros(shape)), people, people, career_spec())
    assert caught.value.code == "snapshots_invalid"


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["a", "b"], 2), (["missing.npz"], 1)])
def test_command_explains_itself_in_one_line(arguments, code, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_process_loads_no_department_or_centre_code_and_sklearn_late():
    program = (
        "import sys, xinqiao_app.yardsticks; print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    for name in ("xinqiao_clients", "xinqiao_platform", "xinqiao_ledger", "sklearn", "torch", "flwr"):
        assert f"'{name}'" not in done.stdout


@pytest.mark.heavy
def test_whole_table_on_the_public_data(tmp_path, capsys):
    """The figures the issue names, and each taken a second way where that is cheap."""
    spec = career_spec()
    training, held_out = split(load_people())
    train, test = Part.of(training, spec), Part.of(held_out, spec)
    converged = newton(train.design, train.labels)
    federated = converged + np.sin(np.arange(spec.dimension)) / 20
    path = _snapshots_file(
        tmp_path / "s.npz", steps=[0, 100, 200], parameters=[0 * converged, federated / 2, federated]
    )
    assert main([str(path)]) == 0
    result = json.loads(capsys.readouterr().out)
    auc = result["auc"]
    assert auc["federated"] == metrics.auc(test.labels, test.design @ federated)
    assert auc["pooled_non_private"] == metrics.auc(test.labels, test.design @ converged)
    assert auc["pooled_non_private"] > 0.850
    assert auc["pooled_boosting"] > auc["pooled_non_private"] + 0.005
    assert 0.82 < auc["best_single_department"] < auc["pooled_non_private"]
    assert [step for step, _ in result["auc_by_step"]] == [0, 100, 200]
    assert result["auc_by_step"][0][1] == 0.5
    assert result["auc_by_step"][-1][1] == auc["federated"]
    assert set(auc["by_department"]) == {entry.id for entry in DEPARTMENTS}
    for entry in DEPARTMENTS:
        home = test.home(entry.id)
        row = auc["by_department"][entry.id]
        assert row["people"] == len(held_out.of(entry.id))
        assert row["federated"] == metrics.auc(home.labels, home.design @ federated)
        assert 0.6 < row["alone"] < 0.95
    gains = [row["with_local_layer"] - row["alone"] for row in auc["by_department"].values()]
    assert np.mean(gains) > 0.001  # joining pays
    assert min(gains) > -0.003
    for model in ("federated", "pooled_non_private"):
        assert len(result["roc"][model]) <= 200
        assert sum(people for _, _, people in result["calibration"][model]) == len(held_out)
