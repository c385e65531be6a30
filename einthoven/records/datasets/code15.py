"""CODE-15%: 12 leads, 7 or 10 s, 400 Hz, six findings (Ribeiro et al., Zenodo 4916206).

As its makers publish it, `exams.csv` and `exams_part0.hdf5` on, or as WFDB records whose headers tell what they can.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg, Fault, Person
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.code15_parts import RATE_HZ, read_exam
from einthoven.records.datasets.folder import headers_of, row_of_header
from einthoven.records.datasets.tables import inside, plain_id, rows_of, table_lines
from einthoven.records.formats.comments import age_years
from einthoven.records.read import read
from einthoven.records.splits import split_of

FINDINGS = ("1dAVb", "RBBB", "LBBB", "SB", "ST", "AF")
COLUMNS = ("exam_id", "age", "is_male", "patient_id", "trace_file", *FINDINGS)
DOUBT = "amplitudes of this set are 1.4 to 1.9 times those of others; its unit is in doubt"
_YES_NO = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}

__all__ = ["CODE15", "RATE_HZ", "Code15"]


@dataclass(frozen=True)
class Code15:
    """CODE-15% as a dataset."""

    name: str = "code15"
    timing_only: bool = False
    tables: tuple[str, ...] = ("code15",)

    def load(self, root: Path) -> Rows:
        """Return the rows of `exams.csv` whose part is there, or else of the headers; splits by patient."""
        root = Path(root)
        table = root / "exams.csv"
        if not table.is_file():
            return rows_of(headers_of(root, self.name), self._of_header, str, "CODE-15%")
        lines = table_lines(table, COLUMNS, "CODE-15%")
        return rows_of(
            lines,
            lambda line: self._of_table(line, root),
            lambda line: f"{table}: exam {line['exam_id']!r:.20}",
            "CODE-15%",
        )

    def ecg(self, row: Row) -> Ecg:
        """Read one exam; a fault says that the unit is in doubt. Zeros that fill both ends of a part's row are cut."""
        ecg = read_exam(row.path, int(row.id)) if row.path.suffix == ".hdf5" else read(row.path)
        doubt = Fault("all", "implausible amplitude", DOUBT)
        return replace(ecg, person=row.person, recorded_at=row.recorded_at, faults=(*ecg.faults, doubt))

    def _of_header(self, path: Path) -> Row:
        """Return a row of a re-issue. Text there tells of Chagas disease; absent codes do not mean normal."""
        row = row_of_header(path, path.stem, self.name)
        labels = {code: value for code, value in row.labels.items() if not code.startswith("Chagas=")}
        return replace(row, labels=labels, decided=frozenset())

    def _of_table(self, line: dict[str, str], root: Path) -> Row:
        name, patient = str(int(plain_id(line["exam_id"]))), plain_id(line["patient_id"])
        found = [code for code in FINDINGS if _yes(line, code)]
        normal = ["normal_ecg"] if line.get("normal_ecg") and _yes(line, "normal_ecg") else []
        return Row(
            id=name,
            path=inside(root, line["trace_file"].strip()),
            patient=patient,
            person=Person(
                patient,
                age_years(float(line["age"]) if line["age"] else None),
                "male" if _yes(line, "is_male") else "female",
            ),
            split=split_of(patient, self.name),
            labels=dict.fromkeys([*found, *normal]),
        )


CODE15 = Code15()


def _yes(line: dict[str, str], column: str) -> bool:
    cell = line[column].strip().casefold()
    if cell not in _YES_NO:
        raise ValueError(f"{column} is {cell[:20]!r}; must be True or False")
    return _YES_NO[cell]
