"""A photographed monitor: its pixels and the camera's beat against each other in bands, with fringes of colour."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from einthoven.render.sheet import Pixels
from einthoven.render.wear.noise import smooth
from einthoven.render.wear.parts import Canvas, Dice, Field, Part

FIELD_PX_PER_MM = 2.6  # enough for the finest fringes
UNIT = 204  # of a byte that stands for a factor of 1: bytes reach up to 1.25
THIRD = 2 * math.pi / 3  # red, green and blue stripes of a monitor lie a third of its pixel apart
FINE, WIDE, LINES, ROLL = 0.10, 0.10, 0.045, 0.10  # amplitudes at full strength


class Grid(NamedTuple):
    """Where the points of a field lie in mm, and how the monitor's glass and the lens bend them."""

    x_mm: Field  # (1, columns)
    y_mm: Field  # (rows, 1)
    bent_mm: Field  # (rows, columns)


def moire(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Multiply with wide curved bands, fine coloured fringes that come and go, scan lines and a rolling bar."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(1.0, FIELD_PX_PER_MM / canvas.px_per_mm)
    rows, columns = max(2, round(height * scale)), max(2, round(width * scale))
    step_mm = np.float32(1 / (canvas.px_per_mm * scale))
    x_mm, y_mm = np.arange(columns, dtype=np.float32) * step_mm, np.arange(rows, dtype=np.float32) * step_mm
    bent = smooth((rows, columns), max(rows, columns) / 3, dice)
    grid = Grid(x_mm[None], y_mm[:, None], bent * np.float32(dice.uniform(4, 12)))
    angle, period_mm, beat = dice.uniform(0, math.pi), dice.uniform(1.0, 2.2), dice.uniform(0.06, 0.2)
    lag = THIRD * dice.uniform(0.3, 1.0)
    # two fringes of nearly the same period come and go together
    fine = _wave(grid, angle, period_mm, lag, strength * FINE)
    field = cv2.multiply(fine, _wave(grid, angle + beat, period_mm * (1 + beat), lag, strength * FINE), scale=1 / UNIT)
    angle, period_mm = dice.uniform(0, math.pi), dice.uniform(9, 40)
    field = cv2.multiply(field, _wave(grid, angle, period_mm, lag / 3, strength * WIDE), scale=1 / UNIT)
    lines = np.repeat(_lines(y_mm, strength, dice)[:, None], 3 * columns, axis=1).reshape(field.shape)
    field = cv2.multiply(field, lines, scale=1 / UNIT)
    field = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(pixels, field, dst=pixels, scale=1 / UNIT), np.uint8)


def _wave(grid: Grid, angle: float, period_mm: float, lag: float, amplitude: float) -> NDArray[np.uint8]:
    """Return bands (rows, columns, 3) around UNIT; each colour lags behind the one before."""
    import cv2

    turn = np.float32(256 / period_mm)  # a full turn is 256, so that the phase is a byte and its cosine a table
    phase = grid.bent_mm * turn
    phase += grid.x_mm * (turn * np.float32(math.cos(angle)))
    phase += grid.y_mm * (turn * np.float32(math.sin(angle)))
    place = phase.astype(np.int32).astype(np.uint8)
    angles = np.arange(256)[:, None] * (2 * math.pi / 256) - lag * np.arange(3)
    table = np.rint(UNIT * (1 + amplitude * np.cos(angles))).astype(np.uint8)
    return np.asarray(cv2.applyColorMap(place, table[:, None]), np.uint8)


def _lines(y_mm: Field, strength: float, dice: Dice) -> NDArray[np.uint8]:
    """Return a factor for each row: the monitor's lines, and the bar that it was drawing when the shutter closed."""
    line_mm, roll_mm = dice.uniform(0.9, 1.8), dice.uniform(60, 200)
    start, phase = dice.uniform(0, 2 * math.pi, 2)
    lines = LINES * np.cos(y_mm * (2 * math.pi / line_mm) + start)
    turn = y_mm * (2 * math.pi / roll_mm) + phase
    bar = ROLL * (np.cos(turn + 0.6 * np.cos(turn)) - 1)  # one edge of it is steeper, as the picture decays
    made: NDArray[np.uint8] = np.rint(UNIT * (1 + strength * (lines + bar))).astype(np.uint8)
    return made


MOIRE = Part("camera", moire)
