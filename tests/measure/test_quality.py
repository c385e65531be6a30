"""Noise and wander come out as large as they were put in; exchanged cables and dead leads are told."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from einthoven.core.ecg import Ecg, Fault
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import Measurements, Quality
from einthoven.core.rng import rng
from einthoven.measure.entry import measure
from einthoven.measure.quality import quality, suspected_reversal
from einthoven.records.simulate import simulate
from einthoven.records.simulate_recording import Recording
from tests.measure.make import beats_at, made, measured

SAMPLES = 5000


def _of(rows: np.ndarray, leads: tuple[str, ...] = TWELVE, rate_hz: float = 500.0) -> Quality:
    ecg = Ecg(rows.astype(np.float32), leads, rate_hz)
    return quality(ecg, ecg.signal_mv, leads, beats_at([]), None)


def _noisy(size_mv: float) -> Measurements:
    ecg = made().ecg
    noise = size_mv * rng("noise").standard_normal(ecg.signal_mv.shape)
    return measure(ecg.with_signal(ecg.signal_mv + noise.astype(np.float32), 500.0))


@pytest.mark.parametrize("size_mv", [0.005, 0.05, 0.5])
@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 1000.0])
def test_white_noise_is_as_large_as_its_standard_deviation(size_mv: float, rate_hz: float) -> None:
    found = _of(size_mv * rng("white").standard_normal((12, SAMPLES)), rate_hz=rate_hz)
    for one in found.leads.values():
        assert one.noise_mv == pytest.approx(size_mv, rel=0.08)
        assert one.score == 0.0  # there is no beat


def test_noise_is_measured_between_the_complexes() -> None:
    clean = measured().quality.leads
    noisy = _noisy(0.03).quality.leads
    for lead in TWELVE:
        assert (clean[lead].noise_mv or 0) < 0.004
        assert noisy[lead].noise_mv == pytest.approx(0.03, rel=0.15)


def test_what_is_within_the_complexes_is_no_noise() -> None:
    """Two thirds of the time lie in or next to broad quick complexes that are rough themselves."""
    beats = beats_at(0.1 + 0.4 * np.arange(24), qrs_s=0.15)
    at_s = np.arange(SAMPLES) / 500
    within = np.zeros(SAMPLES, bool)
    for on_s in beats.qrs_on_s:
        within |= (at_s > on_s - 0.05) & (at_s < on_s + 0.2)
    rows = np.where(within, 0.5, 0.01) * rng("rough").standard_normal((1, SAMPLES))
    ecg = Ecg(rows.astype(np.float32), ("II",), 500.0)
    found = quality(ecg, ecg.signal_mv, ("II",), beats, None)
    assert found.leads["II"].noise_mv == pytest.approx(0.01, rel=0.25)


def test_the_score_falls_with_the_noise() -> None:
    scores = [np.mean([one.score for one in _noisy(size).quality.leads.values()]) for size in (0, 0.02, 0.06, 0.2)]
    assert scores[0] > 0.95 and scores[-1] < 0.5
    assert all(later < before for before, later in pairwise(scores))


def test_wander_is_the_swing_of_the_baseline() -> None:
    at_s = np.arange(SAMPLES) / 500
    found = _of(np.tile(0.4 * np.sin(2 * np.pi * 0.1 * at_s), (12, 1)))
    for one in found.leads.values():
        assert one.wander_mv == pytest.approx(0.8, rel=0.05)
        assert one.noise_mv == pytest.approx(0, abs=1e-3)


def test_the_residual_is_what_breaks_einthovens_law() -> None:
    assert (measured().quality.einthoven_residual_mv or 0) < 0.002
    ecg = made().ecg
    rows = ecg.signal_mv.copy()
    rows[2] *= -1  # III upside down
    broken = measure(ecg.with_signal(rows, 500.0)).quality.einthoven_residual_mv
    assert broken is not None and broken > 0.1
    assert measure(Ecg(ecg.signal_mv[:2], ("I", "II"), 500.0)).quality.einthoven_residual_mv is None


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("reversal", "said"),
    [
        ("none", None),
        ("LA-RA", "lead I is upside down against V6: the cables of the arms may be exchanged"),
        ("RA-N", "lead II is nearly flat: the right leg's cable may be on a limb that II is taken from"),
        ("LA-N", "lead III is nearly flat: the right leg's cable may be on a limb that III is taken from"),
    ],
)
def test_exchanged_cables_are_told(reversal: str, said: str | None, seed: int) -> None:
    """Einthoven's triangle: with the right leg's cable on an arm, the lead between the legs sees nothing."""
    cart = Recording(reversal=reversal, hiss_mv=0.003)
    assert measure(simulate((), seed=seed, recording=cart).ecg).quality.suspected_reversal == said


def test_reversal_needs_the_leads_that_show_it() -> None:
    wave = np.sin(np.linspace(0, 9, 100))
    assert suspected_reversal({"I": -wave, "V6": wave, "aVR": wave}) is not None
    assert suspected_reversal({"I": wave, "V6": wave, "aVR": -wave}) is None
    assert suspected_reversal({"I": -wave, "V6": wave}) is None
    assert suspected_reversal({"I": wave, "II": wave * 0.05, "III": -wave}) is not None
    assert suspected_reversal({"I": wave, "II": wave * 0.05}) is None
    assert suspected_reversal({"I": 0 * wave, "V6": wave, "aVR": wave}) is None
    assert suspected_reversal({}) is None


def test_complexes_of_a_pacemaker_are_no_exchanged_cables() -> None:
    assert not [seed for seed in range(4) if measured(("VPACE",), seed).quality.suspected_reversal]


def test_an_axis_to_the_right_is_no_exchanged_cable() -> None:
    assert not [seed for seed in range(4) if measured(("RAD",), seed).quality.suspected_reversal]


def test_a_lead_with_a_fault_or_an_unknown_name_says_so() -> None:
    ecg = made().ecg
    rows = np.concatenate([ecg.signal_mv, ecg.signal_mv[:1]])
    rows[7] = 0
    faults = (Fault("V2", "flat", "0 mV throughout"), Fault("V5", "gaps bridged", "3 samples"))
    found = measure(replace(ecg, signal_mv=rows, leads=(*TWELVE, "resp"), faults=faults)).quality.leads
    assert tuple(found) == (*TWELVE, "resp")
    assert (found["V2"].score, found["V2"].noise_mv, found["V2"].fault) == (0.0, None, "flat: 0 mV throughout")
    assert found["V5"].fault == "gaps bridged: 3 samples" and found["V5"].score > 0.5
    assert (found["resp"].score, found["resp"].fault) == (0.0, "is no lead of an ECG that is known")
    assert found["II"].fault is None


def test_a_lead_that_is_flat_in_memory_is_called_so_and_no_fault_hides_another() -> None:
    ecg = made().ecg
    signal = ecg.signal_mv.copy()
    signal[ecg.leads.index("V3")] = 0.4
    spiked = ecg.leads.index("V4")
    signal[spiked, 2000] += 40
    faults = (Fault("V4", "saturated", "stands at 3 mV"),)
    found = measure(replace(ecg.with_signal(signal, ecg.rate_hz), faults=faults)).quality.leads
    assert found["V3"].fault == "flat"
    assert (found["V4"].fault or "").startswith("saturated: stands at 3 mV; gaps bridged: 1 samples over 10 mV")
