"""What is known of a simulated ECG: findings, beats, waves by the border rule, intervals, axes, every parameter."""

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from einthoven.core.leads import TWELVE
from einthoven.core.waves import Wave, WaveName
from einthoven.records.simulate_heart import TWELVE_FROM_EIGHT, Array, Parts, Waves, borders
from einthoven.records.simulate_rhythm import Schedule


@dataclass(frozen=True)
class Marks:
    """Borders of all waves of one name, seconds; each (waves, 12) and only meaningful where `seen`."""

    name: WaveName
    beat: NDArray[np.intp]
    on_s: Array
    peak_s: Array
    off_s: Array
    seen: NDArray[np.bool_]

    @cached_property
    def global_on_s(self) -> Array:
        """(waves,) earliest lead, not a number where no lead shows the wave."""
        return _nan_where_none(np.where(self.seen, self.on_s, np.inf).min(axis=1))

    @cached_property
    def global_off_s(self) -> Array:
        """(waves,) latest lead, not a number where no lead shows the wave."""
        return _nan_where_none(np.where(self.seen, self.off_s, -np.inf).max(axis=1))


def _nan_where_none(times: Array) -> Array:
    return np.where(np.isfinite(times), times, np.nan)


def marks(waves: Waves, these: Parts, rate_hz: float) -> Marks:
    """Apply the border rule to every wave alone, in all twelve leads."""
    on, peak, off, seen = borders(TWELVE_FROM_EIGHT @ these.lead_mv)
    start = these.start[:, None]
    return Marks(
        cast(WaveName, waves.name),
        waves.beat,
        (start + on) / rate_hz,
        (start + peak) / rate_hz,
        (start + off) / rate_hz,
        seen,
    )


def wave_list(all_marks: list[Marks], seconds: float) -> dict[str, list[Wave]]:
    """Return lead -> waves in order of time; a border outside of the recording is None, a wave outside is left out."""
    waves: dict[str, list[Wave]] = {}
    names = [one.name for one in all_marks]
    which = np.repeat(np.arange(len(all_marks)), [len(one.beat) for one in all_marks])
    table = np.concatenate([np.stack([one.on_s, one.peak_s, one.off_s], axis=1) for one in all_marks]).round(5)
    seen = np.concatenate([one.seen for one in all_marks]) & (table[:, 2] > 0) & (table[:, 0] < seconds)
    by_time = np.argsort(table[:, 1].mean(axis=1), kind="stable")
    order, table, seen = which[by_time], table[by_time], seen[by_time]
    for row, lead in enumerate(TWELVE):
        keep = seen[:, row]
        waves[lead] = [
            Wave(names[place], _inside(on, seconds), _inside(peak, seconds), _inside(off, seconds), 1.0)
            for place, (on, peak, off) in zip(order[keep].tolist(), table[keep, :, row].tolist(), strict=True)
        ]
    return waves


def _inside(time_s: float, seconds: float) -> float | None:
    return time_s if 0 <= time_s < seconds else None


@dataclass(frozen=True)
class TrueBeat:
    """One beat: its kind, global onset of the QRS complex and its intervals (None where there is none)."""

    kind: str
    on_s: float
    rr_ms: float | None
    pr_ms: float | None
    qrs_ms: float | None
    qt_ms: float | None


@dataclass(frozen=True)
class Truth:
    """Everything that is known; `to_json` gives a dict that JSON can hold."""

    seed: int
    findings: tuple[dict[str, Any], ...]
    beats: tuple[TrueBeat, ...]
    intervals: dict[str, float | None]
    axis_deg: dict[str, float | None]
    pacing_spikes_s: tuple[float, ...]
    waves: dict[str, list[Wave]]
    parameters: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return plain lists, dicts, numbers and strings."""
        return asdict(self)


def truth_of_beats(
    times: Schedule, p: Marks | None, qrs: Marks, t: Marks, seconds: float
) -> tuple[tuple[TrueBeat, ...], dict[str, float | None]]:
    """Return the beats whose QRS complex begins inside the recording, and the medians of their intervals."""
    on_s, off_s, end_s = qrs.global_on_s, qrs.global_off_s, t.global_off_s
    p_on_s = np.full(len(on_s), np.nan)
    p_ms = None
    if p is not None:
        led = p.beat >= 0
        p_on_s[p.beat[led]] = p.global_on_s[led]
        inside = (p.global_on_s >= 0) & (p.global_off_s < seconds)
        p_ms = float(np.median((p.global_off_s - p.global_on_s)[inside])) * 1000 if inside.any() else None
    rr_ms = np.diff(on_s, prepend=np.nan) * 1000
    rr_ms[:1] = np.nan
    rr_ms[1:][on_s[:-1] < 0] = np.nan  # the beat before is not in the recording
    table = np.stack([rr_ms, (on_s - p_on_s) * 1000, (off_s - on_s) * 1000, (end_s - on_s) * 1000], axis=1)
    beats = []
    for one, start_s, row in zip(times.beats, on_s.tolist(), table.round(3).tolist(), strict=True):
        if 0 <= start_s < seconds:
            rr, pr, width, qt = (None if value != value else value for value in row)
            beats.append(TrueBeat(one.kind, round(start_s, 5), rr, pr, width, qt))
    return tuple(beats), intervals(tuple(beats), p_ms)


def intervals(beats: tuple[TrueBeat, ...], p_ms: float | None) -> dict[str, float | None]:
    """Return the medians over beats: heart_rate_bpm (60 / median RR), rr_ms, p_ms, pr_ms, qrs_ms, qt_ms."""
    rr_ms = _median([beat.rr_ms for beat in beats])
    return {
        "heart_rate_bpm": None if rr_ms is None else 60_000.0 / rr_ms,
        "rr_ms": rr_ms,
        "p_ms": p_ms,
        "pr_ms": _median([beat.pr_ms for beat in beats]),
        "qrs_ms": _median([beat.qrs_ms for beat in beats]),
        "qt_ms": _median([beat.qt_ms for beat in beats]),
    }


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
