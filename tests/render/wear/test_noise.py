"""The blocks of fields: noise of a known size, places in millimetre, and patches that the page's end cuts off."""

import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.render.wear.noise import clouds, enlarged, patch, places_mm, rough, smooth
from einthoven.render.wear.parts import STEP_PX, Canvas
from tests.render.wear.films import CANVASES, PAGE


@pytest.mark.parametrize("shape", [(213, 275), (1, 275), (213, 1), (1, 1), (3, 2)])
@pytest.mark.parametrize("cell", [0.3, 5.0, 1000.0])
def test_noise_has_the_shape_that_was_asked_for_and_stays_within_one(shape: tuple[int, int], cell: float) -> None:
    noise = smooth(shape, cell, rng("noise", 1))
    assert noise.shape == shape and noise.dtype == np.float32
    assert np.abs(noise).max() <= 1


def test_bumps_are_as_wide_as_the_cell() -> None:
    for cell in (5, 20, 50):
        noise = smooth((400, 400), cell, rng("noise", cell))
        power = (noise * noise).mean()
        near, far = ((noise[:, lag:] * noise[:, : 400 - lag]).mean() / power for lag in (round(cell / 4), 2 * cell))
        assert near > 0.75 and abs(far) < 0.35


def test_noise_is_centred_and_uses_its_range() -> None:
    noise = smooth((300, 300), 3, rng("noise", 2))
    assert abs(noise.mean()) < 0.03 and 0.35 < noise.std() < 0.65


def test_equal_dice_draw_equal_noise() -> None:
    first, again, other = (smooth((50, 60), 5, rng("noise", seed)) for seed in (3, 3, 4))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_noise_finer_than_a_field_draws_as_many_numbers_as_elsewhere() -> None:
    coarse, fine = rng("noise", 5), rng("noise", 5)
    smooth((20, 30), 0.5, coarse)
    smooth((40, 60), 1.0, fine)
    assert coarse.random() == fine.random()


@pytest.mark.parametrize("canvas", CANVASES)
def test_places_are_the_middles_of_the_pixels_that_a_point_stands_for(canvas: Canvas) -> None:
    x_mm, y_mm = places_mm(canvas)
    assert (*y_mm.shape, *x_mm.shape) == (canvas.coarse[0], 1, 1, canvas.coarse[1])
    assert x_mm[0, 0] * canvas.px_per_mm == pytest.approx(STEP_PX / 2)
    assert (x_mm[0, 1] - x_mm[0, 0]) * canvas.px_per_mm == pytest.approx(STEP_PX, rel=1e-4)
    assert y_mm[1, 0] * canvas.px_per_mm == pytest.approx(1.5 * STEP_PX)


@pytest.mark.parametrize("canvas", CANVASES)
def test_a_rough_canvas_is_the_same_paper(canvas: Canvas) -> None:
    soft = rough(canvas, 2.0)
    for side, size_px in (("width_px", canvas.width_px), ("height_px", canvas.height_px)):
        assert getattr(soft, side) / soft.px_per_mm == pytest.approx(size_px / canvas.px_per_mm, abs=0.3)
    assert np.diff(places_mm(soft)[0]).mean() == pytest.approx(2.0)
    assert enlarged(np.ones((*soft.coarse, 3), np.float32), canvas).shape == (*canvas.coarse, 3)


def test_clouds_are_measured_in_millimetre() -> None:
    coarse, fine = (clouds(canvas, 20, rng("noise", 6)) for canvas in CANVASES[:2])
    assert np.abs(coarse[:212] - fine[:424:2, ::2]).max() < 0.15


def test_a_patch_lies_around_its_place() -> None:
    field = np.zeros(PAGE.coarse, np.float32)
    spot = patch(PAGE, (100.0, 50.0), 10.0)
    field[spot.here] = np.hypot(spot.x_mm, spot.y_mm) < 8
    y, x = np.nonzero(field)
    x_mm, y_mm = places_mm(PAGE)
    assert x_mm[0, x].mean() == pytest.approx(100, abs=0.6) and y_mm[y, 0].mean() == pytest.approx(50, abs=0.6)
    assert field.sum() * (STEP_PX / PAGE.px_per_mm) ** 2 == pytest.approx(np.pi * 64, rel=0.05)


@pytest.mark.parametrize("at_mm", [(0.0, 0.0), (279.0, 215.5), (3.0, 214.0), (140.0, 100.0)])
@pytest.mark.parametrize("half_mm", [0.2, 6.0, 500.0])
def test_a_patch_is_cut_off_at_the_end_of_the_page(at_mm: tuple[float, float], half_mm: float) -> None:
    spot = patch(PAGE, at_mm, half_mm)
    shape = np.zeros(PAGE.coarse)[spot.here].shape
    assert min(shape) >= 1
    assert (spot.y_mm + spot.x_mm).shape == shape == spot.noise(3.0, rng("noise", 7)).shape


def test_where_a_patch_is_cut_off_does_not_change_its_noise() -> None:
    whole = patch(PAGE, (100.0, 100.0), 20.0).noise(5.0, rng("noise", 8))
    cut = patch(PAGE, (0.0, 100.0), 20.0).noise(5.0, rng("noise", 8))
    assert cut.shape[1] < whole.shape[1]
    assert np.array_equal(whole[:, -cut.shape[1] :], cut)
