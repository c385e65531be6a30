"""How sure a figure is: the share of figures, among those that looked like it, that were within tolerance of the truth.

A logistic regression per figure on what can be seen without the truth. Intervals and rate: fitted on LUDB, clean and
with noise, by networks that had not seen the patient; axes: on simulated ECGs.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from einthoven.core.errors import ModelError
from einthoven.core.measurements import AXES, CORRECTIONS
from einthoven.measure.beats import Beats, Floats, over_leads
from einthoven.measure.delineation import Delineation
from einthoven.measure.network import WEIGHTS

FILE = "confidence.json"
TOLERANCE = {"heart_rate_bpm": 2.0, "p_ms": 15.0, "pr_ms": 10.0, "qrs_ms": 10.0, "qt_ms": 20.0, "axis_deg": 15.0}
WAVES_OF = {
    "heart_rate_bpm": ("qrs",),
    "p_ms": ("p",),
    "pr_ms": ("p", "qrs"),
    "qrs_ms": ("qrs",),
    "qt_ms": ("qrs", "t"),
}
FEATURES = ("spread of beats", "spread of leads", "doubt of waves", "few beats", "noise")


Signs = tuple[float, ...]  # one number for each of FEATURES, about one in size, growing with doubt


def signs(waves: Delineation, beats: Beats, spread_ms: Mapping[str, float], noise: float) -> dict[str, Signs]:
    """Return what can be seen of each figure without the truth; noise: 0 for clean leads to 1 for unreadable ones."""
    usual = beats.usual
    found: dict[str, Signs] = {}
    for figure, names in WAVES_OF.items():
        if figure not in spread_ms:
            continue
        places = np.concatenate([getattr(beats, name)[usual] for name in names])
        places = places[places >= 0]
        if not len(places):
            continue
        apart = _quartile_range(waves.on_s[places]) + _quartile_range(waves.off_s[places])
        apart = apart[np.isfinite(apart)]
        leads_ms = float(np.median(apart)) * 1000 if len(apart) else 50.0
        doubt = 1 - float(waves.confidence[places][np.isfinite(waves.peak_s[places])].mean())
        few = 3 / max(int(usual.sum()), 1)
        found[figure] = (float(np.log1p(spread_ms[figure])) / 3, float(np.log1p(leads_ms)) / 3, 4 * doubt, few, noise)
    return found


def _quartile_range(times_WL: Floats) -> Floats:
    return over_leads(times_WL, 0.75) - over_leads(times_WL, 0.25)


def confidences(
    figures: Mapping[str, float | None], seen: Mapping[str, Signs], folder: Path = WEIGHTS
) -> dict[str, float]:
    """Return figure -> confidence 0..1 for every figure that has a value; none when the folder has no calibration."""
    fitted = calibration(folder)
    found = {}
    for figure, one in seen.items():
        if figures.get(figure) is not None and figure in fitted:
            found[figure] = _sure(fitted[figure], one)
    if "heart_rate_bpm" in found:
        found["rr_ms"] = found["heart_rate_bpm"]
    if {"heart_rate_bpm", "qt_ms"} <= found.keys():
        both = min(found["heart_rate_bpm"], found["qt_ms"])
        found |= {f"qtc_ms.{name}": both for name in CORRECTIONS if figures.get(f"qtc_ms.{name}") is not None}
    wave_of = {"p": "p_ms", "qrs": "qrs_ms", "t": "qt_ms"}
    for axis in AXES:
        if figures.get(f"axis_deg.{axis}") is not None and wave_of[axis] in seen and f"axis_deg.{axis}" in fitted:
            found[f"axis_deg.{axis}"] = _sure(fitted[f"axis_deg.{axis}"], seen[wave_of[axis]])
    return found


def _sure(weights: tuple[float, ...], one: Signs) -> float:
    score = weights[0] + float(np.dot(weights[1:], one))
    return round(float(1 / (1 + np.exp(-np.clip(score, -30, 30)))), 3)


@lru_cache(maxsize=8)
def calibration(folder: Path) -> dict[str, tuple[float, ...]]:
    """Return figure -> weights, the constant first; nothing where there is no file. Raises ModelError if damaged."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        fitted = json.loads(path.read_text(encoding="utf-8"))["figures"]
        found = {figure: tuple(float(weight) for weight in one["weights"]) for figure, one in fitted.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: is damaged ({type(error).__name__}); install the package again") from error
    if any(len(weights) != 1 + len(FEATURES) for weights in found.values()):
        raise ModelError(f"{path}: has not {1 + len(FEATURES)} weights a figure; it belongs to another version")
    return found
