"""A crease is a straight dark line with a bright one at its side and lost ink on it; wrinkles are facets in light."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.wear import crease
from einthoven.render.wear.crease import CREASE, RIDGE_INK, WRINKLE
from einthoven.render.wear.parts import Part
from tests.render.wear.films import (
    CANVASES,
    PAGE,
    SEEDS,
    ink,
    made,
    refuse_chance,
    refuse_other_places,
    refuse_other_resolution,
    refuse_unsound,
    shade,
)

BOTH = pytest.mark.parametrize("part", [CREASE, WRINKLE], ids=["crease", "wrinkle"])
POINT_MM = 4 / PAGE.px_per_mm


@pytest.fixture
def one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is folded once, across the middle of its height and a little askew."""
    monkeypatch.setattr(crease, "_lines", lambda dice: [(np.pi / 2 + 0.03, 0.5, 0.5)])


@BOTH
def test_films_are_sound(part: Part) -> None:
    assert part.stage == "paper"
    refuse_unsound(part, 0.5, 1.2, RIDGE_INK)


@BOTH
def test_chance_is_in_the_dice(part: Part) -> None:
    refuse_chance(part)


@BOTH
def test_more_strength_is_more_of_the_same(part: Part) -> None:
    refuse_other_places(part)


def test_resolution_changes_little() -> None:
    refuse_other_resolution(WRINKLE, 0.95)
    refuse_other_resolution(CREASE, 0.6)  # a line is as thin as a field's points allow


@pytest.mark.usefixtures("one_line")
def test_the_line_is_straight_and_where_it_was_folded() -> None:
    for seed in SEEDS:
        row = ink(made(CREASE, 1.0, seed)).argmin(axis=0) * POINT_MM
        column = np.arange(len(row)) * POINT_MM
        slope, start = np.polyfit(column, row, 1)
        assert np.abs(row - (slope * column + start)).max() < 2.5
        assert np.std(row - (slope * column + start)) < 0.8
        assert slope == pytest.approx(0.03, abs=0.01)
        assert start + slope * column.mean() == pytest.approx(PAGE.height_px / PAGE.px_per_mm / 2, abs=1.5)


@pytest.mark.usefixtures("one_line")
def test_the_line_is_darker_than_both_sides() -> None:
    for seed in SEEDS:
        across = _across(shade(made(CREASE, 1.0, seed))[..., 0])
        from_above, from_below = across[:8] - across[0], across[9:] - across[-1]  # without the step between the sides
        assert min(from_above[5:].min(), from_below[:3].min()) < -0.04
        assert max(np.abs(from_above[:4]).max(), np.abs(from_below[4:]).max()) < 0.03


def test_a_ridge_shines_on_one_flank_and_is_dark_on_the_other() -> None:
    away_mm = np.linspace(-5, 5, 1001, dtype=np.float32)
    bright, broken = crease._ridge(away_mm, 0.4)
    assert bright.max() > 0.03 and -1 < away_mm[bright.argmax()] < 0
    assert bright.min() < -0.3 and 0 < away_mm[bright.argmin()] < 1
    assert np.abs(bright[[0, -1]]).max() < 0.01
    assert abs(away_mm[broken.argmax()]) < 0.01 and broken.max() == pytest.approx(1)


@pytest.mark.usefixtures("one_line")
def test_ink_is_lost_on_the_line_alone() -> None:
    kept = ink(made(CREASE, 1.0, 1, CANVASES[1]))
    middle = kept.shape[0] // 2
    assert kept[: middle - 30].min() > 0.999 and kept[middle + 30 :].min() > 0.999
    assert kept.min() < 0.75


@pytest.mark.usefixtures("one_line")
def test_the_two_sides_differ_in_brightness() -> None:
    steps = []
    for seed in SEEDS:
        field = shade(made(CREASE, 1.0, seed))
        steps.append(float(field[:60].mean() - field[-60:].mean()))
    assert np.median(np.abs(steps)) > 0.03 and min(steps) < 0 < max(steps)


def test_a_letter_has_parallel_folds_and_angles_vary() -> None:
    folded = [crease._lines(rng("lines", seed)) for seed in range(60)]
    assert {len(lines) for lines in folded} == {1, 2, 3}
    assert any(len(lines) > 1 and abs(lines[0][0] - lines[1][0]) < 0.2 for lines in folded)


def test_facets_are_flat_and_end_in_edges() -> None:
    for seed in SEEDS:
        bend = np.abs(np.diff(crease._facets(PAGE, 30, rng("facets", seed)), n=2, axis=1))
        assert np.median(bend) < 1e-4 and np.percentile(bend, 99) > 0.1


def test_wrinkles_have_edges_that_smooth_noise_has_not() -> None:
    for seed in SEEDS:
        step = np.abs(np.diff(shade(made(WRINKLE, 1.0, seed, CANVASES[1]))[..., 0], axis=1))
        assert (step > 6 * np.median(step)).mean() > 0.036


def test_wrinkles_show_all_over_the_page() -> None:
    for seed in SEEDS:
        field = shade(made(WRINKLE, 1.0, seed))[..., 0]
        parts = [part.std() for rows in np.array_split(field, 3) for part in np.array_split(rows, 3, axis=1)]
        assert min(parts) > 0.004 and 0.03 < field.std() < 0.15


def _across(field: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean over columns of what lies up to 8 points above and below the line."""
    rows, columns = field.shape
    middle = (rows - 1) / 2 + 0.03 * (np.arange(columns) - (columns - 1) / 2)
    return np.array([field[np.round(middle + away).astype(int), np.arange(columns)].mean() for away in range(-8, 9)])
