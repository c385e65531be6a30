"""What the network sees: against the closed form of the filter, and blind to size, level and polarity."""

import numpy as np
import pytest

from einthoven.core.rng import rng
from einthoven.measure.prepare import LARGEST, RATE_HZ, SMALLEST_MV, normalise, prepare
from tests.measure.make import made


def _rows(rate_hz: float = 250.0) -> np.ndarray:
    signal: np.ndarray = made().ecg.signal_mv
    return signal[:, :: round(500 / rate_hz)].copy()


@pytest.mark.parametrize("hz", [0.2, 0.3, 0.5, 0.8, 1.5])
def test_the_baseline_goes_by_the_gain_of_a_box_run_twice(hz: float) -> None:
    """The gain of a moving mean over w seconds is sinc(f w); what is left of a sine is 1 - sinc(f w)^2 of it."""
    at_s = np.arange(20_000) / RATE_HZ
    out = normalise((np.sin(2 * np.pi * hz * at_s) + np.sin(2 * np.pi * 20 * at_s)).astype(np.float32)[None])[0]
    middle = slice(2500, 17_500)  # 60 s: whole turns of every sine
    sizes = [abs(np.mean(out[middle] * np.exp(2j * np.pi * f * at_s[middle]))) for f in (hz, 20.0)]
    assert sizes[0] / sizes[1] == pytest.approx(1 - np.sinc(hz * 301 / RATE_HZ) ** 2, abs=0.01)


def test_size_level_and_polarity_change_nothing() -> None:
    rows = _rows()
    wanted = prepare(rows, 250.0)
    np.testing.assert_allclose(prepare(rows * np.float32(-1), 250.0), wanted, atol=1e-5)
    np.testing.assert_allclose(prepare(rows * np.float32(4), 250.0), wanted, atol=1e-5)
    np.testing.assert_allclose(prepare(rows + np.float32(1.5), 250.0), wanted, atol=1e-4)


def test_a_lead_swings_by_about_one_and_mostly_upward() -> None:
    out = prepare(_rows(), 250.0)
    swings = [np.ptp(out[:, start : start + 500], axis=1) for start in range(0, 2500, 500)]
    np.testing.assert_allclose(np.median(swings, axis=0), 1.0, atol=0.1)
    assert ((out**3).sum(axis=1) >= 0).all()


@pytest.mark.parametrize("rate_hz", [100.0, 250.0, 360.0, 500.0, 1000.0])
def test_at_any_rate_a_peak_stays_at_its_second(rate_hz: float) -> None:
    at_s = np.arange(round(8 * rate_hz)) / rate_hz
    bumps = np.exp(-0.5 * ((np.mod(at_s, 0.8) - 0.4) / 0.02) ** 2)
    out = prepare(bumps.astype(np.float32)[None], rate_hz)
    assert out.shape == (1, 2000)
    tops = out[0].reshape(10, 200).argmax(axis=1) / RATE_HZ
    np.testing.assert_allclose(tops, 0.4, atol=0.002)


def test_what_is_nearly_flat_is_not_made_large_and_a_spike_is_cut_off() -> None:
    hiss = rng("hiss").standard_normal((1, 2500)).astype(np.float32) * np.float32(0.0002)
    assert np.abs(normalise(hiss)).max() < 0.001 / SMALLEST_MV
    assert not normalise(np.full((2, 2500), 0.7, np.float32)).any()
    spiked = _rows()
    spiked[:, 1234] += 50
    out = normalise(spiked)
    assert np.abs(out).max() == LARGEST
    for row, wanted in zip(out[:, :800], normalise(_rows())[:, :800], strict=True):
        assert abs(np.corrcoef(row, wanted)[0, 1]) > 0.999
        assert np.ptp(row) == pytest.approx(np.ptp(wanted), rel=0.25)
