"""Light falls off and has a colour, a shadow darkens only, a glare brightens and pales the ink."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.wear import light
from einthoven.render.wear.light import GLARE, GLARE_INK, LIGHT, SHADOW
from einthoven.render.wear.parts import Part
from tests.render.wear.films import (
    PAGE,
    SEEDS,
    alike,
    ink,
    made,
    refuse_chance,
    refuse_other_places,
    refuse_other_resolution,
    refuse_unsound,
    shade,
)

BOUNDS = {"light": (LIGHT, 0.3, 1.1), "shadow": (SHADOW, 0.45, 1.0), "glare": (GLARE, 1.0, 1.25)}
ALL = pytest.mark.parametrize("part", [LIGHT, SHADOW, GLARE], ids=["light", "shadow", "glare"])


@pytest.mark.parametrize(("part", "least", "most"), BOUNDS.values(), ids=BOUNDS)
def test_films_are_sound(part: Part, least: float, most: float) -> None:
    assert part.stage == "light"
    refuse_unsound(part, least, most, 0.3)


@ALL
def test_chance_is_in_the_dice(part: Part) -> None:
    refuse_chance(part)


@ALL
def test_more_strength_is_more_of_the_same(part: Part) -> None:
    refuse_other_places(part)


@ALL
def test_resolution_changes_nothing(part: Part) -> None:
    refuse_other_resolution(part, 0.99)


def test_light_differs_from_side_to_side_and_has_no_edges() -> None:
    for seed in SEEDS:
        field = shade(made(LIGHT, 1.0, seed))
        assert np.ptp(field.mean(axis=2)) > 0.1
        assert max(np.abs(np.diff(field, axis=axis)).max() for axis in (0, 1)) < 0.02


def test_photos_are_warm_or_cool() -> None:
    casts = [shade(made(LIGHT, 1.0, seed)).mean(axis=(0, 1)) for seed in SEEDS]
    ratios = [float(cast[2] / cast[0]) for cast in casts]
    assert min(ratios) < 0.92 and max(ratios) > 1.03


def test_a_shadow_is_one_dark_place_that_comes_from_an_edge() -> None:
    for seed in SEEDS:
        depth = 1 - shade(made(SHADOW, 1.0, seed))[..., 0]
        umbra = depth > 0.8 * depth.max()
        assert 0.01 < umbra.mean() < 0.85
        assert any(side.any() for side in (umbra[0], umbra[-1], umbra[:, 0], umbra[:, -1]))
        assert _pieces(umbra) <= 4  # fingers may lie apart


def test_the_umbra_follows_strength() -> None:
    darkest = [shade(made(SHADOW, 1.0, seed))[..., 0].min() for seed in SEEDS]
    assert 0.45 <= min(darkest) < 0.55 and 0.6 < max(darkest) < 0.75
    assert min(shade(made(SHADOW, 0.3, seed)).min() for seed in SEEDS) > 0.8


def test_a_shadow_has_a_soft_edge_of_varying_width() -> None:
    steepest = []
    for seed in SEEDS:
        depth = 1 - shade(made(SHADOW, 1.0, seed))[..., 0]
        steepest.append(np.abs(np.diff(depth / depth.max(), axis=1)).max() * PAGE.px_per_mm / 4)
    assert max(steepest) < 0.35  # per millimetre
    assert max(steepest) > 1.8 * min(steepest)


def test_hands_phones_and_heads_throw_shadows() -> None:
    corners = {len(light._outline(rng("outline", seed))) for seed in range(30)}
    assert corners == {4, 28, 26}


def test_glare_lies_within_the_picture_and_pales_the_ink_there() -> None:
    for seed in SEEDS:
        film = made(GLARE, 1.0, seed)
        bright, lost = shade(film)[..., 0] - 1, 1 - ink(film)
        assert bright.max() > 0.15 and lost.max() > 0.35 and (bright > 0.12).mean() < 0.4
        assert alike(bright, lost) > 0.999
        assert ink(film).min() >= GLARE_INK - 1e-6


def _pieces(mask: NDArray[np.bool_]) -> int:
    import cv2

    return cv2.connectedComponents(mask.astype(np.uint8))[0] - 1
