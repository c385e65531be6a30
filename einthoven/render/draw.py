"""Draw an ECG on millimetre paper: three rows of four leads and a rhythm strip, 25 mm/s and 10 mm/mV."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, LeadError
from einthoven.core.leads import TWELVE
from einthoven.core.page import Page

SPEED_MM_S, GAIN_MM_MV = 25.0, 10.0
MM_PER_INCH = 25.4
ROWS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
STRIP = "II"
COLUMN_S, ROW_MM, MARGIN_MM, PULSE_MM = 2.5, 26.0, 8.0, 10.0
PAPER, MINOR, MAJOR, INK = (255, 252, 248), (250, 218, 212), (238, 172, 164), (24, 24, 32)  # RGB
FIXED_POINT_BITS = 4  # OpenCV draws at sixteenths of a pixel

FloatArray = NDArray[np.floating]
Pixels = NDArray[np.uint8]
Color = tuple[int, int, int]


@dataclass(frozen=True)
class Sheet:
    """Size of a page in millimetre and how many pixels a millimetre has."""

    width_mm: float
    height_mm: float
    px_per_mm: float

    def px(self, mm: float) -> float:
        return mm * self.px_per_mm


def render(ecg: Ecg, dpi: float = 150.0) -> Page:
    """Return a page (pixels: (height, width, 3) uint8) with layout 3x4+II of the first ten seconds.

    Leads that are not there are left blank. Raises InputError for a dpi outside 50..600 and LeadError when none of
    the twelve leads is there.
    """
    refuse_dpi(dpi)
    signal, mask = ecg.twelve()
    if not mask.any():
        raise LeadError(f"{ecg.source}: none of the twelve leads can be drawn; there are {', '.join(ecg.leads)}")
    width_mm = 2 * MARGIN_MM + PULSE_MM + 4 * COLUMN_S * SPEED_MM_S
    sheet = Sheet(width_mm, 2 * MARGIN_MM + 4 * ROW_MM, dpi / MM_PER_INCH)
    pixels = paper(sheet)
    there = {name: signal[row] for row, name in enumerate(TWELVE) if mask[row]}
    for row, names in enumerate(ROWS):
        pulse(pixels, sheet, _baseline_mm(row))
        for column, name in enumerate(names):
            if name in there:
                start_s = column * COLUMN_S
                _trace(pixels, sheet, (row, start_s), name, _part(there[name], ecg.rate_hz, start_s, COLUMN_S))
    strip = STRIP if STRIP in there else next(iter(there))
    pulse(pixels, sheet, _baseline_mm(len(ROWS)))
    _trace(pixels, sheet, (len(ROWS), 0.0), strip, _part(there[strip], ecg.rate_hz, 0.0, 4 * COLUMN_S))
    return Page(pixels, f"page of {ecg.source}")


def write_page(page: Page, path: Path) -> None:
    """Write a page as PNG, whole or not at all."""
    import cv2

    from einthoven.core.atomic import atomic_write

    ok, data = cv2.imencode(".png", cv2.cvtColor(page.pixels, cv2.COLOR_RGB2BGR))
    if not ok:
        raise InputError(f"{path}: this page cannot be encoded as PNG")
    atomic_write(path, data.tobytes())


def refuse_dpi(dpi: float) -> None:
    """Raise InputError for a resolution at which nothing could be read or the page would not fit into memory."""
    if not 50 <= dpi <= 600:
        raise InputError(f"dpi is {dpi:g}; it must be 50 to 600")


def paper(sheet: Sheet) -> Pixels:
    """Return the empty grid: a line a millimetre, a stronger one every five."""
    height, width = round(sheet.px(sheet.height_mm)), round(sheet.px(sheet.width_mm))
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = PAPER
    for color, step_mm in ((MINOR, 1), (MAJOR, 5)):
        pixels[[round(sheet.px(mm)) for mm in range(0, int(sheet.height_mm), step_mm)]] = color
        pixels[:, [round(sheet.px(mm)) for mm in range(0, int(sheet.width_mm), step_mm)]] = color
    return pixels


def _part(signal_mv: FloatArray, rate_hz: float, start_s: float, seconds: float) -> tuple[FloatArray, FloatArray]:
    """Return times from the start of a column and the millivolt in it, around the lead's median."""
    first, last = round(start_s * rate_hz), round((start_s + seconds) * rate_hz)
    part = signal_mv[first:last]
    return np.arange(len(part)) / rate_hz, part - np.median(signal_mv)


def _baseline_mm(row: int) -> float:
    return MARGIN_MM + (row + 0.5) * ROW_MM


def line(pixels: Pixels, sheet: Sheet, points_mm: FloatArray, color: Color = INK) -> None:
    """Draw a line through (n, 2) points in millimetre."""
    import cv2

    fixed = np.rint(points_mm * sheet.px_per_mm * (1 << FIXED_POINT_BITS)).astype(np.int32)
    weight = max(1, round(sheet.px(0.25)))
    cv2.polylines(pixels, [fixed[:, None]], False, color, weight, cv2.LINE_AA, FIXED_POINT_BITS)


def _trace(
    pixels: Pixels, sheet: Sheet, place: tuple[int, float], name: str, part: tuple[FloatArray, FloatArray]
) -> None:
    """Draw a lead and its name; place: row, and second within the row at which it starts."""
    import cv2

    row, start_s = place
    left_mm = MARGIN_MM + PULSE_MM + start_s * SPEED_MM_S
    if len(part[0]) > 1:
        y_mm = np.clip(_baseline_mm(row) - part[1] * GAIN_MM_MV, 0, sheet.height_mm)
        line(pixels, sheet, np.stack([left_mm + part[0] * SPEED_MM_S, y_mm], 1))
    origin = (round(sheet.px(left_mm + 1)), round(sheet.px(_baseline_mm(row) - ROW_MM / 2 + 5)))
    cv2.putText(pixels, name, origin, cv2.FONT_HERSHEY_SIMPLEX, sheet.px_per_mm / 10, INK, 1, cv2.LINE_AA)


def pulse(pixels: Pixels, sheet: Sheet, base_mm: float, gain_mm_mv: float = GAIN_MM_MV) -> None:
    """Draw the calibration pulse: 1 mV for 200 ms."""
    left_mm = MARGIN_MM + 2
    top_mm, right_mm = base_mm - gain_mm_mv, left_mm + 0.2 * SPEED_MM_S
    corners = [(left_mm - 1, base_mm), (left_mm, base_mm), (left_mm, top_mm), (right_mm, top_mm)]
    line(pixels, sheet, np.array([*corners, (right_mm, base_mm), (right_mm + 1, base_mm)]))
