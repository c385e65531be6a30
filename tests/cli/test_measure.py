"""`einthoven measure` as people and programs call it; every wrong use is one line and leaves nothing behind."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import FIGURES, label
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from tests.cli.conftest import Einthoven

INTERVALS = ["heart_rate_bpm", "rr_ms", "p_ms", "pr_ms", "qrs_ms", "qt_ms"]
KEYS = [
    *INTERVALS,
    "qtc_ms",
    "axis_deg",
    "confidence",
    "reasons",
    "limits",
    "amplitudes_mv",
    "rhythm",
    "quality",
    "waves",
]
NOTICE = "Research use only; not for diagnosis."
SIGNED = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A good record `rec` of 75 beats a minute."""
    return write_wfdb(simulate([], seed=3, seconds=6.0, rate_bpm=75.0).ecg, tmp_path, "rec")


@pytest.fixture
def chest(tmp_path: Path) -> Path:
    """The same without limb leads: it has no axis."""
    ecg = simulate([], seed=3, seconds=6.0, rate_bpm=75.0).ecg
    return write_wfdb(Ecg(ecg.signal_mv[6:].copy(), TWELVE[6:], ecg.rate_hz), tmp_path, "chest")


def _json(einthoven: Einthoven, *words: object) -> dict[str, Any]:
    run = einthoven("measure", *words, "--json")
    assert (run.code, run.err) == (0, "")
    assert run.out.count("\n") == 1, "one object and nothing else"
    return dict(json.loads(run.out))


def test_the_json_object_has_the_keys_of_the_contract(einthoven: Einthoven, record: Path) -> None:
    said = _json(einthoven, record)
    assert list(said) == KEYS
    assert list(said["qtc_ms"]) == ["bazett", "fridericia", "framingham", "hodges"]
    assert list(said["axis_deg"]) == ["p", "qrs", "t"]
    assert {"regular", "sdnn_ms", "premature_beats_s", "pacing_spikes_s"} <= said["rhythm"].keys()
    assert list(said["waves"]) == list(said["amplitudes_mv"]) == list(said["quality"]["leads"]) == list(TWELVE)
    assert {"r", "s", "q", "t", "st_j", "st_j60", "st_j80"} == said["amplitudes_mv"]["II"].keys()
    assert all(value is None or isinstance(value, float) for name in INTERVALS for value in [said[name]])
    assert all(0 <= value <= 1 for value in said["confidence"].values())
    assert set(said["confidence"]) <= set(FIGURES)


def test_waves_are_lists_of_five_values_in_order_of_time(einthoven: Einthoven, record: Path) -> None:
    waves = _json(einthoven, record)["waves"]
    for of_lead in waves.values():
        assert len(of_lead) > 5
        for one in of_lead:
            assert list(one) == ["wave", "on_s", "peak_s", "off_s", "confidence"]
            assert one["wave"] in ("P", "QRS", "T")
            times = [time for time in (one["on_s"], one["peak_s"], one["off_s"]) if time is not None]
            assert times == sorted(times)
            assert 0 <= times[0] <= times[-1] <= 6.0
        peaks = [one["peak_s"] for one in of_lead if one["peak_s"] is not None]
        assert peaks == sorted(peaks)


def test_figures_are_those_of_the_ecg(einthoven: Einthoven, record: Path) -> None:
    said = _json(einthoven, record.with_suffix(""))
    assert said["heart_rate_bpm"] == pytest.approx(75.0, abs=3.0)
    assert said["rr_ms"] == pytest.approx(60_000 / said["heart_rate_bpm"], rel=1e-4)
    assert said["rhythm"]["regular"] is True


def test_a_figure_that_cannot_be_measured_is_null_and_has_a_reason(einthoven: Einthoven, chest: Path) -> None:
    said = _json(einthoven, chest)
    assert said["axis_deg"] == {"p": None, "qrs": None, "t": None}
    assert {said["reasons"][f"axis_deg.{wave}"] for wave in ("p", "qrs", "t")} == {"needs two limb leads"}
    assert not [name for name in said["confidence"] if name.startswith("axis")]
    assert list(said["waves"]) == list(TWELVE[6:])


def test_a_page_of_text(einthoven: Einthoven, chest: Path) -> None:
    run = einthoven("measure", chest)
    assert (run.code, run.err) == (0, "")
    lines = run.out.splitlines()
    for name, line in zip(FIGURES, lines, strict=False):
        assert line.startswith(label(name))
    assert re.match(r"heart rate +7\d +bpm\b", lines[0])
    assert re.match(r"QRS axis +- +needs two limb leads$", lines[FIGURES.index("axis_deg.qrs")])
    assert re.match(r"rhythm +regular, 0 premature beats, mean rate \d+ bpm$", lines[len(FIGURES)])
    assert lines[-1].endswith(NOTICE)


