"""PTB-XL 1.0.3: 12 leads, 10 s, 500 Hz, SCP-ECG codes and reports (Wagner et al., Scientific Data 2020)."""

import ast
import csv
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError
from einthoven.records.datasets import Row, Rows
from einthoven.records.formats.comments import age_years
from einthoven.records.read import read

_OFFICIAL = {9: "valid", 10: "test"}  # all other folds: train


def load(root: str | Path) -> Rows:
    """Return the rows of a PTB-XL folder.

    Where `local_split.csv` is present, rows are built for its ids only and carry its splits; otherwise for all, with
    the official folds (1-8 train, 9 valid, 10 test). A row without its file is skipped and counted. A likelihood is
    0..100, and None where the table has 0, which there means "not stated". Raises InputError.
    """
    root = Path(root)
    table, local = root / "ptbxl_database.csv", root / "local_split.csv"
    if not table.is_file():
        raise InputError(f"{table}: not there; give the folder of PTB-XL that holds ptbxl_database.csv")
    splits = {line["ecg_id"]: line["split"] for line in _lines(local)} if local.is_file() else None
    rows, missing = [], 0
    for line in _lines(table):
        if splits is not None and line["ecg_id"] not in splits:
            continue
        row = _row(line, root, splits)
        if row.path.is_file():
            rows.append(row)
        else:
            missing += 1
    return Rows(tuple(rows), missing)


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _row(line: dict[str, str], root: Path, splits: dict[str, str] | None) -> Row:
    try:
        codes = ast.literal_eval(line["scp_codes"])
        patient = str(int(float(line["patient_id"])))
        age = float(line["age"]) if line["age"] else None
        return Row(
            id=line["ecg_id"],
            path=root / f"{line['filename_hr']}.hea",
            patient=patient,
            person=Person(patient, age_years(age), {"0": "male", "1": "female"}.get(line["sex"])),  # type: ignore[arg-type]
            recorded_at=datetime.fromisoformat(line["recording_date"]) if line["recording_date"] else None,
            split=splits[line["ecg_id"]] if splits else _OFFICIAL.get(int(float(line["strat_fold"])), "train"),
            labels={code: float(likelihood) or None for code, likelihood in codes.items()},
            report=line["report"].strip(),
        )
    except (KeyError, ValueError, SyntaxError, TypeError, AttributeError) as error:
        where = f"{root / 'ptbxl_database.csv'}: row {line.get('ecg_id')}"
        raise InputError(f"{where} is not as PTB-XL publishes it ({type(error).__name__}: {error})") from error


@dataclass(frozen=True)
class PtbXl:
    """PTB-XL as a dataset."""

    name: str = "ptbxl"

    def load(self, root: Path) -> Rows:
        return load(root)

    def ecg(self, row: Row) -> Ecg:
        return replace(read(row.path), person=row.person, recorded_at=row.recorded_at)


PTBXL = PtbXl()
