"""Pacing spikes: deflections of a few milliseconds in several leads at once, far above what else is that short."""

import numpy as np
from numpy.typing import NDArray

from einthoven.measure.beats import Beats

MIN_RATE_HZ = 240.0  # a spike of 2 ms leaves nothing at a lower rate
HALF_S = 0.004  # a spike is over within twice this time
LEAST_MV = 0.2
TIMES_NOISE = 8.0
APART_S = 0.03
BEFORE_QRS_S = 0.35  # of an atrial or ventricular spike that takes; one that does not cannot be told from noise
LEAST_SPIKES = 2
INTO_QRS_S = 0.012  # later within a complex it is a steep R wave
MOST_PER_S = 6.0  # more are an artefact, not a pacemaker


def pacing_spikes(rows_mv: NDArray[np.float32], rate_hz: float, beats: Beats) -> tuple[float, ...] | None:
    """Return the times of spikes that lead to a complex, in seconds; none for a single one. Without any complex: all.

    None where the rate is too low to tell.
    """
    if rate_hz < MIN_RATE_HZ:
        return None
    if not len(rows_mv):
        return ()
    short = _short(rows_mv, max(2, round(HALF_S * rate_hz)))
    loudest = np.sort(short, axis=0)[-min(3, len(short)) :].mean(axis=0)  # of three leads: one alone is its own noise
    noise = float(np.quantile(loudest, 0.9))
    limit = max(LEAST_MV, TIMES_NOISE * noise)
    spikes = np.array(_apart(loudest, limit, rate_hz))
    if not len(spikes):
        return ()
    if not len(beats.qrs):
        return tuple(spikes.tolist())
    within = (spikes[:, None] > beats.qrs_on_s + INTO_QRS_S) & (spikes[:, None] < beats.qrs_off_s)
    later = beats.qrs_on_s - spikes[:, None]
    leading = ((later > -INTO_QRS_S) & (later < BEFORE_QRS_S)).any(axis=1)
    kept = spikes[leading & ~within.any(axis=1)]
    return tuple(kept.tolist()) if len(kept) >= LEAST_SPIKES else ()


def _short(rows_mv: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Return how far each sample stands above both, or below both, of those `reach` before and after it."""
    padded = np.pad(rows_mv, ((0, 0), (reach, reach)), mode="edge")
    rise, fall = rows_mv - padded[:, : -2 * reach], rows_mv - padded[:, 2 * reach :]
    found: NDArray[np.float32] = np.maximum(np.minimum(rise, fall), np.minimum(-rise, -fall)).clip(0)
    return found


def _apart(loudest: NDArray[np.float32], limit_mv: float, rate_hz: float) -> list[float]:
    gap = max(1, round(APART_S * rate_hz))
    found: list[int] = []
    for at in np.flatnonzero(loudest > limit_mv).tolist():
        if found and at - found[-1] < gap:
            found[-1] = max(found[-1], at, key=lambda place: float(loudest[place]))
        else:
            found.append(at)
    if len(found) > MOST_PER_S * max(len(loudest) / rate_hz, 1.0):
        return []
    return [round(at / rate_hz, 4) for at in found]
