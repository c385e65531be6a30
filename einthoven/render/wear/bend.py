"""Paper that does not lie flat: curled as it came off the roll, or folded and not quite straightened."""

import math

import numpy as np

from einthoven.render.sheet import FloatArray
from einthoven.render.wear.parts import Dice, Part
from einthoven.render.wear.view import View, gentle

MOST_CURL, MOST_FOLD = 0.035, 0.09  # of the page's height and of the distance to the fold, at full strength


def curl(view: View, strength: float, dice: Dice) -> View:
    """Bow the page along one direction, with a second, weaker wave."""
    x_px, y_px = view.mesh()
    width, height = view.page
    x, y = np.meshgrid(x_px / width, y_px / height)
    angle = dice.choice([0.0, math.pi / 2]) + dice.normal(0, 0.15)
    along = x * math.cos(angle) + y * math.sin(angle)
    phase, waves, tilt = dice.uniform(0, 2 * math.pi), dice.uniform(0.6, 1.3), dice.uniform(-0.5, 0.5)
    bow = np.sin(math.pi * waves * along + phase) + 0.25 * np.sin(2.3 * math.pi * along + 2 * phase)
    bow *= (1 + tilt * (y * math.cos(angle) - x * math.sin(angle))) * MOST_CURL * strength * height
    # a bow towards the camera shifts across its axis, and foreshortens a little along it
    across = np.stack([-math.sin(angle) * bow, math.cos(angle) * bow], -1)
    along_it = np.stack([math.cos(angle) * bow, math.sin(angle) * bow], -1)
    return view.bent(gentle(across + 0.3 * along_it))


def fold(view: View, strength: float, dice: Dice) -> View:
    """Fold the page once or twice: beyond each line it is foreshortened and slides a little along the line."""
    x_px, y_px = view.mesh()
    x, y = np.meshgrid(x_px, y_px)
    bend: FloatArray = np.zeros((*x.shape, 2))
    for number in range(2):
        angle = dice.choice([0.0, math.pi / 2]) + dice.normal(0, 0.04)
        at = dice.uniform(0.25, 0.75)
        slope, slide = MOST_FOLD * dice.uniform(-1, 1), MOST_FOLD / 3 * dice.uniform(-1, 1)
        normal = np.array([math.cos(angle), math.sin(angle)])
        beyond = (x - at * view.page.width_px) * normal[0] + (y - at * view.page.height_px) * normal[1]
        beyond = np.maximum(beyond, 0.0) * strength * (1.0 if number == 0 else max(0.0, 2 * strength - 1))
        bend += beyond[..., None] * (slope * normal + slide * np.array([-normal[1], normal[0]]))
    return view.bent(gentle(bend))


CURL = Part("view", curl)
FOLD = Part("view", fold)
