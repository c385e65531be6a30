"""The figures of beats that are known, and why a figure is not given."""

import numpy as np
import pytest

from einthoven.core.measurements import CORRECTIONS, INTERVALS
from einthoven.measure.correction import corrected_qt_ms
from einthoven.measure.figures import BEATS_IF_IRREGULAR, interval_figures
from tests.measure.make import beats_at

NAMES = {*INTERVALS, *(f"qtc_ms.{name}" for name in CORRECTIONS)}
IRREGULAR_S = np.cumsum([0.5, 0.7, 0.95, 0.55, 0.8, 1.1, 0.6, 0.9, 0.5, 0.75, 1.0, 0.65])


def test_figures_are_those_of_the_beats() -> None:
    found = interval_figures(beats_at(np.arange(10) * 0.8), regular=True)
    wanted = {"heart_rate_bpm": 75, "rr_ms": 800, "p_ms": 100, "pr_ms": 160, "qrs_ms": 90, "qt_ms": 400}
    wanted |= {f"qtc_ms.{name}": round(value) for name, value in corrected_qt_ms(400, 800).items()}
    assert {name: round(value or 0) for name, value in found.values.items()} == wanted
    assert not found.reasons
    assert max(found.spread_ms.values()) < 1e-6


def test_every_figure_has_a_value_or_a_reason() -> None:
    for count in (0, 1, 2, 5, 12):
        for p_s in (None, (-0.16, -0.06)):
            for t_s in (None, (0.2, 0.4)):
                found = interval_figures(beats_at(np.arange(count) * 0.8, p_s=p_s, t_s=t_s), regular=None)
                assert set(found.values) == NAMES
                assert {name for name, value in found.values.items() if value is None} == set(found.reasons)
                assert all(np.isfinite(value) for value in found.values.values() if value is not None)


def test_without_a_complex_there_is_nothing() -> None:
    found = interval_figures(beats_at([]), regular=None)
    assert set(found.values.values()) == {None}
    assert set(found.reasons.values()) == {"fewer than two QRS complexes were found"}


def test_one_complex_may_be_an_artefact_and_gives_nothing() -> None:
    found = interval_figures(beats_at([1.0]), regular=None)
    assert set(found.values.values()) == {None}
    assert set(found.reasons.values()) == {"fewer than two QRS complexes were found"}


def test_without_p_waves_there_is_no_pr() -> None:
    found = interval_figures(beats_at(np.arange(10.0), p_s=None), regular=True)
    assert found.reasons == dict.fromkeys(("p_ms", "pr_ms"), "no P wave could be measured before most beats")
    some = beats_at(np.arange(10.0))
    for times in (some.p_on_s, some.p_off_s):
        times[:6] = np.nan
    assert interval_figures(some, regular=True).values["pr_ms"] is None
    some.p_on_s[4:6], some.p_off_s[4:6] = some.qrs_on_s[4:6] - 0.16, some.qrs_on_s[4:6] - 0.06
    assert interval_figures(some, regular=True).values["pr_ms"] == pytest.approx(160)


def test_p_waves_that_go_their_own_way_make_no_pr() -> None:
    """As in complete heart block."""
    beats = beats_at(np.arange(12.0))
    beats.p_on_s[:] -= np.tile([0.0, 0.1, 0.2, 0.28], 3)
    found = interval_figures(beats, regular=True)
    assert found.values["pr_ms"] is None and "pr_ms" not in found.spread_ms
    assert "keep no fixed distance" in found.reasons["pr_ms"] and "vary by 90 ms" in found.reasons["pr_ms"]
    assert found.values["p_ms"] is not None


def test_without_t_waves_there_is_no_qt_and_no_corrected_one() -> None:
    found = interval_figures(beats_at(np.arange(10.0), t_s=None), regular=True)
    assert set(found.reasons) == {"qt_ms", *(f"qtc_ms.{name}" for name in CORRECTIONS)}
    assert set(found.reasons.values()) == {"no T wave was found after most beats"}


def test_fibrillation_needs_ten_beats_and_takes_means() -> None:
    few = interval_figures(beats_at(IRREGULAR_S[:9], p_s=None), regular=False)
    assert few.values["qt_ms"] is not None
    assert {few.values[f"qtc_ms.{name}"] for name in CORRECTIONS} == {None}
    assert f"8 beats are too few for a mean; {BEATS_IF_IRREGULAR} are needed" in few.reasons["qtc_ms.bazett"]


@pytest.mark.parametrize("regular", [True, False, None])
@pytest.mark.parametrize("p_s", [None, (-0.16, -0.06)])
def test_qt_and_rr_of_the_correction_are_of_the_same_beats(
    regular: bool | None, p_s: tuple[float, float] | None
) -> None:
    """Means where the cycles are irregular and no P wave leads; else medians."""
    beats = beats_at(IRREGULAR_S, p_s=p_s)
    beats.t_off_s[:] = beats.qrs_on_s + np.linspace(0.3, 0.45, 12) ** 2 + 0.25
    beats.t_off_s[4] = np.nan
    both = [place for place in range(1, 12) if place != 4]
    middle = np.mean if regular is False and p_s is None else np.median
    qt_ms, rr_ms = (1000 * float(middle(times[both])) for times in (beats.t_off_s - beats.qrs_on_s, beats.rr_s))
    found = interval_figures(beats, regular=regular)
    wanted = corrected_qt_ms(qt_ms, rr_ms)
    assert {name: found.values[f"qtc_ms.{name}"] for name in CORRECTIONS} == pytest.approx(wanted)


def test_the_spread_is_the_median_absolute_deviation() -> None:
    beats = beats_at(np.arange(5.0))
    beats.qrs_off_s[:] = beats.qrs_on_s + np.array([0.08, 0.09, 0.1, 0.13, 0.2])
    found = interval_figures(beats, regular=True)
    assert found.values["qrs_ms"] == pytest.approx(100)
    assert found.spread_ms["qrs_ms"] == pytest.approx(20)
