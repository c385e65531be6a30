"""From the cells of PTB-XL to records: leads, kinds and stages, and what is left open."""

import json
from pathlib import Path

import pytest

from einthoven.core.errors import InputError, JobError
from einthoven.core.measurements import Limit, Measurements
from einthoven.instruct.ecgqa.attributes import qa_records, qa_records_ptbxl
from einthoven.instruct.ecgqa.cells import ALL_LEADS, axis_in, extra_systoles_in, leads_in, noise_in, stages_in
from einthoven.instruct.ecgqa.features import FEATURES_FILE, measured_places, places
from einthoven.instruct.ecgqa.report_leads import form_leads
from einthoven.records.datasets import load_dataset
from tests.instruct.ecgqa.make import COLUMNS, line, write_ptbxl


@pytest.mark.parametrize(
    ("cell", "leads"),
    [
        (" , I-AVR,  ", "I II III aVR"),
        (" , I,III-AVL,  ", "I III aVR aVL"),
        ("V5,6", "V5 V6"),
        ("v4-6,  ", "V4 V5 V6"),
        (" , I - AVF,  ", "I II III aVR aVL aVF"),
        (" , I --AVL,  ", "I II III aVR aVL"),
        (" , avl-iii, Stark,  ", "III aVR aVL"),
        ("I,II,III.AVR,AVL,  ,  ", "I II III aVR aVL"),
        ("V5;V6", "V5 V6"),
        (" , V5 stark!", "V5"),
        (" , v2 mittel,  ", "V2"),
        (" , leicht,  ", ""),
        ("V4-V3", "V3 V4"),
    ],
)
def test_leads_are_read_from_words_ranges_and_separators_of_all_kinds(cell: str, leads: str) -> None:
    assert leads_in(cell) == frozenset(leads.split())


@pytest.mark.parametrize("cell", ["alles", " , alles, noisy recording,", "alle Abl.", "Alles"])
def test_everything_is_all_leads(cell: str) -> None:
    assert leads_in(cell) == ALL_LEADS


@pytest.mark.parametrize("cell", ["I-ALF", "V1,V2,V&", " , 3ES,  ", " , 1", "pace", "Elektroden vertauscht", "I-"])
def test_what_cannot_be_read_with_certainty_is_open(cell: str) -> None:
    assert leads_in(cell) is None


def test_noise_may_be_somewhere_in_leads_or_open() -> None:
    noise, unclear = noise_in({"static noise": " , mittel,  ", "baseline drift": "V1", "burst noise": " ,  ",
                               "electrodes problems": "V1???"})  # fmt: skip
    assert noise == {"static noise": None, "baseline drift": frozenset({"V1"})}
    assert unclear == {"electrodes problems"}


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("", ""), ("1ES", "ES"), ("SVES", "SV"), ("3VES", "V"), ("VES,SVES2,II-V6", "SV V"), ("1ES,SVES", "ES SV"),
        ("1,V4", "ES"), ("1Es", "ES"), ("period.", "ES"), ("SVES1,V1", "SV"),
    ],
)  # fmt: skip
def test_extra_beats(cell: str, kinds: str) -> None:
    names = {"ES": "extrasystoles", "V": "ventricular extrasystoles", "SV": "supraventricular extrasystoles"}
    assert extra_systoles_in(cell) == {names[kind] for kind in kinds.split()}


def test_stages_and_axis() -> None:
    assert stages_in("", "") == frozenset()
    for cells, stages in ((("Stadium II-III", ""), "middle old"), (("Stadium I", "Stadium III"), "early old"),
                          (("unknown", ""), "unknown")):  # fmt: skip
        assert stages_in(*cells) == frozenset(f"{stage} stage of myocardial infarction" for stage in stages.split())
    assert stages_in("Stadium 9", "") is None
    assert [axis_in(cell) for cell in ("MID", "ALAD", "ARAD", "AXR", "", "SAG")] == [
        "normal heart axis", "left axis deviation", "right axis deviation", "extreme axis deviation", None, None,
    ]  # fmt: skip


def test_a_report_places_a_form_finding_that_the_table_has_too() -> None:
    report = (
        "sinus rhythm. st segments are depressed in i, avl, v5,6. t waves are low or flat in i and inverted in avl."
    )
    assert form_leads(report, ["STD_", "LOWT", "INVT"]) == {
        "STD_": {"I", "aVL", "V5", "V6"}, "LOWT": {"I"}, "INVT": {"aVL"},
    }  # fmt: skip
    assert form_leads(report, ["AFIB"]) == {}
    assert form_leads("q waves in ii, iii, avf. t waves are low throughout and inverted in v4.", ["QWAVE", "INVT"]) == {
        "QWAVE": {"II", "III", "aVF"}
    }
    assert form_leads("non-specific t wave flattening in limb leads and v5,6.", ["NT_"])["NT_"] == {
        "I", "II", "III", "aVR", "aVL", "aVF", "V5", "V6",
    }  # fmt: skip
    cut = "sinus rhythm. " * 20 + "st segments are depressed in i, v5"
    assert form_leads(cut, ["STD_"]) == {}


