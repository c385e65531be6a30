"""For every preset, the truth lies on the ink: where the page changes when its traces are not drawn."""

from functools import cache
from typing import NamedTuple
from unittest.mock import patch

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.records.simulate import simulate
from einthoven.render.layouts import LAYOUTS
from einthoven.render.page import render
from einthoven.render.presets import PRESETS
from einthoven.render.wear.parts import Wear
from einthoven.render.words import NO_WORDS

DPI, INK_LEVELS, REACH_PX, SHIFT_MM, SEEDS = 150.0, 12, 2, 1.5, range(8)
LEAST = {"clean": 0.995, "scan": 0.995, "ecginstruct": 0.995, "photo": 0.98, "photo-bad": 0.95, "fax": 0.95}
KINDS: tuple[list[str], ...] = ([], ["AFIB"], ["CLBBB"], ["LVH"], ["IMI"], ["CRBBB"], ["1AVB"], ["PACE"])
NAMES = list(LAYOUTS)


class Shares(NamedTuple):
    """Of the visible points of a page: how many, and how many have ink, at their place and 1.5 mm beside it."""

    points: int
    on_ink: int
    above: int
    below: int


def _near(ink: NDArray[np.uint8], points: NDArray[np.float64]) -> int:
    """How many points have ink where they are; what is outside the picture has none."""
    x, y = np.rint(points).astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < ink.shape[1]) & (y < ink.shape[0])
    return int(ink[y[inside], x[inside]].sum())


def _measured(preset: str, seed: int) -> Shares:
    ecg = simulate(KINDS[seed], seed=seed, recording="typical").ecg
    layout = NAMES[(seed + 3 * list(PRESETS).index(preset)) % len(NAMES)]

    def drawn() -> tuple[NDArray[np.uint8], list[dict[str, NDArray[np.float64]]]]:
        page = render(ecg, NO_WORDS, preset=preset, layout=layout, seed=seed, dpi=DPI)
        assert page.truth is not None
        return page.pixels, page.truth["leads"]

    pixels, leads = drawn()
    with patch("einthoven.render.page.draw_traces", lambda *_: None):
        bare, _ = drawn()
    changed = (cv2.absdiff(pixels, bare).max(axis=2) > INK_LEVELS).astype(np.uint8)
    ring = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * REACH_PX + 1,) * 2)
    ink = np.asarray(cv2.dilate(changed, ring), np.uint8)
    points = np.concatenate([lead["trace"][np.array(lead["visible"]) == 1] for lead in leads]).astype(np.float64)
    shift = np.array([0.0, SHIFT_MM * DPI / 25.4])
    return Shares(len(points), _near(ink, points), _near(ink, points - shift), _near(ink, points + shift))


@cache
def _of(preset: str) -> tuple[Shares, ...]:
    return tuple(_measured(preset, seed) for seed in SEEDS)


def test_there_is_a_limit_for_every_preset() -> None:
    assert set(LEAST) == set(PRESETS)


@pytest.mark.parametrize("preset", LEAST)
def test_visible_points_have_ink(preset: str) -> None:
    pages = _of(preset)
    shares = [page.on_ink / page.points for page in pages]
    assert sum(page.on_ink for page in pages) / sum(page.points for page in pages) >= LEAST[preset], shares
    assert min(shares) >= LEAST[preset] - 0.05, shares
    assert min(page.points for page in pages) > 5000, "most of a page is seen"


@pytest.mark.parametrize("preset", LEAST)
def test_points_beside_the_trace_have_none(preset: str) -> None:
    pages = _of(preset)
    points = sum(page.points for page in pages)
    for beside in (sum(page.above for page in pages), sum(page.below for page in pages)):
        assert beside / points < (0.6 if preset == "photo-bad" else 0.45)  # where a bad photo blurs far


def _square() -> Ecg:
    """A millivolt up and down, twice a second: level lines and upright ones."""
    signal = np.tile((np.arange(5000) // 125 % 2).astype(np.float32), (12, 1))
    return Ecg(signal, TWELVE, 500.0, source="square")


def _off_px(ink: NDArray[np.int64], points: NDArray[np.float64], axis: int) -> float:
    """How far, in the mean, the middle of the ink lies from points along an axis (0: x, 1: y)."""
    reach = np.arange(-7, 8)
    at = np.rint(points).astype(int)[:, None] + reach[:, None] * (np.arange(2) == axis)
    inside = ((at >= 0) & (at < ink.shape[::-1])).all(axis=(1, 2))
    at, points = at[inside], points[inside]
    weights = ink[at[..., 1], at[..., 0]]
    clear = weights.sum(axis=1) > 100
    middles = (weights * at[..., axis]).sum(axis=1)[clear] / weights.sum(axis=1)[clear]
    return float((middles - points[clear, axis]).mean())


@pytest.mark.parametrize(
    "wear",
    [
        *(Wear(**{name: 0.8}) for name in ("rotation", "perspective", "crop", "curl", "fold", "focus", "resample")),
        *(Wear(), Wear(motion=0.8), Wear(jpeg=0.5), Wear(fax=0.3), Wear(curl=0.5, perspective=0.5, resample=0.6)),
    ],
    ids=lambda wear: "+".join(name for name, strength in wear.strengths.items() if strength) or "none",
)
def test_the_ink_is_centred_on_the_truth(wear: Wear) -> None:
    """To a part of a pixel: half of one, which a wrong way to count pixels costs, is found."""

    def drawn() -> tuple[NDArray[np.uint8], list[dict[str, NDArray[np.float64]]]]:
        page = render(_square(), NO_WORDS, layout="6x2", cart="plain", wear=wear, dpi=DPI, seed=3)
        assert page.truth is not None
        return page.pixels, page.truth["leads"]

    pixels, leads = drawn()
    with patch("einthoven.render.page.draw_traces", lambda *_: None):
        bare, _ = drawn()
    ink = cv2.absdiff(pixels, bare).astype(np.int64).sum(axis=2)
    traces = np.stack([lead["trace"].astype(np.float64) for lead in leads])
    level = traces.reshape(len(leads), -1, 125, 2)[:, :, 45:80].reshape(-1, 2)
    upright = (traces[:, 124:-1:125] + traces[:, 125::125]).reshape(-1, 2) / 2
    assert abs(_off_px(ink, level, 1)) < 0.3
    assert abs(_off_px(ink, upright, 0)) < 0.3
