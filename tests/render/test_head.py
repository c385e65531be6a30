"""Head and foot of a page: only what may be printed, in the boxes that are told, apart from each other, on paper."""

from dataclasses import replace
from itertools import combinations
from typing import get_args

import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.render.desk import Desk, Printed
from einthoven.render.foot import Scale, draw_foot
from einthoven.render.head import HEADS, HeadName, HeadStyle, draw_head
from einthoven.render.letters import FontName
from einthoven.render.place import FOOT_MM, HEAD_MM
from einthoven.render.sheet import MM_PER_INCH, Box, Pixels, Sheet
from einthoven.render.words import NO_WORDS, Words

SHEETS_MM = {"letter": (279.4, 215.9), "a4": (297.0, 210.0), "short roll": (270.0, 210.0), "long roll": (530.0, 210.0)}
MANNERS = [manner for manner in HEADS if manner != "none"]
FONTS: tuple[FontName, ...] = ("sans", "serif", "mono", "sans-bold")
SCALE = Scale(25.0, 10.0, 5.0, "4*2.5s+1r")
SHORT = Words(
    "ALDER, IRIS", "40817", 61.0, "female", "16-OCT-2020 09:22:14",
    {"heart_rate_bpm": 67.4, "pr_ms": None, "qrs_ms": 84.0, "qt_ms": 386.0, "qtc_ms": 407.0, "p_axis": None,
     "qrs_axis": -26.0, "t_axis": 142.0},
    ("Sinus rhythm", "Left axis deviation", "Borderline ECG"),
)  # fmt: skip
LONG = replace(
    SHORT,
    name="A NAME THAT HAS MANY MORE LETTERS THAN ANY CART EVER HAS PRINTED, AND MORE",
    id="0123456789" * 4,
    figures=dict.fromkeys(SHORT.figures, -177.7),
    statements=tuple(f"Statement {one}: a long one that tells more than there is room for " * 3 for one in range(12)),
)  # fmt: skip


def _sheet(paper: str, dpi: float) -> Sheet:
    return Sheet(*SHEETS_MM[paper], dpi / MM_PER_INCH)


def _white(sheet: Sheet) -> Pixels:
    return np.full((sheet.size_px[1], sheet.size_px[0], 3), 255, np.uint8)


def _draw(sheet: Sheet, style: HeadStyle, words: Words, seed: int = 0, pixels: Pixels | None = None) -> list[Printed]:
    pixels = _white(sheet) if pixels is None else pixels
    head = draw_head(pixels, sheet, style, words, rng("head", seed))
    return head + draw_foot(pixels, sheet, style, words, SCALE, rng("foot", seed))


def _ink_box(pixels: Pixels) -> Box:
    rows, columns = np.nonzero((pixels != 255).any(axis=2))
    return (float(columns.min()), float(rows.min()), float(columns.max()), float(rows.max()))


@pytest.mark.parametrize("manner", MANNERS)
def test_without_words_only_neutral_text_is_printed(manner: HeadName) -> None:
    sheet = _sheet("letter", 50)
    for seed in range(200):
        printed = _draw(sheet, HeadStyle(manner, FONTS[seed % len(FONTS)]), NO_WORDS, seed)
        assert printed
        assert {one.kind for one in printed} == {"neutral"}
        numbers = {one.text for one in printed if any(letter.isdigit() for letter in one.text)}
        below = sheet.px(sheet.height_mm - FOOT_MM)
        stray = numbers - {"12-Lead ECG Report", "Page 1 of 1"}
        assert all(one.box[1] > below for one in printed if one.text in stray), "digits in the head"


@pytest.mark.parametrize("manner", MANNERS)
def test_words_are_listed_with_what_they_tell(manner: HeadName) -> None:
    printed = _draw(_sheet("long roll", 100), HeadStyle(manner), SHORT)
    kinds = {one.text: one.kind for one in printed}
    together = " ".join(one.text for one in printed).lower()
    for value in ("40817", "alder, iris", "61", "2020", "67", "386", "407", "-26", "142", "84", "*", "sinus rhythm"):
        assert value in together, value
    assert kinds["40817"] == kinds["ALDER, IRIS"] == kinds["16-OCT-2020 09:22:14"] == "personal"
    for text, kind in kinds.items():
        assert (kind == "diagnostic") == any(one.lower() in text.lower() for one in SHORT.statements), text
        if any(value in text.split("/") + text.split() for value in ("67", "386", "407", "84", "*")):
            assert kind == "measured", text
        if text in ("Female", "F") or "61" in text:
            assert kind == "personal", text


