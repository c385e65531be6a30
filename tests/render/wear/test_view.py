"""The way from the flat page to the picture and back, against OpenCV and against each other."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.wear.bend import curl, fold
from einthoven.render.wear.view import BEND_STEP_PX, MOST_SLOPE, Size, View, gentle, project

FLAT = View(Size(600, 400), Size(600, 400), 4.0, np.eye(3))
TILT = np.array([[0.9, 0.08, 12.0], [-0.05, 1.05, 7.0], [1e-4, -5e-5, 1.0]])


def _points(count: int = 400) -> NDArray[np.float64]:
    return rng("points").uniform([0, 0], [600, 400], (count, 2))


def _bent(seed: int) -> View:
    return fold(curl(FLAT, 1.0, rng("curl", seed)), 1.0, rng("fold", seed)).then(TILT)


def test_a_flat_page_is_its_own_picture() -> None:
    points = _points()
    assert not FLAT.moved
    assert np.array_equal(FLAT.to_picture(points), points)
    x_map, y_map = np.moveaxis(FLAT.maps(), 2, 0)
    assert np.abs(x_map - np.arange(600)[None]).max() < 1e-3
    assert np.abs(y_map - np.arange(400)[:, None]).max() < 1e-3


def test_a_homography_is_opencvs() -> None:
    points = _points()
    want = cv2.perspectiveTransform(points[None], TILT)[0]
    assert FLAT.then(TILT).to_picture(points) == pytest.approx(want, abs=1e-9)
    assert project(TILT, points) == pytest.approx(want, abs=1e-9)


def test_what_comes_later_is_applied_later() -> None:
    shift, turn = np.eye(3), np.diag([2.0, 2.0, 1.0])
    shift[0, 2] = 10.0
    assert FLAT.then(shift).then(turn).to_picture(np.array([[1.0, 1.0]])).tolist() == [[22.0, 2.0]]


@pytest.mark.parametrize("seed", range(20))
def test_there_and_back_is_where_one_was(seed: int) -> None:
    points, view = _points(), _bent(seed)
    assert np.abs(view.to_page(view.to_picture(points)) - points).max() < 6e-3
    assert np.abs(view.to_picture(points) - FLAT.then(TILT).to_picture(points)).max() > 1.0, "the bend does something"


@pytest.mark.parametrize("seed", range(5))
def test_the_pixels_way_back_is_the_points_way_back(seed: int) -> None:
    view = _bent(seed)
    x_map, y_map = np.moveaxis(view.maps(), 2, 0)
    at = rng("at", seed).integers([0, 0], [600, 400], (300, 2))
    want = view.to_page(at.astype(np.float64))
    found = np.stack([x_map[at[:, 1], at[:, 0]], y_map[at[:, 1], at[:, 0]]], 1)
    assert np.abs(found - want).max() < 0.25  # pixels; the mesh of the map is interpolated


def test_the_picture_shows_what_the_truth_says() -> None:
    """Dots drawn on a flat page are found, in the picture that OpenCV made of it, where `to_picture` says."""
    view = _bent(3)
    page = np.zeros((400, 600), np.uint8)
    dots = np.array([(80 * column + 60, 70 * row + 50) for column in range(6) for row in range(5)])
    page[dots[:, 1], dots[:, 0]] = 255
    maps = cv2.convertMaps(view.maps(), np.empty(0), cv2.CV_32FC1)
    seen = cv2.remap(cv2.GaussianBlur(page, (0, 0), 2.0) * np.uint8(20), *maps[:2], cv2.INTER_LINEAR)
    for x, y in view.to_picture(dots.astype(np.float64)):
        if not (12 < x < 588 and 12 < y < 388):
            continue
        left, top = round(x) - 10, round(y) - 10
        patch = seen[top : top + 21, left : left + 21].astype(np.float64)
        rows, columns = np.mgrid[top : top + 21, left : left + 21]
        assert (patch * columns).sum() / patch.sum() == pytest.approx(x, abs=0.5)
        assert (patch * rows).sum() / patch.sum() == pytest.approx(y, abs=0.5)


def test_a_wild_bend_is_tamed() -> None:
    wild = rng("wild").normal(0, 100, (12, 16, 2))
    tame = gentle(wild)
    slopes = [np.abs(np.diff(tame, axis=axis)).max() / BEND_STEP_PX for axis in (0, 1)]
    assert max(slopes) == pytest.approx(MOST_SLOPE, rel=1e-5)
    assert np.array_equal(gentle(tame * 0.5), tame * np.float32(0.5)), "a gentle one stays as it is"
