"""What is asked of every part that works on pixels: pages with lines at known places, and where they are after it."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.sheet import Pixels
from einthoven.render.wear.parts import Canvas, Part

PAGE = Canvas(880, 600, 200 / 25.4)
TINY = Canvas(120, 80, 200 / 25.4)
SIZES = (PAGE, TINY, Canvas(120, 80, 50 / 25.4), Canvas(501, 333, 100 / 25.4), Canvas(1203, 902, 600 / 25.4))
SEEDS = range(12)
PAPER, INK = (224, 219, 214), (38, 36, 44)
SEGMENTS = 6


def page(canvas: Canvas, seed: int = 0, line_px: int = 3) -> tuple[Pixels, float, float]:
    """Return a page with a cross of dark lines, and x and y of their middles; the seed moves it by single pixels."""
    pixels = np.full((canvas.height_px, canvas.width_px, 3), PAPER, np.uint8)
    left, top = canvas.width_px // 2 + seed, canvas.height_px // 2 - seed
    pixels[:, left : left + line_px] = INK
    pixels[top : top + line_px] = INK
    return pixels, left + (line_px - 1) / 2, top + (line_px - 1) / 2


def taken(part: Part, pixels: Pixels, canvas: Canvas, strength: float, seed: int = 0) -> Pixels:
    made = part.work(pixels.copy(), canvas, strength, rng("picture", seed))
    assert isinstance(made, np.ndarray) and made.dtype == np.uint8
    assert made.shape == pixels.shape
    return made


def change(part: Part, pixels: Pixels, canvas: Canvas, strength: float, seed: int = 0) -> float:
    """The mean change in levels."""
    return float(np.abs(taken(part, pixels, canvas, strength, seed).astype(float) - pixels).mean())


def refuse_unsound(part: Part) -> None:
    """Any size works, and equal dice give equal pictures, others another."""
    assert part.stage == "camera"
    for canvas in SIZES:
        pixels = page(canvas)[0]
        for strength in (0.01, 0.5, 1.0):
            taken(part, pixels, canvas, strength)
    pixels = page(PAGE)[0]
    first, again, other = (taken(part, pixels, PAGE, 0.7, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def refuse_jumps(part: Part) -> None:
    """More strength is more change."""
    pixels = page(PAGE)[0]
    for seed in SEEDS:
        changes = [change(part, pixels, PAGE, strength, seed) for strength in (0.02, 0.4, 0.7, 1.0)]
        # nearly sorted: how many points fall on a line is chance too
        assert all(more > 0.9 * less for less, more in pairwise(changes)) and changes[-1] > 2 * changes[0]


def refuse_moved(part: Part, canvas: Canvas, strength: float = 1.0, line_px: int = 3, floor: float = 0.1) -> None:
    """Every piece of the cross's lines stays within a quarter pixel."""
    for seed in SEEDS:
        pixels, x_px, y_px = page(canvas, seed, line_px)
        grey = taken(part, pixels, canvas, strength, seed).mean(axis=2)
        reach = round(1.5 * canvas.px_per_mm)
        for picture, at in ((grey, x_px), (grey.T, y_px)):
            low = int(at) - reach
            band = picture[:, low : int(at) + reach + 2]
            for piece in np.array_split(band, SEGMENTS):
                if np.median(piece) > 128:  # not where the other line crosses
                    assert abs(low + middle(piece.mean(axis=0), floor) - at) < 0.25, (seed, at)


def middle(profile: NDArray[np.floating], floor: float) -> float:
    """Where a dark line is in a profile, on a ground that may be brighter on one side; below the floor is ground."""
    ground = np.linspace(profile[:3].mean(), profile[-3:].mean(), len(profile))
    depth = ground - profile
    weight = np.maximum(depth - floor * depth.max(), 0)
    return float((weight * np.arange(len(profile))).sum() / weight.sum())
