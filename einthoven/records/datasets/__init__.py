"""The datasets: name -> module:OBJECT, loaded on first use; a dataset turns its tables into rows.

See docs/add-a-dataset.md.
"""

from collections.abc import Mapping, Sequence
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
    "ptbdb": "einthoven.records.datasets.ptbdb:PTBDB",
    "code15": "einthoven.records.datasets.code15:CODE15",
    "cpsc2018": "einthoven.records.datasets.cpsc2018:CPSC2018",
    "cpsc_extra": "einthoven.records.datasets.cpsc_extra:CPSC_EXTRA",
    "georgia": "einthoven.records.datasets.georgia:GEORGIA",
    "chapman_ningbo": "einthoven.records.datasets.chapman_ningbo:CHAPMAN_NINGBO",
    "mimic_iv_ecg": "einthoven.records.datasets.mimic_iv_ecg:MIMIC_IV_ECG",
    "table": "einthoven.records.datasets.table:TABLE",
}


@dataclass(frozen=True)
class Machine:
    """What a machine said of a recording: statements as it codes them, their text, figures by names that end in a unit.

    `table` names the table `labels_TABLE.csv` that knows the statements. Not the truth.
    """

    table: str
    statements: tuple[str, ...]
    text: str
    measured: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One recording of a dataset. `labels`: the makers' code -> likelihood 0..100, None where the set states none.

    `decided`: the makers' codes that are absent where `labels` lacks them; None where the row decides all that its set
    states, empty where it says only what is there. `path` may hold many recordings (CODE-15%); `ecg` finds the row's.
    """

    id: str
    path: Path
    patient: str
    person: Person
    recorded_at: datetime | None = None
    split: str = "train"
    labels: dict[str, float | None] = field(default_factory=dict)
    report: str = ""
    decided: frozenset[str] | None = None
    machine: Machine | None = None


@dataclass(frozen=True)
class Rows(Sequence[Row]):
    """The rows whose files are there; `missing` counts those of the table whose files are not.

    `left_out` says what could not be used and why, at most 20 reasons and then how many more; `left_out_count` of all.
    """

    rows: tuple[Row, ...]
    missing: int = 0
    left_out: tuple[str, ...] = ()
    left_out_count: int = 0

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

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables `labels_NAME.csv` that know its labels, the first that has a code counts.

        Other entries: "scp" for the codes of PTB-XL, "findings" for any code or name of the project's own vocabulary.
        """
        ...

    def load(self, root: Path) -> Rows:
        """Return the rows of its own folder, laid out as its makers publish it; a part of it is fine.

        Reads tables and header texts, no signals. A row that is not as published is left out and told; raises
        InputError when the folder is not this dataset, a column is missing or no row at all can be used.
        """
        ...

    def ecg(self, row: Row) -> Ecg:
        """Read the recording of a row, with the person and date that the tables know. Raises as `read`."""
        ...


def load_dataset(name: str) -> Dataset:
    """Return a dataset by its name in DATASETS."""
    module, _, attribute = DATASETS[name].partition(":")
    return cast(Dataset, getattr(import_module(module), attribute))
