"""From the flat page to the picture: a homography after a bend of the paper, and the way back, both exact."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from einthoven.render.sheet import FloatArray

BEND_STEP_PX = 32.0  # of the mesh on which a bend is given, on the page
MAP_STEP_PX = 8  # of the mesh from which the pixels' way back is interpolated, in the picture
MOST_SLOPE = 0.2  # a bend never moves neighbours by more than this share of their distance, so that it has a way back
TURNS = 40
NEAR_PX = 5e-3

Matrix = FloatArray


class Size(NamedTuple):
    """Width and height of a picture in pixels."""

    width_px: int
    height_px: int


@dataclass(frozen=True, eq=False)
class View:
    """How a page is seen. page, picture: sizes; matrix: 3x3 from the bent page to the picture, in pixels.

    bend: (rows, columns, 2) displacement on a mesh of BEND_STEP_PX over the page: what is seen at a place q of the bent
    page is the flat page's q + bend(q), interpolated linearly; None for flat paper.
    """

    page: Size
    picture: Size
    px_per_mm: float
    matrix: Matrix
    bend: NDArray[np.float32] | None = None

    @property
    def moved(self) -> bool:
        """Whether the picture is anything but the flat page itself."""
        return self.bend is not None or self.page != self.picture or not np.array_equal(self.matrix, np.eye(3))

    def then(self, matrix: Matrix) -> "View":
        """Return the view after one more homography of the picture."""
        return replace(self, matrix=matrix @ self.matrix)

    def bent(self, bend: NDArray[np.float32]) -> "View":
        """Return the view with a further bend of the paper."""
        return replace(self, bend=bend if self.bend is None else self.bend + bend)

    def mesh(self) -> tuple[FloatArray, FloatArray]:
        """Return x (columns,) and y (rows,) of the bend's mesh, which covers the page with a mesh width to spare."""
        columns, rows = (int(size // BEND_STEP_PX) + 4 for size in self.page)
        return (np.arange(columns) - 1.0) * BEND_STEP_PX, (np.arange(rows) - 1.0) * BEND_STEP_PX

    def to_picture(self, page_px: FloatArray) -> FloatArray:
        """Return where (n, 2) points of the flat page are seen, within NEAR_PX."""
        return project(self.matrix, self._unflattened(page_px)) if self.moved else page_px

    def to_page(self, picture_px: FloatArray) -> FloatArray:
        """Return which (n, 2) points of the flat page are seen at points of the picture."""
        places = project(np.linalg.inv(self.matrix), picture_px)
        if self.bend is not None:
            places = places + self._bend_at(places)
        return places

    def maps(self) -> NDArray[np.float32]:
        """Return (height, width, 2): x and y on the flat page of every pixel of the picture."""
        import cv2

        width, height = self.picture
        columns, rows = width // MAP_STEP_PX + 3, height // MAP_STEP_PX + 3
        # nodes at the middles of cells of MAP_STEP_PX pixels, where an enlargement has its sources, and one more around
        x, y = (np.arange(-1, count - 1) * float(MAP_STEP_PX) + (MAP_STEP_PX - 1) / 2 for count in (columns, rows))
        places = np.stack([one.ravel() for one in np.meshgrid(x, y)], 1)
        nodes = self.to_page(places).astype(np.float32).reshape(rows, columns, 2)
        large = cv2.resize(nodes, (columns * MAP_STEP_PX, rows * MAP_STEP_PX), interpolation=cv2.INTER_LINEAR)
        step = MAP_STEP_PX
        return np.asarray(large[step : step + height, step : step + width], np.float32)

    def _unflattened(self, page_px: FloatArray) -> FloatArray:
        """Return where points of the flat page lie on the bent one: q + bend(q) = p, by fixed point."""
        if self.bend is None:
            return page_px
        places = np.array(page_px, np.float64)
        for _ in range(TURNS):
            nearer = page_px - self._bend_at(places)
            step = np.abs(nearer - places).max(initial=0.0)
            places = nearer
            if step < NEAR_PX / 5:
                break
        return places

    def _bend_at(self, places: FloatArray) -> FloatArray:
        assert self.bend is not None
        rows, columns = self.bend.shape[:2]
        at = np.clip(places / BEND_STEP_PX + 1.0, 0.0, np.array([columns - 1.000001, rows - 1.000001]))
        whole = at.astype(np.intp)
        part = (at - whole)[..., None]
        x, y = whole[:, 0], whole[:, 1]
        fx, fy = part[:, 0], part[:, 1]
        flat = self.bend.reshape(-1, 2)
        corner = y * columns + x
        top = flat[corner] * (1 - fx) + flat[corner + 1] * fx
        low = flat[corner + columns] * (1 - fx) + flat[corner + columns + 1] * fx
        bent: FloatArray = top * (1 - fy) + low * fy
        return bent


def project(matrix: Matrix, points: FloatArray) -> FloatArray:
    """Return (n, 2) points after a homography."""
    made = points @ matrix[:, :2].T + matrix[:, 2]
    moved: FloatArray = made[:, :2] / made[:, 2:]
    return moved


def gentle(bend: FloatArray) -> NDArray[np.float32]:
    """Return a bend, made smaller as a whole where its slope would fold the paper over itself."""
    slope = max(np.abs(np.diff(bend, axis=axis)).max(initial=0.0) for axis in (0, 1)) / BEND_STEP_PX
    return (bend * min(1.0, MOST_SLOPE / slope if slope > 0 else 1.0)).astype(np.float32)
