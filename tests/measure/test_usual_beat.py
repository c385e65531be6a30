"""The usual beat is the median beat on a level baseline, whatever single beats and the skin do."""

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.measure.usual_beat import BEFORE_S, baseline, usual_beat
from tests.measure.make import beats_at

RATE_HZ, SAMPLES = 500.0, 5000
ON_S = 0.6 + 0.9 * np.arange(10)  # onsets of QRS complexes, on the samples


def _rows() -> NDArray[np.float32]:
    """Two leads: a triangle of 90 ms and 1.2 mV from each onset, and half of it upside down."""
    row = np.zeros(SAMPLES)
    for on_s in ON_S:
        start = round(on_s * RATE_HZ)
        row[start : start + 46] += 1.2 * (1 - np.abs(np.linspace(-1, 1, 46)))
    return np.stack([row, -0.5 * row]).astype(np.float32)


def _whole(rows: NDArray[np.float32], **further: list[int]) -> NDArray[np.float64]:
    beat = usual_beat(rows, RATE_HZ, beats_at(ON_S, **further))  # type: ignore[arg-type]
    assert beat is not None
    return beat.signal_LS


def test_of_equal_beats_it_is_each_of_them_with_its_borders() -> None:
    beat = usual_beat(_rows(), RATE_HZ, beats_at(ON_S))
    assert beat is not None
    assert beat.signal_LS.max() == pytest.approx(1.2, abs=0.03) and beat.signal_LS.min() == pytest.approx(
        -0.6, abs=0.02
    )
    np.testing.assert_allclose(beat.signal_LS[1], -0.5 * beat.signal_LS[0], atol=1e-6)
    length = [beat.qrs_off_s - beat.qrs_on_s, beat.qrs_on_s - beat.p_on_s, beat.t_off_s - beat.qrs_on_s]
    assert length == pytest.approx([0.09, 0.16, 0.4])
    top_s = beat.signal_LS[0].argmax() / RATE_HZ
    assert top_s == pytest.approx(BEFORE_S, abs=0.003)
    assert beat.qrs_on_s == pytest.approx(top_s - 0.045, abs=0.003)
    assert beat.part(beat.qrs_on_s, beat.qrs_off_s).shape == (2, 46)


def test_offset_and_drift_are_gone() -> None:
    line = np.linspace(-3, 5, SAMPLES) + np.array([[2.0], [-7.0]])
    moved = (_rows() + line).astype(np.float32)
    kept = slice(round(0.45 * RATE_HZ), round(0.6 * RATE_HZ))
    np.testing.assert_allclose(_whole(moved)[:, kept], _whole(_rows())[:, kept], atol=2e-3)


def test_the_level_is_that_just_before_each_complex_and_straight_between() -> None:
    at = np.arange(SAMPLES)
    bent = np.interp(at, np.rint((ON_S - 0.014) * RATE_HZ), np.tile([0.0, 0.3], 5))
    level = baseline((_rows() + bent).astype(np.float32), RATE_HZ, beats_at(ON_S))
    between = slice(round(ON_S[0] * RATE_HZ), round(ON_S[-1] * RATE_HZ))
    np.testing.assert_allclose(level[0, between], bent[between], atol=0.01)
    assert np.ptp(level[0, : round((ON_S[0] - 0.02) * RATE_HZ)]) == 0
    np.testing.assert_allclose(baseline(np.full((1, 50), 2.0, np.float32), RATE_HZ, beats_at([])), 2.0)


def test_single_beats_of_another_form_and_artefacts_do_not_show() -> None:
    disturbed = _rows()
    place = round(ON_S[4] * RATE_HZ)
    disturbed[:, place + 60 : place + 90] += 6
    np.testing.assert_allclose(_whole(disturbed), _whole(_rows()), atol=1e-3)
    early = _rows()
    for on_s in ON_S[2:8]:
        place = round(on_s * RATE_HZ)
        early[:, place : place + 46] *= -2
    np.testing.assert_allclose(_whole(early, early=[2, 3, 4, 5, 6, 7]), _whole(_rows()), atol=1e-3)


def test_beats_at_the_ends_give_what_there_is() -> None:
    beats = beats_at([0.1, 0.95])
    rows = np.zeros((1, 600), np.float32)
    for at in (50, 475):
        rows[0, at : at + 46] = 1 - np.abs(np.linspace(-1, 1, 46))
    beat = usual_beat(rows, RATE_HZ, beats)
    assert beat is not None and np.isfinite(beat.signal_LS).all()
    assert beat.signal_LS.max() == pytest.approx(1.0, abs=0.05)


def test_without_a_whole_beat_there_is_none() -> None:
    assert usual_beat(_rows(), RATE_HZ, beats_at([])) is None
    cut = beats_at([0.3])
    cut.qrs_on_s[0] = np.nan
    assert usual_beat(_rows(), RATE_HZ, cut) is None


def test_a_wave_of_less_than_half_of_the_beats_has_no_border() -> None:
    beats = beats_at(ON_S)
    beats.p_on_s[:6] = np.nan
    beat = usual_beat(_rows(), RATE_HZ, beats)
    assert beat is not None and np.isnan(beat.p_on_s) and np.isfinite(beat.t_on_s)
