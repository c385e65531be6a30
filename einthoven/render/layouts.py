"""Layouts: which leads stand where on a page, in rows, columns and rhythm strips. Widths in millimetre."""

from dataclasses import dataclass
from typing import Literal

from einthoven.core.errors import InputError
from einthoven.core.leads import TWELVE

Side = Literal["left", "right", "none"]  # where calibration pulses stand

ACROSS_MM = 250.0  # ten seconds at 25 mm/s
LIMB = TWELVE[:6]
CABRERA = ("aVL", "I", "-aVR", "II", "aVF", "III")
CHEST = TWELVE[6:]


@dataclass(frozen=True)
class Layout:
    """rows: leads from left to right, rows from top to bottom; strips: rhythm strips below, as wide as all columns.

    A name with a minus ("-aVR") is drawn upside down. column_mm is the width of a column on a sheet.
    """

    rows: tuple[tuple[str, ...], ...]
    strips: tuple[str, ...] = ()
    column_mm: float = ACROSS_MM / 4

    @property
    def columns(self) -> int:
        return len(self.rows[0])


def columns_of(leads: tuple[str, ...], high: int) -> tuple[tuple[str, ...], ...]:
    """Return leads as rows, filled column by column, `high` leads in each."""
    return tuple(leads[row::high] for row in range(high))


_3X4, _6X2 = columns_of(TWELVE, 3), columns_of(TWELVE, 6)

LAYOUTS: dict[str, Layout] = {
    "3x4": Layout(_3X4),
    "3x4+II": Layout(_3X4, ("II",)),
    "3x4+2": Layout(_3X4, ("V1", "II")),
    "3x4+3": Layout(_3X4, ("V1", "II", "V5")),
    "6x2": Layout(_6X2, column_mm=ACROSS_MM / 2),
    "6x2+II": Layout(_6X2, ("II",), column_mm=ACROSS_MM / 2),
    "12x1": Layout(columns_of(TWELVE, 12), column_mm=ACROSS_MM),
    "4x3": Layout(columns_of(TWELVE, 4)),
    "cabrera": Layout(columns_of(CABRERA + CHEST, 6), column_mm=ACROSS_MM / 2),
    "cabrera-3x4+II": Layout(columns_of(CABRERA + CHEST, 3), ("II",)),
}


def layout_of(name: str) -> Layout:
    """Return a layout by its name. Raises InputError."""
    if name not in LAYOUTS:
        raise InputError(f"layout {name!r} is not known; there are {', '.join(LAYOUTS)}")
    return LAYOUTS[name]
