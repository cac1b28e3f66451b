"""Purposes, legal bases and the wall between care and appraisal."""

import pytest

from xinqiao_governance.errors import DataInvalid
from xinqiao_governance.purposes import BASES, PURPOSES, Side, Wall, known_purposes, wall_of


def test_every_purpose_has_a_term_of_the_vocabulary_and_a_basis_of_its_side() -> None:
    for purpose in PURPOSES.values():
        assert purpose.dpv.startswith("https://w3id.org/dpv#")
        assert all(purpose.name)
        has_basis = any(basis.side is purpose.side for basis in BASES.values())
        assert has_basis == (purpose.side is not Side.NEVER)
    assert all(all(basis.clause) and all(basis.name) for basis in BASES.values())


@pytest.mark.parametrize(
    ("purposes", "wall"),
    [
        (("career_development", "staff_care"), Wall.CARE),
        (("staff_care", "audit"), Wall.CARE),
        (("performance_appraisal",), Wall.APPRAISAL),
        (("operations",), Wall.NONE),
        ((), Wall.NONE),
    ],
)
def test_a_dataset_stands_where_its_purposes_do(purposes: tuple[str, ...], wall: Wall) -> None:
    assert wall_of(purposes) is wall


@pytest.mark.parametrize(
    ("purposes", "code"),
    [
        (("staff_care", "performance_appraisal"), "catalogue_purposes_walled"),
        (("discipline_inspection", "audit", "needs_analysis"), "catalogue_purposes_walled"),
        (("marketing",), "catalogue_purpose_unknown"),
        (("opinion_scoring",), "catalogue_purpose_unknown"),
        (("staff_care", "dismissal"), "catalogue_purpose_unknown"),
    ],
)
def test_what_no_dataset_may_declare(purposes: tuple[str, ...], code: str) -> None:
    with pytest.raises(DataInvalid) as caught:
        wall_of(purposes)
    assert caught.value.code == code


def test_what_may_be_declared_is_every_purpose_but_the_nevers() -> None:
    assert set(PURPOSES) - set(known_purposes()) == {"dismissal", "opinion_scoring"}
