"""QTDB 1.0.0: 15 min of two leads at 250 Hz, selected beats marked by cardiologists (Laguna et al., CinC 1997).

Excerpts of other databases. Whether two are of one person is not stated, so each record counts as a patient.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError, InputError
from einthoven.core.waves import Wave
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.marks import read_marks, waves_of
from einthoven.records.datasets.tables import rows_of
from einthoven.records.formats.comments import person_of
from einthoven.records.formats.wfdb_files import load_header
from einthoven.records.read import read
from einthoven.records.splits import split_of

RATE_HZ = 250.0
FIRST_CARDIOLOGIST = ".q1c"
_NAME = re.compile(r"sele?\d{1,9}", re.ASCII)


@dataclass(frozen=True)
class Qtdb:
    """QTDB as a dataset, with the marks of its first cardiologist; the second marked 11 records only."""

    name: str = "qtdb"
    timing_only: bool = False
    tables: tuple[str, ...] = ()

    def load(self, root: Path) -> Rows:
        """Return the rows of `RECORDS` whose headers are there, with what these say of the person. No labels."""
        table = Path(root) / "RECORDS"
        if not table.is_file():
            raise InputError(f"{table}: not there; give the folder of QTDB that holds RECORDS")
        names = table.read_text(encoding="utf-8", errors="replace").split()
        strange = [name for name in names or [""] if not _NAME.fullmatch(name)]
        if strange:
            raise InputError(
                f"{table}: not as QTDB publishes it; record {strange[0][:30]!r} must be like sel100, sele0104"
            )
        paths = [table.with_name(f"{name}.hea") for name in names]
        there = [path for path in paths if path.is_file()]
        rows = rows_of(there, lambda path: _row(path, self.name), str, "QTDB")
        return replace(rows, missing=len(paths) - len(there))

    def ecg(self, row: Row) -> Ecg:
        """Read a recording. Leads keep names that are of its source only, as CM5 and ECG1; MLII becomes II."""
        return replace(read(row.path), person=row.person)

    def annotations(self, row: Row) -> list[Wave]:
        """Return the waves that the first cardiologist marked seeing both leads, in order of time, without U waves.

        A border that is not marked is None, as most onsets of T. Beats were selected: between two marked ones there
        may be others. Raises InputError when there is no annotation file, FormatError when it is damaged.
        """
        return waves_of(read_marks(row.path.with_suffix(FIRST_CARDIOLOGIST)), RATE_HZ)

    def marked_span(self, row: Row) -> tuple[float, float]:
        """Return the seconds of the first and the last mark. Raises as `annotations`, and FormatError without marks."""
        file = row.path.with_suffix(FIRST_CARDIOLOGIST)
        samples = [sample for sample, _ in read_marks(file)]
        if not samples:
            raise FormatError(f"{file}: marks no wave; QTDB marks 30 beats or more")
        return min(samples) / RATE_HZ, max(samples) / RATE_HZ


QTDB = Qtdb()


def _row(path: Path, dataset: str) -> Row:
    name = path.stem
    person = replace(person_of(load_header(path).comments), key=name)
    return Row(id=name, path=path, patient=name, person=person, split=split_of(name, dataset))
