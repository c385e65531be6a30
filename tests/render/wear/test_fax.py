"""A fax is black and white, in its own raster; the grid goes and the trace stays."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.render.sheet import Pixels
from einthoven.render.wear.fax import COARSE, FAX, LINES_PER_MM
from einthoven.render.wear.parts import Canvas
from tests.render.wear.pictures import PAGE, SEEDS, SIZES, refuse_unsound, taken

CANVASES = [PAGE, Canvas(440, 300, 100 / 25.4), Canvas(2640, 1800, 600 / 25.4)]


def _traced(canvas: Canvas, paper: int = 205, ink: int = 90) -> tuple[Pixels, NDArray[np.float64]]:
    """A page with a pale grid and one wave of grey ink, 0.4 mm wide; and y of the wave in every column."""
    pixels = np.full((canvas.height_px, canvas.width_px, 3), paper, np.uint8)
    for mm in range(200):
        at = round(mm * canvas.px_per_mm)
        pixels[at : at + 1, :, 1:] = pixels[:, at : at + 1, 1:] = paper - 25
    x = np.arange(canvas.width_px)
    y = canvas.height_px * (0.5 + 0.25 * np.sin(x / canvas.width_px * 9))
    points = np.round(np.stack([x, y], 1) * 16).astype(np.int32)
    thick = max(1, round(0.4 * canvas.px_per_mm))
    cv2.polylines(pixels, [points], False, (ink, ink, ink), thick, cv2.LINE_AA, 4)
    return pixels, y


def test_the_part_is_sound() -> None:
    refuse_unsound(FAX)


def test_only_black_and_white_is_left() -> None:
    for canvas in SIZES:
        for strength in (0.01, 0.5, 1.0):
            made = taken(FAX, _traced(canvas)[0], canvas, strength)
            assert set(np.unique(made)) <= {0, 255}
            assert (made == made[..., :1]).all()


@pytest.mark.parametrize("canvas", CANVASES)
@pytest.mark.parametrize("strength", [0.1, 1.0])
def test_the_trace_stays_where_it_was_and_the_grid_goes(canvas: Canvas, strength: float) -> None:
    pixels, y = _traced(canvas)
    rows, reach = np.arange(canvas.height_px)[:, None], 0.5 * canvas.px_per_mm
    on_trace = np.abs(rows - y) < reach
    far = np.abs(rows - y) > 8 * reach
    for seed in SEEDS:
        black = taken(FAX, pixels, canvas, strength, seed)[..., 0] == 0
        assert (black & on_trace).any(axis=0).mean() >= 0.95
        assert black[far].mean() < 0.02 + 0.04 * strength  # grid lines are a quarter of the page
        ink = black & on_trace
        assert abs((rows - y)[ink].mean()) < 0.25


def test_a_shaded_page_keeps_its_trace() -> None:
    pixels = _traced(PAGE)[0]
    shaded = (pixels * np.linspace(1.0, 0.45, PAGE.width_px)[None, :, None]).astype(np.uint8)
    for seed in SEEDS:
        black = taken(FAX, shaded, PAGE, 0.8, seed)[..., 0] == 0
        assert black[:, 20:-20].any(axis=0).mean() > 0.95 and black.mean() < 0.06


def test_lines_are_as_coarse_as_a_fax() -> None:
    for canvas in (PAGE, CANVASES[2]):
        for strength in (0.2, 1.0):
            made = taken(FAX, _traced(canvas)[0], canvas, strength)[..., 0]
            changes = int((np.diff(made.astype(int), axis=0) != 0).any(axis=1).sum())
            lines = canvas.height_px / canvas.px_per_mm * LINES_PER_MM * COARSE**strength
            assert 0.5 * lines < changes <= lines + 1


def test_specks_and_lost_pieces_grow_with_strength() -> None:
    white, black = (np.full((PAGE.height_px, PAGE.width_px, 3), level, np.uint8) for level in (235, 235))
    black[:, ::6] = black[:, 1::6] = black[:, 2::6] = 20
    for seed in SEEDS:
        specks = [(taken(FAX, white, PAGE, strength, seed) == 0).mean() for strength in (0.05, 0.5, 1.0)]
        assert specks == sorted(specks) and 0 < specks[-1] < 0.01 and specks[0] < specks[-1] / 4
        lost = [(taken(FAX, black, PAGE, strength, seed)[:, 1::6] != 0).mean() for strength in (0.0, 1.0)]
        assert lost[0] == 0 < lost[1] < 0.05
