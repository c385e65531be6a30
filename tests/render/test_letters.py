"""Words are as high as asked, stand where they are put, keep to their room and to what the fonts can draw."""

from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from einthoven.render.letters import (
    CAPITAL_MM,
    FOLDER,
    KNOWN,
    LACKING,
    Align,
    FontName,
    Pen,
    drawable,
    put,
    shortened,
    width_mm,
    wrapped,
)
from einthoven.render.sheet import Box, Pixels, Sheet

SHEET = Sheet(120.0, 20.0, 150 / 25.4)
SAID = "P waves keep no fixed distance to the QRS complexes (they vary by 123 ms)"
FONTS: tuple[FontName, ...] = get_args(FontName)
ALIGNS: tuple[Align, ...] = get_args(Align)
# Height of H over the size of the font, read from the tables of the fonts as their makers publish them.
H_SHARE: dict[FontName, float] = {
    "sans": 1409 / 2048,
    "sans-bold": 1409 / 2048,
    "serif": 1341 / 2048,
    "mono": 1349 / 2048,
    "hand": 784 / 1000,
    "hand2": 695 / 1024,
}


def _blank(sheet: Sheet = SHEET) -> Pixels:
    return np.full((*sheet.size_px[::-1], 3), 255, np.uint8)


def _written(words: str, at_mm: tuple[float, float], pen: Pen, align: Align, sheet: Sheet) -> tuple[Pixels, Box]:
    pixels = _blank(sheet)
    return pixels, put(pixels, sheet, words, at_mm, pen, align)


def _inked(pixels: Pixels) -> NDArray[np.intp]:
    """Rows and columns of the pixels that are no longer white."""
    return np.argwhere((pixels != 255).any(axis=2))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Bayés: 5 µV ± 3 °, Ω\n", "Bayes: 5 µV ± 3 °, ??"),
        ("5 μV − 2 × 10², ½ · A–B — ’", "5 µV - 2 × 10², 1/2 · A–B – '"),
        ("e\u0301 ﬁ Å", "e fi A"),
        ("Ελ 心", "?? ?"),
        ("~ !", "~ !"),
        ("", ""),
    ],
)
def test_accents_are_dropped_and_what_the_font_lacks_becomes_a_question_mark(words: str, shown: str) -> None:
    assert drawable(words) == shown


@pytest.mark.parametrize("font", FONTS)
def test_every_letter_that_is_called_known_looks_unlike_one_that_the_font_lacks(font: FontName) -> None:
    """Asked of Pillow: what a font lacks is drawn as its box for that, or as nothing."""
    letters = ImageFont.truetype(FOLDER / f"{font}.ttf", 60, layout_engine=ImageFont.Layout.BASIC)

    def looks(one: str) -> tuple[bytes, float]:
        mask = letters.getmask(one)
        return (bytes(mask) if mask.size[0] else b""), letters.getlength(one)

    lacking = LACKING.get(font, "")
    seen = {one: looks(one)[0] for one in KNOWN - {" "} if one not in lacking}
    assert all(any(mask) and mask != looks("\u0416")[0] for mask in seen.values())
    assert all(looks(one) == looks("\u0416") for one in lacking)
    assert drawable(f"I {lacking}", font) == "I " + "?" * len(lacking)


@pytest.mark.parametrize("font", FONTS)
def test_every_font_has_its_line_in_the_licences(font: FontName) -> None:
    lines = (FOLDER / "LICENSES.md").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(f"| `{font}.ttf` |")]
    assert "Copyright" in line
    assert "OFL-1.1" in line
    assert any("SIL OPEN FONT LICENSE Version 1.1" in line for line in lines)
    assert 5_000 < (FOLDER / f"{font}.ttf").stat().st_size < 32_000


def test_the_folder_holds_no_other_font() -> None:
    assert {path.stem for path in FOLDER.glob("*.ttf")} == set(FONTS)


