"""Wear as a whole: nothing for nothing, each part for itself, in the order of a picture's making, and exact light."""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.records.simulate import simulate
from einthoven.render.page import render
from einthoven.render.sheet import Pixels
from einthoven.render.wear import apply as subject
from einthoven.render.wear.apply import LID, Worn, develop, photograph, wear_page
from einthoven.render.wear.parts import PARTS, STEP_PX, Canvas, Dice, Field, Film, Part, Stage, Wear, load_part
from einthoven.render.wear.view import Size, View

PX_PER_MM = 100 / 25.4
CLEAN = render(simulate([], seed=3).ecg, dpi=100, cart="plain").pixels
STAGES: list[Stage] = ["paper", "view", "table", "cover", "light", "camera"]


def _worn(wear: Wear, *names: str | int) -> Worn:
    return wear_page(CLEAN.copy(), PX_PER_MM, wear, names or ("page", 0))


def test_no_wear_leaves_the_page_as_it_is() -> None:
    worn = _worn(Wear())
    assert np.array_equal(worn.pixels, CLEAN)
    assert not worn.view.moved and worn.covered is None


@pytest.mark.parametrize("name", PARTS)
def test_each_part_alone_does_something_of_its_own_chance(name: str) -> None:
    wear = Wear(**{name: 0.5})
    first, again, other = _worn(wear, "page", 0), _worn(wear, "page", 0), _worn(wear, "page", 1)
    if name == "table":  # it lies behind the page, and a flat page in the frame hides it
        assert np.array_equal(first.pixels, CLEAN)
        wear = Wear(table=0.5, rotation=1.0)
        first, again, other = _worn(wear, "page", 0), _worn(wear, "page", 0), _worn(wear, "page", 1)
    assert first.pixels.shape == CLEAN.shape and first.pixels.dtype == np.uint8
    assert (first.pixels != CLEAN).mean() > 0.001
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.view.matrix, again.view.matrix)
    if name not in ("jpeg", "sharpen"):  # these have a strength and no other chance
        assert not np.array_equal(first.pixels, other.pixels)
    assert first.view.moved == (load_part(name).stage in ("view", "table"))
    assert (first.covered is None) == (load_part(name).stage != "cover")


@pytest.mark.parametrize("name", PARTS)
def test_a_part_more_leaves_the_page_readable(name: str) -> None:
    pixels = _worn(Wear(**{name: 0.3})).pixels
    like = np.corrcoef(pixels[::3, ::3].astype(float).ravel(), CLEAN[::3, ::3].astype(float).ravel())[0, 1]
    assert like > (-0.5 if load_part(name).stage == "view" else 0.3)
    assert pixels.mean() > 100


Recorded = list[tuple[str, float, Any]]


def _fakes(monkeypatch: pytest.MonkeyPatch, seen: Recorded, stages: dict[str, Stage] | None = None) -> None:
    """Put parts in place that do nothing but say when they were asked, their chance and their canvas."""

    def load(name: str) -> Part:
        stage = (stages or {}).get(name) or load_part(name).stage

        def work(*given: Any) -> Any:
            *before, strength, dice = given
            assert isinstance(strength, float)
            seen.append((name, float(dice.random()), before[-1]))
            table = np.zeros(CLEAN.shape, np.uint8)
            return {"paper": Film(), "light": Film(), "cover": None, "table": table}.get(stage, before[0])

        return Part(stage, work)

    monkeypatch.setattr(subject, "load_part", load)


