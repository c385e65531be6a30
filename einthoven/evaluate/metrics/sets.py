"""Questions of which any number of options holds, and yes/no as labels: F1 of sets and of classes, Hamming loss."""

import numpy as np

from einthoven.evaluate.intervals import Draws, Ints, divided
from einthoven.evaluate.metrics.table import Flags, Pieces, Ratio, Table

LEAST = 5  # positives; of fewer the F1 of a class says nothing


def set_sums(table: Table) -> dict[str, Ratio]:
    """Return set_f1 and hamming_loss, whichever there are. What is not read has F1 0 and loss 1.

    set_f1: mean over items of 2 |gold and said| / (|gold| + |said|), 1 where both are empty. hamming_loss: of an item,
    the share of its options that are wrongly said or wrongly left out; of a yes/no question, that is one label.
    """
    found, read, any_N = {}, table.read_N, table.of_kind("any")
    if any_N.any():
        both = 2 * (table.gold_NO & table.said_NO).sum(axis=1)
        sizes = table.gold_NO.sum(axis=1) + table.said_NO.sum(axis=1)
        f1 = np.where(sizes > 0, both / np.maximum(sizes, 1), 1.0)
        found["set_f1"] = Ratio.share(np.where(read, f1, 0.0), any_N)
    labels = any_N | yes_no(table)
    if labels.any():
        sizes = np.array([unit.size for unit in table.units])[table.unit_N]
        wrong = (table.gold_NO != table.said_NO).sum(axis=1) / np.maximum(sizes, 1)
        loss = np.where(read, np.where(any_N, wrong, ~table.right_N), 1.0)
        found["hamming_loss"] = Ratio.share(loss, labels)
    return found


def yes_no(table: Table) -> Flags:
    """Return (N,) whether one of yes and no is asked for."""
    return np.array([yes_column(table, unit) is not None for unit in range(len(table.units))], bool)[table.unit_N]


def yes_column(table: Table, unit: int) -> int | None:
    """Return the column of "yes" where a unit asks for yes or no."""
    one = table.units[unit]
    folded = [option.casefold() for option in one.options]
    return folded.index("yes") if one.kind == "one" and sorted(folded) == ["no", "yes"] else None


def f1s(table: Table, draws: Draws) -> Pieces:
    """Return the F1 of each class: of the options of which any number holds, and of "yes" of each yes/no question.

    The classes are fixed by the questions, not by what occurs. A class with under 5 positives has no value and is left
    out of the mean, `macro_f1`. What is not read says no class.
    """
    width = table.gold_NO.shape[1]
    columns = [(unit, column) for unit in range(len(table.units)) for column in label_columns(table, unit)]
    if not columns:
        return Pieces.none(draws)
    positives = _counts(table, draws, table.gold_NO)
    both, said = _counts(table, draws, table.gold_NO & table.said_NO), _counts(table, draws, table.said_NO)
    places = np.array([unit * width + column for unit, column in columns])
    f1 = divided(2 * both[places], positives[places] + said[places])
    f1[positives[places, 0] < LEAST] = np.nan
    sizes = np.bincount(table.unit_N, minlength=len(table.units))
    units = np.array([unit for unit, _ in columns], np.intp)
    return Pieces(f1, units, sizes[units], class_names(table, columns))


def label_columns(table: Table, unit: int) -> range:
    """Return the columns that are labels with a meaning: all where any number holds, "yes" of a yes/no question."""
    one, yes = table.units[unit], yes_column(table, unit)
    if yes is not None:
        return range(yes, yes + 1)
    return range(len(one.options) if one.kind == "any" else 0)


def class_names(table: Table, columns: list[tuple[int, int]]) -> tuple[str, ...]:
    """Return what classes are called: the group of a yes/no question, else the option."""
    return tuple(
        table.units[unit].group if yes_column(table, unit) is not None else table.units[unit].options[column]
        for unit, column in columns
    )


def _counts(table: Table, draws: Draws, flags_NO: Flags) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return (units times columns, count) how many items of a unit have a flag."""
    rows, columns = np.nonzero(flags_NO)
    cells: Ints = table.unit_N[rows] * flags_NO.shape[1] + columns
    return draws.at(rows).totals(cells, len(table.units) * flags_NO.shape[1])
