"""Small things that everything rests on: randomness by name, units, pages and the tree of errors."""

import inspect
from typing import Any

import numpy as np
import pytest

from einthoven.core import errors
from einthoven.core.errors import EcgError, InputError, UnitError
from einthoven.core.page import Page
from einthoven.core.rng import rng
from einthoven.core.units import mv_per


def test_the_same_names_give_the_same_numbers_on_any_machine() -> None:
    # written down once: a change here changes every seeded output
    assert rng("wear", "00001_hr", 7).integers(1_000_000, size=3).tolist() == [481039, 702757, 630752]


def test_other_names_give_other_numbers() -> None:
    names = [("a",), ("b",), ("a", "b"), ("ab",), ("a", 1), ("a", "1"), ("a", 11), ("a", 1, 1), ()]
    draws = {tuple(rng(*name).integers(2**62, size=2)) for name in names}
    assert len(draws) == len(names)


def test_a_number_is_the_same_name_from_python_and_numpy() -> None:
    assert rng("a", 3).random() == rng("a", int(np.int64(3))).random() == rng("a", np.int64(3)).random()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unit", "size"),
    [("mV", 1), ("MV", 1), (" mv ", 1), ("V", 1000), ("uV", 0.001), ("µV", 0.001), ("μV", 0.001), ("nV", 1e-6)],
)
def test_units(unit: str, size: float) -> None:
    assert mv_per(unit, "a.hea") == size


@pytest.mark.parametrize("unit", ["", "mmHg", "adu", "m", "ohm"])
def test_what_is_no_voltage_is_refused(unit: str) -> None:
    with pytest.raises(UnitError, match=r"a\.hea: unit .* is not a voltage; use one of V, mV, uV, nV"):
        mv_per(unit, "a.hea")


def test_a_page_is_rgb_and_cannot_be_changed() -> None:
    page = Page(np.zeros((4, 5, 3), np.uint8), "a.png")
    with pytest.raises(ValueError, match="read-only"):
        page.pixels[0, 0, 0] = 1
    wrongs: list[Any] = [np.zeros((4, 5), np.uint8), np.zeros((4, 5, 4), np.uint8), np.zeros((4, 5, 3), np.float32)]
    for wrong in wrongs:
        with pytest.raises(InputError, match=r"a\.png: pixels are"):
            Page(wrong, "a.png")


def test_every_error_is_an_ecg_error_and_in_the_tree_of_the_page() -> None:
    classes = [item for _, item in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(item, EcgError) for item in classes)
    assert all(item.__name__ in (errors.__doc__ or "") for item in classes)
