"""The global figures: intervals and rate from the usual beats, QT corrected, and why a figure cannot be given."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.core.measurements import CORRECTIONS, INTERVALS
from einthoven.measure.beats import Beats, Floats
from einthoven.measure.correction import corrected_qt_ms

LEAST_SHARE = 0.5  # of the usual beats that must show a wave
LOOSE_PR_MS = 40.0  # median absolute deviation: beyond it P waves and complexes do not belong together
BEATS_IF_IRREGULAR = 10
LEAST_BEATS = 2  # a single complex may be an artefact
NO_BEAT = "fewer than two QRS complexes were found"


@dataclass(frozen=True)
class Figures:
    """values: figure -> number or None, reasons: why None; spread_ms: how far beats are apart, for the confidence."""

    values: dict[str, float | None]
    reasons: dict[str, str]
    spread_ms: dict[str, float]


def interval_figures(beats: Beats, regular: bool | None) -> Figures:
    """Return rate, cycle, P, PR, QRS, QT and the corrected QT."""
    if len(beats.qrs) < LEAST_BEATS:
        names = (*INTERVALS, *(f"qtc_ms.{name}" for name in CORRECTIONS))
        return Figures(dict.fromkeys(names), dict.fromkeys(names, NO_BEAT), {})
    values: dict[str, float | None] = {}
    reasons: dict[str, str] = {}
    spread: dict[str, float] = {}

    def put(name: str, per_beat_ms: Floats, why_none: str) -> None:
        known = per_beat_ms[np.isfinite(per_beat_ms)]
        enough = len(known) > 0 and len(known) >= LEAST_SHARE * len(per_beat_ms)
        values[name] = float(np.median(known)) if enough else None
        if enough:
            spread[name] = _deviation(known)
        else:
            reasons[name] = why_none

    usual = beats.usual
    cycles_ms = beats.rr_s[np.isfinite(beats.rr_s)] * 1000
    put("rr_ms", cycles_ms, "fewer than two beats were found")
    values["heart_rate_bpm"] = None if values["rr_ms"] is None else 60_000 / values["rr_ms"]
    reasons |= {"heart_rate_bpm": reasons["rr_ms"]} if "rr_ms" in reasons else {}
    spread |= {"heart_rate_bpm": spread["rr_ms"]} if "rr_ms" in spread else {}
    no_p = "no P wave could be measured before most beats"
    put("p_ms", (beats.p_off_s - beats.p_on_s)[usual] * 1000, no_p)
    put("pr_ms", (beats.qrs_on_s - beats.p_on_s)[usual] * 1000, no_p)
    put("qrs_ms", (beats.qrs_off_s - beats.qrs_on_s)[usual] * 1000, "no QRS complex was found")
    put("qt_ms", (beats.t_off_s - beats.qrs_on_s)[usual] * 1000, "no T wave was found after most beats")
    if spread.get("pr_ms", 0) > LOOSE_PR_MS:
        values["pr_ms"], loose_ms = None, spread.pop("pr_ms")
        reasons["pr_ms"] = f"P waves keep no fixed distance to the QRS complexes (they vary by {loose_ms:.0f} ms)"
    _correct(beats, usual, regular, values, reasons)
    return Figures(values, reasons, spread)


def _correct(
    beats: Beats,
    usual: NDArray[np.bool_],
    regular: bool | None,
    values: dict[str, float | None],
    reasons: dict[str, str],
) -> None:
    """Add the corrected QT; RR is that of the same beats. Irregular and without P both are means of ten or more."""
    qt_ms = (beats.t_off_s - beats.qrs_on_s) * 1000
    both = usual & np.isfinite(qt_ms) & np.isfinite(beats.rr_s)
    why = reasons.get("qt_ms") or reasons.get("rr_ms")
    if not why and not both.any():
        why = "no beat has both a QT interval and a beat before it"
    fibrillating = regular is False and values["pr_ms"] is None
    if not why and fibrillating and both.sum() < BEATS_IF_IRREGULAR:
        why = f"the rhythm is irregular, and {both.sum()} beats are too few for a mean; {BEATS_IF_IRREGULAR} are needed"
    if why:
        values |= {f"qtc_ms.{name}": None for name in CORRECTIONS}
        reasons |= {f"qtc_ms.{name}": why for name in CORRECTIONS}
        return
    middle = np.mean if fibrillating else np.median
    found = corrected_qt_ms(float(middle(qt_ms[both])), float(middle(beats.rr_s[both])) * 1000)
    values |= {f"qtc_ms.{name}": value for name, value in found.items()}


def _deviation(values: Floats) -> float:
    return float(np.median(np.abs(values - np.median(values))))
