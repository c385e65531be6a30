"""Many questions about one ECG in one pass: a tree of token runs, packed into one row with a mask.

Each run sees its ancestors and itself, never its siblings, and its positions go on from its parent's end. So
prefix -> question -> option costs each token once, and every score equals that of the run asked alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Run:
    """A run of token ids behind its parent (an index into the list of runs; -1 for the root)."""

    parent: int
    ids: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class PackedTree:
    """ids_T and positions_T: (T,) int64; mask_TT: (T, T) bool, True where row may look at column;
    owner_T: (T,) index of the run; before_T: (T,) index of the token that predicts this one, -1 for the first."""

    ids_T: NDArray[np.int64]
    positions_T: NDArray[np.int64]
    mask_TT: NDArray[np.bool_]
    owner_T: NDArray[np.int64]
    before_T: NDArray[np.int64]


def pack_tree(runs: list[Run]) -> PackedTree:
    """Lay runs (parents before children, none empty) into one row."""
    starts = np.cumsum([0, *(len(run.ids) for run in runs)])
    depth: list[int] = []
    seen: list[set[int]] = []
    before: list[int] = []
    for index, run in enumerate(runs):
        parent = run.parent
        depth.append(0 if parent < 0 else depth[parent] + len(runs[parent].ids))
        seen.append({index} if parent < 0 else seen[parent] | {index})
        first = -1 if parent < 0 else int(starts[parent + 1]) - 1
        before += [first, *range(int(starts[index]), int(starts[index + 1]) - 1)]
    owner = np.repeat(np.arange(len(runs)), [len(run.ids) for run in runs])
    allowed = np.zeros((len(runs), len(runs)), bool)
    for index, ancestors in enumerate(seen):
        allowed[index, list(ancestors)] = True
    positions = np.concatenate([depth[i] + np.arange(len(run.ids)) for i, run in enumerate(runs)])
    place = np.arange(len(owner))
    return PackedTree(
        ids_T=np.array([token for run in runs for token in run.ids], np.int64),
        positions_T=positions.astype(np.int64),
        mask_TT=allowed[owner][:, owner] & (place[None, :] <= place[:, None]),
        owner_T=owner,
        before_T=np.array(before, np.int64),
    )
