"""Paper that was folded or crumpled: sharp lines where it broke, and facets that look into the light or away."""

import math

import numpy as np

from einthoven.render.wear.noise import clouds, enlarged, places_mm, rough, smooth
from einthoven.render.wear.parts import STEP_PX, Canvas, Dice, Field, Film, Part

RIDGE_INK = 0.35  # of the ink that stays on a ridge at full strength
REACH_MM = 5.0  # how far from its line a crease is seen, apart from the step
FACET_MM = 1.25  # the step in which facets are made
KINK_MM2, KINK_STEPS, KINK_LIGHT = 2500.0, 8, 0.42  # paper for each kink, its corners, and how much light it takes
Line = tuple[float, float, float]  # direction of its normal (0 across the page), and a point in shares of the page


def crease(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Fold the page sharply and open it again: a bright and a dark line, broken ink, and a step in brightness."""
    light, loss = np.zeros(canvas.coarse, np.float32), np.zeros(canvas.coarse, np.float32)
    soft = rough(canvas, 3.0)
    worn = enlarged(np.clip(0.65 + 0.5 * clouds(soft, 14, dice), 0.2, 1), canvas).ravel()
    point_mm = STEP_PX / canvas.px_per_mm
    for line in _lines(dice):
        away = _away_mm(line, canvas, dice)
        depth, tone, side = dice.uniform(0.5, 1), np.clip(dice.normal(0, 0.045), -0.1, 0.1), dice.choice([-1, 1])
        near = np.flatnonzero(np.abs(away) < REACH_MM)
        ridge, broken = _ridge(np.float32(side) * away.ravel()[near], max(0.25, 0.65 * point_mm))
        amount = np.float32(depth) * worn[near]
        light.ravel()[near] += ridge * amount
        loss.ravel()[near] = np.maximum(loss.ravel()[near], broken * amount)
        # the step is one point wide, so that it has no stairs
        away *= np.float32(2 * tone / point_mm)
        light += np.clip(away, -abs(tone), abs(tone), out=away)
    loss *= np.float32(-strength * (1 - RIDGE_INK))
    loss += 1
    return Film(shade=_shade(light, strength), ink=loss)


def _lines(dice: Dice) -> list[Line]:
    """Return how the page was folded: once, twice across each other, in three like a letter, or anyhow."""
    first, second = dice.permutation([0.0, math.pi / 2])
    x, y = 0.5 + dice.normal(0, 0.08, 2)
    lines = {
        "once": [(first, x, y)],
        "across": [(first, x, y), (second, x, y)],
        "letter": [(first, x - 0.16, y - 0.16), (first, x + 0.17, y + 0.17)],
        "anyhow": [(dice.uniform(0, math.pi), *dice.uniform(0.2, 0.8, 2))],
    }[str(dice.choice(["once", "across", "letter", "anyhow"]))]
    stray = (dice.uniform(0, math.pi), *dice.uniform(0.1, 0.9, 2))
    lines = [*lines, stray] if dice.random() < 0.4 else lines
    return [(angle + dice.normal(0, 0.02), at_x, at_y) for angle, at_x, at_y in lines]


def _away_mm(line: Line, canvas: Canvas, dice: Dice) -> Field:
    """Return how far each point lies from a line, below 0 on one side; paper does not fold quite straight."""
    x_mm, y_mm = places_mm(canvas)
    angle, at_x, at_y = line
    cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    cell = canvas.px_per_mm / STEP_PX
    # a line across wavers with y and one along with x: what the other adds would only stretch the distance
    bent_y = 0.5 * smooth(y_mm.shape, 40 * cell, dice) + 0.15 * smooth(y_mm.shape, 5 * cell, dice)
    bent_x = 0.5 * smooth(x_mm.shape, 40 * cell, dice) + 0.15 * smooth(x_mm.shape, 5 * cell, dice)
    across = (x_mm - np.float32(at_x * canvas.width_px / canvas.px_per_mm)) * cos + bent_x * sin * sin
    down = (y_mm - np.float32(at_y * canvas.height_px / canvas.px_per_mm)) * sin + bent_y * cos * cos
    away: Field = across + down
    return away


def _ridge(away_mm: Field, width_mm: float) -> tuple[Field, Field]:
    """Return the light (below 0: dark) and the loss of ink at distances from a fold's line."""
    near = away_mm / np.float32(width_mm)
    bright = 0.16 * np.exp(-(near * near))
    dark = 0.42 * np.exp(-((near - 1.4) ** 2))
    hollow = 0.07 * np.exp(-np.abs(away_mm)) * (1 + 0.6 * np.sign(near))
    # what faces the lamp shines, what lies behind it does not; both bend flat again within a few millimetres
    return bright - dark - hollow, np.exp(-((near / 1.4) ** 2))


def wrinkle(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Crumple the page and smooth it again: facets, soft hollows and short kinks, lit from one side."""
    import cv2

    soft = rough(canvas, FACET_MM)
    light = 0.05 * clouds(soft, 50, dice) + 0.06 * _facets(soft, 34, dice) + 0.045 * _facets(soft, 14, dice) - 0.03
    # some of a page is crumpled more than the rest; fibres round the edges of the facets
    light *= np.clip(0.6 + 0.6 * clouds(soft, 70, dice), 0.15, 1)
    light = enlarged(cv2.GaussianBlur(light, (0, 0), 0.7), canvas)
    light += _kinks(canvas, dice)
    return Film(shade=_shade(light, strength))


def _facets(canvas: Canvas, mm: float, dice: Dice) -> Field:
    """Return how much facets, about `mm` wide, look into the light: each is bowed a little and ends in an edge."""
    import cv2

    rows, columns = canvas.coarse
    size = mm * canvas.px_per_mm / STEP_PX
    down, across = max(1, round(rows / size)), max(1, round(columns / size))
    spots = np.mgrid[:down, :across] + dice.random((2, down, across))
    elsewhere = np.ones((rows, columns), np.uint8)
    elsewhere[(spots[0] * rows / down).astype(int), (spots[1] * columns / across).astype(int)] = 0
    # a facet is what lies nearer to its spot than to any other
    _, facet = cv2.distanceTransformWithLabels(elsewhere, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    y, x = np.nonzero(elsewhere == 0)
    level, bow_y, bow_x = dice.normal(0, 1, (3, len(y))) * [[0.7], [2.2 / size], [2.2 / size]]
    planes = np.zeros((3, len(y) + 1), np.float32)
    planes[:, facet[y, x]] = level - bow_y * y - bow_x * x, bow_y, bow_x
    made: Field = planes[0][facet]
    made += planes[1][facet] * np.arange(rows, dtype=np.float32)[:, None]
    made += planes[2][facet] * np.arange(columns, dtype=np.float32)
    return made


def _kinks(canvas: Canvas, dice: Dice) -> Field:
    """Return short bent lines where the paper broke: a dark flank and a bright one, tapering at both ends."""
    import cv2

    width_mm, height_mm = canvas.width_px / canvas.px_per_mm, canvas.height_px / canvas.px_per_mm
    count = 1 + dice.poisson(width_mm * height_mm / KINK_MM2)
    length_mm = np.exp(dice.uniform(np.log(5), np.log(40), (count, 1)))
    bend = np.linspace(-0.5, 0.5, KINK_STEPS) * dice.normal(0, 0.9, (count, 1))
    heading = dice.uniform(0, 2 * math.pi, (count, 1)) + bend + dice.normal(0, 0.15, (count, KINK_STEPS))
    steps = np.stack([np.cos(heading), np.sin(heading)], -1) * (length_mm / KINK_STEPS)[..., None]
    path = dice.random((count, 1, 2)) * (width_mm, height_mm) + np.cumsum(steps, axis=1)
    lamp = dice.uniform(0, 2 * math.pi)
    # a line along the light has no shadow
    deep = dice.uniform(0.3, 1, (count, 1)) * np.sin(np.linspace(0.15, math.pi, KINK_STEPS))
    deep *= 0.3 + 0.7 * np.abs(np.sin(heading - lamp))
    drawn = np.full(canvas.coarse, 128, np.uint8)
    point_mm = STEP_PX / canvas.px_per_mm
    flank = np.array([math.cos(lamp), math.sin(lamp)]) * max(0.25, 0.5 * point_mm)
    for way, amount in ((1, -110), (-1, 50)):
        points = np.round((path + way * flank) * (16 / point_mm)).astype(int).tolist()
        grey = (128 + amount * deep).astype(int).tolist()
        for line, shades in zip(points, grey, strict=True):
            for start, end, shade in zip(line[:-1], line[1:], shades[1:], strict=True):
                cv2.line(drawn, start, end, (shade,), 1, cv2.LINE_AA, 4)
    return (drawn.astype(np.float32) - 128) * np.float32(KINK_LIGHT / 128)


def _shade(light: Field, strength: float) -> Field:
    """Return 1 plus what light adds or takes, within what paper shows; `light` is used up."""
    np.clip(light, -0.5, 0.2, out=light)
    light *= np.float32(strength)
    light += 1
    return light


CREASE = Part("paper", crease)
WRINKLE = Part("paper", wrinkle)
