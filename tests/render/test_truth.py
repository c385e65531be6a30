"""The truth as JSON, and against the unworn page of the same seed: what is said of the warp is what happened."""

import json
from dataclasses import fields
from importlib import import_module
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from einthoven.records.simulate import simulate
from einthoven.render.layouts import LAYOUTS
from einthoven.render.page import render
from einthoven.render.presets import PRESETS
from einthoven.render.settings import Settings
from einthoven.render.sheet import Pixels
from einthoven.render.truth import truth_bytes
from einthoven.render.wear.parts import PARTS, Canvas, Dice, Part, Wear, load_part

NORMAL = simulate([], seed=3).ecg
KEYS = {
    *("page_px", "page_mm", "px_per_mm", "picture_px", "layout", "speed_mm_s", "gain_mm_mv", "chest_gain_mm_mv"),
    *("leads", "pulse", "pulses", "texts", "homography", "warp", "seed", "settings"),
}
LEAD_KEYS = {"name", "role", "box", "label_box", "start_s", "end_s", "trace", "visible"}
TURNED = Wear(rotation=0.7, perspective=0.8, crop=0.3)
BENT = Wear(curl=0.6, fold=0.5, rotation=0.5, perspective=0.5)


def _truth(**how: Any) -> dict[str, Any]:
    """The truth as it is read from its file."""
    page = render(NORMAL, **{"dpi": 100.0, **how})
    assert page.truth is not None
    assert page.truth["picture_px"] == list(page.pixels.shape[1::-1])
    said: dict[str, Any] = json.loads(truth_bytes({key: page.truth[key] for key in page.truth if key != "mask"}))
    return said


def _traces(truth: dict[str, Any]) -> NDArray[np.float64]:
    return np.concatenate([np.array(lead["trace"], np.float64) for lead in truth["leads"]])


def _shown(truth: dict[str, Any]) -> NDArray[np.int64]:
    return np.concatenate([np.array(lead["visible"], np.int64) for lead in truth["leads"]])


