"""The usual beat: the median over the beats of a recording, in millivolt, at the recording's own rate.

The baseline is the level just before each QRS complex, with a straight line from one to the next (as in the Common
Standards for Electrocardiography, Eur Heart J 1985).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.measure.beats import Beats

Floats = NDArray[np.float64]
LEVEL_S = (0.022, 0.004)  # before the QRS complex
BEFORE_S, AFTER_S = 0.5, 0.8
BORDERS = ("p_on_s", "p_off_s", "qrs_on_s", "qrs_off_s", "t_on_s", "t_off_s")


@dataclass(frozen=True, eq=False)
class UsualBeat:
    """signal_LS: (leads, samples) millivolt; borders in seconds from its first sample (not a number: no such wave)."""

    signal_LS: Floats
    rate_hz: float
    p_on_s: float
    p_off_s: float
    qrs_on_s: float
    qrs_off_s: float
    t_on_s: float
    t_off_s: float

    def part(self, start_s: float, stop_s: float) -> Floats:
        """Return (leads, samples) from start to stop; at least one sample."""
        first = int(np.clip(round(start_s * self.rate_hz), 0, self.signal_LS.shape[1] - 1))
        return self.signal_LS[:, first : max(round(stop_s * self.rate_hz), first) + 1]


def usual_beat(rows_mv: NDArray[np.float32], rate_hz: float, beats: Beats) -> UsualBeat | None:
    """Return the median of the usual beats, as far as each lies within the recording; None when there is none."""
    level = baseline(rows_mv, rate_hz, beats)
    before, after = round(BEFORE_S * rate_hz), round(AFTER_S * rate_hz)
    flat = rows_mv - level
    strength = np.abs(flat).sum(axis=0)
    chosen = np.flatnonzero(beats.usual)
    if not len(chosen):
        return None
    cut, starts = [], []
    for place in chosen:
        first, last = (round(time_s * rate_hz) for time_s in (beats.qrs_on_s[place], beats.qrs_off_s[place]))
        first, last = max(first, 0), min(max(last, first + 1), len(strength))
        start = first + int(strength[first:last].argmax()) - before
        stop = start + before + after
        inside = flat[:, max(start, 0) : min(stop, flat.shape[1])].astype(np.float64)
        missing = ((0, 0), (max(-start, 0), max(stop - flat.shape[1], 0)))
        cut.append(np.pad(inside, missing, constant_values=np.nan))
        starts.append(start / rate_hz)
    borders = {name: _median_of(getattr(beats, name)[chosen] - np.array(starts)) for name in BORDERS}
    return UsualBeat(_median(np.stack(cut)), rate_hz, **borders)


def baseline(rows_mv: NDArray[np.float32], rate_hz: float, beats: Beats) -> NDArray[np.float32]:
    """Return (leads, n): the level before each complex, joined by lines, and going on level at both ends."""
    times = np.arange(rows_mv.shape[1])
    level = np.zeros_like(rows_mv)
    on_s = beats.qrs_on_s[beats.qrs_on_s >= LEVEL_S[0]]
    if not len(on_s):
        return level + np.median(rows_mv, axis=1, keepdims=True)
    starts = np.rint((on_s - LEVEL_S[0]) * rate_hz).astype(int)
    stops = np.maximum(np.rint((on_s - LEVEL_S[1]) * rate_hz).astype(int), starts + 1)
    sums = np.cumsum(np.pad(rows_mv, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    knots = (sums[:, stops] - sums[:, starts]) / (stops - starts)
    middle = (starts + stops - 1) / 2
    for row, values in enumerate(knots):
        level[row] = np.interp(times, middle, values)
    return level


def _median(parts_NLS: Floats) -> Floats:
    """Return the median over what is there; 0 where nothing is."""
    there = np.isfinite(parts_NLS).any(axis=(0, 1))
    found = np.zeros(parts_NLS.shape[1:])
    found[:, there] = np.nanmedian(parts_NLS[:, :, there], axis=0)
    return found


def _median_of(times_s: Floats) -> float:
    known = times_s[np.isfinite(times_s)]
    return float(np.median(known)) if len(known) >= max(1, len(times_s) / 2) else float("nan")
