"""Tiny fakes of the datasets in the layouts that their makers publish, and the traps of each layout."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.io import savemat

from einthoven.core.errors import FormatError, InputError
from einthoven.core.leads import TWELVE
from einthoven.records.datasets import load_dataset
from einthoven.records.datasets.mapping import findings_of, machine_findings_of
from einthoven.records.splits import split_of
from einthoven.records.write import write_wfdb
from tests.records.make import grid, toy

CODE15_COLUMNS = (
    "exam_id,age,is_male,nn_predicted_age,1dAVb,RBBB,LBBB,SB,ST,AF,patient_id,death,timey,normal_ecg,trace_file"
)
MIMIC_LEADS = ("I", "II", "III", "aVR", "aVF", "aVL", "V1", "V2", "V3", "V4", "V5", "V6")
PTB_COMMENTS = (
    "age: 81",
    "sex: female",
    "ECG date: 01/10/1990",
    "Diagnose:",
    "Reason for admission: Myocardial infarction",
    "Acute infarction (localization): infero-latera",
    "Former infarction (localization): no",
    "Additional diagnoses: Diabetes mellitus, Atrial fibrillation",
    "Smoker: no",
    "Infarction date (acute): 29-Sep-90",
)


@dataclass(frozen=True)
class Fake:
    """A made folder: how it is written and what is to be found in it. `dated`: rows whose date is known."""

    dataset: str
    write: Callable[[Path], None]
    rows: int
    missing: int = 0
    left_out: int = 0
    dated: int = 0
    signal_mv: NDArray[np.float32] = field(default_factory=lambda: toy(seconds=2.0).signal_mv)


def record(folder: Path, name: str, comments: str | Iterable[str] = "") -> Path:
    """Write a WFDB record of two seconds with comment lines."""
    folder.mkdir(parents=True, exist_ok=True)
    path = write_wfdb(toy(seconds=2.0), folder, name)
    text = comments if isinstance(comments, str) else "".join(f"# {line}\n" for line in comments)
    path.write_text(path.read_text() + text)
    return path


def _lines(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_challenge(root: Path) -> None:
    dx = "# Age: 69\n# Sex: M\n# Dx: 164890007,55827005\n# Text: atrial flutter; x\n# Date: 13/01/1995\n"
    record(root / "g1" / "g2", "E1", dx)
    record(root, "E2")
    record(root, "E3", "# Age: NaN\n# Sex: Unknown\n# Dx:\n# Text: 1 degree atrioventricular block\n")
    _lines(root / "E4.hea", "E4 12 500 5000")  # some published headers are as broken


def _write_cpsc(root: Path) -> None:
    (root / "TrainingSet1").mkdir(parents=True)
    for name in ("A0001", "A0002"):
        structure = {"sex": "Male", "age": 74, "data": toy(seconds=2.0).signal_mv}
        savemat(root / "TrainingSet1" / f"{name}.mat", {"ECG": structure})
    _lines(
        root / "TrainingSet1" / "REFERENCE.csv",
        "Recording,First_label,Second_label,Third_label",
        *("A0001,5,,", "A0003,1,,", "A0004,10,,", "../A5,1,,", "A0002,2,5,8"),
    )


def _write_ptbdb(root: Path) -> None:
    record(root / "patient001", "s0010_re", PTB_COMMENTS)
    record(root / "patient001", "s0014lre", PTB_COMMENTS[:5])
    record(root / "patient104", "s0306lre", ("age: n/a", "sex: male", "Reason for admission: Healthy control"))
    record(root, "stray")


def _write_ptbdb_excerpts(root: Path) -> None:
    said = "Text: Myocardial infarction; acute infarction: infero-lateral; former infarction: no; Stent, Asthma"
    record(root, "patient007_s0038_re", ("Age: 70", "Sex: M", "Date: 07/11/1990", said))
    record(root, "patient008_s0028_re", ("Text: Healthy control; acute infarction: no; former infarction: no; no",))


def _write_code15(root: Path) -> None:
    rows = (
        "11,50,True,51.2,False,True,False,False,False,False,7,False,2.1,False,exams_part0.hdf5",
        "12,x,False,60.1,False,False,False,False,False,False,8,,,True,exams_part0.hdf5",
        "13,61,False,60.1,True,False,False,False,True,False,8,,,False,exams_part0.hdf5",
        "14,61,False,60.1,False,False,False,False,False,False,9,,,True,exams_part0.hdf5",
        "15,61,False,60.1,False,False,False,False,False,False,9,,,True,exams_part1.hdf5",
        "16,61,Maybe,60.1,False,False,False,False,False,False,9,,,True,exams_part0.hdf5",
        "17,61,True,60.1,False,False,False,False,False,False,9,,,True,../part.hdf5",
    )
    _lines(root / "exams.csv", CODE15_COLUMNS, *rows)
    padded = np.zeros((4, 1000, 12), np.float32)
    padded[:3, 60:860] = toy(400.0, 2.0).signal_mv.T
    with h5py.File(root / "exams_part0.hdf5", "w") as part:
        part["exam_id"] = np.array([13, 11, 14, 0])
        part["tracings"] = padded


def _write_code15_wfdb(root: Path) -> None:
    record(root, "1000001", "# Age: 22\n# Sex: F\n# Text: Chagas=False\n")
    record(root, "1000002", "# Age: 60\n# Sex: M\n# Dx: 1dAVb\n")


def _write_mimic(root: Path) -> None:
    studies = (("10000032", "40689238"), ("10000032", "44458630"), ("10000117", "45090959"), ("10000117", "1"))
    table = ["subject_id,study_id,file_name,ecg_time,path"]
    for subject, study in studies:
        place = f"files/p{subject[:4]}/p{subject}/s{study}"
        table.append(f"{subject},{study},{study},2180-07-23 08:44:00,{place}/{study}")
        if study != "1":
            _mimic_record(root / place, study)
    table.append("10000117,45090960,45090960,soon,files/p1000/p10000117/s45090960/45090960")
    _lines(root / "record_list.csv", *table)
    columns = ["subject_id", "study_id", "cart_id", "ecg_time", *(f"report_{number}" for number in range(18))]
    columns += ["bandwidth", "filtering", "rr_interval", "p_onset", "p_end", "qrs_onset", "qrs_end", "t_end"]
    columns += ["p_axis", "qrs_axis", "t_axis"]
    said = (
        ["Sinus rhythm with PVC(s).", "Possible anterior infarct - age undetermined", "Ringing in V9", "Abnormal ECG"],
        ["*** CONSIDER ACUTE ST ELEVATION MI ***", "", "Lateral ST-T changes may be due to myocardial ischemia"],
    )
    with (root / "machine_measurements.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for (subject, study), reports in zip(studies, said, strict=False):
            figures = [659, 40, 128, 170, 258, 518, 81, 77, 29999]
            filled = [*reports, *[""] * (18 - len(reports))]
            writer.writerow(
                [subject, study, "6848296", "2180-07-23 08:44:00", *filled, "0.005-150 Hz", "60 Hz", *figures]
            )


def _mimic_record(folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    digital = np.rint(grid(seconds=2.0)[[TWELVE.index(lead) for lead in MIMIC_LEADS]] * 1000).astype("<i2")
    (folder / f"{name}.dat").write_bytes(digital.T.tobytes())
    signals = [f"{name}.dat 16 1000(0)/mV 16 0 0 0 0 {lead}" for lead in MIMIC_LEADS]
    _lines(folder / f"{name}.hea", f"{name} 12 500 {digital.shape[1]} 08:44:00 23/07/2180", *signals)


def _write_table(root: Path) -> None:
    record(root, "a")
    record(root / "more", "b")
    np.save(root / "c.npy", toy(seconds=2.0).signal_mv)
    (root / "c.json").write_text('{"rate_hz": 500, "unit": "mV"}')
    _lines(
        root / "labels.csv",
        "id,path,patient,age,sex,date,split,AFIB,164909002,left axis deviation,zzz",
        "a,,p1,300,f,2020-01-02,train,1,0,,0",
        "b,more/b.hea,p1,50,M,,train,0,1,1,1",
        "x,../x,p2,,,,test,0,0,0,0",
        "d,,p2,,,,test,0,0,0,0",
        "c,,p3,,,2020-01-03T10:00:00,valid,0,0,0,2",
        "c,,p3,,,2020-01-03T10:00:00,valid,0,0,,",
    )


def _write_table_of_lists(root: Path) -> None:
    record(root, "a")
    record(root, "b")
    _lines(root / "labels.csv", "path,labels", "a,atrial fibrillation; LVH", "b.dat,")


FAKES: dict[str, Fake] = {
    **{
        name: Fake(name, _write_challenge, rows=3, left_out=1, dated=1)
        for name in ("cpsc2018", "cpsc_extra", "georgia", "chapman_ningbo")
    },
    "cpsc2018 of its makers": Fake("cpsc2018", _write_cpsc, rows=2, missing=1, left_out=2),
    "ptbdb": Fake("ptbdb", _write_ptbdb, rows=3, left_out=1, dated=2),
    "ptbdb as excerpts": Fake("ptbdb", _write_ptbdb_excerpts, rows=2, dated=1),
    "code15": Fake(
        "code15", _write_code15, rows=3, missing=1, left_out=3, signal_mv=toy(400.0, 2.0).signal_mv
    ),
    "code15 as WFDB": Fake("code15", _write_code15_wfdb, rows=2),
    "mimic_iv_ecg": Fake("mimic_iv_ecg", _write_mimic, rows=3, missing=1, left_out=1, dated=3),
    "table": Fake("table", _write_table, rows=3, missing=1, left_out=2, dated=2),
    "table of lists": Fake("table", _write_table_of_lists, rows=2),
}  # fmt: skip


def test_headers_of_the_challenges(tmp_path: Path) -> None:
    _write_challenge(tmp_path)
    rows = {row.id: row for row in load_dataset("georgia").load(tmp_path)}
    told, bare, text = rows["E1"], rows["E2"], rows["E3"]
    assert told.labels == {"164890007": None, "55827005": None}
    assert told.report == "atrial flutter; x"
    assert (told.person.age_years, told.person.sex, told.recorded_at) == (69.0, "male", datetime(1995, 1, 13))
    assert (text.person.age_years, text.person.sex) == (None, None)
    assert list(text.labels) == ["1 degree atrioventricular block"]
    assert (bare.labels, bare.decided) == ({}, frozenset())
    assert told.split == split_of("E1", "georgia")


def test_the_broken_header_in_a_folder_is_named(tmp_path: Path) -> None:
    _write_challenge(tmp_path)
    (reason,) = load_dataset("georgia").load(tmp_path).left_out
    assert "E4.hea" in reason


def test_a_folder_of_broken_headers_only_is_refused(tmp_path: Path) -> None:
    _lines(tmp_path / "E4.hea", "E4 12 500 5000")
    with pytest.raises(InputError, match=r"E4\.hea"):
        load_dataset("georgia").load(tmp_path)


def test_signals_that_stand_in_two_sets_are_on_one_side(tmp_path: Path) -> None:
    for name in ("E07509", "E07510", "Q0048"):
        record(tmp_path, name, "# Dx: 164889003\n")
    (first, across) = load_dataset("georgia").load(tmp_path)
    assert (first.id, across.patient, across.split) == ("E07509", "A0101", split_of("A0101", "cpsc2018"))
    assert "E07510.hea: the same signal as E07509" in load_dataset("georgia").load(tmp_path).left_out[0]


def test_cpsc_2018_in_both_forms(tmp_path: Path) -> None:
    _write_cpsc(tmp_path / "mat")
    dataset = load_dataset("cpsc2018")
    rows = dataset.load(tmp_path / "mat")
    assert [list(row.labels) for row in rows] == [["RBBB"], ["AF", "RBBB", "STD"]]
    assert any("class 10" in reason for reason in rows.left_out)
    assert set(findings_of(dataset, rows[1]).found) == {"AFIB", "RBBB", "STD_"}
    assert findings_of(dataset, rows[0]).stated == {
        "NORM",
        "AFIB",
        "1AVB",
        "LBBB",
        "RBBB",
        "PAC",
        "PVC",
        "STD_",
        "STE_",
    }
    record(tmp_path / "hea", "A0002", "# Dx: 426783006\n")
    assert findings_of(dataset, dataset.load(tmp_path / "hea")[0]).found == {"NORM": None}


def test_ptb_says_the_same_in_both_forms(tmp_path: Path) -> None:
    _write_ptbdb(tmp_path / "a")
    _write_ptbdb_excerpts(tmp_path / "b")
    dataset = load_dataset("ptbdb")
    whole, again, control = dataset.load(tmp_path / "a")
    excerpt, other = dataset.load(tmp_path / "b")
    assert [row.id for row in (whole, control)] == ["patient001_s0010_re", "patient104_s0306lre"]
    assert whole.patient == again.patient == "patient001"
    assert (whole.person.age_years, whole.person.sex, whole.recorded_at) == (81.0, "female", datetime(1990, 10, 1))
    assert "Smoker" not in whole.report
    assert set(findings_of(dataset, whole).found) == {"MI", "ILMI", "AFIB"}
    assert set(findings_of(dataset, excerpt).found) == {"MI", "ILMI"}
    assert findings_of(dataset, excerpt).unknown == ("additional: asthma",)
    assert findings_of(dataset, control).stated == findings_of(dataset, other).stated == {"NORM"}


def test_code15_says_that_its_unit_is_in_doubt_and_decides_six_findings(tmp_path: Path) -> None:
    _write_code15(tmp_path)
    dataset = load_dataset("code15")
    rows = {row.id: row for row in dataset.load(tmp_path)}
    assert list(rows) == ["11", "13", "14"]
    assert "unit is in doubt" in dataset.ecg(rows["11"]).faults[-1].detail
    assert (rows["11"].person.age_years, rows["11"].person.sex, rows["13"].patient) == (50.0, "male", "8")
    assert set(findings_of(dataset, rows["13"]).found) == {"1AVB", "STACH"}
    assert findings_of(dataset, rows["11"]).stated == {"1AVB", "RBBB", "LBBB", "SBRAD", "STACH", "AFIB"}
    assert findings_of(dataset, rows["14"]).stated > {"NORM", "AFIB"}


def test_code15_as_wfdb_decides_nothing_by_absence(tmp_path: Path) -> None:
    _write_code15_wfdb(tmp_path)
    dataset = load_dataset("code15")
    none, one = dataset.load(tmp_path)
    assert (none.labels, findings_of(dataset, none).stated) == ({}, frozenset())
    assert findings_of(dataset, one).stated == {"1AVB"}


def test_parts_that_lead_elsewhere_or_lack_the_exam_are_refused(tmp_path: Path) -> None:
    _write_code15(tmp_path)
    dataset, path = load_dataset("code15"), tmp_path / "exams_part0.hdf5"
    row = dataset.load(tmp_path)[0]
    with h5py.File(path, "a") as part:
        part["exam_id"][1] = 99
    with pytest.raises(InputError, match="holds exam 11 0 times"):
        dataset.ecg(row)
    with h5py.File(path, "a") as part:
        part["exam_id"][1] = 11
        part["tracings"][1] = 0
    with pytest.raises(FormatError, match="exam 11 is zero throughout"):
        dataset.ecg(row)
    path.rename(tmp_path / "other.hdf5")
    with h5py.File(path, "w") as part:
        part["exam_id"] = np.array([11])
        part["tracings"] = h5py.ExternalLink("other.hdf5", "tracings")
    with pytest.raises(FormatError, match="no table 'tracings' of its own"):
        dataset.ecg(row)
    with h5py.File(path, "w") as part:
        part["exam_id"] = np.array([11])
        part["tracings"] = np.zeros((1, 100, 11), np.float32)
    with pytest.raises(FormatError, match=r"\(1, 100, 11\); must be"):
        dataset.ecg(row)


def test_mimic_statements_and_figures_are_the_machines(tmp_path: Path) -> None:
    _write_mimic(tmp_path)
    dataset = load_dataset("mimic_iv_ecg")
    one, two, bare = dataset.load(tmp_path)
    assert (one.patient, two.patient, one.split) == ("10000032", "10000032", split_of("10000032", "mimic_iv_ecg"))
    assert one.recorded_at == datetime(2180, 7, 23, 8, 44)
    assert one.report.startswith("Sinus rhythm with PVC(s).; Possible anterior infarct")
    mapped = findings_of(dataset, one)
    assert mapped.found == {"SR": None, "PVC": None, "AMI": 50.0}
    assert (mapped.unknown, mapped.nameless) == (("ringing in v9",), ("abnormal ecg",))
    assert findings_of(dataset, two).found == {"ACUTEMI": 35.0, "ISCLA": 35.0}
    assert {"AFIB", "NORM"} <= mapped.stated
    assert one.machine is not None
    assert (one.machine.measured["rr_interval_ms"], one.machine.measured["qrs_axis_deg"]) == (659.0, 77.0)
    assert "t_axis_deg" not in one.machine.measured  # 29999 means that there is none
    assert machine_findings_of(one).found == mapped.found
    assert (bare.labels, bare.machine, findings_of(dataset, bare).stated) == ({}, None, frozenset())


def test_mimic_without_its_measurements_is_told(tmp_path: Path) -> None:
    _write_mimic(tmp_path)
    (tmp_path / "machine_measurements.csv").unlink()
    rows = load_dataset("mimic_iv_ecg").load(tmp_path)
    assert len(rows) == 3
    assert "machine_measurements.csv: not there" in rows.left_out[-1]


def test_a_table_decides_what_its_columns_say(tmp_path: Path) -> None:
    _write_table(tmp_path)
    dataset = load_dataset("table")
    a, b, c = dataset.load(tmp_path)
    assert (a.person.age_years, a.person.sex, a.recorded_at, a.patient) == (90.0, "female", datetime(2020, 1, 2), "p1")
    assert set(findings_of(dataset, a).found) == {"AFIB"}
    assert findings_of(dataset, a).stated == findings_of(dataset, c).stated == {"AFIB", "LBBB"}
    assert set(findings_of(dataset, b).found) == {"LBBB", "LAD"}
    assert findings_of(dataset, b).unknown == ("zzz",)
    assert (c.path.name, c.split) == ("c.npy", "valid")


def test_a_table_of_lists_says_only_what_is_there(tmp_path: Path) -> None:
    _write_table_of_lists(tmp_path)
    dataset = load_dataset("table")
    one, none = dataset.load(tmp_path)
    assert findings_of(dataset, one).stated == {"AFIB", "LVH"}
    assert (none.id, findings_of(dataset, none).stated) == ("b", frozenset())
