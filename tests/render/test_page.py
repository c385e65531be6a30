"""The page measured with a ruler on its pixels: pulses, traces and names are where they should be, and nothing else."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError, LeadError
from einthoven.core.leads import TWELVE
from einthoven.core.page import Page
from einthoven.measure.entry import measure
from einthoven.records.simulate import simulate
from einthoven.render.carts import CARTS
from einthoven.render.ink import draw_names
from einthoven.render.layouts import LAYOUTS
from einthoven.render.page import render
from einthoven.render.presets import PRESETS
from einthoven.render.settings import Settings
from einthoven.render.truth import truth_bytes
from einthoven.render.wear.parts import Wear
from einthoven.render.words import Words

INK_BELOW = 165  # of the brightest colour: thin soft lines stay below, the darkest grid above
NEUTRAL = [name for name in PRESETS if name != "ecginstruct"]
NORMAL = simulate([], seed=3).ecg
TYPICAL = simulate([], seed=5, recording="typical").ecg
STILL = Ecg(np.zeros((12, 5000), np.float32), TWELVE, 500.0, source="still")
BENT = Wear(rotation=0.5, perspective=0.5, curl=0.5, fold=0.5)


def _page(ecg: Ecg = NORMAL, **how: Any) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    page = render(ecg, **how)
    assert page.truth is not None
    return page.pixels, page.truth


def _dark(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    dark: NDArray[np.bool_] = pixels.max(axis=2) < INK_BELOW
    return dark


def _without(name: str, do: Callable[..., Any] = lambda *_: None) -> Any:
    """The page's drawing without one of its steps."""
    return patch(f"einthoven.render.page.{name}", do)


def _measured_pulses(dpi: float, **how: Any) -> list[tuple[float, float]]:
    """Width and height in pixels of each pulse, from the ink alone; the truth tells only where to look."""
    pixels, truth = _page(STILL, dpi=dpi, text="none", **how)
    dark, mm, found = _dark(pixels), dpi / 25.4, []
    assert truth["pulse"] == truth["pulses"][0]
    for x0, y0, x1, y1 in truth["pulses"]:
        foot, plateau = (
            np.flatnonzero(dark[round(y0 - 2 * mm) : round(y1 + 2 * mm), round(x)]).mean()
            for x in (x0 - 0.5 * mm, (x0 + x1) / 2)
        )
        row = dark[round(y0 - 2 * mm + (foot + plateau) / 2), round(x0 - 0.9 * mm) : round(x1 + 0.9 * mm) + 1]
        flanks = np.flatnonzero(row)
        rising, falling = np.split(flanks, np.flatnonzero(np.diff(flanks) > 1) + 1)
        found.append((float(falling.mean() - rising.mean()), float(foot - plateau)))
    return found


@pytest.mark.parametrize("dpi", [72.0, 150.0, 203.0, 400.0])
@pytest.mark.parametrize("cart", ["plain", "orange"])
def test_a_calibration_pulse_is_ten_by_five_millimetres(cart: str, dpi: float) -> None:
    pulses = _measured_pulses(dpi, cart=cart)
    assert len(pulses) == 4
    within = 0.75 if CARTS[cart].printer == "ink" else 1.0  # hard edges lie at whole pixels
    for wide, high in pulses:
        assert (wide, high) == pytest.approx((5 * dpi / 25.4, 10 * dpi / 25.4), abs=within)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("cart", CARTS)
def test_every_cart_prints_it_so(cart: str, side: Any) -> None:
    for wide, high in _measured_pulses(200.0, cart=cart, pulse=side):
        assert (wide, high) == pytest.approx((5 * 200 / 25.4, 10 * 200 / 25.4), abs=0.75)


@pytest.mark.parametrize(
    ("speed", "gain", "wide_mm", "high_mm"), [(50.0, 10.0, 10, 10), (25.0, 5.0, 5, 5), (25.0, 20.0, 5, 20)]
)
@pytest.mark.parametrize("dpi", [100.0, 300.0])
def test_a_pulse_follows_speed_and_gain(speed: float, gain: float, wide_mm: int, high_mm: int, dpi: float) -> None:
    for wide, high in _measured_pulses(dpi, cart="plain", pulse="right", speed_mm_s=speed, gain_mm_mv=gain):
        assert (wide, high) == pytest.approx((wide_mm * dpi / 25.4, high_mm * dpi / 25.4), abs=0.75)


