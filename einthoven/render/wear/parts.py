"""The parts of wear and how strong each is: one number for everybody, a frozen dataclass for experts."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any, Literal, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import InputError

STEP_PX = 4  # fields of light and shade are made at a quarter of the resolution

Dice = np.random.Generator
Field = NDArray[np.float32]  # (height / STEP_PX, width / STEP_PX) or the same with 3 colours
Stage = Literal["paper", "view", "table", "cover", "light", "camera"]


class Canvas(NamedTuple):
    """The size of what is worn: pixels, and how many of them a millimetre of paper has."""

    width_px: int
    height_px: int
    px_per_mm: float

    @property
    def coarse(self) -> tuple[int, int]:
        """Rows and columns of a field."""
        return -(-self.height_px // STEP_PX), -(-self.width_px // STEP_PX)


class Film(NamedTuple):
    """What paper or light does everywhere.

    shade: what the colours are multiplied with, 1 for nothing; ink: which share of the ink stays, 1 for all.
    """

    shade: Field | None = None
    ink: Field | None = None


# What a part does, by its stage; strength is above 0 and up to 1, dice belong to this part of this page alone.
#   paper, light   (canvas, strength, dice) -> Film
#   view           (view, strength, dice) -> View, see wear/view.py
#   table          (canvas, strength, dice) -> pixels (height, width, 3): what lies behind the paper
#   cover          (pixels, covered, canvas, strength, dice) -> None: draws over the picture, and 255 where it did
#   camera         (pixels, canvas, strength, dice) -> pixels
Work = Callable[..., Any]


@dataclass(frozen=True)
class Part:
    """One kind of wear: when it happens, and what it does."""

    stage: Stage
    work: Work


# In the order in which they happen.
PARTS: dict[str, str] = {
    "yellowing": "einthoven.render.wear.paper:YELLOWING",
    "fading": "einthoven.render.wear.paper:FADING",
    "stain": "einthoven.render.wear.stain:STAIN",
    "wrinkle": "einthoven.render.wear.crease:WRINKLE",
    "crease": "einthoven.render.wear.crease:CREASE",
    "fold": "einthoven.render.wear.bend:FOLD",
    "curl": "einthoven.render.wear.bend:CURL",
    "rotation": "einthoven.render.wear.angle:ROTATION",
    "perspective": "einthoven.render.wear.angle:PERSPECTIVE",
    "crop": "einthoven.render.wear.angle:CROP",
    "table": "einthoven.render.wear.table:TABLE",
    "finger": "einthoven.render.wear.finger:FINGER",
    "light": "einthoven.render.wear.light:LIGHT",
    "shadow": "einthoven.render.wear.light:SHADOW",
    "glare": "einthoven.render.wear.light:GLARE",
    "moire": "einthoven.render.wear.screen:MOIRE",
    "focus": "einthoven.render.wear.blur:FOCUS",
    "motion": "einthoven.render.wear.blur:MOTION",
    "resample": "einthoven.render.wear.blur:RESAMPLE",
    "noise": "einthoven.render.wear.sensor:NOISE",
    "sharpen": "einthoven.render.wear.sensor:SHARPEN",
    "jpeg": "einthoven.render.wear.sensor:JPEG",
    "fax": "einthoven.render.wear.fax:FAX",
}


@dataclass(frozen=True)
class Wear:
    """How strong each part of the wear is: 0 absent, 1 as strong as a page still stands. Raises InputError outside."""

    yellowing: float = 0.0
    fading: float = 0.0
    stain: float = 0.0
    wrinkle: float = 0.0
    crease: float = 0.0
    fold: float = 0.0
    curl: float = 0.0
    rotation: float = 0.0
    perspective: float = 0.0
    crop: float = 0.0
    table: float = 0.0
    finger: float = 0.0
    light: float = 0.0
    shadow: float = 0.0
    glare: float = 0.0
    moire: float = 0.0
    focus: float = 0.0
    motion: float = 0.0
    resample: float = 0.0
    noise: float = 0.0
    sharpen: float = 0.0
    jpeg: float = 0.0
    fax: float = 0.0

    def __post_init__(self) -> None:
        for name, strength in self.strengths.items():
            if not 0 <= strength <= 1:
                raise InputError(f"wear {name} is {strength:g}; it must be 0 to 1")

    @property
    def strengths(self) -> dict[str, float]:
        """Every part in the order in which it happens."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def load_part(name: str) -> Part:
    """Return a part by its name in PARTS."""
    module, _, attribute = PARTS[name].partition(":")
    return cast(Part, getattr(import_module(module), attribute))