def test_text_and_json_say_the_same(einthoven: Einthoven, record: Path) -> None:
    said, text = _json(einthoven, record), einthoven("measure", record).out
    for name in INTERVALS:
        if said[name] is not None:
            assert re.search(rf"^{re.escape(label(name))} +{said[name]:.0f} +(ms|bpm)\b", text, re.MULTILINE), name
    for name in ("heart_rate_bpm", "qrs_ms"):
        limit = said["limits"][name]
        line = next(line for line in text.splitlines() if line.startswith(label(name)))
        assert limit["place"] in line


def test_a_plot(einthoven: Einthoven, record: Path) -> None:
    page = record.with_name("page.png")
    words = ["measure", record, "--plot", page]
    assert einthoven(*words).out == einthoven("measure", record).out
    first = page.read_bytes()
    assert first.startswith(SIGNED)
    width, height = (int.from_bytes(first[at : at + 4], "big") for at in (16, 20))
    assert width > 500
    assert height > 500
    page.unlink()
    assert json.loads(einthoven(*words, "--json").out)["waves"]
    assert page.read_bytes() == first


def _table(ecg: Ecg, path: Path) -> Path:
    rows = [",".join(ecg.leads), *(",".join(f"{value:.4f}" for value in column) for column in ecg.signal_mv.T)]
    path.write_text("\n".join(rows) + "\n")
    return path


