"""Windows of long records: together the whole, and never more of it in memory than a window."""

import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from einthoven.core.errors import FormatError, InputError
from einthoven.core.leads import TWELVE
from einthoven.records.read import read
from einthoven.records.windows import cut_windows, read_placed_windows, read_windows
from tests.records.make import grid, toy, write_16


def test_windows_in_a_row_are_the_record(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid(seconds=9))
    windows = list(read_windows(path, 2.5))
    assert [window.seconds for window in windows] == [2.5, 2.5, 2.5, 1.5]
    np.testing.assert_array_equal(
        np.concatenate([window.signal_mv for window in windows], axis=1), read(path).signal_mv
    )
    assert [window.source for window in windows] == [f"{path} at {start} s" for start in ("0", "2.5", "5", "7.5")]


def test_overlap_and_date(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid(seconds=6), comments="# Date: 13/01/1995\n")
    windows = list(read_windows(path, 4, overlap_seconds=3))
    assert [window.recorded_at for window in windows] == [
        datetime(1995, 1, 13) + timedelta(seconds=start) for start in (0, 1, 2)
    ]
    np.testing.assert_array_equal(windows[0].signal_mv[:, 500:], windows[1].signal_mv[:, :1500])


def test_other_formats_are_cut_too(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", toy(seconds=4).signal_mv)
    (tmp_path / "a.json").write_text('{"rate_hz": 500, "unit": "mV"}')
    windows = list(read_windows(tmp_path / "a.npy", 3))
    assert [window.seconds for window in windows] == [3.0, 1.0]


def test_a_window_without_signal_is_given_with_its_faults(tmp_path: Path) -> None:
    signal = grid(seconds=6)
    signal[:, 1000:2000] = 0.0
    windows = list(read_windows(write_16(tmp_path, signal), 2))
    assert [len(window.faults) for window in windows] == [0, 12, 0]
    assert not windows[1].twelve()[1].any()


def test_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = write_16(tmp_path, grid())
    for seconds, overlap in ((0, 0), (-1, 0), (5, 5), (5, -1), (float("nan"), 0)):
        with pytest.raises(InputError, match="overlap"):
            read_windows(path, seconds, overlap)
    with pytest.raises(InputError, match="no such record"):
        read_windows(tmp_path / "absent.hea", 10)
    (tmp_path / "rec.dat").unlink()
    with pytest.raises(FormatError, match="is not there"):
        read_windows(path, 10)


def test_a_day_of_twelve_leads_needs_the_memory_of_a_window(tmp_path: Path) -> None:
    samples = 24 * 3600 * 500
    with (tmp_path / "rec.dat").open("wb") as stream:
        stream.truncate(2 * 12 * samples)  # a gigabyte that is not on the disk
    lines = [f"rec.dat 16 1000/mV 16 0 0 0 0 {lead}" for lead in TWELVE]
    (tmp_path / "rec.hea").write_text(f"rec 12 500 {samples}\n" + "\n".join(lines))
    tracemalloc.start()
    windows = read_windows(tmp_path / "rec", 60)
    for _ in range(3):
        assert next(windows).seconds == 60.0
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 30_000_000


def test_windows_say_where_they_begin_from_file_and_from_memory(tmp_path: Path) -> None:
    path = write_16(tmp_path, np.arange(2500, dtype=float)[None].repeat(12, axis=0) / 1000)
    from_file, from_memory = list(read_placed_windows(path, 4, 3)), list(cut_windows(read(path), 4, 3))
    assert [start_s for _, start_s in from_file] == [start_s for _, start_s in from_memory]
    for (one, start_s), (other, _) in zip(from_file, from_memory, strict=True):
        assert one.signal_mv[0, 0] == pytest.approx(start_s * one.rate_hz / 1000, abs=1e-3)
        np.testing.assert_allclose(one.signal_mv, other.signal_mv, atol=1e-6)
