"""LUDB 1.0.1: 10 s, 500 Hz, P, QRS and T marked by experts in every lead (Kalyakulina et al., IEEE Access 2020).

Each lead is scaled to about 1 mV on its own: for timing only, never for voltages, axis or ST.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg, Fault, Person
from einthoven.core.errors import FormatError, InputError
from einthoven.core.leads import TWELVE
from einthoven.core.waves import Wave, WaveName
from einthoven.records.datasets import Row, Rows
from einthoven.records.formats.comments import age_years
from einthoven.records.read import read
from einthoven.records.splits import split_of

RATE_HZ, BEHIND_S = 500.0, 0.02
MAX_ANNOTATION_BYTES = 1 << 20
_NAMES: dict[str, WaveName] = {"p": "P", "N": "QRS", "t": "T"}
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
        file = row.path.with_suffix(f".{lead.lower()}")
        if not file.is_file() or file.stat().st_size > MAX_ANNOTATION_BYTES:
            raise InputError(f"{file}: no annotation file of a usual size")
        return waves_of(_marks(file))


LUDB = Ludb()


def waves_of(marks: Iterable[tuple[int, str]]) -> list[Wave]:
    """Return the waves in a row of (sample, symbol) marks `(` `p|N|t` `)`, of which borders may be missing.

    Borders belong to the peak beside them; counting them would shift all waves after a missing one. Where marks of one
    kind follow each other, as on a T wave that was marked six times, the first begins and ends first. An onset that
    stands behind its peak, as in a few QS complexes, is no onset.
    """
    waves: list[Wave] = []
    onsets: list[int] = []
    unended: list[int] = []  # places in `waves`
    for sample, symbol in marks:
        if symbol in _NAMES:
            on_s = onsets.pop(0) / RATE_HZ if onsets else None
            unended.append(len(waves))
            waves.append(Wave(_NAMES[symbol], on_s, sample / RATE_HZ, None, 1.0))
        elif symbol == "(":
            behind = bool(unended) and waves[-1].on_s is None and sample / RATE_HZ - (waves[-1].peak_s or 0) < BEHIND_S
            if not behind:
                onsets, unended = [*onsets, sample], []
        elif symbol == ")":
            if unended:
                place = unended.pop(0)
                waves[place] = replace(waves[place], off_s=sample / RATE_HZ)
            onsets = []
    return waves


def _marks(file: Path) -> list[tuple[int, str]]:
    import wfdb

    try:
        found = wfdb.rdann(str(file.absolute().with_suffix("")), file.suffix[1:])
        return [(int(sample), str(symbol)) for sample, symbol in zip(found.sample, found.symbol, strict=True)]
    except Exception as error:  # the parser of a damaged file raises whatever it meets
        raise FormatError(f"{file}: not a WFDB annotation file that can be read ({type(error).__name__})") from error


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
