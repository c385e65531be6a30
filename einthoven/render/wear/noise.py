"""What the fields of wear are made of: where a point lies on the paper, smooth chance, and patches of a page."""

from typing import NamedTuple, cast

import numpy as np

from einthoven.render.wear.parts import STEP_PX, Canvas, Dice, Field


def smooth(shape: tuple[int, int], cell: float, dice: Dice) -> Field:
    """Return noise in -1..1 whose bumps are about `cell` points wide.

    The number of bumps follows from shape / cell, so that the same dice draw the same at any resolution.
    """
    import cv2

    knots = [max(2, round(side / cell) + 1) if side > 1 else 1 for side in shape]
    values = 2 * dice.random(knots, dtype=np.float32) - 1
    made = cv2.resize(values, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC).reshape(shape)
    return cast(Field, np.clip(made, -1, 1, out=made))


def clouds(canvas: Canvas, mm: float, dice: Dice) -> Field:
    """Return noise in -1..1 over a whole canvas, whose bumps are about `mm` wide."""
    return smooth(canvas.coarse, mm * canvas.px_per_mm / STEP_PX, dice)


def places_mm(canvas: Canvas) -> tuple[Field, Field]:
    """Return x (1, columns) and y (rows, 1) of a field's points from the top left of the canvas."""
    rows, columns = canvas.coarse
    step_mm = np.float32(STEP_PX / canvas.px_per_mm)
    x_mm = (np.arange(columns, dtype=np.float32) + np.float32(0.5)) * step_mm
    y_mm = (np.arange(rows, dtype=np.float32) + np.float32(0.5)) * step_mm
    return x_mm[None, :], y_mm[:, None]


def rough(canvas: Canvas, step_mm: float) -> Canvas:
    """Return a canvas of the same paper whose fields have a point every `step_mm`: enough for what is soft."""
    px_per_mm = STEP_PX / step_mm
    scale = px_per_mm / canvas.px_per_mm
    return Canvas(max(1, round(canvas.width_px * scale)), max(1, round(canvas.height_px * scale)), px_per_mm)


def enlarged(field: Field, canvas: Canvas) -> Field:
    """Return a field of a rough canvas as one of this canvas."""
    import cv2

    return cast(Field, cv2.resize(field, canvas.coarse[::-1], interpolation=cv2.INTER_LINEAR))


class Patch(NamedTuple):
    """A square of a field around one place, cut off where the field ends."""

    here: tuple[slice, slice]  # its points in the field
    cut: tuple[slice, slice]  # the same points in the square
    side: int  # of the square, in points
    half_mm: float
    x_mm: Field  # (1, columns), from the place on
    y_mm: Field  # (rows, 1)

    def noise(self, mm: float, dice: Dice) -> Field:
        """Return noise in -1..1 whose bumps are about `mm` wide; the page's end does not change it."""
        return smooth((self.side, self.side), mm / self.step_mm, dice)[self.cut]

    @property
    def step_mm(self) -> float:
        return 2 * self.half_mm / self.side


def patch(canvas: Canvas, at_mm: tuple[float, float], half_mm: float) -> Patch:
    """Return the square that reaches `half_mm` around a place (x, y) on the canvas."""
    x_mm, y_mm = places_mm(canvas)
    step_mm = STEP_PX / canvas.px_per_mm
    half = max(1, round(half_mm / step_mm))
    here, cut = [], []
    for mm, count in zip(at_mm[::-1], canvas.coarse, strict=True):
        first = int(mm / step_mm) - half
        start, stop = max(first, 0), min(first + 2 * half, count)
        here.append(slice(start, stop))
        cut.append(slice(start - first, stop - first))
    rows, columns = here
    x, y = x_mm[:, columns] - np.float32(at_mm[0]), y_mm[rows] - np.float32(at_mm[1])
    return Patch((rows, columns), (cut[0], cut[1]), 2 * half, half_mm, x, y)
