"""Ink on paper: traces, calibration pulses, lead names and what separates the columns."""

import numpy as np

from einthoven.render.carts import Cart
from einthoven.render.letters import Pen, put
from einthoven.render.lines import draw_line, weight_px
from einthoven.render.place import Placed, Trace
from einthoven.render.sheet import Box, FloatArray, Pixels, Sheet

HEAD_DOT_MM = 0.125  # a thermal head has eight dots a millimetre
DOT_EVERY_MM = 1.0


def draw_traces(pixels: Pixels, placed: Placed, cart: Cart) -> None:
    """Draw every trace and calibration pulse."""
    for trace in placed.traces:
        _line(pixels, placed.sheet, _printed(trace.points_mm, cart), cart)
    for corners in placed.pulses_mm:
        _line(pixels, placed.sheet, corners, cart)


def _line(pixels: Pixels, sheet: Sheet, points_mm: FloatArray, cart: Cart) -> None:
    wide_px = weight_px(sheet, cart.line_mm)
    draw_line(pixels, points_mm * sheet.px_per_mm, cart.ink, wide_px, smooth=cart.printer == "ink")


def draw_names(pixels: Pixels, placed: Placed, cart: Cart) -> list[Box]:
    """Write the name of each trace; return their boxes in pixels, in the order of the traces."""
    pen = Pen(cart.font, cart.label_mm, cart.ink)
    return [put(pixels, placed.sheet, trace.name, _name_at_mm(placed, trace, cart), pen) for trace in placed.traces]


def _name_at_mm(placed: Placed, trace: Trace, cart: Cart) -> tuple[float, float]:
    """Return where a name begins and its foot stands: within its row."""
    top_mm, base_mm, bottom_mm = placed.rows_mm[trace.row]
    right, below = cart.label_at_mm
    room_mm = placed.columns_mm[trace.column + 1] - placed.columns_mm[trace.column]
    x_mm = placed.columns_mm[trace.column] + min(right, room_mm / 3)
    return x_mm, float(np.clip(base_mm + below, top_mm + cart.label_mm + 0.5, bottom_mm - 0.5))


def draw_separators(pixels: Pixels, placed: Placed, cart: Cart) -> None:
    """Draw what stands between columns, in the rows of leads."""
    rows = sorted({trace.row for trace in placed.traces if trace.role == "column"})
    if cart.separator == "none" or not rows:
        return
    for x_mm in placed.columns_mm[1:-1]:
        if cart.separator == "tick":
            for row in rows:
                base_mm = placed.rows_mm[row][1]
                for near, far in ((-5.5, -2.5), (2.5, 5.5)):
                    _line(pixels, placed.sheet, np.array([(x_mm, base_mm + near), (x_mm, base_mm + far)]), cart)
            continue
        top_mm, bottom_mm = placed.rows_mm[rows[0]][1] - 6.0, placed.rows_mm[rows[-1]][1] + 6.0
        if cart.separator == "line":
            _line(pixels, placed.sheet, np.array([(x_mm, top_mm), (x_mm, bottom_mm)]), cart)
            continue
        for y_mm in np.arange(top_mm, bottom_mm, DOT_EVERY_MM):
            _line(pixels, placed.sheet, np.array([(x_mm, y_mm), (x_mm, y_mm + 0.3)]), cart)


def _printed(points_mm: FloatArray, cart: Cart) -> FloatArray:
    """Return the points as the printer can set them."""
    if cart.printer != "thermal":
        return points_mm
    return np.stack([points_mm[:, 0], np.rint(points_mm[:, 1] / HEAD_DOT_MM) * HEAD_DOT_MM], 1)
