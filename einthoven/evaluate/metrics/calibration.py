"""How far confidence is borne out: expected calibration error, Brier score, and what answering only the surer brings.

ECE: 15 bins of equal mass (Naeini et al. 2015, with equal mass after Nixon et al. 2019), fixed by all answers. Brier
(1950): squared error of the probabilities, halved over options of which one holds, so that yes/no counts once. AURC:
mean share wrong over all coverages (Geifman et al. 2018); answers of one confidence are taken together.
"""

from collections.abc import Sequence

import numpy as np

from einthoven.evaluate.intervals import Draws, Floats, Ints, divided
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.table import Ratio, Table, table_of

BINS = 15
COVERAGES = (0.8, 0.9, 0.95)
Points = list[tuple[float, float]]


def brier_sums(table: Table) -> dict[str, Ratio]:
    """Return the Brier score of items with probabilities, {} where there are none."""
    if not table.rated_N.any():
        return {}
    there = table.p_NO >= 0
    squared = np.where(there, (table.p_NO - table.gold_NO) ** 2, 0.0).sum(axis=1)
    sizes = np.maximum(there.sum(axis=1), 1)
    return {"brier": Ratio.share(np.where(table.of_kind("any"), squared / sizes, squared / 2), table.rated_N)}


def confidence_values(table: Table, draws: Draws) -> dict[str, Floats]:
    """Return ece, aurc and accuracy_at_80, _90, _95 (percent of the answers, the surest first), (count,) each.

    {} where no answer has a confidence. An abstention has none, so it is no answer here.
    """
    rows = sure_rows(table)
    if not len(rows):
        return {}
    confidence, right = table.confidence_N[rows], table.right_N[rows].astype(np.float64)
    here = draws.at(rows)
    return {"ece": _ece(confidence, right, here)} | _by_coverage(confidence, 1 - right, here)


def sure_rows(table: Table) -> Ints:
    """Return the rows that have a confidence in an answer that was read."""
    return np.flatnonzero(np.isfinite(table.confidence_N) & table.read_N)


def bins_of(confidence_N: Floats) -> Ints:
    """Return the bin of each answer: bins of as many answers each as can be, those of one confidence never divided."""
    order = np.sort(confidence_N)
    edges = order[(np.arange(1, BINS) * len(order)) // BINS]
    return np.asarray(np.searchsorted(np.unique(edges), confidence_N, side="right"), np.intp)


def reliability(marks: Sequence[Mark]) -> Points:
    """Return mean confidence and share right of each bin."""
    table = table_of(marks)
    rows = sure_rows(table)
    if not len(rows):
        return []
    confidence, right = table.confidence_N[rows], table.right_N[rows].astype(np.float64)
    bins = bins_of(confidence)
    count = np.bincount(bins)
    kept = count > 0
    means = [np.bincount(bins, values)[kept] / count[kept] for values in (confidence, right)]
    return list(zip(means[0].tolist(), means[1].tolist(), strict=True))


def risk_coverage(marks: Sequence[Mark]) -> Points:
    """Return coverage and share wrong, the surest answers first."""
    table = table_of(marks)
    rows = sure_rows(table)
    if not len(rows):
        return []
    order = rows[np.argsort(-table.confidence_N[rows], kind="stable")]
    last = np.flatnonzero(np.diff(table.confidence_N[order], append=-np.inf) != 0)
    wrong = np.cumsum(~table.right_N[order])
    return [(float(place + 1) / len(order), float(wrong[place]) / (place + 1)) for place in last]


def _ece(confidence_N: Floats, right_N: Floats, draws: Draws) -> Floats:
    bins = bins_of(confidence_N)
    gap = draws.totals(bins, BINS, confidence_N - right_N)
    return divided(np.abs(gap).sum(axis=0), draws.totals(bins, BINS).sum(axis=0))


def _by_coverage(confidence_N: Floats, wrong_N: Floats, draws: Draws) -> dict[str, Floats]:
    order = np.argsort(-confidence_N, kind="stable")
    falling, wrong = confidence_N[order], wrong_N[order]
    last = np.searchsorted(-falling, -falling, side="right") - 1  # of the answers of one confidence
    names = [f"accuracy_at_{round(100 * coverage)}" for coverage in COVERAGES]
    found = {name: np.empty(draws.count) for name in ("aurc", *names)}
    for where, weights in draws.at(order).blocks():
        taken = np.cumsum(weights, axis=0, dtype=np.float64)
        lost = np.cumsum(weights * wrong[:, None], axis=0, dtype=np.float64)
        risk, total = divided(lost[last], taken[last]), taken[-1]
        found["aurc"][where] = divided(np.nansum(weights * risk, axis=0), total)
        for coverage, name in zip(COVERAGES, names, strict=True):
            place = last[np.maximum((taken <= coverage * total).sum(axis=0) - 1, 0)]  # else their order would decide
            found[name][where] = 1 - np.take_along_axis(divided(lost, taken), place[None], axis=0)[0]
    return found
