"""Wear a flat page: paper, then the camera's view of it, what lies around and over it, light, and the camera itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.sheet import Pixels
from einthoven.render.wear.parts import STEP_PX, Canvas, Field, Film, Part, Stage, Wear, load_part
from einthoven.render.wear.view import Size, View

UNIT = 204  # of a byte that stands for a shade of 1: bytes reach up to MOST_SHADE
EDGE_POINTS = 24  # along each edge of a bent page
SHADOW, SHADOW_MM = 0.75, 1.6  # of the page on what it lies on: how dark, and how far it reaches
LID = (236, 236, 232)  # of a scanner: what lies behind a page that is turned, if no table does


@dataclass(frozen=True, eq=False)
class Worn:
    """A worn page: pixels (height, width, 3), how it is seen, and where it is covered, (height, width) or None."""

    pixels: Pixels
    view: View
    covered: NDArray[np.uint8] | None


def wear_page(pixels: Pixels, px_per_mm: float, wear: Wear, names: tuple[str | int, ...]) -> Worn:
    """Return the page worn; `pixels` is changed. names: of the page, from which each part's chance follows alone."""
    stages: dict[Stage, list[tuple[Part, float, str]]] = {}
    for name, strength in wear.strengths.items():
        if strength > 0:
            part = load_part(name)
            stages.setdefault(part.stage, []).append((part, strength, name))

    def dice(name: str) -> np.random.Generator:
        return rng("wear", name, *names)

    size = Size(pixels.shape[1], pixels.shape[0])
    canvas = Canvas(*size, px_per_mm)
    develop(pixels, [part.work(canvas, strength, dice(name)) for part, strength, name in stages.get("paper", [])])
    view = View(size, size, px_per_mm, np.eye(3))
    for part, strength, name in stages.get("view", []):
        view = part.work(view, strength, dice(name))
    tables = [part.work(canvas, strength, dice(name)) for part, strength, name in stages.get("table", [])]
    pixels = photograph(pixels, view, tables[-1] if tables else None)
    covered = np.zeros(pixels.shape[:2], np.uint8) if "cover" in stages else None
    for part, strength, name in stages.get("cover", []):
        part.work(pixels, covered, canvas, strength, dice(name))
    develop(pixels, [part.work(canvas, strength, dice(name)) for part, strength, name in stages.get("light", [])])
    for part, strength, name in stages.get("camera", []):
        pixels = part.work(pixels, canvas, strength, dice(name))
    return Worn(pixels, view, covered)


def photograph(pixels: Pixels, view: View, table: Pixels | None) -> Pixels:
    """Return the picture that is seen of a flat page, and around it the table or a scanner's lid."""
    import cv2

    if not view.moved:
        return pixels
    behind = table if table is not None else np.full((view.picture.height_px, view.picture.width_px, 3), LID, np.uint8)
    _cast_shadow(behind, view)
    near, part = cv2.convertMaps(view.maps(), np.empty(0), cv2.CV_16SC2)
    seen = cv2.remap(pixels, near, part, cv2.INTER_LINEAR, dst=behind, borderMode=cv2.BORDER_TRANSPARENT)
    return np.asarray(seen, np.uint8)


def _cast_shadow(behind: Pixels, view: View) -> None:
    """Darken, in place, what lies close around the page: paper is not glued to a table."""
    import cv2

    width, height = view.page
    along = np.linspace(0, 1, EDGE_POINTS)[:, None]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    edges = [start + along * (end - start) for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    outline = view.to_picture(np.concatenate(edges)) / STEP_PX
    mask = np.zeros(Canvas(*view.picture, view.px_per_mm).coarse, np.uint8)
    cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 255)
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.5, SHADOW_MM * view.px_per_mm / STEP_PX))
    shade = np.asarray(1 - SHADOW / 255 * soft, np.float32)
    cv2.multiply(behind, _enlarged(shade, UNIT, behind), dst=behind, scale=1 / UNIT)


def develop(pixels: Pixels, films: list[Film]) -> None:
    """Lay films over pixels, in place: ink first, then shade."""
    import cv2

    ink = _product([film.ink for film in films if film.ink is not None])
    if ink is not None:
        cv2.bitwise_not(pixels, dst=pixels)
        cv2.multiply(pixels, _enlarged(ink, 255, pixels), dst=pixels, scale=1 / 255)
        cv2.bitwise_not(pixels, dst=pixels)
    shade = _product([film.shade for film in films if film.shade is not None])
    if shade is not None:
        cv2.multiply(pixels, _enlarged(shade, UNIT, pixels), dst=pixels, scale=1 / UNIT)


def _product(fields: list[Field]) -> Field | None:
    """Return the product of fields, (rows, columns, 3) if one of them is coloured, None of none."""
    made: Field | None = None
    for field in sorted(fields, key=np.ndim):  # the grey ones first: a third of the work
        made = field if made is None else made[..., None] * field if made.ndim < field.ndim else made * field
    return made


def _enlarged(field: Field, unit: int, pixels: Pixels) -> Pixels:
    """Return a field as bytes, `unit` for 1, as large as pixels (height, width, 3)."""
    import cv2

    small = cv2.convertScaleAbs(field, alpha=unit)
    large = cv2.resize(small, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(large if field.ndim == 3 else cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), np.uint8)
