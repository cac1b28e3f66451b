"""Parquet files. The one front door of pyarrow."""

from pathlib import Path

from xinqiao_clients.sources.files import read_file
from xinqiao_clients.sources.footer import require_open
from xinqiao_clients.sources.table import Cells, Table, require_size
from xinqiao_governance.errors import DataInvalid


def read_parquet_table(path: Path) -> Table:
    """Read a Parquet file of plain columns: texts, numbers, dates, truth values.

    Raises:
        DataInvalid: no such file; encrypted in any part, damaged or too large; nested or binary columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = read_file(path)
    require_open(data, str(path))
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            require_size(len(file.schema_arrow.names), file.metadata.num_rows)
            cells = Cells()
            cells.add(file.schema_arrow.names)
            for batch in file.iter_batches():
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    cells.add(row)
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError):  # their texts may quote the file
        raise DataInvalid("parquet_invalid", path=str(path)) from None
    return cells.table()
