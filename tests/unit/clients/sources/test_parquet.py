"""Parquet: plain columns as text; whatever is encrypted, nested or broken is refused before it can harm."""

import base64
import datetime
import random
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.parquet import encryption

from xinqiao_clients.sources import Source, Table, read_table
from xinqiao_clients.sources.footer import require_open
from xinqiao_governance.errors import DataInvalid

PLAIN = {
    "id": pa.array(["007", None]),
    "age": pa.array([30, None], pa.int32()),
    "pay": pa.array([1.5, 100.0]),
    "date": pa.array([datetime.date(2020, 1, 31), None]),
    "time": pa.array([datetime.datetime(2020, 1, 31, 8), None]),  # noqa: DTZ001
    "member": pa.array([True, False]),
    "price": pa.array([Decimal("1.50"), None]),
    "team": pa.array(["a", "b"]).dictionary_encode(),
}


def write(path: Path, columns: dict[str, pa.Array], **how: object) -> Path:
    pq.write_table(pa.table(columns), path, **how)
    return path


def read(path: Path) -> Table:
    return read_table(Source(str(path)))


def refusal(path: Path) -> str:
    with pytest.raises(DataInvalid) as caught:
        read(path)
    assert "SENTINEL" not in str(caught.value)
    return caught.value.code


class Kms(encryption.KmsClient):
    """Keeps keys as a test may: by writing them down."""

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        return base64.b64encode(key_bytes)

    def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
        return base64.b64decode(wrapped_key)


def write_encrypted(path: Path, *, open_footer: bool) -> Path:
    table = pa.table({"id": ["SENTINEL"], "pay": [1.0]})
    factory = encryption.CryptoFactory(lambda _: Kms())
    how = encryption.EncryptionConfiguration(
        footer_key="f", column_keys={"c": ["pay"]}, plaintext_footer=open_footer
    )
    properties = factory.file_encryption_properties(encryption.KmsConnectionConfig(), how)
    with pq.ParquetWriter(path, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    return path


def test_plain_columns_become_text(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.parquet", PLAIN))
    assert table.header == tuple(PLAIN)
    assert list(zip(*table.columns, strict=True)) == [
        ("007", "30", "1.5", "2020-01-31", "2020-01-31 08:00:00", "TRUE", "1.50", "a"),
        (None, None, "100", None, None, "FALSE", None, "b"),
    ]


def test_ids_that_became_floats_are_not_imported(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.parquet", {"id": pa.array([110101199001011234.0])}))
    with pytest.raises(DataInvalid, match="source_digits_lost"):
        table.require_whole()


def test_an_empty_table_is_a_header(tmp_path: Path) -> None:
    table = read(write(tmp_path / "a.pq", {"id": pa.array([], pa.string())}))
    assert (table.header, table.rows) == (("id",), 0)


@pytest.mark.parametrize("open_footer", [True, False])
def test_an_encrypted_file_is_refused_before_pyarrow_sees_it(tmp_path: Path, open_footer: bool) -> None:
    """Without the look at the footer this ends the whole process."""
    path = write_encrypted(tmp_path / "a.parquet", open_footer=open_footer)
    assert refusal(path) == "parquet_encrypted"


@pytest.mark.parametrize(
    "footer",
    ["8c0000", "9800" + "00", "491c191c8c00000000", "491c191c98000000" + "00"],
    ids=["file's algorithm", "footer's key", "column's key", "column's metadata"],
)
def test_each_sign_of_encryption_is_enough(footer: str) -> None:
    data = bytes.fromhex(footer)
    with pytest.raises(DataInvalid, match="parquet_encrypted"):
        require_open(b"PAR1" + bytes(20) + data + len(data).to_bytes(4, "little") + b"PAR1", "a.parquet")


@pytest.mark.parametrize(
    "column",
    [
        pa.array([["SENTINEL"]]),
        pa.array([{"a": "SENTINEL"}]),
        pa.array([b"SENTINEL"], pa.binary()),
    ],
    ids=["list", "struct", "binary"],
)
def test_nested_and_binary_columns_are_named_by_their_place(tmp_path: Path, column: pa.Array) -> None:
    table = read(write(tmp_path / "a.parquet", {"id": pa.array(["x"]), "b": column}))
    assert (table.columns, table.unreadable) == ((("x",), (None,)), {1: 2})
    assert table.without_header().unreadable == {1: 2}


def test_a_file_that_claims_too_many_rows_is_not_unpacked(tmp_path: Path) -> None:
    names = {f"c{n}": pa.repeat(pa.scalar(1, pa.int8()), 1) for n in range(1_001)}
    assert refusal(write(tmp_path / "a.parquet", names)) == "source_too_wide"
    path = write(tmp_path / "b.parquet", {"a": pa.repeat(pa.scalar(True), 50_000_001)})
    data = path.read_bytes()
    footer = int.from_bytes(data[-8:-4], "little") + 8
    path.write_bytes(data[:4] + bytes(len(data) - footer - 4) + data[-footer:])  # whoever unfolds it sees
    assert refusal(path) == "source_too_large"


def test_broken_files_are_refused_and_never_end_the_process(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", PLAIN)
    whole = path.read_bytes()
    draw = random.Random(5)
    for number in range(300):
        data = bytearray(whole)
        if number % 3 == 0:
            del data[draw.randrange(len(data)) :]
        else:
            for _ in range(draw.randrange(1, 4)):
                data[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(data)
        try:
            read(path)
        except DataInvalid:
            continue
    for noise in (b"", b"PAR1", b"PAR1" + bytes(8) + b"PAR1", b"id,name\n1,SENTINEL\n"):
        path.write_bytes(noise)
        assert refusal(path) == "parquet_invalid"
