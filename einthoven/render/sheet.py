"""A sheet of paper in millimetre, and how many pixels a millimetre has: the one place where the two meet."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import InputError

MM_PER_INCH = 25.4
SPEED_MM_S, GAIN_MM_MV = 25.0, 10.0  # usual
MIN_DPI, MAX_DPI = 50.0, 600.0
INK = (24, 24, 32)  # RGB

PaperName = Literal["letter", "a4", "roll"]
PAPERS: dict[PaperName, tuple[float, float]] = {  # width and height in mm; a roll is as long as its traces need
    "letter": (279.4, 215.9),
    "a4": (297.0, 210.0),
    "roll": (0.0, 210.0),
}

FloatArray = NDArray[np.floating]
Pixels = NDArray[np.uint8]
Color = tuple[int, int, int]
Box = tuple[float, float, float, float]  # x0, y0, x1, y1


@dataclass(frozen=True)
class Sheet:
    """Size of a page in millimetre and its resolution; a pixel's centre has whole coordinates, (0, 0) is top left."""

    width_mm: float
    height_mm: float
    px_per_mm: float

    def px(self, mm: float) -> float:
        return mm * self.px_per_mm

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height in whole pixels."""
        return round(self.px(self.width_mm)), round(self.px(self.height_mm))


def refuse_dpi(dpi: float) -> None:
    """Raise InputError for a resolution at which nothing could be read or the page would not fit into memory."""
    if not MIN_DPI <= dpi <= MAX_DPI:
        raise InputError(f"dpi is {dpi:g}; it must be {MIN_DPI:g} to {MAX_DPI:g}")