def test_records_of_ptbxl_are_those_of_the_local_split_with_their_cells(tmp_path: Path) -> None:
    lines = [
        line(1, 7, "{'IMI': 50.0, 'STD_': 0.0}", "st segments are depressed in v5,6.", baseline_drift=" , V6",
             heart_axis="LAD", infarction_stadium1="Stadium III", extra_beats="VES1,alles"),
        line(2, 8, "{'NORM': 100.0, 'PVC': 100.0}", electrodes_problems="V1???", pacemaker="PACE????, nan"),
        line(3, 9, "{'NORM': 100.0}"),
    ]  # fmt: skip
    write_ptbxl(tmp_path, lines, {"1": "train", "2": "valid"})
    one, two = qa_records_ptbxl(tmp_path)
    assert (one.id, one.patient, one.path, one.split) == ("1", "7", "records500/00000/00001_hr", "train")
    assert (one.scp, one.axis) == ({"IMI": 50.0, "STD_": 0.0}, "left axis deviation")
    assert (one.noise, one.form_leads) == ({"baseline drift": frozenset({"V6"})}, {"STD_": frozenset({"V5", "V6"})})
    assert one.stages == frozenset({"old stage of myocardial infarction"})
    assert one.extra_systoles == frozenset({"ventricular extrasystoles"})
    assert one.unclear == {"ventricular premature complex"}  # in the cell, not among the statements
    assert two.unclear == {
        "electrodes problems", "normal functioning artificial pacemaker", "extrasystoles",
        "ventricular extrasystoles", "supraventricular extrasystoles",
    }  # fmt: skip
    assert one.features == {}


def test_a_table_without_a_column_is_told(tmp_path: Path) -> None:
    write_ptbxl(tmp_path, [line(1, 7, "{}")], {"1": "train"}, [name for name in COLUMNS if name != "extra_beats"])
    with pytest.raises(InputError, match="no column extra_beats"):
        qa_records_ptbxl(tmp_path)


def test_any_archive_gives_records_with_what_it_states(tmp_path: Path) -> None:
    write_ptbxl(tmp_path, [line(1, 7, "{'IMI': 0.0, 'NOSUCH': 100.0}")], {"1": "train"})
    (record,) = qa_records(load_dataset("ptbxl").load(tmp_path), tmp_path)
    assert record.scp == {"IMI": 0.0}
    assert (record.noise, record.stages, record.extra_systoles, record.axis) == (None, None, None, None)


def test_features_are_measured_once_and_kept(tmp_path: Path) -> None:
    write_ptbxl(tmp_path, [line(1, 7, "{}"), line(2, 8, "{}")], {"1": "train", "2": "train"})
    rows = load_dataset("ptbxl").load(tmp_path)
    assert measured_places("ptbxl", rows, tmp_path / "cache").keys() == {"1", "2"}
    path = tmp_path / "cache" / FEATURES_FILE
    path.write_text("".join(json.dumps({"id": id, "features": {"pr interval": "above"}}) + "\n" for id in ("1", "2")))
    records = qa_records_ptbxl(tmp_path, tmp_path / "cache")
    assert [record.features for record in records] == [{"pr interval": "above"}] * 2
    path.write_text('{"id": "1", "features": {"pr interval": "odd"}}\n{"id": "2", "features": {}}\n')
    with pytest.raises(JobError, match="id 1 holds no features"):
        measured_places("ptbxl", rows, tmp_path / "cache")


def test_a_feature_lies_where_its_figure_does_and_rr_opposite_to_the_rate() -> None:
    limits = {
        "heart_rate_bpm": Limit(1, 2, "above", "x"),
        "pr_ms": Limit(1, 2, "below", "x"),
        "qtc_ms.bazett": Limit(1, 2, "within", "x"),
        "qtc_ms.fridericia": Limit(1, 2, "above", "x"),
    }
    slow = Measurements({}, limits={"heart_rate_bpm": Limit(1, 2, "below", "x")})
    assert places(slow) == {"rr interval": "above"}
    found = Measurements({}, limits=limits)
    assert places(found) == {"pr interval": "below", "qt corrected": "within", "rr interval": "below"}
