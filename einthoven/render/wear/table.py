"""What lies behind the paper: wood, laminate, cloth, a bedsheet, a desk, keys or other papers, out of focus."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from einthoven.render.sheet import Color, FloatArray, Pixels
from einthoven.render.wear.noise import smooth
from einthoven.render.wear.parts import Canvas, Dice, Field, Part

ROUGH_PX_PER_MM = 1.25  # what is behind the paper is a little out of focus
PLAIN = np.array([222, 221, 217], np.float32)  # what a table of no strength looks like
WOODS: list[Color] = [(196, 152, 104), (164, 112, 68), (120, 78, 46), (84, 56, 38), (214, 184, 146), (150, 128, 104)]
LAMINATES: list[Color] = [(226, 224, 218), (198, 200, 198), (214, 204, 186), (168, 178, 182), (120, 124, 128)]
CLOTHS: list[Color] = [(70, 110, 138), (62, 122, 108), (96, 104, 120), (44, 52, 72), (140, 116, 104), (190, 186, 176)]
DESKS: list[Color] = [(38, 34, 32), (52, 44, 38), (30, 32, 36), (66, 60, 56), (22, 22, 24)]
SHEETS: list[Color] = [(238, 238, 236), (226, 232, 238), (238, 232, 220)]
PLAINS: list[Color] = [(128, 128, 128), (176, 176, 178), (88, 90, 94), (204, 202, 198), (150, 144, 136)]


class Mesh(NamedTuple):
    """A rough picture: where its points lie in mm, turned as the table is."""

    x_mm: Field  # (rows, columns)
    y_mm: Field

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.x_mm.shape
        return rows, columns


def table(canvas: Canvas, strength: float, dice: Dice) -> Pixels:
    """Draw one of the kinds, with its tone and contrast grown from a plain light ground, and enlarge it."""
    import cv2

    share = min(1.0, ROUGH_PX_PER_MM / canvas.px_per_mm)
    rows, columns = (max(2, round(side * share)) for side in (canvas.height_px, canvas.width_px))
    angle = dice.choice([0.0, math.pi / 2]) + dice.normal(0, 0.2)
    per_px_mm = 1 / (canvas.px_per_mm * share)
    x = np.arange(columns, dtype=np.float32)[None] * np.float32(per_px_mm)
    y = np.arange(rows, dtype=np.float32)[:, None] * np.float32(per_px_mm)
    cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    mesh = Mesh(x * cos + y * sin, y * cos - x * sin)
    scene = KINDS[int(dice.integers(len(KINDS)))](mesh, dice)
    tone = np.array(cv2.mean(scene)[:3], np.float32)
    # tone comes sooner than contrast: a calm desk is not busy, however dark
    scene *= np.float32(strength)
    scene += PLAIN + (tone - PLAIN) * np.float32(strength * (2 - strength)) - tone * np.float32(strength)
    small = cv2.blur(cv2.convertScaleAbs(np.maximum(scene, 0, out=scene)), (3, 3))
    return np.asarray(cv2.resize(small, canvas[:2], interpolation=cv2.INTER_LINEAR), np.uint8)


def _one(colours: list[Color], dice: Dice) -> Field:
    """Return one of the colours, a little off."""
    colour = np.array(colours[int(dice.integers(len(colours)))]) * dice.uniform(0.9, 1.1) + dice.normal(0, 3, 3)
    return colour.astype(np.float32)


def _lit(bright: Field, colour: Field) -> Field:
    """Return a colour (3,) as bright as is said at every point."""
    made: Field = bright[..., None] * colour
    return made


def _mm(mesh: Mesh, mm: float, dice: Dice) -> Field:
    """Return noise in -1..1 over the mesh, whose bumps are about `mm` wide."""
    return smooth(mesh.shape, mm * ROUGH_PX_PER_MM, dice)


def _wood(mesh: Mesh, dice: Dice) -> Field:
    """Planks along x: rings that wander, pores, and a seam every hand's breadth."""
    base, plank_mm, ring_mm = _one(WOODS, dice), dice.uniform(70, 160), dice.uniform(5, 16)
    tones = dice.normal(0, 0.09, 64).astype(np.float32)
    at = mesh.y_mm / plank_mm
    number = np.floor(at)
    lean = mesh.y_mm + 7 * _mm(mesh, 90, dice) + 5 * _long(mesh, 160, 14, dice) + 17 * number
    rings = 1 - np.abs(np.sin(lean * np.float32(math.pi / ring_mm)))
    seam = np.minimum(at - number, number + 1 - at) * np.float32(plank_mm / 0.7)
    bright = tones[number.astype(int) % 64] - 0.2 * rings * rings + 0.1 * _long(mesh, 25, 0.9, dice)
    bright += 0.05 * _mm(mesh, 60, dice) - 0.5 / (1 + seam * seam * seam)
    return base + _lit(bright, base * np.array([0.9, 1.0, 1.1], np.float32))


