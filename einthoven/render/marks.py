"""Marks that people leave on a page: notes by hand, rubber stamps, barcodes; their ink darkens what lies beneath."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from einthoven.render.desk import Printed
from einthoven.render.letters import FontName, Pen, put, width_mm
from einthoven.render.place import HEAD_MM
from einthoven.render.sheet import INK, Box, Color, Pixels, Sheet
from einthoven.render.wear.parts import Dice

# Nothing here says anything about the patient or the ECG: initials are given, since some two letters mean a finding.
INITIALS = ("JK", "BW", "HG", "KD", "JB", "GH", "WJ", "DK", "KJ", "HW", "EB", "GK")
NOTES = ("copy", "seen", "pls repeat?", "OK to file", "filed", "for file", "checked", "scanned", "2nd copy", "noted")
PENS: tuple[Color, ...] = ((34, 56, 150), (24, 34, 110), (40, 40, 46), (186, 32, 40))
HANDS: tuple[FontName, ...] = ("hand", "hand2")
STAMPS = ("COPY", "RECEIVED", "FILED", "DUPLICATE", "SCANNED")
RUBBER: tuple[Color, ...] = ((176, 24, 40), (36, 60, 160), (104, 44, 140))
MOST_NOTES, TRIES, STROKE_MM = 5, 8, 0.4
NOTE_MM, STAMP_MM = (3.2, 3.8, 4.4, 5.2), (3.6, 4.2, 5.0, 5.6)  # capital letters; few sizes, so that fonts are kept
PATCHES_MM = (5.0, 0.4)  # of thick and thin ink
MODULE_MM, BARS_MM, DIGITS_MM, CLEAR_MM = 0.25, 8.0, 1.9, 2.0
BARCODE_MM, BARCODE_TOP_MM = BARS_MM + 1.6 * DIGITS_MM, HEAD_MM - 13.6  # below a report's rule, above a frame

Mask = NDArray[np.uint8]  # (height, width), 255 where the ink is full
Strokes = list[list[tuple[float, float]]]  # lines in millimetre

TICK: Strokes = [[(0.0, 2.6), (0.9, 4.0), (1.5, 4.4), (2.6, 2.2), (4.6, 0.0)]]
ARROW: Strokes = [[(0.0, 1.8), (4.0, 1.4), (8.5, 1.9), (12.0, 1.6)], [(9.8, 0.1), (12.0, 1.6), (10.0, 3.4)]]

# EAN-13, GS1 General Specifications, section 5.2: modules of the left digits (odd parity); the right ones are inverted
MODULES = 95
LEFT_CODES = (
    "0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011",
)  # fmt: skip
PARITIES = (
    "OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO",
)  # fmt: skip


def draw_notes(pixels: Pixels, sheet: Sheet, density: float, zones: Sequence[Box], dice: Dice) -> list[Printed]:
    """Write notes as with a pen; density: 0 none, 1 as many as there are; zones: where they may lie, in millimetre.

    A tick is listed as "✓" and an arrow as "→"; an underline belongs to its word. Notes do not lie on each other.
    """
    color, font = PENS[int(dice.integers(len(PENS)))], HANDS[int(dice.integers(len(HANDS)))]
    notes: list[Printed] = []
    for _ in range(int(dice.binomial(MOST_NOTES, density)) if zones else 0):
        text, mask = _note(sheet, font, dice)
        mask = _uneven(_turned(mask, float(dice.uniform(-9.0, 9.0))), sheet, 0.7, dice)
        for _ in range(TRIES):
            corner = _corner(mask, sheet, zones[int(dice.integers(len(zones)))], dice)
            if corner is not None and not any(_touch(_spread(mask, corner), note.box) for note in notes):
                notes.append(Printed(text, "neutral", _stain(pixels, mask, corner, color)))
                break
    return notes


def draw_stamp(pixels: Pixels, sheet: Sheet, dice: Dice) -> list[Printed]:
    """Press a rubber stamp somewhere on the sheet; its box holds the frame too."""
    text, color = str(dice.choice(STAMPS)), RUBBER[int(dice.integers(len(RUBBER)))]
    mask = _stamp(sheet, text, dice)
    mask = _uneven(_turned(mask, float(dice.normal(0.0, 10.0))), sheet, 0.25, dice)
    corner = _corner(mask, sheet, (2.0, 2.0, sheet.width_mm - 2.0, sheet.height_mm - 2.0), dice)
    return [] if corner is None else [Printed(text, "neutral", _stain(pixels, mask, corner, color))]


def draw_barcode(pixels: Pixels, sheet: Sheet, at_mm: tuple[float, float], dice: Dice) -> list[Printed]:
    """Print an EAN-13 barcode of a number by chance, its top left corner at at_mm; the box holds bars and digits.

    The number begins with 2, as those that are given out inside a house do. Modules are whole pixels, so that it reads.
    """
    digits = [2, *dice.integers(0, 10, 11).tolist()]
    digits.append(-sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10)
    number = "".join(map(str, digits))
    module_px, high_px = math.ceil(sheet.px(MODULE_MM)), round(sheet.px(BARS_MM))
    bars = np.repeat(np.array([bit == "1" for bit in ean13(number)]), module_px)
    mask = np.zeros((math.ceil(sheet.px(BARCODE_MM)), len(bars)), np.uint8)
    mask[:high_px] = bars * np.uint8(255)
    middle_mm = (len(bars) / 2 / sheet.px_per_mm, BARS_MM + 1.4 * DIGITS_MM)
    mask = np.maximum(mask, _written(sheet, number, Pen("sans", DIGITS_MM, (0, 0, 0)), mask.shape, middle_mm))
    x_px, y_px = (
        min(round(sheet.px(mm)), side - own)
        for mm, side, own in zip(at_mm, sheet.size_px, mask.shape[::-1], strict=True)
    )
    return [Printed(number, "neutral", _stain(pixels, mask, (x_px, y_px), INK))]


def barcode_place_mm(sheet: Sheet, printed: Sequence[Printed]) -> tuple[float, float] | None:
    """Return where in the head a barcode keeps clear of what is printed, as far right as it can; None: nowhere."""
    wide_mm = MODULES * math.ceil(sheet.px(MODULE_MM)) / sheet.px_per_mm
    for x_mm in np.arange(sheet.width_mm - CLEAR_MM - wide_mm - 5.0, 0.35 * sheet.width_mm, -2.0).tolist():
        edges_mm = x_mm - CLEAR_MM, BARCODE_TOP_MM - 0.5, x_mm + wide_mm + CLEAR_MM, BARCODE_TOP_MM + BARCODE_MM + 0.5
        x0, y0, x1, y1 = (sheet.px(mm) for mm in edges_mm)
        if not any(_touch((x0, y0, x1, y1), one.box) for one in printed):
            return x_mm, BARCODE_TOP_MM
    return None


def ean13(number: str) -> str:
    """Return the modules of thirteen digits, "1" for a bar."""
    parity = PARITIES[int(number[0])]
    left = (
        code if even == "O" else code.translate({48: 49, 49: 48})[::-1]
        for code, even in zip((LEFT_CODES[int(digit)] for digit in number[1:7]), parity, strict=True)
    )
    right = (LEFT_CODES[int(digit)].translate({48: 49, 49: 48}) for digit in number[7:])
    return "101" + "".join(left) + "01010" + "".join(right) + "101"


def _note(sheet: Sheet, font: FontName, dice: Dice) -> tuple[str, Mask]:
    """Return a note and its ink."""
    chance = float(dice.random())
    if chance < 0.12:
        return "✓", _drawn(sheet, TICK, dice)
    if chance < 0.2:
        return "→", _drawn(sheet, ARROW, dice)
    text = str(dice.choice(NOTES if chance < 0.8 else INITIALS))
    pen = Pen(font, float(dice.choice(NOTE_MM)), (0, 0, 0))
    wide_mm, line_mm = width_mm(sheet, text, pen) + 4.0, 2.0 * pen.capital_mm
    size = (round(sheet.px(3.2 * pen.capital_mm)), round(sheet.px(wide_mm)))
    mask = _written(sheet, text, pen, size, (wide_mm / 2, line_mm))
    if dice.random() < 0.25:
        ends_mm = np.linspace(1.0, wide_mm - 1.0, 5)
        under: Strokes = [[(float(x_mm), line_mm + 0.9 + float(dice.uniform(-0.25, 0.25))) for x_mm in ends_mm]]
        _draw(mask, sheet, under, STROKE_MM)
    return text, mask


def _drawn(sheet: Sheet, strokes: Strokes, dice: Dice) -> Mask:
    """Return strokes as a hand draws them: never twice the same."""
    size, edge_mm = float(dice.uniform(0.8, 1.4)), 1.0
    shaky: Strokes = [
        [
            (edge_mm + size * x + float(dice.normal(0, 0.12)), edge_mm + size * y + float(dice.normal(0, 0.12)))
            for x, y in one
        ]
        for one in strokes
    ]
    right_mm, foot_mm = (max(point[axis] for one in shaky for point in one) + edge_mm for axis in (0, 1))
    mask = np.zeros((round(sheet.px(foot_mm)) + 1, round(sheet.px(right_mm)) + 1), np.uint8)
    _draw(mask, sheet, shaky, STROKE_MM)
    return mask


def _draw(mask: Mask, sheet: Sheet, strokes: Strokes, weight_mm: float) -> None:
    import cv2

    lines = [np.rint(np.array(line) * (sheet.px_per_mm * 16)).astype(np.int32) for line in strokes]
    cv2.polylines(mask, lines, False, 255, max(1, round(sheet.px(weight_mm))), cv2.LINE_AA, 4)


def _written(sheet: Sheet, text: str, pen: Pen, size: tuple[int, ...], at_mm: tuple[float, float]) -> Mask:
    """Return the ink of a line whose middle stands at at_mm; size: rows and columns."""
    white = np.full((size[0], size[1], 3), 255, np.uint8)
    put(white, Sheet(size[1] / sheet.px_per_mm, size[0] / sheet.px_per_mm, sheet.px_per_mm), text, at_mm, pen, "middle")
    ink: Mask = 255 - white[:, :, 0]
    return ink


def _stamp(sheet: Sheet, text: str, dice: Dice) -> Mask:
    """Return a word in a rectangle with round corners, or in two rings."""
    ringed, capital_mm = dice.random() < 0.25, float(dice.choice(STAMP_MM))
    pen = Pen("sans-bold", capital_mm * (0.7 if ringed else 1.0), (0, 0, 0))
    wide_mm, edge_mm, weight_mm = width_mm(sheet, text, pen), 1.0, float(dice.uniform(0.5, 0.9))
    if ringed:
        radius_mm = wide_mm / 2 + 0.6 * pen.capital_mm
        frames = [_round((one, one), one) for one in (radius_mm, radius_mm + 1.4)]
        half_mm = (radius_mm + 1.4, radius_mm + 1.4)
    else:
        half_mm = (wide_mm / 2 + 0.8 * pen.capital_mm, 1.1 * pen.capital_mm)
        frames = [_round(half_mm, 1.5)]
    middle = np.array(half_mm) + edge_mm
    size = (round(sheet.px(2 * middle[1])) + 1, round(sheet.px(2 * middle[0])) + 1)
    mask = _written(sheet, text, pen, size, (float(middle[0]), float(middle[1]) + pen.capital_mm / 2))
    _draw(mask, sheet, [[(x + middle[0], y + middle[1]) for x, y in frame] for frame in frames], weight_mm)
    return mask


def _round(half_mm: tuple[float, float], radius_mm: float) -> list[tuple[float, float]]:
    """Return a closed rectangle about (0, 0) with round corners."""
    corners = []
    for start, (right, down) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        x_mm, y_mm = right * (half_mm[0] - radius_mm), down * (half_mm[1] - radius_mm)
        for angle in np.linspace(start, start + 1, 12) * (math.pi / 2):
            corners.append((x_mm + radius_mm * math.cos(angle), y_mm + radius_mm * math.sin(angle)))
    return [*corners, corners[0]]


def _uneven(mask: Mask, sheet: Sheet, least: float, dice: Dice) -> Mask:
    """Return ink that is thicker here and thinner there, down to a share of itself: in broad patches and in grains."""
    import cv2

    for patch_mm in PATCHES_MM:
        size = [max(2, math.ceil(side / sheet.px(patch_mm))) for side in mask.shape]
        thin = dice.integers(round(255 * math.sqrt(least)), 256, size, dtype=np.uint8)
        mask = _product(mask, cv2.resize(thin, mask.shape[::-1]).astype(np.uint8))
    return mask


def _product(one: Pixels, other: Pixels) -> Pixels:
    """Return what is left of light that passes both; 255 lets all through."""
    import cv2

    left: Pixels = cv2.multiply(one, other, scale=1 / 255)  # type: ignore[assignment]
    return left


def _turned(mask: Mask, degrees: float) -> Mask:
    """Return a mask turned about its middle, cut to its ink."""
    import cv2

    high, wide = mask.shape
    turn = cv2.getRotationMatrix2D(((wide - 1) / 2, (high - 1) / 2), degrees, 1.0)
    across, down = abs(turn[0, 0]), abs(turn[0, 1])
    size = math.ceil(wide * across + high * down) + 2, math.ceil(wide * down + high * across) + 2
    turn[:, 2] += (size[0] - wide) / 2, (size[1] - high) / 2
    turned = cv2.warpAffine(mask, turn, size, flags=cv2.INTER_LINEAR).astype(np.uint8)
    x, y, wide, high = cv2.boundingRect(turned)
    cut: Mask = turned[y : y + high, x : x + wide]
    return cut


def _corner(mask: Mask, sheet: Sheet, zone_mm: Box, dice: Dice) -> tuple[int, int] | None:
    """Return where in a zone the upper left corner of a mask may lie, in pixels; None where it does not fit."""
    x0, y0, x1, y1 = (sheet.px(mm) for mm in zone_mm)
    free = x1 - x0 - mask.shape[1], y1 - y0 - mask.shape[0]
    at = dice.random(2)
    return None if min(free) < 0 else (int(x0 + at[0] * free[0]), int(y0 + at[1] * free[1]))


def _spread(mask: Mask, corner: tuple[int, int]) -> Box:
    return (corner[0], corner[1], corner[0] + mask.shape[1], corner[1] + mask.shape[0])


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _stain(pixels: Pixels, mask: Mask, corner: tuple[int, int], color: Color) -> Box:
    """Multiply the page with ink, and return the box of what a white page would show of it: first and last pixel."""
    import cv2

    table = np.rint(255 - np.arange(256)[:, None] * (255 - np.array(color)) / 255).astype(np.uint8)
    film = cv2.LUT(cv2.merge([mask, mask, mask]), table[None]).astype(np.uint8)
    part = pixels[corner[1] : corner[1] + mask.shape[0], corner[0] : corner[0] + mask.shape[1]]
    part[:] = _product(part, film)
    x, y, wide, high = cv2.boundingRect((film.min(axis=2) < 255).astype(np.uint8))
    return corner[0] + x, corner[1] + y, corner[0] + x + wide - 1, corner[1] + y + high - 1