def _inside(truth: dict[str, Any], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the nearest pixel is one of the picture's."""
    x, y = np.rint(points).T
    width, height = truth["picture_px"]
    return np.asarray((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1))


@pytest.mark.parametrize("preset", PRESETS)
def test_the_keys_are_those_of_the_contract(preset: str) -> None:
    truth = _truth(preset=preset, seed=1, wear=TURNED, masks=True)
    assert truth.keys() >= KEYS
    for lead in truth["leads"]:
        assert lead.keys() == LEAD_KEYS
        assert lead["role"] in ("column", "strip")
        assert len(lead["trace"]) == len(lead["visible"]) == round((lead["end_s"] - lead["start_s"]) * NORMAL.rate_hz)
        assert {len(point) for point in lead["trace"]} == {2} and set(lead["visible"]) <= {0, 1}
        assert len(lead["box"]) == len(lead["label_box"]) == 4
    for text in truth["texts"]:
        assert text.keys() == {"text", "kind", "box"}


def test_every_setting_and_every_decision_is_stated() -> None:
    truth = _truth(preset="photo", seed=7, layout="cabrera", chest_gain_mm_mv=5.0, speed_mm_s=50.0)
    asked, drawn = truth["settings"]["asked"], truth["settings"]["drawn"]
    assert set(asked) == {field.name for field in fields(Settings)}
    assert (asked["preset"], asked["seed"], asked["layout"], asked["dpi"]) == ("photo", 7, "cabrera", 100.0)
    assert set(drawn["wear"]) == set(PARTS) and drawn["wear"]["table"] > 0
    assert {"layout", "cart", "cart_name", "grey", "notes", "stamp", "barcode", "text"} <= set(drawn)
    assert (truth["seed"], truth["layout"], truth["speed_mm_s"]) == (7, "cabrera", 50.0)
    assert (truth["gain_mm_mv"], truth["chest_gain_mm_mv"]) == (10.0, 5.0)
    assert _truth()["chest_gain_mm_mv"] == 10.0, "where it is not apart it is that of all leads"


@pytest.mark.parametrize(("paper", "wide", "high"), [("letter", 279.4, 215.9), ("a4", 297.0, 210.0)])
def test_the_page_has_the_size_of_its_paper(paper: str, wide: float, high: float) -> None:
    truth = _truth(paper=paper)
    assert truth["page_mm"] == [wide, high]
    assert truth["px_per_mm"] == pytest.approx(100 / 25.4)
    assert truth["page_px"] == truth["picture_px"] == [round(wide * 100 / 25.4), round(high * 100 / 25.4)]


def test_leads_are_in_the_order_of_the_layout() -> None:
    for name, layout in LAYOUTS.items():
        columns = [lead for row in layout.rows for lead in row]
        want = [*((lead, "column") for lead in columns), *((lead, "strip") for lead in layout.strips)]
        assert [(lead["name"], lead["role"]) for lead in _truth(layout=name)["leads"]] == want


@pytest.mark.parametrize("wear", [0.0, TURNED, BENT], ids=["flat", "turned", "bent"])
@pytest.mark.parametrize("seed", range(3))
def test_boxes_are_upright_within_the_picture_and_around_what_they_hold(wear: float | Wear, seed: int) -> None:
    truth = _truth(wear=wear, seed=seed)
    width, height = truth["picture_px"]
    boxes = [lead["box"] for lead in truth["leads"]] + [lead["label_box"] for lead in truth["leads"]]
    for x0, y0, x1, y1 in [*boxes, *truth["pulses"], *(text["box"] for text in truth["texts"])]:
        assert 0 <= x0 <= x1 <= width - 1 and 0 <= y0 <= y1 <= height - 1
    for lead in truth["leads"]:
        points = np.clip(lead["trace"], 0, [width - 1, height - 1])
        assert lead["box"] == pytest.approx([*points.min(axis=0), *points.max(axis=0)], abs=0.02)
    assert [text["box"] for text in truth["texts"][:13]] == [lead["label_box"] for lead in truth["leads"]]


def test_a_pulses_box_goes_from_its_rise_to_its_fall() -> None:
    truth = _truth(pulse="left", speed_mm_s=25.0, gain_mm_mv=20.0)
    assert len(truth["pulses"]) == 4 and truth["pulse"] == truth["pulses"][0]
    for x0, y0, x1, y1 in truth["pulses"]:
        assert (x1 - x0, y1 - y0) == pytest.approx((5 * 100 / 25.4, 20 * 100 / 25.4), abs=0.02)


@pytest.mark.parametrize("seed", range(6))
def test_the_homography_takes_the_flat_page_to_the_picture(seed: int) -> None:
    flat, worn = _truth(seed=seed, wear=0.0), _truth(seed=seed, wear=TURNED)
    assert flat["homography"] == np.eye(3).tolist() and flat["warp"] is None
    assert worn["warp"] is None
    want = cv2.perspectiveTransform(_traces(flat)[None], np.array(worn["homography"]))[0]
    assert np.abs(_traces(worn) - want).max() < 0.02
    assert np.abs(_traces(worn) - _traces(flat)).max() > 10, "it does something"


@pytest.mark.parametrize("seed", range(6))
def test_the_mesh_takes_the_flat_page_to_the_picture_where_paper_is_bent(seed: int) -> None:
    flat, worn = _truth(seed=seed, wear=0.0), _truth(seed=seed, wear=BENT)
    assert worn["homography"] is None
    mesh = worn["warp"]
    width, height = worn["page_px"]
    assert (mesh["page_x"][0], mesh["page_x"][-1], mesh["page_y"][0], mesh["page_y"][-1]) == (
        0,
        width - 1,
        0,
        height - 1,
    )
    seen = RegularGridInterpolator((mesh["page_y"], mesh["page_x"]), np.array(mesh["picture"]))
    assert np.abs(_traces(worn) - seen(_traces(flat)[:, ::-1])).max() < 1.0


def test_what_lies_outside_the_picture_is_not_visible() -> None:
    outside = 0
    for seed in range(6):
        truth = _truth(seed=seed, wear=Wear(crop=1.0, rotation=0.5))
        inside = _inside(truth, _traces(truth))
        assert np.array_equal(_shown(truth) == 1, inside)
        outside += int((~inside).sum())
    assert outside > 5000


def _patched(monkeypatch: pytest.MonkeyPatch, name: str, part: Part) -> None:
    """Put another part in the place of one."""

    def load(wanted: str) -> Part:
        return part if wanted == name else load_part(wanted)

    monkeypatch.setattr(import_module("einthoven.render.wear.apply"), "load_part", load)


def _hand(pixels: Pixels, covered: NDArray[np.uint8], canvas: Canvas, strength: float, dice: Dice) -> None:
    """Cover a known rectangle, and leave a shadow beside it that hides nothing."""
    covered[200:400, 300:700] = 255
    covered[200:400, 700:800] = 100
    pixels[200:400, 300:700] = 0


def test_what_is_covered_is_not_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    _patched(monkeypatch, "finger", Part("cover", _hand))
    for more in ({}, {"rotation": 0.6, "curl": 0.5}):
        truth = _truth(wear=Wear(finger=0.5, **more))
        points = _traces(truth)
        x, y = np.rint(points).T
        hidden = (x >= 300) & (x < 700) & (y >= 200) & (y < 400)
        assert hidden.mean() > 0.05
        assert np.array_equal(_shown(truth) == 1, _inside(truth, points) & ~hidden)


def test_a_mask_shows_nothing_where_the_page_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    _patched(monkeypatch, "finger", Part("cover", _hand))
    page = render(NORMAL, dpi=100, wear=Wear(finger=0.5), masks=True)
    assert page.truth is not None
    mask = page.truth["mask"]
    assert not mask[200:400, 300:700].any()
    assert mask[200:400, 700:800].any()


def test_fingers_hide_what_they_cover() -> None:
    """Seen or not, by the pixels: under a finger the page with and without traces looks the same."""
    hidden = 0
    for seed in range(6):
        wear = Wear(finger=1.0)
        page = render(NORMAL, dpi=100, seed=seed, cart="plain", wear=wear)
        with patch("einthoven.render.page.draw_traces", lambda *_: None):
            bare = render(NORMAL, dpi=100, seed=seed, cart="plain", wear=wear)
        assert page.truth is not None
        ink = np.abs(page.pixels.astype(int) - bare.pixels).max(axis=2)
        for lead in page.truth["leads"]:
            x, y = np.rint(lead["trace"]).astype(int).T
            shown = np.array(lead["visible"]) == 1
            assert (ink[y, x][~shown] < 160).all()
            hidden += int((~shown).sum())
            assert (ink[y, x][shown] > 12).mean() > 0.97 if shown.any() else True
    assert hidden > 500


def test_places_are_hundredths_of_a_pixel() -> None:
    points = _traces(_truth(wear=TURNED))
    assert np.abs(points * 100 - np.rint(points * 100)).max() < 0.02
