"""Draw an ECG with what was measured on it, so that a reader can check every border: ten seconds of each lead."""

import math
from dataclasses import dataclass

import numpy as np

from einthoven.core.ecg import Ecg
from einthoven.core.measurements import Measurements
from einthoven.core.page import Page
from einthoven.render.grid import Grid, draw_grid
from einthoven.render.header import HEADER_MM, draw_header
from einthoven.render.letters import CAPITAL_MM, put, shortened
from einthoven.render.lines import line
from einthoven.render.place import pulse_corners
from einthoven.render.rule import RULE_MM, draw_guides, draw_rule, usual_spans
from einthoven.render.sheet import GAIN_MM_MV, MM_PER_INCH, SPEED_MM_S, FloatArray, Pixels, Sheet, refuse_dpi
from einthoven.render.spans import LEFT_MM, PAGE_S, draw_span, on_page, x_mm

RIGHT_MM, BOTTOM_MM, NAME_MM, NAME_ROOM_MM, PULSE_AT_MM = 8.0, 6.0, 1.5, 7.5, 10.0
ABOVE_MM, BELOW_MM, MOST_MM = 8, 5, 40  # of a row's baseline: at least, and at most; what swings further is cut
AIR_MM = 3  # between a trace and the end of its row
HIGH_MM = 34  # rows higher than this on average: half the gain


@dataclass(frozen=True, eq=False)
class Row:
    """One lead of the page: millivolt around its median (n,), and where it lies."""

    lead: str
    part_mv: FloatArray
    top_mm: float
    base_mm: float
    bottom_mm: float


def draw_measured(ecg: Ecg, measured: Measurements, dpi: float = 150.0) -> Page:
    """Return a page (pixels: (height, width, 3) uint8): the first ten seconds of each measured lead, a lead a row.

    P, QRS and T are shaded from onset to offset, paler where the confidence is low; above stand the figures and, of one
    usual beat, the intervals over all leads. Raises InputError for a dpi outside 50..600 and LeadError for a lead that
    the ECG does not have.
    """
    refuse_dpi(dpi)
    rows, gain_mm_mv = place_rows(ecg, tuple(measured.waves) or ecg.leads)
    sheet = Sheet(LEFT_MM + PAGE_S * SPEED_MM_S + RIGHT_MM, rows[-1].bottom_mm + BOTTOM_MM, dpi / MM_PER_INCH)
    pixels = draw_grid(sheet, Grid())
    spans = usual_spans(measured, min(PAGE_S, ecg.seconds))
    draw_header(pixels, sheet, ecg, measured, gain_mm_mv)
    draw_rule(pixels, sheet, HEADER_MM, measured.rhythm, spans)
    for row in rows:
        for wave in on_page(measured.waves.get(row.lead, ())):
            draw_span(pixels, sheet, wave, (row.top_mm + 0.5, row.bottom_mm - 0.5))
    draw_guides(pixels, sheet, (rows[0].top_mm, rows[-1].bottom_mm), {at for span in spans.values() for at in span})
    for row in rows:
        _trace(pixels, sheet, row, ecg.rate_hz, gain_mm_mv)
    return Page(pixels, f"page of {ecg.source}, measured")


def place_rows(ecg: Ecg, leads: tuple[str, ...]) -> tuple[list[Row], float]:
    """Return the rows, each as high as its lead swings, and the gain in mm/mV: halved where they would get too high."""
    samples = round(PAGE_S * ecg.rate_hz)
    parts = {lead: ecg.lead(lead)[:samples] for lead in leads}
    parts = {lead: part - np.median(part) for lead, part in parts.items()}
    gain_mm_mv = GAIN_MM_MV
    heights = [_height(part, gain_mm_mv) for part in parts.values()]
    if sum(above + below for above, below in heights) > HIGH_MM * len(heights):
        gain_mm_mv /= 2
        heights = [_height(part, gain_mm_mv) for part in parts.values()]
    rows, top_mm = [], HEADER_MM + RULE_MM
    for (lead, part), (above, below) in zip(parts.items(), heights, strict=True):
        rows.append(Row(lead, part, top_mm, top_mm + above, top_mm + above + below))
        top_mm += above + below
    return rows, gain_mm_mv


def _height(part_mv: FloatArray, gain_mm_mv: float) -> tuple[int, int]:
    """Return how many millimetres a lead needs above and below its baseline, which so lies as the paper's lines do."""
    up, down = float(part_mv.max()) * gain_mm_mv, -float(part_mv.min()) * gain_mm_mv
    return (
        min(MOST_MM, max(ABOVE_MM, math.ceil(up) + AIR_MM)),
        min(MOST_MM, max(BELOW_MM, math.ceil(down) + AIR_MM)),
    )


def _trace(pixels: Pixels, sheet: Sheet, row: Row, rate_hz: float, gain_mm_mv: float) -> None:
    """Draw a lead within its row, its name and its calibration pulse."""
    top_px, bottom_px = (round(sheet.px(mm)) for mm in (row.top_mm, row.bottom_mm))
    base_mm = row.base_mm - top_px / sheet.px_per_mm
    times_s = np.arange(len(row.part_mv)) / rate_hz
    points = np.stack([x_mm(0) + times_s * SPEED_MM_S, base_mm - row.part_mv * gain_mm_mv], 1)
    line(pixels[top_px:bottom_px], sheet, points)
    line(pixels, sheet, pulse_corners((PULSE_AT_MM, row.base_mm), SPEED_MM_S, (gain_mm_mv, gain_mm_mv)))
    put(pixels, sheet, shortened(sheet, row.lead, NAME_ROOM_MM), (NAME_MM, row.base_mm + CAPITAL_MM / 2))
