"""Too little detail: out of focus, shaken, or too few pixels; every kernel is centred, so that nothing moves."""

import math

import numpy as np

from einthoven.render.sheet import FloatArray, Pixels
from einthoven.render.wear.parts import Canvas, Dice, Part

MOST_SIGMA_MM = 0.25
LEAST_SIGMA_PX = 0.2  # below it no pixel changes
STRIPS = 16  # neighbours differ by so little that no seam is seen
MOST_SHAKE_MM = 0.6
SHAKE_POINTS = 65
LEAST_PX_PER_MM, LEAST_RATIO = 2.3, 0.3
REST_SIGMA, REST_SIDE = 0.75, 5


def focus(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Blur, more below than above or the other way round: strip by strip, each with a sigma of its own."""
    import cv2

    upward, sharper = dice.random() < 0.5, dice.uniform(0.0, 0.6)
    sigmas = MOST_SIGMA_MM * canvas.px_per_mm * strength * np.linspace(1.0, 1.0 - sharper, STRIPS)
    made = pixels.copy()
    ends = np.linspace(0, len(pixels), STRIPS + 1).astype(int)
    for sigma, start, stop in zip(sigmas[:: -1 if upward else 1], ends[:-1], ends[1:], strict=True):
        if start == stop or sigma < LEAST_SIGMA_PX:
            continue
        reach = math.ceil(2.2 * sigma)
        first = max(0, start - reach)
        strip, side = pixels[first : stop + reach], 2 * reach + 1
        blurred = cv2.GaussianBlur(strip, (side, side), sigma, borderType=cv2.BORDER_REPLICATE)
        made[start:stop] = blurred[start - first : stop - first]
    return made


def motion(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Smear every point along the short, slightly curved way that the camera went."""
    import cv2

    angle, bow = dice.uniform(0, math.pi), dice.uniform(-0.2, 0.2)
    length_px = MOST_SHAKE_MM * canvas.px_per_mm * strength * dice.uniform(0.5, 1.0)
    along = np.linspace(-0.5, 0.5, SHAKE_POINTS)
    across = bow * (4 * along**2 - 1)
    way = length_px * np.stack([along, across - across.mean()])
    x = way[0] * math.cos(angle) - way[1] * math.sin(angle)
    y = way[0] * math.sin(angle) + way[1] * math.cos(angle)
    return np.asarray(cv2.filter2D(pixels, -1, _kernel(x, y), borderType=cv2.BORDER_REPLICATE), np.uint8)


def _kernel(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the kernel that is the mean of points; each is shared out so that the kernel's middle is the points'."""
    reach = 1 + math.floor(max(np.abs(x).max(), np.abs(y).max()))
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    right, low = x - column, y - row
    for down, right_of, share in (
        (0, 0, (1 - right) * (1 - low)),
        (0, 1, right * (1 - low)),
        (1, 0, (1 - right) * low),
        (1, 1, right * low),
    ):
        np.add.at(kernel, (row + down + reach, column + right_of + reach), share)
    made: FloatArray = kernel / kernel.sum()
    return made


def resample(pixels: Pixels, canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Make the picture small and enlarge it again."""
    import cv2

    soft = dice.random() < 0.7
    least = max(LEAST_RATIO, LEAST_PX_PER_MM / canvas.px_per_mm) * dice.uniform(1.0, 1.3)
    ratio = min(1.0, least) ** strength
    less, full = smaller(pixels, ratio, ratio)
    made = cv2.resize(less, full, interpolation=cv2.INTER_LINEAR if soft else cv2.INTER_CUBIC)
    return np.asarray(made[: pixels.shape[0], : pixels.shape[1]], np.uint8)


def smaller(picture: Pixels, ratio_x: float, ratio_y: float) -> tuple[Pixels, tuple[int, int]]:
    """Return a picture made smaller, and (width, height) to which it enlarges, a few pixels right and below too many.

    Whole halvings first, which are quick, and then the rest. Each is softened before by as much as keeps the middle of
    a thin line where it is, wherever it lies between the points that are left.
    """
    import cv2

    height, width = picture.shape[:2]
    across, down = (int(-math.log2(ratio)) for ratio in (ratio_x, ratio_y))
    right, below = -width % 2**across, -height % 2**down
    if right or below:
        picture = np.asarray(cv2.copyMakeBorder(picture, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8)
    full = (width + right, height + below)
    for turn in range(max(across, down)):
        step_x, step_y = 1 + (turn < across), 1 + (turn < down)
        # 1 2 1 and then the mean of two are 1 3 3 1, whose middle is right for every place
        soft = cv2.GaussianBlur(picture, (2 * step_x - 1, 2 * step_y - 1), 0, None, 0, cv2.BORDER_REPLICATE)
        half = (picture.shape[1] // step_x, picture.shape[0] // step_y)
        picture = np.asarray(cv2.resize(soft, half, interpolation=cv2.INTER_AREA), np.uint8)
    rests = ratio_x * 2**across, ratio_y * 2**down
    sigma_x, sigma_y = (REST_SIGMA * math.sqrt(max(0.01, rest**-2 - 1)) for rest in rests)
    soft = cv2.GaussianBlur(picture, (REST_SIDE, REST_SIDE), sigma_x, None, sigma_y, cv2.BORDER_REPLICATE)
    size = max(1, round(full[0] * ratio_x)), max(1, round(full[1] * ratio_y))
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR), np.uint8), full


FOCUS = Part("camera", focus)
MOTION = Part("camera", motion)
RESAMPLE = Part("camera", resample)
