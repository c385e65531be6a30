"""Tables: each kind has the canvas's size, more strength is more contrast, and resolution changes little."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.render.sheet import Pixels
from einthoven.render.wear import table
from einthoven.render.wear.parts import Canvas, Dice, Field
from einthoven.render.wear.table import KINDS, PLAIN, TABLE, Mesh
from tests.render.wear.pictures import PAGE, SIZES

KIND = pytest.mark.parametrize("kind", KINDS)
LETTER = Canvas(1100, 850, 100 / 25.4)


def _table(canvas: Canvas, strength: float, seed: int) -> Pixels:
    made = TABLE.work(canvas, strength, rng("table", seed))
    assert isinstance(made, np.ndarray) and made.dtype == np.uint8
    assert made.shape == (canvas.height_px, canvas.width_px, 3)
    return made


@pytest.fixture
def only(kind: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "KINDS", (kind,))


@KIND
@pytest.mark.usefixtures("only")
def test_every_kind_works_at_every_size(kind: object) -> None:
    for canvas in SIZES:
        for strength in (0.01, 1.0):
            _table(canvas, strength, 3)


@KIND
@pytest.mark.usefixtures("only")
def test_the_stronger_the_busier_and_the_farther_from_plain(kind: object) -> None:
    for seed in range(6):
        made = [_table(LETTER, strength, seed).astype(float) for strength in (0.05, 0.4, 0.7, 1.0)]
        contrast = [picture.std(axis=(0, 1)).mean() for picture in made]
        away = [np.abs(picture - PLAIN).mean() for picture in made]
        assert contrast == sorted(contrast) and contrast[0] < 0.2 * contrast[-1] + 0.5
        assert away[0] < 25 and away == sorted(away)


@KIND
@pytest.mark.usefixtures("only")
def test_the_same_table_at_another_resolution(kind: object) -> None:
    for seed in range(3):
        coarse, fine = (_table(Canvas(1100 * k, 850 * k, k * 100 / 25.4), 1.0, seed) for k in (1, 2))
        less = cv2.resize(fine, (1100, 850), interpolation=cv2.INTER_AREA)
        assert np.abs(less.astype(float) - coarse).mean() < 3


@KIND
@pytest.mark.usefixtures("only")
def test_chance_is_in_the_dice(kind: object) -> None:
    first, again, other = (_table(PAGE, 0.8, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_tables_are_light_and_dark_calm_and_busy() -> None:
    made = [_table(LETTER, 1.0, seed).astype(float) for seed in range(60)]
    light = [picture.mean() for picture in made]
    busy = [picture.std(axis=(0, 1)).mean() for picture in made]
    assert min(light) < 70 and max(light) > 200 and min(busy) < 6 and max(busy) > 25


def test_every_kind_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(level: int) -> Callable[[Mesh, Dice], Field]:
        return lambda mesh, dice: np.full((*mesh.shape, 3), 10 * level, np.float32)

    monkeypatch.setattr(table, "KINDS", tuple(plain(number) for number in range(len(KINDS))))
    levels = {int(_table(SIZES[1], 1.0, seed)[0, 0, 0]) for seed in range(100)}
    assert levels == {10 * number for number in range(len(KINDS))}
