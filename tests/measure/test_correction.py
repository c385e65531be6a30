"""The four corrections against their published formulas, worked by hand."""

import pytest

from einthoven.core.measurements import CORRECTIONS
from einthoven.measure.correction import corrected_qt_ms


@pytest.mark.parametrize(
    ("qt_ms", "bpm", "wanted"),
    [  # Bazett, Fridericia, Framingham, Hodges
        (360, 100, (464.8, 426.8, 421.6, 430.0)),
        (480, 50, (438.2, 451.7, 449.2, 462.5)),
        (300, 150, (474.3, 407.2, 392.4, 457.5)),
        (440, 40, (359.3, 384.4, 363.0, 405.0)),
    ],
)
def test_worked_examples(qt_ms: float, bpm: float, wanted: tuple[float, ...]) -> None:
    found = corrected_qt_ms(qt_ms, 60_000 / bpm)
    assert tuple(found) == CORRECTIONS
    assert tuple(found.values()) == pytest.approx(wanted, abs=0.06)


def test_at_sixty_a_minute_there_is_nothing_to_correct() -> None:
    assert set(corrected_qt_ms(412.5, 1000).values()) == {412.5}


def test_a_quick_heart_is_corrected_downward_least_by_framingham_and_most_by_bazett() -> None:
    quick, slow = corrected_qt_ms(330, 500), corrected_qt_ms(450, 1300)
    assert quick["bazett"] > quick["fridericia"] > quick["framingham"] > 330
    assert slow["bazett"] < slow["fridericia"] < 450
