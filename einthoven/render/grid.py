"""Empty millimetre paper: lines or dots a millimetre apart, stronger ones every five, exact to a part of a pixel."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.render.sheet import Color, FloatArray, Pixels, Sheet

GridKind = Literal["lines", "dots", "major", "none"]
MAJOR_MM = 5


@dataclass(frozen=True)
class Grid:
    """How paper is printed: kind; colours of paper and lines; widths of lines in millimetre.

    "major" leaves out the millimetres between; "dots" prints a dot a millimetre and lines of dots every five.
    area_mm: left, top, right, bottom of what is printed, None for the whole sheet; it begins with a strong line.
    """

    kind: GridKind = "lines"
    paper: Color = (255, 252, 248)
    minor: Color = (250, 218, 212)
    major: Color = (238, 172, 164)
    minor_mm: float = 0.1
    major_mm: float = 0.16
    area_mm: tuple[float, float, float, float] | None = None
    margin: Color | None = None  # what is around the area, None: the paper's colour


SHADES = 16  # steps between paper and line
TICK_PX = 4  # along the strong lines of "dots", half of so many pixels is printed


def draw_grid(sheet: Sheet, grid: Grid) -> Pixels:
    """Return a sheet of empty paper, (height, width, 3), which is the caller's to draw on.

    Only some dozens of its rows and columns differ: the colours where these cross are mixed, and the sheet is put
    together of them.
    """
    width, height = sheet.size_px
    left, top, right, bottom = grid.area_mm or (0.0, 0.0, sheet.width_mm, sheet.height_mm)
    across, column = _kinds(_shares(sheet, grid, (left, right), width))
    down, row = _kinds(_shares(sheet, grid, (top, bottom), height))
    return _colours(grid, across, down).take(column, axis=1).take(row, axis=0)


def _shares(sheet: Sheet, grid: Grid, span_mm: tuple[float, float], pixels: int) -> FloatArray:
    """Return (pixels, 4) along one side: share of each pixel in minor and major lines, is it a tick, is it outside."""
    every = np.arange(int(span_mm[1] - span_mm[0] + 1e-6) + 1)
    strong = every % MAJOR_MM == 0
    at_px = (span_mm[0] + every) * sheet.px_per_mm
    minor_px, major_px = (max(mm * sheet.px_per_mm, 1.0) for mm in (grid.minor_mm, grid.major_mm))
    minor = np.zeros(pixels) if grid.kind == "major" else _covered(at_px[~strong], minor_px, pixels)
    tick = np.arange(pixels) % TICK_PX < TICK_PX // 2 if grid.kind == "dots" else np.zeros(pixels)
    first, last = round(sheet.px(span_mm[0])), round(sheet.px(span_mm[1]))
    outside = np.ones(pixels)
    outside[first : last + 1] = 0
    return np.column_stack([minor, _covered(at_px[strong], major_px, pixels), tick, outside])


def _kinds(shares: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """Return the rows or columns that differ, their shares rounded to SHADES steps, and which of them each one is."""
    steps = np.rint(shares * SHADES)
    _, first, which = np.unique(steps @ (SHADES + 1.0) ** np.arange(4), return_index=True, return_inverse=True)
    return steps[first] / SHADES, which


def _covered(at_px: FloatArray, wide_px: float, pixels: int) -> FloatArray:
    """Return which share of each pixel (its centre at a whole coordinate) lies within a line."""
    covered = np.zeros(pixels)
    for offset in range(-int(wide_px) - 1, int(wide_px) + 2):
        index = np.rint(at_px).astype(np.intp) + offset
        low = np.maximum(at_px - wide_px / 2, index - 0.5)
        high = np.minimum(at_px + wide_px / 2, index + 0.5)
        inside = (index >= 0) & (index < pixels)
        np.add.at(covered, index[inside], np.maximum(high - low, 0.0)[inside])
    return np.minimum(covered, 1.0)


def _colours(grid: Grid, x: FloatArray, y: FloatArray) -> Pixels:
    """Return the colours (m, n, 3) where n kinds of column and m kinds of row, given as shares, cross."""
    minor_x, major_x, tick_x, outside_x = x.T
    minor_y, major_y, tick_y, outside_y = y.T[..., None]
    if grid.kind == "dots":
        minor = np.maximum(minor_x, major_x) * np.maximum(minor_y, major_y)  # a dot where two lines cross
        major = np.maximum(major_x * tick_y, major_y * tick_x)
    else:
        minor, major = np.maximum(minor_x, minor_y), np.maximum(major_x, major_y)
    paper, weak, strong = (np.array(color, float) for color in (grid.paper, grid.minor, grid.major))
    colours = paper + (weak - paper) * minor[..., None]
    colours += (strong - colours) * major[..., None]
    if grid.kind == "none":
        colours[:] = paper
    if grid.area_mm:
        colours[(outside_x + outside_y) > 0] = grid.margin or grid.paper
    return np.asarray(np.rint(colours), np.uint8)
