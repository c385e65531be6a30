"""Words on a page: plain ASCII in OpenCV's Hershey font, sized in millimetres, never wider than the room they have."""

import unicodedata
from typing import Literal

from einthoven.render.draw import INK, Color, Pixels, Sheet

CAPITAL_MM = 2.0  # height of a capital letter: 12 pixels at 150 dpi
UNIT_PX = 21.0  # of a capital letter at OpenCV's scale 1
STROKE_MM = 0.2
SPELT = str.maketrans({"µ": "u", "×": "x", "–": "-", "−": "-", "±": "+-", "°": "deg"})  # what NFKD leaves as it is

Align = Literal["left", "middle", "right"]


def ascii_only(words: str) -> str:
    """Return the words as the font can draw them: accents dropped, what it does not know as a question mark."""
    plain = unicodedata.normalize("NFKD", words.translate(SPELT))
    kept = (one for one in plain if not unicodedata.combining(one))
    return "".join(one if " " <= one <= "~" else "?" for one in kept)


def width_mm(sheet: Sheet, words: str) -> float:
    """Return how much room a line needs."""
    import cv2

    (width_px, _), _ = cv2.getTextSize(ascii_only(words), cv2.FONT_HERSHEY_SIMPLEX, _scale(sheet), _stroke_px(sheet))
    return width_px / sheet.px_per_mm


def put(
    pixels: Pixels, sheet: Sheet, words: str, at_mm: tuple[float, float], color: Color = INK, align: Align = "left"
) -> None:
    """Write one line; at_mm: x of its left end, middle or right end, and y of the foot of its letters."""
    import cv2

    share = {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
    left_mm = at_mm[0] - (share * width_mm(sheet, words) if share else 0.0)
    origin = (round(sheet.px(left_mm)), round(sheet.px(at_mm[1])))
    font, weight = cv2.FONT_HERSHEY_SIMPLEX, _stroke_px(sheet)
    cv2.putText(pixels, ascii_only(words), origin, font, _scale(sheet), color, weight, cv2.LINE_AA)


def shortened(sheet: Sheet, words: str, room_mm: float) -> str:
    """Return the words, or as many letters of them as fit, and three dots."""
    if width_mm(sheet, words) <= room_mm:
        return words
    kept = words
    while kept and width_mm(sheet, kept + "...") > room_mm:
        kept = kept[:-1].rstrip()
    return kept + "..."


def wrapped(sheet: Sheet, words: str, room_mm: float) -> list[str]:
    """Return the words in lines that fit, broken between words."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_mm(sheet, longer) <= room_mm:
            lines[-1] = longer
        else:
            lines.append(shortened(sheet, word, room_mm))
    return lines


def _scale(sheet: Sheet) -> float:
    return sheet.px(CAPITAL_MM) / UNIT_PX


def _stroke_px(sheet: Sheet) -> int:
    return max(1, round(sheet.px(STROKE_MM)))
