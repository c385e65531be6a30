"""Words keep to the room that they are given, and to what the font can draw."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.render.draw import Sheet, paper
from einthoven.render.letters import CAPITAL_MM, Align, ascii_only, put, shortened, width_mm, wrapped

SHEET = Sheet(120.0, 20.0, 150 / 25.4)
SAID = "P waves keep no fixed distance to the QRS complexes (they vary by 123 ms)"


def _ink(words: str, at_mm: tuple[float, float], align: Align) -> NDArray[np.float64]:
    """Rows and columns, in millimetre, of what was written."""
    pixels = paper(SHEET)
    blank = pixels.copy()
    put(pixels, SHEET, words, at_mm, align=align)
    return np.argwhere((pixels != blank).any(axis=2)) / SHEET.px_per_mm


def test_what_the_font_lacks_is_spelt_or_becomes_a_question_mark() -> None:
    assert ascii_only("Bayés: 5 µV ± 3 °, Ω\n") == "Bayes: 5 uV +- 3 deg, ??"


@pytest.mark.parametrize(("align", "left_share"), [("left", 0.0), ("middle", 0.5), ("right", 1.0)])
def test_words_stand_where_they_are_put(align: Align, left_share: float) -> None:
    ink = _ink("HEART", (60.0, 12.0), align)
    assert ink[:, 0].max() == pytest.approx(12.0, abs=0.5)
    assert np.ptp(ink[:, 0]) == pytest.approx(CAPITAL_MM, abs=0.5)
    assert ink[:, 1].min() == pytest.approx(60.0 - left_share * width_mm(SHEET, "HEART"), abs=0.6)
    assert np.ptp(ink[:, 1]) == pytest.approx(width_mm(SHEET, "HEART"), abs=0.9)


@pytest.mark.parametrize("room_mm", [12.0, 40.0, 90.0])
def test_words_are_shortened_to_the_room(room_mm: float) -> None:
    short = shortened(SHEET, SAID, room_mm)
    assert short.endswith("...")
    assert SAID.startswith(short.removesuffix("..."))
    assert room_mm - 5 < width_mm(SHEET, short) <= room_mm
    assert shortened(SHEET, "II", room_mm) == "II"


def test_lines_break_between_words_and_lose_none() -> None:
    lines = wrapped(SHEET, SAID, 40.0)
    assert " ".join(lines) == SAID
    assert len(lines) > 2
    assert all(width_mm(SHEET, line) <= 40.0 for line in lines)
    assert wrapped(SHEET, "x" * 99, 40.0)[0].endswith("x...")
    assert wrapped(SHEET, "", 40.0) == []
