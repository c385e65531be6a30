"""Beats, waves and probabilities of known content for the tests of this package."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from einthoven.core.measurements import Measurements
from einthoven.measure.beats import Beats
from einthoven.measure.delineation import Delineation
from einthoven.measure.entry import measure
from einthoven.records.simulate import Simulated, simulate

Floats = NDArray[np.float64]
Span = tuple[int, int, int]  # kind, first sample, first sample behind


@cache
def made(findings: tuple[str, ...] = (), seed: int = 1, recording: str = "clean", seconds: float = 10.0) -> Simulated:
    """A simulated ECG at 500 Hz, made once."""
    return simulate(findings, seed=seed, seconds=seconds, recording=recording)


@cache
def measured(
    findings: tuple[str, ...] = (), seed: int = 1, recording: str = "clean", seconds: float = 10.0
) -> Measurements:
    """What is measured on it, once."""
    return measure(made(findings, seed, recording, seconds).ecg)


def boxes(spans: Sequence[Span], samples: int = 500, leads: int = 1) -> NDArray[np.float32]:
    """Probabilities (4, leads, samples) that are one within the spans of a kind, the same in all leads."""
    p = np.zeros((4, leads, samples), np.float32)
    p[0] = 1
    for kind, start, stop in spans:
        p[kind, :, start:stop], p[0, :, start:stop] = 1, 0
    return p


def ramps(kind: int, on: float, off: float, width: int, samples: int = 500) -> NDArray[np.float32]:
    """Probabilities (4, 1, samples) that rise and fall along straight lines of `width` samples about two moments."""
    at = np.arange(samples)
    rise, fall = (at - on) / width + 0.5, (off - at) / width + 0.5
    p = np.zeros((4, 1, samples), np.float32)
    p[kind, 0] = np.clip(np.minimum(rise, fall), 0, 1)
    p[0] = 1 - p[kind]
    return p


def waves(spans: Sequence[tuple[int, float, float]], leads: int = 1) -> Delineation:
    """Waves (kind, onset, end in seconds), the same in all leads."""
    on, off = (np.repeat(np.array([span[place] for span in spans], float)[:, None], leads, axis=1) for place in (1, 2))
    shape = on.shape
    names = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")[:leads]
    kind = np.array([span[0] for span in spans], np.int8)
    return Delineation(
        names, kind, on, (on + off) / 2, off, np.ones(shape, np.float32), np.ones(shape, bool), np.ones(len(kind), bool)
    )


def beats_at(
    on_s: Sequence[float] | NDArray[np.floating],
    *,
    p_s: tuple[float, float] | None = (-0.16, -0.06),
    qrs_s: float = 0.09,
    t_s: tuple[float, float] | None = (0.2, 0.4),
    early: Sequence[int] = (),
) -> Beats:
    """Beats whose QRS complexes begin at `on_s`; P and T lie as stated from there, None for no such waves."""
    on = np.asarray(on_s, float)
    none = np.full(len(on), np.nan)
    place = np.arange(len(on))
    marked = np.zeros(len(on), bool)
    marked[list(early)] = True
    p, t = (place if span else np.full(len(on), -1) for span in (p_s, t_s))
    return Beats(
        place, p, t,
        p_on_s=on + p_s[0] if p_s else none, p_off_s=on + p_s[1] if p_s else none,
        qrs_on_s=on, qrs_off_s=on + qrs_s,
        t_on_s=on + t_s[0] if t_s else none, t_off_s=on + t_s[1] if t_s else none,
        rr_s=np.diff(on, prepend=np.nan), early=marked, alike=np.ones(len(on), bool),
    )  # fmt: skip
