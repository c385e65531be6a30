"""Small made archives: records with labels drawn by name, and a PTB-XL folder with the cells that ECG-QA reads."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.instruct.ecgqa.attributes import NOISE_COLUMNS, QaRecord
from einthoven.records.write import write_wfdb
from tests.records.make import toy

CODES = ("NORM", "IMI", "ASMI", "LVH", "CLBBB", "NDT", "NST_", "PVC", "INVT", "STD_", "SR", "AFIB", "SBRAD", "RVH")
FEATURES = ("pr interval", "qrs duration", "qt interval", "qt corrected", "rr interval")


def archive(patients: int = 120, each: int = 3, split: str = "train", seed: int = 0) -> list[QaRecord]:
    """Return records in which every kind of thing occurs, with dates, and every third with what archives leave open."""
    return [_record(patient, number, each, split, seed) for patient in range(patients) for number in range(each)]


def _record(patient: int, number: int, each: int, split: str, seed: int) -> QaRecord:
    random = rng("made archive", split, seed, patient, number)
    codes = [code for code in CODES if random.random() < 0.25]
    leads = {kind: frozenset(lead for lead in TWELVE if random.random() < 0.3) or None for kind in NOISE_COLUMNS}
    stages = ("early stage of myocardial infarction", "old stage of myocardial infarction",
              "middle stage of myocardial infarction", "unknown stage of myocardial infarction")  # fmt: skip
    beats = ("extrasystoles", "ventricular extrasystoles", "supraventricular extrasystoles")
    axes = ("normal heart axis", "left axis deviation", "right axis deviation", "extreme axis deviation", None)
    return QaRecord(
        id=str(patient * each + number),
        patient=f"{split}{patient}",
        path=f"records500/{split}/{patient:03}_{number}_hr",
        split=split,
        recorded_at=datetime(2000, 1, 1) + timedelta(days=int(random.integers(1000))) if number < 2 else None,
        scp={code: float(random.choice([0, 50, 100, 100])) for code in codes},
        noise={kind: where for kind, where in leads.items() if random.random() < 0.3},
        stages=frozenset({str(random.choice(stages))} if random.random() < 0.5 else ()),
        extra_systoles=frozenset(beat for beat in beats if random.random() < 0.2),
        axis=axes[int(random.integers(5))],
        form_leads={
            code: frozenset(lead for lead in TWELVE if random.random() < 0.4) or frozenset({"I"})
            for code in ("INVT", "STD_", "NDT")
            if code in codes and random.random() < 0.8
        },
        features={feature: ("below", "within", "above")[int(random.integers(3))] for feature in FEATURES},
    )


COLUMNS = ("ecg_id", "patient_id", "age", "sex", "recording_date", "report", "scp_codes", "strat_fold", "filename_hr",
           *NOISE_COLUMNS.values(), "infarction_stadium1", "infarction_stadium2", "extra_beats", "heart_axis",
           "pacemaker")  # fmt: skip


def line(ecg_id: int, patient: int, scp: str, report: str = "", **cells: str) -> dict[str, str]:
    """Return a line of the PTB-XL table."""
    plain = dict.fromkeys(COLUMNS, "") | {
        "ecg_id": str(ecg_id),
        "patient_id": f"{patient}.0",
        "age": "60.0",
        "sex": "1",
        "recording_date": f"1990-01-0{ecg_id} 09:00:00",
        "report": report,
        "scp_codes": scp,
        "strat_fold": "3",
        "filename_hr": f"records500/00000/{ecg_id:05}_hr",
    }
    return plain | cells


def write_ptbxl(
    root: Path, lines: Sequence[dict[str, str]], splits: dict[str, str], columns: Sequence[str] = COLUMNS
) -> None:
    """Write a folder of PTB-XL with a recording for every line, and `local_split.csv` with these ids."""
    folder = root / "records500" / "00000"
    folder.mkdir(parents=True)
    with (root / "ptbxl_database.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    (root / "local_split.csv").write_text("ecg_id,split\n" + "".join(f"{id},{split}\n" for id, split in splits.items()))
    for one in lines:
        write_wfdb(toy(seconds=2.0), folder, Path(one["filename_hr"]).name)
