"""Strict readers: what Python would wave through."""

import pytest

from xinqiao_governance.canonical import Json
from xinqiao_governance.errors import WireInvalid
from xinqiao_governance.parse import integer, integers, require_version


def test_the_version_is_an_integer_and_the_one_asked_for() -> None:
    require_version({"v": 1}, 1)
    require_version({"v": 2}, 2)


@pytest.mark.parametrize("version", [0, 2])
def test_any_other_version_is_said_to_be_so(version: int) -> None:
    with pytest.raises(WireInvalid, match="version_other"):
        require_version({"v": version}, 1)


@pytest.mark.parametrize("body", [{}, {"v": None}, {"v": True}, {"v": "1"}, {"v": [1]}])
def test_what_is_no_version_is_refused(body: dict[str, Json]) -> None:
    with pytest.raises(WireInvalid, match="wire_field_invalid") as caught:
        require_version(body, 1)
    assert caught.value.fields == {"field": "v"}


def test_a_boolean_is_no_integer() -> None:
    with pytest.raises(WireInvalid):
        integer({"count": True}, "count")
    with pytest.raises(WireInvalid):
        integers({"counts": [1, False]}, "counts")
