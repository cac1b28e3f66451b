"""The demo's people: departments, the fixed split, columns by semantic."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from xinqiao_app.public_data import (
    DEPARTMENT_COLUMN,
    DEPARTMENTS,
    INCOME_COLUMN,
    OCCUPATION_COLUMN,
    PERSON_COLUMN,
    SEMANTICS,
    career_spec,
    load_people,
    people_from,
    public_order,
    split,
)
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import CategoryFeature, ModelSpec
from xinqiao_models import features


@pytest.fixture(scope="module")
def people():
    return load_people()


@pytest.fixture(scope="module")
def parts(people):
    return split(people)


def _source(**changes):
    columns = {name: [1.0, 2.0, 3.0] for name in SEMANTICS}
    columns |= {PERSON_COLUMN: [1, 2, 3], OCCUPATION_COLUMN: ["Sales", "Armed Forces", None]}
    return pd.DataFrame(columns | changes)


def test_everyone_with_an_income_is_in_once(people):
    assert len(people) == 37_887
    assert len(set(people.ids)) == len(people)
    assert people.frame[INCOME_COLUMN].notna().all()


def test_departments_are_the_seven_largest_groups_and_the_rest(people):
    counted = people.frame[OCCUPATION_COLUMN].value_counts()
    assert {entry.occupation for entry in DEPARTMENTS} == {*counted.index[:7], None}
    sizes = {entry.id: len(people.of(entry.id)) for entry in DEPARTMENTS}
    assert sum(sizes.values()) == len(people)
    assert sizes["other"] == len(people) - int(counted.iloc[:7].sum())


def test_one_fifth_of_each_department_is_held_out(parts):
    training, held_out = parts
    assert len(training) >= 30_000
    assert not set(training.ids) & set(held_out.ids)
    for entry in DEPARTMENTS:
        inside, outside = len(training.of(entry.id)), len(held_out.of(entry.id))
        assert outside == (inside + outside) // 5


def test_split_is_published_once_and_for_all(parts):
    """Golden: the digest of the held-out ids; anyone who moves the split moves every figure with it."""
    listing = "\n".join(sorted(parts[1].ids)).encode()
    assert (
        hashlib.sha256(listing).hexdigest()
        == "bcf7ad7d1937804cf87c868f28bd5abc6c5ea93f5661ec0b20e1518d719bf9b5"
    )


def test_split_depends_on_ids_and_departments_alone(people, parts):
    blanked = people.frame.assign(**{name: 0.0 for name in SEMANTICS if name != OCCUPATION_COLUMN})
    shuffled = blanked.iloc[::-1].reset_index(drop=True)
    again = split(type(people)(shuffled))
    assert set(again[1].ids) == set(parts[1].ids)


def test_public_order_sorts_by_the_documented_hash():
    ids = [str(number) for number in range(50)]
    label = b"xinqiao/demo-split"
    slow = sorted(
        ids, key=lambda value: hashlib.sha256(len(label).to_bytes(2, "big") + label + value.encode()).digest()
    )
    assert [ids[row] for row in public_order(ids)] == slow


def test_rare_and_missing_occupations_go_to_the_last_department():
    assert people_from(_source()).department.tolist() == ["sales", "other", "other"]


def test_a_row_without_income_stays_away():
    assert people_from(_source(**{INCOME_COLUMN: [1.0, None, 2.0]})).ids == ["1", "3"]


def test_a_person_in_two_departments_is_refused():
    with pytest.raises(DataInvalid) as caught:
        people_from(_source(**{PERSON_COLUMN: [7, 7, 9]}))
    assert (caught.value.code, caught.value.fields) == ("person_in_two_departments", {"count": 1})


def test_a_source_without_a_column_is_refused():
    with pytest.raises(DataInvalid) as caught:
        people_from(_source().drop(columns="age"))
    assert (caught.value.code, caught.value.fields) == ("public_source_changed", {"column": "age"})


def test_columns_by_semantic_are_numbers_or_texts_with_gaps(people):
    columns = people.columns()
    assert set(columns) == set(SEMANTICS.values())
    assert columns["age"].dtype == np.float64
    assert np.isnan(columns["age"]).sum() == 62
    kinds = {type(value) for value in columns["education"]}
    assert kinds == {str, type(None)}


def test_career_model_names_every_public_category(people):
    spec = career_spec()
    assert set(spec.semantics) == set(SEMANTICS.values())
    columns = people.columns()
    for feature in spec.features:
        if isinstance(feature, CategoryFeature):
            assert set(feature.values) == {value for value in columns[feature.semantic] if value is not None}


def test_career_model_survives_the_wire_and_fills_its_bins(people):
    spec = career_spec()
    assert ModelSpec.from_json(spec.to_json()) == spec
    columns = people.of("other").columns()
    matrix = features.design(columns, spec).dense()
    assert matrix.shape == (len(people.of("other")), spec.dimension)
    assert (matrix.sum(axis=1) == 1 + len(spec.features)).all()
    assert 0.1 < features.targets(columns, spec).mean() < 0.9


def test_department_stands_in_the_frame_for_the_contract(people):
    assert list(people.frame.columns) == [PERSON_COLUMN, DEPARTMENT_COLUMN, *SEMANTICS]
    assert set(people.of("sales").frame[DEPARTMENT_COLUMN]) == {"sales"}
