"""Leads to waves of the whole ECG and to global intervals, against quartiles computed by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from einthoven.core.waves import Wave
from einthoven.evaluate.merged import global_intervals, merged
from tests.evaluate.make import beat

NAMES = ("I", "II", "III", "aVR")


def _shifted(waves: Sequence[Wave], by_s: float) -> list[Wave]:
    def moved(time_s: float | None) -> float | None:
        return None if time_s is None else time_s + by_s

    return [replace(one, on_s=moved(one.on_s), peak_s=moved(one.peak_s), off_s=moved(one.off_s)) for one in waves]


def _same(waves: Sequence[Wave]) -> dict[str, list[Wave]]:
    return {name: list(waves) for name in NAMES}


def _qrs(on_s: float | None, peak_s: float | None, off_s: float | None, sure: float = 1.0) -> list[Wave]:
    return [Wave("QRS", on_s, peak_s, off_s, sure)]


def test_onset_is_the_first_quartile_of_the_leads_and_offset_the_last() -> None:
    """Of 1.00, 1.01, 1.02, 1.03 a quarter of the way is 0.75 steps in: 1.0075; the last of 1.08 .. 1.14 is 1.125."""
    leads = {
        name: _qrs(1.0 + 0.01 * place, 1.05 + 0.002 * place, 1.08 + 0.02 * place, 0.2 + 0.2 * place)
        for place, name in enumerate(NAMES)
    }
    (one,) = merged(leads)
    assert one.wave == "QRS"
    assert (one.on_s, one.off_s) == pytest.approx((1.0075, 1.125))
    assert (one.peak_s, one.confidence) == pytest.approx((1.053, 0.5))
    assert global_intervals(leads)["qrs_ms"] == pytest.approx(117.5)


def test_five_leads_have_their_quartiles_at_the_second_and_the_fourth() -> None:
    times = (1.03, 1.0, 1.04, 1.01, 1.02)
    (one,) = merged({f"V{place + 1}": _qrs(at, at + 0.05, at + 0.1) for place, at in enumerate(times)})
    assert (one.on_s, one.off_s) == pytest.approx((1.01, 1.13))


@pytest.mark.parametrize(("showing", "kept"), [(4, True), (3, True), (2, True), (1, False)])
def test_a_wave_that_fewer_than_half_of_the_leads_show_is_none(showing: int, kept: bool) -> None:
    with_p, without = beat(1.0), beat(1.0, p=False)
    leads = {name: with_p if place < showing else without for place, name in enumerate(NAMES)}
    assert [one.wave for one in merged(leads)] == (["P"] if kept else []) + ["QRS", "T"]
    assert global_intervals(leads)["pr_ms"] == (pytest.approx(160.0) if kept else None)


def test_leads_in_which_nothing_is_marked_do_not_count() -> None:
    leads: dict[str, list[Wave]] = {"I": beat(1.0), "II": [], "III": [], "aVR": []}
    assert [one.wave for one in merged(leads)] == ["P", "QRS", "T"]
    assert merged({name: [] for name in NAMES}) == merged({}) == []


def test_one_lead_that_shows_a_wave_twice_is_one_lead() -> None:
    leads = _same(beat(1.0, p=False))
    leads["I"] = [Wave("P", 0.84, 0.89, 0.94, 1.0), Wave("P", 0.86, 0.9, 0.95, 1.0), *leads["I"]]
    assert [one.wave for one in merged(leads)] == ["QRS", "T"]


def test_a_border_that_hardly_a_lead_has_is_none_and_the_wave_stays() -> None:
    leads = {name: _qrs(1.0 if place == 0 else None, 1.04, 1.1) for place, name in enumerate(NAMES)}
    (one,) = merged(leads)
    assert (one.on_s, one.off_s) == pytest.approx((None, 1.1))
    assert global_intervals(leads)["qrs_ms"] is None
    leads["II"] = _qrs(1.02, 1.04, 1.1)
    assert merged(leads)[0].on_s == pytest.approx(1.005)


def test_waves_too_far_apart_are_different_waves() -> None:
    near = {"I": _qrs(1.0, 1.04, 1.1), "II": _qrs(1.09, 1.13, 1.19)}
    far = {"I": _qrs(1.0, 1.04, 1.1), "II": _qrs(1.11, 1.15, 1.21)}
    assert len(merged(near)) == 1
    assert len(merged(far)) == 2


def test_waves_come_in_order_of_time() -> None:
    found = merged(_same([*beat(3.0), *beat(1.0), *beat(2.0)]))
    assert [one.wave for one in found] == ["P", "QRS", "T"] * 3
    assert [one.on_s for one in found if one.wave == "QRS"] == pytest.approx([1.0, 2.0, 3.0])


def test_intervals_of_plain_beats() -> None:
    found = global_intervals(_same(beat(1.0) + beat(2.0) + beat(3.0)))
    assert found == pytest.approx({"p_ms": 100.0, "pr_ms": 160.0, "qrs_ms": 90.0, "qt_ms": 400.0})


def test_an_interval_is_the_median_over_beats() -> None:
    waves = [*beat(1.0), *beat(2.0), *beat(3.0)]
    waves[4] = replace(waves[4], on_s=1.9)  # one QRS begins 100 ms early: 190 ms wide, PR 60 ms
    waves[7] = replace(waves[7], on_s=2.98)  # another 20 ms early: 110 ms wide, PR 140 ms
    found = global_intervals(_same(waves))
    assert found == pytest.approx({"p_ms": 100.0, "pr_ms": 140.0, "qrs_ms": 110.0, "qt_ms": 420.0})


@pytest.mark.parametrize(
    ("before_s", "pr_ms"),
    [(0.16, 160.0), (0.47, 470.0), (0.49, None), (0.06, 60.0), (0.04, None)],
)
def test_a_p_wave_leads_to_a_complex_from_50_to_480_ms_later(before_s: float, pr_ms: float | None) -> None:
    waves = [
        wave
        for at in (1.0, 2.0, 3.0)
        for wave in (Wave("P", at - before_s, at - before_s + 0.01, at - before_s + 0.02, 1.0), *beat(at, p=False))
    ]
    found = global_intervals(_same(waves))
    assert found["pr_ms"] == (None if pr_ms is None else pytest.approx(pr_ms))
    assert found["p_ms"] == (None if pr_ms is None else pytest.approx(20.0))


def test_the_last_p_wave_before_a_complex_leads_to_it() -> None:
    """Two to one block: P at 240 and 740 ms before each complex; what lies before the complex before does not count."""
    blocked = [
        wave
        for at in (2.0, 4.0, 6.0)
        for wave in (
            *(Wave("P", at - pr, at - pr + 0.05, at - pr + 0.08, 1.0) for pr in (0.74, 0.24)),
            *beat(at, False),
        )
    ]
    found = global_intervals(_same(blocked))
    assert (found["pr_ms"], found["p_ms"]) == pytest.approx((240.0, 80.0))
    behind = [*beat(1.0), *beat(1.3, p=False), *beat(1.6, p=False)]  # 460 ms and more before the second complex
    assert global_intervals(_same(behind))["pr_ms"] is None


def test_fewer_than_half_of_the_beats_give_no_interval() -> None:
    one_of_three = [*beat(1.0, p=False), *beat(2.0), *beat(3.0, p=False), *beat(4.0, p=False)]
    assert global_intervals(_same(one_of_three))["pr_ms"] is None
    one_of_two = [*beat(1.0, p=False), *beat(2.0), *beat(3.0, p=False)]
    assert global_intervals(_same(one_of_two))["pr_ms"] == pytest.approx(160.0), "before the first the marks begin"
    without_t = [*beat(1.0)[:2], *beat(2.0)[:2], *beat(3.0)]
    assert global_intervals(_same(without_t))["qt_ms"] is None
    last_cut = [*beat(1.0)[:2], *beat(2.0), *beat(3.0)[:2]]
    assert global_intervals(_same(last_cut))["qt_ms"] == pytest.approx(400.0), "after the last the marks end"


def test_t_belongs_to_the_complex_before_it() -> None:
    found = global_intervals(_same([*beat(1.0)[:2], *beat(1.5), *beat(2.5), *beat(3.5)]))
    assert found["qt_ms"] == pytest.approx(400.0)


def test_nothing_gives_nothing() -> None:
    none = {"p_ms": None, "pr_ms": None, "qrs_ms": None, "qt_ms": None}
    assert global_intervals({}) == global_intervals({"I": []}) == none
    assert global_intervals(_same([one for one in beat(1.0) if one.wave != "QRS"])) == none


def test_leads_that_move_together_move_the_waves_and_no_interval() -> None:
    waves = beat(1.0) + beat(2.0)
    leads = {name: _shifted(waves, 0.002 * place) for place, name in enumerate(NAMES)}
    later = {name: _shifted(part, 0.5) for name, part in leads.items()}
    assert global_intervals(later) == pytest.approx(global_intervals(leads))
    assert [one.on_s for one in merged(later)] == pytest.approx([(one.on_s or 0) + 0.5 for one in merged(leads)])
