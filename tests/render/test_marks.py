"""Notes, stamps and barcodes: neutral, within their boxes, only ever darker; a barcode reads with OpenCV's reader."""

from collections.abc import Callable
from functools import partial
from itertools import combinations

import cv2
import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.render.desk import Printed
from einthoven.render.head import HEADS, HeadStyle, draw_head
from einthoven.render.marks import (
    BARS_MM,
    INITIALS,
    NOTES,
    STAMPS,
    barcode_place_mm,
    draw_barcode,
    draw_notes,
    draw_stamp,
)
from einthoven.render.place import HEAD_MM
from einthoven.render.sheet import MM_PER_INCH, Box, Pixels, Sheet
from einthoven.render.words import NO_WORDS

ZONES: list[Box] = [(10.0, 5.0, 120.0, 30.0), (150.0, 100.0, 270.0, 200.0)]
DPIS = [50, 96, 200, 300, 600]


def _sheet(dpi: float) -> Sheet:
    return Sheet(279.4, 215.9, dpi / MM_PER_INCH)


def _page(sheet: Sheet, value: int = 255) -> Pixels:
    return np.full((sheet.size_px[1], sheet.size_px[0], 3), value, np.uint8)


def _all(pixels: Pixels, sheet: Sheet, seed: int) -> list[Printed]:
    printed = draw_notes(pixels, sheet, 1.0, ZONES, rng("notes", seed))
    return (
        printed + draw_stamp(pixels, sheet, rng("stamp", seed)) + draw_barcode(pixels, sheet, (200, 5), rng("b", seed))
    )


def _ink_box(pixels: Pixels) -> Box:
    rows, columns = np.nonzero((pixels != 255).any(axis=2))
    return (float(columns.min()), float(rows.min()), float(columns.max()), float(rows.max()))


def test_marks_tell_nothing_of_patient_or_ecg() -> None:
    sheet = _sheet(50)
    texts = set()
    for seed in range(200):
        printed = draw_notes(_page(sheet), sheet, 1.0, ZONES, rng("notes", seed))
        printed += draw_stamp(_page(sheet), sheet, rng("stamp", seed))
        assert {one.kind for one in printed} == {"neutral"}
        texts |= {one.text for one in printed}
    assert texts == {*NOTES, *INITIALS, *STAMPS, "✓", "→"}


@pytest.mark.parametrize("dpi", DPIS)
def test_each_mark_fills_its_box(dpi: float) -> None:
    sheet = _sheet(dpi)
    for seed in range(3 if dpi > 200 else 10):
        draws: list[Callable[[Pixels], list[Printed]]] = [
            partial(draw_notes, sheet=sheet, density=1.0, zones=ZONES, dice=rng("notes", seed)),
            partial(draw_stamp, sheet=sheet, dice=rng("stamp", seed)),
            partial(draw_barcode, sheet=sheet, at_mm=(100.0, 5.0), dice=rng("barcode", seed)),
        ]
        for draw in draws:
            pixels = _page(sheet)
            printed = draw(pixels)
            for one, other in combinations(printed, 2):
                across = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
                down = max(one.box[1], other.box[1]) - min(one.box[3], other.box[3])
                assert max(across, down) > 0, (one, other)
            for one in printed:
                x0, y0, x1, y1 = one.box
                part = pixels[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1]
                left, top, right, bottom = _ink_box(part)
                assert (x0 + left, y0 + top, x0 + right, y0 + bottom) == one.box, one
                part[:] = 255
            assert (pixels == 255).all(), "ink outside the boxes"


