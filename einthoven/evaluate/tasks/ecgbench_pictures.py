"""What the items of ECGBench refer to, written out: pictures embedded in Parquet, recordings inside of larger files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import EcgError, InputError, JobError
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.ecgbench_rebuilt import needs_export, rows_of_items
from einthoven.evaluate.tasks.ecgbench_released import picture_path
from einthoven.evaluate.tasks.ecgbench_rows import picture_rows
from einthoven.evaluate.tasks.ecgbench_sets import BenchSet
from einthoven.evaluate.tasks.ecgbench_texts import RowFault
from einthoven.records.write import write_wfdb

MAX_PICTURE_BYTES = 64 * 2**20
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True)
class Exported:
    """written and kept (there before, the same): how many files; left_out: reason -> how many were not written."""

    written: int
    kept: int
    left_out: Mapping[str, int]

    def __str__(self) -> str:
        out = "".join(f"; {count} left out: {reason}" for reason, count in self.left_out.items())
        return f"{self.written} pictures or recordings written, {self.kept} there before{out}"


def export_embedded(files: Sequence[Path], folder: Path) -> Exported:
    """Write every embedded picture to folder/IMAGE_PATH; of the file, a row group at a time is in memory.

    Left out: no picture, one over MAX_PICTURE_BYTES, bytes that are neither PNG nor JPEG, a path that is not plain, and
    one that a file of other content has. Raises InputError when the files embed nothing, JobError when a file cannot be
    written.
    """
    counted: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for row in picture_rows(files):
        try:
            counted[_write(folder / picture_path(row), _bytes(row))] += 1
        except RowFault as fault:
            left_out[str(fault)] += 1
    if not counted:
        told = ", ".join(f"{reason} ({count})" for reason, count in left_out.items()) or "JSON has none"
        raise InputError(f"{files[0]}: embeds no picture that can be written; {told}")
    return Exported(counted["written"], counted["kept"], dict(left_out))


def _bytes(row: Mapping[str, Any]) -> bytes:
    image = row.get("image")
    data = image.get("bytes") if isinstance(image, Mapping) else image
    if not isinstance(data, bytes) or not data:
        raise RowFault("no picture")
    if len(data) > MAX_PICTURE_BYTES:
        raise RowFault(f"a picture over {MAX_PICTURE_BYTES >> 20} MiB")
    if not data.startswith(_MAGIC):
        raise RowFault("neither PNG nor JPEG")
    return data


def _write(path: Path, data: bytes) -> str:
    if path.is_file():
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return "kept"
        raise RowFault("another file is there")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{path.parent}: cannot be made ({error.strerror}); give another folder") from error
    atomic_write(path, data)
    return "written"


def export_recordings(one: BenchSet, root: Path, items: Sequence[Item]) -> Exported:
    """Write the recordings of rebuilt items that have no path of their own to where the items look for them, as WFDB.

    Raises JobError when one cannot be written.
    """
    counted: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    dataset, rows = rows_of_items(one, root, items)
    for item in items:
        row, place = rows[item.sample.about["record"]], Path(item.sample.ecgs[0])
        if not needs_export(row):
            continue
        if place.with_name(f"{place.name}.hea").is_file():
            counted["kept"] += 1
            continue
        try:
            ecg = dataset.ecg(row)
            place.parent.mkdir(parents=True, exist_ok=True)
            write_wfdb(ecg, place.parent, place.name)
            counted["written"] += 1
        except JobError:
            raise
        except EcgError as error:
            left_out[f"{type(error).__name__}: {error}"[:120]] += 1
        except OSError as error:
            raise JobError(f"{place.parent}: cannot be made ({error.strerror})") from error
    return Exported(counted["written"], counted["kept"], dict(left_out))
