"""Pairs of recordings to compare: neighbours in time of one patient, and strangers, each as likely as any other."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from einthoven.instruct.ecgqa.attributes import QaRecord
from einthoven.instruct.ecgqa.grid import CHANGES, Grid

Indices = NDArray[np.int64]
NO_PAIRS = np.empty((0, 2), dtype=np.int64)


def consecutive(records: Sequence[QaRecord]) -> Indices:
    """Return (n, 2) places of recordings that follow each other in one patient, earlier first.

    Two of the same moment have no order and are no pair; a recording without a date is left out.
    """
    of_patient: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for place, record in enumerate(records):
        if record.recorded_at is not None:
            of_patient[record.patient].append((record.recorded_at, place))
    found = [
        (place, next_place)
        for dated in of_patient.values()
        for (at, place), (next_at, next_place) in pairwise(sorted(dated))
        if at < next_at
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def patients_of(records: Sequence[QaRecord]) -> Indices:
    """Return a number for the patient of each record."""
    number = {patient: place for place, patient in enumerate(sorted({record.patient for record in records}))}
    return np.array([number[record.patient] for record in records], dtype=np.int64)


def strangers(sides: tuple[Indices, Indices], patients: Indices, many: int, random: np.random.Generator) -> Indices:
    """Return up to `many` different pairs of two patients, one place of each side, every such pair equally likely."""
    first, second = sides
    every = len(first) * len(second)
    if not every or many < 1:
        return NO_PAIRS
    # drawn with some to spare, for what is drawn twice or is of one patient; where pairs are few all are looked at
    codes = random.permutation(every) if every <= 10 * many else random.integers(every, size=2 * many + 20)
    codes = codes[np.sort(np.unique(codes, return_index=True)[1])]
    pairs = np.stack([first[codes // len(second)], second[codes % len(second)]], axis=1)
    kept: Indices = pairs[patients[pairs[:, 0]] != patients[pairs[:, 1]]][:many]
    return kept


def changed_pairs(
    grid: Grid, row: int, change: str, caps: tuple[int, int, int], patients: Indices, random: np.random.Generator
) -> tuple[Indices, Indices]:
    """Return pairs of strangers in which one finding changed so, and pairs in which it is otherwise.

    The three ways to be otherwise come equally often as far as they can, so that what the first ECG shows does not
    give the answer away. caps: most pairs of the first kind, of the second, and uses of each ECG of the rarer side.
    """
    known = ~grid.open[row]
    side = {state: np.flatnonzero(known & (grid.there[row] == state)) for state in (True, False)}
    most_yes, most_no, reuse = caps
    ways: dict[tuple[bool, bool], Indices] = {}
    for before, after in product((True, False), repeat=2):
        many = most_yes if (before, after) == CHANGES[change] else most_no
        many = min(many, reuse * min(len(side[before]), len(side[after])))
        ways[before, after] = strangers((side[before], side[after]), patients, many, random)
    yes = ways.pop(CHANGES[change])
    return yes, _in_turn(list(ways.values()))


def _in_turn(kinds: Sequence[Indices]) -> Indices:
    """Return the pairs of several kinds, one of each in turn while there are any."""
    pairs: Indices = np.concatenate(kinds)
    turns = np.concatenate([np.arange(len(kind)) for kind in kinds])
    return pairs[np.argsort(turns, kind="stable")]
