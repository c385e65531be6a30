"""The simulator keeps what was stated, its truth is in its signal, and a seed gives the same bytes."""

import json

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.leads import TWELVE
from einthoven.records.simulate import DEMANDS, Simulated, simulate
from einthoven.records.simulate_findings import CODES
from einthoven.records.simulate_recording import Recording

STATED = {"rate_bpm": 66.0, "pr_ms": 172.0, "qrs_ms": 97.0, "qt_ms": 391.0, "axis_deg": -37.0}


def test_stated_figures_are_met_by_the_truth() -> None:
    truth = simulate(("SR",), seed=2, rate_bpm=66, pr_ms=172, qrs_ms=97, qt_ms=391, axis_deg=-37).truth
    assert truth.intervals["rr_ms"] == pytest.approx(60_000 / 66, abs=2.0)
    for name in ("pr_ms", "qrs_ms", "qt_ms"):
        assert truth.intervals[name] == pytest.approx(STATED[name], abs=2.0)
    assert truth.axis_deg["qrs"] == pytest.approx(-37, abs=1.0)


@pytest.mark.parametrize("seed", range(12))
def test_the_stated_qt_is_met_where_the_rhythm_swings(seed: int) -> None:
    """QT follows each cycle; its median in the recording is still what was stated."""
    truth = simulate(("SARRH",), seed=seed, rate_bpm=66, qt_ms=391).truth
    assert truth.intervals["qt_ms"] == pytest.approx(391, abs=2.0)


def test_the_axis_is_that_of_the_signal() -> None:
    made = simulate(("SR",), seed=4, axis_deg=62.0)
    areas = []
    for lead in ("I", "aVF"):
        wave = next(wave for wave in made.truth.waves["II"] if wave.wave == "QRS" and wave.on_s and wave.on_s > 1)
        assert wave.on_s is not None and wave.off_s is not None
        part = made.ecg.lead(lead)[int((wave.on_s - 0.03) * 500) : int((wave.off_s + 0.03) * 500)]
        areas.append(float(part.sum()))
    assert np.degrees(np.arctan2(areas[1] * 2 / np.sqrt(3), areas[0])) == pytest.approx(62, abs=8)  # ST adds a little


def test_waves_are_where_the_truth_says() -> None:
    """Outside of all marked waves the noise-free lead is flat; at a marked QRS peak it is not."""
    made = simulate(("NORM",), seed=11)
    for lead in ("I", "II", "V3", "V6"):
        signal = made.ecg.lead(lead).astype(np.float64)
        clock = np.arange(len(signal)) / made.ecg.rate_hz
        quiet = np.ones(len(signal), bool)
        for wave in made.truth.waves[lead]:
            quiet &= ~((clock > (wave.on_s or 0) - 0.02) & (clock < (wave.off_s or 10) + 0.02))
            if wave.wave == "QRS" and wave.peak_s is not None:
                assert abs(signal[round(wave.peak_s * 500)]) > 0.02
        diastole = quiet & np.array([any(0.05 < b.on_s - t < 0.45 and t < b.on_s - 0.25 for b in made.truth.beats)
                                     for t in clock])  # fmt: skip
        assert np.abs(signal[diastole]).max(initial=0.0) < 0.03


def test_limb_leads_obey_einthoven_and_goldberger() -> None:
    for made in (simulate(seed=3), simulate(("AFIB", "CLBBB"), seed=3, recording="poor")):
        lead = made.ecg.lead
        assert np.abs(lead("I") + lead("III") - lead("II")).max() < 1e-3
        assert np.abs(lead("aVR") + lead("aVL") + lead("aVF")).max() < 1e-3
        assert np.abs(lead("aVF") - (lead("II") + lead("III")) / 2).max() < 1e-3


def test_a_seed_gives_the_same_bytes() -> None:
    first, again, other = (simulate(("AFIB",), seed=seed, recording="typical") for seed in (5, 5, 6))
    assert first.ecg.signal_mv.tobytes() == again.ecg.signal_mv.tobytes() != other.ecg.signal_mv.tobytes()
    assert json.dumps(first.truth.to_json()) == json.dumps(again.truth.to_json())


@pytest.mark.parametrize("code", CODES)
def test_every_finding_can_be_drawn_and_told_in_json(code: str) -> None:
    made = simulate(("LVH", code) if code == "STRAIN" else (code,), seed=1, recording="typical")
    told = json.loads(json.dumps(made.truth.to_json(), allow_nan=False))
    assert code in {one["code"] for one in told["findings"]}
    assert set(told["waves"]) == set(TWELVE) and told["beats"]
    assert np.abs(made.ecg.signal_mv).max() < 10


@pytest.mark.parametrize("code", sorted(set(DEMANDS) - {"LAO/LAE"}))
def test_figures_of_a_finding_meet_its_definition(code: str) -> None:
    for seed in range(4):
        truth = simulate((code,), seed=seed).truth
        name, least, most = DEMANDS[code]
        measured = {
            "rate_bpm": truth.intervals["heart_rate_bpm"], "pr_ms": truth.intervals["pr_ms"],
            "qrs_ms": truth.intervals["qrs_ms"], "axis_deg": truth.axis_deg["qrs"],
        }[name]  # fmt: skip
        assert measured is not None and least - 2 <= measured <= most + 2


def test_figures_that_contradict_a_finding_are_refused() -> None:
    with pytest.raises(InputError, match="qrs_ms 90 does not fit finding CLBBB: state 120 to 240"):
        simulate(("CLBBB",), qrs_ms=90)
    with pytest.raises(InputError, match="rate_bpm 5 does not fit an ECG"):
        simulate(rate_bpm=5)
    with pytest.raises(InputError, match="length"):
        simulate(seconds=0.2)
    with pytest.raises(InputError, match="quality 'superb'"):
        simulate(recording="superb")


def test_other_lengths_and_rates_keep_the_times() -> None:
    made = simulate(("SR",), seed=9, seconds=30, rate_hz=1000, rate_bpm=75)
    assert made.ecg.signal_mv.shape == (12, 30_000)
    assert made.truth.intervals["rr_ms"] == pytest.approx(800, abs=1.5)


def _peaks_by_xqrs(made: Simulated) -> np.ndarray:
    processing = pytest.importorskip("wfdb.processing")
    return np.asarray(processing.xqrs_detect(made.ecg.lead("II").astype(float), made.ecg.rate_hz, verbose=False))


@pytest.mark.parametrize("findings", [("SR",), ("AFIB",)])
def test_an_outside_detector_finds_the_stated_rate(findings: tuple[str, ...]) -> None:
    made = simulate(findings, seed=8, rate_bpm=78, recording="typical")
    rate = 60 * made.ecg.rate_hz / np.median(np.diff(_peaks_by_xqrs(made)))
    assert rate == pytest.approx(78, abs=3)


def test_noise_changes_the_signal_and_not_the_truth() -> None:
    clean, noisy = simulate(("SR",), seed=7), simulate(("SR",), seed=7, recording=Recording(muscle_mv=0.03))
    assert clean.truth.waves == noisy.truth.waves
    assert 0.005 < float(np.std(noisy.ecg.signal_mv - clean.ecg.signal_mv)) < 0.2


def test_a_long_recording_has_all_its_beats() -> None:
    made = simulate(("SR",), seed=9, seconds=400, rate_hz=100, rate_bpm=75)
    assert len(made.truth.beats) == pytest.approx(500, abs=3)
    assert made.ecg.seconds == 400
