"""Resampling against sines: nothing of them above the new Nyquist frequency, nothing lost below, no shift in time."""

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.errors import UnitError
from einthoven.core.leads import TWELVE
from einthoven.records.resample import resample
from tests.records.make import toy

RATES = [(500, 250), (500, 100), (400, 250), (1000, 250), (257, 250), (250, 500), (360, 250), (128, 100)]


def _sine(hz: float, rate_hz: float, seconds: float = 8.0, phase: float = 0.4) -> Ecg:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return Ecg(np.sin(2 * np.pi * hz * time_s + phase)[None].astype(np.float32), ("II",), float(rate_hz))


@pytest.mark.parametrize(("old", "new"), [pair for pair in RATES if pair[1] < pair[0]])
def test_what_lies_above_the_new_nyquist_frequency_is_gone(old: int, new: int) -> None:
    for hz in np.linspace(new / 2, old / 2, 9)[1:-1]:
        found = resample(_sine(hz, old), new).signal_mv[0]
        middle = found[len(found) // 10 : -(len(found) // 10)]
        assert np.sqrt(np.mean(middle**2)) < 0.01 * np.sqrt(0.5), hz  # 40 dB


@pytest.mark.parametrize(("old", "new"), RATES)
def test_what_lies_below_keeps_size_and_place(old: int, new: int) -> None:
    for hz in np.linspace(0.5, 0.4 * min(old, new), 9):
        found = resample(_sine(hz, old), new)
        wanted = _sine(hz, new).signal_mv[0]
        assert found.signal_mv.shape == (1, len(wanted))
        middle = slice(len(wanted) // 10, -(len(wanted) // 10))
        assert np.abs(found.signal_mv[0] - wanted)[middle].max() < 0.01, hz


def test_length_rate_leads_and_faults_are_kept() -> None:
    ecg = toy(seconds=9.998)
    for rate_hz in (250.0, 100.0, 257.0, 499.8, 1000.0, 333.3):
        found = resample(ecg, rate_hz)
        assert found.rate_hz == rate_hz
        assert found.signal_mv.shape == (12, round(4999 * rate_hz / 500))
        assert (found.leads, found.source) == (TWELVE, "toy")
    assert resample(ecg, 500.0) is ecg
    for rate_hz in (0.0, -1.0, float("nan"), 1e9):
        with pytest.raises(UnitError, match="cannot resample"):
            resample(ecg, rate_hz)


def test_offset_and_drift_run_through_both_ends() -> None:
    line = (8 + 0.1 * np.arange(4000) / 400)[None].astype(np.float32)
    found = resample(Ecg(line, ("II",), 400.0), 250.0).signal_mv[0]
    np.testing.assert_allclose(found, 8 + 0.1 * np.arange(2500) / 250, atol=2e-3)


def test_both_ends_of_a_cut_are_as_if_it_went_on() -> None:
    whole = resample(toy(seconds=10), 250.0).signal_mv
    ecg = toy(seconds=10)
    cut = resample(ecg.with_signal(ecg.signal_mv[:, 1000:4000], 500.0), 250.0).signal_mv
    assert np.abs(cut - whole[:, 500:2000]).max() < 0.05
    assert np.median(np.abs(cut - whole[:, 500:2000])) < 1e-4


def test_a_few_samples_are_enough() -> None:
    for samples in (1, 2, 3, 40):
        found = resample(Ecg(np.ones((1, samples), np.float32), ("I",), 500.0), 250.0)
        assert found.signal_mv.shape[1] == max(round(samples / 2), 1)
        np.testing.assert_allclose(found.signal_mv, 1.0, atol=1e-3)


def test_limb_leads_still_agree() -> None:
    lead = resample(toy(), 257.0).lead
    assert np.abs(lead("II") - lead("I") - lead("III")).max() < 1e-3
