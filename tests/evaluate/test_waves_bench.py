"""Measurements against marks: what is perfect, shifted, missed, invented, unread or too few, counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from einthoven.core.waves import Wave
from einthoven.evaluate.borders import BORDERS
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.waves_bench import INTERVALS, Judged, judge, read_waves, scores
from tests.evaluate.make import beat, plain

LEADS = ("I", "II", "V1")
MARKED = beat(1.0) + beat(2.0) + beat(3.0)  # three of each wave in each lead
EXPERT = {"p_ms": 100.0, "pr_ms": 160.0, "qrs_ms": 90.0, "qt_ms": 400.0}
AF = "atrial fibrillation"


def _line(waves: Sequence[Wave] = MARKED, **figures: float | None) -> dict[str, Any]:
    return {"id": "x", **EXPERT, **figures, "waves": {lead: plain(waves) for lead in LEADS}}


def _judged(
    line: dict[str, Any], patient: str = "a", strata: tuple[str, ...] = (), marked: Sequence[Wave] = MARKED
) -> Judged:
    return judge(patient, strata, dict.fromkeys(LEADS, marked), line)


def _later(waves: Sequence[Wave], on_s: float, off_s: float) -> list[Wave]:
    return [
        replace(one, on_s=None if one.on_s is None else one.on_s + on_s, off_s=(one.off_s or 0) + off_s)
        for one in waves
    ]


def _of(score: Score) -> tuple[float | None, float | None, float | None]:
    return score.value, score.low, score.high


def test_perfect_measurements() -> None:
    found = scores([_judged(_line(), patient) for patient in "abcde"])
    for wave, side in BORDERS:
        for metric in ("sensitivity", "ppv", "f1_150", "f1_40"):
            score = found[f"{wave}_{side}.{metric}"]
            assert (*_of(score), score.n, score.unread) == (100.0, 100.0, 100.0, 45, 0.0)
        for metric in ("mean_ms", "sd_ms"):
            assert _of(found[f"{wave}_{side}.{metric}"]) == pytest.approx((0.0, 0.0, 0.0), abs=1e-3)
        assert found[f"{wave}_{side}.p95_abs_ms"].value == 0.0
    for name in INTERVALS:
        for metric, value in (("mean_ms", 0.0), ("sd_ms", 0.0), ("within_10_ms", 100.0)):
            assert _of(found[f"{name}.{metric}"]) == pytest.approx((value, value, value), abs=1e-3)
            assert (found[f"{name}.{metric}"].n, found[f"{name}.{metric}"].unread) == (5, 0.0)


def test_a_constant_shift_is_a_mean_without_spread() -> None:
    line = _line(_later(MARKED, 0.008, -0.02), qt_ms=412.0, pr_ms=148.0)
    found = scores([_judged(line, patient) for patient in "abcde"])
    for wave, side in BORDERS:
        shift = 8.0 if side == "on" else -20.0
        assert _of(found[f"{wave}_{side}.mean_ms"]) == pytest.approx((shift, shift, shift), abs=1e-3)
        assert _of(found[f"{wave}_{side}.sd_ms"]) == pytest.approx((0.0, 0.0, 0.0), abs=1e-3)
        assert found[f"{wave}_{side}.median_abs_ms"].value == found[f"{wave}_{side}.p95_abs_ms"].value == abs(shift)
        assert found[f"{wave}_{side}.f1_40"].value == 100.0
    assert (found["qt_ms.mean_ms"].value, found["pr_ms.mean_ms"].value) == pytest.approx((12.0, -12.0))
    assert (found["qt_ms.sd_ms"].value, found["qt_ms.within_10_ms"].value) == pytest.approx((0.0, 0.0), abs=1e-3)


def test_a_spread_is_that_of_the_errors() -> None:
    """Half of the patients 10 ms early, half 30 ms late: mean 10, SD 20, median of |errors| 20, 95 % of them 30."""
    both = [_judged(_line(_later(MARKED, by, by)), f"{by}{n}") for by in (-0.01, 0.03) for n in range(4)]
    found = scores(both)
    assert (found["QRS_on.mean_ms"].value, found["QRS_on.sd_ms"].value) == pytest.approx((10.0, 20.0))
    assert (found["QRS_on.median_abs_ms"].value, found["QRS_on.p95_abs_ms"].value) == pytest.approx((20.0, 30.0))
    assert found["QRS_on.median_abs_ms"].n == 8 * 9
    _, low, high = _of(found["QRS_on.mean_ms"])
    assert (low, high) == pytest.approx((10 - 1.96 * 20 / 8**0.5, 10 + 1.96 * 20 / 8**0.5), abs=5.0)


def test_errors_beyond_40_ms_are_right_but_not_close() -> None:
    found = scores([_judged(_line(_later(MARKED, 0.06, 0.0)), patient) for patient in "abcde"])
    assert (found["T_on.f1_150"].value, found["T_on.f1_40"].value, found["T_off.f1_40"].value) == (100.0, 0.0, 100.0)


def test_missed_waves() -> None:
    """The second T is missing: 2 of 3 are found, and all that is found is right; F1 = 2 * 2 / (2 * 2 + 1)."""
    line = _line([one for one in MARKED if one not in (MARKED[5],)])
    found = scores([_judged(line, patient) for patient in "abcde"])
    for side in ("on", "off"):
        assert found[f"T_{side}.sensitivity"].value == pytest.approx(100 * 2 / 3, abs=1e-3)
        assert found[f"T_{side}.ppv"].value == 100.0
        assert found[f"T_{side}.f1_150"].value == pytest.approx(80.0)
        assert (found[f"T_{side}.sensitivity"].n, found[f"T_{side}.median_abs_ms"].n) == (45, 30)
    assert found["P_on.f1_150"].value == 100.0


def test_invented_waves() -> None:
    """One P too many between T and P: 3 of 4 that are found are right; F1 = 2 * 3 / (2 * 3 + 1)."""
    line = _line([*MARKED, Wave("P", 1.5, 1.55, 1.6, 0.5)])
    found = scores([_judged(line, patient) for patient in "abcde"])
    assert found["P_on.ppv"].value == pytest.approx(75.0)
    assert found["P_on.sensitivity"].value == 100.0
    assert found["P_on.f1_150"].value == pytest.approx(600 / 7, abs=1e-3)


def test_waves_in_leads_without_marks_do_not_count() -> None:
    line = _line()
    line["waves"]["V6"] = plain(beat(1.4))
    assert scores([_judged(line)])["QRS_on.ppv"].value == 100.0
    del line["waves"]["V1"]  # while a marked lead that is not measured is missed
    assert scores([_judged(line)])["QRS_on.sensitivity"].value == pytest.approx(200 / 3, abs=1e-3)


def test_error_lines_are_unread_and_missed() -> None:
    lines: list[dict[str, Any]] = [_line()] * 3 + [{"id": "x", "error": "no such record"}, {}]
    found = scores([_judged(line, patient) for line, patient in zip(lines, "abcde", strict=True)])
    assert found["QRS_on.sensitivity"].value == pytest.approx(60.0)
    assert found["QRS_on.ppv"].value == 100.0
    assert (found["QRS_on.sensitivity"].n, found["QRS_on.sensitivity"].unread) == (45, 0.4)
    assert (found["pr_ms.mean_ms"].value, found["pr_ms.mean_ms"].unread) == (0.0, 0.4)
    low = found["QRS_on.sensitivity"].low
    assert low is not None
    assert low < 40.0, "who could be read is drawn too"


def test_nothing_read_at_all() -> None:
    found = scores([_judged({"id": "x", "error": "no such record"}, patient) for patient in "abcde"])
    assert [found[f"P_on.{metric}"].value for metric in ("sensitivity", "f1_150", "ppv")] == [0.0, 0.0, None]
    assert (found["P_on.mean_ms"].value, found["P_on.median_abs_ms"].value, found["qt_ms.mean_ms"].value) == (None,) * 3
    assert (found["P_on.ppv"].unread, found["qt_ms.mean_ms"].unread) == (1.0, 1.0)
    assert scores([])["P_on.f1_150"] == Score(None, 0, unread=0.0)


def test_an_interval_that_is_not_given_is_unread_and_not_an_error() -> None:
    lines = [_line(pr_ms=None), *[_line(pr_ms=170.0)] * 4]
    found = scores([_judged(line, patient) for line, patient in zip(lines, "abcde", strict=True)])
    assert (found["pr_ms.mean_ms"].value, found["pr_ms.mean_ms"].unread) == pytest.approx((10.0, 0.2))
    without_p = [one for one in MARKED if one.wave != "P"]
    none = scores([_judged(_line(), patient, marked=without_p) for patient in "abcde"])
    assert (none["pr_ms.mean_ms"].value, none["pr_ms.mean_ms"].unread) == (None, None), "the expert has none either"


@pytest.mark.parametrize(("patients", "there"), [("abcde", True), ("abcd", False), ("abcdd", False), ("abcdede", True)])
def test_a_stratum_of_fewer_than_five_patients_is_left_out(patients: str, there: bool) -> None:
    paced = [_judged(_line(), patient, ("paced",)) for patient in patients]
    others = [_judged({}, f"other {n}", ("sinus rhythms",)) for n in range(6)]
    found = scores([*paced, *others])
    assert ("QRS_on.f1_150|paced" in found) == there
    assert found["QRS_on.sensitivity|sinus rhythms"].value == 0.0
    assert (not there) or found["QRS_on.sensitivity|paced"].value == 100.0
    assert found["QRS_on.sensitivity"].n == 9 * (len(patients) + 6)


def _wide(qrs_s: float, at_s: float = 1.0) -> list[Wave]:
    return [Wave("QRS", at, at + 0.05, at + qrs_s, 1.0) for at in (at_s, at_s + 1, at_s + 2)]


@pytest.mark.parametrize(
    ("qrs_s", "stratum"), [(0.09, "under 120 ms"), (0.118, "under 120 ms"), (0.122, "120 ms or more")]
)
def test_the_experts_qrs_width_is_a_stratum(qrs_s: float, stratum: str) -> None:
    assert _judged({}, marked=_wide(qrs_s)).strata == (f"QRS {stratum}",)
    assert _judged({}, strata=("paced",), marked=_wide(qrs_s)).strata == ("paced", f"QRS {stratum}")


def test_a_qrs_of_just_120_ms_is_120_ms_or_more() -> None:
    """Wherever in the recording it lies; marks are samples, so just 120 ms is common."""
    for samples in range(100, 1400, 37):
        on_s, off_s = samples / 500, (samples + 60) / 500
        one = [Wave("QRS", on_s, on_s + 0.05, off_s, 1.0)]
        assert _judged({}, marked=one).strata == ("QRS 120 ms or more",), samples


def test_without_marked_complexes_there_is_no_width() -> None:
    assert _judged(_line(), marked=[one for one in MARKED if one.wave == "P"]).strata == ()


def test_p_waves_in_atrial_fibrillation_are_false() -> None:
    """Five patients with 9 complexes each: 9 P waves in one, 3 in another, none else are 12 of 45; PR in 2 of 5."""
    marked = [one for one in MARKED if one.wave != "P"]
    lines = [_line(MARKED), *(_line(marked, pr_ms=None) for _ in range(4))]
    lines[1]["waves"]["V1"] = plain(MARKED)
    lines[2]["pr_ms"] = 170.0
    found = scores([_judged(line, p, (AF,), marked) for line, p in zip(lines, "abcde", strict=True)])
    claimed, pr = found[f"{AF}.false_p_percent"], found[f"{AF}.false_pr_percent"]
    assert (claimed.value, claimed.n) == pytest.approx((100 * 12 / 45, 45), abs=1e-3)
    assert (pr.value, pr.n) == pytest.approx((40.0, 5))
    assert (claimed.low or 0) < 100 * 12 / 45 < (claimed.high or 0)


def test_without_atrial_fibrillation_nothing_is_said_of_it() -> None:
    few = [_judged(_line(), patient, (AF,)) for patient in "abcd"]
    more = [_judged(_line(), f"{n}", ("sinus rhythms",)) for n in range(5)]
    assert not [metric for metric in scores(few + more) if AF in metric]


def test_unread_recordings_in_atrial_fibrillation_claim_nothing() -> None:
    found = scores([_judged({"error": "x"}, patient, (AF,)) for patient in "abcde"])
    assert found[f"{AF}.false_p_percent"] == Score(None, 0)
    assert found[f"{AF}.false_pr_percent"].value == 0.0


def test_waves_of_a_line_are_read_as_they_were_printed() -> None:
    assert read_waves(_line()) == dict.fromkeys(LEADS, MARKED)
    assert read_waves({"id": "x", "error": "no such record"}) == {}
