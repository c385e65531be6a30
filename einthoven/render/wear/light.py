"""Light that is not the same everywhere: a lamp from one side, the shadow of who takes the photo, a glare."""

import math

import numpy as np

from einthoven.render.wear.noise import clouds, enlarged, places_mm, rough
from einthoven.render.wear.parts import Canvas, Dice, Field, Film, Part

SOFT_MM = 2.0  # light needs no finer grid
WARM = np.array([0.09, 0.0, -0.17], np.float32)  # of RGB, from daylight to a bulb; the other way round it is cool
SHADOW_TINT = np.array([1.0, 0.96, 0.90], np.float32)  # the sky still lights a shadow: blue is lost least
MOST_GLARE, GLARE_INK = 0.25, 0.45
Points = list[tuple[float, float]]


def light(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Let light fall off in one direction and to the corners, with a colour that differs from side to side."""
    x_mm, y_mm = places_mm(rough(canvas, SOFT_MM))
    x, y = x_mm / x_mm[0, -1] - 0.5, y_mm / y_mm[-1, 0] - 0.5
    angle, turn = dice.uniform(0, 2 * math.pi, 2)
    away_x, away_y = dice.normal(0, 0.12, 2)
    fall, vignette, dim = dice.uniform(0.1, 0.4), dice.uniform(0.1, 0.6), dice.uniform(0, 0.22)
    ramp = math.cos(angle) * x + math.sin(angle) * y  # about -0.7..0.7
    corner = (x - away_x) ** 2 + (y - away_y) ** 2
    bright = 1 - strength * np.clip(fall * (0.6 - ramp) + vignette * corner + dim, 0, 0.6)
    cast, sides = dice.normal(0.1, 0.35), dice.uniform(0.1, 0.9)
    warm = np.clip(cast + sides * (math.cos(turn) * x + math.sin(turn) * y), -0.7, 1)
    shade = bright[..., None] * (1 + strength * warm[..., None] * WARM)
    return Film(shade=enlarged(shade.astype(np.float32), canvas))


def shadow(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Darken what a hand, a phone or a head hides from the lamp: sharp near what throws it, soft far away."""
    import cv2

    soft = rough(canvas, SOFT_MM)
    shape = np.zeros(soft.coarse, np.float32)
    outline = _placed(_outline(dice), canvas, dice)
    cv2.fillPoly(shape, [np.round(outline / SOFT_MM * 16).astype(np.int32)], (1.0,), lineType=cv2.LINE_8, shift=4)
    sharp_mm, wider = dice.uniform(3.5, 9), dice.uniform(1.5, 4)
    near, far = (
        cv2.GaussianBlur(shape, (0, 0), mm / SOFT_MM, borderType=cv2.BORDER_REPLICATE)
        for mm in (sharp_mm, sharp_mm * wider)
    )
    mix = np.linspace(0, 1, shape.shape[1], dtype=np.float32)[:: int(dice.choice([-1, 1]))]
    depth = np.float32(strength * dice.uniform(0.3, 0.55))
    dark = depth * np.clip(near + (far - near) * mix, 0, 1)
    return Film(shade=enlarged(1 - dark[..., None] * SHADOW_TINT, canvas))


def glare(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Mirror a lamp or a window in the paper's gloss: paper turns white there, and ink pale."""
    soft = rough(canvas, SOFT_MM)
    x_mm, y_mm = places_mm(soft)
    at_x, at_y = x_mm[0, -1] * dice.uniform(0.1, 0.9), y_mm[-1, 0] * dice.uniform(0.1, 0.9)
    angle, size_mm, aspect = dice.uniform(-0.6, 0.6), dice.uniform(14, 38), dice.uniform(0.35, 1)
    window, blur = dice.random() < 0.4, dice.uniform(0.2, 0.6)
    cos, sin = math.cos(angle) / size_mm, math.sin(angle) / size_mm
    x, y = x_mm - at_x, y_mm - at_y
    # paper is never quite flat, so that what it mirrors is bent
    along = x * cos + y * sin + 0.35 * clouds(soft, 40, dice) + 0.1 * clouds(soft, 12, dice)
    across = (y * cos - x * sin) / aspect + 0.35 * clouds(soft, 40, dice) + 0.1 * clouds(soft, 12, dice)
    if window:
        pane = np.maximum(np.abs(along), np.abs(across))
        core = _rise((1 - pane) / blur) * (1 - 0.6 * _rise(1 - np.abs(along) * 10))
    else:
        core = _rise((1.2 - np.hypot(along, across)) / (2 * blur))
    halo = 1 / (1 + 0.7 * (along * along + across * across)) ** 1.5
    bright = enlarged(np.clip(0.7 * core + 0.3 * halo, 0, 1).astype(np.float32), canvas)
    return Film(
        shade=1 + np.float32(strength * MOST_GLARE) * bright,
        ink=1 - np.float32(strength * (1 - GLARE_INK)) * bright,
    )


def _rise(ramp: Field) -> Field:
    """Return 0 below 0 and 1 above 1, smoothly between."""
    part = np.clip(ramp, 0, 1)
    return part * part * (3 - 2 * part)


def _outline(dice: Dice) -> Points:
    """Return in mm what throws a shadow: it comes from below (y > 0) and reaches up to about y = 0."""
    kind = dice.choice(["hand", "phone", "head"], p=[0.15, 0.4, 0.45])
    if kind == "phone":
        half_mm = dice.uniform(35, 60)
        return [(-half_mm, 0), (half_mm, 0), (half_mm, 400), (-half_mm, 400)]
    if kind == "head":
        round_mm = dice.uniform(50, 75)
        turn = np.linspace(math.pi, 2 * math.pi, 24)
        head = [(round_mm * math.cos(a), round_mm * (1.3 + 1.3 * math.sin(a))) for a in turn]
        return [(-240, 400), (-220, 2.6 * round_mm), *head, (220, 2.6 * round_mm), (240, 400)]
    points: Points = [(-45, 400), (-52, 95)]
    for finger, length_mm in enumerate((18, 4, 0, 10)):
        left_mm = -50 + 25 * finger + dice.uniform(-2, 2)
        points += [(left_mm, 90), (left_mm + 2, length_mm + 8), (left_mm + 9, length_mm)]
        points += [(left_mm + 17, length_mm + 8), (left_mm + 20, 90)]
    return [*points, (85, 75), (92, 85), (55, 150), (45, 400)]


def _placed(outline: Points, canvas: Canvas, dice: Dice) -> Field:
    """Return in mm an outline that enters a picture from one of its edges and reaches into it."""
    size_mm = np.array([canvas.width_px, canvas.height_px]) / canvas.px_per_mm
    side = dice.choice([0.0, 0.5, 1.0, 1.5], p=[0.4, 0.25, 0.1, 0.25]) * math.pi  # from below, left, above, right
    angle, reach, aside = side + dice.normal(0, 0.35), dice.uniform(0.2, 0.6), dice.uniform(-0.35, 0.35)
    scale = math.hypot(*size_mm) / 340  # a picture of a part is taken from nearer
    turned = np.array(outline) @ np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    inward, along = np.array([math.sin(side), -math.cos(side)]), np.array([math.cos(side), math.sin(side)])
    tip = size_mm / 2 * (1 + inward * (2 * reach - 1) + 2 * aside * along)
    placed: Field = (turned * scale + tip).astype(np.float32)
    return placed


LIGHT = Part("light", light)
SHADOW = Part("light", shadow)
GLARE = Part("light", glare)
