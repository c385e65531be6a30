"""Whether the figures that a text states are those that were measured.

Tolerances are those of a report (rate 2/min, PR and QRS 10 ms, QT and QTc 20 ms, axis 10 degrees) and tighter than
those by which an answer is said to contradict a measurement; P 10 ms, RR 30 ms (about 2/min at a rate of 60/min).
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from einthoven.core.measurements import CORRECTIONS
from einthoven.core.stated import Stated, stated_figures
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.sums import Sums, ratio
from einthoven.evaluate.metrics.text import said_of

TOLERANCE = {"heart_rate_bpm": 2.0, "rr_ms": 30.0, "p_ms": 10.0, "pr_ms": 10.0, "qrs_ms": 10.0, "qt_ms": 20.0,
             "qtc_ms": 20.0, "axis_deg": 10.0}  # fmt: skip


def number_sums(marks: Sequence[Mark]) -> dict[str, Sums]:
    """Return how far stated figures are borne out, of texts with facts `figures` (figure -> value or None), else {}.

    numbers_supported: of the stated figures with a measured value, the share within tolerance. numbers_unverifiable:
    of all stated figures, the share without a measured value. Both are not a number where none was stated.
    reports_with_unsupported_number: of all these texts, the share with a figure beyond tolerance; silence is not one.
    """
    rows = np.array([_row(mark) for mark in marks], np.float64).reshape(-1, 5)
    if not rows[:, 4].any():
        return {}
    return {
        "numbers_supported": Sums(rows[:, :2], ratio()),
        "numbers_unverifiable": Sums(np.stack([rows[:, 2] - rows[:, 1], rows[:, 2]], axis=1), ratio()),
        "reports_with_unsupported_number": Sums(rows[:, 3:], ratio()),
    }


def supported(stated: Stated, figures: Mapping[str, float | None]) -> bool | None:
    """Return whether a stated figure is within tolerance of the measured one, None where it was not measured.

    A corrected QT without the name of its formula is borne out by any of the four.
    """
    names = ["qtc_ms", *(f"qtc_ms.{name}" for name in CORRECTIONS)] if stated.figure == "qtc_ms" else [stated.figure]
    values = [value for name in names if (value := figures.get(name)) is not None and math.isfinite(value)]
    if not values:
        return None
    kind = stated.figure.partition(".")[0]
    apart = [stated.value - value for value in values]
    if kind == "axis_deg":
        apart = [(far + 180) % 360 - 180 for far in apart]
    return min(map(abs, apart)) <= TOLERANCE[kind]


def _row(mark: Mark) -> tuple[float, float, float, float, float]:
    """Return figures supported, measured and stated, whether one is not supported, and whether the text counts."""
    figures = mark.item.facts.get("figures")
    if mark.item.kind != "text" or figures is None:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    found = [supported(one, figures) for one in stated_figures(said_of(mark))]
    known = [one for one in found if one is not None]
    return sum(known), len(known), len(found), not all(known), 1.0
