"""A monitor's bands: they multiply, have colours, look alike at any resolution, and move nothing."""

import numpy as np
from numpy.typing import NDArray

from einthoven.render.wear.parts import Canvas
from einthoven.render.wear.screen import MOIRE
from tests.render.wear.pictures import PAGE, SEEDS, SIZES, refuse_jumps, refuse_moved, refuse_unsound, taken


def _factor(canvas: Canvas, strength: float, seed: int) -> NDArray[np.float64]:
    even = np.full((canvas.height_px, canvas.width_px, 3), 180, np.uint8)
    return taken(MOIRE, even, canvas, strength, seed) / 180.0


def test_the_part_is_sound() -> None:
    refuse_unsound(MOIRE)
    refuse_jumps(MOIRE)


def test_nothing_moves() -> None:
    floor = 0.4  # the ground itself has bands
    refuse_moved(MOIRE, PAGE, 1.0, 3, floor)
    refuse_moved(MOIRE, PAGE, 0.5, 2, floor)
    refuse_moved(MOIRE, SIZES[4], 1.0, 9, floor)


def test_black_stays_black_and_what_is_bright_changes_most() -> None:
    dark = np.zeros((PAGE.height_px, PAGE.width_px, 3), np.uint8)
    for seed in SEEDS:
        assert taken(MOIRE, dark, PAGE, 1.0, seed).max() == 0
        factor = _factor(PAGE, 1.0, seed)
        assert factor.min() > 0.5 and factor.max() < 1.3 and np.ptp(factor) > 0.25


def test_bands_are_smooth_in_strength_and_barely_seen_when_weak() -> None:
    for seed in SEEDS:
        spreads = [_factor(PAGE, strength, seed).std() for strength in (0.05, 0.3, 0.6, 1.0)]
        assert spreads == sorted(spreads) and spreads[0] < 0.02 and spreads[-1] > 0.06


def test_fringes_have_colour() -> None:
    for seed in SEEDS:
        factor = _factor(PAGE, 1.0, seed)
        assert 0.02 < (factor[..., 0] - factor[..., 2]).std() < 0.25


def test_the_same_paper_looks_alike_at_any_resolution() -> None:
    import cv2

    for seed in SEEDS:
        coarse, fine = (_factor(Canvas(400 * k, 300 * k, 4.0 * k), 1.0, seed) for k in (1, 3))
        near = cv2.resize(fine, (400, 300), interpolation=cv2.INTER_AREA)
        assert np.corrcoef(coarse.ravel(), near.ravel())[0, 1] > 0.9