def _long(mesh: Mesh, x_mm: float, y_mm: float, dice: Dice) -> Field:
    """Return noise in -1..1 whose bumps are so long and wide; along x and y of the table, and mirrored for ever."""
    import cv2

    tile = smooth((256, 64), 1.2, dice)
    x, y = mesh.x_mm / np.float32(x_mm) + 16, mesh.y_mm / np.float32(y_mm) + 128
    return np.asarray(cv2.remap(tile, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.float32)


def _laminate(mesh: Mesh, dice: Dice) -> Field:
    """A smooth top with fine flecks."""
    flecks = np.clip(np.abs(_mm(mesh, 1.4, dice)) - 0.55, 0, 1) * (1.0 if dice.random() < 0.5 else -1.0)
    bright = 1 + 0.45 * flecks + 0.06 * _mm(mesh, 130, dice)
    return _lit(bright, _one(LAMINATES, dice))


def _cloth(mesh: Mesh, dice: Dice) -> Field:
    """A weave that is nearly lost to the eye, and folds."""
    thread_mm = dice.uniform(1.5, 2.6)
    turn = np.float32(2 * math.pi / thread_mm)
    weave = np.sin(mesh.x_mm * turn) * np.sin(mesh.y_mm * turn)
    bright = 1 + 0.1 * weave + 0.1 * _mm(mesh, 1.6, dice) + 0.28 * _folds(mesh, dice.uniform(30, 70), dice)
    return _lit(bright, _one(CLOTHS, dice))


def _sheet(mesh: Mesh, dice: Dice) -> Field:
    """A bedsheet: nearly white, soft folds, sometimes with stripes."""
    turn, blue = np.float32(2 * math.pi / dice.uniform(18, 40)), 0.16 if dice.random() < 0.4 else 0.0
    stripe = np.clip(np.cos(mesh.x_mm * turn) * 4 - 2, 0, 1) * np.float32(blue)
    bright = 0.88 + 0.16 * _folds(mesh, dice.uniform(35, 80), dice) + 0.03 * _mm(mesh, 1.6, dice)
    tint = 1 - stripe[..., None] * np.array([1.0, 0.6, 0.1], np.float32)
    made: Field = _lit(np.minimum(bright, 1.02), _one(SHEETS, dice)) * tint
    return made


def _folds(mesh: Mesh, mm: float, dice: Dice) -> Field:
    """Return the light on folded cloth: long folds that bend and end, bright on one side and dark on the other."""
    phase = mesh.y_mm * np.float32(2 * math.pi / mm) + 3.5 * _mm(mesh, 2.2 * mm, dice) + _mm(mesh, 0.6 * mm, dice)
    slope = np.sin(phase + 0.7 * np.sin(phase))  # steeper on one side
    made: Field = slope * (0.5 + 0.5 * _mm(mesh, 1.5 * mm, dice)) + 0.3 * _mm(mesh, 0.5 * mm, dice)
    return made


def _desk(mesh: Mesh, dice: Dice) -> Field:
    """A dark desk that mirrors a window a little, with dust."""
    shine = np.exp(-(((mesh.x_mm - mesh.x_mm.mean()) / dice.uniform(60, 160) + dice.normal(0, 1)) ** 2))
    bright = 1 + 0.9 * shine * dice.uniform(0, 1) + 0.12 * _long(mesh, 25, 0.9, dice) + 0.1 * _mm(mesh, 40, dice)
    dust = 70 * np.clip(_mm(mesh, 1.2, dice) - 0.9, 0, 1)
    made: Field = _lit(bright, _one(DESKS, dice)) + dust[..., None]
    return made


def _plain(mesh: Mesh, dice: Dice) -> Field:
    """A painted, grey ground with hardly anything on it."""
    bright = 1 + 0.07 * _mm(mesh, 140, dice) + 0.03 * _mm(mesh, 3, dice)
    return _lit(bright, _one(PLAINS, dice))


def _keys(mesh: Mesh, dice: Dice) -> Field:
    """A keyboard: rows of keys, each row shifted, with lit caps and dark gaps between."""
    pitch_mm, dark = 19.0, dice.random() < 0.6
    row = np.floor(mesh.y_mm / pitch_mm)
    shift = dice.uniform(0, 1, 64).astype(np.float32)[row.astype(int) % 64]
    x, y = mesh.x_mm / pitch_mm + shift, mesh.y_mm / pitch_mm - row - 0.5
    x -= np.floor(x) + 0.5
    cap = np.clip((0.46 - _rounded(x, y, 0.36)) / 0.05, 0, 1)
    top = np.clip((0.36 - _rounded(x, y + 0.04, 0.2)) / 0.06, 0, 1)
    letter = np.clip(_mm(mesh, 2.2, dice) + 0.3, 0, 1) * ((x + 0.14) ** 2 + (y + 0.16) ** 2 < 0.01)
    paint, ground = _one(DESKS, dice) + 18, _one(DESKS, dice) * np.float32(0.6)
    if not dark:
        paint, ground = _one(LAMINATES, dice), _one(PLAINS, dice) * np.float32(0.6)
    face = paint * (0.8 + 0.2 * top - 0.15 * y)[..., None]
    face += (120 if dark else -90) * letter[..., None]
    made: Field = ground + (face - ground) * cap[..., None]
    return made


def _rounded(x: Field, y: Field, straight: float) -> Field:
    """Return the distance from the middle of a square with round corners, whose edges are straight up to there."""
    over_x, over_y = np.maximum(np.abs(x) - straight, 0), np.maximum(np.abs(y) - straight, 0)
    made: Field = np.sqrt(over_x * over_x + over_y * over_y) + np.float32(straight)
    return made


def _papers(mesh: Mesh, dice: Dice) -> Field:
    """Other papers, one over the other, with lines of text, on a desk."""
    scene = _desk(mesh, dice)
    middle = np.array([mesh.x_mm.mean(), mesh.y_mm.mean()])
    size = np.array([np.ptp(mesh.x_mm), np.ptp(mesh.y_mm)])
    words = smooth((256, 256), 1.3, dice)
    for _ in range(3):
        place, angle = middle + dice.uniform(-0.6, 0.6, 2) * size, dice.normal(0, 0.25)
        cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
        x, y = mesh.x_mm - np.float32(place[0]), mesh.y_mm - np.float32(place[1])
        x, y = x * cos + y * sin, y * cos - x * sin
        out_mm = np.maximum(np.abs(x) - 105, np.abs(y) - 148)
        _lay(scene, out_mm, _text(x, y, words, dice), _one([(236, 234, 228), (244, 244, 242), (228, 220, 204)], dice))
    return scene


def _text(x: Field, y: Field, words: Field, dice: Dice) -> Field:
    """Return how dark the print is on a sheet, 0..1."""
    import cv2

    step_mm = np.float32(dice.uniform(4, 6))
    line = np.floor(y / step_mm)
    dark = cv2.remap(words, np.abs(x / 1.7), line * 3 + 100, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    inside = (np.abs(x) < 85) & (np.abs(y) < 125) & (y / step_mm - line < 0.42)
    return np.asarray(np.clip(1.5 * dark + 0.4, 0, 0.55) * inside, np.float32)


def _lay(scene: Field, out_mm: Field, print_: Field, colour: Field) -> None:
    """Lay a sheet onto a scene, in place, with the shadow of its edge."""
    scene *= 1 - 0.45 * np.exp(-np.maximum(out_mm, 0) / 2.5)[..., None]
    sheet = colour * (1 - print_)[..., None]
    scene += (sheet - scene) * np.clip(0.5 - out_mm, 0, 1)[..., None]


KINDS: tuple[Callable[[Mesh, Dice], FloatArray], ...] = (
    *(_wood, _laminate, _cloth, _sheet, _desk, _plain, _keys, _papers),
)

TABLE = Part("table", table)
