"""Blur is as wide as it says in millimetre, and centred: no line moves."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.render.wear.blur import FOCUS, MOST_SHAKE_MM, MOST_SIGMA_MM, MOTION, RESAMPLE, smaller
from einthoven.render.wear.parts import Canvas, Part
from tests.render.wear.pictures import PAGE, SEEDS, SIZES, page, refuse_jumps, refuse_moved, refuse_unsound, taken

ALL = pytest.mark.parametrize("part", [FOCUS, MOTION, RESAMPLE], ids=["focus", "motion", "resample"])
FINE = Canvas(1203, 902, 600 / 25.4)


@ALL
def test_parts_are_sound(part: Part) -> None:
    refuse_unsound(part)
    refuse_jumps(part)


@ALL
@pytest.mark.parametrize("line_px", [2, 3, 4])
def test_nothing_moves(part: Part, line_px: int) -> None:
    for strength in (0.3, 0.7, 1.0):
        refuse_moved(part, PAGE, strength, line_px)


@ALL
def test_nothing_moves_at_other_resolutions(part: Part) -> None:
    refuse_moved(part, FINE, 1.0, 9)
    refuse_moved(part, SIZES[3], 1.0, 2)


@ALL
def test_even_paper_stays_as_it_is(part: Part) -> None:
    for canvas in SIZES:
        even = np.full((canvas.height_px, canvas.width_px, 3), 201, np.uint8)
        assert np.abs(taken(part, even, canvas, 1.0).astype(int) - 201).max() <= 1


def _spread_px(profile: NDArray[np.floating]) -> float:
    """The standard deviation of a dark line's profile."""
    weight = profile.max() - profile
    at = np.arange(len(profile))
    middle = (weight * at).sum() / weight.sum()
    return float(np.sqrt((weight * (at - middle) ** 2).sum() / weight.sum()))


def test_focus_is_as_soft_as_it_says_where_it_is_softest_and_sharper_elsewhere() -> None:
    sharpest = []
    for canvas in (PAGE, FINE):
        for seed in SEEDS:
            pixels, x_px, _ = page(canvas, 0, 3)
            grey = taken(FOCUS, pixels, canvas, 1.0, seed).mean(axis=2)
            reach = round(1.3 * canvas.px_per_mm)
            columns = slice(int(x_px) - reach, int(x_px) + reach + 1)
            line_mm = np.sqrt(3**2 / 12) / canvas.px_per_mm
            ends = [_spread_px(grey[rows, columns].mean(axis=0)) for rows in (slice(5, 25), slice(-25, -5))]
            sigmas = [np.sqrt((end / canvas.px_per_mm) ** 2 - line_mm**2) for end in ends]
            assert max(sigmas) == pytest.approx(MOST_SIGMA_MM, rel=0.12)
            sharpest.append(min(sigmas) / max(sigmas))
    assert min(sharpest) < 0.65 and max(sharpest) > 0.9


def test_no_seam_is_seen_where_the_focus_changes() -> None:
    for seed in SEEDS:
        pixels, x_px, _ = page(PAGE, 0, 3)
        pixels[:, : int(x_px) - 40] = pixels[0, 0]
        line = taken(FOCUS, pixels, PAGE, 1.0, seed)[: PAGE.height_px // 2 - 20, int(x_px)].astype(int)
        assert np.abs(np.diff(line, axis=0)).max() <= 9  # of 180 levels between ink and paper


def test_shake_goes_one_way_and_not_too_far() -> None:
    for canvas in (PAGE, FINE):
        lengths = []
        for seed in SEEDS:
            dark = np.full((201, 201, 3), 255, np.uint8)
            dark[90:111, 90:111] = 0
            seen = 255.0 - taken(MOTION, dark, canvas, 1.0, seed)[..., 0]
            at = np.arange(201) - 100.0
            mass = seen.sum()
            assert abs((seen.sum(axis=0) * at).sum() / mass) < 0.05 and abs((seen.sum(axis=1) * at).sum() / mass) < 0.05
            x, y = np.meshgrid(at, at)
            spread = np.array([[(seen * a * b).sum() / mass for a in (x, y)] for b in (x, y)]) - np.eye(2) * (
                440 / 12 + 1 / 6
            )
            short, long = np.sqrt(12 * np.maximum(np.linalg.eigvalsh(spread), 0)) / canvas.px_per_mm
            assert short < 0.5 * long
            lengths.append(long)
        assert max(lengths) <= MOST_SHAKE_MM * 1.15 and min(lengths) > 0.2


def test_few_pixels_keep_the_millimetre_grid_and_lose_what_is_finer() -> None:
    left = {}
    for per_mm in (0.9, 3.0):
        wave = 128 + 100 * np.cos(np.arange(PAGE.width_px) * 2 * np.pi * per_mm / PAGE.px_per_mm)
        bars = np.repeat(np.tile(wave.astype(np.uint8), (PAGE.height_px, 1))[..., None], 3, axis=2)
        left[per_mm] = [float(np.std(taken(RESAMPLE, bars, PAGE, 1.0, seed))) for seed in SEEDS]
    assert min(left[0.9]) > 10 and max(left[3.0]) < 10


@pytest.mark.parametrize("ratio", [(1.0, 1.0), (0.77, 0.31), (0.49, 0.1), (0.25, 0.9)])
def test_smaller_pictures_are_of_the_size_and_show_the_same(ratio: tuple[float, float]) -> None:
    ramp = np.repeat((np.arange(403) * 0.5).astype(np.uint8)[None], 301, axis=0)
    less, full = smaller(ramp, *ratio)
    assert full[0] >= 403 and full[1] >= 301 and full[0] - 403 < 1 / ratio[0] and full[1] - 301 < 1 / ratio[1]
    assert less.shape == (max(1, round(full[1] * ratio[1])), max(1, round(full[0] * ratio[0])))
    places = (np.arange(less.shape[1]) + 0.5) * full[0] / less.shape[1] - 0.5
    inside = slice(2, -2)
    assert np.abs(less[0, inside] - (places[inside] * 0.5 - 0.25)).max() < 1.0
