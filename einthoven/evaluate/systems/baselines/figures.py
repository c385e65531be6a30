"""An ECG as a row of figures: rate, intervals, axis, rhythm and voltages, measured once and kept in memory."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import EcgError, InputError
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import Amplitudes, Measurements
from einthoven.core.progress import Progress
from einthoven.core.workers import in_order

INTERVALS = ("heart_rate_bpm", "pr_ms", "qrs_ms", "qtc_ms.fridericia")
VOLTAGES = ("r", "s", "q", "t", "st_j60")
CHUNK = 8
WORTH_WORKERS = 64  # fewer ECGs are measured sooner than processes start
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures by path. An ECG takes some 0.05 s on one core; workers: processes where there are many."""

    workers: int = 0
    known: dict[str, Floats | str] = field(default_factory=dict, repr=False)

    def learn(self, paths: Iterable[str]) -> None:
        """Measure those that are not known yet."""
        missing = [path for path in dict.fromkeys(paths) if path not in self.known]
        many = len(missing) > WORTH_WORKERS
        chunks = (missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK))
        found = in_order(chunks, _figures_of, self.workers if many else 0, _died)
        progress = Progress("measure for the nearest ECG" if many else "", len(missing))
        with closing(found), closing(progress):
            for path, row in found:
                self.known[path] = row
                progress.step(isinstance(row, str))

    def can(self, paths: Iterable[str]) -> bool:
        """Tell whether all these were measured."""
        return all(not isinstance(self.known[path], str) for path in paths)

    def of(self, paths: Sequence[str]) -> Floats:
        """Return the figures of these ECGs, one after the other. Raises InputError for one that cannot be measured."""
        rows: list[Floats] = []
        for path in paths:
            row = self.known[path]
            if isinstance(row, str):
                raise InputError(row)
            rows.append(row)
        return np.concatenate(rows)


def row_of(measured: Measurements) -> Floats:
    """Return figures, not a number where one cannot be measured; the voltages of a kind weigh as much as one interval.

    Whether there is a PR interval, whether the rhythm is regular, and the axis as a direction, are figures too.
    """
    axis_deg = measured.figures.get("axis_deg.qrs")
    axis = (
        (math.nan, math.nan)
        if axis_deg is None
        else (math.cos(math.radians(axis_deg)), math.sin(math.radians(axis_deg)))
    )
    rhythm = measured.rhythm
    single = [
        *(measured.figures.get(name) for name in INTERVALS),
        rhythm.sdnn_ms, float(len(rhythm.premature_beats_s)),
        float(measured.figures.get("pr_ms") is not None), float(rhythm.regular is not False),
    ]  # fmt: skip
    leads = [measured.amplitudes_mv.get(lead, Amplitudes()) for lead in TWELVE]
    voltages = [getattr(lead, name) for name in VOLTAGES for lead in leads]
    return np.array([math.nan if value is None else value for value in (*single, *axis, *voltages)], np.float64)


WEIGHTS = np.array([1.0] * (len(INTERVALS) + 6) + [1 / math.sqrt(len(TWELVE))] * (len(VOLTAGES) * len(TWELVE)))
"""Of each place in a row of `row_of`, in a distance between standardised rows."""


def _figures_of(paths: Sequence[str]) -> Iterator[tuple[str, Floats | str]]:
    from einthoven.measure.entry import measure
    from einthoven.measure.files import read_beginning

    for path in paths:
        try:
            yield path, row_of(measure(read_beginning(path)))
        except EcgError as error:
            yield path, str(error)


def _died(path: str) -> tuple[str, Floats | str]:
    return path, f"{path}: the process that measured it died"
