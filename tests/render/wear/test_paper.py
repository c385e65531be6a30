"""Old paper is warm and darker at its edges; faded ink goes in patches and never quite."""

import numpy as np
import pytest

from einthoven.render.wear.paper import FADING, LEAST_INK, YELLOWING
from einthoven.render.wear.parts import Part
from tests.render.wear.films import (
    SEEDS,
    ink,
    made,
    refuse_chance,
    refuse_other_places,
    refuse_other_resolution,
    refuse_unsound,
    shade,
)

BOTH = pytest.mark.parametrize("part", [YELLOWING, FADING], ids=["yellowing", "fading"])


@pytest.mark.parametrize(("part", "least"), [(YELLOWING, 0.4), (FADING, 0.75)], ids=["yellowing", "fading"])
def test_films_are_sound(part: Part, least: float) -> None:
    assert part.stage == "paper"
    refuse_unsound(part, least, 1.0, LEAST_INK)


@BOTH
def test_chance_is_in_the_dice(part: Part) -> None:
    refuse_chance(part)


@BOTH
def test_more_strength_is_more_of_the_same(part: Part) -> None:
    refuse_other_places(part)


@BOTH
def test_resolution_changes_nothing(part: Part) -> None:
    refuse_other_resolution(part, 0.97)


def test_blue_goes_first_and_red_last() -> None:
    for seed in SEEDS:
        red, green, blue = shade(made(YELLOWING, 1.0, seed)).mean(axis=(0, 1))
        assert red - green > 0.04 and green - blue > 0.1


def test_edges_are_browner() -> None:
    def rim_and_middle(seed: int) -> tuple[float, float]:
        blue = shade(made(YELLOWING, 1.0, seed))[..., 2]
        rim = np.concatenate([blue[0], blue[-1], blue[:, 0], blue[:, -1]])
        return float(rim.mean()), float(blue[60:-60, 60:-60].mean())

    assert all(rim < middle for rim, middle in map(rim_and_middle, SEEDS))


def test_ink_fades_here_more_than_there() -> None:
    for seed in SEEDS:
        kept = ink(made(FADING, 1.0, seed))
        assert np.percentile(kept, 90) - np.percentile(kept, 10) > 0.2
        assert kept.mean() < 0.85


def test_weak_dots_of_the_head_leave_lines_along_the_page() -> None:
    rougher = []
    for seed in SEEDS:
        kept = ink(made(FADING, 1.0, seed))
        rougher.append(np.abs(np.diff(kept, axis=0)).mean() / np.abs(np.diff(kept, axis=1)).mean())
    assert np.median(rougher) > 2


def test_thermal_paper_greys_but_keeps_its_colour() -> None:
    for seed in SEEDS:
        red, _, blue = shade(made(FADING, 1.0, seed)).mean(axis=(0, 1))
        assert red < 1 and abs(red - blue) < 0.03
