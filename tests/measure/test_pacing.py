"""Pacing spikes are found where they are, and neither steep complexes nor noise are taken for them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.measure.beats import Beats
from einthoven.measure.entry import measure
from einthoven.measure.pacing import pacing_spikes
from einthoven.records.simulate import simulate
from tests.measure.make import beats_at, made, measured

NONE = beats_at([])
TIMES_S = (0.4, 1.21, 2.03, 2.9)


def _spiked(rate_hz: float = 500.0, size_mv: float = 2.0, leads: int = 12, seconds: float = 4.0) -> NDArray[np.float32]:
    rows = np.zeros((leads, round(seconds * rate_hz)), np.float32)
    for at_s in TIMES_S:
        place = round(at_s * rate_hz)
        rows[:, place : place + max(1, round(0.002 * rate_hz))] += size_mv
    return rows


def _found(rows: NDArray[np.float32], rate_hz: float = 500.0, beats: Beats = NONE) -> tuple[float, ...]:
    found = pacing_spikes(rows, rate_hz, beats)
    assert found is not None
    return found


@pytest.mark.parametrize("rate_hz", [250.0, 360.0, 500.0, 1000.0, 2000.0])
@pytest.mark.parametrize("size_mv", [2.0, -0.8])
def test_spikes_are_found_where_they_are(rate_hz: float, size_mv: float) -> None:
    assert _found(_spiked(rate_hz, size_mv), rate_hz) == pytest.approx(TIMES_S, abs=0.004)


@pytest.mark.parametrize("rate_hz", [250.0, 300.0, 360.0, 500.0])
def test_a_spike_that_falls_on_two_samples_is_found_too(rate_hz: float) -> None:
    rows = np.zeros((12, round(4 * rate_hz)), np.float32)
    places = [round(at_s * rate_hz) for at_s in TIMES_S]
    for place in places:
        rows[:, place : place + 2] = 1.0
    assert _found(rows, rate_hz) == pytest.approx(TIMES_S, abs=0.007)


def test_below_240_a_second_nothing_can_be_said() -> None:
    assert pacing_spikes(_spiked(200.0), 200.0, NONE) is None
    assert pacing_spikes(_spiked(128.0), 128.0, NONE) is None
    assert pacing_spikes(np.zeros((0, 500), np.float32), 500.0, NONE) == ()


def test_steep_r_waves_are_none() -> None:
    rows = np.zeros((12, 2000), np.float32)
    for at_s in TIMES_S:
        place = round(at_s * 500)
        rows[:, place : place + 21] += 2.5 * (1 - np.abs(np.linspace(-1, 1, 21))).astype(np.float32)
    assert _found(rows, beats=beats_at(np.array(TIMES_S) - 0.025)) == ()


def test_a_spike_at_the_onset_of_a_complex_counts_and_one_within_it_does_not() -> None:
    rows = _spiked()
    assert len(_found(rows, beats=beats_at(np.array(TIMES_S) - 0.003))) == 4
    assert _found(rows, beats=beats_at(np.array(TIMES_S) - 0.04)) == ()
    assert len(_found(rows, beats=beats_at(np.array(TIMES_S) + 0.003))) == 4


def test_an_artefact_of_one_lead_is_none() -> None:
    rows = np.zeros((12, 2000), np.float32)
    rows[4] = _spiked(size_mv=0.5)[0]
    assert _found(rows) == ()


def test_spikes_too_many_for_a_pacemaker_are_none() -> None:
    rows = np.zeros((12, 2000), np.float32)
    rows[:, 20::50] = 2.0  # ten a second
    assert _found(rows) == ()


def test_noise_and_mains_are_none() -> None:
    at_s = np.arange(5000) / 500
    noise = 0.3 * rng("noise").standard_normal((12, 5000))
    for rows in (noise, np.tile(np.sin(2 * np.pi * 50 * at_s), (12, 1))):
        assert _found(rows.astype(np.float32)) == ()


@pytest.mark.parametrize("findings", [("VPACE",), ("DPACE",), ("APACE",)])
@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 1000.0])
def test_simulated_spikes_are_found_within_10_ms(findings: tuple[str, ...], rate_hz: float) -> None:
    """Of a patient with unipolar leads, whose spikes are of 1 mV and more."""
    one = simulate(findings, seed=1, rate_hz=rate_hz)
    found = np.array(measure(one.ecg).rhythm.pacing_spikes_s)
    truth = np.array([at_s for at_s in one.truth.pacing_spikes_s if 0.02 < at_s < 9.98])
    apart_s = np.abs(found[:, None] - truth)
    assert len(truth) >= 10
    assert apart_s.min(axis=0).max() < 0.01  # none is missed
    assert apart_s.min(axis=1).max() < 0.01  # none is made up


@pytest.mark.parametrize("findings", [(), ("LVH",), ("AFIB",), ("STACH",), ("CLBBB",), ("CRBBB",), ("PVC",), ("WPW",)])
@pytest.mark.parametrize("recording", ["clean", "typical"])
def test_hearts_without_a_pacemaker_have_no_spikes(findings: tuple[str, ...], recording: str) -> None:
    assert made(findings, 1, recording).truth.pacing_spikes_s == ()
    assert measured(findings, 1, recording).rhythm.pacing_spikes_s == ()
