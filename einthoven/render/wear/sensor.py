"""What sensor and file add: grain, worst in the dark; a sharpener's halos; blocks of a picture compressed too far."""

import math

import numpy as np
from numpy.typing import NDArray

from einthoven.render.sheet import Pixels
from einthoven.render.wear.parts import Canvas, Dice, Part

BLOCK_PX = 256  # stays in the processor's cache
MIDDLE = 127.5  # the byte that stands for no noise
GRAIN_SIGMA_PX = 0.75
MOST_NOISE = 0.9  # what is added of the bytes' noise in the dark, at full strength
BRIGHT = 0.4  # how much of it is left on white
BEST_QUALITY, WORST_QUALITY = 92, 22
MOST_SHARP = 1.6  # of the difference from the blurred picture, added at full strength
TWICE = 0.6  # from this strength on the picture was compressed once before


def noise(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Add grain to each block from another place of one tile; its weight falls from the dark to the bright."""
    import cv2

    share = strength * MOST_NOISE
    tile = _tile(dice.uniform(0.15, 0.6), dice)
    for top in range(0, pixels.shape[0], BLOCK_PX):
        for left in range(0, pixels.shape[1], BLOCK_PX):
            here = pixels[top : top + BLOCK_PX, left : left + BLOCK_PX]
            down, right = dice.integers(0, BLOCK_PX, 2)
            grain = tile[down : down + here.shape[0], right : right + here.shape[1]]
            weight = cv2.convertScaleAbs(here, alpha=BRIGHT - 1, beta=255)
            weighed = cv2.multiply(grain, weight, scale=share / 255)
            # here + share * weight / 255 * (noise - MIDDLE), where weight is 255 - (1 - BRIGHT) * here
            keep = 1 + share * MIDDLE * (1 - BRIGHT) / 255
            here[...] = cv2.addWeighted(here, keep, weighed, 1, -share * MIDDLE)
    return pixels


def _tile(colour: float, dice: Dice) -> Pixels:
    """Return noise around MIDDLE: fine grey grain, and coarser colour; softened bytes cost less than normal numbers."""
    import cv2

    side = 2 * BLOCK_PX
    fine = cv2.GaussianBlur(_bytes((side, side), dice), (3, 3), GRAIN_SIGMA_PX)
    coarse = cv2.GaussianBlur(_bytes((side // 2, side // 2, 3), dice), (3, 3), GRAIN_SIGMA_PX)
    coarse = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.addWeighted(cv2.cvtColor(fine, cv2.COLOR_GRAY2RGB), 1 - colour, coarse, colour, 0), np.uint8)


def _bytes(shape: tuple[int, ...], dice: Dice) -> NDArray[np.uint8]:
    return np.frombuffer(dice.bytes(math.prod(shape)), np.uint8).reshape(shape)


def sharpen(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Sharpen as telephones do: a bright halo around dark lines."""
    import cv2

    wide_px = 2 * max(1, round(dice.uniform(0.1, 0.25) * canvas.px_per_mm)) + 1
    soft = cv2.blur(pixels, (wide_px, wide_px))
    share = MOST_SHARP * strength * dice.uniform(0.6, 1.0)
    return np.asarray(cv2.addWeighted(pixels, 1 + share, soft, -share, 0), np.uint8)


def jpeg(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Compress; when strong, once before as well, with its blocks elsewhere: a picture that was cut and sent on."""
    down, right = dice.integers(1, 8, 2)
    quality = BEST_QUALITY + (WORST_QUALITY - BEST_QUALITY) * strength
    if strength > TWICE:
        before = BEST_QUALITY + (WORST_QUALITY - BEST_QUALITY) * (strength - TWICE) * dice.uniform(0.8, 1.2)
        part = pixels[down:, right:]
        part[...] = _compressed(part, before)
    return _compressed(pixels, quality)


def _compressed(pixels: Pixels, quality: float) -> Pixels:
    import cv2

    choices = [cv2.IMWRITE_JPEG_QUALITY, round(quality)]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), choices)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


NOISE = Part("camera", noise)
SHARPEN = Part("camera", sharpen)
JPEG = Part("camera", jpeg)
