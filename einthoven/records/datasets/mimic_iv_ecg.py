"""MIMIC-IV-ECG 1.0: 12 leads, 10 s, 500 Hz, what the machine said and measured (Gow et al., PhysioNet 2023).

`record_list.csv`, `machine_measurements.csv` and `files/pNNNN/pNNNNNNNN/sNNNNNNNN/NNNNNNNN.hea`, or any part of these.
Labels are the machine's statements, not the truth; what the table does not know stays in the report and is counted.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg, Person
from einthoven.records.datasets import Machine, Row, Rows
from einthoven.records.datasets.tables import day, inside, plain_id, rows_of, table_lines
from einthoven.records.read import read
from einthoven.records.splits import split_of

COLUMNS = ("subject_id", "study_id", "ecg_time", "path")
MEASURED = {
    **{f"{name}_ms": name for name in ("rr_interval", "p_onset", "p_end", "qrs_onset", "qrs_end", "t_end")},
    **{f"{name}_deg": name for name in ("p_axis", "qrs_axis", "t_axis")},
}
REPORTS = tuple(f"report_{number}" for number in range(18))
NOT_MEASURED = frozenset((29999.0, 32767.0, -32768.0, 65535.0, 65534.0, 61440.0))  # how the machines say so


@dataclass(frozen=True)
class MimicIvEcg:
    """MIMIC-IV-ECG as a dataset. It holds no age or sex: those are in MIMIC-IV."""

    name: str = "mimic_iv_ecg"
    timing_only: bool = False
    tables: tuple[str, ...] = ("mimic",)

    def load(self, root: Path) -> Rows:
        """Return the rows of `record_list.csv` whose records are there; splits by patient, as none is published."""
        root = Path(root)
        table, measurements = root / "record_list.csv", root / "machine_measurements.csv"
        lines = table_lines(table, COLUMNS, "MIMIC-IV-ECG")
        rows = rows_of(
            lines,
            lambda line: self._row(line, root),
            lambda line: f"{table}: study {line['study_id']!r:.20}",
            "MIMIC-IV-ECG",
        )
        if not measurements.is_file():
            told = f"{measurements}: not there; the recordings have no labels and no report"
            return replace(rows, left_out=(*rows.left_out, told), left_out_count=rows.left_out_count + 1)
        said = _machine(measurements, frozenset(row.id for row in rows))
        return replace(rows, rows=tuple(_with_machine(row, said) for row in rows))

    def ecg(self, row: Row) -> Ecg:
        """Read a recording; its headers name the leads in an order of their own, which is told by name."""
        return replace(read(row.path), person=row.person, recorded_at=row.recorded_at)

    def _row(self, line: dict[str, str], root: Path) -> Row:
        study, patient = plain_id(line["study_id"]), plain_id(line["subject_id"])
        return Row(
            id=study,
            path=inside(root, line["path"].strip(), ".hea"),
            patient=patient,
            person=Person(patient),
            recorded_at=day(line["ecg_time"]),
            split=split_of(patient, self.name),
            decided=frozenset(),
        )


MIMIC_IV_ECG = MimicIvEcg()


def _machine(path: Path, wanted: frozenset[str]) -> dict[str, Machine]:
    """Return study -> what the machine said and measured."""
    found: dict[str, Machine] = {}
    for line in table_lines(path, ("study_id", "report_0"), "MIMIC-IV-ECG"):
        if line["study_id"] in wanted:
            lines = [" ".join((line.get(column) or "").split()) for column in REPORTS]
            said = [sys.intern(text) for text in lines if text]
            codes = tuple(dict.fromkeys(sys.intern(code) for code in map(_code, said) if code))
            found[line["study_id"]] = Machine("mimic", codes, "; ".join(said), _measured(line))
    return found


def _code(text: str) -> str:
    """Return a statement in lower case without the stars, full stop and spaces around it."""
    return text.strip("* .").casefold()


def _measured(line: Mapping[str, str]) -> dict[str, float]:
    """Return the figures that the machine could measure, named with their unit."""
    figures: dict[str, float] = {}
    for name, column in MEASURED.items():
        try:
            value = float(line.get(column) or "nan")
        except ValueError:
            continue
        if abs(value) < 1e5 and value not in NOT_MEASURED:
            figures[sys.intern(name)] = value
    return figures


def _with_machine(row: Row, said: Mapping[str, Machine]) -> Row:
    machine = said.get(row.id)
    if machine is None:
        return row
    labels: dict[str, float | None] = dict.fromkeys(machine.statements)
    return replace(row, labels=labels, report=machine.text, machine=machine, decided=None if labels else frozenset())
