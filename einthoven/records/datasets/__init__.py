"""The datasets: name -> module, loaded on first use; a dataset turns its tables into rows. See docs/add-a-dataset.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from einthoven.core.ecg import Ecg, Person

DATASETS: dict[str, str] = {
    "ptbxl": "einthoven.records.datasets.ptbxl:PTBXL",
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

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self.rows[index]


class Dataset(Protocol):
    """What a dataset offers. `root` is its own folder, laid out as its makers publish it."""

    @property
    def name(self) -> str: ...
    def load(self, root: Path) -> Rows:
        """Return its rows. Raises InputError when the folder is not this dataset."""
        ...

    def ecg(self, row: Row) -> Ecg:
        """Read the recording of a row, with the person and date that the tables know."""
        ...


def load_dataset(name: str) -> Dataset:
    """Return a dataset by its name in DATASETS."""
    module, _, attribute = DATASETS[name].partition(":")
    return cast(Dataset, getattr(import_module(module), attribute))
