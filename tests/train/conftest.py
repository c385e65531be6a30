"""A folder laid out as PTB-XL is, made of simulated hearts, and the pack of it."""

import csv
from pathlib import Path

import pytest

from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from einthoven.train.pack import Pack, make_pack

RECORDINGS, PATIENTS = 60, 36
CODES = (["NORM", "SR"], ["CLBBB", "SR"], ["AFIB", "IMI"], ["LVH", "NDT", "SR"])
COLUMNS = ("ecg_id", "patient_id", "age", "sex", "recording_date", "report", "scp_codes", "strat_fold", "filename_hr")


def write_ptbxl(root: Path) -> Path:
    """Write `root/ptbxl`: every recording has an amplitude of its own, some patients have two; every fifth is valid."""
    folder = root / "ptbxl" / "records500" / "00000"
    folder.mkdir(parents=True)
    hearts = [simulate(findings, seed=3).ecg for findings in ([], ["CLBBB"], ["AFIB"], ["LVH"])]
    with (root / "ptbxl" / "ptbxl_database.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(1, RECORDINGS + 1):
            heart, name = hearts[number % 4], f"{number:05d}_hr"
            write_wfdb(heart.with_signal(heart.signal_mv * (1 + number / 500), 500.0), folder, name)
            patient = 1000 + number % PATIENTS
            codes = dict.fromkeys(CODES[number % 4], 100.0)
            fold = 9 if patient % 5 == 0 else 10 if patient % 11 == 0 else 1 + patient % 8
            writer.writerow([number, f"{patient}.0", 60.0, number % 2, "2001-01-01 10:00:00", "", str(codes), fold,
                             f"records500/00000/{name}"])  # fmt: skip
    return root


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds ptbxl/."""
    return write_ptbxl(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def pack(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The pack of it."""
    return make_pack(data, tmp_path_factory.mktemp("packs") / "pack")
