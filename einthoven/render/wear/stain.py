"""What was spilled on the page or rubbed into it: rings of cups, drops, blots of ink and grease, smudges."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from einthoven.render.wear.noise import Patch, patch, places_mm
from einthoven.render.wear.parts import Canvas, Dice, Field, Film, Part

REACH = 1.45  # of its radius: no stain is seen beyond
LEAST_SHADE = 0.3  # below it no trace could be told from a stain


class Kind(NamedTuple):
    """A kind of stain: what it swallows of RGB, how wide it may be, and how dark it is where (0..1, a bit above)."""

    tint: tuple[float, float, float]
    radius_mm: tuple[float, float]
    dark: Callable[[Patch, float, Dice], Field]


def stain(canvas: Canvas, strength: float, dice: Dice) -> Film:
    """Lay two to seven stains of any kind on the page; each lets through what the ones below left."""
    x_mm, y_mm = places_mm(canvas)
    shade = np.ones((*canvas.coarse, 3), np.float32)
    for _ in range(dice.integers(2, 8)):
        kind = KINDS[dice.integers(len(KINDS))]
        at = float(x_mm[0, -1]) * dice.random(), float(y_mm[-1, 0]) * dice.random()
        radius_mm = float(np.exp(dice.uniform(*np.log(kind.radius_mm))))
        spot = patch(canvas, at, REACH * radius_mm)
        dark = kind.dark(spot, radius_mm, dice)
        tint = strength * dice.uniform(0.6, 1.1) * np.array(kind.tint, np.float32)
        shade[spot.here] *= 1 - np.clip(dark, 0, 1)[..., None] * tint
    return Film(shade=np.maximum(shade, np.float32(LEAST_SHADE), out=shade))


def _ring(spot: Patch, radius_mm: float, dice: Dice) -> Field:
    """A cup's wet foot: both rims of the ring are dark, it is broken here and there, and a film dried inside."""
    half_mm = dice.uniform(0.9, 2.0)
    wobble = 0.25 * spot.noise(25, dice) + 0.12 * spot.noise(4, dice)
    across = (np.hypot(spot.x_mm, spot.y_mm) - radius_mm) / half_mm + wobble * 2
    inside = _below(np.abs(across), 1, 0.35)
    broken = np.clip(0.55 + 0.9 * spot.noise(22, dice) + 0.25 * spot.noise(5, dice), 0.04, 1)
    rims = 0.35 + 0.65 * np.clip(np.abs(across), 0, 1) ** 3
    film = 0.1 * _below(across, 0, 1.0) * (1 + 0.6 * spot.noise(18, dice))
    dark: Field = inside * rims * broken + film
    return dark


def _drop(spot: Patch, radius_mm: float, dice: Dice) -> Field:
    """A dried drop: pale in the middle, and dark where its edge stood still, as the colour wanders there."""
    away = _outline(spot, radius_mm, 0.22, dice)
    rim = np.exp(-np.abs(away - 0.97) / np.float32(min(0.12, 0.7 / radius_mm)))
    fill = 0.35 + 0.15 * spot.noise(radius_mm, dice) + 0.25 * np.clip(away, 0, 1) ** 4
    dark: Field = _below(away, 1, max(0.04, 0.4 / radius_mm)) * (fill + 0.45 * rim)
    return dark


def _blot(spot: Patch, radius_mm: float, dice: Dice) -> Field:
    """Ink or grease that soaked into the fibres: full in the middle, feathered at its edge."""
    away = _outline(spot, radius_mm, 0.35, dice)
    return _below(away, 1, 0.4) * (0.85 + 0.15 * spot.noise(2, dice))


def _smudge(spot: Patch, radius_mm: float, dice: Dice) -> Field:
    """A dirty finger's way: streaks along one direction, faint at both ends."""
    import cv2

    angle = dice.uniform(-0.7, 0.7)
    cos, sin = np.float32(np.cos(angle) / radius_mm), np.float32(np.sin(angle) / radius_mm)
    along, across = spot.x_mm * cos + spot.y_mm * sin, (spot.y_mm * cos - spot.x_mm * sin) / np.float32(0.4)
    grain = np.ascontiguousarray(spot.noise(1.2, dice))
    streak = max(3, round(9 / spot.step_mm)) | 1
    kernel = np.zeros((streak, streak), np.float32)
    middle, reach = streak // 2, np.array([np.cos(angle), np.sin(angle)]) * (streak // 2)
    ends = [tuple(round(middle + way * step) for step in reach) for way in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], (1.0,), 1)
    streaks = cv2.filter2D(grain, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
    soft = np.exp(-1.5 * (along * along + across * across)) * _below(np.hypot(along, across), 1.2, 0.3)
    return soft * (0.6 + 1.6 * streaks + 0.3 * spot.noise(9, dice))


def _outline(spot: Patch, radius_mm: float, ragged: float, dice: Dice) -> Field:
    """Return the distance from the middle, 1 at an irregular outline."""
    bent = 0.75 * spot.noise(radius_mm, dice) + 0.25 * spot.noise(radius_mm / 4, dice)
    # never below 0.9: with the softest edge that still ends within REACH
    away: Field = np.hypot(spot.x_mm / radius_mm, spot.y_mm / radius_mm) * (0.9 + ragged * (1 + bent))
    return away


def _below(field: Field, limit: float, soft: float) -> Field:
    """Return 1 where a field is below a limit, 0 above it, with a soft step of this width between them."""
    inside: Field = np.clip((limit - field) / soft + 0.5, 0, 1)
    return inside


KINDS = (
    Kind((0.26, 0.42, 0.60), (32.0, 43.0), _ring),  # coffee
    Kind((0.26, 0.42, 0.60), (2.0, 14.0), _drop),
    Kind((0.12, 0.24, 0.42), (3.0, 18.0), _drop),  # tea
    Kind((0.08, 0.11, 0.22), (4.0, 16.0), _blot),  # grease
    Kind((0.62, 0.56, 0.30), (0.8, 4.0), _blot),  # a leaking pen
    Kind((0.34, 0.34, 0.33), (9.0, 28.0), _smudge),
)
STAIN = Part("paper", stain)
