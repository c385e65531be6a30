"""Amplitudes that hardly any heart has, and limb leads that contradict Einthoven's and Goldberger's relations.

Both are said as faults, never repaired: only the person who has the recorder can know which cable was wrong.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg, Fault
from einthoven.core.leads import LIMB, LIMB_FROM_I_II

# Swing (highest - lowest within a second, median over seconds) of the largest limb lead. In all 2,168 recordings of
# PTB-XL's ECG-QA train and valid lists that were at hand: least 0.37, median 1.15, 99.8 % below 4.0 mV.
MIN_SWING_MV, MAX_SWING_MV = 0.2, 4.0
# Contradiction of the limb leads: in seven sets that keep the relations at most 2 % of the swing (by rounding).
MAX_CONTRADICTION_MV, MAX_CONTRADICTION_SHARE = 0.05, 0.1

_FACTORS = {
    "as if microvolt were read as millivolt": 1000.0,
    "as if a gain of 200 stood where 1000 is meant": 5.0,
    "as if volt were read as millivolt": 0.001,
    "as if a gain of 1000 stood where 200 is meant": 0.2,
}
_USUAL_SWING_MV = 1.15


def find_implausible(ecg: Ecg) -> tuple[Fault, ...]:
    """Return the faults "implausible amplitude" and "limb leads disagree" of a recording, of lead "all"."""
    absent = {fault.lead for fault in ecg.faults if fault.kind in ("flat", "missing values")}
    limb = {name: ecg.lead(name) for name in ecg.leads if name in LIMB and name not in absent}
    if not limb:
        return ()
    swing_mv = _swing_mv(np.stack(list(limb.values())), ecg.rate_hz)
    found = (*_amplitude(swing_mv), *_contradiction(limb, ecg.rate_hz, swing_mv))
    return tuple(Fault("all", fault.kind, fault.detail) for fault in found)


def _swing_mv(rows: NDArray[np.float32], rate_hz: float) -> float:
    """Return the swing of the largest lead; by seconds, so that neither drift nor a single artefact counts."""
    second = min(round(rate_hz), rows.shape[1])
    seconds = rows.shape[1] // second
    blocks = rows[:, : seconds * second].reshape(len(rows), seconds, second)
    return float(np.median(np.ptp(blocks, axis=2), axis=1).max())


def _amplitude(swing_mv: float) -> list[Fault]:
    if MIN_SWING_MV <= swing_mv <= MAX_SWING_MV:
        return []
    times = max(swing_mv, 1e-9) / _USUAL_SWING_MV
    guess = min(_FACTORS, key=lambda said: abs(np.log(times / _FACTORS[said])))
    usual = f"limb leads swing by {swing_mv:.3g} mV, where {MIN_SWING_MV:g} to {MAX_SWING_MV:g} is usual"
    return [Fault("all", "implausible amplitude", f"{usual}; unit or gain may be wrong, {guess}")]


def _contradiction(limb: dict[str, NDArray[np.float32]], rate_hz: float, swing_mv: float) -> list[Fault]:
    size_mv = _contradiction_mv(limb, rate_hz)
    limit_mv = max(MAX_CONTRADICTION_MV, MAX_CONTRADICTION_SHARE * swing_mv)
    if size_mv <= limit_mv:
        return []
    repair = _repair(limb, rate_hz, min(limit_mv, size_mv / 5))
    detail = f"by {size_mv:.2g} mV against II = I + III and aVR = -(I + II)/2"
    return [Fault("all", "limb leads disagree", f"{detail}; {repair or 'no exchange of two leads repairs it'}")]


def limb_contradiction_mv(leads: dict[str, NDArray[np.float32]], rate_hz: float) -> float | None:
    """Return how far the limb leads are from Einthoven's relations, millivolt; None with fewer than three."""
    limb = {name: leads[name] for name in leads if name in LIMB}
    return _contradiction_mv(limb, rate_hz) if len(limb) >= 3 else None


def _contradiction_mv(limb: dict[str, NDArray[np.float32]], rate_hz: float) -> float:
    """Return how far the leads are from any pair I, II: the largest swing of the least-squares residuals."""
    if len(limb) < 3:
        return 0.0
    matrix = np.array([LIMB_FROM_I_II[name] for name in limb])
    outside = np.eye(len(limb)) - matrix @ np.linalg.pinv(matrix)
    return _swing_mv(outside.astype(np.float32) @ np.stack(list(limb.values())), rate_hz)


def _repair(limb: dict[str, NDArray[np.float32]], rate_hz: float, limit_mv: float) -> str:
    """Return the one exchange or inversion after which the leads agree best, "" when none makes them agree."""
    tries = {f"exchanging {a} and {b} repairs it": limb | {a: limb[b], b: limb[a]} for a, b in combinations(limb, 2)}
    tries |= {f"turning {name} upside down repairs it": limb | {name: -limb[name]} for name in limb}
    left = {said: _contradiction_mv(changed, rate_hz) for said, changed in tries.items()}
    best = min(left, key=lambda said: left[said])
    return best if left[best] <= limit_mv else ""
