"""The catalogue: strictest tier wins, unconfirmed is core, the published form tells nothing of its own."""

import itertools
import json
from dataclasses import replace

import pytest

from xinqiao_governance.canonical import dumps, loads
from xinqiao_governance.catalogue import Column, Dataset, Tier, require_dataset_id, strictest
from xinqiao_governance.errors import DataInvalid, WireInvalid
from xinqiao_governance.model_spec import CategoryFeature, NumericFeature

PERSON = Column("工号SENTINEL", "person_id", "identifier", Tier.CORE, confirmed_by="steward")
AGE = Column(
    "col_age_SENTINEL",
    "age",
    "number",
    Tier.SENSITIVE,
    unit="year",
    bins=NumericFeature("age", (25_000_000, 45_000_000)),
    confirmed_by="steward",
)
GENDER = Column("gender_SENTINEL", "gender", "text", Tier.PUBLIC, bins=CategoryFeature("gender", ("F", "M")))


def a_dataset(*columns: Column) -> Dataset:
    return Dataset(
        "staff", "Staff_SENTINEL", columns or (PERSON, AGE, GENDER), PERSON.name, ("career",), "hr_SENTINEL"
    )


def test_tiers_are_ordered_by_strictness_and_not_by_alphabet() -> None:
    order = [Tier.PUBLIC, Tier.SENSITIVE, Tier.CORE]
    for (i, a), (j, b) in itertools.product(enumerate(order), repeat=2):
        assert (a < b, a <= b, a > b, a >= b) == (i < j, i <= j, i > j, i >= j)
    assert sorted(["core", "public"], key=Tier) == ["public", "core"]


def test_the_strictest_of_every_combination_is_never_below_a_member() -> None:
    for tiers in itertools.product(Tier, repeat=3):
        assert all(strictest(tiers) >= tier for tier in tiers)
        assert strictest(tiers) in tiers


def test_the_strictest_of_nothing_is_core() -> None:
    assert strictest([]) is Tier.CORE


@pytest.mark.parametrize("tier", Tier)
def test_a_column_that_nobody_confirmed_is_core(tier: Tier) -> None:
    assert replace(GENDER, tier=tier, confirmed_by=None).effective_tier is Tier.CORE
    assert replace(GENDER, tier=tier, confirmed_by="steward").effective_tier is tier


def test_one_unconfirmed_public_column_makes_the_table_core() -> None:
    person = replace(PERSON, tier=Tier.PUBLIC)
    assert a_dataset(person, AGE).tier is Tier.SENSITIVE
    assert a_dataset(person, AGE, GENDER).tier is Tier.CORE


def test_the_national_grade_never_follows_from_the_tier() -> None:
    assert {replace(AGE, tier=tier).national_grade for tier in Tier} == {"一般数据"}


def test_the_canonical_form_round_trips() -> None:
    dataset = a_dataset(replace(PERSON, national_grade="重要数据"), AGE, GENDER)
    again = Dataset.from_json(loads(dumps(dataset.to_json())))
    assert again == dataset
    assert again.digest == dataset.digest
    assert len(dataset.digest) == 32
    assert a_dataset(PERSON, AGE).digest != dataset.digest


def test_the_published_form_names_nothing_of_the_departments_own() -> None:
    published = dumps(a_dataset().published()).decode()
    assert "SENTINEL" not in published
    assert "steward" not in published
    assert "一般数据" not in published


def test_the_published_form_holds_exactly_what_may_leave() -> None:
    published = json.loads(dumps(a_dataset().published()))
    assert published.keys() == {"v", "columns"}
    assert [column["semantic"] for column in published["columns"]] == ["age", "person_id"]
    confirmed = a_dataset(PERSON, AGE, replace(GENDER, confirmed_by="steward")).published()
    assert json.loads(dumps(confirmed))["columns"][1] == {
        "semantic": "gender",
        "kind": "text",
        "tier": "public",
        "unit": "",
        "bins": {"kind": "category", "semantic": "gender", "values": ["F", "M"]},
    }


def test_columns_are_found_by_name_and_by_meaning() -> None:
    assert a_dataset().by_semantic("age") == AGE
    assert a_dataset().column(AGE.name) == AGE
    with pytest.raises(DataInvalid, match="catalogue_semantic_unknown"):
        a_dataset().by_semantic(AGE.name)
    with pytest.raises(DataInvalid, match="catalogue_column_unknown"):
        a_dataset().column("age")


@pytest.mark.parametrize("field", ["name", "semantic"])
def test_two_columns_with_one_name_or_one_meaning_are_refused(field: str) -> None:
    twin = replace(GENDER, bins=None, confirmed_by="steward", **{field: getattr(AGE, field)})
    with pytest.raises(DataInvalid, match="catalogue_column_twice"):
        a_dataset(PERSON, AGE, twin)


def test_of_what_is_only_proposed_several_columns_may_mean_the_same() -> None:
    twin = replace(GENDER, bins=None, semantic="age")
    assert a_dataset(PERSON, twin, AGE).by_semantic("age") == AGE
    assert a_dataset(PERSON, twin, replace(twin, name="third")).by_semantic("age") == twin


def test_the_person_column_must_be_an_identifier_of_the_table() -> None:
    with pytest.raises(DataInvalid, match="catalogue_person_invalid"):
        replace(a_dataset(), person=AGE.name)
    with pytest.raises(DataInvalid, match="catalogue_column_unknown"):
        a_dataset(AGE)


@pytest.mark.parametrize(
    "bins",
    [NumericFeature("height", (1,)), CategoryFeature("age", ("young", "old"))],
    ids=["other semantic", "other kind"],
)
def test_bins_of_another_semantic_or_kind_are_refused(bins: NumericFeature | CategoryFeature) -> None:
    with pytest.raises(DataInvalid, match="catalogue_bins_differ"):
        replace(AGE, bins=bins)


def test_an_identifier_has_no_bins() -> None:
    with pytest.raises(DataInvalid, match="catalogue_bins_differ"):
        replace(PERSON, bins=CategoryFeature("person_id", ("a",)))


@pytest.mark.parametrize("change", [{"name": ""}, {"semantic": ""}, {"confirmed_by": ""}])
def test_empty_names_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(DataInvalid, match="catalogue_name_empty"):
        replace(PERSON, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "..", "../x", "a/b", "A", "员工", ".tmp-1", "a" * 65, "a\n", "-a"])
def test_a_dataset_id_is_safe_as_the_name_of_a_folder(value: str) -> None:
    with pytest.raises(DataInvalid, match="catalogue_id_invalid"):
        require_dataset_id(value)
    with pytest.raises(DataInvalid, match="catalogue_id_invalid"):
        replace(a_dataset(), dataset_id=value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("v",), 2),
        (("v",), True),
        (("title",), 1),
        (("purposes",), ["career", 1]),
        (("extra",), 1),
        (("columns",), {}),
        (("columns", 0, "tier"), "secret"),
        (("columns", 0, "kind"), "blob"),
        (("columns", 0, "national_grade"), "核心隐私"),
        (("columns", 0, "confirmed_by"), 7),
        (("columns", 0, "extra"), ""),
        (("columns", 1, "bins", "kind"), "secret"),
    ],
)
def test_anything_but_the_strict_form_is_refused(path: tuple[str | int, ...], value: object) -> None:
    body = json.loads(dumps(a_dataset().to_json()))
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(WireInvalid):
        Dataset.from_json(body)
