"""Stains darken where they lie, have a dark rim where they are drops, and leave the rest of the page alone."""

import numpy as np

from einthoven.core.rng import rng
from einthoven.render.wear.noise import patch
from einthoven.render.wear.stain import KINDS, LEAST_SHADE, REACH, STAIN, _drop, _ring
from tests.render.wear.films import (
    CANVASES,
    PAGE,
    SEEDS,
    made,
    refuse_chance,
    refuse_other_places,
    refuse_other_resolution,
    refuse_unsound,
    shade,
)

MIDDLE = (140.0, 108.0)


def test_films_are_sound() -> None:
    assert STAIN.stage == "paper"
    refuse_unsound(STAIN, LEAST_SHADE, 1.0, 1.0)


def test_chance_is_in_the_dice() -> None:
    refuse_chance(STAIN)


def test_more_strength_is_more_of_the_same() -> None:
    refuse_other_places(STAIN)


def test_resolution_changes_little() -> None:
    refuse_other_resolution(STAIN, 0.85)


def test_most_of_a_page_stays_clean_and_every_page_is_stained() -> None:
    for seed in SEEDS:
        dark = shade(made(STAIN, 1.0, seed)).min(axis=2)
        assert (dark > 0.99).mean() > 0.4
        assert dark.min() < 0.9


def test_every_kind_is_darkest_in_its_own_reach() -> None:
    for kind in KINDS:
        radius_mm = kind.radius_mm[1]
        spot = patch(CANVASES[1], MIDDLE, REACH * radius_mm)
        for seed in SEEDS:
            dark = kind.dark(spot, radius_mm, rng("stain", seed))
            rim = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
            assert dark.max() > 0.3 and rim.max() < 0.08, kind


def test_a_drop_is_darker_at_its_rim_and_not_round() -> None:
    for seed in SEEDS:
        spot = patch(PAGE, MIDDLE, 27.0)
        dark = _drop(spot, 20.0, rng("drop", seed))
        away_mm = np.hypot(spot.x_mm, spot.y_mm)
        assert np.percentile(dark[dark > 0.05], 98) > 1.5 * dark[away_mm < 8].mean()
        edge_mm = [away_mm[way][dark[way] > 0.1].max() for way in _ways(dark.shape)]
        assert max(edge_mm) - min(edge_mm) > 1.0


def test_a_ring_is_empty_inside() -> None:
    for seed in SEEDS:
        spot = patch(PAGE, MIDDLE, 54.0)
        dark = _ring(spot, 40.0, rng("ring", seed))
        away_mm = np.hypot(spot.x_mm, spot.y_mm)
        on_it, inside = dark[np.abs(away_mm - 40) < 1.5].mean(), dark[away_mm < 30].mean()
        assert on_it > 1.4 * inside and dark[away_mm > 48].max() < 0.01


def _ways(shape: tuple[int, ...]) -> list[tuple[slice | int, slice | int]]:
    """From the middle to the four sides."""
    row, column = shape[0] // 2, shape[1] // 2
    return [
        (row, slice(column, None)),
        (row, slice(0, column)),
        (slice(row, None), column),
        (slice(0, row), column),
    ]
