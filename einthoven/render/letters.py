"""Words on a page: fonts that come with the package, sized in millimetres, never wider than the room they have."""

import math
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from einthoven.render.sheet import INK, Box, Color, Pixels, Sheet

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FontName = Literal["sans", "sans-bold", "serif", "mono", "hand", "hand2"]
Align = Literal["left", "middle", "right"]

FOLDER = Path(__file__).with_name("fonts")
CAPITAL_MM = 2.0  # height of a capital letter: 12 pixels at 150 dpi
BIG_PX = 4096  # a size at which a font is measured
FAINT = 8  # of 255: less ink than that is none, so that what a box encloses can be seen
FULL = 256  # of a pixel's ink: a power of two divides fast, and 16 bits are just enough for it
SHARES = {"left": 0.0, "middle": 0.5, "right": 1.0}
KNOWN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("°µ±×–·²♥")
LACKING: dict[FontName, str] = {"hand": "♥", "hand2": "♥"}
SPELT = str.maketrans({"μ": "µ", "−": "-", "—": "–", "’": "'", "⁄": "/"})  # what NFKD leaves as it is or makes


@dataclass(frozen=True)
class Pen:
    """How letters look: font, height of a capital letter in mm, colour."""

    font: FontName = "sans"
    capital_mm: float = CAPITAL_MM
    color: Color = INK


PEN = Pen()


class _Letter(NamedTuple):
    """How much ink each pixel takes, of 255; where that begins from the letter's left foot, and the next letter."""

    ink: Pixels
    left_px: int
    top_px: int
    advance_px: int


def drawable(words: str, font: FontName = "sans") -> str:
    """Return the words as the font can draw them: accents dropped, what it does not know as a question mark."""
    if words.isascii() and words.isprintable():
        return words
    known = KNOWN.difference(LACKING.get(font, ""))
    spelt = "".join(one if one in known else unicodedata.normalize("NFKD", one).translate(SPELT) for one in words)
    return "".join(one if one in known else "?" for one in spelt if not unicodedata.combining(one))


def width_mm(sheet: Sheet, words: str, pen: Pen = PEN) -> float:
    """Return how much room a line needs."""
    return _length_px(drawable(words, pen.font), pen.font, _size_px(sheet, pen)) / sheet.px_per_mm


