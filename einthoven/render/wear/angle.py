"""Where the camera stands: the page turned, seen at an angle, and cut off at an edge."""

import math

import numpy as np

from einthoven.render.wear.parts import Dice, Part
from einthoven.render.wear.view import Matrix, View

MOST_DEG, MOST_TILT, MOST_CUT = 9.0, 0.1, 0.22  # at full strength; tilt and cut as shares of the picture


def rotation(view: View, strength: float, dice: Dice) -> View:
    """Turn the page about its middle, by up to MOST_DEG either way."""
    share = dice.uniform(0.25, 1.0) * dice.choice([-1.0, 1.0])
    angle = math.radians(MOST_DEG * strength * share)
    turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1.0]])
    return view.then(_about_middle(view, turn))


def perspective(view: View, strength: float, dice: Dice) -> View:
    """See the page from a hand's height: corners move, and the page fills most of the picture."""
    import cv2

    width, height = view.picture
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    moved = corners + dice.uniform(-1, 1, (4, 2)) * MOST_TILT * strength * np.array([width, height])
    low, high = moved.min(axis=0), moved.max(axis=0)
    margin = 1 + dice.uniform(-0.06, 0.08) * strength  # above 1 the table shows, below 1 the edges are cut
    moved = (moved - (low + high) / 2) * (corners[2] / (high - low) / margin) + corners[2] / 2
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    return view.then(np.asarray(matrix, np.float64))


def crop(view: View, strength: float, dice: Dice) -> View:
    """Come so near that one or two edges, and what is printed there, are out of the picture."""
    size = np.array(view.picture, np.float64)
    cut = dice.uniform(0.3, 1.0, 2) * MOST_CUT * strength
    cut[dice.integers(2)] *= dice.choice([0.0, 1.0])
    first = cut * dice.choice([0.0, 1.0], 2)  # what is cut left and above; the rest is cut right and below
    near = np.diag([*(1 / (1 - cut)), 1.0])
    near[:2, 2] = -first * size / (1 - cut)
    return view.then(near)


def _about_middle(view: View, matrix: Matrix) -> Matrix:
    """Return a homography that leaves the middle of the picture where it is."""
    middle = np.eye(3)
    middle[:2, 2] = np.array(view.picture) / 2
    made: Matrix = middle @ matrix @ np.linalg.inv(middle)
    return made


ROTATION = Part("view", rotation)
PERSPECTIVE = Part("view", perspective)
CROP = Part("view", crop)
