"""The rows of ECGBench as released: Parquet with embedded pictures, or JSON; texts are read without pictures.

ROOT/ecgbench/SET/*.parquet as on the hub, or *.jsonl or *.json there, or ROOT/ecgbench/SET.json(l).
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from einthoven.core.errors import FormatError, InputError, JobError
from einthoven.core.linefile import read_batch_lines

FOLDER = "ecgbench"
TEXT_COLUMNS = ("id", "No", "image_path", "conversations", "conversation")
PICTURE_COLUMNS = ("id", "No", "image_path", "image")
MAX_ROWS, MAX_FILE_BYTES = 100_000, 256 * 2**20  # of JSON; a Parquet is read in pieces
MAX_TEXT_BYTES, MAX_PICTURES_BYTES = 256 * 2**20, 4 * 2**30  # of one row group, which may have to be read as a whole
ROWS_AT_ONCE, PICTURES_AT_ONCE = 256, 4


def released_files(root: Path, name: str) -> list[Path]:
    """Return the files of a released set, none where it is not there. Parquet goes before JSON lines before JSON."""
    folder = root / FOLDER
    for suffix in ("parquet", "jsonl", "json"):
        inside = sorted(path for path in (folder / name).glob(f"*.{suffix}") if path.is_file())
        if found := inside or [path for path in (folder / f"{name}.{suffix}",) if path.is_file()]:
            return found
    return []


def text_rows(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the rows, without their pictures. Raises InputError for a file that is not as released."""
    count = 0
    for path in files:
        rows = _parquet(path, TEXT_COLUMNS, ROWS_AT_ONCE) if path.suffix == ".parquet" else iter(_json(path))
        for row in rows:
            count += 1
            if count > MAX_ROWS:
                raise FormatError(f"{path}: more than {MAX_ROWS} rows; a set of ECGBench has up to 2,082")
            yield row


def picture_rows(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the rows with their pictures and without their texts, of Parquet only. Raises InputError."""
    for path in files:
        if path.suffix == ".parquet":
            yield from _parquet(path, PICTURE_COLUMNS, PICTURES_AT_ONCE)


def _parquet(path: Path, wanted: Sequence[str], at_once: int) -> Iterator[dict[str, Any]]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(
            f"{path}: reading Parquet needs pyarrow; install it with: pip install 'einthoven[bench]'"
        ) from error
    try:
        with parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
            columns = [name for name in file.schema_arrow.names if name in wanted]
            if not columns:
                raise FormatError(f"{path}: has none of the columns {', '.join(wanted)}")
            _check_size(path, file.metadata, columns)
            for batch in file.iter_batches(at_once, columns=columns, use_threads=False):
                yield from batch.to_pylist()
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, MemoryError) as error:
        told = " ".join(str(error).split())[:120]
        raise FormatError(f"{path}: not a Parquet file that can be read ({type(error).__name__}: {told})") from error


def _check_size(path: Path, metadata: Any, columns: Sequence[str]) -> None:
    """Refuse what would unpack to more than any set holds, before anything is unpacked."""
    most = MAX_PICTURES_BYTES if "image" in columns else MAX_TEXT_BYTES
    if metadata.num_rows > MAX_ROWS:
        raise FormatError(f"{path}: {metadata.num_rows} rows; {MAX_ROWS} are read")
    for group in range(metadata.num_row_groups):
        chunks = (metadata.row_group(group).column(place) for place in range(metadata.num_columns))
        size = sum(one.total_uncompressed_size for one in chunks if one.path_in_schema.split(".")[0] in columns)
        if size > most:
            raise FormatError(f"{path}: a row group of {size} bytes; {most} are read")


def _json(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise FormatError(f"{path}: more than {MAX_FILE_BYTES >> 20} MiB; texts of a set have a few")
    if path.suffix == ".jsonl":
        try:
            return read_batch_lines(path)
        except JobError as error:
            raise FormatError(str(error)) from error
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise FormatError(f"{path}: not JSON in UTF-8 ({type(error).__name__}); a set is a list of rows") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FormatError(f"{path}: a set of ECGBench is a JSON list of rows, each an object")
    return rows
