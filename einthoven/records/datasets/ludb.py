"""LUDB 1.0.1: 10 s, 500 Hz, P, QRS and T marked by experts in every lead (Kalyakulina et al., IEEE Access 2020).

Each lead is scaled to about 1 mV on its own: for timing only, never for voltages, axis or ST.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg, Fault, Person
from einthoven.core.errors import InputError
from einthoven.core.leads import TWELVE
from einthoven.core.waves import Wave
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.marks import read_marks, waves_of
from einthoven.records.datasets.tables import rows_of, table_lines
from einthoven.records.formats.comments import age_years
from einthoven.records.read import read
from einthoven.records.splits import split_of

RATE_HZ = 500.0
_NOT_STATEMENTS = ("ID", "Sex", "Age")


@dataclass(frozen=True)
class Ludb:
    """LUDB as a dataset, with its annotations."""

    name: str = "ludb"
    timing_only: bool = True
    tables: tuple[str, ...] = ("ludb",)

    def load(self, root: Path) -> Rows:
        """Return the rows of `ludb.csv` whose records are there. Labels are its statements, as written."""
        table = Path(root) / "ludb.csv"
        lines = table_lines(table, _NOT_STATEMENTS, "LUDB")
        return rows_of(
            lines, lambda line: _row(line, Path(root)), lambda line: f"{table}: row {line['ID']!r:.20}", "LUDB"
        )

    def ecg(self, row: Row) -> Ecg:
        """Read a recording; one fault says what its scaling means, in place of those that follow from it."""
        ecg = read(row.path)
        scaled = Fault("all", "implausible amplitude", "each lead is scaled on its own; for timing only")
        kept = [fault for fault in ecg.faults if fault.kind not in ("limb leads disagree", "implausible amplitude")]
        return replace(ecg, person=row.person, faults=(*kept, scaled))

    def annotations(self, row: Row, lead: str) -> list[Wave]:
        """Return the waves that experts marked in one lead, in order of time; a border that is not marked is None.

        Waves of the first and last seconds are not marked: ignore what lies outside of the first and last mark.
        Raises InputError when there is no such lead or file, FormatError when it is damaged.
        """
        if lead not in TWELVE:
            raise InputError(f"{row.path}: no lead {lead}; there are {', '.join(TWELVE)}")
        return waves_of(read_marks(row.path.with_suffix(f".{lead.lower()}")), RATE_HZ)


LUDB = Ludb()


def _row(line: dict[str, str], root: Path) -> Row:
    patient = line["ID"].strip()
    if not re.fullmatch(r"\d{1,9}", patient, re.ASCII):
        raise ValueError(f"ID {patient[:20]!r}")
    age, sex = line["Age"].strip(), line["Sex"].strip()
    years = age_years(float(age.strip("> ")), over=age.startswith(">")) if age.strip("> ") else None
    cells = [cell for column, cell in line.items() if column not in _NOT_STATEMENTS and cell]
    statements = [said.strip() for cell in cells for said in cell.splitlines()]
    return Row(
        id=patient,
        path=root / "data" / f"{patient}.hea",
        patient=patient,
        person=Person(patient, years, "male" if sex == "M" else "female" if sex == "F" else None),
        split=split_of(patient, "ludb"),
        labels=dict.fromkeys(filter(None, statements)),
        report="; ".join(filter(None, statements)),
    )
