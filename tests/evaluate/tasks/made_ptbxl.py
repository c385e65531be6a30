"""Archives in PTB-XL's layout for tests of tasks: tables as published, headers without signals unless asked for."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb

COLUMNS = ("ecg_id", "patient_id", "age", "sex", "recording_date", "report", "scp_codes", "strat_fold", "filename_hr",
           "baseline_drift", "static_noise", "burst_noise", "electrodes_problems", "infarction_stadium1",
           "infarction_stadium2", "extra_beats", "heart_axis", "pacemaker")  # fmt: skip
FOLDS = {"train": "3", "valid": "9", "test": "10"}


@dataclass(frozen=True)
class Made:
    """One recording: its codes with likelihoods, whose it is, in which split, and its report."""

    codes: dict[str, float]
    patient: int
    split: str = "test"
    report: str = "sinus rhythm. normal ecg."


def write_ptbxl(root: Path, made: Sequence[Made], signals: bool = False) -> Path:
    """Write ROOT/ptbxl, ecg_ids from 1, and return ROOT."""
    records = root / "ptbxl" / "records500" / "00000"
    records.mkdir(parents=True)
    with (root / "ptbxl" / "ptbxl_database.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number, one in enumerate(made, start=1):
            name = f"{number:05d}_hr"
            if signals:
                write_wfdb(simulate([min(one.codes)], seed=number).ecg, records, name)
            else:
                (records / f"{name}.hea").write_text(f"{name} 0 500 5000\n")
            day = f"1990-11-{number % 28 + 1:02d} 09:17:34"
            writer.writerow((number, f"{one.patient}.0", "56.0", "1", day, one.report, repr(one.codes),
                             FOLDS[one.split], f"records500/00000/{name}", *[""] * 9))  # fmt: skip
    return root


def write_local_split(root: Path, splits: dict[int, str]) -> None:
    """Write local_split.csv, which restricts the archive to these recordings and says their splits."""
    lines = [f"{number},{split}" for number, split in splits.items()]
    (root / "ptbxl" / "local_split.csv").write_text("\n".join(("ecg_id,split", *lines)) + "\n")


def many(count: int = 60, split: str = "test") -> list[Made]:
    """So many recordings of as many patients: a third normal, the others with one or more of a few findings."""
    kinds: list[dict[str, float]] = [
        {"NORM": 100.0, "SR": 0.0}, {"AFIB": 0.0, "LVH": 100.0}, {"SR": 0.0, "CLBBB": 100.0},
        {"NORM": 80.0, "SR": 0.0}, {"SR": 0.0, "IMI": 50.0, "1AVB": 100.0}, {"SR": 0.0, "CLBBB": 100.0, "PVC": 0.0},
    ]  # fmt: skip
    return [Made(kinds[number % len(kinds)], number + 1, split) for number in range(count)]
