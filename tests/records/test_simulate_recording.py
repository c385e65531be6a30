"""Noise enters at electrodes, cables can be swapped, machines filter: each checked against its own law."""

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.records.simulate import simulate
from einthoven.records.simulate_recording import (
    EIGHT_FROM_ELECTRODES,
    ELECTRODES_FROM_EIGHT,
    FILTERS,
    Recording,
    record,
    response,
)


def leads(reversal: str) -> dict[str, np.ndarray]:
    ecg = simulate(("SR",), seed=6, recording=Recording(reversal=reversal)).ecg
    return {name: ecg.lead(name).astype(np.float64) for name in ecg.leads}


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.abs(one - other).max() < 1e-5)


def test_electrodes_and_leads_are_inverse() -> None:
    assert np.allclose(EIGHT_FROM_ELECTRODES @ ELECTRODES_FROM_EIGHT, np.eye(8))


def test_reversals_do_what_the_textbook_says() -> None:
    true = leads("none")
    arms = leads("LA-RA")
    assert same(arms["I"], -true["I"]) and same(arms["II"], true["III"]) and same(arms["aVR"], true["aVL"])
    assert same(arms["V4"], true["V4"])  # Wilson's terminal does not change
    left = leads("LA-LL")
    assert same(left["III"], -true["III"]) and same(left["I"], true["II"])
    assert same(leads("V1-V3")["V1"], true["V3"])
    assert np.abs(leads("RA-N")["II"]).max() < 1e-6  # both cables on the legs
    assert np.abs(leads("LA-N")["III"]).max() < 1e-6


def test_an_electrode_without_contact_reaches_the_leads_that_use_it() -> None:
    ecg = simulate(("SR",), seed=6, recording=Recording(off=("V3",))).ecg
    assert np.abs(ecg.lead("V3")).max() < 1e-6 < np.abs(ecg.lead("V4")).max()
    made = simulate(("SR",), seed=6, recording=Recording(off=("V3",)))
    assert not made.truth.waves["V3"] and made.truth.waves["V4"]


@pytest.mark.parametrize("hz", [50.0, 60.0])
def test_mains_is_a_line_with_harmonics(hz: float) -> None:
    flat = np.zeros((8, 5000))
    noisy = record(flat, Recording(mains_mv=0.1, mains_hz=hz), 500.0, rng("test", "mains"))
    power = np.abs(np.fft.rfft(noisy, axis=1)).sum(axis=0)
    assert abs(power[10:].argmax() + 10 - hz * 10) <= 1
    assert power[int(3 * hz * 10) - 2 : int(3 * hz * 10) + 3].max() > 20 * np.median(power)


def test_noise_of_one_electrode_reaches_the_chest_leads_through_the_terminal() -> None:
    potentials = np.zeros(9)
    potentials[0] = 3.0  # RA
    assert np.allclose(EIGHT_FROM_ELECTRODES @ potentials, [-3, -3, -1, -1, -1, -1, -1, -1])


def test_wander_is_slow_and_muscle_is_fast() -> None:
    flat, hz = np.zeros((8, 5000)), np.fft.rfftfreq(5000, 1 / 500)
    for recording, low, high in ((Recording(wander_mv=0.1), 0.0, 3.0), (Recording(muscle_mv=0.05), 5.0, 200.0)):
        power = (np.abs(np.fft.rfft(record(flat, recording, 500.0, rng("test")), axis=1)) ** 2).sum(axis=0)
        assert power[(hz >= low) & (hz <= high)].sum() > 0.9 * power.sum()


@pytest.mark.parametrize("name", FILTERS)
def test_filters_are_3_db_down_at_their_corner(name: str) -> None:
    high_pass, low_pass = FILTERS[name]
    gain = response(Recording(high_pass_hz=high_pass, low_pass_hz=low_pass), np.array([high_pass, 10.0, low_pass]))
    assert gain[1] == pytest.approx(1.0, abs=0.01)
    if low_pass:
        assert gain[2] == pytest.approx(np.sqrt(0.5), abs=0.01)
        assert gain[0] == pytest.approx(0.5, abs=0.05)


def test_steps_are_steps() -> None:
    signal = simulate(("SR",), seed=1, recording=Recording(step_mv=0.005)).ecg.lead("I").astype(np.float64)
    assert np.abs(signal / 0.005 - np.round(signal / 0.005)).max() < 1e-3


def test_unknown_cables_are_refused() -> None:
    with pytest.raises(InputError, match="reversal 'RA-V9'"):
        Recording(reversal="RA-V9")
    with pytest.raises(InputError, match="electrode 'V9'"):
        Recording(off=("V9",))
