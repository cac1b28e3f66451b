"""Bins and labels, drafted from a table or taken from a contract."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from xinqiao_app.rehearsal.draft import Draft, Shape, draft
from xinqiao_app.rehearsal.tables import Table
from xinqiao_governance.contract import Contract
from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.model_spec import (
    MICRO,
    CategoryFeature,
    ClassLabel,
    Family,
    Feature,
    NumberLabel,
    NumericFeature,
    ThresholdLabel,
)

ROWS = 200


def table(columns: Mapping[str, Sequence[object]]) -> Table:
    return Table(
        {
            name: np.array([None if cell is None else str(cell) for cell in cells], dtype=np.object_)
            for name, cells in columns.items()
        }
    )


def drafted(
    columns: Mapping[str, Sequence[object]],
    contract: Contract | None = None,
    shape: Shape = "linear",
    never: Sequence[str] = (),
) -> Draft:
    return draft(table({"y": [0, 1] * (ROWS // 2), **columns}), "y", shape, contract, never)


def feature(cells: Sequence[object]) -> Feature:
    return drafted({"x": cells}).spec.feature("x")


def codes(found: Draft) -> list[str]:
    return [note.code for note in found.notes]


def test_few_numbers_get_an_edge_between_any_two() -> None:
    assert feature([1, 2, 4, 4] * 50) == NumericFeature("x", (1_500_000, 3_000_000))


def test_many_numbers_get_ten_bins_of_equal_size() -> None:
    found = feature([place * 1.5 for place in range(ROWS)])
    assert isinstance(found, NumericFeature)
    edges = np.array(found.edges_micro) / MICRO
    sizes = np.bincount(np.searchsorted(edges, np.arange(ROWS) * 1.5, side="right"))
    assert sizes.tolist() == [20] * 10


def test_texts_become_categories_and_rare_ones_other() -> None:
    assert feature(["b"] * 100 + ["a"] * 98 + ["c", "d"]) == CategoryFeature("x", ("a", "b"))


def test_a_text_that_cannot_be_shown_counts_as_other() -> None:
    assert feature(["a", "b", "b", "a\nb"] * 50) == CategoryFeature("x", ("a", "b"))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([7] * ROWS, "rehearse_warn_constant"),
        (["x"] * ROWS, "rehearse_warn_constant"),
        ([f"v{place}" for place in range(ROWS)], "rehearse_warn_many_values"),
        (list(range(1, ROWS + 1)), "rehearse_warn_row_number"),
        ([1e300, 2e300] * 100, "rehearse_warn_without_bins"),
    ],
)
def test_what_teaches_nothing_is_left_out_with_a_warning(cells: Sequence[object], code: str) -> None:
    found = drafted({"good": [1, 2] * 100, "x": cells})
    assert [each.semantic for each in found.spec.features] == ["good"]
    assert codes(found) == ["rehearse_warn_from_data", code]


def test_the_warning_has_the_promised_words() -> None:
    words = "not private: ranges were read from the data"
    note = drafted({"x": [1, 2] * 100}).notes[0]
    assert note.text("en") == words
    assert words in note.text("zh")


def test_person_department_and_label_are_never_features() -> None:
    found = drafted({"x": [1, 2] * 100, "who": [1, 3] * 100, "where": [5, 6] * 100}, never=("who", "where"))
    assert [each.semantic for each in found.spec.features] == ["x"]


def test_a_column_without_a_name_is_left_out() -> None:
    assert codes(drafted({"x": [1, 2] * 100, "": [3, 4] * 100}))[-1] == "rehearse_warn_unnamed"


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(DataInvalid) as caught:
        drafted({"x": [1] * ROWS})
    assert caught.value.code == "rehearse_no_features"


class TestLabel:
    @pytest.mark.parametrize(
        ("cells", "label"),
        [
            ([0, 1] * 100, ThresholdLabel("y", 500_000)),
            ([1, 2] * 100, ThresholdLabel("y", 1_500_000)),
            (["no", "yes"] * 100, ClassLabel("y", ("no", "yes"), (MICRO, MICRO))),
            ([1, 2.0, 3, 3] * 50, ClassLabel("y", ("1", "2", "3"), (MICRO,) * 3)),
            ([0.5, 1.5, 2.5, 2.5] * 50, NumberLabel("y", 500_000, 2_500_000)),
            (list(range(ROWS)), NumberLabel("y", 0, 199 * MICRO)),
        ],
    )
    def test_kinds(self, cells: Sequence[object], label: object) -> None:
        assert drafted({"x": [1, 2] * 100, "y": cells}).spec.label == label

    def test_a_label_s_rule_allows_nothing_missing_and_names_the_classes(self) -> None:
        rule = drafted({"x": [1, 2] * 100, "y": ["a", "b"] * 100}).rules["y"]
        assert (rule.missing_allowed, rule.values, rule.type) == (False, ("a", "b"), "text")

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ([3] * ROWS, "rehearse_label_constant"),
            (["a"] * ROWS, "rehearse_label_constant"),
            ([f"v{place}" for place in range(ROWS)], "rehearse_label_many"),
            ([1e300, 0] * 100, "rehearse_label_out_of_reach"),
            ([1e-9, 2e-9] * 100, "rehearse_label_out_of_reach"),
            ([1e300, 0, 1.5, 2] * 50, "rehearse_label_out_of_reach"),
        ],
    )
    def test_what_cannot_be_a_label(self, cells: Sequence[object], code: str) -> None:
        with pytest.raises(DataInvalid) as caught:
            drafted({"x": [1, 2] * 100, "y": cells})
        assert caught.value.code == code


class TestContract:
    def contract(self, **rules: Mapping[str, object]) -> Contract:
        person = {"type": "text"}
        return Contract.from_mapping({"dataset": "d", "person": "id", "columns": {"id": person, **rules}})

    def found(self, cells: Sequence[object], **rule: object) -> Draft:
        contract = self.contract(
            x=rule, y={"type": "integer", "min": 0, "max": 1}, good={"type": "integer", "min": 1, "max": 2}
        )
        columns = {"id": list(range(ROWS)), "x": cells, "good": [1, 2] * 100}
        return drafted(columns, contract)

    def test_numbers_get_bins_of_even_width(self) -> None:
        found = self.found([1, 9] * 100, type="number", min=0, max=100)
        assert found.spec.feature("x") == NumericFeature(
            "x", tuple(range(10 * MICRO, 100 * MICRO, 10 * MICRO))
        )
        assert "rehearse_warn_from_data" not in codes(found)

    def test_whole_numbers_of_small_range_get_a_bin_a_value(self) -> None:
        found = self.found([1, 3] * 100, type="integer", min=1, max=4)
        assert found.spec.feature("x") == NumericFeature("x", (2 * MICRO, 3 * MICRO, 4 * MICRO))

    def test_texts_get_the_values(self) -> None:
        found = self.found(["a", "b"] * 100, type="text", values=["a", "b", "c"])
        assert found.spec.feature("x") == CategoryFeature("x", ("a", "b", "c"))
        assert found.rules["x"].values == ("a", "b", "c")

    def test_the_contract_s_person_is_no_feature(self) -> None:
        found = self.found([1, 3] * 100, type="integer", min=1, max=4)
        assert {each.semantic for each in found.spec.features} == {"x", "good"}

    @pytest.mark.parametrize(
        "rule",
        [
            {"type": "number"},
            {"type": "number", "min": 0},
            {"type": "text"},
            {"type": "text", "pattern": "a"},
        ],
    )
    def test_a_rule_without_bins_leaves_the_column_out(self, rule: Mapping[str, object]) -> None:
        found = self.found([1, 2] * 100, **rule)
        assert codes(found) == ["rehearse_warn_without_range"]

    def test_a_number_label_takes_its_range(self) -> None:
        rules = {"y": {"type": "number", "min": 0, "max": 1000}, "x": {"type": "integer", "min": 1, "max": 2}}
        columns = {"id": range(ROWS), "x": [1, 2] * 100, "y": [place / 2 for place in range(ROWS)]}
        found = drafted(columns, self.contract(**rules))
        assert found.spec.label == NumberLabel("y", 0, 1000 * MICRO)
        assert found.notes == ()

    def test_a_range_read_from_the_data_is_said(self) -> None:
        rules = {"y": {"type": "number"}, "x": {"type": "integer", "min": 1, "max": 2}}
        columns = {"id": range(ROWS), "x": [1, 2] * 100, "y": [place / 2 for place in range(ROWS)]}
        assert codes(drafted(columns, self.contract(**rules))) == ["rehearse_warn_from_data"]


class TestShapes:
    COLUMNS: Mapping[str, Sequence[object]] = {
        "b": [1, 2, 3, 4] * 50,
        "a": ["u", "v"] * 100,
        "c": [f"w{place % 40}" for place in range(ROWS)],
        "d": [f"x{place % 40}" for place in range(ROWS)],
    }

    def test_pairs_cross_what_makes_few_cells(self) -> None:
        spec = drafted(self.COLUMNS, shape="pairs").spec
        crossed = {cross.first + cross.second for cross in spec.crosses}
        assert crossed == {"ab", "bc", "bd", "ac", "ad"}
        assert spec.family is Family.LINEAR

    @pytest.mark.parametrize(("shape", "family"), [("network", Family.NETWORK), ("moments", Family.MOMENTS)])
    def test_families(self, shape: Shape, family: Family) -> None:
        spec = drafted(self.COLUMNS, shape=shape).spec
        assert spec.family is family
        assert spec.crosses == ()
