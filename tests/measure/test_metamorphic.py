"""What does not change the heart does not change its figures: order, offset, size, polarity, cuts and resampling."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import Measurements
from einthoven.measure.entry import measure
from einthoven.measure.piece import find_waves
from einthoven.records.resample import resample
from tests.measure.make import made

CASES = [
    ((), "clean"), ((), "typical"), (("SBRAD",), "typical"), (("STACH",), "clean"), (("1AVB",), "typical"),
    (("CLBBB",), "clean"), (("CRBBB",), "typical"), (("LAFB",), "clean"), (("LVH",), "typical"),
    (("IMI:old",), "clean"), (("AFIB",), "typical"), (("PVC",), "clean"), (("LNGQT",), "typical"),
]  # fmt: skip
INTERVALS = ("pr_ms", "qrs_ms", "qt_ms")
MOST_MS = 12.0
Change = Callable[[Ecg], Ecg]


@cache
def _ecg(case: int) -> Ecg:
    return made(CASES[case][0], 100 + case, CASES[case][1]).ecg


@cache
def _measured(case: int) -> Measurements:
    return measure(_ecg(case))


def _differences_ms(change: Change) -> np.ndarray:
    """(cases, 3) by how much PR, QRS and QT change; none may come or go, nor may the P waves."""
    found = np.zeros((len(CASES), len(INTERVALS)))
    for case in range(len(CASES)):
        before, after = _measured(case), measure(change(_ecg(case)))
        assert (after.p_ms is None) == (before.p_ms is None), CASES[case]
        for column, name in enumerate(INTERVALS):
            old, new = before.figures[name], after.figures[name]
            assert (old is None) == (new is None), (CASES[case], name)
            found[case, column] = 0.0 if old is None or new is None else new - old
    return found


def _scaled(by: float) -> Change:
    return lambda ecg: ecg.with_signal(ecg.signal_mv * np.float32(by), ecg.rate_hz)


def _turned(*leads: str) -> Change:
    signs = np.array([[-1.0 if lead in leads else 1.0] for lead in TWELVE], np.float32)
    return lambda ecg: ecg.with_signal(ecg.signal_mv * signs, ecg.rate_hz)


def _offset(ecg: Ecg) -> Ecg:
    return ecg.with_signal(ecg.signal_mv + np.linspace(-2, 3, 12, dtype=np.float32)[:, None], ecg.rate_hz)


def _cut(seconds: float) -> Change:
    return lambda ecg: ecg.with_signal(ecg.signal_mv[:, round(seconds * ecg.rate_hz) :], ecg.rate_hz)


def _resampled(rate_hz: float) -> Change:
    return lambda ecg: resample(ecg, rate_hz)


def test_the_cases_are_worth_it() -> None:
    """Most have all three intervals, and they are far apart."""
    qrs_ms = [one.qrs_ms for one in map(_measured, range(len(CASES))) if one.qrs_ms is not None]
    assert len(qrs_ms) == len(CASES) and max(qrs_ms) > min(qrs_ms) + 40
    assert len([case for case in range(len(CASES)) if _measured(case).pr_ms is not None]) >= len(CASES) - 3
    assert _measured(10).pr_ms is None  # fibrillation


def test_a_constant_offset_changes_nothing() -> None:
    assert np.abs(_differences_ms(_offset)).max() <= 1


@pytest.mark.parametrize("case", range(0, len(CASES), 3))
def test_the_order_of_the_leads_changes_nothing(case: int) -> None:
    """An `Ecg` has one order of the twelve; what finds the waves takes any."""
    ecg = _ecg(case)
    order = [6, 2, 11, 0, 9, 4, 1, 7, 5, 10, 3, 8]
    wanted = find_waves(ecg.signal_mv, ecg.rate_hz, TWELVE)
    found = find_waves(ecg.signal_mv[order], ecg.rate_hz, tuple(TWELVE[place] for place in order)).among(TWELVE)
    np.testing.assert_array_equal(found.kind, wanted.kind)
    np.testing.assert_allclose(found.on_s, wanted.on_s, atol=1e-3)
    np.testing.assert_allclose(found.off_s, wanted.off_s, atol=1e-3)


def test_leads_under_other_names_change_no_interval() -> None:
    """V1 to V6 the other way round: the intervals know no names, the amplitudes go with them."""
    order = [*range(6), *range(11, 5, -1)]
    turned: Change = lambda ecg: ecg.with_signal(ecg.signal_mv[order], ecg.rate_hz)  # noqa: E731
    assert np.abs(_differences_ms(turned)).max() <= 1
    found = measure(turned(_ecg(0))).amplitudes_mv
    assert found["V1"].r == pytest.approx(_measured(0).amplitudes_mv["V6"].r, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "change", "mostly_ms"),
    [
        ("half", _scaled(0.5), 1), ("threefold", _scaled(3.0), 1),
        ("V3 turned", _turned("V3"), 1), ("II turned", _turned("II"), 1), ("all turned", _turned(*TWELVE), 1),
        ("100 ms cut", _cut(0.1), 4), ("33 ms cut", _cut(0.034), 4),
        ("250 Hz", _resampled(250), 4), ("360 Hz", _resampled(360), 3), ("1000 Hz", _resampled(1000), 2),
    ],
)  # fmt: skip
def test_intervals_stay(name: str, change: Change, mostly_ms: float) -> None:
    """By 12 ms at most, and in nine of ten by no more than a sample of the slower rate."""
    away_ms = np.abs(_differences_ms(change))
    assert away_ms.max() <= MOST_MS, name
    assert (away_ms <= mostly_ms).mean() >= 0.9, name


def test_a_cut_moves_the_waves_and_nothing_else() -> None:
    before, after = _measured(0), measure(_cut(0.1)(_ecg(0)))
    old = np.array([wave.peak_s for wave in before.waves["II"] if wave.wave == "QRS"], float)
    new = np.array([wave.peak_s for wave in after.waves["II"] if wave.wave == "QRS"], float)
    assert (np.abs(old[:, None] - (new + 0.1)).min(axis=0) < 0.004).all()


def test_stretching_time_stretches_the_figures() -> None:
    """The samples of 500 a second said to be of 450: all is slower by a ninth."""
    for case in (0, 5, 9):
        before, after = _measured(case), measure(replace(_ecg(case), rate_hz=450.0))
        assert after.heart_rate_bpm == pytest.approx((before.heart_rate_bpm or 0) * 0.9, rel=0.02)
        assert after.qrs_ms == pytest.approx((before.qrs_ms or 0) / 0.9, abs=15)
        assert after.qt_ms == pytest.approx((before.qt_ms or 0) / 0.9, abs=25)
