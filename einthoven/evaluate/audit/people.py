"""Whom the questions of an audit belong to, and how often each of them is in a draw with replacement."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.evaluate.intervals import patient_draws
from einthoven.evaluate.marks import Mark

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class People:
    """rows: who -> column of `draws`, (draws, people) times that each is drawn; float32 holds such counts exactly."""

    rows: dict[str, int]
    draws: NDArray[np.float32]

    @classmethod
    def of(cls, marks: Sequence[Mark]) -> "People":
        names = sorted({mark.item.cluster for mark in marks})
        return cls({name: row for row, name in enumerate(names)}, patient_draws(len(names)).astype(np.float32))

    def places(self, marks: Sequence[Mark]) -> Places:
        return np.array([self.rows[mark.item.cluster] for mark in marks], np.intp)

    def summed(self, places: Places, sums_NK: Floats) -> Floats:
        """Return (1 + draws, K) sums of counts below 2 ** 24: over all, then in each draw."""
        own, here = np.unique(places, return_inverse=True)
        by_person = np.zeros((len(own), sums_NK.shape[1]), np.float32)
        np.add.at(by_person, here, sums_NK)
        draws = self.draws if len(own) == len(self.rows) else self.draws.take(own, axis=1)
        drawn = draws @ by_person
        return np.concatenate([by_person.sum(axis=0, keepdims=True), drawn]).astype(np.float64)