def put(
    pixels: Pixels, sheet: Sheet, words: str, at_mm: tuple[float, float], pen: Pen = PEN, align: Align = "left"
) -> Box:
    """Write one line, cut at the edges of the picture, and return the pixels that its ink takes: first and last.

    at_mm: x of its left end, middle or right end, and y of the foot of its letters. Where there is no ink, the box is
    that point.
    """
    x_px, y_px = (sheet.px(mm) for mm in at_mm)
    shown, size_px = drawable(words, pen.font), _size_px(sheet, pen)
    ink, left_px, top_px = _line(shown, pen.font, size_px)
    # To whole pixels: a pixel of the foot lies where y does, the first pixel of the left end not left of x.
    left_px += math.ceil(x_px - SHARES[align] * _length_px(shown, pen.font, size_px))
    top_px += math.floor(y_px) + 1
    height, width = pixels.shape[:2]
    seen = ink[max(0, -top_px) : max(0, height - top_px), max(0, -left_px) : max(0, width - left_px)]
    first, last = ((0, 0), ink.shape[:2]) if seen.size == ink.size else _bounds(seen[:, :, 0])
    if first == last:
        return x_px, y_px, x_px, y_px
    left_px, top_px = max(0, left_px), max(0, top_px)
    part = pixels[top_px : top_px + seen.shape[0], left_px : left_px + seen.shape[1]]
    color = np.tile(np.array(pen.color, np.uint16), seen.shape[1]).reshape(1, -1, 3)
    part[:] = (part * (FULL - seen) + color * seen + FULL // 2) // FULL
    return left_px + first[1], top_px + first[0], left_px + last[1] - 1, top_px + last[0] - 1


def shortened(sheet: Sheet, words: str, room_mm: float, pen: Pen = PEN) -> str:
    """Return the words, or as many letters of them as fit, and three dots."""
    if width_mm(sheet, words, pen) <= room_mm:
        return words
    kept = words
    while kept and width_mm(sheet, kept + "...", pen) > room_mm:
        kept = kept[:-1].rstrip()
    return kept + "..."


def wrapped(sheet: Sheet, words: str, room_mm: float, pen: Pen = PEN) -> list[str]:
    """Return the words in lines that fit, broken between words."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(sheet, longer, pen) <= room_mm:
            lines[-1] = longer
        else:
            lines.append(shortened(sheet, word, room_mm, pen))
    return lines


def _size_px(sheet: Sheet, pen: Pen) -> float:
    """Return the size of the font at which its H is as high as the pen asks."""
    return sheet.px(pen.capital_mm) / _capital_share(pen.font)


@cache
def _capital_share(font: FontName) -> float:
    _, top, _, bottom = _font(font, BIG_PX).getbbox("H", anchor="ls")
    return (bottom - top) / BIG_PX


@lru_cache(64)
def _font(font: FontName, size_px: float) -> "FreeTypeFont":
    from PIL import ImageFont

    # Basic layout: it is always there, so that a page is the same on every machine.
    return ImageFont.truetype(FOLDER / f"{font}.ttf", size_px, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(4096)
def _letter(one: str, font: FontName, size_px: float) -> _Letter:
    from PIL import Image, ImageDraw

    pillows = _font(font, size_px)
    left, top, right, bottom = (round(at) for at in pillows.getbbox(one, anchor="ls"))
    image = Image.new("L", (right - left + 2, bottom - top + 2))  # a pixel of air all round
    ImageDraw.Draw(image).text((1 - left, 1 - top), one, 255, pillows, "ls")
    ink = np.array(image)
    ink[ink < FAINT] = 0
    first, last = _bounds(ink)
    ink = ink[first[0] : last[0], first[1] : last[1]]
    return _Letter(ink, left - 1 + first[1], top - 1 + first[0], round(pillows.getlength(one)))


def _length_px(shown: str, font: FontName, size_px: float) -> int:
    return sum(_letter(one, font, size_px).advance_px for one in shown)


@lru_cache(256)
def _line(shown: str, font: FontName, size_px: float) -> tuple[NDArray[np.uint16], int, int]:
    """Return how much ink each pixel takes, of FULL, thrice for the channels, and where that begins from the left foot.

    Pillow could draw a whole line, but draws each letter anew; most letters come more than once on a page.
    """
    letters = [_letter(one, font, size_px) for one in shown]
    starts = accumulate((letter.advance_px for letter in letters), initial=0)
    inked = [
        (letter, start + letter.left_px) for letter, start in zip(letters, starts, strict=False) if letter.ink.size
    ]
    if not inked:
        return np.zeros((0, 0, 3), np.uint16), 0, 0
    left, top = min(at for _, at in inked), min(letter.top_px for letter, _ in inked)
    right = max(at + letter.ink.shape[1] for letter, at in inked)
    bottom = max(letter.top_px + letter.ink.shape[0] for letter, _ in inked)
    ink = np.zeros((bottom - top, right - left), np.uint16)
    for letter, at in inked:
        (high, wide), row, column = letter.ink.shape, letter.top_px - top, at - left
        ink[row : row + high, column : column + wide] += letter.ink
    shares = np.repeat(((np.minimum(ink, 255) * FULL + 127) // 255)[:, :, None], 3, axis=2)
    shares.setflags(write=False)  # all who ask share it
    return shares, left, top


def _bounds(ink: NDArray[Any]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return row and column of the first pixel with ink and of the one after the last; twice the same if there is none.

    Rows and columns are looked at apart: it is the smallest rectangle around all ink.
    """
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return (0, 0), (0, 0)
    return (int(rows[0]), int(columns[0])), (int(rows[-1]) + 1, int(columns[-1]) + 1)
