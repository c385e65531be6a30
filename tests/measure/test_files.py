"""Files and lists of them: order, error lines, resuming, and long records without reading them whole."""

import importlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, JobError, UnitError
from einthoven.core.measurements import Measurements
from einthoven.measure.entry import measure
from einthoven.measure.files import MAX_LIST_BYTES, MeasureWork, measure_batch, measure_file, read_list
from einthoven.records.read import read
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from tests.measure.make import made, measured


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a, b, short (1 s) and long (100 s), and c.npy, which does not say its rate and unit."""
    folder = tmp_path_factory.mktemp("files")
    write_wfdb(made().ecg, folder, "a")
    write_wfdb(made(("CLBBB",), 2).ecg, folder, "b")
    write_wfdb(simulate((), seconds=1.0).ecg, folder, "short")
    write_wfdb(made(seconds=100.0).ecg, folder, "long")
    np.save(folder / "c.npy", made().ecg.signal_mv)
    return folder


def _batch(records: Path, tmp_path: Path, lines: list[str], **further: Any) -> list[dict[str, Any]]:
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(str(records / line) if line else "" for line in lines))
    measure_batch(listed, tmp_path / "out.jsonl", **further)
    return [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]


def test_a_file_is_measured_as_the_ecg_in_it(records: Path) -> None:
    assert measure_file(records / "a").to_json() == measure(read(records / "a")).to_json()
    found = measure_file(records / "a.hea")
    assert found.qt_ms == pytest.approx(measured().qt_ms, abs=2)
    assert found.limits["qrs_ms"].source == measured().limits["qrs_ms"].source  # age and sex are in the header
    table = measure_file(records / "c.npy", 500.0, "mV")
    assert table.qt_ms == pytest.approx(measured().qt_ms, abs=0.1)


def test_what_cannot_be_measured_is_told_by_file(records: Path) -> None:
    with pytest.raises(InputError, match=r"short\.hea: lasts 1 s, too short"):
        measure_file(records / "short")
    with pytest.raises(InputError, match="no such record"):
        measure_file(records / "absent")
    with pytest.raises(UnitError, match=r"c\.npy"):
        measure_file(records / "c.npy")


@pytest.mark.parametrize("name", ["a", "long"])
def test_a_rate_or_unit_against_the_header_is_refused(records: Path, name: str) -> None:
    with pytest.raises(UnitError, match="states 500 Hz itself"):
        measure_file(records / name, rate_hz=250.0)
    with pytest.raises(UnitError):
        measure_file(records / name, unit="uV")


def test_a_long_record_is_read_in_pieces(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Ecg:
        raise AssertionError("the whole was read")

    wanted = measure(read(records / "long"))
    monkeypatch.setattr(importlib.import_module("einthoven.measure.files"), "read", never)
    found = measure_file(records / "long")
    assert found.figures == pytest.approx(wanted.figures, abs=0.01)
    assert found.waves["II"] == wanted.waves["II"]
    assert set(found.limits) == set(wanted.limits)


def test_each_piece_of_a_long_record_begins_when_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 256.4 Hz 24 s are no whole number of samples, so that pieces begin between the seconds."""
    ramp = (np.arange(25_640) / 1000).astype(np.float32)[None]  # 1 uV a sample
    path = write_wfdb(Ecg(ramp, ("II",), 256.4), tmp_path, "odd")
    starts: list[tuple[float, float]] = []

    def note(parts: Iterable[tuple[Ecg, float]], folder: Path) -> Measurements:
        starts.extend((float(ecg.signal_mv[0, 0]) * 1000 / 256.4, start_s) for ecg, start_s in parts)
        return Measurements({})

    monkeypatch.setattr(importlib.import_module("einthoven.measure.files"), "measure_parts", note)
    measure_file(path)
    assert len(starts) == 4
    for true_s, said_s in starts:
        assert said_s == pytest.approx(true_s, abs=0.0006)


def test_a_long_record_that_is_too_coarse_is_refused(tmp_path: Path) -> None:
    path = write_wfdb(Ecg(np.zeros((1, 6000), np.float32), ("II",), 50.0), tmp_path, "coarse")
    with pytest.raises(InputError, match=r"coarse\S*: 50 samples a second"):
        measure_file(path)


def test_a_batch_keeps_the_order_and_a_failure_costs_its_line_only(records: Path, tmp_path: Path) -> None:
    found = _batch(records, tmp_path, ["b", "absent", "", "a", "short", "long", "c.npy"], workers=0)
    assert [Path(line["id"]).name for line in found] == ["b", "absent", "a", "short", "long", "c.npy"]
    for line, said in ((found[1], "no such record"), (found[3], "too short"), (found[5], "rate")):
        assert set(line) == {"id", "error"} and said in line["error"]
    for line, name in ((found[0], "b"), (found[2], "a"), (found[4], "long")):
        assert line == {"id": line["id"], **json.loads(json.dumps(measure_file(records / name).to_json()))}


def test_the_bytes_do_not_depend_on_the_workers(records: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(f"{records}/a\n{records}/absent\n{records}/b\n")
    tallies = [measure_batch(listed, tmp_path / f"{workers}.jsonl", workers) for workers in (0, 2)]
    assert tallies[0] == tallies[1]
    assert (tmp_path / "0.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_a_second_run_does_what_is_missing_and_what_failed(tmp_path: Path) -> None:
    listed, out = tmp_path / "list.txt", tmp_path / "out.jsonl"
    listed.write_text("a\nlater\n")
    write_wfdb(made().ecg, tmp_path, "a")
    first = measure_batch(listed, out, 0)
    assert (first.total, first.made, first.kept, first.failed) == (2, 1, 0, 1)
    kept = out.read_text().splitlines()[0]
    write_wfdb(made(("CLBBB",), 2).ecg, tmp_path, "later")
    second = measure_batch(listed, out, 0)
    assert (second.total, second.made, second.kept, second.failed) == (2, 1, 1, 0)
    lines = out.read_text().splitlines()
    assert lines[0] == kept and json.loads(lines[1])["qrs_ms"] > 110


def test_rate_and_unit_of_a_batch_are_for_files_that_do_not_say_theirs(records: Path, tmp_path: Path) -> None:
    (line,) = _batch(records, tmp_path, ["c.npy"], workers=0, work=MeasureWork(500.0, "mV"))
    assert line["qt_ms"] == pytest.approx(measured().qt_ms, abs=0.1)


def test_a_list_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = tmp_path / "list.txt"
    with pytest.raises(JobError, match=r"list\.txt: No such file"):
        read_list(listed)
    for data, said in ((b"", "names no ECG"), (b" \n\n", "names no ECG"), (b"\xff\xfea", "is not UTF-8 text")):
        listed.write_bytes(data)
        with pytest.raises(JobError, match=said):
            measure_batch(listed, tmp_path / "out.jsonl", 0)
    listed.write_text("a\nb\na\n")
    with pytest.raises(JobError, match="'a' stand more than once"):
        measure_batch(listed, tmp_path / "out.jsonl", 0)
    with pytest.raises(JobError, match="is the list itself"):
        measure_batch(listed, tmp_path / "." / "list.txt", 0)
    monkeypatch.setattr(importlib.import_module("einthoven.measure.files"), "MAX_LIST_BYTES", 3)
    with pytest.raises(JobError, match="a list has one path a line"):
        read_list(listed)
    assert MAX_LIST_BYTES > 1 << 20
    assert not (tmp_path / "out.jsonl").exists() and listed.read_text() == "a\nb\na\n"
