"""Values with intervals: patients are drawn again a thousand times, and a value follows from what they add up to."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.rng import rng

DRAWS, LOW, HIGH = 1000, 2.5, 97.5
Floats = NDArray[np.float64]


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
def patient_draws(count: int) -> Floats:
    """Return (draws, patients): how often each of so many patients is in a draw with replacement."""
    drawn = rng("bootstrap", "scores").multinomial(count, np.full(count, 1 / count), size=DRAWS)
    return drawn.astype(np.float64)


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
    with np.errstate(all="ignore"):
        value = float(of(by_patient.sum(axis=0)))
        spread = of(patient_draws(len(place)) @ by_patient)
    spread = spread[np.isfinite(spread)]
    if not np.isfinite(value):
        return Score(None, n, unread=unread)
    low, high = np.percentile(spread, [LOW, HIGH]) if len(spread) else (value, value)
    return Score(round(value, 4), n, round(float(low), 4), round(float(high), 4), unread=unread)
