"""Which of all questions that can be asked about a recording are taken: so many, in stated shares, drawn by chance."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from einthoven.instruct.family import Asked
from einthoven.instruct.published import Cell
from einthoven.instruct.sampled import TYPES

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
ELSE = 0.02  # weight of a kind of question of which the shares know nothing


def portion(
    askeds: Sequence[Asked], many: float, shares: Mapping[Cell, float], dice: np.random.Generator
) -> list[Asked]:
    """Return `many` of the questions, or all if there are fewer, as near to the shares as what there is allows.

    A part of a question is one with that chance, so that over many recordings the numbers come out. What one kind lacks
    is taken from the others. No key comes twice.
    """
    once = {asked.key: asked for asked in askeds}
    by_cell: dict[Cell, list[Asked]] = {}
    for asked in once.values():
        by_cell.setdefault((asked.category, TYPES[asked.kind]), []).append(asked)
    cells = sorted(by_cell)
    room = np.array([len(by_cell[cell]) for cell in cells])
    counts = _counts(many, np.array([shares.get(cell, ELSE) for cell in cells]), room, dice)
    taken: list[Asked] = []
    for cell, count in zip(cells, counts.tolist(), strict=True):
        listed = by_cell[cell]
        taken += [listed[place] for place in dice.permutation(len(listed))[:count].tolist()]
    return [taken[place] for place in dice.permutation(len(taken)).tolist()]


def _counts(many: float, weights: Floats, room: Counts, dice: np.random.Generator) -> Counts:
    """Return how many of each cell: rounded by chance, never more than there is room for, in all as many as wanted."""
    left = int(many) + int(dice.random() < many % 1)
    counts = np.zeros(len(room), np.int64)
    while left > 0 and (counts < room).any():
        weight = np.where(counts < room, weights, 0.0)
        wanted = left * weight / weight.sum()
        # parts of a question are rounded together, so that their sum is kept and each comes out in the long run
        edges = np.floor(np.cumsum(np.append(0.0, wanted)) + dice.random())
        more = np.minimum(np.diff(edges).astype(np.int64), room - counts)
        if not more.any():
            break
        counts += more
        left -= int(more.sum())
    return counts