def test_without_a_pulse_there_is_none() -> None:
    pixels, truth = _page(STILL, cart="plain", text="none", pulse="none", dpi=100)
    assert truth["pulse"] is None and truth["pulses"] == []
    left = min(lead["box"][0] for lead in truth["leads"])
    assert not _dark(pixels)[:, : int(left) - 2].any()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_ink_lies_under_every_point_of_the_signal(layout: str) -> None:
    for seed, dpi in ((0, 100.0), (1, 200.0)):
        pixels, truth = _page(NORMAL, layout=layout, seed=seed, dpi=dpi)
        reach = max(1, round(0.3 * dpi / 25.4))
        near = cv2.dilate(_dark(pixels).astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))
        for lead in truth["leads"]:
            x, y = np.rint(lead["trace"][np.array(lead["visible"]) == 1]).astype(int).T
            assert len(x) >= 1249
            assert near[y, x].all(), lead["name"]


def test_a_second_of_trace_is_as_long_as_paper_says() -> None:
    """A spike a second, found in the pixels of a rhythm strip: 25 or 50 mm apart and 10 mm high."""
    signal = np.zeros((12, 5000), np.float32)
    signal[:, 250::500] = 1.0
    spikes = Ecg(signal, TWELVE, 500.0, source="spikes")
    for speed in (25.0, 50.0):
        pixels, truth = _page(spikes, cart="plain", pulse="none", text="none", dpi=254, speed_mm_s=speed)
        x0, y0, x1, y1 = (round(one) for one in truth["leads"][-1]["box"])
        assert y1 - y0 == pytest.approx(100, abs=1)
        columns = np.flatnonzero(_dark(pixels)[(y0 + y1) // 2, x0 : x1 + 1])
        middles = [run.mean() for run in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)]
        assert len(middles) == 250 / speed
        assert np.diff(middles) == pytest.approx(speed * 10, abs=1)


@pytest.mark.parametrize("wear", [0.0, BENT], ids=["flat", "bent"])
@pytest.mark.parametrize("cart", ["report", "right", "green", "plain"])
def test_a_label_box_holds_the_ink_of_its_name(cart: str, wear: float | Wear) -> None:
    how: dict[str, Any] = {"cart": cart, "wear": wear, "dpi": 150, "text": "none"}
    with _without("draw_traces"), _without("draw_separators"):
        named, truth = _page(**how)
        with _without("draw_names", lambda pixels, *rest: draw_names(pixels.copy(), *rest)):
            bare, _ = _page(**how)
    ink = np.abs(named.astype(int) - bare).max(axis=2) > 12
    outside = ink.copy()
    for lead in truth["leads"]:
        x0, y0, x1, y1 = lead["label_box"]
        left, top, right, low = int(x0) - 1, int(y0) - 1, int(np.ceil(x1)) + 1, int(np.ceil(y1)) + 1
        part = ink[top : low + 1, left : right + 1]
        assert part.any(), lead["name"]
        if wear == 0.0:
            rows, columns = (np.flatnonzero(part.any(axis=axis)) for axis in (1, 0))
            assert (left + columns[0], top + rows[0]) == pytest.approx((x0, y0), abs=1)
            assert (left + columns[-1], top + rows[-1]) == pytest.approx((x1, y1), abs=1)
        outside[top : low + 1, left : right + 1] = False
    assert not outside.any()


def test_a_name_stands_at_its_own_trace() -> None:
    for layout in LAYOUTS:
        _, truth = _page(layout=layout, cart="plain", dpi=100)
        for lead in truth["leads"]:
            x0, y0, x1, y1 = lead["label_box"]
            assert lead["box"][0] <= x0 < x1 <= lead["box"][2]
            assert abs((y0 + y1) / 2 - np.median(lead["trace"][:, 1])) < 8 * truth["px_per_mm"]


def test_offsets_do_not_move_a_trace() -> None:
    moved = replace(NORMAL, signal_mv=NORMAL.signal_mv + np.float32(2.5))
    assert (_page(moved, dpi=100)[0] != _page(dpi=100)[0]).mean() < 1e-3


def test_a_lead_that_is_not_there_is_left_blank() -> None:
    rows = [row for row, name in enumerate(TWELVE) if name != "V2"]
    part = replace(NORMAL, signal_mv=NORMAL.signal_mv[rows].copy(), leads=tuple(TWELVE[row] for row in rows))
    (whole, truth), (blank, less) = (_page(ecg, cart="plain", dpi=100) for ecg in (NORMAL, part))
    assert [lead["name"] for lead in less["leads"]] == [one["name"] for one in truth["leads"] if one["name"] != "V2"]
    lead = next(lead for lead in truth["leads"] if lead["name"] == "V2")
    x, y = np.rint(lead["trace"][10:-10]).astype(int).T
    assert _dark(whole)[y, x].mean() > 0.9
    assert _dark(blank)[y, x].mean() < 0.05


def test_without_any_lead_nothing_is_drawn() -> None:
    other = Ecg(np.ones((1, 5000), np.float32), ("resp",), 500.0, source="other")
    with pytest.raises(LeadError, match="none of the twelve leads can be drawn; there are resp"):
        render(other)


def test_a_single_sample_is_refused_in_a_line() -> None:
    with pytest.raises(InputError):
        render(Ecg(np.zeros((12, 1), np.float32), TWELVE, 500.0, source="short"))


@pytest.mark.parametrize("preset", PRESETS)
def test_without_text_there_are_lead_names_and_nothing_else(preset: str) -> None:
    for seed in range(12):
        truth = render(NORMAL, preset=preset, text="none", layout="3x4", dpi=50, seed=seed).truth
        assert truth is not None
        assert [text["text"] for text in truth["texts"]] == [lead["name"] for lead in truth["leads"]]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_same_seed_gives_the_same_bytes_and_another_the_same_meaning(preset: str) -> None:
    how: dict[str, Any] = {"preset": preset, "layout": "6x2", "dpi": 72}
    (first, truth), (again, same), (other, its) = (_page(seed=seed, **how) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and truth_bytes(truth) == truth_bytes(same)
    assert not np.array_equal(first, other)
    for key in ("layout", "speed_mm_s", "gain_mm_mv", "chest_gain_mm_mv", "page_mm"):
        assert truth[key] == its[key]
    for one, two in zip(truth["leads"], its["leads"], strict=True):
        for key in ("name", "role", "start_s", "end_s"):
            assert one[key] == two[key]


def test_text_none_prints_lead_names_alone() -> None:
    for cart in CARTS:
        with (
            _without("draw_traces"),
            _without("draw_separators"),
            _without("draw_names", lambda *_: [(0, 0, 0, 0)] * 13),
        ):
            bare, truth = _page(cart=cart, text="none", dpi=100)
        assert not _dark(bare).any(), cart
        assert [text["text"] for text in truth["texts"]] == [lead["name"] for lead in truth["leads"]]


SOMEBODY = replace(
    NORMAL, person=Person("key-4711", 83.0, "female"), recorded_at=datetime(1987, 6, 5, 4, 3, 2)
)  # a date as recorders print it: without a zone


@pytest.mark.parametrize("preset", NEUTRAL)
def test_neutral_presets_print_nothing_about_patient_and_ecg(preset: str) -> None:
    for seed in range(20):
        pixels, truth = _page(SOMEBODY, preset=preset, seed=seed, dpi=50)
        assert {text["kind"] for text in truth["texts"]} == {"neutral"}
        said = " ".join(text["text"] for text in truth["texts"]).lower()
        assert not [word for word in ("key-4711", "female", "1987", "sinus", "normal") if word in said]
        if seed < 4:
            nobody, _ = _page(preset=preset, seed=seed, dpi=50)
            assert np.array_equal(pixels, nobody)


@cache
def _figures() -> dict[str, str]:
    figures = measure(SOMEBODY).figures
    names = ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms.bazett", "axis_deg.p", "axis_deg.qrs", "axis_deg.t")
    return {name: f"{figures[name]:.0f}" for name in names}


@pytest.mark.parametrize("cart", CARTS)
def test_text_own_prints_the_figures_that_are_measured(cart: str) -> None:
    _, truth = _page(SOMEBODY, cart=cart, text="own", dpi=72)
    measured = " ".join(text["text"] for text in truth["texts"] if text["kind"] == "measured")
    said = measured.replace("/", " ").replace("♥", " ").split()
    assert set(said) <= set(_figures().values())
    assert {_figures()[name] for name in ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms")} <= set(said)
    texts = [(text["text"], text["kind"]) for text in truth["texts"]]
    assert [text for text, kind in texts if kind == "diagnostic"]
    assert any("83" in text for text, kind in texts if kind == "personal")
    assert not [text for text, _ in texts if "4711" in text], "never the patient's own key"


def test_words_of_another_ecg_are_printed_when_given() -> None:
    words = Words(
        "WREN, ADA", "90210", 41.0, "female", "01.02.2003 04:05", {"heart_rate_bpm": 123.0}, ("Other rhythm",)
    )
    printed = [text["text"].lower() for text in _page(words=words, text="other", cart="right", dpi=72)[1]["texts"]]
    for word in ("wren, ada", "90210", "41 years", "123", "- other rhythm"):
        assert word in printed
    assert len(_page(words=words, text="none", cart="right", dpi=72)[1]["texts"]) == 13
    with pytest.raises(InputError, match="needs the words of another ECG"):
        render(NORMAL, text="other")


@pytest.mark.parametrize(
    ("preset", "layout"), [("clean", "3x4+II"), ("clean", "12x1"), ("photo", "6x2"), ("fax", "3x4+3")]
)
def test_a_mask_has_the_number_of_each_trace_where_it_lies(preset: str, layout: str) -> None:
    pixels, truth = _page(TYPICAL, preset=preset, layout=layout, seed=2, dpi=150, masks=True)
    mask = truth["mask"]
    assert mask.shape == pixels.shape[:2] and mask.dtype == np.uint8
    assert set(np.unique(mask)) == set(range(len(truth["leads"]) + 1))
    assert (mask > 0).mean() < 0.08
    stamps = []
    for lead in truth["leads"]:
        one = np.zeros(mask.shape, np.uint8)
        cv2.polylines(one, [np.rint(lead["trace"]).astype(np.int32)], False, 1, 9)
        stamps.append(one)
    crowd = np.sum(stamps, axis=0)
    for number, lead in enumerate(truth["leads"], start=1):
        x, y = np.rint(lead["trace"][np.array(lead["visible"]) == 1]).astype(int).T
        alone = crowd[y, x] == 1
        assert alone.mean() > 0.7
        assert (mask[y, x][alone] == number).mean() >= 0.98, lead["name"]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_number_of_the_truth_is_one(preset: str) -> None:
    _, truth = _page(preset=preset, seed=4, dpi=72)
    assert b"NaN" not in truth_bytes(truth)
    for lead in json.loads(truth_bytes(truth))["leads"]:
        assert np.isfinite(np.array(lead["trace"], float)).all() and np.isfinite(lead["box"]).all()


@pytest.mark.parametrize("dpi", [50.0, 600.0])
def test_the_limits_of_resolution_can_be_drawn(dpi: float) -> None:
    pixels, _ = _page(dpi=dpi)
    assert pixels.shape == (round(8.5 * dpi), round(11 * dpi), 3)


BAD: list[tuple[dict[str, Any], str]] = [
    *(({"dpi": dpi}, "it must be 50 to 600") for dpi in (0.0, 49.0, 601.0, float("nan"), float("inf"))),
    *(({"wear": wear}, "it must be 0") for wear in (1.5, -0.1, float("nan"), 2)),
    *(({"speed_mm_s": speed}, "it must be 25, 50 mm/s") for speed in (30.0, 0.0, float("nan"))),
    *(({name: 7.0}, "it must be 5, 10, 20 mm/mV") for name in ("gain_mm_mv", "chest_gain_mm_mv")),
    ({"layout": "2x6"}, "layout '2x6' is not known; there are 3x4"),
    ({"preset": "xerox"}, "preset 'xerox' is not known; there are clean"),
    ({"cart": "nobody"}, "cart is 'nobody'; it must be report"),
    ({"paper": "a5"}, "paper is 'a5'; it must be letter, a4, roll"),
    ({"pulse": "top"}, "pulse is 'top'; it must be left, right, none"),
    ({"columns": "both"}, "columns is 'both'; it must be auto"),
    ({"text": "all"}, "text is 'all'; it must be none"),
    ({"seed": -1}, "seed is -1"),
]


@pytest.mark.parametrize(("how", "said"), BAD, ids=lambda one: str(one)[:40])
def test_a_setting_that_cannot_be_is_one_line(how: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        Settings(**how)
    assert said in str(refused.value) and "\n" not in str(refused.value)
    with pytest.raises(InputError):
        render(NORMAL, **how)


def test_a_page_says_whose_it_is_and_cannot_be_changed() -> None:
    page: Page = render(NORMAL, dpi=50)
    assert NORMAL.source in page.source
    assert page.pixels.dtype == np.uint8 and not page.pixels.flags.writeable
