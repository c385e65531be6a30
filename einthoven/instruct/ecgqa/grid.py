"""Who shows what: a table of names and recordings, or of names and pairs of them, that is cheap to draw from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.instruct.ecgqa.attributes import QaRecord
from einthoven.instruct.ecgqa.facts import names_of, shown

Mask = NDArray[np.bool_]
Items = Sequence[tuple[QaRecord, ...]]

CHANGES: Mapping[str, tuple[bool, bool]] = {
    "resolved": (True, False),
    "new": (False, True),
    "remaining": (True, True),
    "absent": (False, False),
}
"""What a comparison asks -> whether the first and the second ECG show it."""


@dataclass(frozen=True, eq=False)
class Grid:
    """names x items, what is there and what is left open. The first names are the official ones."""

    items: Items
    names: tuple[str, ...]
    official: tuple[str, ...]
    there: Mask
    open: Mask


def grid_of(domain: str, records: Sequence[QaRecord], place: str = "", *, careful: bool = False) -> Grid:
    """Return the table of the records whose archive states the domain, without names that it leaves open in all.

    careful: see `shown`.
    """
    looked = ((record, shown(record, domain, place, careful=careful)) for record in records)
    found = [(record, seen) for record, seen in looked if seen is not None]
    official = names_of(domain)
    others = {name for _, seen in found for name in seen.there | seen.open} - set(official)
    names = (*official, *sorted(others))
    row_of = {name: row for row, name in enumerate(names)}
    there = _table([seen.there for _, seen in found], row_of)
    open_ = _table([seen.open for _, seen in found], row_of)
    known: Mask = np.ones(len(names), dtype=bool) if not found else np.asarray(~open_.all(axis=1))
    return Grid(
        items=[(record,) for record, _ in found],
        names=tuple(name for name, row in row_of.items() if known[row]),
        official=tuple(name for name in official if known[row_of[name]]),
        there=there[known],
        open=open_[known],
    )


def _table(columns: Sequence[frozenset[str]], row_of: Mapping[str, int]) -> Mask:
    """Return names x columns, true where a column holds the name."""
    table = np.zeros((len(row_of), len(columns)), dtype=bool)
    places = [(row_of[name], column) for column, names in enumerate(columns) for name in names]
    if places:
        rows, at = zip(*places, strict=True)
        table[rows, at] = True
    return table


def changes(grid: Grid, pairs: NDArray[np.int64], change: str) -> Grid:
    """Return what changed so from the first to the second ECG of each pair, (n, 2) places in a table of single ECGs.

    It is open where one of the two leaves it open and the other does not rule it out.
    """
    sure = np.ones((len(grid.names), len(pairs)), dtype=bool)
    possible = sure.copy()
    for side, wanted in enumerate(CHANGES[change]):
        there, open_ = grid.there[:, pairs[:, side]], grid.open[:, pairs[:, side]]
        sure &= (there == wanted) & ~open_
        possible &= (there == wanted) | open_
    items = [(grid.items[first][0], grid.items[second][0]) for first, second in pairs.tolist()]
    return Grid(items, grid.names, grid.official, sure, possible & ~sure)
