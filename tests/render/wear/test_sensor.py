"""Noise is grain of the right size that leaves the mean alone; compression costs what it says and moves nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.sheet import Pixels
from einthoven.render.wear.parts import Canvas, Part
from einthoven.render.wear.sensor import BLOCK_PX, JPEG, NOISE, SHARPEN, TWICE
from tests.render.wear.pictures import PAGE, SEEDS, SIZES, page, refuse_jumps, refuse_moved, refuse_unsound, taken

BOTH = pytest.mark.parametrize("part", [NOISE, SHARPEN, JPEG], ids=["noise", "sharpen", "jpeg"])


def _even(level: int, canvas: Canvas = PAGE) -> Pixels:
    return np.full((canvas.height_px, canvas.width_px, 3), level, np.uint8)


def _grain(strength: float, level: int, seed: int = 0) -> NDArray[np.float64]:
    return taken(NOISE, _even(level), PAGE, strength, seed).astype(float) - level


@BOTH
def test_parts_are_sound(part: Part) -> None:
    refuse_unsound(part)
    refuse_jumps(part)


@BOTH
@pytest.mark.parametrize("line_px", [2, 3])
def test_nothing_moves(part: Part, line_px: int) -> None:
    refuse_moved(part, PAGE, 1.0, line_px)
    refuse_moved(part, PAGE, 0.5, line_px)
    refuse_moved(part, SIZES[4], 1.0, 3 * line_px)


def test_noise_grows_with_strength_and_in_the_dark_and_leaves_the_mean() -> None:
    for seed in SEEDS:
        spreads = [_grain(strength, 120, seed).std() for strength in (0.03, 0.3, 0.6, 1.0)]
        assert spreads == sorted(spreads) and spreads[0] < 2 and 8 < spreads[-1] < 25
        assert _grain(1.0, 60, seed).std() > 1.3 * _grain(1.0, 210, seed).std()
        for level in (60, 120, 180, 225):
            assert np.abs(_grain(1.0, level, seed).mean(axis=(0, 1))).max() < 2


def test_noise_is_alike_over_a_pixel_or_two_and_not_farther() -> None:
    grain = _grain(1.0, 120).mean(axis=2)
    power = (grain * grain).mean()
    for axis in (0, 1):
        near, far = ((grain * np.roll(grain, lag, axis=axis)).mean() / power for lag in (1, 6))
        assert 0.3 < near < 0.85 and abs(far) < 0.1


def test_noise_has_colour_and_does_not_repeat_from_block_to_block() -> None:
    grain = _grain(1.0, 120)
    assert 1 < (grain[..., 0] - grain[..., 2]).std() < 2 * grain.std()
    blocks = [grain[:BLOCK_PX, start : start + BLOCK_PX].ravel() for start in (0, BLOCK_PX, 2 * BLOCK_PX)]
    assert np.abs(np.corrcoef(blocks) - np.eye(3)).max() < 0.1


def test_a_sharpener_brightens_beside_a_dark_line_and_leaves_even_paper() -> None:
    pixels = _even(200)
    pixels[:, 100:103] = 40
    beside = []
    for strength in (0.1, 0.5, 1.0):
        sharp = taken(SHARPEN, pixels, PAGE, strength, 0)
        assert (sharp[:, 150:] == 200).all()
        assert sharp[0, 101, 0] <= 40
        beside.append(int(sharp[0, 99, 0]))
    assert 200 < beside[0] < beside[1] < beside[2]


def _loss_db(strength: float, pixels: Pixels, seed: int = 0) -> float:
    error = taken(JPEG, pixels, PAGE, strength, seed).astype(float) - pixels
    return float(20 * np.log10(255 / np.sqrt((error**2).mean())))


def _busy(seed: int) -> Pixels:
    """A page with a grid and a little grain: something that costs bytes."""
    pixels = page(PAGE)[0]
    pixels[::8, :, 1:] -= 60
    pixels[:, ::8, 1:] -= 60
    return (pixels - rng("busy", seed).integers(0, 12, pixels.shape)).clip(0, 255).astype(np.uint8)


def test_compression_costs_more_the_stronger_and_does_not_jump_where_it_is_done_twice() -> None:
    for seed in SEEDS:
        pixels = _busy(seed)
        quality = [_loss_db(strength, pixels, seed) for strength in (0.01, 0.3, TWICE, TWICE + 0.02, 0.8, 1.0)]
        assert quality == sorted(quality, reverse=True)
        assert quality[0] > 25 and quality[2] - quality[3] < 1.0 and 15 < quality[-1] < quality[0] - 2


def test_colours_stay_the_colours_they_are() -> None:
    colours = _even(0)
    for column, colour in enumerate([(200, 60, 60), (60, 200, 60), (60, 60, 200), (230, 200, 60)]):
        colours[:, column * 220 : (column + 1) * 220] = colour
    for part in (JPEG, NOISE):
        made = taken(part, colours, PAGE, 0.5).astype(float)
        for column in range(4):
            here = made[20:-20, column * 220 + 30 : column * 220 + 190].mean(axis=(0, 1))
            assert np.abs(here - colours[0, column * 220]).max() < 4
