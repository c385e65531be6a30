"""The datasets: name -> module:OBJECT, loaded on first use; a dataset turns its tables into rows.

See docs/add-a-dataset.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast, overload

from einthoven.core.ecg import Ecg, Person

DATASETS: dict[str, str] = {
    "ptbxl": "einthoven.records.datasets.ptbxl:PTBXL",
    "ludb": "einthoven.records.datasets.ludb:LUDB",
    "qtdb": "einthoven.records.datasets.qtdb:QTDB",
    "ptbdb": "einthoven.records.datasets.folder:PTBDB",
    "code15": "einthoven.records.datasets.folder:CODE15",
    "cpsc2018": "einthoven.records.datasets.folder:CPSC2018",
    "cpsc_extra": "einthoven.records.datasets.folder:CPSC_EXTRA",
    "georgia": "einthoven.records.datasets.folder:GEORGIA",
    "chapman_ningbo": "einthoven.records.datasets.folder:CHAPMAN_NINGBO",
}


@dataclass(frozen=True)
class Row:
    """One recording of a dataset. `labels`: code -> likelihood 0..100, None where the set states none."""

    id: str
    path: Path
    patient: str
    person: Person
    recorded_at: datetime | None = None
    split: str = "train"
    labels: dict[str, float | None] = field(default_factory=dict)
    report: str = ""


@dataclass(frozen=True)
class Rows(Sequence[Row]):
    """The rows whose files are there; `missing` counts those of the table whose files are not."""

    rows: tuple[Row, ...]
    missing: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self.rows[index]


class Dataset(Protocol):
    """What a dataset offers."""

    @property
    def name(self) -> str:
        """Return the name of its folder under a data root."""
        ...

    @property
    def timing_only(self) -> bool:
        """Tell whether its amplitudes mean nothing: neither voltages nor axis nor ST may be taken from it."""
        ...

    def load(self, root: Path) -> Rows:
        """Return the rows of its own folder, laid out as its makers publish it; a part of it is fine.

        Reads tables and header texts, no signals. Raises InputError when the folder is not this dataset.
        """
        ...

    def ecg(self, row: Row) -> Ecg:
        """Read the recording of a row, with the person and date that the tables know. Raises as `read`."""
        ...


def load_dataset(name: str) -> Dataset:
    """Return a dataset by its name in DATASETS."""
    module, _, attribute = DATASETS[name].partition(":")
    return cast(Dataset, getattr(import_module(module), attribute))
