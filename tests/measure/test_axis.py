"""Axes of vectors that are known, projected by Einthoven's triangle."""

import numpy as np
import pytest

from einthoven.measure.axis import axes
from einthoven.measure.usual_beat import UsualBeat

RATE_HZ = 500.0
BUMP = np.zeros(650)
BUMP[200:251] = 1 - np.abs(np.linspace(-1, 1, 51))  # the QRS complex, 0.4 to 0.5 s
P_AND_T = np.zeros(650)
P_AND_T[120:171] = 0.1 * BUMP[200:251]
P_AND_T[300:401] = 0.3 * (1 - np.abs(np.linspace(-1, 1, 101)))
BEAT = UsualBeat(np.zeros((1, 650)), RATE_HZ, 0.24, 0.34, 0.4, 0.5, 0.6, 0.8)


def _found(lead_i: np.ndarray, avf: np.ndarray, beat: UsualBeat = BEAT) -> dict[str, float | None]:
    return axes(beat, lead_i, avf)


def _leads(angle_deg: float, shape: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """I and aVF of a vector: bipolar leads at 0 and 60 degrees (Einthoven), aVF = II - I / 2 (Goldberger)."""
    one, two = (np.cos(np.radians(angle_deg - lead_deg)) * shape for lead_deg in (0.0, 60.0))
    return one, two - one / 2


@pytest.mark.parametrize("angle_deg", [*range(-165, 180, 15), 179.5, -179.5])
def test_the_angle_of_a_vector_comes_back(angle_deg: float) -> None:
    found = _found(*_leads(angle_deg, BUMP + P_AND_T))
    assert found == {wave: pytest.approx(angle_deg, abs=0.1) for wave in ("p", "qrs", "t")}


def test_textbook_angles() -> None:
    none = np.zeros(650)
    assert _found(BUMP, none)["qrs"] == pytest.approx(0)
    assert _found(none, BUMP)["qrs"] == pytest.approx(90)
    assert _found(none, -BUMP)["qrs"] == pytest.approx(-90)
    assert abs(_found(-BUMP, none)["qrs"] or 0) == pytest.approx(180)
    assert _found(BUMP, -0.5 * BUMP)["qrs"] == pytest.approx(-30)  # II = aVF + I / 2 is isoelectric
    assert _found(BUMP, 0.5 * BUMP)["qrs"] == pytest.approx(30)  # III = aVF - I / 2 is isoelectric


def test_the_waves_have_axes_of_their_own() -> None:
    one, foot = (a + b for a, b in zip(_leads(-60, BUMP), _leads(45, P_AND_T), strict=True))
    assert _found(one, foot) == {"p": pytest.approx(45), "qrs": pytest.approx(-60), "t": pytest.approx(45)}


def test_a_net_area_near_zero_has_no_direction() -> None:
    biphasic = np.zeros(650)
    biphasic[200:226], biphasic[226:251] = 1, -1
    biphasic[200:251] -= biphasic[200:251].mean()
    assert _found(biphasic, 0.7 * biphasic)["qrs"] is None
    assert _found(np.zeros(650), np.zeros(650)) == {"p": None, "qrs": None, "t": None}


def test_net_area_counts_and_not_the_largest_deflection() -> None:
    """A tall narrow R in I before a small broad S: the area points to the left less than to the right."""
    row = np.zeros(650)
    row[205:210], row[212:248] = 1.0, -0.3
    assert abs(_found(row, np.zeros(650))["qrs"] or 0) == pytest.approx(180)


def test_p_and_t_are_measured_from_the_line_between_their_ends() -> None:
    slope = np.linspace(-0.5, 0.5, 650)
    one, foot = _leads(60, P_AND_T)
    found = _found(one + slope, foot - 2 * slope)
    assert [found["p"], found["t"]] == pytest.approx([60, 60], abs=0.1)


def test_a_wave_that_is_not_there_has_no_axis() -> None:
    beat = UsualBeat(np.zeros((1, 650)), RATE_HZ, np.nan, np.nan, 0.4, 0.5, 0.6, np.nan)
    found = _found(*_leads(20, BUMP + P_AND_T), beat)
    assert found == {"p": None, "qrs": pytest.approx(20, abs=0.1), "t": None}
