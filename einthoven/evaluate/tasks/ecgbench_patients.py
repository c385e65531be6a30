"""Whose ECG a released picture shows: by the record in its name and the archive's own table, where that is there."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from einthoven.evaluate.tasks.ecgbench_released import PatientsOf, ecg_id_of
from einthoven.evaluate.tasks.ecgbench_sets import BenchSet
from einthoven.records.datasets.folder import SAME_SIGNAL
from einthoven.records.datasets.tables import table_lines

_RECORD = {
    "cpsc2018": re.compile(r"(A\d{4})\b"),
    "chapman_ningbo": re.compile(r"(JS\d{5})\b"),
    "georgia": re.compile(r"(E\d{5})\b"),
}
_EXAM = re.compile(r"(\d{1,10})-\d+\.")


def patients_of(one: BenchSet, root: Path) -> PatientsOf:
    """Return a function from the name of a picture to its patients, () for one that nobody can know.

    PTB-XL and CODE-15% need their tables below `root`; in the other archives every record is a patient.
    """
    if one.archive == "ptbxl":
        table = _table(root / "ptbxl" / "ptbxl_database.csv", "ecg_id", lambda cell: str(int(float(cell))))
        return partial(_looked_up, ecg_id_of, table, one.archive)
    if one.archive == "code15":
        table = _table(root / "code15" / "exams.csv", "exam_id", str.strip)
        return partial(_looked_up, _exam_of, table, one.archive)
    return partial(_own, one.archive)


def _looked_up(
    number_of: Callable[[str], int | None], table: dict[int, str], archive: str, name: str
) -> tuple[str, ...]:
    number = number_of(name)
    return (f"{archive}/{table[number]}",) if number in table else ()


def _own(archive: str, name: str) -> tuple[str, ...]:
    match = _RECORD[archive].match(name) if archive in _RECORD else None
    if match is None:
        return ()
    home, patient = SAME_SIGNAL.get(match[1], (archive, match[1]))
    return (f"{home}/{patient}",)


def _exam_of(name: str) -> int | None:
    match = _EXAM.match(name)
    return int(match[1]) if match else None


def _table(path: Path, key: str, patient_of: Callable[[str], str]) -> dict[int, str]:
    """Return record -> patient as the archive's loader calls it, empty where the table is not there."""
    if not path.is_file():
        return {}
    found: dict[int, str] = {}
    for line in table_lines(path, (key, "patient_id"), path.parent.name):
        try:
            found[int(line[key])] = patient_of(line["patient_id"])
        except (TypeError, ValueError):
            continue  # a line that the loader of the archive leaves out too
    return found
