"""The shared vocabulary's own bins: public knowledge, and of what describes people at work alone."""

import pytest

from xinqiao_governance.catalogue import Column
from xinqiao_governance.model_spec import CategoryFeature
from xinqiao_governance.semantics import PUBLIC_BINS, SEMANTICS, Family


@pytest.mark.parametrize("name", PUBLIC_BINS)
def test_shared_bins_are_of_a_known_meaning_at_work(name: str) -> None:
    bins = PUBLIC_BINS[name]
    assert bins.semantic == name
    assert SEMANTICS[name].family is Family.WORK  # for private life a person has to state them
    column = Column("c", name, bins.kind, SEMANTICS[name].tier, confirmed_by="li")
    assert column.fits(bins)


def test_a_column_of_another_kind_takes_no_shared_bins() -> None:
    column = Column("c", "gender", "number", SEMANTICS["gender"].tier)
    assert isinstance(PUBLIC_BINS["gender"], CategoryFeature)
    assert not column.fits(PUBLIC_BINS["gender"])
