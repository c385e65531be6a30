"""A metric that follows from what its items add up to: so it follows from any draw of patients as well."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sums:
    """rows_NK: what each of N items adds; of: sums (.., K) to values (..), not a number where there is none."""

    rows_NK: Floats
    of: Callable[[Floats], Floats]


def ratio(part: int = 0, whole: int = 1) -> Callable[[Floats], Floats]:
    """Return the share of one sum in another, not a number of nothing."""

    def of(sums: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(sums[..., part] / sums[..., whole])

    return of


def mean_of(values_N: Floats) -> Sums:
    """Return the mean of a value an item."""
    return Sums(np.stack([values_N, np.ones(len(values_N))], axis=1), ratio())
