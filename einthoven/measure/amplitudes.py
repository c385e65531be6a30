"""Amplitudes of each lead: R, S, Q, T and the ST segment, from the usual beat."""

import numpy as np

from einthoven.core.measurements import Amplitudes
from einthoven.measure.usual_beat import Floats, UsualBeat

LEAST_MV = 0.02  # a smaller deflection is none
ST_S = {"st_j": 0.0, "st_j60": 0.06, "st_j80": 0.08}
DIGITS = 4  # tenth of a microvolt: below what any recorder resolves


def amplitudes(beat: UsualBeat, leads: tuple[str, ...]) -> dict[str, Amplitudes]:
    """Return lead -> amplitudes. q is what goes down before R, s what goes down after it; without R all is q."""
    complexes = beat.part(beat.qrs_on_s, beat.qrs_off_s)
    t_waves = beat.part(beat.t_on_s, beat.t_off_s) if np.isfinite(beat.t_on_s + beat.t_off_s) else None
    st = {name: beat.part(beat.qrs_off_s + later, beat.qrs_off_s + later)[:, 0] for name, later in ST_S.items()}
    found = {}
    for row, lead in enumerate(leads):
        q, r, s = _qrs(complexes[row])
        t = None if t_waves is None else round(float(t_waves[row][np.abs(t_waves[row]).argmax()]), DIGITS)
        found[lead] = Amplitudes(r, s, q, t, **{name: round(float(values[row]), DIGITS) for name, values in st.items()})
    return found


def _qrs(signal_mv: Floats) -> tuple[float, float, float]:
    """Return q, r and s of one complex; 0.0 for one that is not there."""
    top = _summit(signal_mv)
    if top is None:
        return min(_rounded(signal_mv.min()), 0.0), 0.0, 0.0
    return _down(signal_mv[: top + 1]), _rounded(signal_mv[top]), _down(signal_mv[top:])


def _summit(signal_mv: Floats) -> int | None:
    """Return where the highest positive peak is; the end of a complex before a raised ST segment is none."""
    inner = signal_mv[1:-1]
    peaks = 1 + np.flatnonzero((inner > LEAST_MV) & (inner >= signal_mv[:-2]) & (inner > signal_mv[2:]))
    peaks = peaks[[signal_mv[at] - signal_mv[at:].min() > LEAST_MV for at in peaks]]
    return int(peaks[signal_mv[peaks].argmax()]) if len(peaks) else None


def _down(signal_mv: Floats) -> float:
    lowest = _rounded(signal_mv.min())
    return lowest if lowest < -LEAST_MV else 0.0


def _rounded(value_mv: float) -> float:
    return round(float(value_mv), DIGITS)
