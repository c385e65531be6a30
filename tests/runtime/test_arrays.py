"""What the tower gets does not depend on how the same heart was recorded."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import resample as fourier_resample

from einthoven.core.ecg import Ecg, Fault
from einthoven.core.leads import TWELVE
from einthoven.records.assemble import assemble
from einthoven.records.simulate import simulate
from einthoven.runtime.arrays import LIMIT_MV, SAMPLES, level, tower_input, twelve_from_eight

FINDINGS: tuple[list[str], ...] = ([], ["CLBBB"], ["AFIB"])


def _ecg(rate_hz: float = 500.0, findings: list[str] | None = None, seconds: float = 10.0) -> Ecg:
    return simulate(findings or [], seed=5, rate_hz=rate_hz, seconds=seconds).ecg


def _some(ecg: Ecg, leads: tuple[str, ...]) -> Ecg:
    rows = np.stack([ecg.lead(name) for name in leads])
    return assemble(rows, leads, ecg.rate_hz, "some leads")


@pytest.mark.parametrize("findings", FINDINGS)
def test_the_rate_of_the_recording_does_not_matter(findings: list[str]) -> None:
    """The simulator draws the same heart at any rate; at 250 Hz it does so without the filter of a resampler."""
    at = {rate_hz: tower_input(_ecg(rate_hz, findings)).x_LS for rate_hz in (250.0, 500.0, 1000.0)}
    assert all(x.shape == (12, SAMPLES) and x.dtype == np.float32 for x in at.values())
    inner = slice(50, -50)  # at both ends the filter has nothing to lean on
    assert np.abs(at[1000.0] - at[500.0])[:, inner].max() < 1e-3
    assert np.abs(at[250.0] - at[500.0]).max() < 0.1
    assert np.sqrt(np.mean((at[250.0] - at[500.0]) ** 2)) < 5e-3


def test_an_independent_resampler_gives_the_same() -> None:
    ecg = _ecg()
    plain: NDArray[np.float64] = fourier_resample(ecg.signal_mv, SAMPLES, axis=1)
    expected = plain - np.median(plain, axis=1, keepdims=True)
    assert np.abs(tower_input(ecg).x_LS - expected)[:, 50:-50].max() < 0.02


def test_the_order_of_the_leads_in_the_file_does_not_matter() -> None:
    ecg = _ecg()
    turned = _some(ecg, ("V6", "aVF", "V1", "I", "aVR", "V3", "III", "V2", "aVL", "V5", "II", "V4"))
    assert np.array_equal(tower_input(turned).x_LS, tower_input(ecg).x_LS)


def test_limb_leads_that_follow_are_there_and_others_are_masked() -> None:
    ecg = _ecg()
    whole, part = tower_input(ecg), tower_input(_some(ecg, ("I", "II", "V2", "V5")))
    there = [TWELVE.index(name) for name in (*TWELVE[:6], "V2", "V5")]
    assert np.flatnonzero(part.mask_L).tolist() == there
    assert np.abs(part.x_LS[there] - whole.x_LS[there]).max() < 2e-3
    assert not part.x_LS[part.mask_L == 0].any()
    assert whole.mask_L.tolist() == [1.0] * 12


def test_a_flat_lead_counts_as_missing() -> None:
    ecg = _ecg()
    faulty = replace(ecg, faults=(Fault("V3", "flat", "test"),))
    given = tower_input(faulty)
    assert given.mask_L[TWELVE.index("V3")] == 0
    assert not given.x_LS[TWELVE.index("V3")].any()


def test_a_short_recording_is_followed_by_zeros() -> None:
    ecg = _ecg(seconds=4.0)
    given = tower_input(ecg)
    assert given.x_LS[:, :1000].std() > 0.05
    assert not given.x_LS[:, 1000:].any()


def test_of_a_long_recording_the_first_ten_seconds_are_read() -> None:
    long = _ecg(seconds=25.0)
    cut = long.with_signal(long.signal_mv[:, :5000], 500.0)
    assert np.array_equal(tower_input(long).x_LS, tower_input(cut).x_LS)


def test_an_offset_does_not_matter_and_the_scale_is_millivolt() -> None:
    ecg = _ecg()
    plain = tower_input(ecg).x_LS
    moved = tower_input(ecg.with_signal(ecg.signal_mv + np.linspace(-3, 3, 12, dtype=np.float32)[:, None], 500.0)).x_LS
    assert np.abs(moved - plain).max() < 1e-3
    assert np.abs(np.median(plain, axis=1)).max() < 1e-4
    twice = tower_input(ecg.with_signal(2 * ecg.signal_mv, 500.0)).x_LS
    assert np.abs(twice - 2 * plain).max() < 1e-4
    assert np.ptp(plain[1]) == pytest.approx(np.ptp(ecg.lead("II")), rel=0.03)


def test_artefacts_are_cut_off() -> None:
    signal = np.zeros((2, 10), np.float32)
    signal[0, 3], signal[1, 4] = 80.0, -80.0
    assert (level(signal, 10).max(), level(signal, 10).min()) == (LIMIT_MV, -LIMIT_MV)


def test_eight_leads_give_the_twelve() -> None:
    signal = _ecg().signal_mv
    eight = signal[[0, 1, 6, 7, 8, 9, 10, 11]]
    assert np.abs(twelve_from_eight(eight) - signal).max() < 2e-3
