"""A stretch of time on the page: where it lies, the colour of its wave, and how its borders are drawn."""

from collections.abc import Iterable, Iterator
from itertools import takewhile

import numpy as np

from einthoven.core.waves import Wave, WaveName
from einthoven.render.sheet import SPEED_MM_S, Color, Pixels, Sheet

PAGE_S = 10.0
LEFT_MM = 20.0  # where the first second begins: on a strong line of the paper
# Apart from each other and from the paper also for those who do not tell red from green, or blue from yellow (tested).
COLORS: dict[WaveName, Color] = {"P": (20, 125, 255), "QRS": (235, 125, 0), "T": (0, 95, 45)}
SHADE, FOOT, TICK = 0.24, 0.8, 1.0  # how much of the colour covers what lies below
FOOT_MM = 1.2  # of a shade, from below: strong, so that the colour is told at once and the trace stays on pale ground
SURE, PALE = 0.5, 0.4  # a wave of less confidence is drawn as much paler
TICK_MM = 0.17


def x_mm(time_s: float) -> float:
    """Return where a time lies across the page."""
    return LEFT_MM + time_s * SPEED_MM_S


def time_s(x_mm: float) -> float:
    """Return the time that lies at a place across the page, which may be left of the first second."""
    return (x_mm - LEFT_MM) / SPEED_MM_S


def on_page(waves: Iterable[Wave]) -> Iterator[Wave]:
    """Yield the waves that begin on the page; of a long recording no others are looked at."""
    return takewhile(lambda wave: _first_s(wave) < PAGE_S, waves)


def draw_span(pixels: Pixels, sheet: Sheet, wave: Wave, across_mm: tuple[float, float]) -> None:
    """Shade a wave and mark its borders; across_mm: top and bottom. A border that is not known is not drawn."""
    strength = 1.0 if wave.confidence >= SURE else PALE
    rows = slice(*(round(sheet.px(y)) for y in across_mm))
    on_px, off_px = (None if at is None else round(sheet.px(x_mm(at))) for at in (wave.on_s, wave.off_s))
    edge_px, thick_px = round(sheet.px(x_mm(PAGE_S))), max(1, round(sheet.px(TICK_MM)))
    if on_px is not None and off_px is not None:
        columns = slice(on_px, min(off_px, edge_px))
        foot_px = round(sheet.px(across_mm[1] - FOOT_MM))
        cover(pixels[rows.start : foot_px, columns], COLORS[wave.wave], SHADE * strength)
        cover(pixels[foot_px : rows.stop, columns], COLORS[wave.wave], FOOT * strength)
    for at_px in (on_px, off_px):
        if at_px is not None and at_px <= edge_px:
            cover(pixels[rows, at_px : at_px + thick_px], COLORS[wave.wave], TICK * strength)


def cover(part: Pixels, color: Color, opacity: float) -> None:
    """Lay a colour over a part of the page; what is below shines through."""
    part[:] = np.rint(part * (1 - opacity) + np.array(color) * opacity).astype(np.uint8)


def _first_s(wave: Wave) -> float:
    return min((at for at in (wave.on_s, wave.peak_s, wave.off_s) if at is not None), default=0.0)
