"""A long recording is measured in pieces, and is as if it had been measured at once."""

import importlib
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import Measurements
from einthoven.measure.entry import measure
from einthoven.measure.piece import pieces_of
from einthoven.records.simulate import simulate
from tests.measure.make import made, measured

SECONDS = 80.0
FINDINGS = [(), ("PVC",), ("AFIB",), ("CLBBB",)]


@cache
def _at_once(findings: tuple[str, ...]) -> Measurements:
    """What is measured where no recording is long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.import_module("einthoven.measure.piece"), "ONE_PIECE_S", 1e9)
        return measure(made(findings, seconds=SECONDS).ecg)


def _peaks(found: Measurements, wave: str, lead: str = "II") -> NDArray[np.float64]:
    return np.array([one.peak_s for one in found.waves[lead] if one.wave == wave], float)


@pytest.mark.parametrize("findings", FINDINGS)
def test_pieces_give_the_figures_of_the_whole(findings: tuple[str, ...]) -> None:
    assert len(list(pieces_of(made(findings, seconds=SECONDS).ecg))) == 4
    pieces, whole = measured(findings, seconds=SECONDS), _at_once(findings)
    for name in ("heart_rate_bpm", "rr_ms", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms.fridericia"):
        assert pieces.figures[name] == pytest.approx(whole.figures[name], abs=3), name
    assert pieces.axis_deg["qrs"] == pytest.approx(whole.axis_deg["qrs"], abs=8)
    assert pieces.rhythm.regular == whole.rhythm.regular
    assert pieces.rhythm.premature_beats_s == pytest.approx(whole.rhythm.premature_beats_s, abs=0.02)
    for lead in TWELVE:
        assert pieces.amplitudes_mv[lead].r == pytest.approx(whole.amplitudes_mv[lead].r, abs=0.06)
        assert pieces.quality.leads[lead].score == pytest.approx(whole.quality.leads[lead].score, abs=0.1)


@pytest.mark.parametrize("findings", FINDINGS)
@pytest.mark.parametrize("lead", ["II", "V3"])
def test_at_the_joints_no_wave_is_doubled_or_lost(findings: tuple[str, ...], lead: str) -> None:
    pieces, whole = measured(findings, seconds=SECONDS), _at_once(findings)
    for wave in ("P", "QRS", "T"):
        here, there = _peaks(pieces, wave, lead), _peaks(whole, wave, lead)
        assert len(here) == pytest.approx(len(there), abs=1), wave  # one that is hardly seen may be seen in one of them
        assert np.diff(here).min(initial=1.0) > 0.1, wave
    on_s = np.array([one.on_s for one in pieces.waves[lead] if one.wave == "QRS"], float)
    true_s = np.array([beat.on_s for beat in made(findings, seconds=SECONDS).truth.beats])
    inside = true_s[(true_s > 0.2) & (true_s < SECONDS - 0.2)]
    assert np.nanmin(np.abs(on_s[:, None] - inside), axis=0).max() < 0.06
    assert len(on_s) == pytest.approx(len(true_s), abs=1)


def test_a_lead_that_dies_in_the_middle_is_silent_from_there_on() -> None:
    ecg = made(seconds=SECONDS).ecg
    rows = ecg.signal_mv.copy()
    rows[7, 20_000:] = 0.3  # V2, from 40 s on
    found = measure(ecg.with_signal(rows, 500.0))
    assert found.figures["qrs_ms"] == pytest.approx(measured(seconds=SECONDS).figures["qrs_ms"], abs=8)
    assert len(_peaks(found, "QRS")) == len(_peaks(measured(seconds=SECONDS), "QRS"))
    here = _peaks(found, "QRS", "V2")
    assert here.max() < 60 and len(here[here < 26]) == len(_peaks(found, "QRS")[_peaks(found, "QRS") < 26])


def test_a_recording_that_is_flat_in_between_is_measured_before_and_after() -> None:
    ecg = made(seconds=SECONDS).ecg
    rows = ecg.signal_mv.copy()
    rows[:, 10_000:30_000] = 0.0  # 20 to 60 s: one whole piece
    found = measure(ecg.with_signal(rows, 500.0))
    assert found.figures["qrs_ms"] == pytest.approx(measured(seconds=SECONDS).figures["qrs_ms"], abs=8)
    peaks = _peaks(found, "QRS")
    assert not ((peaks > 20.3) & (peaks < 59.7)).any()
    assert peaks.min() < 2 and peaks.max() > SECONDS - 2
    assert measure(Ecg(np.zeros((12, 50_000), np.float32), TWELVE, 500.0)).heart_rate_bpm is None


@pytest.mark.parametrize("rate_hz", [256.4, 500.0])
def test_spikes_in_an_overlap_are_told_once(rate_hz: float) -> None:
    one = simulate(("VPACE",), seed=1, seconds=SECONDS, rate_hz=rate_hz)
    found = np.array(measure(one.ecg).rhythm.pacing_spikes_s)
    truth = np.array([at_s for at_s in one.truth.pacing_spikes_s if 0.02 < at_s < SECONDS - 0.02])
    assert np.diff(found).min() > 0.3
    assert np.abs(found[:, None] - truth).min(axis=0).max() < 0.01
    assert len(found) == pytest.approx(len(truth), abs=1)
