"""A packed tree: what each token may look at, in closed form, and where it stands."""

import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.runtime.tree import Run, pack_tree


def _random_tree(seed: int) -> list[Run]:
    random = rng("test tree", seed)
    runs = [Run(-1, tuple(range(1, int(random.integers(2, 6)))))]
    for index in range(1, int(random.integers(2, 12))):
        ids = tuple(int(i) for i in random.integers(0, 100, int(random.integers(1, 5))))
        runs.append(Run(int(random.integers(0, index)), ids))
    return runs


def _line(runs: list[Run], index: int) -> list[int]:
    """The runs from the root down to this one."""
    return [*_line(runs, runs[index].parent), index] if index >= 0 else []


@pytest.mark.parametrize("seed", range(20))
def test_a_token_sees_its_ancestors_and_what_stands_before_it_in_its_run(seed: int) -> None:
    runs = _random_tree(seed)
    packed = pack_tree(runs)
    token = [(index, place) for index, run in enumerate(runs) for place in range(len(run.ids))]
    assert packed.ids_T.tolist() == [runs[index].ids[place] for index, place in token]
    for row, (own, own_place) in enumerate(token):
        above = set(_line(runs, own)) - {own}
        expected = [other in above or (other == own and place <= own_place) for other, place in token]
        assert packed.mask_TT[row].tolist() == expected


@pytest.mark.parametrize("seed", range(20))
def test_a_token_stands_where_it_would_stand_without_the_others(seed: int) -> None:
    runs = _random_tree(seed)
    packed = pack_tree(runs)
    for index in range(len(runs)):
        line = _line(runs, index)
        places = [place for run in line for place in np.flatnonzero(packed.owner_T == run)]
        assert packed.positions_T[places].tolist() == list(range(len(places)))
        assert packed.before_T[places].tolist() == [-1, *places[:-1]]


def test_siblings_and_their_children_do_not_see_each_other() -> None:
    runs = [Run(-1, (1, 2)), Run(0, (3,)), Run(1, (4,)), Run(0, (5,)), Run(3, (6,))]
    expected = [
        [1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [1, 1, 1, 0, 0, 0],
        [1, 1, 1, 1, 0, 0],
        [1, 1, 0, 0, 1, 0],
        [1, 1, 0, 0, 1, 1],
    ]
    assert pack_tree(runs).mask_TT.astype(int).tolist() == expected
