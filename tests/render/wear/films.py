"""What is asked of every film of paper and light, whichever part made it."""

import numpy as np
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.render.wear.parts import Canvas, Field, Film, Part

PAGE = Canvas(1100, 850, 100 / 25.4)
CANVASES = (PAGE, Canvas(2200, 1700, 200 / 25.4), Canvas(121, 82, 200 / 25.4), Canvas(640, 309, 50 / 25.4))
SEEDS = range(25)


def made(part: Part, strength: float = 1.0, seed: int = 0, canvas: Canvas = PAGE) -> Film:
    film = part.work(canvas, strength, rng("film", seed))
    assert isinstance(film, Film)
    return film


def shade(film: Film) -> NDArray[np.float64]:
    """The shade as (rows, columns, colours), in numbers that can be summed."""
    assert film.shade is not None
    return np.atleast_3d(film.shade).astype(np.float64)


def ink(film: Film) -> NDArray[np.float64]:
    assert film.ink is not None
    return film.ink.astype(np.float64)


def refuse_unsound(part: Part, least_shade: float, most_shade: float, least_ink: float) -> None:
    """Every film has the right shape and type and stays within its bounds."""
    for canvas in CANVASES:
        for seed in SEEDS:
            for strength in (0.01, 1.0):
                film = made(part, strength, seed, canvas)
                assert film.shade is not None
                _refuse_field(film.shade, canvas, least_shade, most_shade)
                if film.ink is not None:
                    _refuse_field(film.ink, canvas, least_ink, 1.0)
                if strength == 0.01:
                    assert np.abs(1 - film.shade).max() < 0.02


def _refuse_field(field: Field, canvas: Canvas, least: float, most: float) -> None:
    assert field.dtype == np.float32
    assert field.shape in (canvas.coarse, (*canvas.coarse, 3))
    assert np.isfinite(field).all()
    assert least - 1e-6 <= field.min() and field.max() <= most + 1e-6


def refuse_chance(part: Part) -> None:
    """The same dice draw the same film, others another."""
    first, again, other = made(part, 0.7, 1), made(part, 0.7, 1), made(part, 0.7, 2)
    assert np.array_equal(shade(first), shade(again))
    assert not np.array_equal(shade(first), shade(other))
    if first.ink is not None:
        assert np.array_equal(ink(first), ink(again))
        assert not np.array_equal(ink(first), ink(other))


def refuse_other_places(part: Part) -> None:
    """More strength does more, and in the same places."""
    for seed in SEEDS:
        weak, middle, strong = (made(part, strength, seed) for strength in (0.2, 0.5, 1.0))
        change = [1 - shade(film) for film in (weak, middle, strong)]
        grown = [np.abs(one).mean() for one in change]
        assert 1.5 * grown[0] < grown[1] and 1.3 * grown[1] < grown[2]
        assert alike(change[0], change[2]) > 0.97
        if strong.ink is not None:
            lost = [1 - ink(film) for film in (weak, middle, strong)]
            assert 1.5 * lost[0].mean() < lost[1].mean() and 1.3 * lost[1].mean() < lost[2].mean()
            assert alike(lost[0], lost[2]) > 0.97


def refuse_other_resolution(part: Part, least: float) -> None:
    """A page at twice the resolution wears the same."""
    for seed in SEEDS:
        coarse, fine = (1 - shade(made(part, 1.0, seed, canvas)) for canvas in CANVASES[:2])
        rows, columns = coarse.shape[0] // 2 * 2, coarse.shape[1] // 2 * 2
        quarters = fine[: 2 * rows, : 2 * columns]
        halved = quarters.reshape(rows, 2, columns, 2, -1).mean(axis=(1, 3))
        assert alike(coarse[:rows, :columns], halved) > least


def alike(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The cosine between two fields of change."""
    size = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / size
