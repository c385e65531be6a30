"""Beats from waves: P belongs to the complex that it leads to, borders are quantiles over leads."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.measure.beats import EARLY_SHARE, LATE_SHARE, find_beats, global_borders, over_leads, premature
from einthoven.measure.delineation import QRS, Delineation, P, T
from tests.measure.make import beats_at, waves


def _p_of(*spans: tuple[int, float, float]) -> list[float | None]:
    """Onset of the P wave of each beat."""
    beats = find_beats(waves(sorted(spans, key=lambda span: span[1])))
    return [float(on) if np.isfinite(on) else None for on in beats.p_on_s]


def test_a_p_wave_belongs_to_the_complex_that_it_leads_to() -> None:
    first, second = (QRS, 1.0, 1.1), (QRS, 2.0, 2.1)
    assert _p_of((P, 0.84, 0.94), first, (P, 1.84, 1.94), second) == [0.84, 1.84]
    assert _p_of((P, 0.84, 0.94), first, second) == [0.84, None]
    assert _p_of(first, (P, 1.4, 1.5), second) == [None, None]  # 600 ms before: it led to nothing
    assert _p_of(first, (P, 1.55, 1.65), second) == [None, 1.55]  # first degree block, 450 ms
    assert _p_of(first, (P, 1.4, 1.5), (P, 1.84, 1.94), second) == [None, 1.84]  # 2:1
    assert _p_of(first, (P, 1.97, 1.99), second) == [None, None]  # 30 ms: at the same time


def test_a_t_wave_belongs_to_the_complex_before_it() -> None:
    beats = find_beats(waves([(T, 0.1, 0.3), (QRS, 1.0, 1.1), (T, 1.25, 1.4), (QRS, 2.0, 2.1), (QRS, 3.0, 3.1)]))
    np.testing.assert_array_equal(beats.t_off_s, [1.4, np.nan, np.nan])
    np.testing.assert_array_equal(beats.rr_s, [np.nan, 1.0, 1.0])


def test_no_waves_and_no_complexes_make_no_beats() -> None:
    for none in (Delineation.empty(("I", "II")), Delineation.empty(()), waves([(P, 0.1, 0.2), (T, 0.5, 0.7)])):
        beats = find_beats(none)
        assert len(beats.qrs) == len(beats.rr_s) == len(beats.usual) == 0


@pytest.mark.parametrize("share", [0.0, 0.15, 0.25, 0.5, 0.75, 0.85, 1.0])
def test_a_quantile_over_leads_is_that_of_numpy(share: float) -> None:
    times: NDArray[np.float64] = rng("times").standard_normal((40, 12))
    times[rng("holes").random((40, 12)) < 0.4] = np.nan
    times[0, 1:] = np.nan  # one lead alone
    np.testing.assert_allclose(over_leads(times, share), np.nanquantile(times, share, axis=1))
    assert np.isnan(over_leads(np.full((2, 12), np.nan), share)).all()


def test_global_borders_are_quantiles_of_the_leads_that_show_the_wave() -> None:
    found = waves([(QRS, 1.0, 1.1), (P, 1.8, 1.9)], 8)
    found.on_s[0], found.off_s[0] = 1.0 + 0.001 * np.arange(8), 1.1 + 0.001 * np.arange(8)
    found.own[0, :2] = False
    found.own[1] = False  # none by itself: then all count
    on, off = global_borders(found)
    assert on[0] == pytest.approx(np.quantile(found.on_s[0, 2:], EARLY_SHARE))
    assert off[0] == pytest.approx(np.quantile(found.off_s[0, 2:], LATE_SHARE))
    assert (on[1], off[1]) == (1.8, 1.9)
    assert 0 < EARLY_SHARE < 0.5 < LATE_SHARE < 1


def test_one_lead_that_errs_moves_a_border_little() -> None:
    found = waves([(QRS, 1.0, 1.1)], 12)
    found.on_s[0, 3] = 0.8
    found.off_s[0, 5] = np.nan
    assert (global_borders(found)[0][0], global_borders(found)[1][0]) == pytest.approx((1.0, 1.1))


def _rr(*cycles_s: float) -> NDArray[np.float64]:
    return np.array([np.nan, *cycles_s])


def test_premature_beats_are_those_before_their_time() -> None:
    assert np.flatnonzero(premature(_rr(0.8, 0.8, 0.5, 1.1, 0.8, 0.8, 0.8))).tolist() == [3]
    assert np.flatnonzero(premature(_rr(0.8, 0.8, 0.79, 0.6, 0.81, 0.8, 0.8, 0.55, 1.05, 0.8))).tolist() == [4, 8]
    assert not premature(_rr(*[0.8] * 10)).any()
    assert not premature(_rr(*np.linspace(0.7, 1.0, 12))).any()  # slowing down
    assert not premature(_rr()).any() and not premature(np.zeros(0)).any()


def test_where_all_is_irregular_no_beat_is_premature() -> None:
    """A steady rhythm with early beats has P waves; fibrillation has none, whatever its cycles."""
    cycles = _rr(0.7, 0.95, 0.55, 0.8, 1.1, 0.6, 0.9, 0.5, 0.75, 1.0, 0.65)
    assert not premature(cycles, np.zeros(12, bool)).any()
    assert not premature(_rr(*rng("cycles").uniform(0.5, 1.1, 40))).any()


def test_a_first_complex_that_the_recording_cuts_hides_no_premature_beat() -> None:
    """The first cycle is then not known either."""
    assert np.flatnonzero(premature(np.array([np.nan, np.nan, 0.8, 0.5, 1.1, 0.8, 0.8, 0.8]))).tolist() == [3]
    irregular = (0.95, 0.55, 0.8, 1.1, 0.6, 0.9, 0.5, 0.75, 1.0, 0.65)
    assert not premature(np.array([np.nan, np.nan, *irregular]), np.zeros(12, bool)).any()


def test_usual_beats_are_neither_early_nor_of_another_form_nor_cut() -> None:
    beats = beats_at(np.arange(8.0), early=[3])
    beats.alike[5] = False
    beats.qrs_on_s[0] = np.nan
    assert np.flatnonzero(beats.usual).tolist() == [1, 2, 4, 6, 7]


def test_where_hardly_a_beat_is_usual_all_whole_ones_tell() -> None:
    beats = beats_at(np.arange(8.0))
    beats.alike[:7] = False
    beats.qrs_off_s[7] = np.nan
    assert np.flatnonzero(beats.usual).tolist() == list(range(7))
