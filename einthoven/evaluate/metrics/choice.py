"""Questions with one right answer: accuracy, balanced accuracy, exact match, and the shares without an answer."""

import numpy as np

from einthoven.evaluate.intervals import Draws, divided, mean_of_known
from einthoven.evaluate.metrics.table import NOT_READ, Pieces, Ratio, Table


def choice_sums(table: Table) -> dict[str, Ratio]:
    """Return accuracy, forced_accuracy and exact_match, whichever there are.

    accuracy: share right of questions with one option and of numbers (within tolerance). forced_accuracy: the same with
    the likeliest option, even where the system abstained; there where it gives probabilities. exact_match: over all
    questions with options, the set that was said is the set that holds; there where any number of options may hold.
    What is not read is wrong.
    """
    found = {}
    single, options = table.of_kind("one", "number"), table.of_kind("one", "any")
    if single.any():
        found["accuracy"] = Ratio.share(table.right_N, single)
    if (table.rated_N & table.of_kind("one")).any():
        found["forced_accuracy"] = Ratio.share(table.forced_N, table.of_kind("one"))
    if table.of_kind("any").any():
        found["exact_match"] = Ratio.share(table.right_N, options)
    return found


def state_sums(table: Table) -> dict[str, Ratio]:
    """Return the shares of all items: unread (of which failed and missing are parts), abstained, failed, missing."""
    everything = np.ones(len(table.unit_N), bool)
    found = {"unread": Ratio.share(np.isin(table.states_N, NOT_READ), everything)}
    for state in ("abstained", "failed", "missing"):
        found[state] = Ratio.share(table.states_N == state, everything)
    return found


def recalls(table: Table, draws: Draws) -> Pieces:
    """Return the balanced accuracy of each unit with two or more right answers among its items of one option.

    It is the mean over the right answers that occur (options, or their places where the options differ) of the share
    right of the items where that answer holds. The mean over units is `balanced_accuracy`.
    """
    rows = np.flatnonzero(table.of_kind("one"))
    if not len(rows):
        return Pieces.none(draws)
    width, units = table.gold_NO.shape[1], len(table.units)
    unit = table.unit_N[rows]
    cells = unit * width + table.gold_NO[rows].argmax(axis=1)
    here = draws.at(rows)
    below = here.totals(cells, units * width)
    above = here.totals(cells, units * width, table.right_N[rows].astype(np.float64))
    by_gold = divided(above, below).reshape(units, width, -1)
    kept = np.flatnonzero((below[:, 0] > 0).reshape(units, width).sum(axis=1) >= 2)
    values = [mean_of_known(by_gold[one]) for one in kept]
    n = np.bincount(unit, minlength=units)
    names = tuple(table.units[one].group for one in kept)
    return Pieces(np.array(values).reshape(len(kept), draws.count), kept, n[kept], names)
