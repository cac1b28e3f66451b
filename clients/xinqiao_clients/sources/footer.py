"""A Parquet file's footer, just far enough to see whether anything in it is encrypted.

pyarrow ends the whole process when it touches encrypted metadata without the key. So the footer (Thrift's
compact protocol, https://github.com/apache/parquet-format) is looked at here first, by field numbers alone.
"""

from xinqiao_governance.errors import DataInvalid

_MAGIC, _SEALED_FOOTER = b"PAR1", b"PARE"
_TAIL = 8  # four bytes of length, four of magic
_MAX_FOOTER = 1 << 24
_MAX_DEPTH = 24
_ROW_GROUPS, _FILE_KEYS = 4, (8, 9)  # FileMetaData: row groups; encryption algorithm, footer's key
_COLUMNS, _COLUMN_KEYS = 1, (8, 9)  # RowGroup: columns; ColumnChunk: crypto and encrypted metadata

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)

_Value = object


def require_open(data: bytes, path: str) -> None:
    """Refuse a Parquet file of which anything is encrypted, or whose footer is none.

    Raises:
        DataInvalid: it is so.
    """
    if data[:4] == _SEALED_FOOTER or data[-4:] == _SEALED_FOOTER:
        raise DataInvalid("parquet_encrypted", path=path)
    length = int.from_bytes(data[-_TAIL:-4], "little")
    if data[:4] != _MAGIC or data[-4:] != _MAGIC or not 0 < length <= min(_MAX_FOOTER, len(data) - _TAIL - 4):
        raise DataInvalid("parquet_invalid", path=path)
    try:
        found = _Footer(data[-_TAIL - length : -_TAIL]).struct(0)
    except (IndexError, RecursionError, ValueError):
        raise DataInvalid("parquet_invalid", path=path) from None
    if _is_encrypted(found):
        raise DataInvalid("parquet_encrypted", path=path)


def _is_encrypted(footer: dict[int, _Value]) -> bool:
    if any(field in footer for field in _FILE_KEYS):
        return True
    chunks = [chunk for group in _structs(footer.get(_ROW_GROUPS)) for chunk in _structs(group.get(_COLUMNS))]
    return any(field in chunk for chunk in chunks for field in _COLUMN_KEYS)


def _structs(value: _Value) -> list[dict[int, _Value]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


class _Footer:
    """Reads Thrift's compact protocol; of what is no structure or list it keeps nothing."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def struct(self, depth: int) -> dict[int, _Value]:
        """Return a structure's fields by number; an error of Python's own where it is none."""
        if depth > _MAX_DEPTH:
            raise ValueError("too deep")
        fields: dict[int, _Value] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._zigzag()
            fields[number] = None if kind in (_TRUE, _FALSE) else self._value(kind, depth + 1)
        return fields

    def _value(self, kind: int, depth: int) -> _Value:
        match kind:
            case 1 | 2 | 3:  # inside a list, a truth value is a byte
                self._skip(1)
            case 4 | 5 | 6:
                self._varint()
            case 7:
                self._skip(8)
            case 8:
                self._skip(self._varint())
            case 9 | 10:
                return self._list(depth)
            case 11:
                self._map(depth)
            case 12:
                return self.struct(depth)
            case _:
                raise ValueError("no such kind")
        return None

    def _list(self, depth: int) -> list[_Value]:
        head = self._byte()
        size, kind = head >> 4, head & 15
        size = self._varint() if size == 15 else size
        if size > len(self._data):
            raise ValueError("longer than the footer")
        return [self._value(kind, depth) for _ in range(size)]

    def _map(self, depth: int) -> None:
        size = self._varint()
        if not size:
            return
        if size > len(self._data):
            raise ValueError("longer than the footer")
        kinds = self._byte()
        for _ in range(size):
            self._value(kinds >> 4, depth)
            self._value(kinds & 15, depth)

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("too long")

    def _byte(self) -> int:
        self._skip(1)
        return self._data[self._place - 1]

    def _skip(self, count: int) -> None:
        self._place += count
        if self._place > len(self._data):
            raise IndexError("behind the end")
