"""Windows of long records, one after the other; a WFDB record is read in pieces, so that memory stays bounded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError
from einthoven.records.formats.wfdb import open_record, read_part
from einthoven.records.read import format_of, read


def read_windows(path: str | Path, seconds: float, overlap_seconds: float = 0.0) -> Iterator[Ecg]:
    """Yield windows of `seconds`, each beginning `seconds - overlap_seconds` after the last; the last holds the rest.

    The source of each says where it begins ("PATH at 30 s"); its faults are its own; a window in which all leads are
    flat or missing is given too, with that as its faults. Raises as `read`, at once and not at the first window,
    and InputError for a window or step that is not positive.
    """
    return (window for window, _ in read_placed_windows(path, seconds, overlap_seconds))


def read_placed_windows(path: str | Path, seconds: float, overlap_seconds: float = 0.0) -> Iterator[tuple[Ecg, float]]:
    """Yield each window as `read_windows`, with the second of the recording at which it begins."""
    step_s = _step_s(seconds, overlap_seconds)
    if format_of(Path(path)) == "wfdb":
        return _streamed(Path(path), seconds, step_s)
    return cut_windows(read(path), seconds, overlap_seconds)


def cut_windows(ecg: Ecg, seconds: float, overlap_seconds: float = 0.0) -> Iterator[tuple[Ecg, float]]:
    """Yield the windows of a recording in memory, with the second at which each begins."""
    bounds = _bounds(ecg.signal_mv.shape[1], ecg.rate_hz, seconds, _step_s(seconds, overlap_seconds))
    return (
        _placed(ecg.with_signal(ecg.signal_mv[:, start:stop].copy(), ecg.rate_hz), start / ecg.rate_hz)
        for start, stop in bounds
    )


def _step_s(seconds: float, overlap_seconds: float) -> float:
    if not (seconds > overlap_seconds >= 0):
        raise InputError(f"windows of {seconds:g} s with an overlap of {overlap_seconds:g} s; the overlap must be less")
    return seconds - overlap_seconds


def _bounds(samples: int, rate_hz: float, seconds: float, step_s: float) -> Iterator[tuple[int, int]]:
    length, number = max(round(seconds * rate_hz), 1), 0
    while True:
        start = round(number * step_s * rate_hz)
        yield start, min(start + length, samples)
        if start + length >= samples:
            return
        number += 1


def _streamed(path: Path, seconds: float, step_s: float) -> Iterator[tuple[Ecg, float]]:
    record = open_record(path)
    bounds = _bounds(record.samples, record.header.rate_hz, seconds, step_s)
    return (
        _placed(read_part(record, start, stop, may_be_dead=True), start / record.header.rate_hz)
        for start, stop in bounds
    )


def _placed(ecg: Ecg, start_s: float) -> tuple[Ecg, float]:
    at = None if ecg.recorded_at is None else ecg.recorded_at + timedelta(seconds=start_s)
    return replace(ecg, source=f"{ecg.source} at {start_s:g} s", recorded_at=at), start_s