def test_notes_keep_to_their_zones_and_to_how_many_are_wanted() -> None:
    sheet = _sheet(100)
    counts = {0.0: 0, 0.3: 0, 1.0: 0}
    for density in counts:
        for seed in range(30):
            printed = draw_notes(_page(sheet), sheet, density, ZONES, rng("notes", seed))
            counts[density] += len(printed)
            for one in printed:
                box_mm = [at / sheet.px_per_mm for at in one.box]
                assert any(
                    x0 - 0.5 <= box_mm[0] and y0 - 0.5 <= box_mm[1] and box_mm[2] <= x1 + 0.5 and box_mm[3] <= y1 + 0.5
                    for x0, y0, x1, y1 in ZONES
                ), one
    assert counts[0.0] == 0
    assert 20 < counts[0.3] < counts[1.0]
    assert draw_notes(_page(sheet), sheet, 1.0, [], rng("notes", 1)) == []
    assert draw_notes(_page(sheet), sheet, 1.0, [(0.0, 0.0, 2.0, 2.0)], rng("notes", 1)) == [], "no room"


def test_marks_only_darken_and_ink_stays_ink() -> None:
    sheet = _sheet(100)
    for seed in range(10):
        before = rng("page", seed).integers(0, 256, _page(sheet).shape, dtype=np.uint8)
        page, black = before.copy(), _page(sheet, 0)
        assert _all(page, sheet, seed)
        assert (page <= before).all()
        assert (page < before).any()
        _all(black, sheet, seed)
        assert not black.any()


def test_a_trace_is_seen_through_a_stamp() -> None:
    sheet, white, grey = _sheet(100), _page(_sheet(100)), _page(_sheet(100), 100)
    draw_stamp(white, sheet, rng("stamp", 3))
    draw_stamp(grey, sheet, rng("stamp", 3))
    np.testing.assert_allclose(grey, white * (100 / 255), atol=0.51)


@pytest.mark.parametrize("dpi", DPIS)
def test_a_barcode_reads_as_its_number(dpi: float) -> None:
    """OpenCV's reader is told where the bars are: its search for them wants taller ones."""
    sheet = _sheet(dpi)
    for seed in range(10):
        pixels = _page(sheet)
        [printed] = draw_barcode(pixels, sheet, (30.0, 8.0), rng("barcode", seed))
        x0, y0, x1, _ = (int(at) for at in printed.box)
        part = pixels[y0 : y0 + round(sheet.px(BARS_MM)), x0 - 20 : x1 + 20]
        part = cv2.resize(part, None, fx=4, fy=4, interpolation=cv2.INTER_NEAREST).astype(np.uint8)
        high, wide = part.shape[:2]
        corners = np.array([[[40, high], [40, 0], [wide - 40, 0], [wide - 40, high]]], np.float32)
        assert cv2.barcode.BarcodeDetector().decode(part, corners)[0] == printed.text
        assert printed.text.startswith("2"), "numbers given out inside a house"


def test_a_barcode_finds_a_place_beside_the_words_of_a_head() -> None:
    sheet = _sheet(100)
    for manner in HEADS:
        page, style = _page(sheet), HeadStyle(manner)
        printed = draw_head(page, sheet, style, NO_WORDS, rng("head", 1))
        place = barcode_place_mm(sheet, printed)
        assert place is not None
        before = page.copy()
        [barcode] = draw_barcode(page, sheet, place, rng("barcode", 1))
        x0, y0, x1, y1 = (int(at) for at in barcode.box)
        assert (before[y0 : y1 + 1, x0 - 6 : x1 + 7] == 255).all(), "nothing lies under it or near it"
        assert y1 < sheet.px(HEAD_MM - 2)
    everywhere = [Printed("x", "neutral", (0, 0, *sheet.size_px))]
    assert barcode_place_mm(sheet, everywhere) is None


def test_a_barcode_stays_on_the_sheet() -> None:
    sheet = _sheet(200)
    [printed] = draw_barcode(_page(sheet), sheet, (275.0, 213.0), rng("barcode"))
    assert printed.box[2] < sheet.size_px[0]
    assert printed.box[3] < sheet.size_px[1]


def test_the_same_dice_draw_the_same() -> None:
    sheet = _sheet(96)
    pages = [_page(sheet) for _ in range(3)]
    printed = [_all(page, sheet, seed) for page, seed in zip(pages, (4, 4, 5), strict=True)]
    np.testing.assert_array_equal(pages[0], pages[1])
    assert printed[0] == printed[1] != printed[2]
