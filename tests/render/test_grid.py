"""Millimetre paper measured with a ruler: distances, weights, colours, areas."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.render.grid import Grid, draw_grid
from einthoven.render.sheet import MM_PER_INCH, Sheet

DPIS = (72.0, 150.0, 200.0, 203.0, 600.0)
GRID = Grid()


def _sheet(dpi: float) -> Sheet:
    return Sheet(62.0, 41.0, dpi / MM_PER_INCH)


def _darkness(grid: Grid, dpi: float, across: bool) -> NDArray[np.float64]:
    """Mean darkness of each column (or row) against the paper."""
    pixels = draw_grid(_sheet(dpi), grid).astype(float)
    levels: NDArray[np.float64] = (np.array(grid.paper) - pixels).mean(axis=(0 if across else 1, 2))
    return levels


def _centres(levels: NDArray[np.float64], at_px: NDArray[np.floating], reach: int) -> NDArray[np.float64]:
    found = []
    for at in at_px:
        low = max(0, round(at) - reach)
        part = levels[low : round(at) + reach + 1] - levels.min()
        found.append((part * np.arange(low, low + len(part))).sum() / part.sum())
    return np.array(found)


@pytest.mark.parametrize("dpi", [150.0, 200.0, 203.0, 600.0])
@pytest.mark.parametrize("across", [True, False])
def test_lines_are_a_millimetre_apart_to_a_part_of_a_pixel(dpi: float, across: bool) -> None:
    levels = _darkness(GRID, dpi, across)
    per_mm = dpi / MM_PER_INCH
    every = np.arange(1, 41 if not across else 61) * per_mm
    found = _centres(levels, every, int(per_mm / 3))
    assert np.abs(found - every).max() < 0.15  # of a pixel: shades are rounded


@pytest.mark.parametrize("dpi", DPIS)
def test_every_fifth_line_is_stronger(dpi: float) -> None:
    levels, per_mm = _darkness(GRID, dpi, True), dpi / MM_PER_INCH
    ink = [levels[max(0, round(mm * per_mm) - 1) : round(mm * per_mm) + 2].sum() for mm in range(1, 61)]
    strong, weak = ink[4::5], [one for mm, one in enumerate(ink, 1) if mm % 5]
    assert min(strong) > 1.3 * max(weak)


def test_the_weight_of_a_line_is_the_same_wherever_it_falls_between_pixels() -> None:
    levels, per_mm = _darkness(replace(GRID, kind="major"), 203.0, True), 203.0 / MM_PER_INCH
    ink = [levels[round(mm * per_mm) - 3 : round(mm * per_mm) + 4].sum() for mm in range(5, 60, 5)]
    assert max(ink) / min(ink) < 1.05


def test_kinds_leave_out_what_they_should() -> None:
    full, major, none = (_darkness(replace(GRID, kind=kind), 200.0, True).sum() for kind in ("lines", "major", "none"))
    assert full > 1.5 * major > 0
    assert none == 0
    dots = draw_grid(_sheet(200.0), replace(GRID, kind="dots")).astype(int)
    middle = dots[round(7.5 * 200 / MM_PER_INCH)]
    assert (np.abs(middle - np.array(GRID.paper)).max(axis=1) > 8).mean() < 0.05, "between dots there is paper"
    dot = dots[round(7 * 200 / MM_PER_INCH), round(7 * 200 / MM_PER_INCH)]
    assert np.abs(dot - np.array(GRID.minor)).max() < 25


def test_colours_are_those_asked_for() -> None:
    grid = Grid(paper=(10, 250, 30), minor=(10, 200, 30), major=(200, 0, 0), minor_mm=0.3, major_mm=0.4)
    pixels = draw_grid(_sheet(400.0), grid)
    per_mm = 400.0 / MM_PER_INCH
    assert tuple(pixels[round(2.5 * per_mm), round(2.5 * per_mm)]) == (10, 250, 30)
    assert tuple(pixels[round(2.5 * per_mm), round(2 * per_mm)]) == (10, 200, 30)
    assert tuple(pixels[round(2.5 * per_mm), round(5 * per_mm)]) == (200, 0, 0)


def test_outside_of_its_area_there_is_the_margin() -> None:
    grid = replace(GRID, area_mm=(6.0, 11.0, 56.0, 36.0), margin=(255, 255, 255))
    pixels = draw_grid(_sheet(200.0), grid)
    per_mm = 200.0 / MM_PER_INCH
    x0, y0, x1, y1 = (round(mm * per_mm) for mm in (6, 11, 56, 36))
    for outside in (pixels[:y0], pixels[y1 + 1 :], pixels[:, :x0], pixels[:, x1 + 1 :]):
        assert (outside == 255).all()
    assert np.abs(pixels[y0 + 30, x0].astype(int) - np.array(GRID.major)).max() < 40, "it begins with a strong line"


def test_the_paper_is_the_callers_to_draw_on() -> None:
    first = draw_grid(_sheet(100.0), GRID)
    first[:] = 0
    assert draw_grid(_sheet(100.0), GRID).max() > 200