@pytest.mark.parametrize("words", [NO_WORDS, SHORT, LONG], ids=["empty", "short", "long"])
@pytest.mark.parametrize("dpi", [50, 96, 200, 600])
@pytest.mark.parametrize("paper", SHEETS_MM)
@pytest.mark.parametrize("manner", MANNERS)
def test_boxes_hold_the_ink_and_lie_apart_on_the_sheet(
    manner: HeadName, paper: str, dpi: float, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "rule", lambda *_: None)  # rules and frames are no words
    sheet = _sheet(paper, dpi)
    for seed in range(1 if dpi == 600 else 3):
        pixels = _white(sheet)
        printed = _draw(sheet, HeadStyle(manner, FONTS[seed]), words, seed, pixels)
        for one, other in combinations(printed, 2):
            across = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
            down = max(one.box[1], other.box[1]) - min(one.box[3], other.box[3])
            assert max(across, down) > 0, (one, other)
        for one in printed:
            x0, y0, x1, y1 = one.box
            edge = sheet.px(1.0)  # no letter is cut by the end of the paper
            assert min(x0, y0) > edge
            assert x1 < sheet.size_px[0] - edge
            assert y1 < sheet.size_px[1] - edge
            assert y1 < sheet.px(HEAD_MM - 2) or y0 > sheet.px(sheet.height_mm - FOOT_MM), one
            part = pixels[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1]
            left, top, right, bottom = _ink_box(part)
            assert (x0 + left, y0 + top, x0 + right, y0 + bottom) == one.box, one
            part[:] = 255
        assert (pixels == 255).all(), "ink outside the boxes"


@pytest.mark.parametrize("manner", MANNERS)
def test_rules_do_not_cross_words(manner: HeadName) -> None:
    sheet = _sheet("letter", 200)
    for words in (SHORT, LONG):
        for seed in range(5):
            pixels, style = _white(sheet), HeadStyle(manner, FONTS[seed % len(FONTS)])
            printed = _draw(sheet, style, words, seed, pixels)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Desk, "rule", lambda *_: None)
                plain = _white(sheet)
                _draw(sheet, style, words, seed, plain)
            for one in printed:
                x0, y0, x1, y1 = (int(at) for at in one.box)
                spot = slice(y0 - 1, y1 + 2), slice(x0 - 1, x1 + 2)
                np.testing.assert_array_equal(pixels[spot], plain[spot], one.text)


def test_labels_and_figures_are_never_cut_short() -> None:
    for manner in MANNERS:
        for paper in SHEETS_MM:
            for one in _draw(_sheet(paper, 100), HeadStyle(manner, "sans-bold"), LONG):
                assert one.kind in ("personal", "diagnostic") or "..." not in one.text


@pytest.mark.parametrize("manner", ["report", "columns", "box"])
def test_of_too_many_statements_the_verdict_stays(manner: HeadName) -> None:
    words = replace(SHORT, statements=(*(f"Finding {one}" for one in range(12)), "Abnormal ECG"))
    said = [one.text for one in _draw(_sheet("letter", 100), HeadStyle(manner), words) if one.kind == "diagnostic"]
    assert 2 <= len(said) < 13
    assert "ABNORMAL ECG" in said[-1].upper()


def test_a_page_without_a_head_stays_white() -> None:
    pixels = _white(_sheet("a4", 100))
    assert _draw(_sheet("a4", 100), HeadStyle("none"), SHORT, 0, pixels) == []
    assert (pixels == 255).all()
    assert set(HEADS) == set(get_args(HeadName))


@pytest.mark.parametrize("manner", MANNERS)
def test_the_foot_says_the_scale(manner: HeadName) -> None:
    sheet = _sheet("letter", 100)
    style = HeadStyle(manner)
    text = " ".join(one.text for one in draw_foot(_white(sheet), sheet, style, NO_WORDS, Scale(50, 20), rng("f")))
    assert "50" in text.replace("150", "")
    assert "20" in text
    text = " ".join(one.text for one in draw_foot(_white(sheet), sheet, style, NO_WORDS, SCALE, rng("f")))
    assert "4*2.5s+1r" in text
    assert "10/5mm/mV" in text or "Limb: 10 mm/mV Chest: 5 mm/mV" in text


@pytest.mark.parametrize("manner", MANNERS)
def test_in_a_full_foot_what_stands_at_the_right_makes_room(manner: HeadName) -> None:
    sheet = _sheet("short roll", 100)
    for letters in range(0, 200, 8):
        scale = replace(SCALE, format="4*2.5s+1r "[: letters % 10] + "x" * letters)
        printed = draw_foot(_white(sheet), sheet, HeadStyle(manner), SHORT, scale, rng("f"))
        assert printed
        for one, other in combinations(printed, 2):
            assert max(one.box[0], other.box[0]) > min(one.box[2], other.box[2]), (one, other)


def test_the_heart_s_rate_is_in_the_foot_only_where_it_is_measured() -> None:
    sheet, style = _sheet("letter", 100), HeadStyle("report")
    for words, kinds in ((NO_WORDS, {"neutral"}), (SHORT, {"neutral", "measured", "personal"})):
        printed = draw_foot(_white(sheet), sheet, style, words, SCALE, rng("f"))
        assert {one.kind for one in printed} == kinds
    assert any(one.text.endswith("67") for one in printed if one.kind == "measured")


@pytest.mark.parametrize("manner", MANNERS)
def test_the_same_dice_print_the_same_and_others_otherwise(manner: HeadName) -> None:
    sheet = _sheet("letter", 50)
    pages = []
    for seed in (1, 1, *range(2, 8)):
        pages.append(_white(sheet))
        _draw(sheet, HeadStyle(manner), SHORT, seed, pages[-1])
    np.testing.assert_array_equal(pages[0], pages[1])
    assert any((pages[0] != page).any() for page in pages[2:])
