"""CPSC 2018: 12 leads, 6 to 60 s, 500 Hz, nine classes (Liu et al., J Med Imaging Health Inform 2018).

As the CinC 2020 Challenge issued it (headers with codes) or as its makers did: `REFERENCE.csv` and, beside it or in
`TrainingSet1` to 3, `A0001.mat` in millivolt at 500 Hz. Age and sex stand in the .mat files and are not read there.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.folder import WfdbFolder
from einthoven.records.datasets.tables import plain_id, rows_of, table_lines
from einthoven.records.read import read
from einthoven.records.splits import split_of

RATE_HZ = 500.0
COLUMNS = ("Recording", "First_label", "Second_label", "Third_label")
CLASSES = ("Normal", "AF", "I-AVB", "LBBB", "RBBB", "PAC", "PVC", "STD", "STE")  # 1 to 9


@dataclass(frozen=True)
class Cpsc2018:
    """CPSC 2018 as a dataset, in either form."""

    name: str = "cpsc2018"
    timing_only: bool = False
    tables: tuple[str, ...] = ("cpsc", "snomed")

    def load(self, root: Path) -> Rows:
        """Return the rows of the headers or, where there are none, of the reference tables; splits by patient."""
        root = Path(root)
        references = sorted(root.rglob("REFERENCE*.csv"))
        if next(root.rglob("*.hea"), None) is not None or not references:
            return WfdbFolder(self.name, self.tables).load(root)
        lines = [(table, line) for table in references for line in table_lines(table, COLUMNS, "CPSC 2018")]
        places = {path.stem: path for path in sorted(root.rglob("*.mat"))}
        return rows_of(
            lines,
            lambda pair: self._row(pair[1], places, pair[0]),
            lambda pair: f"{pair[0]}: row {pair[1]['Recording']!r:.20}",
            "CPSC 2018",
        )

    def ecg(self, row: Row) -> Ecg:
        ecg = read(row.path, RATE_HZ, "mV") if row.path.suffix == ".mat" else read(row.path)
        return replace(ecg, person=row.person, recorded_at=row.recorded_at)

    def _row(self, line: dict[str, str], places: dict[str, Path], table: Path) -> Row:
        name = plain_id(line["Recording"])
        numbers = [cell.strip() for cell in (line[column] or "" for column in COLUMNS[1:]) if cell.strip()]
        strange = [number for number in numbers if number not in map(str, range(1, len(CLASSES) + 1))]
        if strange or not numbers:
            raise InputError(f"{table}: {name} has the class {', '.join(strange) or 'none'}; 1 to {len(CLASSES)} are")
        return Row(
            id=name,
            path=places.get(name, table.with_name(f"{name}.mat")),
            patient=name,
            person=Person(name),
            split=split_of(name, self.name),
            labels=dict.fromkeys(CLASSES[int(number) - 1] for number in numbers),
        )


CPSC2018 = Cpsc2018()
