"""What the delineator sees of a lead: 250 Hz, baseline removed, one size, one polarity; amplitudes play no part."""

import numpy as np
from numpy.typing import NDArray

from einthoven.records.resample import resample_rows

RATE_HZ = 250.0
BASELINE_S = 1.2  # width of the box that is run twice; 3 dB down at 0.48 Hz
BLOCK_S = 2.0  # holds at least one beat down to 30 a minute
SMALLEST_MV = 0.02  # of the swing: less is flat, and is not made larger
LARGEST = 3.0  # of the swing: what lies beyond is cut off (spikes of a pacemaker, artefacts)


def prepare(rows_mv: NDArray[np.float32], rate_hz: float) -> NDArray[np.float32]:
    """Return (leads, samples at 250 Hz) of (leads, n) millivolt; the first samples are of the same time."""
    wanted = max(round(rows_mv.shape[1] * RATE_HZ / rate_hz), 1)
    rows = rows_mv if rate_hz == RATE_HZ else resample_rows(rows_mv, rate_hz, RATE_HZ, wanted)
    return normalise(rows)


def normalise(x_LT: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (.., leads, samples) at 250 Hz, around zero, as large as their usual swing, and mostly upward.

    Turning a lead over or making it larger gives the very same.
    """
    x = x_LT - _baseline(x_LT)
    swing = _swing(x)
    x = np.clip(x / np.maximum(swing, SMALLEST_MV), -LARGEST, LARGEST)
    upward = np.where((x**3).sum(axis=-1, keepdims=True) < 0, np.float32(-1), np.float32(1))
    return np.ascontiguousarray(x * upward, np.float32)


def _baseline(x_LT: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the slow part: a moving mean, run twice; beyond the ends the signal goes on by reflection."""
    half = min(round(BASELINE_S * RATE_HZ / 2), x_LT.shape[-1] - 1)
    for _ in range(2):
        pad = [(0, 0)] * (x_LT.ndim - 1) + [(half + 1, half)]
        sums = np.cumsum(np.pad(x_LT, pad, mode="reflect" if half else "edge"), axis=-1, dtype=np.float64)
        x_LT = ((sums[..., 2 * half + 1 :] - sums[..., : -2 * half - 1]) / (2 * half + 1)).astype(np.float32)
    return x_LT


def _swing(x_LT: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (.., 1): highest less lowest in blocks of two seconds, the median over blocks."""
    samples = x_LT.shape[-1]
    length = min(round(BLOCK_S * RATE_HZ), samples)
    starts = np.unique(np.linspace(0, samples - length, max(2 * samples // length - 1, 1)).astype(int))
    swings = [np.ptp(x_LT[..., start : start + length], axis=-1) for start in starts]
    return np.asarray(np.median(swings, axis=0)[..., None], np.float32)