def test_rate_and_unit_are_for_files_that_do_not_say_theirs(einthoven: Einthoven, tmp_path: Path) -> None:
    ecg = simulate([], seed=3, seconds=6.0, rate_bpm=75.0).ecg
    table = _table(ecg, tmp_path / "table.csv")
    assert einthoven("measure", table).code == 2
    said = _json(einthoven, table, "--rate", "500", "--unit", "mV")
    assert said["heart_rate_bpm"] == pytest.approx(75.0, abs=3.0)
    microvolt = _table(ecg.with_signal(ecg.signal_mv * np.float32(1000), 500.0), tmp_path / "microvolt.csv")
    r_mv = _json(einthoven, microvolt, "--rate", "500", "--unit", "uV")["amplitudes_mv"]["II"]["r"]
    assert r_mv == pytest.approx(said["amplitudes_mv"]["II"]["r"], abs=0.002)
    slow = _json(einthoven, table, "--rate", "250", "--unit", "mV", "--plot", tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(SIGNED)
    assert slow["heart_rate_bpm"] == pytest.approx(37.5, abs=1.5), "half as many samples a second: half the rate"


@pytest.fixture
def listed(record: Path, chest: Path) -> Path:
    """A list of eleven lines with a good record, one without limb leads, an absent one and copies."""
    copies = []
    (record.parent / "more").mkdir()
    for number in range(8):
        ecg = simulate([], seed=number, seconds=3.0).ecg
        copies.append(write_wfdb(ecg, record.parent / "more", f"n{number}"))
    names = ["rec", "chest.hea", "absent", *(f"more/{path.stem}" for path in copies[:-1]), str(copies[-1])]
    file = record.with_name("list.txt")
    file.write_text("\n".join(names) + "\n\n")
    return file


def test_a_batch_gives_the_same_bytes_with_any_number_of_workers(einthoven: Einthoven, listed: Path) -> None:
    outs = [listed.with_name(f"out{workers}.jsonl") for workers in (0, 1, 2)]
    for workers, out in enumerate(outs):
        run = einthoven("measure", "--batch", listed, "--out", out, "--workers", workers)
        assert run.code == 0
        assert run.out == f"10 measured, 0 already there, 1 with an error: {out}. {NOTICE}\n"
    assert outs[0].read_bytes() == outs[1].read_bytes() == outs[2].read_bytes()
    lines = [json.loads(line) for line in outs[0].read_text().splitlines()]
    assert [line["id"] for line in lines] == listed.read_text().split(), "in the order of the list"
    assert list(lines[0]) == ["id", *KEYS]
    assert set(lines[2]) == {"id", "error"}
    assert "absent" in lines[2]["error"]
    assert lines[0] == {"id": "rec"} | _json(einthoven, listed.with_name("rec"))


def test_a_batch_that_was_cut_off_goes_on(einthoven: Einthoven, listed: Path) -> None:
    out = listed.with_name("out.jsonl")
    words = ["measure", "--batch", listed, "--out", out, "--workers", "0"]
    assert einthoven(*words).code == 0
    whole = out.read_bytes()
    out.write_bytes(whole[: len(whole) // 2])  # killed within a line
    kept = out.read_bytes().count(b"\n") - out.read_bytes().count(b'"error"')
    assert 0 < kept < 10
    assert einthoven(*words).out.startswith(f"{10 - kept} measured, {kept} already there, 1 with an error: ")
    assert out.read_bytes() == whole
    write_wfdb(simulate([], seed=9, seconds=3.0).ecg, listed.parent, "absent")
    assert einthoven(*words).out.startswith("1 measured, 10 already there, 0 with an error: ")
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["id"] for line in lines] == listed.read_text().split()
    assert lines[2]["heart_rate_bpm"]


def _fails(einthoven: Einthoven, folder: Path, *words: object) -> str:
    """Run what must fail; return its line."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    run = einthoven("measure", *words)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("einthoven: ")
    assert len(run.err.splitlines()) == 1, run.err
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before, "nothing is written"
    return run.err


def test_what_is_to_be_measured_must_be_said(einthoven: Einthoven, record: Path) -> None:
    folder, listed = record.parent, record.with_name("list.txt")
    listed.write_text("rec\n")
    assert "give an ECG" in _fails(einthoven, folder)
    batch = ["--batch", listed, "--out", folder / "out.jsonl"]
    for words in (
        [record, *batch],
        [*batch, "--plot", folder / "page.png"],
        batch[:2],
        batch[2:],
        [record, *batch[2:]],
        [record, *batch[:2]],
    ):
        assert "a batch is" in _fails(einthoven, folder, *words)
    _fails(einthoven, folder, record, record)
    assert "--rate" in _fails(einthoven, folder, record, "--rate", "fast")
    assert "--workers" in _fails(einthoven, folder, *batch, "--workers", "two")


def test_lists_that_are_none(einthoven: Einthoven, record: Path) -> None:
    folder = record.parent
    (folder / "empty.txt").write_text("\n  \n")
    (folder / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    (folder / "doubled.txt").write_text("rec\nrec\n")
    for name, said in (("no-such.txt", "no-such.txt"), ("empty.txt", "names no ECG"), ("bytes.txt", "not UTF-8"),
                       ("doubled.txt", "'rec' stand"), (".", "directory")):  # fmt: skip
        assert said in _fails(einthoven, folder, "--batch", folder / name, "--out", folder / "out.jsonl")


def test_measurements_are_never_written_over_something_else(einthoven: Einthoven, record: Path) -> None:
    listed = record.with_name("list.txt")
    listed.write_text("rec\n")
    (record.parent / "notes.txt").write_text("precious\n")
    assert "the list itself" in _fails(einthoven, record.parent, "--batch", listed, "--out", listed)
    notes = record.with_name("notes.txt")
    assert "notes.txt" in _fails(einthoven, record.parent, "--batch", listed, "--out", notes)
    assert notes.read_text() == "precious\n"


def _recorded(folder: Path, seconds: float, rate_hz: float) -> Path:
    signal = simulate([], seed=3, seconds=10.0).ecg.signal_mv[:, : round(seconds * rate_hz)]
    return write_wfdb(Ecg(signal.copy(), TWELVE, rate_hz), folder, "rec")


@pytest.mark.parametrize(
    ("seconds", "rate_hz", "said"),
    [
        (1.0, 500.0, "lasts 1 s"),
        (1.9, 500.0, "lasts 1.9 s"),
        (30.0, 30.0, "30 samples a second"),
        (30.0, 89.0, "89 samples"),
    ],
)
def test_recordings_too_short_or_too_coarse(
    einthoven: Einthoven, tmp_path: Path, seconds: float, rate_hz: float, said: str
) -> None:
    record = _recorded(tmp_path, seconds, rate_hz)
    line = _fails(einthoven, tmp_path, record, "--json", "--plot", tmp_path / "page.png")
    assert said in line
    assert "rec" in line


def test_just_long_and_fine_enough(einthoven: Einthoven, tmp_path: Path) -> None:
    assert list(_json(einthoven, _recorded(tmp_path, 2.0, 500.0))) == KEYS
    assert list(_json(einthoven, _recorded(tmp_path, 10.0, 90.0))) == KEYS


def test_files_that_are_no_ecg(einthoven: Einthoven, record: Path) -> None:
    folder = record.parent
    (folder / "page.png").write_bytes(SIGNED + bytes(100))
    (folder / "letter.txt").write_text("Dear Sir or Madam,\n")
    (folder / "folder").mkdir()
    assert "page.png" in _fails(einthoven, folder, folder / "page.png")
    assert "letter.txt" in _fails(einthoven, folder, folder / "letter.txt")
    assert "is a folder" in _fails(einthoven, folder, folder / "folder")
    assert "no such" in _fails(einthoven, folder, folder / "absent")
    record.with_suffix(".dat").unlink()
    assert "rec.dat" in _fails(einthoven, folder, record)


@pytest.mark.parametrize("name", ["no/such/folder/page.png", "folder"])
def test_a_plot_that_cannot_be_written(einthoven: Einthoven, record: Path, name: str) -> None:
    (record.parent / "folder").mkdir()
    (record.parent / "no").write_text("a file where a folder would have to be\n")
    run = einthoven("measure", record, "--plot", record.parent / name)
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)
    assert name.rpartition("/")[2] in run.err


def test_a_negative_number_of_workers_is_told(einthoven: Einthoven, record: Path, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(f"{record}\n")
    words = ("--batch", tmp_path / "list.txt", "--out", tmp_path / "out.jsonl", "--workers", "-2")
    run = einthoven("measure", *words)
    assert (run.code, run.out) == (2, "") and "--workers -2" in run.err
    assert not (tmp_path / "out.jsonl").exists()
