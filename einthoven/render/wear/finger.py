"""Fingers that hold the paper: they reach in from the edges, lit from one side, with a nail and a shadow below."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from einthoven.render.sheet import FloatArray, Pixels
from einthoven.render.wear.noise import smooth
from einthoven.render.wear.parts import Canvas, Dice, Field, Part

SKIN = np.array([(242, 208, 188), (226, 180, 152), (198, 146, 114), (160, 110, 80), (114, 74, 52), (70, 46, 36)])
PALE = np.array([238, 226, 214], np.float32)  # the free edge of a nail
NAIL = np.array([1.05, 1.06, 1.09], np.float32)  # times the skin
BLOOD = np.array([0.0, 0.10, 0.12], np.float32)  # what the fingertip, pressed against the paper, swallows of RGB
REACH_MM, WIDTH_MM = (14.0, 35.0), (14.0, 21.0)
LATER = 0.3  # each further finger comes in from this much more strength on
MOST_SHARE = 0.08  # of the picture; in a picture of a small part the fingers are smaller, as if it was far away
ROUGH_PX_PER_MM = 4.0  # fingers are soft: they are drawn roughly and enlarged
SOFT_MM, SHADOW_MM, SHADOW = 0.6, 2.2, 0.5
HALF = 128


class Finger(NamedTuple):
    """A finger: where its tip is and its hand lies, how wide it is, how much it is bent, and if its nail is seen."""

    tip_mm: FloatArray
    to_hand: FloatArray  # a unit vector
    radius_mm: float
    length_mm: float
    bow: float
    nail: bool
    texture: Field


class Look(NamedTuple):
    """What the fingers of one hand share."""

    skin: Field
    light: FloatArray  # from which side of the picture, 0 from above


def finger(pixels: Pixels, covered: NDArray[np.uint8], canvas: Canvas, strength: float, dice: Dice) -> None:
    """Draw one to three fingers."""
    tone = dice.uniform(0, len(SKIN) - 1)
    skin = np.array([np.interp(tone, range(len(SKIN)), colour) for colour in SKIN.T]) * dice.uniform(0.95, 1.05, 3)
    look = Look(skin.astype(np.float32), dice.normal(0, 0.5, 2))
    for one in _fingers(canvas, strength, dice):
        _draw(pixels, covered, canvas.px_per_mm, one, look)


def _fingers(canvas: Canvas, strength: float, dice: Dice) -> list[Finger]:
    """Return the fingers that reach into the picture, on one side or on several."""
    count, beside = 1 + dice.choice(3, p=[0.5, 0.35, 0.15]), dice.random() < 0.4
    sides = dice.permutation(4)
    reach_mm, width_mm = dice.uniform(*REACH_MM, 3), dice.uniform(*WIDTH_MM, 3)
    places, nails = dice.uniform(0.2, 0.8, 3), dice.random(3) < 0.8
    tilts, bows = np.clip(dice.normal(0, 0.3, 3), -0.6, 0.6), dice.uniform(-0.15, 0.15, 3)
    size_mm = np.array([canvas.width_px, canvas.height_px]) / canvas.px_per_mm
    scale = min(1.0, math.sqrt(MOST_SHARE * size_mm.prod() / (reach_mm * width_mm)[:count].sum()))
    found = []
    for k in range(count):
        side = sides[0 if beside else k]
        outward = np.array([(-1.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, -1.0)][side])
        along = np.abs(outward[::-1])
        tilt = tilts[0] + 0.3 * tilts[k] if beside else tilts[k]
        texture = smooth((80, 40), 2, dice) + smooth((80, 40), 14, dice)
        length_mm = scale * reach_mm[k] * (strength - LATER * k) / (1 - LATER * k)
        if length_mm <= 0:
            continue
        at_mm = places[0] * size_mm + 1.1 * k * scale * width_mm.max() if beside else places[k] * size_mm
        tip_mm = np.where(along > 0, at_mm, np.maximum(outward, 0) * size_mm) - outward * length_mm
        to_hand = outward * math.cos(tilt) + along * math.sin(tilt)
        radius_mm = scale * width_mm[k] / 2
        found.append(Finger(tip_mm, to_hand, radius_mm, length_mm, bows[k], bool(nails[k]), texture))
    return found


def _draw(pixels: Pixels, covered: NDArray[np.uint8], px_per_mm: float, one: Finger, look: Look) -> None:
    """Draw one finger into the part of the picture that it reaches."""
    import cv2

    end_mm = one.tip_mm + one.to_hand * 2 * (one.length_mm + one.radius_mm)
    margin_mm = 2 * one.radius_mm + 2 * SHADOW_MM  # it may be bent
    low = (np.minimum(one.tip_mm, end_mm) - margin_mm) * px_per_mm
    high = (np.maximum(one.tip_mm, end_mm) + margin_mm) * px_per_mm
    left, top = np.maximum(low, 0).astype(int)
    right, bottom = np.minimum(high, pixels.shape[1::-1]).astype(int)
    if left >= right or top >= bottom:
        return
    size = int(right - left), int(bottom - top)
    share = min(1.0, ROUGH_PX_PER_MM / px_per_mm)
    columns, rows = (max(1, round(side * share)) for side in size)
    x_mm = (left + (np.arange(columns, dtype=np.float32) + 0.5) * (size[0] / columns)) / px_per_mm
    y_mm = (top + (np.arange(rows, dtype=np.float32)[:, None] + 0.5) * (size[1] / rows)) / px_per_mm
    colour, opacity, shadow = _painted(x_mm.astype(np.float32), y_mm.astype(np.float32), one, look)
    layers = (colour * opacity[..., None], 255 * (1 - opacity) * (1 - shadow), 255 * opacity)
    paint, kept, hidden = (
        cv2.resize(np.clip(layer + 0.5, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR)
        for layer in layers
    )
    here = pixels[top:bottom, left:right]
    through = cv2.multiply(here, cv2.cvtColor(kept, cv2.COLOR_GRAY2RGB), scale=1 / 255)
    here[...] = cv2.add(through, paint)
    covered[top:bottom, left:right][hidden >= HALF] = 255


def _painted(x_mm: Field, y_mm: Field, one: Finger, look: Look) -> tuple[Field, Field, Field]:
    """Return colour (rows, columns, 3), opacity and shadow of a finger on a mesh."""
    import cv2

    radius = np.float32(one.radius_mm)
    u, v = one.to_hand.astype(np.float32)
    x, y = (x_mm - np.float32(one.tip_mm[0])) / radius, (y_mm - np.float32(one.tip_mm[1])) / radius
    along = x * u + y * v  # in radii from here on: 0 at the tip, and across 0 in the middle
    across = y * u - x * v + np.float32(one.bow) * along * np.abs(along) / 4
    joint = np.exp(-(((along - 3.4) / 0.9) ** 2))
    wide = 0.9 + 0.1 * np.clip(along / 2, 0, 1) + 0.07 * joint
    before = np.minimum(along - 1, 0) * 0.95
    far = np.hypot(before, across / wide)
    up = np.sqrt(np.clip(1 - far * far, 0, 1))
    towards = look.light @ np.stack([one.to_hand, [-one.to_hand[1], one.to_hand[0]]], 1)
    lit = np.float32(towards[0]) * before + np.float32(towards[1]) * across
    texture = cv2.remap(one.texture, np.abs(across * 19 + 20), np.abs(along * 12), cv2.INTER_LINEAR)
    lines = joint * np.clip(np.cos(along * 9 + across * across) - 0.4, 0, 1)
    bright = 0.62 + 0.38 * up + 0.22 * np.clip(lit, -1, 1) + 0.035 * texture - 0.16 * lines
    pressed = np.clip(1.6 - along, 0, 1) * (1 - 0.5 * up)
    colour = look.skin * bright[..., None] * (1 - pressed[..., None] * BLOOD)
    if one.nail:
        _add_nail(colour, along, across, bright)
    gap_mm = (far - 1) * radius
    opacity = np.clip(0.5 - gap_mm / SOFT_MM, 0, 1)
    shadow = SHADOW * np.exp(-np.maximum(gap_mm, 0) / SHADOW_MM) * np.clip(0.7 - 0.6 * lit / (far + 0.1), 0, 1)
    return colour, opacity, shadow


def _add_nail(colour: Field, along: Field, across: Field, bright: Field) -> None:
    """Paint a nail onto a finger, in place: flatter than the finger, glossy, and pale where it is free."""
    out = np.abs((along - 0.85) / 0.72) ** 3 + np.abs(across / 0.62) ** 3
    inside = np.clip((1.08 - out) / 0.2, 0, 1)[..., None]
    rim = np.clip(1 - np.abs(out - 1.1) / 0.35, 0, 1)[..., None]
    free = np.clip((0.34 + 0.1 * across * across - along) / 0.08, 0, 1)[..., None]
    moon = np.clip((0.3 - np.hypot((along - 1.62) * 0.9, across)) / 0.1, 0, 1)[..., None]
    nail = colour * NAIL + (PALE * bright[..., None] - colour) * (0.75 * free + 0.25 * moon)
    gloss = np.exp(-(((across + 0.22) / 0.1) ** 2) - ((along - 0.8) / 0.4) ** 2)[..., None]
    nail += 46 * gloss
    colour *= 1 - 0.1 * rim
    colour += (nail - colour) * inside


FINGER = Part("cover", finger)
