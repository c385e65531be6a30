"""Sets that are folders of WFDB records whose headers tell all, as the PhysioNet/CinC Challenges issued them.

Header comments: Age, Sex, Dx (codes, separated by commas), Text (readable, separated by ;), any may be absent.
Sources: Perez Alday et al., Physiological Measurement 2020 and Reyna et al., CinC 2021.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.tables import left_out_lines, rows_of
from einthoven.records.formats.comments import person_of, recorded_at_of
from einthoven.records.formats.wfdb_files import load_header
from einthoven.records.read import read
from einthoven.records.splits import split_of

# Second name of a signal that is in the sets twice -> set and first name: both count as one patient of that set.
SAME_SIGNAL = {
    "Q0048": ("cpsc2018", "A0101"),
    "Q1179": ("cpsc2018", "A1041"),
    "E07510": ("georgia", "E07509"),
}


@dataclass(frozen=True)
class WfdbFolder:
    """A folder of records, at any depth; each is of another patient, as the makers publish no patient key."""

    name: str
    tables: tuple[str, ...] = ("snomed",)
    timing_only: bool = False

    def load(self, root: Path) -> Rows:
        """Return a row for each header below `root`, by name; splits by patient, as none is published."""
        rows = rows_of(headers_of(root, self.name), self._row, str, self.name)
        return without_doubles(rows)

    def ecg(self, row: Row) -> Ecg:
        return replace(read(row.path), person=row.person, recorded_at=row.recorded_at)

    def _row(self, path: Path) -> Row:
        home, patient = SAME_SIGNAL.get(path.stem, (self.name, path.stem))
        return row_of_header(path, patient, home)


def headers_of(root: Path, name: str) -> list[Path]:
    """Return the WFDB headers below a folder, by name. Raises InputError when there are none."""
    headers = sorted(Path(root).rglob("*.hea"))
    if not headers:
        raise InputError(f"{root}: holds no WFDB header (.hea); give the folder of {name}")
    return headers


def row_of_header(path: Path, patient: str, home: str) -> Row:
    """Return what a header says: codes of Dx or, where it has none, of Text. Raises InputError and its subclasses.

    A recording without codes decides nothing. `home`: the set by whose name patients are divided.
    """
    header = load_header(path)
    said = dict(line.split(":", 1) for line in header.comments if ":" in line)
    report = said.get("Text", "").strip()
    codes = [code.strip() for code in said.get("Dx", "").split(",")]
    if not any(codes):
        codes = [text.strip() for text in report.split(";")]
    labels = dict.fromkeys(filter(None, codes))
    return Row(
        id=path.stem,
        path=path,
        patient=patient,
        person=replace(person_of(header.comments), key=patient),
        recorded_at=header.recorded_at or recorded_at_of(header.comments),
        split=split_of(patient, home),
        labels=labels,
        report=report,
        decided=None if labels else frozenset(),
    )


def without_doubles(rows: Rows) -> Rows:
    """Leave out the second of two records of a set that are known to hold the same signal."""
    ids = {row.id for row in rows}
    double = {row.id: SAME_SIGNAL[row.id][1] for row in rows if row.id in SAME_SIGNAL and SAME_SIGNAL[row.id][1] in ids}
    if not double:
        return rows
    reasons = [f"{row.path}: the same signal as {double[row.id]}" for row in rows if row.id in double]
    count = rows.left_out_count + len(double)
    told = left_out_lines([*reasons, *rows.left_out[:20]], count)
    return replace(rows, rows=tuple(row for row in rows if row.id not in double), left_out=told, left_out_count=count)
