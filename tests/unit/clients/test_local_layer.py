"""The local layer: fitted in the department, for the model that its receipt names; nothing of it leaves."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from simulators.enterprise import (
    CAP,
    CONTRACT,
    PURPOSE,
    Enterprise,
    Site,
    dataset,
    found,
    run_job,
    table,
    tell,
)
from xinqiao_clients import local_layer
from xinqiao_clients.local_layer import LocalLayer, Scores, fit, kept, score
from xinqiao_governance import wire
from xinqiao_governance.errors import (
    DataInvalid,
    Denied,
    ProofError,
    ProtocolViolated,
    StoreDamaged,
    UsageInvalid,
    VersionOther,
    WireInvalid,
)
from xinqiao_governance.model_spec import MICRO, NumberLabel
from xinqiao_governance.wire import AnswerFrame, Hello
from xinqiao_ledger.event import Kind
from xinqiao_models import local
from xinqiao_platform.jobs import JobResult

pytest.importorskip("sklearn")
pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module", autouse=True)
def _few_trees() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "_TREES", 8)
        yield


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Enterprise, JobResult]]:
    enterprise = found(Path(tmp_path_factory.mktemp("enterprise")), 3, people=400)
    yield enterprise, run_job(enterprise, enterprise.order(answers=5))[0]
    enterprise.close()


@pytest.fixture(scope="module")
def site(ended: tuple[Enterprise, JobResult]) -> Site:
    return ended[0].sites[0]


@pytest.fixture(scope="module")
def order(ended: tuple[Enterprise, JobResult]) -> bytes:
    return ended[1].order.body.digest


@pytest.fixture(scope="module")
def model(ended: tuple[Enterprise, JobResult]) -> bytes:
    return ended[1].model.encode()


@pytest.fixture(scope="module")
def layer(site: Site, order: bytes, model: bytes) -> LocalLayer:
    return fit(site.home, order, model, "steward")


def rows_file(path: Path, people: int = 12) -> Path:
    data = table(77, people)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "age", "grade"])
        writer.writerows(zip(data["id"], data["age"], [grade or "" for grade in data["grade"]], strict=True))
    return path


# ---- which model ------------------------------------------------------------------------------------


def test_the_registry_and_the_department_read_one_file_alike(
    ended: tuple[Enterprise, JobResult], site: Site, order: bytes, model: bytes
) -> None:
    mine = local_layer.published(site.home.book, order, model)
    assert mine.digest == ended[1].model.digest
    assert mine.spec == ended[1].model.spec
    np.testing.assert_array_equal(mine.parameters, ended[1].model.parameters)


def test_a_model_that_the_job_did_not_publish_is_refused(site: Site, order: bytes, model: bytes) -> None:
    before = len(site.home.book.events())
    changed = model.replace(b'"parameters_f64le":"', b'"parameters_f64le":"00', 1)
    for wrong in (changed, b"", b"{}", model + b"\n"):
        with pytest.raises(ProofError, match="local_model_foreign"):
            fit(site.home, order, wrong, "steward")
    assert len(site.home.book.events()) == before  # nothing was looked at


def test_only_a_job_that_ended_with_a_model_has_a_layer(
    ended: tuple[Enterprise, JobResult], site: Site, model: bytes
) -> None:
    enterprise = ended[0]
    refused = enterprise.order(purpose="performance_appraisal")
    tell(site, wire.Proposal(refused))
    for digest in (bytes(32), refused.body.digest):
        with pytest.raises(UsageInvalid, match="local_job_unknown"):
            fit(site.home, digest, model, "steward")


def test_a_label_that_is_not_yes_or_no_is_refused(
    site: Site, order: bytes, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = local_layer.published(site.home.book, order, model)
    number = replace(shared, spec=replace(shared.spec, label=NumberLabel("pay", 0, MICRO)))
    monkeypatch.setattr(local_layer, "published", lambda *_: number)
    with pytest.raises(UsageInvalid, match="local_label_unsupported"):
        fit(site.home, order, model, "steward")


# ---- the journal and the policy ---------------------------------------------------------------------


def test_the_journal_has_the_intent_first_and_tells_no_result(site: Site, order: bytes, model: bytes) -> None:
    spent, before = site.home.book.accounts(), len(site.home.book.events())
    fit(site.home, order, model, "steward")
    events = site.home.book.events()[before:]
    assert [event.kind for event in events] == [Kind.DECISION, Kind.INTENT, Kind.OUTCOME]
    assert {event.action for event in events} == {"local_layer"}
    assert {event.purpose for event in events} == {PURPOSE}
    assert {event.role for event in events} == {"steward"}
    assert {event.spend for event in events} == {None}
    assert {event.output_digest for event in events} == {
        local_layer.published(site.home.book, order, model).digest.hex()
    }
    assert {event.job for event in events}.isdisjoint({order.hex()})  # that course is closed
    assert site.home.book.accounts() == spent


def test_intent_is_durable_before_a_row_is_read(
    site: Site, order: bytes, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def spy(*_arguments: object) -> None:
        seen.append(site.home.book.events()[-1].kind)
        raise StoreDamaged("disk_full")

    monkeypatch.setattr(site.home.store, "read", spy)
    with pytest.raises(StoreDamaged):
        fit(site.home, order, model, "steward")
    assert seen == [Kind.OUTCOME]
    intent, outcome = site.home.book.events()[-2:]
    assert (intent.kind, outcome.kind, outcome.reason) == (Kind.INTENT, Kind.OUTCOME, "ended")
    assert intent.time == outcome.time  # when a fit ends would tell how it went


def test_the_policy_is_asked_as_the_steward_for_a_local_result(
    ended: tuple[Enterprise, JobResult],
    site: Site,
    order: bytes,
    model: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, really = [], site.home.policy.decide
    monkeypatch.setattr(site.home.policy, "decide", lambda request: asked.append(request) or really(request))
    fit(site.home, order, model, "steward")
    assert {(request.role, request.output.value, request.purpose) for request in asked} == {
        ("steward", "local_result", PURPOSE)
    }
    assert {request.tier.value for request in asked} == {"core", "sensitive"}


def test_without_the_stewards_approval_nothing_is_read(
    site: Site, order: bytes, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.home, "approved", lambda _digest: False)
    monkeypatch.setattr(site.home.store, "read", lambda *_: pytest.fail("a row was read"))
    with pytest.raises(Denied, match="approval_missing"):
        fit(site.home, order, model, "steward")
    last = site.home.book.events()[-1]
    assert (last.kind, last.decision, last.reason) == (Kind.DECISION, "refuse", "approval_missing")


def test_a_contract_that_does_not_hold_stops_it(
    site: Site, order: bytes, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.home, "contract_holds", lambda: False)
    with pytest.raises(Denied, match="contract_failed_gate"):
        fit(site.home, order, model, "steward")


# ---- it stays ---------------------------------------------------------------------------------------


def test_it_is_kept_sealed_and_opens_for_its_order_only(site: Site, order: bytes, layer: LocalLayer) -> None:
    path = site.home.path / "local" / order.hex()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    sealed = path.read_bytes()
    assert layer.encode() not in sealed
    assert layer.model[:40] not in sealed
    assert kept(site.home, order).encode() == layer.encode()
    other = path.with_name(bytes(32).hex())
    other.write_bytes(sealed)
    with pytest.raises(StoreDamaged):
        kept(site.home, bytes(32))
    other.unlink()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(StoreDamaged):
        kept(site.home, order)
    path.write_bytes(sealed)


def test_the_door_lets_no_byte_of_it_out(site: Site, layer: LocalLayer) -> None:
    for thing in (layer, layer.encode(), Scores(np.array([], dtype=object), np.array([]))):
        with pytest.raises(ProtocolViolated, match="door_refused"):
            site.node.door.release(thing, b"", site.home.identity)  # type: ignore[arg-type]
        with pytest.raises((ProtocolViolated, AttributeError)):
            site.node.door.release(AnswerFrame(thing), b"", site.home.identity)  # type: ignore[arg-type]


def test_what_leaves_after_a_fit_holds_nothing_of_it(site: Site, order: bytes, layer: LocalLayer) -> None:
    tell(site, Hello(bytes(16)))  # delivers what the journal had before
    fit(site.home, order, layer.model, "steward")
    sent = site.node.answer(wire.AskFrame(Hello(bytes(16))).encode(), None)
    mixed = np.append(layer.mixture.weights, layer.mixture.constant)
    secrets = [layer.encode(), np.float64(mixed[1]).tobytes(), mixed.astype("<f8").tobytes().hex().encode()]
    secrets += [f"{round(auc * 1_000_000)}".encode() for auc in (layer.found.layer, layer.found.own)]
    assert b'"local_layer"' in sent  # the journal's entries are there
    assert not [secret for secret in secrets if secret in sent]


def test_no_wire_type_has_a_place_for_it() -> None:
    """Every type below the frames, field by field: none is ours, none comes from the local modules."""
    ours = {LocalLayer, Scores, local.Rows, local.Found, local.Mixture}
    waiting: list[object] = [value for value in vars(wire).values() if isinstance(value, type)]
    seen: set[object] = set()
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        waiting += get_args(kind)
        if isinstance(kind, type) and is_dataclass(kind):
            waiting += [field.type for field in fields(kind)]
    assert seen.isdisjoint(ours)
    assert {kind for kind in seen if isinstance(kind, str) and ("Layer" in kind or "local" in kind)} == set()
    assert AnswerFrame in seen


def test_the_running_agent_loads_none_of_it() -> None:
    code = (
        "import sys, xinqiao_clients.node, xinqiao_clients.flower; "
        "print([name for name in sys.modules if 'local' in name and 'xinqiao' in name or name == 'sklearn'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- scoring ----------------------------------------------------------------------------------------


def test_scores_are_those_of_the_fitted_layer_every_time(
    site: Site, order: bytes, layer: LocalLayer, tmp_path: Path
) -> None:
    path = rows_file(tmp_path / "rows.csv")
    first, again = (score(site.home, order, path, "steward") for _ in range(2))
    np.testing.assert_array_equal(first.chances, again.chances)
    assert first.people.tolist() == table(77, 12)["id"].tolist()
    assert ((first.chances > 0) & (first.chances < 1)).all()
    events = [event for event in site.home.book.events() if event.action == "local_score"]
    assert [event.kind for event in events[-3:]] == [Kind.DECISION, Kind.INTENT, Kind.OUTCOME]


def test_older_people_earn_more_here_too(site: Site, order: bytes, layer: LocalLayer, tmp_path: Path) -> None:
    """The table's pay grows with age; a layer that confused rows or labels would not know."""
    path = tmp_path / "rows.csv"
    path.write_text("id,age,grade\na,22,A\nb,58,A\n")
    young, old = score(site.home, order, path, "steward").chances
    assert young < 0.2 < 0.8 < old
    assert layer.found.layer > 0.8


