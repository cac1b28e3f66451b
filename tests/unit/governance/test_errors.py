"""The family of errors: what a caller may rely on."""

import inspect

import pytest

from xinqiao_governance import errors
from xinqiao_governance.errors import (
    DataInvalid,
    UsageInvalid,
    VersionOther,
    WireInvalid,
    XinqiaoError,
)

FAMILY = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, XinqiaoError) and value is not XinqiaoError
]


def test_the_family_is_whole() -> None:
    assert {kind.__name__ for kind in FAMILY} == {
        "UsageInvalid",
        "DataInvalid",
        "WireInvalid",
        "VersionOther",
        "ProtocolViolated",
        "Denied",
        "NodeUnavailable",
        "ProofError",
        "StoreDamaged",
        "JobFailed",
    }


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_an_error_carries_its_code_and_fields(kind: type[XinqiaoError]) -> None:
    error = kind("port_taken", port=80)
    assert (error.code, error.fields) == ("port_taken", {"port": 80})
    assert str(error) == "port_taken {'port': 80}"
    assert str(kind("disk_full")) == "disk_full"


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_no_error_ends_a_command_with_zero(kind: type[XinqiaoError]) -> None:
    assert kind.exit_code == (2 if kind in (UsageInvalid, VersionOther) else 1)


def test_errors_are_no_kin_of_python_s_own() -> None:
    """A broad `except ValueError` somewhere must not swallow a refusal."""
    assert all(kind.__mro__[-3:] == (Exception, BaseException, object) for kind in FAMILY)
    assert not issubclass(WireInvalid, ValueError)
    assert not issubclass(DataInvalid, ValueError)
