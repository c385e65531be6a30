"""Missing, flat and saturated leads: found, repaired where a short gap allows it, and always said."""

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Fault

MAX_GAP_S, MAX_MISSING_SHARE = 0.2, 0.1  # what interpolation may bridge; beyond it the lead counts as absent
MAX_MV = 1e6  # beyond a kilovolt it is no value
FLAT_MV = 0.01  # two steps of the coarsest grid in use (5 uV); the smallest real lead is ten times as large
BLOCK_S, MOST_MV = 0.6, 10.0  # no heart moves a lead so far away from its median about that moment
LEVELS = (1, 50, 99)  # percentiles between which a lead moves
CLIP_S, CLIP_RUNS, CLIP_MIN_MV = 0.01, 3, 0.5


def clean(
    signal_mv: NDArray[np.float32], leads: tuple[str, ...], rate_hz: float
) -> tuple[NDArray[np.float32], tuple[Fault, ...]]:
    """Return (leads, n) without NaN, and what was wrong.

    Gaps up to 0.2 s (and 10 % of a lead) are bridged by a line, and the lead stays in use; a lead with more missing is
    set to zero.
    """
    signal_mv = np.array(signal_mv, np.float32)
    faults: list[Fault] = []
    all_missing = ~(np.abs(signal_mv) < MAX_MV)
    counts = all_missing.sum(axis=1).tolist()
    whole = [row for row, count in enumerate(counts) if not count]
    levels = dict(zip(whole, np.percentile(signal_mv[whole], LEVELS, axis=1).T.tolist(), strict=True)) if whole else {}
    for row, lead in enumerate(leads):
        missing, count = all_missing[row], counts[row]
        if count and _can_bridge(missing, rate_hz):
            _bridge(signal_mv[row], missing)
            faults.append(Fault(lead, "gaps bridged", f"{count} missing samples bridged by a line"))
        elif count:
            signal_mv[row] = 0.0
            faults.append(Fault(lead, "missing values", f"{100 * count / len(missing):.1f} % missing; set to zero"))
        else:
            faults += _flat_or_clipped(signal_mv[row], levels[row], lead, rate_hz)
    return signal_mv, tuple(faults)


def bridge_spikes(
    signal_mv: NDArray[np.float32], leads: tuple[str, ...], rate_hz: float
) -> tuple[NDArray[np.float32], tuple[Fault, ...]]:
    """Return (leads, n) in which samples over 10 mV away from their surroundings are bridged by a line, and where."""
    block = max(1, round(BLOCK_S * rate_hz))
    rows, samples = signal_mv.shape
    padded = np.pad(signal_mv, ((0, 0), (0, -samples % block)), mode="edge")
    around = np.median(padded.reshape(rows, padded.shape[1] // block, block), axis=2).repeat(block, axis=1)[:, :samples]
    beyond = np.abs(signal_mv - around) > MOST_MV
    faults: list[Fault] = []
    for row in np.flatnonzero(beyond.any(axis=1) & ~beyond.all(axis=1)):
        signal_mv = signal_mv.copy() if not faults else signal_mv
        _bridge(signal_mv[row], beyond[row])
        detail = f"{beyond[row].sum()} samples over {MOST_MV:g} mV away from their surroundings"
        faults.append(Fault(leads[row], "gaps bridged", detail))
    return signal_mv, tuple(faults)


def _bridge(lead_mv: NDArray[np.float32], gap: NDArray[np.bool_]) -> None:
    """Put a line in place of the samples of a gap."""
    places = np.arange(len(gap))
    lead_mv[gap] = np.interp(places[gap], places[~gap], lead_mv[~gap])


def runs(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return (runs, 2): start and end (exclusive) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return edges.reshape(-1, 2)


def _can_bridge(missing: NDArray[np.bool_], rate_hz: float) -> bool:
    bounds = runs(missing)
    return bool(missing.mean() <= MAX_MISSING_SHARE and (bounds[:, 1] - bounds[:, 0]).max() <= MAX_GAP_S * rate_hz)


def _flat_or_clipped(lead_mv: NDArray[np.float32], levels: list[float], lead: str, rate_hz: float) -> list[Fault]:
    low, middle, high = levels
    if high - low < FLAT_MV:
        return [Fault(lead, "flat", f"moves by less than {FLAT_MV:g} mV; if all leads do, unit or gain may be wrong")]
    for level in (lead_mv.max(), lead_mv.min()):
        if abs(level - middle) < CLIP_MIN_MV:  # a resting baseline, not a limit
            continue
        bounds = runs(lead_mv == level)
        long = (bounds[:, 1] - bounds[:, 0]) >= max(3, CLIP_S * rate_hz)
        if long.sum() >= CLIP_RUNS:
            return [
                Fault(lead, "saturated", f"stands at {level:.3g} mV in {long.sum()} places; the true peaks are higher")
            ]
    return []