@pytest.mark.parametrize("dpi", [72.0, 100.0, 150.0, 233.0, 300.0, 600.0])
@pytest.mark.parametrize("capital_mm", [1.7, 2.0, 3.3])
@pytest.mark.parametrize("font", FONTS)
def test_a_capital_letter_is_as_high_as_asked(font: FontName, capital_mm: float, dpi: float) -> None:
    """Edges are smooth: a row counts as far as it is covered, seen against the middle of the stem."""
    sheet = Sheet(20.0, 10.0, dpi / 25.4)
    pixels, (_, top, _, bottom) = _written("H", (5.0, 8.0), Pen(font, capital_mm, (0, 0, 0)), "left", sheet)
    ink = 255.0 - pixels[..., 0]
    if font.startswith("hand"):  # no straight stems: count the rows
        assert bottom - top + 1 == pytest.approx(capital_mm * dpi / 25.4, abs=1.5)
    else:
        stem = ink[:, ink.sum(axis=0).argmax()]
        full = np.median(stem[stem > 0.5 * stem.max()])  # less than the crossbar where the stem is a thin one
        assert np.minimum(stem, full).sum() / full == pytest.approx(capital_mm * dpi / 25.4, abs=0.25)
        assert bottom + 0.5 == pytest.approx(8.0 * dpi / 25.4, abs=0.5), "and stands on its line"


@settings(max_examples=200, deadline=None)
@given(
    words=st.text(st.sampled_from("HagQ. ,jé°1µ"), max_size=9),
    at_mm=st.tuples(st.floats(-5, 35), st.floats(-3, 15)),
    pen=st.builds(Pen, st.sampled_from(FONTS), st.floats(1, 4), st.sampled_from([(0, 0, 0), (190, 0, 60)])),
    align=st.sampled_from(ALIGNS),
)
def test_the_box_is_that_of_the_pixels_that_changed(
    words: str, at_mm: tuple[float, float], pen: Pen, align: Align
) -> None:
    sheet = Sheet(30.0, 12.0, 150 / 25.4)
    pixels, box = _written(words, at_mm, pen, align, sheet)
    if (inked := _inked(pixels)).size:
        (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0)
        assert box == (left, top, right, bottom)
    else:
        assert box == pytest.approx([mm * sheet.px_per_mm for mm in (*at_mm, *at_mm)])


def test_at_an_edge_only_what_is_outside_is_cut() -> None:
    whole = _blank(Sheet(40.0, 30.0, 6.0))
    put(whole, Sheet(40.0, 30.0, 6.0), "Qg", (12.0, 16.0), Pen(capital_mm=6.0))
    for left_mm, top_mm in product((0.0, 13.0, 17.0), (0.0, 12.0)):
        left, top = round(left_mm * 6), round(top_mm * 6)
        part = _blank(Sheet(8.0, 5.0, 6.0))
        put(part, Sheet(8.0, 5.0, 6.0), "Qg", (12.0 - left_mm, 16.0 - top_mm), Pen(capital_mm=6.0))
        assert np.array_equal(part, whole[top : top + 30, left : left + 48])


@pytest.mark.parametrize("words", ["", "  "])
def test_no_words_leave_the_page_as_it_is(words: str) -> None:
    pixels, box = _written(words, (10.0, 10.0), Pen(), "middle", SHEET)
    assert (pixels == 255).all()
    assert box == (SHEET.px(10.0), SHEET.px(10.0)) * 2


@pytest.mark.parametrize(("align", "left_share"), [("left", 0.0), ("middle", 0.5), ("right", 1.0)])
def test_words_stand_where_they_are_put(align: Align, left_share: float) -> None:
    pixels, _ = _written("HEART", (60.0, 12.0), Pen(), align, SHEET)
    ink = _inked(pixels) / SHEET.px_per_mm
    assert ink[:, 0].max() == pytest.approx(12.0, abs=0.2)
    assert np.ptp(ink[:, 0]) == pytest.approx(CAPITAL_MM, abs=0.2)
    assert ink[:, 1].min() == pytest.approx(60.0 - left_share * width_mm(SHEET, "HEART"), abs=0.5)
    assert np.ptp(ink[:, 1]) == pytest.approx(width_mm(SHEET, "HEART"), abs=0.6)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("dpi", [100.0, 300.0])
