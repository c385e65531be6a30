"""The simulator keeps what was stated, and the laws of the limb leads hold."""

import numpy as np
import pytest

from einthoven.records.simulate import simulate


def test_stated_figures_are_met_by_the_truth() -> None:
    truth = simulate(rate_bpm=60, pr_ms=160, qrs_ms=90, qt_ms=400, axis_deg=45).truth
    for name, value in {"rr_ms": 1000.0, "pr_ms": 160.0, "qrs_ms": 90.0, "qt_ms": 400.0}.items():
        assert truth.intervals[name] == pytest.approx(value, abs=2.0)
    assert truth.axis_deg["qrs"] == pytest.approx(45.0, abs=1.0)


def test_limb_leads_obey_einthoven_and_goldberger() -> None:
    lead = simulate(seed=3).ecg.lead
    assert np.abs(lead("I") + lead("III") - lead("II")).max() < 1e-3
    assert np.abs(lead("aVR") + lead("aVL") + lead("aVF")).max() < 1e-3


def test_a_seed_gives_the_same_bytes() -> None:
    assert simulate(seed=5).ecg.signal_mv.tobytes() == simulate(seed=5).ecg.signal_mv.tobytes()
    assert simulate(seed=5).ecg.signal_mv.tobytes() != simulate(seed=6).ecg.signal_mv.tobytes()
