"""Writes words on a page and keeps the list of them: what was printed, what it tells, and the box of its ink."""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from einthoven.render.letters import Align, Pen, put, shortened, width_mm
from einthoven.render.sheet import Box, Pixels, Sheet

# neutral: nothing about the patient or the ECG; diagnostic: statements
Kind = Literal["neutral", "personal", "measured", "diagnostic"]
LEAST_ROOM_MM, RULE_MM, PITCH = 5.0, 0.3, 1.8  # PITCH: from line to line, in capital letters


@dataclass(frozen=True)
class Printed:
    """Words on a page, what they tell, and the box of their ink in pixels."""

    text: str
    kind: Kind
    box: Box


class Piece(NamedTuple):
    """Words of a row, and the space before them."""

    text: str
    kind: Kind = "neutral"
    before_mm: float = 1.5


class Desk:
    """Writes with one pen on one sheet; `printed` is what was written."""

    def __init__(self, pixels: Pixels, sheet: Sheet, pen: Pen) -> None:
        self.pixels, self.sheet, self.pen = pixels, sheet, pen
        self.printed: list[Printed] = []

    @property
    def pitch_mm(self) -> float:
        """From line to line."""
        return self.pen.capital_mm * PITCH

    def write(self, piece: Piece, at_mm: tuple[float, float], room_mm: float, align: Align = "left") -> float:
        """Write one piece within the room and return its width, 0 where it is left out.

        Names and statements are shortened; a label or a figure is there whole or not at all.
        """
        text, wide_mm = piece.text, width_mm(self.sheet, piece.text, self.pen)
        if wide_mm > room_mm:
            if piece.kind in ("neutral", "measured") or room_mm < LEAST_ROOM_MM:
                return 0.0
            text = shortened(self.sheet, text, room_mm, self.pen)
            wide_mm = width_mm(self.sheet, text, self.pen)
        if text:
            self.printed.append(Printed(text, piece.kind, put(self.pixels, self.sheet, text, at_mm, self.pen, align)))
        return wide_mm

    def row(self, pieces: list[Piece], at_mm: tuple[float, float], until_mm: float) -> float:
        """Write pieces one after the other, those that fit, and return where the last ends."""
        x_mm = at_mm[0]
        for piece in pieces:
            before_mm = piece.before_mm if x_mm > at_mm[0] else 0.0
            wide_mm = self.write(piece, (x_mm + before_mm, at_mm[1]), until_mm - x_mm - before_mm)
            x_mm += before_mm + wide_mm if wide_mm else 0.0
        return x_mm

    def lines(self, pieces: list[Piece], at_mm: tuple[float, float], until_mm: tuple[float, float]) -> None:
        """Write pieces one below the other, within a width and a height; of too many the last but one are left out."""
        room = max(0, int((until_mm[1] - at_mm[1]) / self.pitch_mm + 1e-6) + 1)
        kept = pieces if len(pieces) <= room else [*pieces[: max(0, room - 1)], *pieces[-1:]][:room]
        for row, piece in enumerate(kept):
            self.write(piece, (at_mm[0], at_mm[1] + row * self.pitch_mm), until_mm[0] - at_mm[0])

    def sized(self, share: float) -> "Desk":
        """Return a desk with a larger or smaller pen that writes on the same page and the same list."""
        other = Desk(self.pixels, self.sheet, replace(self.pen, capital_mm=self.pen.capital_mm * share))
        other.printed = self.printed
        return other

    def rule(self, from_mm: tuple[float, float], to_mm: tuple[float, float], weight_mm: float = RULE_MM) -> None:
        """Draw a straight line."""
        import cv2

        ends = np.rint(np.array([from_mm, to_mm]) * self.sheet.px_per_mm * 16).astype(np.int32)
        weight_px = max(1, round(self.sheet.px(weight_mm)))
        cv2.line(self.pixels, ends[0].tolist(), ends[1].tolist(), self.pen.color, weight_px, cv2.LINE_AA, 4)


def field(label: str, value: str, kind: Kind = "personal", before_mm: float = 6.0) -> list[Piece]:
    """Return a label and what stands behind it, which may be nothing."""
    return [Piece(label, "neutral", before_mm), Piece(value, kind)]
