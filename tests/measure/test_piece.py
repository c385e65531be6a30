"""Pieces of a recording: how they are cut, which leads count, what is bridged, and why scales may mean nothing."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from einthoven.core.ecg import Ecg, Fault
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.measure.entry import measure
from einthoven.measure.piece import (
    ONE_PIECE_S,
    OVERLAP_S,
    PIECE_S,
    find_waves,
    known_leads,
    measure_piece,
    pieces_of,
    scale_reasons,
    usable,
    weights,
)
from einthoven.measure.prepare import prepare
from tests.measure.make import made

AXES = ("axis_deg.p", "axis_deg.qrs", "axis_deg.t")


def _ecg(seconds: float = 4.0, rate_hz: float = 250.0, leads: tuple[str, ...] = ("II", "V5")) -> Ecg:
    rows = rng("piece").standard_normal((len(leads), round(seconds * rate_hz))).astype(np.float32)
    return Ecg(rows, leads, rate_hz)


@pytest.mark.parametrize("seconds", [2.0, ONE_PIECE_S])
def test_a_short_recording_is_one_piece(seconds: float) -> None:
    ecg = _ecg(seconds)
    assert [(one is ecg, start_s) for one, start_s in pieces_of(ecg)] == [(True, 0.0)]


@pytest.mark.parametrize("rate_hz", [250.0, 256.4, 333.3])
@pytest.mark.parametrize("seconds", [45.1, 54.0, 54.1, 77.9, 78.0, 200.0])
def test_pieces_overlap_and_cover_the_whole(seconds: float, rate_hz: float) -> None:
    ecg = _ecg(seconds, rate_hz)
    ends = 0
    for number, (one, start_s) in enumerate(pieces_of(ecg)):
        start = round(start_s * rate_hz)
        assert start_s == pytest.approx(start / rate_hz)
        np.testing.assert_array_equal(one.signal_mv, ecg.signal_mv[:, start : start + one.signal_mv.shape[1]])
        assert one.seconds <= PIECE_S + 0.01
        if number:
            assert (ends - start) / rate_hz == pytest.approx(OVERLAP_S, abs=2 / rate_hz)
            assert one.seconds > OVERLAP_S
        ends = start + one.signal_mv.shape[1]
    assert ends == ecg.signal_mv.shape[1]


def test_spikes_over_10_mv_change_no_figure() -> None:
    ecg = made().ecg
    rows = ecg.signal_mv.copy()
    rows[:, 333::700] += 40
    clean, spiked = measure(ecg).figures, measure(ecg.with_signal(rows, 500.0)).figures
    for name in ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms"):
        assert spiked[name] == pytest.approx(clean[name], abs=8)


def test_leads_that_are_no_leads_of_an_ecg_are_left_out() -> None:
    assert known_leads(_ecg(leads=("II", "resp", "X"))) == ("II", "X")
    assert known_leads(_ecg(leads=("ECG1", "ECG2"))) == ("ECG1", "ECG2")  # where none is known, all
    flat = _ecg(leads=("I", "II", "V1", "V2", "abp"))
    rows = flat.signal_mv.copy()
    rows[1] = 0.7
    faults = (Fault("V1", "missing values", "all"), Fault("V2", "gaps bridged", "3 samples"))
    kept, signal = usable(replace(flat, signal_mv=rows, faults=faults))
    assert kept == ("I", "V2")
    np.testing.assert_array_equal(signal, rows[[0, 3]])
    none, nothing = usable(flat.with_signal(np.zeros((5, 1000), np.float32), 250.0))
    assert (none, nothing.shape) == ((), (0, 1000))


def test_leads_of_other_names_are_measured_too() -> None:
    ecg = made().ecg
    alone = measure(Ecg(ecg.signal_mv[[1, 7]], ("ECG1", "ECG2"), 500.0))
    assert alone.heart_rate_bpm == pytest.approx(made().truth.intervals["heart_rate_bpm"], abs=2)
    assert set(alone.waves) == {"ECG1", "ECG2"}
    assert alone.reasons["axis_deg.qrs"] == "needs two limb leads"
    breath = np.sin(np.arange(5000) / 500)[None].astype(np.float32)
    both = Ecg(np.concatenate([ecg.signal_mv, breath]), (*TWELVE, "resp"), 500.0)
    assert measure(both).figures == measure(ecg).figures


def test_a_rough_lead_counts_less_and_a_smooth_one_fully() -> None:
    smooth = prepare(made().ecg.signal_mv, 500.0)
    noise = rng("rough").standard_normal(smooth.shape).astype(np.float32)
    sizes = [float(weights(smooth + np.float32(size) * noise).mean()) for size in (0, 0.02, 0.05, 0.3)]
    assert sizes[0] > 0.95 and sizes[-1] < 0.05
    assert all(later < before for before, later in pairwise(sizes))


def test_without_leads_there_are_no_waves() -> None:
    found = find_waves(np.zeros((0, 500), np.float32), 250.0, ())
    assert len(found.kind) == 0 and found.leads == ()


def test_a_scale_that_means_nothing_gives_reasons_instead_of_figures() -> None:
    scaled = Fault("all", "implausible amplitude", "each lead is scaled on its own; for timing only")
    found = measure(replace(made().ecg, faults=(scaled,)))
    assert found.amplitudes_mv == {}
    assert {name: found.reasons[name] for name in ("amplitudes_mv", *AXES)} == dict.fromkeys(
        ("amplitudes_mv", *AXES), scaled.detail
    )
    assert {found.figures[name] for name in AXES} == {None}
    assert found.qt_ms is not None
    assert not [name for name in found.limits if name.startswith(("st_j", "axis"))]


def test_limb_leads_that_disagree_give_no_axis() -> None:
    wrong = Fault("all", "limb leads disagree", "by 0.5 mV; exchanging I and II repairs it")
    assert scale_reasons(replace(made().ecg, faults=(wrong,))) == dict.fromkeys(
        AXES, f"the limb leads disagree {wrong.detail}"
    )
    unit = Fault("all", "implausible amplitude", "unit or gain may be wrong")
    assert scale_reasons(replace(made().ecg, faults=(unit,))) == {"amplitudes_mv": unit.detail}


def test_two_limb_leads_are_enough_for_the_axes() -> None:
    ecg = made().ecg
    wanted = measure(ecg).axis_deg["qrs"]
    for pair in (("I", "II"), ("II", "III"), ("I", "aVF"), ("aVR", "aVL")):
        rows = np.stack([ecg.lead(name) for name in pair])
        found = measure(Ecg(rows, pair, 500.0)).axis_deg["qrs"]
        assert found == pytest.approx(wanted, abs=6)


def test_waves_in_the_outer_half_of_an_overlap_belong_to_the_neighbour() -> None:
    ecg = made(seconds=40.0).ecg
    alone = measure_piece(ecg, 0.0, last=True).waves
    middle = measure_piece(ecg, 24.0, last=False).waves
    peaks_s, kept_s = np.median(alone.peak_s, axis=1), np.median(middle.peak_s, axis=1)
    wanted = peaks_s[(peaks_s >= OVERLAP_S / 2) & (peaks_s < 40 - OVERLAP_S / 2)]
    np.testing.assert_allclose(kept_s, wanted)
    assert len(kept_s) < len(peaks_s)
