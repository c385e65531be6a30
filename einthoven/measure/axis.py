"""Frontal axes of P, QRS and T from the net areas in I and aVF."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.measure.usual_beat import Floats, UsualBeat

Signal = NDArray[np.floating]
AVF_SHARE = 2 / math.sqrt(3)  # aVF is recorded against the mean of two limbs, and so smaller than a bipolar lead
LEAST_MV_MS = {"p": 0.6, "qrs": 2.0, "t": 1.5}  # of the net area: a smaller one has no direction


def axes(beat: UsualBeat, lead_i_mv: Signal, avf_mv: Signal) -> dict[str, float | None]:
    """Return wave -> degrees from -180 to 180, from I and aVF of the beat; None without the wave or a net area.

    P and T waves are measured from the line between their ends, QRS from the level before it.
    """
    borders = {
        "p": (beat.p_on_s, beat.p_off_s),
        "qrs": (beat.qrs_on_s, beat.qrs_off_s),
        "t": (beat.t_on_s, beat.t_off_s),
    }
    both = replace(beat, signal_LS=np.stack([lead_i_mv, avf_mv]).astype(np.float64))
    found: dict[str, float | None] = {}
    for wave, (on_s, off_s) in borders.items():
        found[wave] = None
        if np.isfinite(on_s + off_s) and off_s > on_s:
            part = both.part(on_s, off_s)
            if wave != "qrs":
                part = part - np.linspace(part[:, 0], part[:, -1], part.shape[1], axis=1)
            found[wave] = _axis_deg(part.sum(axis=1) * 1000 / beat.rate_hz, LEAST_MV_MS[wave])
    return found


def _axis_deg(areas_mv_ms: Floats, least_mv_ms: float) -> float | None:
    x, y = float(areas_mv_ms[0]), AVF_SHARE * float(areas_mv_ms[1])
    return math.degrees(math.atan2(y, x)) if math.hypot(x, y) >= least_mv_ms else None
