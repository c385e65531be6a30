"""Values with intervals: patients are drawn again a thousand times, and a value follows from what they add up to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.rng import rng

DRAWS, LOW, HIGH = 1000, 2.5, 97.5
BLOCK = 100  # draws at once: a block of 20,000 patients takes 16 MB
Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Weights = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """One value: over how much (n), its 95 % interval over patients, chance, text-only level, and the share not read.

    None: not to be had for this value.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    text_only: float | None = None
    unread: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@lru_cache(maxsize=16)
def patient_draws(count: int) -> NDArray[np.uint8]:
    """Return (draws, patients): how often each of so many patients is in a draw with replacement."""
    random = rng("bootstrap", "scores")
    shares = np.full(count, 1 / count)
    blocks = [random.multinomial(count, shares, size=BLOCK).astype(np.uint8) for _ in range(DRAWS // BLOCK)]
    return np.concatenate(blocks)  # nobody is drawn 256 times: on average it is once


def score_of(
    sums_RK: Floats, patients: Sequence[str], of: Callable[[Floats], Floats], n: int, unread: float | None = None
) -> Score:
    """Return a value that follows from sums over recordings, with its interval.

    sums_RK: (recordings, K) what each adds; of: (.., K) sums to (..) values, not a number where there is none.
    """
    if not n:
        return Score(None, 0, unread=unread)
    place = {patient: row for row, patient in enumerate(sorted(set(patients)))}
    by_patient = np.zeros((len(place), sums_RK.shape[1]))
    np.add.at(by_patient, [place[patient] for patient in patients], sums_RK)
    draws = patient_draws(len(place))
    blocks = [draws[start : start + BLOCK].astype(np.float64) @ by_patient for start in range(0, DRAWS, BLOCK)]
    with np.errstate(all="ignore"):
        value = float(of(by_patient.sum(axis=0)))
        spread = of(np.concatenate(blocks))
    return with_interval(value, spread, n, unread)


def with_interval(value: float, spread: Floats, n: int, unread: float | None = None) -> Score:
    """Return a value with the interval of what it is in each draw; draws without a value are left out."""
    if not np.isfinite(value):
        return Score(None, n, unread=unread)
    spread = spread[np.isfinite(spread)]
    low, high = np.percentile(spread, [LOW, HIGH]) if len(spread) else (value, value)
    value, low, high = (round(float(one), 4) + 0.0 for one in (value, low, high))  # no minus before a zero
    return Score(value, n, low, high, unread=unread)


@dataclass(frozen=True)
class Draws:
    """Items and how often each is in every draw of patients; the first "draw" is everybody once.

    places_N: which patient an item belongs to; times_PD: how often each patient is drawn, (patients, 0) for no draws.
    All that is taken from one `Draws` rests on the same resamples, so that values may be subtracted draw by draw.
    """

    places_N: Ints
    times_PD: NDArray[np.uint8]

    @classmethod
    def of(cls, clusters: Sequence[str], drawn: bool = True) -> "Draws":
        """clusters: of each item, whom it belongs to; drawn: False where only the value itself is wanted."""
        names = {name: row for row, name in enumerate(sorted(set(clusters)))}
        places = np.array([names[cluster] for cluster in clusters], np.intp)
        if not drawn or not names:
            return cls(places, np.zeros((len(names), 0), np.uint8))
        return cls(places, np.ascontiguousarray(patient_draws(len(names)).T))

    @property
    def count(self) -> int:
        """Length of what is returned over draws: one for everybody, and one a draw."""
        return 1 + int(self.times_PD.shape[1])

    def at(self, rows: Ints) -> "Draws":
        """Return the same draws of some of the items."""
        return Draws(self.places_N[rows], self.times_PD)

    def totals(self, cells_N: Ints, cells: int, values_N: Floats | None = None) -> Floats:
        """Return (cells, count) what items add up to in their cells; without values, how many they are."""
        from scipy.sparse import coo_array

        values = np.ones(len(cells_N)) if values_N is None else values_N
        found = np.empty((cells, self.count))
        found[:, 0] = np.bincount(cells_N, values, minlength=cells)
        if self.count > 1:
            place = (cells_N, self.places_N)
            by_patient = coo_array((values, place), shape=(cells, len(self.times_PD))).tocsr().astype(np.float32)
            for start in range(1, self.count, BLOCK):
                times = self.times_PD[:, start - 1 : start - 1 + BLOCK].astype(np.float32)
                found[:, start : start + BLOCK] = by_patient @ times
        return found

    def blocks(self, most: int = 2_000_000) -> Iterator[tuple[slice, Weights]]:
        """Yield (which of count, (N, those) weights of the items), so many numbers at once; everybody comes first."""
        yield slice(0, 1), np.ones((len(self.places_N), 1))
        step = max(1, most // max(1, len(self.places_N)))
        for start in range(1, self.count, step):
            times = self.times_PD[:, start - 1 : start - 1 + step]
            yield slice(start, min(start + step, self.count)), times[self.places_N].astype(np.float32)


@dataclass(frozen=True)
class Estimate:
    """A value and what it is in each draw, (count,); n: over how many items it is."""

    values: Floats
    n: int

    @property
    def value(self) -> float:
        return float(self.values[0])

    def __sub__(self, other: "Estimate") -> "Estimate":
        """Return the paired difference: both must rest on the same draws."""
        return Estimate(self.values - other.values, min(self.n, other.n))

    def score(self, unread: float | None = None) -> Score:
        return with_interval(self.value, self.values[1:], self.n, unread)


def divided(above: Floats, below: Floats) -> Floats:
    """Return above / below, not a number where below is zero."""
    out: Floats = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out


def mean_of_known(values: Floats) -> Floats:
    """Return the mean over the first axis, in each draw over what has a value there."""
    there = np.isfinite(values)
    return divided(np.where(there, values, 0.0).sum(axis=0), there.sum(axis=0).astype(np.float64))
