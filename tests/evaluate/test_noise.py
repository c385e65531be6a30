"""Noise has the stated size and the band of its kind, and one ladder is one noise at several sizes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.evaluate.noise import KINDS, LADDER_DB, Kind, noisy
from tests.records.make import toy

Floats = NDArray[np.float64]
each = pytest.mark.parametrize("kind", KINDS)


def _added(kind: Kind, snr_db: float, name: str = "record", ecg: Ecg | None = None) -> Floats:
    ecg = ecg or toy()
    return noisy(ecg, kind, snr_db, name).signal_mv.astype(np.float64) - ecg.signal_mv


def _power(noise: Floats, low_hz: float, high_hz: float, rate_hz: float = 500.0) -> float:
    """The share of the power from low to high."""
    spectrum = np.abs(np.fft.rfft(noise, axis=1)) ** 2
    frequency = np.fft.rfftfreq(noise.shape[1], 1 / rate_hz)
    inside = (frequency >= low_hz - 1e-9) & (frequency <= high_hz + 1e-9)
    return float(spectrum[:, inside].sum() / spectrum.sum())


@each
@pytest.mark.parametrize("snr_db", LADDER_DB)
def test_every_lead_has_the_stated_ratio(kind: Kind, snr_db: float) -> None:
    signal = toy().signal_mv.astype(np.float64)
    ratio = 10 * np.log10(signal.var(axis=1) / _added(kind, snr_db).var(axis=1))
    np.testing.assert_allclose(ratio, np.full(12, snr_db), atol=0.01)


@each
def test_a_level_under_the_signal_is_no_power(kind: Kind) -> None:
    ecg = toy()
    raised = ecg.with_signal(ecg.signal_mv + np.float32(3.0), ecg.rate_hz)
    np.testing.assert_allclose(_added(kind, 6, ecg=raised), _added(kind, 6), atol=1e-5)


@each
def test_along_the_ladder_only_the_size_differs(kind: Kind) -> None:
    """From 24 to -6 dB are 30 dB: a factor of the square root of a thousand."""
    np.testing.assert_allclose(_added(kind, -6), _added(kind, 24) * np.sqrt(1000), atol=2e-5)


@each
def test_a_name_gives_its_noise_and_another_name_another(kind: Kind) -> None:
    np.testing.assert_array_equal(_added(kind, 0), _added(kind, 0))
    one, other = _added(kind, 0), _added(kind, 0, name="another")
    assert np.abs(one - other).max() > 0.1 * one.std()


@pytest.mark.parametrize(
    ("kind", "low_hz", "high_hz"), [("muscle", 20, 150), ("baseline", 0.05, 0.7), ("mains", 50, 50)]
)
def test_each_kind_has_its_band(kind: Kind, low_hz: float, high_hz: float) -> None:
    assert _power(_added(kind, 0), low_hz, high_hz) > 0.999


def test_muscle_noise_is_level_over_its_band_and_wander_is_slow() -> None:
    muscle, wander = _added("muscle", 0), _added("baseline", 0)
    assert _power(muscle, 20, 85) == pytest.approx(0.5, abs=0.05)
    assert _power(wander, 0, 0.375) > 0.7  # of 0.1 .. 0.7 Hz the lower half
    alike = np.asarray(np.corrcoef(muscle))
    assert np.abs(alike[~np.eye(12, dtype=bool)]).max() < 0.1, "each lead has its own"


def test_mains_is_a_sine_of_50_hz_with_a_phase_in_each_lead() -> None:
    noise = _added("mains", 0)
    time_s = np.arange(noise.shape[1]) / 500
    angle = 2 * np.pi * 50 * time_s
    design = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    fitted, *_ = np.linalg.lstsq(design, noise.T, rcond=None)
    np.testing.assert_allclose(design @ fitted, noise.T, atol=1e-5)
    assert len(set(np.round(np.arctan2(fitted[1], fitted[0]), 3))) == 12


@each
def test_only_the_signal_changes(kind: Kind) -> None:
    ecg = toy(250.0, 4.0)
    found = noisy(ecg, kind, 12, "x")
    assert (found.leads, found.rate_hz, found.person, found.source) == (TWELVE, 250.0, ecg.person, ecg.source)
    assert found.signal_mv.shape == ecg.signal_mv.shape
    assert found.signal_mv.dtype == np.float32


@each
def test_a_lead_without_power_stays_as_it_is(kind: Kind) -> None:
    flat = toy().signal_mv.copy()
    flat[3] = 0.25
    ecg = Ecg(flat, TWELVE, 500.0)
    np.testing.assert_array_equal(noisy(ecg, kind, 0, "x").signal_mv[3], flat[3])
