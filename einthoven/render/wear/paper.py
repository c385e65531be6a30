"""Paper that has grown old: it yellows from its edges, and what a thermal head wrote on it fades."""

import numpy as np

from einthoven.render.wear.noise import clouds, enlarged, patch, places_mm, rough, smooth
from einthoven.render.wear.parts import Canvas, Dice, Field, Film, Part

YELLOW = np.array([0.04, 0.13, 0.40], np.float32)  # what old paper swallows of RGB
BROWN = np.array([0.16, 0.30, 0.50], np.float32)
GREY = np.array([1.0, 0.98, 0.92], np.float32)  # and thermal paper where heat or light reached it
LEAST_INK = 0.25  # of the ink, where most has gone
SOFT_MM = 3.0  # nothing that spreads through paper is finer


def yellow(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Tint the page warm, unevenly, and darker where air and light came first: at its edges."""
    soft = rough(canvas, SOFT_MM)
    tint = YELLOW + (BROWN - YELLOW) * np.float32(dice.uniform(0, 0.7))
    rim = _edges(soft, dice.uniform(6, 25), dice)
    uneven = 0.5 * clouds(soft, 90, dice) + 0.3 * clouds(soft, 35, dice) + 0.2 * clouds(soft, 12, dice)
    amount = np.clip(0.6 + 0.25 * uneven + 0.6 * rim, 0, 1.2)
    return Film(shade=enlarged(1 - np.float32(strength) * amount[..., None] * tint, canvas))


def fade(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Take ink away in patches, at the edges, in bands along the way of the print and where it was rubbed; and grey."""
    soft = rough(canvas, SOFT_MM)
    uneven = 0.6 * clouds(soft, 70, dice) + 0.4 * clouds(soft, 25, dice)
    rim = _edges(soft, dice.uniform(8, 30), dice)
    loss = enlarged(0.36 + 0.34 * uneven + 0.5 * rim, canvas)
    loss += _bands(canvas, dice)
    grey = np.clip(0.4 - 0.6 * uneven + 0.5 * clouds(soft, 110, dice) + 0.15 * clouds(soft, 12, dice) + 0.5 * rim, 0, 1)
    depth = np.float32(strength * dice.uniform(0.04, 0.24))
    _rub(loss, canvas, dice)
    np.clip(loss, 0, 1, out=loss)
    loss *= np.float32(-strength * (1 - LEAST_INK))
    loss += 1
    return Film(shade=enlarged(1 - depth * grey[..., None] * GREY, canvas), ink=loss)


def _bands(canvas: Canvas, dice: Dice) -> Field:
    """Return what weak dots of a thermal head leave out: each writes one line along the paper's way."""
    rows, columns = canvas.coarse
    # from the page's own size, as a field's is rounded: one bump more or less and all chance after it would differ
    step_mm = canvas.height_px / canvas.px_per_mm / rows
    fine, wide = smooth((rows, 1), 0.8 / step_mm, dice), smooth((rows, 1), 12 / step_mm, dice)
    weak = np.clip(fine + wide - 0.4, 0, 1) * np.float32(dice.uniform(0.2, 0.7))
    along = smooth((1, columns), 60 / step_mm, dice)
    bands: Field = weak * (0.7 + 0.3 * along)
    return bands


def _rub(loss: Field, canvas: Canvas, dice: Dice) -> None:
    """Add specks where something scraped along the paper, in a patch or two."""
    x_mm, y_mm = places_mm(canvas)
    for _ in range(dice.integers(0, 3)):
        x, y = float(x_mm[0, -1]) * dice.random(), float(y_mm[-1, 0]) * dice.random()
        half_mm = dice.uniform(8, 25)
        spot = patch(canvas, (x, y), half_mm)
        near = np.float32(1) - (spot.x_mm**2 + spot.y_mm**2) / np.float32(half_mm**2)
        specks = spot.noise(0.9, dice) + 0.8 * spot.noise(3, dice) + 0.6 * spot.noise(9, dice)
        loss[spot.here] += np.clip(2 * (specks - 0.9), 0, 1) * np.clip(2 * near, 0, 1)


def _edges(canvas: Canvas, reach_mm: float, dice: Dice) -> Field:
    """Return how near an edge is, 1 at an edge and falling to 0; each edge has its own weight and a ragged reach."""
    x_mm, y_mm = places_mm(canvas)
    left, right, top, bottom = dice.uniform(0.25, 1, 4).astype(np.float32)
    reach = np.float32(-1 / reach_mm)
    across = np.maximum(left * np.exp(x_mm * reach), right * np.exp(x_mm[:, ::-1] * reach))
    down = np.maximum(top * np.exp(y_mm * reach), bottom * np.exp(y_mm[::-1] * reach))
    near: Field = np.maximum(across, down) * (0.75 + 0.25 * clouds(canvas, 18, dice))
    return near


YELLOWING = Part("paper", yellow)
FADING = Part("paper", fade)