@pytest.mark.parametrize("capital_mm", [2.0, 3.1])
def test_a_line_is_as_long_and_looks_as_pillow_draws_it(font: FontName, dpi: float, capital_mm: float) -> None:
    sheet, pen = Sheet(250.0, 9.0, dpi / 25.4), Pen(font, capital_mm, (0, 0, 0))
    size_px = capital_mm * dpi / 25.4 / H_SHARE[font]
    letters = ImageFont.truetype(FOLDER / f"{font}.ttf", size_px, layout_engine=ImageFont.Layout.BASIC)
    assert width_mm(sheet, SAID, pen) * dpi / 25.4 == pytest.approx(letters.getlength(SAID), abs=0.5)
    image = Image.new("L", sheet.size_px, 255)
    ImageDraw.Draw(image).text((10, 20), SAID, 0, letters, "ls")
    ours, _ = _written(SAID, (10 / sheet.px_per_mm, 19.5 / sheet.px_per_mm), pen, "left", sheet)
    apart = np.abs(ours[..., 0].astype(int) - np.asarray(image))
    assert apart.max() < 80, "where two letters touch, they may add up in another way"
    assert (apart > 9).sum() < 0.02 * (ours < 255).sum()


def test_a_stroke_has_the_colour_of_its_pen_and_its_edges_lie_between() -> None:
    pixels, _ = _written("I", (10.0, 15.0), Pen("sans-bold", 12.0, (190, 7, 60)), "middle", SHEET)
    rows, columns = _inked(pixels).min(axis=0), _inked(pixels).max(axis=0)
    middle = (rows + columns) // 2
    assert pixels[tuple(middle)].tolist() == [190, 7, 60]
    pixels = np.zeros_like(_blank())
    put(pixels, SHEET, "O", (60.0, 15.0), Pen("sans", 12.0, (200, 100, 0)))
    shares = pixels[..., 0] / 200
    assert ((shares > 0.2) & (shares < 0.8)).sum() > 50, "smooth"
    assert pixels[..., 1] == pytest.approx(100 * shares, abs=1), "each channel by the same share"
    assert pixels[..., 2].max() == 0


def test_the_same_words_are_the_same_pixels_and_all_fonts_differ() -> None:
    seen = {}
    for font in FONTS:
        first, again = (_written(SAID, (2.0, 12.0), Pen(font), "left", SHEET)[0].tobytes() for _ in range(2))
        assert first == again
        seen[first] = font
    assert len(seen) == len(FONTS)


@pytest.mark.parametrize("pen", [Pen(), Pen("mono", 3.0)])
@pytest.mark.parametrize("room_mm", [12.0, 40.0, 90.0])
def test_words_are_shortened_to_the_room(room_mm: float, pen: Pen) -> None:
    short = shortened(SHEET, SAID, room_mm, pen)
    assert short.endswith("...")
    assert SAID.startswith(short.removesuffix("..."))
    assert room_mm - 7 < width_mm(SHEET, short, pen) <= room_mm
    assert shortened(SHEET, "II", room_mm, pen) == "II"


def test_lines_break_between_words_and_lose_none() -> None:
    lines = wrapped(SHEET, SAID, 40.0)
    assert " ".join(lines) == SAID
    assert len(lines) > 2
    assert all(width_mm(SHEET, line) <= 40.0 for line in lines)
    assert len(wrapped(SHEET, SAID, 40.0, Pen(capital_mm=4.0))) > len(lines)
    assert wrapped(SHEET, "x" * 99, 40.0)[0].endswith("x...")
    assert wrapped(SHEET, "", 40.0) == []
