"""Stated figures beside measured ones, by hand."""

import numpy as np
import pytest

from einthoven.core.stated import Stated
from einthoven.evaluate.metrics.faithful import number_sums, supported
from tests.evaluate.metrics.made_texts import number_mark, text_mark

FIGURES = {"heart_rate_bpm": 70.0, "pr_ms": 160.0, "qrs_ms": 90.0, "qt_ms": 400.0, "qtc_ms.bazett": 430.0,
           "qtc_ms.hodges": 410.0, "axis_deg.qrs": 175.0, "p_ms": None, "rr_ms": float("nan")}  # fmt: skip


@pytest.mark.parametrize(("figure", "value", "expected"), [
    ("heart_rate_bpm", 72.0, True), ("heart_rate_bpm", 72.5, False), ("pr_ms", 150.0, True), ("pr_ms", 149.0, False),
    ("qrs_ms", 100.0, True), ("qrs_ms", 101.0, False), ("qt_ms", 420.0, True), ("qt_ms", 421.0, False),
    ("qtc_ms.bazett", 409.0, False), ("qtc_ms", 409.0, True), ("qtc_ms", 451.0, False), ("p_ms", 100.0, None),
    ("rr_ms", 850.0, None), ("axis_deg.qrs", -176.0, True), ("axis_deg.qrs", -174.0, False), ("axis_deg.t", 1.0, None),
])  # fmt: skip
def test_tolerances(figure: str, value: float, expected: bool | None) -> None:
    assert supported(Stated(figure, value), FIGURES) is expected


def told(*texts: str | None) -> dict[str, float]:
    found = number_sums([text_mark(text, figures=FIGURES) for text in texts] + [number_mark(), text_mark("rate 1 bpm")])
    return {name: float(sums.of(sums.rows_NK.sum(axis=0))) for name, sums in found.items()}


def test_shares_by_hand() -> None:
    found = told("Heart rate 71 bpm, PR interval 200 ms, P duration 100 ms.", "QRS 95 ms.", "Normal ECG.", None)
    assert found == {
        "numbers_supported": pytest.approx(2 / 3),
        "numbers_unverifiable": pytest.approx(1 / 4),
        "reports_with_unsupported_number": pytest.approx(1 / 4),
    }


def test_silence_states_nothing() -> None:
    found = told("", None, "sinusrhythmus")
    assert np.isnan(found["numbers_supported"]) and np.isnan(found["numbers_unverifiable"])
    assert found["reports_with_unsupported_number"] == 0.0


def test_without_figures_there_is_no_metric() -> None:
    assert number_sums([]) == number_sums([text_mark("rate 60 bpm"), text_mark("rate 60", figures=None)]) == {}
