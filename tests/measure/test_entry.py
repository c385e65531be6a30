"""`measure` against the exact truth of simulated ECGs, and silent where there is nothing to measure."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from einthoven.core.ecg import Ecg, Fault, Person
from einthoven.core.errors import InputError, ModelError
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import CORRECTIONS, FIGURES, INTERVALS, Measurements
from einthoven.core.rng import rng
from einthoven.measure.correction import corrected_qt_ms
from einthoven.measure.entry import measure, measure_whole
from tests.measure.make import made, measured

# Global borders are those of most leads, and the simulator's those of all: a few ms apart; the rest is margin.
TOLERANCE = {"heart_rate_bpm": 1.5, "p_ms": 30.0, "pr_ms": 25.0, "qrs_ms": 30.0, "qt_ms": 35.0}
STEADY = [(), ("SBRAD",), ("1AVB",), ("CRBBB",), ("LAFB",), ("LVH",), ("IMI:old",), ("PVC",), ("PAC",), ("NDT",)]


@pytest.mark.parametrize("findings", STEADY)
@pytest.mark.parametrize(("seed", "recording"), [(1, "clean"), (2, "typical")])
def test_figures_are_near_the_truth(findings: tuple[str, ...], seed: int, recording: str) -> None:
    truth, found = made(findings, seed, recording).truth.intervals, measured(findings, seed, recording).figures
    for name, tolerance in TOLERANCE.items():
        assert found[name] == pytest.approx(truth[name], abs=tolerance), name


@pytest.mark.parametrize("name", ["pr_ms", "qrs_ms", "qt_ms"])
def test_on_average_they_are_nearer(name: str) -> None:
    away = []
    for findings in STEADY:
        for seed in (1, 2):
            value, truth = measured(findings, seed).figures[name], made(findings, seed).truth.intervals[name]
            assert value is not None and truth is not None
            away.append(abs(value - truth))
    assert np.mean(away) < 18


def test_longer_intervals_are_measured_longer() -> None:
    normal, late, broad = (measured(findings, 2) for findings in ((), ("1AVB",), ("CLBBB",)))
    assert (late.pr_ms or 0) > (normal.pr_ms or 0) + 30
    assert (broad.qrs_ms or 0) > (normal.qrs_ms or 999) + 30
    assert (measured(("LNGQT",), 2).qt_ms or 0) > (measured(("SHRTQT",), 2).qt_ms or 999) + 60


@pytest.mark.parametrize("findings", [(), ("LAFB",), ("CLBBB",), ("CRBBB",), ("LVH",), ("PVC",)])
@pytest.mark.parametrize("seed", [1, 2])
def test_axes_are_near_the_truth(findings: tuple[str, ...], seed: int) -> None:
    truth, found = made(findings, seed).truth.axis_deg, measured(findings, seed).axis_deg
    for wave in ("p", "qrs"):
        value, true = found[wave], truth[wave]
        assert value is not None and true is not None
        assert abs((value - true + 180) % 360 - 180) < 15, wave


def test_amplitudes_are_those_of_the_signal() -> None:
    """Against the highest sample of the median beat, taken here from the true onsets."""
    one = made()
    starts = [round(beat.on_s * 500) for beat in one.truth.beats if 0.3 < beat.on_s < 9]
    for lead in ("I", "II", "aVF", "V4", "V5", "V6"):
        row = one.ecg.lead(lead)
        beat = np.median([row[at - 5 : at + 70] - row[at - 5] for at in starts], axis=0)
        found = measured().amplitudes_mv[lead]
        assert found.r == pytest.approx(max(beat.max(), 0), abs=0.05), lead
        assert min(found.s or 0, found.q or 0) == pytest.approx(min(beat.min(), 0), abs=0.08), lead


def test_fibrillation_has_no_p_wave_and_no_regularity() -> None:
    for seed in range(3):
        found = measured(("AFIB",), seed)
        assert (found.p_ms, found.pr_ms, found.axis_deg["p"]) == (None, None, None)
        assert found.reasons["pr_ms"] == "no P wave could be measured before most beats"
        assert found.rhythm.regular is False
        assert found.heart_rate_bpm == pytest.approx(made(("AFIB",), seed).truth.intervals["heart_rate_bpm"], abs=4)


def test_p_waves_of_complete_block_lead_to_nothing() -> None:
    found = measured(("3AVB",))
    assert found.pr_ms is None and found.reasons["pr_ms"]
    assert found.heart_rate_bpm == pytest.approx(made(("3AVB",)).truth.intervals["heart_rate_bpm"], abs=2)


@pytest.mark.parametrize("findings", [("PVC",), ("PAC",)])
def test_premature_beats_are_where_they_are(findings: tuple[str, ...]) -> None:
    one = made(findings, 1, seconds=30.0)
    cycles = np.array([beat.rr_ms or np.nan for beat in one.truth.beats])
    early_s = [beat.on_s for beat, rr in zip(one.truth.beats, cycles, strict=True) if rr < 0.8 * np.nanmedian(cycles)]
    found = measured(findings, 1, seconds=30.0).rhythm
    assert early_s
    assert found.premature_beats_s == pytest.approx(early_s, abs=0.06)
    assert found.regular is True


@pytest.mark.parametrize("seed", [2, 3])
def test_waves_are_where_they_are(seed: int) -> None:
    for lead in ("II", "V2", "V5"):
        found = measured((), seed).waves[lead]
        for name, tolerance_s in (("P", 0.05), ("QRS", 0.05), ("T", 0.08)):
            truth = [wave for wave in made((), seed).truth.waves[lead] if wave.wave == name][1:-1]
            ends = np.array([(wave.on_s, wave.off_s) for wave in found if wave.wave == name], float)
            assert len(ends) == pytest.approx(len(truth) + 2, abs=1)
            for wave in truth:
                away_s = np.abs(ends - np.array([wave.on_s, wave.off_s], float)).max(axis=1)
                assert np.nanmin(away_s) < tolerance_s, (lead, name, wave.on_s)


def test_figures_fit_each_other() -> None:
    for findings in ((), ("STACH",), ("CLBBB",)):
        found = measured(findings)
        assert found.heart_rate_bpm and found.rr_ms and found.qt_ms
        assert found.heart_rate_bpm == pytest.approx(60_000 / found.rr_ms, rel=1e-4)
        wanted = corrected_qt_ms(found.qt_ms, found.rr_ms)
        assert found.qtc_ms == {name: pytest.approx(wanted[name], rel=0.02) for name in CORRECTIONS}


def test_a_figure_has_a_value_or_a_reason_and_json_holds_all() -> None:
    for findings in ((), ("AFIB",), ("VTACH",), ("3AVB",), ("VPACE",)):
        found = measured(findings)
        assert set(found.figures) == set(FIGURES)
        for name, value in found.figures.items():
            assert (value is None) == (name in found.reasons), name
        plain = json.loads(json.dumps(found.to_json(), allow_nan=False))
        assert plain["qrs_ms"] == found.qrs_ms
        assert len(plain["waves"]["II"]) == len(found.waves["II"])


def test_waves_of_a_lead_are_a_sequence_in_order_of_time() -> None:
    waves = measured().waves["II"]
    listed = list(waves)
    assert len(waves) == len(listed) > 20
    assert waves[0] == listed[0] and waves[-1] == listed[-1]
    assert waves[2:7:2] == listed[2:7:2] and waves[::-1] == listed[::-1]
    with pytest.raises(IndexError):
        waves[len(waves)]
    assert waves == listed and waves == measure(made().ecg).waves["II"]
    assert waves != listed[1:] and waves != measured().waves["V1"]
    assert hash(waves) == hash(measure(made().ecg).waves["II"])
    peaks_s = [wave.peak_s for wave in waves if wave.peak_s is not None]
    assert len(peaks_s) == len(waves) and peaks_s == sorted(peaks_s)
    assert {wave.wave for wave in waves} == {"P", "QRS", "T"}
    for wave in waves:
        assert 0 <= wave.confidence <= 1
        assert wave.on_s is None or wave.off_s is None or wave.on_s <= (wave.peak_s or 0) <= wave.off_s


@pytest.mark.parametrize(
    ("seconds", "rate_hz", "said"),
    [
        (1.0, 500.0, r"lasts 1 s, too short to measure; 2 s or longer will do"),
        (1.99, 500.0, "too short"),
        (10.0, 30.0, r"30 samples a second cannot time a wave; 90 or more can"),
        (1.0, 30.0, "cannot time"),
    ],
)
def test_what_is_too_short_or_too_coarse_is_refused(seconds: float, rate_hz: float, said: str) -> None:
    ecg = Ecg(np.zeros((1, round(seconds * rate_hz)), np.float32), ("II",), rate_hz, source="some.hea")
    with pytest.raises(InputError, match=rf"^some\.hea: .*{said}"):
        measure(ecg)


def test_two_seconds_and_100_hz_will_do() -> None:
    ecg = made().ecg
    short = measure(ecg.with_signal(ecg.signal_mv[:, :1000], 500.0))
    assert short.heart_rate_bpm == pytest.approx(measured().heart_rate_bpm, abs=8)
    coarse = measure(ecg.with_signal(ecg.signal_mv[:, ::5], 100.0))
    assert coarse.heart_rate_bpm == pytest.approx(measured().heart_rate_bpm, abs=1)
    assert coarse.qt_ms == pytest.approx(measured().qt_ms, abs=25)
    assert coarse.reasons["pacing_spikes_s"] == "the sampling rate is too low to see a spike"


def _nothing(found: Measurements) -> None:
    assert set(found.figures) == set(FIGURES)
    assert {name: value for name, value in found.figures.items() if value is not None} == {}
    assert all(found.reasons[name] for name in FIGURES)
    assert (found.confidence, found.limits, found.amplitudes_mv) == ({}, {}, {})
    assert found.rhythm.regular is None and found.rhythm.premature_beats_s == ()
    assert all(len(waves) == 0 for waves in found.waves.values())
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize("leads", [TWELVE, ("II",)])
def test_flat_leads_give_nothing_but_reasons(leads: tuple[str, ...]) -> None:
    for level_mv in (0.0, 1.3):
        found = measure(Ecg(np.full((len(leads), 5000), level_mv, np.float32), leads, 500.0))
        _nothing(found)
        assert found.reasons["qt_ms"] == "fewer than two QRS complexes were found"
        assert {one.score for one in found.quality.leads.values()} == {0.0}
    dead = measure(replace(made().ecg, faults=tuple(Fault(lead, "flat", "all of it") for lead in TWELVE)))
    _nothing(dead)


AT_S = np.arange(5000) / 500
NONSENSE = {
    "white noise": 0.3 * rng("white").standard_normal((12, 5000)),
    "random walk": np.cumsum(0.02 * rng("walk").standard_normal((12, 5000)), axis=1),
    "slow sine": np.tile(np.sin(2 * np.pi * 1.2 * AT_S), (12, 1)),
    "sine": np.tile(np.sin(2 * np.pi * 10 * AT_S), (12, 1)),
    "mains": np.tile(0.5 * np.sin(2 * np.pi * 50 * AT_S), (12, 1)),
    "square wave": np.tile(np.sign(np.sin(2 * np.pi * 1.1 * AT_S + 0.1)), (12, 1)),
    "calibration": np.tile(np.where(np.mod(AT_S, 1.0) < 0.2, 1.0, 0.0), (12, 1)),
    "spikes": np.where(np.arange(5000) % 430 == 100, 2.0, 0.0) * np.ones((12, 1)),
    "one step": np.tile(np.where(AT_S < 5, 0.0, 2.0), (12, 1)),
}


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("leads", [TWELVE, ("II",)])
def test_what_is_no_ecg_gives_no_figure(name: str, leads: tuple[str, ...]) -> None:
    """In one lead alone a piece of a random walk may look like one complex, and no more."""
    found = measure(Ecg(NONSENSE[name][: len(leads)].astype(np.float32), leads, 500.0))
    given = {figure for figure, value in found.figures.items() if value is not None}
    assert given <= ({"qrs_ms"} if leads == ("II",) and name == "random walk" else set())
    assert all(found.reasons[figure] for figure in FIGURES if figure not in given)


@pytest.mark.parametrize("leads", [("II",), ("V2",), ("I", "II", "V2"), ("I", "II", "III", "aVR", "aVL", "aVF")])
def test_a_few_leads_will_do(leads: tuple[str, ...]) -> None:
    one = made()
    found = measure(Ecg(np.stack([one.ecg.lead(name) for name in leads]), leads, 500.0))
    assert set(found.waves) == set(leads) == set(found.amplitudes_mv)
    assert found.heart_rate_bpm == pytest.approx(one.truth.intervals["heart_rate_bpm"], abs=1.5)
    assert found.qrs_ms == pytest.approx(one.truth.intervals["qrs_ms"], abs=40)
    assert found.qt_ms == pytest.approx(one.truth.intervals["qt_ms"], abs=45)
    assert (found.axis_deg["qrs"] is None) == (len(leads) == 1)


@pytest.mark.parametrize("dead", [("V1",), ("I", "V6"), TWELVE[:11]])
def test_leads_that_are_flat_take_nothing_from_the_others(dead: tuple[str, ...]) -> None:
    ecg = made().ecg
    rows = ecg.signal_mv.copy()
    for lead in dead:
        rows[TWELVE.index(lead)] = 0.4
    found = measure(ecg.with_signal(rows, 500.0))
    for name in ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms"):
        assert found.figures[name] == pytest.approx(made().truth.intervals[name], abs=40), name
    for lead in TWELVE:
        assert (len(found.waves[lead]) == 0) == (lead in dead)
        assert (lead in found.amplitudes_mv) == (lead not in dead)
        assert (found.quality.leads[lead].score == 0) == (lead in dead)


def test_limits_are_those_of_the_person() -> None:
    ecg = made(("1AVB",), 2).ecg
    adult, child = (measure(replace(ecg, person=Person(None, age, "male"))) for age in (45, 12))
    assert adult.limits["pr_ms"].place == "above" and child.limits == {}
    assert set(adult.limits) > {"heart_rate_bpm", "qrs_ms", "qtc_ms.fridericia", "axis_deg.qrs", "st_j.V2", "st_j.II"}
    assert set(INTERVALS) >= {name for name in adult.limits if "." not in name}


def test_the_network_of_a_folder_is_used(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has no delineator"):
        measure_whole(made().ecg, tmp_path)
