"""Hand-made ECGs and measurements, and where things lie on a measured page; what the tests of its parts share."""

from typing import Any

import numpy as np

from einthoven.core.ecg import Ecg
from einthoven.core.measurements import Measurements
from einthoven.core.waves import Wave
from einthoven.render.measured import place_rows

BEAT = (Wave("P", 0.1, 0.15, 0.2, 0.9), Wave("QRS", 0.25, 0.3, 0.35, 0.9), Wave("T", 0.45, 0.55, 0.63, 0.9))

FOUND = {"pr_ms": 160.0, "qrs_ms": 100.0, "qt_ms": 451.0}


def flat_ecg(leads: tuple[str, ...] = ("I", "II"), seconds: float = 10.0, swing_mv: float = 0.0) -> Ecg:
    times = np.arange(round(250 * seconds)) / 250
    row = swing_mv * np.sin(2 * np.pi * times)
    return Ecg(np.tile(row, (len(leads), 1)).astype(np.float32), leads, 250.0, source="hand-made")


def found_in_ii(*waves: Wave, lead: str = "II", **more: Any) -> Measurements:
    """Measurements whose waves are in one of the leads I and II."""
    return Measurements({}, waves={name: waves if name == lead else () for name in ("I", "II")}, **more)


def x_px(time_s: float, dpi: float) -> int:
    """The column at which a time lies: 20 mm, then 25 mm a second."""
    return round((20 + 25 * time_s) * dpi / 25.4)


def rows_px(ecg: Ecg, lead: str, dpi: float) -> slice:
    """The rows of pixels that belong to a lead."""
    row = next(row for row in place_rows(ecg, ecg.leads)[0] if row.lead == lead)
    return slice(*(round(mm * dpi / 25.4) for mm in (row.top_mm, row.bottom_mm)))


def rhythm_of(count: int, p: bool = True) -> list[Wave]:
    """A beat a second; that of second n has QT 400 + 10 n ms."""
    waves = []
    for n in range(count):
        waves += [Wave("P", n + 0.1, n + 0.15, n + 0.2, 0.9)] if p else []
        waves += [Wave("QRS", n + 0.26, n + 0.3, n + 0.36, 0.9)]
        waves += [Wave("T", n + 0.5, n + 0.6, n + 0.66 + n / 100, 0.9)]
    return waves
