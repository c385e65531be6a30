"""What is known of a drawn page: where each trace, name, pulse and word lies in the picture, and how it was made."""

from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.render.desk import Printed
from einthoven.render.look import Look
from einthoven.render.place import Placed
from einthoven.render.settings import Settings
from einthoven.render.sheet import Box, FloatArray
from einthoven.render.wear.apply import Worn
from einthoven.render.wear.view import View

FORM = 1  # raised when the form changes
MESH_PX = 64  # of the mesh that states a dense warp
HIDDEN = 128  # of 255: what is covered by more than half is not seen


def truth_of(
    placed: Placed, printed: list[Printed], names_px: list[Box], worn: Worn, look: Look, settings: Settings
) -> dict[str, Any]:
    """Return the truth: numbers, strings, lists and (n, 2) arrays; `truth_bytes` makes JSON of it.

    Everything that has a place has it in pixels of the picture, (0, 0) being the centre of the top left pixel.
    """
    view, sheet = worn.view, placed.sheet
    flat = np.concatenate([trace.points_mm for trace in placed.traces]) * sheet.px_per_mm
    points, firsts = _rounded(view.to_picture(flat)), np.cumsum([0, *(len(one.points_mm) for one in placed.traces)])
    shown = visible(points, worn)
    corners = [edge.reduceat(points, firsts[:-1], axis=0) for edge in (np.minimum, np.maximum)]
    around = _clipped(np.concatenate(corners, axis=1).astype(np.float64), view)
    boxes = _boxes([*names_px, *(_around(one[1:-1] * sheet.px_per_mm) for one in placed.pulses_mm)], view)
    pulses = boxes[len(names_px) :]
    leads = [
        {
            "name": trace.name,
            "role": trace.role,
            "box": box,
            "label_box": name_box,
            "start_s": trace.start_s,
            "end_s": trace.end_s,
            "trace": points[first:last],
            "visible": shown[first:last],
        }
        for trace, name_box, box, (first, last) in zip(
            placed.traces, boxes[: len(names_px)], around, pairwise(firsts.tolist()), strict=True
        )
    ]
    texts = [{"text": one.text, "kind": one.kind} for one in printed]
    for text, box in zip(texts, _boxes([one.box for one in printed], view), strict=True):
        text["box"] = box  # type: ignore[assignment]
    return {
        "form": FORM,
        "page_px": list(view.page),
        "page_mm": [sheet.width_mm, sheet.height_mm],
        "picture_px": list(view.picture),
        "px_per_mm": sheet.px_per_mm,
        "layout": look.layout,
        "speed_mm_s": settings.speed_mm_s,
        "gain_mm_mv": settings.gain_mm_mv,
        "chest_gain_mm_mv": settings.chest_gain_mm_mv or settings.gain_mm_mv,
        "leads": leads,
        "pulse": pulses[0] if pulses else None,
        "pulses": pulses,
        "texts": texts,
        "homography": None if view.bend is not None else view.matrix.tolist(),
        "warp": _mesh(view) if view.bend is not None else None,
        "seed": settings.seed,
        "settings": {"asked": asdict(settings), "drawn": asdict(look)},
    }


def truth_bytes(truth: dict[str, Any]) -> bytes:
    """Return a truth as JSON."""
    import orjson

    return orjson.dumps(truth, option=orjson.OPT_SERIALIZE_NUMPY)


def visible(points: FloatArray, worn: Worn) -> NDArray[np.uint8]:
    """Return 1 for points (n, 2) that lie within the picture and under nothing, else 0."""
    width, height = worn.view.picture
    at = np.rint(points).astype(np.intp)
    inside = (at[:, 0] >= 0) & (at[:, 0] < width) & (at[:, 1] >= 0) & (at[:, 1] < height)
    if worn.covered is not None:
        inside[inside] = worn.covered[at[inside, 1], at[inside, 0]] < HIDDEN
    return inside.astype(np.uint8)


def _rounded(points: FloatArray) -> NDArray[np.float32]:
    return np.asarray(np.round(points.astype(np.float32), 2), np.float32)


def _around(points: FloatArray) -> Box:
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _boxes(flat: list[Box], view: View) -> list[list[float]]:
    """Return the boxes, upright in the picture, of what lies within boxes of the flat page."""
    if not flat:
        return []
    low_high = np.array(flat).reshape(-1, 2, 2)
    x0, y0, x1, y1 = low_high[:, 0, 0], low_high[:, 0, 1], low_high[:, 1, 0], low_high[:, 1, 1]
    xm, ym = (x0 + x1) / 2, (y0 + y1) / 2
    # corners and the middles of the edges: a bend may bow an edge outwards
    ring = np.stack([x0, y0, xm, y0, x1, y0, x1, ym, x1, y1, xm, y1, x0, y1, x0, ym], 1).reshape(-1, 2)
    seen = view.to_picture(ring).reshape(len(flat), 8, 2)
    return _clipped(np.concatenate([seen.min(axis=1), seen.max(axis=1)], axis=1), view)


def _clipped(boxes: FloatArray, view: View) -> list[list[float]]:
    """Return boxes (n, 4) within the picture; of size zero at its edge where nothing of one is seen."""
    last = np.array([*view.picture, *view.picture]) - 1.0
    kept: list[list[float]] = np.round(np.clip(boxes, 0.0, last), 2).tolist()
    return kept


def _mesh(view: View) -> dict[str, Any]:
    """Return where a mesh over the flat page is seen: page_x, page_y, and picture (rows, columns, 2)."""
    x, y = (np.unique(np.r_[np.arange(0, size, MESH_PX), size - 1]).astype(np.float64) for size in view.page)
    places = np.stack([one.ravel() for one in np.meshgrid(x, y)], 1)
    return {"page_x": x, "page_y": y, "picture": _rounded(view.to_picture(places)).reshape(len(y), len(x), 2)}
