"""What every dataset must do, on small made folders laid out as the makers publish theirs; and the traps of each."""

import csv
import re
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import wfdb
from wfdb.io.annotation import ann_labels, is_qrs

from einthoven.core.errors import EcgError, FormatError, InputError
from einthoven.core.findings import FINDINGS
from einthoven.core.waves import Wave
from einthoven.records.datasets import DATASETS, Rows, load_dataset
from einthoven.records.datasets.ludb import LUDB
from einthoven.records.datasets.mapping import findings_of, load_table, machine_findings_of, stated_by
from einthoven.records.datasets.marks import BEATS, waves_of
from einthoven.records.datasets.qtdb import QTDB
from einthoven.records.splits import split_of
from tests.records.make import toy
from tests.records.test_datasets_fakes import FAKES, Fake, record
from tests.support import ROOT

PTBXL_COLUMNS = (
    "ecg_id",
    "patient_id",
    "age",
    "sex",
    "recording_date",
    "report",
    "scp_codes",
    "strat_fold",
    "filename_hr",
)
PTBXL_ROWS = (
    ("1", "15709.0", "56.0", "1", "1984-11-09 09:17:34", "sinusrhythmus", "{'NORM': 100.0, 'LVOLT': 0.0}", "3"),
    ("2", "13243.0", "300.0", "0", "1984-11-14 12:55:37", 'ekg, "normal"', "{'IMI': 35.0, 'PRC(S)': 0.0}", "9"),
    ("3", "13243.0", "", "", "1984-11-15 12:55:37", "", "{}", "10"),
    ("4", "20372.0", "19.0", "0", "", "absent", "{'NORM': 80.0}", "10"),
)

QTDB_RECORDS = {
    "sel100": (("MLII", "V5"), ["69 M 1085 1629 x1", "Aldomet, Inderal"]),
    "sele0104": (("D3", "D4"), ["Age: 47  Sex: M", "Coronary artery disease"]),
    "sel30": (("ECG1", "ECG2"), []),
}
QTDB_MV = toy(250.0, 2.0).signal_mv[[1, 10]]
# three beats: U without an end; U without an onset; U with the only end behind T
QTDB_MARKS = (
    (50, "("), (55, "p"), (60, ")"), (85, "("), (90, "N"), (97, ")"), (155, "t"), (165, ")"), (170, "("), (176, "u"),
    (200, "("), (205, "p"), (211, ")"), (235, "("), (241, "V"), (252, ")"), (285, "("), (300, "t"),
    (312, ")"), (320, "u"), (327, ")"), (350, "A"), (360, ")"), (410, "t"), (425, "u"), (433, ")"),
)  # fmt: skip


