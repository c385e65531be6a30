"""A wave is a moving heart vector: a sum of 3-D Gaussian loops, seen by eight leads through one matrix.

Coordinates are left, foot and front, in millivolt. Left is lead I and foot is 2/sqrt(3) aVF by definition, so that the
angle of a vector in the frontal plane is the clinical axis, exactly. The chest rows began as those of Dower's matrix
(Dower, Machado and Osborne, Clin. Cardiol. 1980) and were fitted by alternating least squares to the QRS complexes of
742 normal recordings of PTB-XL (Wagner et al., Scientific Data 2020): they explain 90 % of the chest leads' power, with
a matrix of each person's own (simulate_patient.py) 98 %.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.core.leads import LIMB, LIMB_FROM_I_II

Array = NDArray[np.float64]
EIGHT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")

HALF_ROOT_3 = np.sqrt(3.0) / 2.0
_LIMB_ROWS = [[1.0, 0.0, 0.0], [0.5, HALF_ROOT_3, 0.0]]
# (8, 3): rows I, II, V1..V6; columns left, foot, front. Recovery and the atria lie elsewhere than activation does, and
# have chest rows of their own, fitted to the ST-T and P parts of the same recordings.
ACTIVATION = np.array([
    *_LIMB_ROWS, [-0.412, -0.214, 0.634], [0.437, -0.324, 1.387], [1.116, 0.634, 1.276],
    [1.326, 1.063, 0.708], [1.233, 0.904, 0.246], [0.952, 0.674, -0.033],
])  # fmt: skip
RECOVERY = np.array([
    *_LIMB_ROWS, [-0.378, -0.066, 0.571], [0.839, 0.027, 1.387], [0.951, 0.447, 1.204],
    [0.896, 0.685, 0.616], [0.960, 0.583, 0.114], [0.817, 0.493, -0.071],
])  # fmt: skip
ATRIA = np.array([
    *_LIMB_ROWS, [-0.19, -0.03, 0.60], [0.42, 0.01, 0.95], [0.48, 0.22, 0.75],
    [0.45, 0.34, 0.38], [0.48, 0.29, 0.07], [0.41, 0.25, -0.04],
])  # fmt: skip
# (12, 8): all twelve leads from I, II, V1..V6, by Einthoven's and Goldberger's relations.
TWELVE_FROM_EIGHT = np.zeros((12, 8))
TWELVE_FROM_EIGHT[:6, :2] = [LIMB_FROM_I_II[name] for name in LIMB]
TWELVE_FROM_EIGHT[6:, 2:] = np.eye(6)


@dataclass(frozen=True)
class Loop:
    """One wave of the heart vector: Gaussians centred `at`, of standard deviation `width`, pointing along `vector_mv`.

    at, width: (k,) in any one unit of time (only their proportions count); vector_mv: (k, 3) left, foot, front;
    chest_mv: (k, 6) what only the electrodes V1..V6 see because they lie next to it (most loops have none).
    """

    at: Array
    width: Array
    vector_mv: Array
    chest_mv: Array

    def __add__(self, other: "Loop") -> "Loop":
        """Superpose two loops that share their unit of time."""
        return Loop(
            np.concatenate([self.at, other.at]),
            np.concatenate([self.width, other.width]),
            np.concatenate([self.vector_mv, other.vector_mv]),
            np.concatenate([self.chest_mv, other.chest_mv]),
        )

    def __mul__(self, gain: float) -> "Loop":
        return replace(self, vector_mv=self.vector_mv * gain, chest_mv=self.chest_mv * gain)

    def turned(self, frontal_deg: float) -> "Loop":
        """Turn in the frontal plane; positive is clockwise, from left towards the foot, as the clinical axis counts."""
        turn = np.radians(frontal_deg)
        left, foot, front = self.vector_mv.T
        turned = (np.cos(turn) * left - np.sin(turn) * foot, np.sin(turn) * left + np.cos(turn) * foot, front)
        return replace(self, vector_mv=np.stack(turned, axis=1))

    @property
    def area(self) -> Array:
        """(3,) integral over time, the mean vector of the wave (times the loop's own unit of time)."""
        return np.asarray((self.width[:, None] * self.vector_mv).sum(axis=0) * np.sqrt(2 * np.pi))

    @property
    def axis_deg(self) -> float:
        """Frontal axis of the net area, in degrees from lead I towards the foot."""
        return float(np.degrees(np.arctan2(self.area[1], self.area[0])))


def loop(*gaussians: tuple[float, ...]) -> Loop:
    """Return a loop from rows (at, width, left, foot, front), each with V1..V6 behind if it has a chest part."""
    rows = np.array([(*row, *(0.0,) * (11 - len(row))) for row in gaussians], dtype=np.float64)
    return Loop(rows[:, 0], rows[:, 1], rows[:, 2:5], rows[:, 5:])


@dataclass(frozen=True)
class Template:
    """A loop as the leads see it, in time that runs from 0 (global onset by the border rule) to 1 (global offset).

    at, width: (k,); lead_mv: (k, 8).
    """

    at: Array
    width: Array
    lead_mv: Array


# The border rule: a wave lasts, in a lead, from the first to the last time that its own noise-free part passes the
# smaller of 20 microvolt and 5 % of its peak there; in a lead where it stays under 20 microvolt it is not marked.
BORDER_MV, BORDER_SHARE = 0.020, 0.05
_GRID = np.linspace(-0.8, 1.8, 521)


def borders(parts_mv: Array) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Apply the border rule along the last axis; return onset, peak and offset in samples (with fractions) and a mask.

    parts_mv: (..., samples), one wave alone in each row. Where the mask is false the wave is not to be seen.
    """
    size = np.abs(parts_mv)
    peak = size.argmax(axis=-1)
    top = np.take_along_axis(size, peak[..., None], axis=-1)
    limit = np.minimum(BORDER_MV, BORDER_SHARE * top)
    over = size >= limit
    last_sample = size.shape[-1] - 1
    first = over.argmax(axis=-1)
    last = last_sample - over[..., ::-1].argmax(axis=-1)
    on = _crossing(size, np.maximum(first - 1, 0), first, limit)
    off = _crossing(size, np.minimum(last + 1, last_sample), last, limit)
    return on, peak.astype(np.float64), off, top[..., 0] >= BORDER_MV


def _crossing(size: Array, outside: NDArray[np.intp], inside: NDArray[np.intp], limit: Array) -> Array:
    """Where between two samples the limit is passed, by linear interpolation."""
    low = np.take_along_axis(size, outside[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(size, inside[..., None], axis=-1)[..., 0]
    share = np.clip((limit[..., 0] - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    return np.asarray(outside + share * (inside - outside))


def template(wave: Loop, matrix: Array) -> Template:
    """Project a loop on the eight leads and set its clock so that the border rule finds it from 0 to 1.

    matrix: (8, 3). A loop that no lead shows keeps the clock on which 2.5 standard deviations around it are 0 to 1.
    """
    lead_mv = wave.vector_mv @ matrix.T
    lead_mv[:, 2:] += wave.chest_mv
    start, end = (wave.at - 3.5 * wave.width).min(), (wave.at + 3.5 * wave.width).max()
    at, width = (wave.at - start) / (end - start), wave.width / (end - start)
    parts = TWELVE_FROM_EIGHT @ (lead_mv.T @ np.exp(-0.5 * ((_GRID - at[:, None]) / width[:, None]) ** 2))
    on, _, off, seen = borders(parts)
    step = _GRID[1] - _GRID[0]
    if seen.any():
        first, last = _GRID[0] + step * on[seen].min(), _GRID[0] + step * off[seen].max()
    else:
        first, last = 1 / 7, 6 / 7
    return Template((at - first) / (last - first), width / (last - first), lead_mv)


PartName = Literal["P", "QRS", "ST", "T", "U"]


@dataclass(frozen=True)
class Waves:
    """All waves of one name in a recording: when each begins, how long it lasts, its template and its size.

    on_s, duration_s, gain: (n,); which: (n,) index into templates; beat: (n,) index of the beat or -1.
    """

    name: PartName
    on_s: Array
    duration_s: Array
    gain: Array
    which: NDArray[np.intp]
    beat: NDArray[np.intp]
    templates: tuple[Template, ...]


@dataclass(frozen=True)
class Parts:
    """Each wave alone, on the recording's clock: lead_mv (n, 8, window) begins at sample `start` (n,)."""

    start: NDArray[np.intp]
    lead_mv: Array


def parts(waves: Waves, rate_hz: float) -> Parts:
    """Compute every wave of a batch by itself, all at once."""
    most = max(len(one.at) for one in waves.templates)
    at, width = np.zeros((len(waves.templates), most)), np.ones((len(waves.templates), most))
    lead_mv = np.zeros((len(waves.templates), 8, most))
    for row, one in enumerate(waves.templates):
        at[row, : len(one.at)], width[row, : len(one.at)] = one.at, one.width
        lead_mv[row, :, : len(one.at)] = one.lead_mv.T
    margin = 0.4 * waves.duration_s
    start = np.floor((waves.on_s - margin) * rate_hz).astype(np.intp)
    window = int(np.ceil(1.8 * float(waves.duration_s.max()) * rate_hz)) + 2
    clock = (start[:, None] + np.arange(window)) / rate_hz - waves.on_s[:, None]
    clock /= waves.duration_s[:, None]
    which = waves.which
    bumps = np.exp(-0.5 * ((clock[:, None, :] - at[which][:, :, None]) / width[which][:, :, None]) ** 2)
    return Parts(start, (lead_mv[which] * waves.gain[:, None, None]) @ bumps)


def add(signal_mv: Array, these: Parts) -> None:
    """Add the waves to an (8, samples) signal, in place; what lies outside of it is cut off."""
    samples, window = signal_mv.shape[1], these.lead_mv.shape[2]
    for start, part in zip(these.start.tolist(), these.lead_mv, strict=True):
        first, last = max(start, 0), min(start + window, samples)
        if first < last:
            signal_mv[:, first:last] += part[:, first - start : last - start]
