"""Fit how sure each figure is: from figures of unseen patients, clean and noisy, and an expert's."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.atomic import atomic_write
from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import Measurements
from einthoven.core.progress import Progress
from einthoven.evaluate.merged import global_intervals
from einthoven.evaluate.noise import Kind, noisy
from einthoven.measure.confidence import FEATURES, FILE, TOLERANCE
from einthoven.measure.entry import measure_whole
from einthoven.measure.network import folder_for
from einthoven.records.simulate import simulate
from einthoven.train.delineator_data import SOURCE_HZ, Marked

# None is the recording as it is, which is what most will be.
CONDITIONS: tuple[tuple[Kind, float] | None, ...] = (None, None, ("muscle", 12.0), ("muscle", 3.0), ("baseline", 0.0))
SIMULATED = 240
FINDINGS = ((), ("LAFB",), ("CRBBB",), ("CLBBB",), ("LVH",), ("IMI",), ("ASMI",), ("RVH",), ("AFIB",), ("LPFB",))
LEAST_CASES = 50
RIDGE = 0.5


@dataclass(frozen=True)
class Case:
    """One figure of one recording: what was seen of it, and whether it was within tolerance."""

    figure: str
    signs: tuple[float, ...]
    right: bool


def fit_confidence(expert: Sequence[Marked], folds: Path, model: Path) -> Path:
    """Write confidence.json into the folder of the model; folds: holds fold-0 .. of the same recipe."""
    cases = [*_interval_cases(expert, folds), *_axis_cases(model)]
    fitted = {}
    for figure in dict.fromkeys(case.figure for case in cases):
        these = [case for case in cases if case.figure == figure]
        if len(these) >= LEAST_CASES:
            right = np.array([case.right for case in these], float)
            weights = fit(np.array([case.signs for case in these]), right)
            tolerance = TOLERANCE[figure.partition(".")[0]]
            fitted[figure] = {"weights": weights, "tolerance": tolerance, "n": len(these), "right": float(right.mean())}
    atomic_write(model / FILE, (json.dumps({"features": FEATURES, "figures": fitted}, indent=1) + "\n").encode())
    return model / FILE


def fit(signs_NF: NDArray[np.float64], right_N: NDArray[np.float64]) -> list[float]:
    """Return constant and weights of a logistic regression in which more doubt never means more confidence."""
    from scipy.optimize import minimize

    def loss(weights: NDArray[np.float64]) -> float:
        score = weights[0] + signs_NF @ weights[1:]
        return float((np.logaddexp(0, score) - right_N * score).sum() + RIDGE * (weights[1:] ** 2).sum())

    bounds = [(-30.0, 30.0)] + [(-30.0, 0.0)] * signs_NF.shape[1]
    found = minimize(loss, np.zeros(1 + signs_NF.shape[1]), method="L-BFGS-B", bounds=bounds)
    return [round(float(weight), 4) for weight in found.x]


def _interval_cases(expert: Sequence[Marked], folds: Path) -> Iterator[Case]:
    progress = Progress("confidence: LUDB", len(expert))
    for one in expert:
        truth = global_intervals(dict(zip(TWELVE, one.waves, strict=True)))
        rates = _rates(one)
        for condition in CONDITIONS:
            ecg = Ecg(one.rows_LS.copy(), TWELVE, SOURCE_HZ, source=f"ludb {one.id}")
            ecg = ecg if condition is None else noisy(ecg, *condition, one.id)
            found = measure_whole(ecg, folder_for(folds, one.patient))
            yield from _cases(found, {**truth, "heart_rate_bpm": rates})
        progress.step(failed=False)
    progress.close()


def _rates(one: Marked) -> float | None:
    """Return 60 over the median cycle of an expert's complexes in the lead that has most of them."""
    peaks = max(([w.peak_s for w in lead if w.wave == "QRS" and w.peak_s is not None] for lead in one.waves), key=len)
    return float(60 / np.median(np.diff(peaks))) if len(peaks) > 1 else None


def _axis_cases(model: Path) -> Iterator[Case]:
    """Yield axes of simulated ECGs against their truth, which LUDB with its normalised leads cannot give."""
    progress = Progress("confidence: simulated", SIMULATED)
    for seed in range(SIMULATED):
        made = simulate(FINDINGS[seed % len(FINDINGS)], seed=50_000 + seed, recording=("typical", "poor")[seed % 2])
        ecg = made.ecg if seed % 3 else noisy(made.ecg, "muscle", 6.0, str(seed))
        found = measure_whole(ecg, model)
        yield from _cases(found, {f"axis_deg.{wave}": value for wave, value in made.truth.axis_deg.items()})
        progress.step(failed=False)
    progress.close()


def _cases(found: Measurements, truth: dict[str, float | None]) -> Iterator[Case]:
    sign_of = {"axis_deg.p": "p_ms", "axis_deg.qrs": "qrs_ms", "axis_deg.t": "qt_ms"}
    for figure, value in truth.items():
        measured = found.figures.get(figure)
        seen = found.signs.get(sign_of.get(figure, figure))
        if value is not None and measured is not None and seen is not None:
            apart = abs(measured - value)
            apart = min(apart, 360 - apart) if figure.startswith("axis") else apart
            yield Case(figure, seen, apart <= TOLERANCE[figure.partition(".")[0]])