@pytest.mark.parametrize("name", PARTS)
def test_no_part_changes_the_chance_of_another(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    alone: Recorded = []
    _fakes(monkeypatch, alone)
    _worn(Wear(**{name: 0.5}))
    among: Recorded = []
    _fakes(monkeypatch, among)
    _worn(Wear(**{part: 0.3 for part in PARTS}))
    chances = {part: chance for part, chance, _ in among}
    assert [part for part, *_ in alone] == [name]
    assert chances[name] == alone[0][1]
    assert len(set(chances.values())) == len(PARTS), "each has its own"


def test_another_page_has_another_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Recorded = []
    _fakes(monkeypatch, seen)
    for names in (("page", 0), ("page", 1), ("other", 0)):
        wear_page(CLEAN.copy(), PX_PER_MM, Wear(noise=0.5), names)
    assert len({chance for _, chance, _ in seen}) == 3


def test_stages_come_in_the_order_of_a_pictures_making(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Recorded = []
    _fakes(monkeypatch, seen)
    _worn(Wear(**{part: 0.5 for part in PARTS}))
    stages = [STAGES.index(load_part(name).stage) for name, *_ in seen]
    assert stages == sorted(stages) and set(stages) == set(range(len(STAGES)))
    for stage in STAGES:
        of_stage = [name for name, *_ in seen if load_part(name).stage == stage]
        assert of_stage == [name for name in PARTS if name in of_stage], "within a stage as the list says"
    turned: Recorded = []
    _fakes(monkeypatch, turned, {"yellowing": "camera", "jpeg": "paper"})
    _worn(Wear(yellowing=0.5, jpeg=0.5, rotation=0.5))
    assert [name for name, *_ in turned] == ["jpeg", "rotation", "yellowing"], "the stage counts, not the name"


def test_a_part_of_strength_zero_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Recorded = []
    _fakes(monkeypatch, seen)
    _worn(Wear(noise=0.2))
    assert [name for name, *_ in seen] == ["noise"]
    assert seen[0][2] == Canvas(CLEAN.shape[1], CLEAN.shape[0], PX_PER_MM)


def _field(*names: str | int, low: float, high: float, colours: bool = False) -> Field:
    canvas = Canvas(CLEAN.shape[1], CLEAN.shape[0], PX_PER_MM)
    shape = (*canvas.coarse, 3) if colours else canvas.coarse
    return rng("field", *names).uniform(low, high, shape).astype(np.float32)


def _full(field: Field) -> NDArray[np.float64]:
    """A field at the page's resolution, (height, width, 1 or 3)."""
    size = (CLEAN.shape[1], CLEAN.shape[0])
    made = cv2.resize(field, size, interpolation=cv2.INTER_LINEAR).astype(np.float64)
    return made if made.ndim == 3 else made[..., None]


CASES = {
    "shade": [Film(shade=_field(1, low=0.5, high=1.2))],
    "coloured shade": [Film(shade=_field(2, low=0.5, high=1.2, colours=True))],
    "ink": [Film(ink=_field(3, low=0.2, high=1.0))],
    "both": [Film(_field(4, low=0.5, high=1.25, colours=True), _field(5, low=0.2, high=1.0))],
    "several": [
        Film(np.full_like(_field(6, low=0.8, high=1.0), 0.9), np.full_like(_field(6, low=0.5, high=1), 0.8)),
        Film(shade=_field(7, low=0.8, high=1.1)),
        Film(ink=np.full_like(_field(8, low=0.5, high=1.0), 0.7)),
    ],
    "nothing": [Film()],
}


@pytest.mark.parametrize("case", CASES)
def test_films_are_laid_as_arithmetic_says(case: str) -> None:
    """What is left of the ink first, then the light: 255 - (255 - paper) * ink, and that times the shade."""
    want = CLEAN.astype(np.float64)
    ink, shade = np.ones((1, 1, 1)), np.ones((1, 1, 1))
    for film in CASES[case]:
        ink = ink if film.ink is None else ink * _full(film.ink)
        shade = shade if film.shade is None else shade * _full(film.shade)
    want = np.clip((255 - (255 - want) * ink) * shade, 0, 255)
    made = CLEAN.copy()
    develop(made, CASES[case])
    assert np.abs(made - want).max() <= 2.5  # of 255: ink, light and what is left are bytes
    assert abs((made - want).mean()) < 0.5


def test_light_may_be_brighter_than_the_page_but_not_without_end() -> None:
    grey = np.full((80, 120, 3), 100, np.uint8)
    for shade, want in ((1.2, 120), (1.25, 125), (3.0, 125)):
        made = grey.copy()
        develop(made, [Film(shade=np.full((80 // STEP_PX, 120 // STEP_PX), shade, np.float32))])
        assert np.abs(made.astype(int) - want).max() <= 1


def _shifted() -> View:
    size = Size(CLEAN.shape[1], CLEAN.shape[0])
    shift = np.eye(3)
    shift[:2, 2] = 80, 60
    return View(size, size, PX_PER_MM, shift)


def test_around_the_page_is_the_table_or_a_scanners_lid() -> None:
    table = rng("table").integers(100, 255, CLEAN.shape, np.uint8)
    lid, on_table = photograph(CLEAN.copy(), _shifted(), None), photograph(CLEAN.copy(), _shifted(), table.copy())
    for picture, behind in ((lid, np.broadcast_to(np.array(LID), CLEAN.shape)), (on_table, table)):
        far = np.abs(picture[:20, :40].astype(int) - behind[:20, :40])
        assert far.max() <= 1
        assert np.array_equal(picture[61:, 81:], CLEAN[1:-60, 1:-80])
        beside = picture[100:800, 74:79].mean() / behind[100:800, 74:79].mean()
        assert 0.3 < beside < 0.85, "the page throws a shadow on what it lies on"


def test_an_unmoved_page_is_not_photographed() -> None:
    size = Size(CLEAN.shape[1], CLEAN.shape[0])
    page = CLEAN.copy()
    assert photograph(page, View(size, size, PX_PER_MM, np.eye(3)), None) is page


def test_what_covers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def cover(pixels: Pixels, covered: NDArray[np.uint8], canvas: Canvas, strength: float, dice: Dice) -> None:
        pixels[10:20, 30:60], covered[10:20, 30:60] = 7, 255

    monkeypatch.setattr(subject, "load_part", lambda name: Part("cover", cover))
    worn = _worn(Wear(finger=0.5))
    assert worn.covered is not None
    assert worn.covered.sum() == 255 * 10 * 30 and (worn.pixels[10:20, 30:60] == 7).all()


@pytest.mark.parametrize("name", PARTS)
def test_every_part_is_there_and_says_its_stage(name: str) -> None:
    part = load_part(name)
    assert part.stage in STAGES and callable(part.work)
