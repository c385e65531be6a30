"""LUDB 1.0.1: 10 s, 500 Hz, P, QRS and T marked by experts in every lead (Kalyakulina et al., IEEE Access 2020).

Each lead is scaled to about 1 mV on its own: for timing only, never for voltages, axis or ST.
"""

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg, Fault, Person
from einthoven.core.errors import InputError
from einthoven.core.leads import TWELVE
from einthoven.core.waves import Wave
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.marks import read_marks, waves_of
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

    def load(self, root: Path) -> Rows:
        """Return the rows of `ludb.csv` whose records are there. Labels are its statements, as written."""
        table = Path(root) / "ludb.csv"
        if not table.is_file():
            raise InputError(f"{table}: not there; give the folder of LUDB that holds ludb.csv")
        with table.open(encoding="utf-8", newline="") as stream:
            rows = [_row(line, Path(root)) for line in csv.DictReader(stream)]
        there = tuple(row for row in rows if row.path.is_file())
        return Rows(there, len(rows) - len(there))

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
    try:
        patient = line["ID"].strip()
        if not re.match(r"\d{1,9}$", patient, re.ASCII):
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
    except (KeyError, ValueError, AttributeError) as error:
        raise InputError(f"{root / 'ludb.csv'}: not as LUDB publishes it ({type(error).__name__}: {error})") from error
