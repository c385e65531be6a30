"""PTB-XL 1.0.3: 12 leads, 10 s, 500 Hz, SCP-ECG codes and reports (Wagner et al., Scientific Data 2020)."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError
from einthoven.records.datasets import Machine, Row, Rows
from einthoven.records.datasets.ptbxl_plus import statements_12sl
from einthoven.records.datasets.tables import day, inside, rows_of, table_lines
from einthoven.records.formats.comments import age_years
from einthoven.records.read import read

COLUMNS = (
    "ecg_id", "patient_id", "age", "sex", "recording_date", "report", "scp_codes", "strat_fold", "filename_hr",
)  # fmt: skip
SPLITS = ("train", "valid", "test")
_OFFICIAL = {9: "valid", 10: "test"}  # all other folds: train
_SEX: dict[str, Literal["male", "female"]] = {"0": "male", "1": "female"}


@dataclass(frozen=True)
class PtbXl:
    """PTB-XL as a dataset, with the 12SL statements of PTB-XL+ where these are there."""

    name: str = "ptbxl"
    timing_only: bool = False
    tables: tuple[str, ...] = ("scp",)

    def load(self, root: Path) -> Rows:
        """Return the rows of a PTB-XL folder.

        Where `local_split.csv` is present, rows are built for its ids only and carry its splits; otherwise for all,
        with the official folds (1-8 train, 9 valid, 10 test). A row without its file is skipped and counted. A
        likelihood is 0..100, and None where the table has 0, which there means "not stated". Age 300, "over 89",
        becomes 90. Raises InputError.
        """
        root = Path(root)
        table, local = root / "ptbxl_database.csv", root / "local_split.csv"
        splits: dict[str, str] | None = None
        lines = table_lines(table, COLUMNS, "PTB-XL")
        if local.is_file():
            splits = {line["ecg_id"]: line["split"] for line in table_lines(local, ("ecg_id", "split"), "PTB-XL")}
        wanted = [line for line in lines if splits is None or line["ecg_id"] in splits]
        strange = sorted({str(split)[:20] for split in (splits or {}).values() if split not in SPLITS})
        if strange:
            raise InputError(f"{local}: has the split {strange[0]!r}; train, valid, test are")
        machine = statements_12sl(root, frozenset(line["ecg_id"] for line in wanted))
        return rows_of(
            wanted,
            lambda line: _row(line, root, splits, machine),
            lambda line: f"{table}: row {line['ecg_id']}",
            "PTB-XL",
        )

    def ecg(self, row: Row) -> Ecg:
        return replace(read(row.path), person=row.person, recorded_at=row.recorded_at)


PTBXL = PtbXl()


def _row(line: dict[str, str], root: Path, splits: dict[str, str] | None, machine: Mapping[str, Machine]) -> Row:
    patient = str(int(float(line["patient_id"])))
    age = float(line["age"]) if line["age"] else None
    try:
        path = inside(root, line["filename_hr"], ".hea")
    except ValueError as error:
        raise ValueError(f"filename_hr: {error}") from error
    return Row(
        id=line["ecg_id"],
        path=path,
        patient=patient,
        person=Person(patient, age_years(age), _SEX.get(line["sex"])),
        recorded_at=day(line["recording_date"]),
        split=splits[line["ecg_id"]] if splits else _OFFICIAL.get(int(float(line["strat_fold"])), "train"),
        labels=_likelihoods(line["scp_codes"]),
        report=line["report"].strip(),
        machine=machine.get(line["ecg_id"]),
    )


def _likelihoods(text: str) -> dict[str, float | None]:
    """Return code -> likelihood of a cell like "{'NORM': 100.0, 'SR': 0.0}", a Python literal; 0 becomes None."""
    if len(text) > 10_000:
        raise ValueError("scp_codes of more than 10,000 characters")
    codes = {str(code): float(likelihood) for code, likelihood in ast.literal_eval(text).items()}
    if not all(0 <= likelihood <= 100 for likelihood in codes.values()):
        raise ValueError("a likelihood outside 0 to 100")
    return {code: likelihood or None for code, likelihood in codes.items()}
