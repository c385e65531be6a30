"""PTB-XL 1.0.3: 12 leads, 10 s, 500 Hz, SCP-ECG codes and reports (Wagner et al., Scientific Data 2020)."""

import ast
import csv
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError
from einthoven.records.datasets import Row, Rows
from einthoven.records.formats.comments import age_years
from einthoven.records.read import read

_OFFICIAL = {9: "valid", 10: "test"}  # all other folds: train
_SEX: dict[str, Literal["male", "female"]] = {"0": "male", "1": "female"}


@dataclass(frozen=True)
class PtbXl:
    """PTB-XL as a dataset."""

    name: str = "ptbxl"
    timing_only: bool = False

    def load(self, root: Path) -> Rows:
        """Return the rows of a PTB-XL folder.

        Where `local_split.csv` is present, rows are built for its ids only and carry its splits; otherwise for all,
        with the official folds (1-8 train, 9 valid, 10 test). A row without its file is skipped and counted. A
        likelihood is 0..100, and None where the table has 0, which there means "not stated". Age 300, "over 89",
        becomes 90. Raises InputError.
        """
        root = Path(root)
        table, local = root / "ptbxl_database.csv", root / "local_split.csv"
        if not table.is_file():
            raise InputError(f"{table}: not there; give the folder of PTB-XL that holds ptbxl_database.csv")
        splits = {line["ecg_id"]: line["split"] for line in _lines(local)} if local.is_file() else None
        wanted = [line for line in _lines(table) if splits is None or line["ecg_id"] in splits]
        rows = [_row(line, root, splits) for line in wanted]
        there = tuple(row for row in rows if row.path.is_file())
        return Rows(there, len(rows) - len(there))

    def ecg(self, row: Row) -> Ecg:
        return replace(read(row.path), person=row.person, recorded_at=row.recorded_at)


PTBXL = PtbXl()


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _row(line: dict[str, str], root: Path, splits: dict[str, str] | None) -> Row:
    try:
        patient = str(int(float(line["patient_id"])))
        age = float(line["age"]) if line["age"] else None
        name = line["filename_hr"]
        if not re.match(r"[-\w]+(/[-\w]+)*$", name):
            raise ValueError(f"filename_hr {name[:60]!r}")
        return Row(
            id=line["ecg_id"],
            path=root / f"{name}.hea",
            patient=patient,
            person=Person(patient, age_years(age), _SEX.get(line["sex"])),
            recorded_at=datetime.fromisoformat(line["recording_date"]) if line["recording_date"] else None,
            split=splits[line["ecg_id"]] if splits else _OFFICIAL.get(int(float(line["strat_fold"])), "train"),
            labels=_likelihoods(line["scp_codes"]),
            report=line["report"].strip(),
        )
    except (KeyError, ValueError, SyntaxError, TypeError, AttributeError) as error:
        where = f"{root / 'ptbxl_database.csv'}: row {line.get('ecg_id')}"
        raise InputError(f"{where} is not as PTB-XL publishes it ({type(error).__name__}: {error})") from error


def _likelihoods(text: str) -> dict[str, float | None]:
    """Return code -> likelihood of a cell like "{'NORM': 100.0, 'SR': 0.0}", a Python literal; 0 becomes None."""
    if len(text) > 10_000:
        raise ValueError("scp_codes of more than 10,000 characters")
    codes = {str(code): float(likelihood) for code, likelihood in ast.literal_eval(text).items()}
    if not all(0 <= likelihood <= 100 for likelihood in codes.values()):
        raise ValueError("a likelihood outside 0 to 100")
    return {code: likelihood or None for code, likelihood in codes.items()}
