"""Lines on a page: through points in millimetre, antialiased, of any colour and weight."""

import numpy as np

from einthoven.render.sheet import INK, Color, FloatArray, Pixels, Sheet

FIXED_POINT_BITS = 4  # OpenCV draws at sixteenths of a pixel
STRAIGHT_PX = 0.08  # samples nearer than this to a line through their neighbours are not drawn one by one
USUAL_MM = 0.25


def line(pixels: Pixels, sheet: Sheet, points_mm: FloatArray, color: Color = INK) -> None:
    """Draw a line of the usual weight through (n, 2) points in millimetre."""
    draw_line(pixels, points_mm * sheet.px_per_mm, color, weight_px(sheet, USUAL_MM))


def draw_line(pixels: Pixels, points_px: FloatArray, color: Color | int, wide_px: int, smooth: bool = True) -> None:
    """Draw a line through (n, 2) points in pixels, on three colours or on one; smooth: with soft edges."""
    import cv2

    kept = cv2.approxPolyDP(points_px.astype(np.float32)[:, None], STRAIGHT_PX, False)
    fixed = np.rint(kept * (1 << FIXED_POINT_BITS)).astype(np.int32)
    cv2.polylines(pixels, [fixed], False, color, wide_px, cv2.LINE_AA if smooth else cv2.LINE_8, FIXED_POINT_BITS)


def weight_px(sheet: Sheet, wide_mm: float) -> int:
    return max(1, round(sheet.px(wide_mm)))
