"""Where the camera stands: angles measured on the corners, and what is cut off."""

import math

import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.render.wear.angle import MOST_CUT, MOST_DEG, crop, perspective, rotation
from einthoven.render.wear.view import Size, View

FLAT = View(Size(800, 600), Size(800, 600), 4.0, np.eye(3))
CORNERS = np.array([(0.0, 0.0), (800, 0), (800, 600), (0, 600)])


@pytest.mark.parametrize("seed", range(30))
def test_a_turned_page_keeps_its_middle_its_size_and_a_bounded_angle(seed: int) -> None:
    view = rotation(FLAT, 0.5, rng("r", seed))
    middle, *_ = view.to_picture(np.array([[400.0, 300.0]]))
    assert middle == pytest.approx([400, 300])
    top = np.diff(view.to_picture(CORNERS[:2]), axis=0)[0]
    assert math.hypot(*top) == pytest.approx(800)
    assert 0.25 * 0.5 * MOST_DEG <= abs(math.degrees(math.atan2(top[1], top[0]))) <= 0.5 * MOST_DEG + 1e-9


def test_pages_are_turned_both_ways() -> None:
    turned = [rotation(FLAT, 1.0, rng("r", seed)).matrix[1, 0] for seed in range(30)]
    assert min(turned) < 0 < max(turned)


@pytest.mark.parametrize("seed", range(30))
def test_a_tilted_page_is_a_true_perspective_that_nearly_fills_the_picture(seed: int) -> None:
    view = perspective(FLAT, 1.0, rng("p", seed))
    seen = view.to_picture(CORNERS)
    spread = (seen.max(axis=0) - seen.min(axis=0)) / [800, 600]
    assert ((spread > 0.88) & (spread < 1.07)).all()
    sides = np.diff(np.vstack([seen, seen[:1]]), axis=0)
    turns = [a[0] * b[1] - a[1] * b[0] for a, b in zip(sides, np.roll(sides, -1, axis=0), strict=True)]
    assert min(turns) > 0, "the page is convex and seen from above"
    assert np.abs(view.matrix[2, :2]).max() > 0


@pytest.mark.parametrize("seed", range(30))
def test_a_cut_page_lacks_edges_and_nothing_is_turned(seed: int) -> None:
    view = crop(FLAT, 1.0, rng("c", seed))
    low, high = view.to_page(np.array([(0.0, 0.0), (800, 600)]))
    lost = (low / [800, 600] + 1 - high / [800, 600]) * 1.0
    assert (lost >= -1e-9).all()
    assert 0.3 * MOST_CUT <= lost.max() <= MOST_CUT + 1e-9
    assert view.matrix[0, 1] == view.matrix[1, 0] == 0


@pytest.mark.parametrize("part", [rotation, perspective, crop])
def test_more_is_stronger_with_the_same_chance(part: type) -> None:
    def moved(strength: float) -> float:
        return float(np.abs(part(FLAT, strength, rng("same", 4)).to_picture(CORNERS) - CORNERS).mean())

    assert moved(0.1) < moved(0.4) < moved(1.0)
