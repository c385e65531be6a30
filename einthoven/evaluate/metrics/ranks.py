"""Areas under the ROC and precision-recall curves, from probabilities alone, sorted once for all draws of patients."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.evaluate.intervals import Draws, Floats, Ints, Weights, divided, mean_of_known
from einthoven.evaluate.metrics.sets import yes_column
from einthoven.evaluate.metrics.table import Flags, Pieces, Table

LEAST = 5  # positives, and negatives; of fewer a class is left out


def areas(table: Table, draws: Draws) -> tuple[Pieces, Pieces]:
    """Return the AUROC and the AUPRC of each class: an option against the others, "yes" alone of a yes/no question.

    Only where all items of a group have the same options, and over those items that have probabilities; hard answers
    are never ranked. A class with under 5 positives or negatives has no value.
    """
    rows, units, sizes, names = [], [], [], []
    for unit, unit_rows in enumerate(_rated_rows(table)):
        for column in _columns(table, unit) if len(unit_rows) else ():
            gold, p = table.gold_NO[unit_rows, column], table.p_NO[unit_rows, column]
            positives = int(gold.sum())
            enough = min(positives, len(gold) - positives) >= LEAST
            both = curves(draws.at(unit_rows), p, gold) if enough else np.full((2, draws.count), np.nan)
            rows.append(both)
            units.append(unit)
            sizes.append(len(unit_rows))
            names.append(_name(table, unit, column))
    if not rows:
        return Pieces.none(draws), Pieces.none(draws)
    values, unit_K, n_K = np.stack(rows), np.array(units), np.array(sizes)
    first, second = (Pieces(values[:, which], unit_K, n_K, tuple(names)) for which in (0, 1))
    return first, second


def by_unit(pieces: Pieces, groups: tuple[str, ...]) -> Pieces:
    """Return one piece a unit, the mean of its classes; groups: of each unit."""
    units = np.unique(pieces.unit_K)
    if not len(units):
        return pieces
    values = [mean_of_known(pieces.values_KD[pieces.unit_K == unit]) for unit in units]
    n = np.array([pieces.n_K[pieces.unit_K == unit].max() for unit in units])
    return Pieces(np.stack(values), units, n, tuple(groups[unit] for unit in units))


def curves(draws: Draws, p_N: Floats, gold_N: Flags) -> Floats:
    """Return (2, count): the areas under the ROC curve and, as average precision, the precision-recall curve.

    Ties count half in the first; in the second, all of one probability are taken together, as scikit-learn does.
    """
    order = np.argsort(-p_N, kind="stable")
    ranked = _Ranked.of(p_N[order], gold_N[order])
    found = np.empty((2, draws.count))
    here = draws.at(np.concatenate([order[gold_N[order]], order[~gold_N[order]]]))
    for where, weights in here.blocks():
        found[:, where] = ranked.areas(weights)
    return found


@dataclass(frozen=True)
class _Ranked:
    """Of each of K positives, the likeliest first: negatives ranked above it, those and the tied, the last one tied."""

    above_K: NDArray[np.intp]
    upto_K: NDArray[np.intp]
    last_K: NDArray[np.intp]

    @classmethod
    def of(cls, falling_N: Floats, gold_N: Flags) -> "_Ranked":
        with_it, without = -falling_N[gold_N], -falling_N[~gold_N]
        above, upto = (np.searchsorted(without, with_it, side) for side in ("left", "right"))
        return cls(above, upto, np.searchsorted(with_it, with_it, "right") - 1)

    def areas(self, weights: Weights) -> Floats:
        """weights: (K positives, then negatives, draws). Return (2, draws)."""
        count = len(self.above_K)
        yes, no = weights[:count], weights[count:]
        before = np.zeros((len(no) + 1, weights.shape[1]), weights.dtype)
        np.cumsum(no, axis=0, out=before[1:])
        taken = np.cumsum(yes, axis=0)
        upto, hits = before[self.upto_K], taken[self.last_K]
        below = before[-1] - (before[self.above_K] + upto) / 2
        precision = hits / np.maximum(hits + upto, np.finfo(weights.dtype).tiny)
        total, others = taken[-1].astype(np.float64), before[-1].astype(np.float64)
        roc = divided((yes * below).sum(axis=0, dtype=np.float64), total * others)
        return np.stack([roc, divided((yes * precision).sum(axis=0, dtype=np.float64), total)])


def _rated_rows(table: Table) -> list[Ints]:
    """Return the rows of each unit that have probabilities."""
    rows = np.flatnonzero(table.rated_N)
    rows = rows[np.argsort(table.unit_N[rows], kind="stable")]
    borders = np.searchsorted(table.unit_N[rows], np.arange(1, len(table.units)))
    return list(np.split(rows, borders))


def _columns(table: Table, unit: int) -> range:
    yes = yes_column(table, unit)
    return range(yes, yes + 1) if yes is not None else range(len(table.units[unit].options))


def _name(table: Table, unit: int, column: int) -> str:
    one = table.units[unit]
    if yes_column(table, unit) is not None:
        return one.group
    return one.options[column] if one.kind == "any" else f"{one.group}={one.options[column]}"
