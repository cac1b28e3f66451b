"""Confirming in a home: recorded, in one transaction, and obeyed by the gate at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.enterprise import CAP, CONTRACT, MODEL, NOW, PASSPHRASE, dataset, found, table
from unit.clients.test_adopting import SETTINGS, opened
from xinqiao_clients.confirming import confirm_column, confirm_proposed
from xinqiao_clients.gate import needed_columns
from xinqiao_clients.home import Home
from xinqiao_clients.journal import journal
from xinqiao_clients.people import load_people
from xinqiao_clients.preview import preview
from xinqiao_clients.status import status
from xinqiao_governance.catalogue import Dataset, Tier
from xinqiao_governance.classify import Proposal
from xinqiao_governance.errors import DataInvalid, Denied, UsageInvalid, WireInvalid
from xinqiao_governance.messages import LANGUAGES
from xinqiao_governance.model_spec import MICRO, CategoryFeature, Feature, NumericFeature
from xinqiao_governance.semantics import PUBLIC_BINS
from xinqiao_ledger.event import Event, Kind


def draft() -> Dataset:
    """The synthetic catalogue with nothing confirmed."""
    columns = tuple(replace(column, confirmed_by=None) for column in dataset().columns)
    return replace(dataset(), columns=columns)


def proposals(**changed: tuple[str, Tier, str]) -> tuple[Proposal, ...]:
    said = {
        "id": ("person", Tier.CORE, "auto"),
        "age": ("age", Tier.SENSITIVE, "auto"),
        "grade": ("grade", Tier.SENSITIVE, "auto"),
        "pay": ("pay", Tier.CORE, "review"),
    } | changed
    return tuple(
        Proposal(name, semantic, tier, state, 900, "classify_unknown")  # type: ignore[arg-type]
        for name, (semantic, tier, state) in said.items()
    )


def load(home: Home, given: tuple[Proposal, ...] = (), people: int = 60) -> None:
    version = home.store.write(draft(), table(1, people))
    home.adopt(draft(), CONTRACT, version, CAP, "li", proposals=given or proposals(), stated=False)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.create(Path(tmp_path_factory.mktemp("template")) / "home", SETTINGS, PASSPHRASE, lambda: NOW)
    load(home)
    home.close()
    return home


@pytest.fixture
def home(template: Home, tmp_path: Path) -> Iterator[Home]:
    with opened(template, tmp_path / "home") as home:
        yield home


def graded(home: Home) -> list[Event]:
    return [event for event in home.book.events() if event.kind is Kind.CONFIRM]


def test_what_was_imported_without_a_catalogue_waits_and_is_core(home: Home) -> None:
    assert home.book.grading() == (4, 0)
    assert home.dataset.tier is Tier.CORE
    assert home.dataset.published() == {"v": 1, "columns": []}
    assert home.contract_holds()
    assert status(home.path).unconfirmed == 4


def test_what_the_classifier_is_sure_of_is_confirmed_at_once(home: Home) -> None:
    done = confirm_proposed(home, "staff", "li")
    assert [grade.column for grade in done] == ["id", "age", "grade"]
    assert home.book.grading() == (1, 0)
    assert [(event.action, event.columns, event.tier) for event in graded(home)] == [
        ("confirm_column", ("person",), "core"),
        ("confirm_column", ("age",), "sensitive"),
        ("confirm_column", ("grade",), "sensitive"),
    ]
    assert home.contract_holds()  # the version is bound to the catalogue of its import
    assert confirm_proposed(home, "staff", "li") == ()


def test_of_two_that_mean_the_same_the_first_is_confirmed(home: Home) -> None:
    load(home, proposals(grade=("age", Tier.SENSITIVE, "auto")))
    assert [grade.column for grade in confirm_proposed(home, "staff", "li")] == ["id", "age"]
    with pytest.raises(DataInvalid, match="catalogue_column_twice"):
        confirm_column(home, "staff", "grade", "li")
    assert confirm_column(home, "staff", "grade", "li", semantic="job_level").confirmed_by == ("li",)


def test_lowering_takes_two_and_each_is_recorded(home: Home) -> None:
    waits = confirm_column(home, "staff", "pay", "li", tier=Tier.PUBLIC)
    assert waits.request is not None
    assert home.book.grading() == (4, 1)
    with pytest.raises(Denied, match="lowering_same_person"):
        confirm_column(home, "staff", "pay", " Li", tier=Tier.PUBLIC)
    assert len(graded(home)) == 1
    assert home.dataset.column("pay").effective_tier is Tier.CORE
    confirm_column(home, "staff", "pay", "wang", tier=Tier.PUBLIC)
    assert home.dataset.column("pay").effective_tier is Tier.PUBLIC
    assert home.dataset.column("pay").confirmed_by == "li, wang"
    assert [event.action for event in graded(home)] == ["request_lowering", "lower_column"]
    named = [entry.name for entry in journal(home) if entry.event.kind is Kind.CONFIRM]
    assert named == ["li", "wang"]


def test_two_processes_that_lower_at_once_are_one_after_the_other(home: Home, template: Home) -> None:
    """Two people: one asks, the other agrees. One person twice: one asks, and is refused."""

    def lower(name: str) -> str:
        with opened(template, home.path) as own:
            try:
                confirm_column(own, "staff", "pay", name, tier=Tier.PUBLIC)
            except Denied as refused:
                return refused.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lower, ["li", "LI"])) == ["done", "lowering_same_person"]
        assert home.dataset.column("pay").effective_tier is Tier.CORE
        confirm_column(home, "staff", "pay", "zhao", tier=Tier.CORE)
        assert list(pool.map(lower, ["li", "wang"])) == ["done", "done"]
    assert home.dataset.column("pay").effective_tier is Tier.PUBLIC


def test_a_confirmation_and_an_import_at_once_lose_nothing(home: Home, template: Home) -> None:
    def imported() -> None:
        with opened(template, home.path) as own:
            for people in (70, 80, 90):
                with own.importing():
                    load(own, people=people)

    def confirmed() -> None:
        with opened(template, home.path) as own:
            for column in ("id", "age", "grade", "pay"):
                confirm_column(own, "staff", column, "li")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(imported), pool.submit(confirmed)]:
            done.result()
    assert home.version.rows == 90
    assert all(column.is_confirmed for column in home.dataset.columns)
    assert home.contract_holds()


def test_nothing_of_a_refused_word_stays(home: Home) -> None:
    before = home.adopted
    for refused in (
        lambda: confirm_column(home, "other", "pay", "li"),
        lambda: confirm_column(home, "staff", "none", "li"),
        lambda: confirm_column(home, "staff", "pay", "li", semantic="unknown", tier=Tier.CORE),
        lambda: confirm_column(home, "staff", "pay", "li", semantic="made_up"),
        lambda: confirm_column(home, "staff", "pay", "li", semantic="a\nb", tier=Tier.CORE),
        lambda: confirm_column(home, "staff", "pay", "", tier=Tier.CORE),
    ):
        with pytest.raises((UsageInvalid, DataInvalid)):
            refused()
    assert home.adopted == before
    assert graded(home) == []


def test_data_that_became_stricter_is_refused_until_somebody_confirms_again(home: Home) -> None:
    for column in ("id", "age", "grade", "pay"):
        confirm_column(home, "staff", column, "li")
    assert needed_columns(MODEL, home.dataset)
    load_people(home, MODEL)
    load(home, proposals(grade=("text_personal", Tier.CORE, "auto")), people=61)
    assert home.book.grading() == (1, 0)
    with pytest.raises((Denied, DataInvalid)):
        load_people(home, MODEL)
    (regraded,) = [event for event in graded(home) if event.action == "regrade_column"]
    assert (regraded.role, regraded.tier) == ("service", "core")
    assert regraded.columns == ("grade",)
    confirm_column(home, "staff", "grade", "wang", semantic="grade", tier=Tier.CORE)
    load_people(home, MODEL)


# ---- public bins


def bins_of(home: Home, column: str) -> Feature | None:
    return home.dataset.column(column).bins


def unbinned(home: Home, given: tuple[Proposal, ...] = (), people: int = 60) -> None:
    """Import as from an unknown file: the catalogue is drafted and says nothing of bins."""
    bare = replace(draft(), columns=tuple(replace(column, bins=None) for column in draft().columns))
    version = home.store.write(bare, table(1, people))
    home.adopt(bare, CONTRACT, version, CAP, "li", proposals=given or proposals(), stated=False)


@pytest.fixture
def unknown(template: Home, tmp_path: Path) -> Iterator[Home]:
    home = Home.create(tmp_path / "unknown", SETTINGS, PASSPHRASE, lambda: NOW)
    unbinned(home)
    yield home
    home.close()


def test_the_shared_bins_come_with_the_meaning_and_only_once_it_is_confirmed(unknown: Home) -> None:
    assert bins_of(unknown, "age") is None
    confirm_proposed(unknown, "staff", "li")
    assert bins_of(unknown, "age") == PUBLIC_BINS["age"]
    assert bins_of(unknown, "grade") is None  # its meaning is not in the shared vocabulary
    confirm_column(unknown, "staff", "grade", "li", semantic="education")
    assert bins_of(unknown, "grade") == PUBLIC_BINS["education"]
    confirm_column(unknown, "staff", "grade", "li", semantic="job_level")
    assert bins_of(unknown, "grade") is None
    confirm_column(unknown, "staff", "age", "li", semantic="years_of_service")
    assert bins_of(unknown, "age") == PUBLIC_BINS["years_of_service"]


def test_shared_bins_of_another_kind_than_the_column_are_not_taken(unknown: Home) -> None:
    codes = confirm_column(unknown, "staff", "age", "li", semantic="gender")  # as numbers
    assert codes.said.bins is None
    with pytest.raises(DataInvalid, match="catalogue_bins_differ"):
        confirm_column(unknown, "staff", "age", "li", bins="shared")


def test_bins_are_what_a_person_states_and_each_change_is_an_event(unknown: Home) -> None:
    confirm_column(unknown, "staff", "age", "li", bins=("20", "40.5"))
    assert bins_of(unknown, "age") == NumericFeature("age", (20 * MICRO, 40_500_000))
    confirm_column(unknown, "staff", "age", "wang", bins="none")
    assert bins_of(unknown, "age") is None
    confirm_column(unknown, "staff", "age", "wang")  # nothing said: as it stands
    assert bins_of(unknown, "age") is None
    confirm_column(unknown, "staff", "age", "wang", bins="shared")
    confirm_column(unknown, "staff", "grade", "wang", bins=("B", "A"))
    assert bins_of(unknown, "grade") == CategoryFeature("grade", ("B", "A"))
    changes = [event.columns for event in graded(unknown) if event.action == "change_bins"]
    assert changes == [("age",)] * 3 + [("grade",)]
    assert [entry.name for entry in journal(unknown)][-1] == "wang"


def test_a_lowering_that_waits_changes_no_bins_and_the_second_says_the_same_ones(unknown: Home) -> None:
    for name in ("age", "pay"):
        confirm_column(unknown, "staff", name, "li")
    before = bins_of(unknown, "age")
    confirm_column(unknown, "staff", "age", "li", tier=Tier.PUBLIC, bins=("30",))
    assert bins_of(unknown, "age") == before
    other = confirm_column(unknown, "staff", "age", "wang", tier=Tier.PUBLIC, bins=("31",))
    assert other.request is not None
    assert other.request.by == "wang"
    confirm_column(unknown, "staff", "age", "li", tier=Tier.PUBLIC, bins=("31",))
    assert bins_of(unknown, "age") == NumericFeature("age", (31 * MICRO,))
    assert unknown.dataset.column("age").effective_tier is Tier.PUBLIC


def test_bins_survive_an_import_and_fall_with_the_meaning(unknown: Home) -> None:
    confirm_column(unknown, "staff", "age", "li", bins=("20", "40"))
    stated = bins_of(unknown, "age")
    unbinned(unknown, people=61)
    assert bins_of(unknown, "age") == stated
    unbinned(unknown, proposals(age=("health", Tier.CORE, "auto")), people=62)
    assert not unknown.dataset.column("age").is_confirmed
    assert not unknown.dataset.published()["columns"]
    confirm_column(unknown, "staff", "age", "li", semantic="health")
    assert bins_of(unknown, "age") is None


@pytest.mark.parametrize(
    "typed", [("x",), ("1", "1"), ("2", "1"), ("1e999",), ("nan",), ("inf",), ("0.0000001",), ("",)]
)
def test_what_is_typed_must_make_bins(unknown: Home, typed: tuple[str, ...]) -> None:
    before = unknown.adopted
    with pytest.raises(WireInvalid, match=r"bins_no_number|feature_invalid"):
        confirm_column(unknown, "staff", "age", "li", bins=typed)
    assert unknown.adopted == before


def test_bins_of_another_meaning_or_kind_are_refused(unknown: Home) -> None:
    for column, bins in (("age", MODEL.features[1]), ("grade", MODEL.features[0]), ("id", ("1",))):
        with pytest.raises(DataInvalid, match="catalogue_bins_differ"):
            confirm_column(unknown, "staff", column, "li", bins=bins)
    with pytest.raises(UsageInvalid, match="bins_not_shared"):
        confirm_column(unknown, "staff", "pay", "li", bins="shared")


def test_the_gate_takes_the_bins_as_they_were_stated(unknown: Home) -> None:
    for column in ("id", "age", "grade", "pay"):
        confirm_column(unknown, "staff", column, "li")
    with pytest.raises(Denied, match="bins_differ"):  # the shared ones
        needed_columns(MODEL, unknown.dataset)
    confirm_column(unknown, "staff", "age", "li", bins=MODEL.features[0])
    with pytest.raises(Denied, match="bins_unpublished"):
        needed_columns(MODEL, unknown.dataset)
    confirm_column(unknown, "staff", "grade", "li", bins=("A", "B"))
    assert needed_columns(MODEL, unknown.dataset)


def test_a_new_column_alone_waits(home: Home) -> None:
    for column in ("id", "age", "grade", "pay"):
        confirm_column(home, "staff", column, "li")
    wider = replace(draft(), columns=(*draft().columns, replace(draft().columns[1], name="more", bins=None)))
    data = table(1, 61)
    version = home.store.write(wider, {**data, "more": data["age"]})
    home.adopt(wider, CONTRACT, version, CAP, "li", proposals=proposals(), stated=False)
    assert [column.name for column in home.dataset.columns if not column.is_confirmed] == ["more"]


def test_a_column_that_is_left_out_and_comes_back_is_no_new_one(home: Home) -> None:
    """Else one person could import without it, then with it and a laxer tier."""
    confirm_column(home, "staff", "pay", "li")
    without = replace(dataset(), columns=dataset().columns[:3])
    data = {name: cells for name, cells in table(1).items() if name != "pay"}
    home.adopt(without, CONTRACT, home.store.write(without, data), CAP, "li")
    assert [grade.column for grade in home.adopted.past] == ["pay"]
    lax = replace(
        dataset(), columns=(*dataset().columns[:3], replace(dataset().columns[3], tier=Tier.PUBLIC))
    )
    home.adopt(lax, CONTRACT, home.store.write(lax, table(1)), CAP, "li")
    assert home.dataset.column("pay").effective_tier is Tier.CORE
    assert home.adopted.grade("pay").request is not None
    assert home.adopted.past == ()


def test_the_gate_of_a_node_obeys_at_once(tmp_path: Path) -> None:
    enterprise = found(tmp_path, 3)
    try:
        home = enterprise.sites[0].home
        version = home.store.write(home.dataset, table(5))
        found_now = proposals(grade=("id_card", Tier.CORE, "auto"))
        home.adopt(home.dataset, CONTRACT, version, CAP, "li", proposals=found_now, stated=False)
        assert preview(home, enterprise.order(answers=4)).reason == "column_unconfirmed"
    finally:
        enterprise.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_journal_says_it_in_words(home: Home, language: str) -> None:
    confirm_column(home, "staff", "pay", "li", tier=Tier.PUBLIC)
    confirm_column(home, "staff", "pay", "wang", tier=Tier.PUBLIC)
    lines = "\n".join(entry.line(language) for entry in journal(home))  # type: ignore[arg-type]
    assert ("另一人" in lines) == (language == "zh")
    assert "pay" in lines