def test_fitting_twice_gives_the_same_bytes(site: Site, order: bytes, layer: LocalLayer) -> None:
    assert fit(site.home, order, layer.model, "steward").encode() == layer.encode()


def test_other_libraries_or_other_data_ask_for_a_new_fit(
    ended: tuple[Enterprise, JobResult],
    order: bytes,
    model: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = ended[0].sites[1].home
    fit(home, order, model, "steward")
    path = rows_file(tmp_path / "rows.csv")
    with monkeypatch.context() as patch:
        patch.setattr(local, "libraries", lambda: "others")
        with pytest.raises(DataInvalid, match="local_layer_outdated"):
            score(home, order, path, "steward")
    old = home.dataset
    version = home.store.write(old, table(0, 400))
    home.adopt(dataset(old.owner), CONTRACT, version, CAP, "steward")
    with pytest.raises(DataInvalid, match="local_layer_outdated"):
        score(home, order, path, "steward")
    fit(home, order, model, "steward")
    assert len(score(home, order, path, "steward").chances) == 12


def test_a_layer_that_was_never_fitted_is_missing(
    ended: tuple[Enterprise, JobResult], order: bytes, tmp_path: Path
) -> None:
    with pytest.raises(UsageInvalid, match="local_layer_missing"):
        score(ended[0].sites[2].home, order, rows_file(tmp_path / "rows.csv"), "steward")


def test_a_label_column_or_a_word_for_a_number_is_no_such_table(
    site: Site, order: bytes, layer: LocalLayer, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    for text in ("id,age,grade,pay\na,1,A,2\n", "id,age\na,1\n", "id,age,grade\na,old,A\n"):
        path.write_text(text)
        with pytest.raises(DataInvalid, match="csv_"):
            score(site.home, order, path, "steward")


def test_a_layer_of_another_version_names_its_file(site: Site, order: bytes, layer: LocalLayer) -> None:
    path, label = site.home.path / "local" / order.hex(), f"local-layer:{order.hex()}"
    sealed = path.read_bytes()
    path.write_bytes(site.home.keys.wrap(label, layer.encode().replace(b'"v":1,', b'"v":2,')))
    try:
        with pytest.raises(VersionOther) as caught:
            kept(site.home, order)
    finally:
        path.write_bytes(sealed)
    assert caught.value.fields == {"path": str(path)}


@pytest.mark.parametrize(
    "change",
    [
        (b'"libraries":"', b'"libraries":["'),
        (b'"mixture_f64le":"', b'"mixture_f64le":"0'),
    ],
)
def test_what_is_no_layer_is_not_read_as_one(layer: LocalLayer, change: tuple[bytes, bytes]) -> None:
    with pytest.raises(WireInvalid):
        LocalLayer.decode(layer.encode().replace(*change))
