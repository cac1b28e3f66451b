"""Reading what people type and handing files back."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao_app.commands.arguments import (
    DELTA,
    EPSILON,
    address,
    count,
    deliver,
    exact,
    port,
    read_as,
    read_bytes,
    read_text,
    shown,
)
from xinqiao_governance.errors import StoreDamaged, UsageInvalid, WireInvalid
from xinqiao_governance.parse import fields_of


@pytest.mark.parametrize("second", [1 << 40, 1 << 62, 1 << 80])
def test_a_moment_that_no_calendar_reaches_is_shown_as_a_number(second: int) -> None:
    assert shown(second) == str(second)


@pytest.mark.parametrize(
    ("text", "places", "value"),
    [
        ("1", EPSILON, 1_000_000),
        ("0.000001", EPSILON, 1),
        ("1e-5", DELTA, 10_000),
        (" 2.50 ", EPSILON, 2_500_000),
    ],
)
def test_exact_numbers(text: str, places: int, value: int) -> None:
    assert exact(text, places) == value


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-1",
        "-0.5",
        "0.0000001",
        "1e-7",
        "nan",
        "inf",
        "-inf",
        "",
        "one",
        "1,5",
        "1e400",
        "9" * 40,
        "1e999999999",
    ],
)
def test_what_is_no_budget(text: str) -> None:
    with pytest.raises(UsageInvalid, match="number_invalid"):
        exact(text, EPSILON)


@given(st.integers(1, 10**15))
def test_an_exact_number_survives_its_decimal_text(value: int) -> None:
    assert exact(f"{value // 10**6}.{value % 10**6:06}", EPSILON) == value


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", " 1", "١", "٣", "1_000", "9" * 5_000])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(UsageInvalid, match="count_invalid"):
        count(text)


def test_counts_and_ports() -> None:
    assert count("200") == 200
    assert port("65535") == 65_535
    with pytest.raises(UsageInvalid, match="port_invalid"):
        port("65536")


@pytest.mark.parametrize("text", ["127.0.0.1:9092", "localhost:1", "[::1]:65535", "super-link.example:80"])
def test_an_address_is_kept_as_it_is(text: str) -> None:
    assert address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "host",
        "host:",
        ":80",
        "ho st:80",
        "a/b:80",
        "a@b:80",
        "[::1]",
        "h:١",
        "a..b:9",
        ".:9",
        "[::::]:9",
        "a" * 64 + ":9",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageInvalid, match="address_invalid"):
        address(text)


@pytest.mark.parametrize("text", ["host:0", "host:65536"])
def test_an_address_has_a_real_port(text: str) -> None:
    with pytest.raises(UsageInvalid):
        address(text)


class TestReadAs:
    def write(self, folder: Path, text: str) -> Path:
        path = folder / "file.json"
        path.write_text(text, "utf-8")
        return path

    def test_any_layout_is_read(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, '{ "b" : 1,\n "a": "心" }')
        assert read_as(path, dict) == {"a": "心", "b": 1}  # type: ignore[arg-type]

    @pytest.mark.parametrize("text", ["", "{", '{"a": 1.5}', '{"a": NaN}', "[" * 100_000, '{"a": "\\ud800"}'])
    def test_what_is_no_file_of_ours(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(UsageInvalid, match="json_invalid"):
            read_as(self.write(tmp_path, text), dict)  # type: ignore[arg-type]

    def test_a_wrong_field_names_its_file(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, '{"a": 1}')
        with pytest.raises(UsageInvalid) as refused:
            read_as(path, lambda value: fields_of(value, "b"))
        assert (refused.value.code, refused.value.fields) == (
            "file_field_invalid",
            {"path": str(path), "field": "b"},
        )

    def test_another_complaint_stays_as_it_is(self, tmp_path: Path) -> None:
        def refuse(_value: object) -> None:
            raise WireInvalid("order_expiry_invalid")

        with pytest.raises(WireInvalid, match="order_expiry_invalid"):
            read_as(self.write(tmp_path, "{}"), refuse)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(UsageInvalid, match="io_failed"):
            read_bytes(tmp_path / "none")


def test_text_that_is_none_keeps_its_bytes_to_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff\xfesecret")
    with pytest.raises(UsageInvalid, match="text_invalid") as refused:
        read_text(tmp_path / "file")
    assert refused.value.__cause__ is None
    (tmp_path / "file").write_bytes(b"\xef\xbb\xbfabc")
    assert read_text(tmp_path / "file") == "abc"


def test_a_file_is_delivered_whole(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    deliver(json.dumps({"名": 1}, ensure_ascii=False), tmp_path / "out")
    assert (tmp_path / "out").read_text("utf-8") == '{"名": 1}\n'
    deliver("心", None)
    assert capsysbinary.readouterr().out == "心\n".encode()
    with pytest.raises(StoreDamaged, match="io_failed"):
        deliver("x", tmp_path / "none" / "out")
