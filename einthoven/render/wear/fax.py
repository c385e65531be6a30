"""A page that went through a fax: black or white, in the fax's own raster, with lost lines and specks."""

import math

import numpy as np
from numpy.typing import NDArray

from einthoven.render.sheet import Pixels
from einthoven.render.wear.blur import smaller
from einthoven.render.wear.parts import Canvas, Dice, Part

DOTS_PER_MM, LINES_PER_MM = 8.03, 7.7  # along a line, and from line to line
COARSE = 0.5  # of the lines that are left at full strength
PAPER_MM = 5.0  # so much around a dot tells how bright the paper is
SHARPEN, SHARPEN_SIGMA = 1.5, 1.2
INK = (0.70, 0.82)  # of the paper's brightness: what is darker is ink, from page to page
WAVER = 0.22  # over how wide a share of the brightness that level wavers at full strength
SPECKS_PER_CM2, LOST_PIECES_PER_CM = 5.0, 1.2
PIECE_MM = (3.0, 40.0)

Grey = NDArray[np.uint8]


def fax(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Scan into the raster, sharpen, lose pieces, decide black or white around a wavering level, and print."""
    import cv2

    height, width = pixels.shape[:2]
    across, down = (min(1.0, per_mm / canvas.px_per_mm) for per_mm in (DOTS_PER_MM, LINES_PER_MM))
    level, swing = dice.uniform(*INK), WAVER * strength
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    grey, full = smaller(grey, across, down * COARSE**strength)
    near = 2 * round(PAPER_MM * canvas.px_per_mm * across / 2) + 1
    paper = cv2.blur(grey, (near, near), borderType=cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(grey, (5, 5), SHARPEN_SIGMA, borderType=cv2.BORDER_REPLICATE)
    sharp = np.asarray(cv2.addWeighted(grey, 1 + SHARPEN, soft, -SHARPEN, 0), np.uint8)
    _spoil(sharp, canvas, strength, dice)
    # drawn last, as their number depends on the strength
    waver = np.frombuffer(dice.bytes(grey.size), np.uint8).reshape(grey.shape)
    # paper is where sharp > paper * (level + swing * (waver / 255 - 1 / 2)); what is in brackets is kept in bytes
    limit = cv2.convertScaleAbs(waver, alpha=swing, beta=255 * (level - swing / 2))
    page = cv2.compare(sharp, cv2.multiply(paper, limit, dst=limit, scale=1 / 255), cv2.CMP_GT)
    page = cv2.resize(page, full, interpolation=cv2.INTER_NEAREST_EXACT)[:height, :width]
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2RGB), np.uint8)


def _spoil(grey: Grey, canvas: Canvas, strength: float, dice: Dice) -> None:
    """Lose pieces of lines and add specks, in place: always the same ones, the more of them the stronger."""
    area_cm2 = canvas.width_px * canvas.height_px / canvas.px_per_mm**2 / 100
    pieces, specks = math.ceil(LOST_PIECES_PER_CM * area_cm2**0.5), math.ceil(SPECKS_PER_CM2 * area_cm2)
    places = dice.random((pieces, 2))
    lengths_mm = PIECE_MM[0] * (PIECE_MM[1] / PIECE_MM[0]) ** dice.random(pieces)
    ends = np.stack([places[:, 1], places[:, 1] + lengths_mm * canvas.px_per_mm / canvas.width_px], 1) * grey.shape[1]
    rows = (places[:, 0] * len(grey)).astype(int)
    for row, (start, stop) in list(zip(rows, ends.astype(int), strict=True))[: round(pieces * strength)]:
        grey[row, start:stop] = 255
    places = (dice.random((specks, 2)) * grey.shape).astype(int)
    wide = dice.random(specks) < 0.4
    row, column = places[: round(specks * strength)].T
    grey[row, column] = 0
    grey[row, np.minimum(column + wide[: len(row)], grey.shape[1] - 1)] = 0


FAX = Part("camera", fax)
