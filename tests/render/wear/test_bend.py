"""Bent paper: it never folds over itself, more strength bends it more; a fold is straight, and a curl is smooth."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.wear.bend import CURL, FOLD, curl, fold
from einthoven.render.wear.parts import Dice
from einthoven.render.wear.view import BEND_STEP_PX, MOST_SLOPE, Size, View, gentle

FLAT = View(Size(1100, 850), Size(1100, 850), 100 / 25.4, np.eye(3))
SMALL = View(Size(300, 900), Size(300, 900), 100 / 25.4, np.eye(3))
SEEDS = range(25)
Bending = Callable[[View, float, Dice], View]
BOTH = pytest.mark.parametrize("bending", [curl, fold])


def _bend(view: View) -> NDArray[np.float64]:
    assert view.bend is not None
    return view.bend.astype(np.float64)


def _made(bending: Bending, strength: float, seed: int, flat: View = FLAT) -> View:
    return bending(flat, strength, rng("bend", seed))


def _jacobian(view: View) -> NDArray[np.float64]:
    """How much of the flat page a small square of the picture shows, on a fine grid, from `to_page` alone."""
    width, height = view.picture
    x, y = np.meshgrid(np.arange(3, width, 7.0), np.arange(3, height, 7.0))
    at = np.stack([x.ravel(), y.ravel()], 1)
    right, down = np.array([0.5, 0.0]), np.array([0.0, 0.5])
    dx = view.to_page(at + right) - view.to_page(at - right)
    dy = view.to_page(at + down) - view.to_page(at - down)
    return np.asarray(dx[:, 0] * dy[:, 1] - dx[:, 1] * dy[:, 0])


def test_both_bend_the_view() -> None:
    assert (CURL.stage, FOLD.stage) == ("view", "view")
    assert (CURL.work, FOLD.work) == (curl, fold)


@pytest.mark.parametrize("flat", [FLAT, SMALL], ids=["letter", "narrow"])
@pytest.mark.parametrize("seed", SEEDS)
def test_paper_never_folds_over_itself(seed: int, flat: View) -> None:
    both = fold(_made(curl, 1.0, seed, flat), 1.0, rng("fold", seed))
    for view in (_made(curl, 1.0, seed, flat), _made(fold, 1.0, seed, flat), both):
        assert _jacobian(view).min() > 0.4 and _jacobian(view).max() < 1.8


@BOTH
@pytest.mark.parametrize("seed", SEEDS)
def test_slopes_are_bounded(bending: Bending, seed: int) -> None:
    bend = _bend(_made(bending, 1.0, seed))
    for axis in (0, 1):
        assert np.abs(np.diff(bend, axis=axis)).max() <= MOST_SLOPE * BEND_STEP_PX * (1 + 1e-6)


def test_a_bend_that_would_fold_the_page_over_is_made_gentle() -> None:
    """Two of the steepest bends that there can be still have a way back."""
    rows, columns = (len(one) for one in FLAT.mesh()[::-1])
    for seed in SEEDS:
        wild = [gentle(rng("wild", seed, which).normal(0, 60, (rows, columns, 2))) for which in (0, 1)]
        for axis in (0, 1):
            assert max(np.abs(np.diff(one, axis=axis)).max() for one in wild) < 0.25 * BEND_STEP_PX
        view = FLAT.bent(wild[0]).bent(wild[1])
        assert _jacobian(view).min() > 0
        points = rng("points", seed).uniform([0, 0], [1100, 850], (200, 2))
        assert np.abs(view.to_page(view.to_picture(points)) - points).max() < 0.01


@BOTH
def test_more_strength_bends_more(bending: Bending) -> None:
    for seed in SEEDS:
        weak, middle, strong = (np.abs(_bend(_made(bending, strength, seed))).mean() for strength in (0.05, 0.2, 0.5))
        assert 0 < 3 * weak < middle < strong / 2
        assert np.abs(_bend(_made(bending, 1e-6, seed))).max() < 0.01, "and hardly any hardly at all"


@BOTH
def test_other_dice_bend_otherwise_and_the_same_the_same(bending: Bending) -> None:
    bends = [_bend(_made(bending, 0.5, seed)) for seed in SEEDS]
    assert all(np.abs(one - bends[0]).max() > 0.5 for one in bends[1:])
    assert np.array_equal(bends[3], _bend(_made(bending, 0.5, 3)))


@BOTH
def test_a_full_bend_is_seen_but_the_page_stays_in_the_picture(bending: Bending) -> None:
    most = [np.abs(_bend(_made(bending, 1.0, seed))).max() * 25.4 / 100 for seed in SEEDS]
    assert max(most) > 4.0, "millimetre"
    assert max(most) < 25.0


@BOTH
def test_paper_that_is_bent_twice_has_both_bends(bending: Bending) -> None:
    once = _made(bending, 0.5, 1)
    twice = bending(once, 0.5, rng("bend", 2))
    assert _bend(twice) == pytest.approx(_bend(once) + _bend(_made(bending, 0.5, 2)), abs=1e-4)
    assert np.array_equal(twice.matrix, once.matrix) and twice.picture == once.picture


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fold_is_straight_and_one_side_of_it_lies_still(seed: int) -> None:
    """The displacement is that of a plane beyond the line, and nothing before it."""
    view = _made(fold, 0.5, seed)  # once: a second fold comes with more strength
    x_px, y_px = view.mesh()
    x, y = (one.ravel() for one in np.meshgrid(x_px, y_px))
    size = np.hypot(*_bend(view).reshape(-1, 2).T)
    beyond = size > 1e-4
    assert 0.1 < beyond.mean() < 0.9
    planes = np.stack([x, y, np.ones_like(x)], 1)
    found, *_ = np.linalg.lstsq(planes[beyond], size[beyond], rcond=None)
    assert np.abs(planes[beyond] @ found - size[beyond]).max() < 1e-3
    assert (planes[~beyond] @ found).max() < 1e-2
    tilt_deg = np.degrees(np.arctan2(abs(found[1]), abs(found[0])))
    assert min(tilt_deg, 90 - tilt_deg) < 12, "along the page or across it"


def test_a_strong_fold_has_a_second_line() -> None:
    kinks = []
    for seed in SEEDS:
        once, twice = (_bend(_made(fold, strength, seed)) / strength for strength in (0.5, 1.0))
        kinks.append(np.abs(twice - once).max())
    assert min(kinks) > 0.1


def test_a_curl_is_smooth() -> None:
    for seed in SEEDS:
        bend = _bend(_made(curl, 1.0, seed))
        for axis in (0, 1):
            assert np.abs(np.diff(bend, 2, axis=axis)).max() < 0.06 * np.abs(bend).max()
