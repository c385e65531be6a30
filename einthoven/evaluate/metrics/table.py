"""Marks as arrays: who was asked what, what holds, what was said and how surely; answers can be dealt out anew.

A unit is what is asked in one way: items of one type, group, kind and number of options. Where all items of a group
have the same options, a column is an option, whatever its place; where they differ, it is a place among the options.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.evaluate.intervals import Draws, Floats, Ints
from einthoven.evaluate.item import Item, Kind
from einthoven.evaluate.marks import Mark

Flags = NDArray[np.bool_]
Columns = Mapping[str, int]
NOT_READ = ("unread", "failed", "missing")


@dataclass(frozen=True)
class Unit:
    """What is asked in one way. options: of each column, () where columns are places; size: number of options."""

    type: str
    group: str
    kind: Kind
    size: int
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """N items with O columns of options, and which unit of U each belongs to.

    p_NO: probabilities, -1 beyond the options of an item; rated_N: whether there are any. number_N, target_N,
    tolerance_N: of questions for a number. confidence_N: not a number where there is none.
    """

    units: tuple[Unit, ...]
    unit_N: Ints
    states_N: NDArray[np.str_]
    right_N: Flags
    gold_NO: Flags
    said_NO: Flags
    p_NO: Floats
    rated_N: Flags
    number_N: Floats
    target_N: Floats
    tolerance_N: Floats
    confidence_N: Floats

    def of_kind(self, *kinds: Kind) -> Flags:
        """Return (N,) whether an item is of one of these kinds."""
        return np.array([unit.kind in kinds for unit in self.units], bool)[self.unit_N]

    @property
    def read_N(self) -> Flags:
        return np.asarray(self.states_N == "read")

    @property
    def forced_N(self) -> Flags:
        """Whether the likeliest option, or all options that are likelier than not, would be right.

        Where two are the likeliest there is none. An item without probabilities is right as it was answered.
        """
        gold = np.where(self.gold_NO, self.p_NO, -1.0).max(axis=1, initial=-1.0)
        other = np.where(self.gold_NO, -1.0, self.p_NO).max(axis=1, initial=-1.0)
        each = ((self.p_NO >= 0.5) == self.gold_NO).all(axis=1)
        return np.where(self.rated_N, np.where(self.of_kind("any"), each, gold > other), self.right_N)

    def at(self, rows: Ints) -> "Table":
        """Return some of the items."""
        arrays = {name: value[rows] for name, value in vars(self).items() if name != "units"}
        return Table(self.units, **arrays)

    def dealt(self, random: np.random.Generator) -> "Table":
        """Return the same items with the answers of each unit dealt out anew among its items."""
        order = dealt_rows(self.unit_N, random)
        said, states, number = self.said_NO[order], self.states_N[order], self.number_N[order]
        same = (said == self.gold_NO).all(axis=1)
        near = np.abs(number - self.target_N) <= self.tolerance_N
        right = (states == "read") & np.where(self.of_kind("number"), near, same & self.of_kind("one", "any"))
        return replace(self, states_N=states, right_N=right, said_NO=said, number_N=number, p_NO=self.p_NO[order],
                       rated_N=self.rated_N[order], confidence_N=self.confidence_N[order])  # fmt: skip


def dealt_rows(cells_N: Ints, random: np.random.Generator) -> Ints:
    """Return (N,) the item whose answer each gets: another order of the items of its cell."""
    order = np.empty(len(cells_N), np.intp)
    order[np.argsort(cells_N, kind="stable")] = np.lexsort((random.random(len(cells_N)), cells_N))
    return order


def table_of(marks: Sequence[Mark]) -> Table:
    """Return marks as arrays, in their order."""
    units, unit_N, columns = _units([mark.item for mark in marks])
    count, width = len(marks), max((unit.size for unit in units), default=0)
    gold, said = np.zeros((count, width), bool), np.zeros((count, width), bool)
    p_NO = np.full((count, width), -1.0)
    for row, (mark, column) in enumerate(zip(marks, columns, strict=True)):
        if not column:
            continue
        for name in mark.item.gold:
            gold[row, column[name]] = True
        for name in mark.said or ():
            said[row, column[name]] = True
        if mark.probabilities:
            p_NO[row, list(column.values())] = [mark.probabilities.get(name, 0.0) for name in column]
    nan = float("nan")
    numbers = [mark.item.kind == "number" for mark in marks]
    return Table(
        units, unit_N, np.array([mark.state for mark in marks], "U9"), np.array([mark.right for mark in marks], bool),
        gold, said, p_NO, np.array([bool(mark.probabilities) for mark in marks], bool),
        np.array([nan if mark.number is None else mark.number for mark in marks]),
        np.array([float(next(iter(mark.item.gold))) if is_it else nan
                  for mark, is_it in zip(marks, numbers, strict=True)]),
        np.array([mark.item.tolerance for mark in marks]),
        _confidence(marks, p_NO),
    )  # fmt: skip


def paired(one: Table, other: Table) -> tuple[Table, Table]:
    """Return two tables of the same items, with probabilities and confidence only where both have them."""
    rated = one.rated_N & other.rated_N
    sure = np.isfinite(one.confidence_N) & np.isfinite(other.confidence_N) & one.read_N & other.read_N
    first, second = (
        replace(table, rated_N=rated, confidence_N=np.where(sure, table.confidence_N, np.nan)) for table in (one, other)
    )
    return first, second


def _confidence(marks: Sequence[Mark], p_NO: Floats) -> Floats:
    """Return the confidence that was given, else the probability of the likeliest of options of which one holds.

    There is none where nothing could be read, and none in free text.
    """
    given = np.array([np.nan if mark.confidence is None else mark.confidence for mark in marks])
    rated = np.array([bool(mark.probabilities) and mark.item.kind == "one" for mark in marks], bool)
    known = np.where(np.isnan(given) & rated, p_NO.max(axis=1, initial=-1.0), given)
    none = [mark.state in NOT_READ or mark.item.kind == "text" for mark in marks]
    return np.where(np.array(none, bool), np.nan, known)


def _units(items: Sequence[Item]) -> tuple[tuple[Unit, ...], Ints, list[Columns]]:
    """Return the units, which of them each item belongs to, and of each item option -> column."""
    kinds: list[Kind] = [item.kind for item in items]
    sets: dict[tuple[Kind, str], set[frozenset[str]]] = {}
    sorted_of: dict[tuple[str, ...], frozenset[str]] = {}
    for item, kind in zip(items, kinds, strict=True):
        options = item.sample.options or ()
        if options not in sorted_of:
            sorted_of[options] = frozenset(options)
        sets.setdefault((kind, item.group), set()).add(sorted_of[options])
    numbers: dict[Unit, int] = {}
    columns: dict[tuple[tuple[str, ...], bool], Columns] = {}
    unit_N, found = np.empty(len(items), np.intp), []
    for row, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        options, by_name = item.sample.options or (), len(sets[kind, item.group]) == 1
        key = (options, by_name)
        if key not in columns:
            columns[key] = {name: place for place, name in enumerate(sorted(options) if by_name else options)}
        names = tuple(columns[key]) if by_name else ()
        unit_N[row] = numbers.setdefault(Unit(item.type, item.group, kind, len(options), names), len(numbers))
        found.append(columns[key])
    return tuple(numbers), unit_N, found


@dataclass(frozen=True)
class Ratio:
    """A metric that is a ratio of what items add up to: (N,) each."""

    above_N: Floats
    below_N: Flags

    @classmethod
    def share(cls, flags_N: Flags | Floats, of_N: Flags) -> "Ratio":
        """Return a mean over some of the items; what the others hold does not matter."""
        return cls(np.where(of_N, flags_N, 0.0).astype(np.float64), of_N)


@dataclass(frozen=True)
class Pieces:
    """Values of which a metric is the mean: K of them, each of one unit and of so many items.

    values_KD: (K, count) over draws, not a number where a piece is too small to be told; names: of each piece.
    """

    values_KD: Floats
    unit_K: Ints
    n_K: Ints
    names: tuple[str, ...]

    @classmethod
    def none(cls, draws: Draws) -> "Pieces":
        nothing = np.zeros(0, np.intp)
        return cls(np.zeros((0, draws.count)), nothing, nothing, ())