def _write_ptbxl(root: Path, rows: tuple[tuple[str, ...], ...] = PTBXL_ROWS) -> None:
    root.mkdir(parents=True, exist_ok=True)
    with (root / "ptbxl_database.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(PTBXL_COLUMNS)
        writer.writerows((*row, f"records500/00000/0000{row[0]}_hr") for row in rows)
    for number in (1, 2, 3):
        record(root / "records500" / "00000", f"0000{number}_hr")


def _write_ludb(root: Path) -> None:
    for name in ("1", "34"):
        record(root / "data", name)
    with (root / "ludb.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("ID", "Sex", "Age", "Rhythms", "Hypertrophies"))
        writer.writerow(
            ("1", "F\n", "51\n", "Sinus bradycardia", "Left ventricular overload\nLeft ventricular hypertrophy")
        )
        writer.writerow(("34", "M\n", ">89\n", "Sinus rhythm", ""))
        writer.writerow(("35", "M\n", "5\n", "Sinus rhythm", ""))


def _write_qtdb(root: Path) -> None:
    digital = np.rint(QTDB_MV.T.astype(np.float64) * 1000).astype(int)
    for name, (leads, comments) in QTDB_RECORDS.items():
        ways: dict[str, list[object]] = {"fmt": ["212"] * 2, "adc_gain": [1000.0] * 2, "baseline": [0] * 2}
        wfdb.wrsamp(
            name, 250, ["mV"] * 2, list(leads), d_signal=digital, comments=comments, write_dir=str(root), **ways
        )
        _mark(root / f"{name}.q1c", QTDB_MARKS)
    header = root / "sel100.hea"  # its source's rate stands behind the rate, as that of the counter
    header.write_text(header.read_text().replace("sel100 2 250 ", "sel100 2 250/360 "))
    (root / "RECORDS").write_text("\n".join((*QTDB_RECORDS, "sel31")) + "\n")


def _mark(file: Path, marks: tuple[tuple[int, str], ...]) -> None:
    samples, symbols = zip(*marks, strict=True)
    wfdb.wrann(file.stem, "qxc", np.array(samples), list(symbols), fs=250, write_dir=str(file.parent))
    file.with_suffix(".qxc").rename(file)  # wrann takes no digit in an extension, rdann does


LAYOUTS: dict[str, Fake] = {
    **FAKES,
    "ptbxl": Fake("ptbxl", _write_ptbxl, rows=3, missing=1, dated=3),
    "ludb": Fake("ludb", _write_ludb, rows=2, missing=1),
    "qtdb": Fake("qtdb", _write_qtdb, rows=3, missing=1, signal_mv=QTDB_MV),
}
each = pytest.mark.parametrize("layout", LAYOUTS)


def _load(layout: str, root: Path) -> Rows:
    LAYOUTS[layout].write(root)
    return load_dataset(LAYOUTS[layout].dataset).load(root)


def test_every_dataset_has_a_layout_and_a_card() -> None:
    assert {fake.dataset for fake in LAYOUTS.values()} == set(DATASETS)
    for name in (*DATASETS, "ptbxl-plus"):
        card = (ROOT / "docs" / "cards" / f"{name}.md").read_text(encoding="utf-8")
        for said in ("licence", "how to get it", "cite", "read by"):
            assert f"| {said}" in card or f", {said}" in card, (name, said)


@each
def test_rows_are_complete_unique_and_counted(layout: str, tmp_path: Path) -> None:
    fake = LAYOUTS[layout]
    rows = _load(layout, tmp_path)
    assert (len(rows), rows.missing, rows.left_out_count) == (fake.rows, fake.missing, fake.left_out), rows.left_out
    assert len(rows.left_out) == fake.left_out
    assert load_dataset(fake.dataset).name == fake.dataset
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.path.is_file()
        assert row.patient
        assert row.person.key == row.patient
        assert row.split in ("train", "valid", "test")
        assert all(value is None or 0 < value <= 100 for value in row.labels.values())
    assert sum(row.recorded_at is not None for row in rows) == fake.dated
    assert rows == load_dataset(fake.dataset).load(tmp_path)
    assert rows[:2] == tuple(rows)[:2]


@each
def test_a_patient_is_on_one_side(layout: str, tmp_path: Path) -> None:
    sides: dict[str, str] = {}
    for row in _load(layout, tmp_path):
        if layout != "ptbxl":  # the fake has one patient on both sides, for `checked`
            assert sides.setdefault(row.patient, row.split) == row.split


@each
def test_labels_become_findings_or_are_counted(layout: str, tmp_path: Path) -> None:
    dataset = load_dataset(LAYOUTS[layout].dataset)
    assert stated_by(dataset) <= FINDINGS.keys()
    for table in set(dataset.tables) - {"scp", "findings"}:
        assert all(FINDINGS.keys() >= (entry.findings.keys() | entry.open) for entry in load_table(table).values())
    read = 0
    for row in _load(layout, tmp_path):
        mapped = findings_of(dataset, row)
        assert mapped.found.keys() <= FINDINGS.keys()
        assert mapped.found.keys() <= mapped.stated <= FINDINGS.keys()
        assert {*mapped.unknown, *mapped.nameless} <= row.labels.keys()
        assert machine_findings_of(row).found.keys() <= FINDINGS.keys()
        read += len(mapped.found)
    assert read or layout == "qtdb"


@each
def test_recordings_know_their_person(layout: str, tmp_path: Path) -> None:
    dataset = load_dataset(LAYOUTS[layout].dataset)
    for row in _load(layout, tmp_path):
        ecg = dataset.ecg(row)
        np.testing.assert_array_equal(ecg.signal_mv, LAYOUTS[layout].signal_mv)
        assert (ecg.person, ecg.recorded_at, ecg.source) == (row.person, row.recorded_at, str(row.path))
        assert dataset.timing_only == any("timing only" in fault.detail for fault in ecg.faults)


@each
def test_an_unreadable_record_in_the_middle_is_named(layout: str, tmp_path: Path) -> None:
    dataset = load_dataset(LAYOUTS[layout].dataset)
    rows = _load(layout, tmp_path)
    row = rows[len(rows) // 2]
    signal = row.path if row.path.suffix != ".hea" else row.path.with_suffix(".dat")
    signal.write_bytes(signal.read_bytes()[:50])
    with pytest.raises(EcgError, match=re.escape(row.path.stem)):
        dataset.ecg(row)
    readable = [other for other in rows if other.path != row.path]
    assert readable or layout == "code15"  # all of whose exams are in one part
    assert all(dataset.ecg(other).seconds for other in readable)


@each
def test_a_folder_that_is_not_this_dataset_is_refused(layout: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape(str(tmp_path))):
        load_dataset(LAYOUTS[layout].dataset).load(tmp_path)


@each
def test_loading_reads_no_signal(layout: str, tmp_path: Path) -> None:
    LAYOUTS[layout].write(tmp_path)
    for data in (path for path in tmp_path.rglob("*") if path.suffix in (".dat", ".mat", ".hdf5", ".npy")):
        if data.suffix == ".dat":
            data.unlink()
        else:
            data.write_bytes(b"")
    assert len(load_dataset(LAYOUTS[layout].dataset).load(tmp_path)) == LAYOUTS[layout].rows


@pytest.mark.parametrize(
    ("layout", "table", "column"),
    [
        ("ptbxl", "ptbxl_database.csv", "scp_codes"),
        ("ludb", "ludb.csv", "Sex"),
        ("code15", "exams.csv", "patient_id"),
        ("cpsc2018 of its makers", "REFERENCE.csv", "First_label"),
        ("mimic_iv_ecg", "record_list.csv", "subject_id"),
        ("mimic_iv_ecg", "machine_measurements.csv", "report_0"),
        ("table of lists", "labels.csv", "path"),
    ],
)
def test_a_missing_column_is_told(layout: str, table: str, column: str, tmp_path: Path) -> None:
    LAYOUTS[layout].write(tmp_path)
    (path,) = tmp_path.rglob(table)
    path.write_text(path.read_text().replace(column, "other", 1))
    with pytest.raises(InputError, match=rf"{table}: .*column {column}"):
        load_dataset(LAYOUTS[layout].dataset).load(tmp_path)


def test_ptbxl_official_folds_ages_and_likelihoods(tmp_path: Path) -> None:
    one, two, three = _load("ptbxl", tmp_path)
    assert (one.split, two.split, three.split) == ("train", "valid", "test")
    assert (one.person.age_years, one.person.sex, one.patient) == (56.0, "female", "15709")
    assert (two.person.age_years, two.person.sex) == (90.0, "male")
    assert (three.person.age_years, three.person.sex) == (None, None)
    assert one.labels == {"NORM": 100.0, "LVOLT": None}
    assert two.labels == {"IMI": 35.0, "PRC(S)": None}
    assert two.report == 'ekg, "normal"'
    assert one.recorded_at == datetime(1984, 11, 9, 9, 17, 34)


def test_ptbxl_local_split_wins_and_other_rows_are_not_built(tmp_path: Path) -> None:
    spoiled = (*PTBXL_ROWS, ("5", "not a number", "x", "x", "x", "x", "__import__('os')", "x"))
    _write_ptbxl(tmp_path, spoiled)
    (tmp_path / "local_split.csv").write_text(
        "ecg_id,patient_id,strat_fold,qa,split\n3,13243.0,10,train,train\n4,2.0,1,x,valid\n"
    )
    rows = load_dataset("ptbxl").load(tmp_path)
    assert [(row.id, row.split) for row in rows] == [("3", "train")]
    assert rows.missing == 1
    (tmp_path / "local_split.csv").write_text("ecg_id,split\n3,train\n4,dev\n2\n")
    with pytest.raises(InputError, match=r"local_split\.csv: has the split 'None'"):
        load_dataset("ptbxl").load(tmp_path)


@pytest.mark.parametrize(
    "codes", ["__import__('os').getcwd()", "{'NORM': 'x'}", "[1]", "{", "{" * 9_999, "x" * 20_000, "{'A': 1e999}"]
)
def test_ptbxl_codes_are_never_evaluated(codes: str, tmp_path: Path) -> None:
    _write_ptbxl(tmp_path, ((*PTBXL_ROWS[0][:6], codes, "3"),))
    with pytest.raises(InputError, match="row 1 is not as PTB-XL publishes it"):
        load_dataset("ptbxl").load(tmp_path)


def test_ptbxl_file_names_stay_inside(tmp_path: Path) -> None:
    _write_ptbxl(tmp_path)
    table = tmp_path / "ptbxl_database.csv"
    for name in ("../../etc/x", "/etc/x", "http://x/y", "records500/../../x"):
        table.write_text(table.read_text().replace("records500/00000/00001_hr", name))
        rows = load_dataset("ptbxl").load(tmp_path)
        assert [row.id for row in rows] == ["2", "3"]
        assert re.search(r"row 1 is not .*filename_hr", rows.left_out[0])
        table.write_text(table.read_text().replace(name, "records500/00000/00001_hr"))


def test_a_bad_row_is_left_out_and_told(tmp_path: Path) -> None:
    bad = [(*PTBXL_ROWS[0][:6], "{", "3") for _ in range(25)]
    _write_ptbxl(tmp_path, (PTBXL_ROWS[0], *bad, PTBXL_ROWS[1]))
    rows = load_dataset("ptbxl").load(tmp_path)
    assert [row.id for row in rows] == ["1", "2"]
    assert (rows.left_out_count, len(rows.left_out), rows.left_out[-1]) == (25, 21, "and 5 more")
    assert all("\n" not in reason and len(reason) <= 240 for reason in rows.left_out)


def test_a_row_that_is_cut_short_is_left_out(tmp_path: Path) -> None:
    _write_ptbxl(tmp_path)
    with (tmp_path / "ptbxl_database.csv").open("a") as stream:
        stream.write("7,8\n")
    rows = load_dataset("ptbxl").load(tmp_path)
    assert (len(rows), rows.left_out_count) == (3, 1)


def test_ludb_cells_of_several_lines_and_ages_over_89(tmp_path: Path) -> None:
    one, old = _load("ludb", tmp_path)
    assert (one.person.age_years, one.person.sex, old.person.age_years) == (51.0, "female", 90.0)
    assert list(one.labels) == ["Sinus bradycardia", "Left ventricular overload", "Left ventricular hypertrophy"]
    table = tmp_path / "ludb.csv"
    table.write_text(table.read_text().replace("51\n", ""))
    assert LUDB.load(tmp_path)[0].person.age_years is None


def test_ludb_borders_belong_to_the_peak_beside_them() -> None:
    marks = [(100, "("), (120, "p"), (140, ")"), (190, "N"), (220, ")"), (300, "("), (350, "t"), (500, "("), (510, "N")]
    marks += [(600, "("), (640, ")"), (700, ")")]
    assert waves_of(marks, 500.0) == [
        Wave("P", 0.2, 0.24, 0.28, 1.0),
        Wave("QRS", None, 0.38, 0.44, 1.0),
        Wave("T", 0.6, 0.7, None, 1.0),
        Wave("QRS", 1.0, 1.02, None, 1.0),
    ]


def test_ludb_marks_set_several_times_and_onsets_behind_their_peak() -> None:
    marks = [(368, "("), (388, "("), (418, "t"), (419, "t"), (450, ")"), (455, ")"), (765, "N"), (766, "("), (796, ")")]
    assert waves_of([*marks, (891, "("), (924, "t"), (958, ")")], 500.0) == [
        Wave("T", 0.736, 0.836, 0.9, 1.0),
        Wave("T", 0.776, 0.838, 0.91, 1.0),
        Wave("QRS", None, 1.53, 1.592, 1.0),
        Wave("T", 1.782, 1.848, 1.916, 1.0),
    ]


def test_ludb_annotations_of_absent_and_damaged_files(tmp_path: Path) -> None:
    row = _load("ludb", tmp_path)[0]
    with pytest.raises(InputError, match=r"1\.avr: no annotation file"):
        LUDB.annotations(row, "aVR")
    with pytest.raises(InputError, match=r"no lead \.\./x"):
        LUDB.annotations(row, "../x")
    row.path.with_suffix(".avr").write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match=r"1\.avr: not a WFDB annotation"):
        LUDB.annotations(row, "aVR")


def test_qtdb_waves_of_the_first_cardiologist(tmp_path: Path) -> None:
    row = _load("qtdb", tmp_path)[0]
    _mark(row.path.with_suffix(".q2c"), QTDB_MARKS[:3])
    _mark(row.path.with_suffix(".pu0"), QTDB_MARKS[:6])
    assert QTDB.annotations(row) == [
        Wave("P", 0.2, 0.22, 0.24, 1.0),
        Wave("QRS", 0.34, 0.36, 0.388, 1.0),
        Wave("T", None, 0.62, 0.66, 1.0),
        Wave("P", 0.8, 0.82, 0.844, 1.0),
        Wave("QRS", 0.94, 0.964, 1.008, 1.0),
        Wave("T", 1.14, 1.2, 1.248, 1.0),
        Wave("QRS", None, 1.4, 1.44, 1.0),
        Wave("T", None, 1.64, None, 1.0),
    ]
    assert QTDB.marked_span(row) == (0.2, 433 / 250)


def test_an_end_behind_a_peak_is_not_that_of_the_wave_before() -> None:
    assert waves_of([(85, "("), (90, "N"), (155, "t"), (175, ")")], 250.0) == [
        Wave("QRS", 0.34, 0.36, None, 1.0),
        Wave("T", None, 0.62, 0.7, 1.0),
    ]


def test_every_beat_symbol_is_a_qrs() -> None:
    known = {label.symbol for label in ann_labels if is_qrs[label.label_store]}
    assert known - set(BEATS) == {"!"}  # a flutter wave is no beat
    assert [wave.wave for wave in waves_of(enumerate(BEATS), 250.0)] == ["QRS"] * len(BEATS)
    assert not waves_of(enumerate("!~|+x"), 250.0)


def test_qtdb_leads_and_persons_are_those_of_the_headers(tmp_path: Path) -> None:
    rows = _load("qtdb", tmp_path)
    assert [QTDB.ecg(row).leads for row in rows] == [("II", "V5"), ("III", "D4"), ("ECG1", "ECG2")]
    assert {QTDB.ecg(row).rate_hz for row in rows} == {250.0}
    assert [(row.patient, row.person.sex) for row in rows] == [("sel100", None), ("sele0104", "male"), ("sel30", None)]
    assert [row.split for row in rows] == [split_of(row.id, "qtdb") for row in rows]


def test_qtdb_annotations_of_absent_damaged_and_empty_files(tmp_path: Path) -> None:
    row = _load("qtdb", tmp_path)[0]
    file = row.path.with_suffix(".q1c")
    file.unlink()
    _mark(file, ((10, "+"), (90, "~")))
    assert QTDB.annotations(row) == []
    with pytest.raises(FormatError, match=r"sel100\.q1c: marks no wave"):
        QTDB.marked_span(row)
    file.write_bytes(bytes(range(256)))
    with pytest.raises(FormatError, match=r"sel100\.q1c: not a WFDB annotation"):
        QTDB.annotations(row)
    file.unlink()
    with pytest.raises(InputError, match=r"sel100\.q1c: no annotation file"):
        QTDB.annotations(row)


@pytest.mark.parametrize("names", ["data/1\ndata/2\n", "sel100\n../sel30\n", "", "sel30.hea\n"])
def test_a_list_of_other_records_is_not_qtdb(names: str, tmp_path: Path) -> None:
    _write_qtdb(tmp_path)
    (tmp_path / "RECORDS").write_text(names)
    with pytest.raises(InputError, match="RECORDS: not as QTDB publishes it"):
        load_dataset("qtdb").load(tmp_path)


def test_the_example_of_the_page_on_datasets_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "add-a-dataset.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "add-a-dataset.md", "exec"), {"__name__": "toy"})  # noqa: S102
