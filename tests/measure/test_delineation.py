"""From hand-made probabilities: borders to a fraction of a sample, one T a beat, notches bridged, nothing invented."""

import numpy as np
import pytest

from einthoven.measure.delineation import QRS, Delineation, P, T, delineate, find_zones, joined
from einthoven.measure.prepare import RATE_HZ
from tests.measure.make import boxes, ramps, waves


def _found(p: np.ndarray, x: np.ndarray | None = None, weight: list[float] | None = None) -> Delineation:
    leads = ("I", "II", "III", "aVR", "aVL", "aVF")[: p.shape[1]]
    x = np.zeros(p.shape[1:], np.float32) if x is None else x.astype(np.float32)
    return delineate(p, x, leads, np.array(weight or [1.0] * len(leads), np.float32))


def _spans(found: Delineation) -> list[tuple[int, float, float]]:
    """Kind and borders in samples, of the first lead."""
    return [
        (int(kind), round(float(on), 4), round(float(off), 4))
        for kind, on, off in zip(found.kind, found.on_s[:, 0] * RATE_HZ, found.off_s[:, 0] * RATE_HZ, strict=True)
    ]


def test_a_border_lies_halfway_between_the_samples_that_disagree() -> None:
    p = boxes([(P, 60, 85), (QRS, 100, 124), (T, 160, 220)], leads=3)
    found = _found(p)
    assert _spans(found) == [(P, 59.5, 84.5), (QRS, 99.5, 123.5), (T, 159.5, 219.5)]
    assert found.own.all()
    np.testing.assert_allclose(found.confidence, 1.0)
    assert (np.ptp(found.on_s, axis=1) == 0).all()


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.25, 0.5, 0.73, 0.999])
@pytest.mark.parametrize(("kind", "width"), [(P, 8), (QRS, 4), (T, 20)])
def test_borders_move_with_the_wave_by_fractions_of_a_sample(kind: int, width: int, shift: float) -> None:
    """Of a straight ramp with a whole number of samples the border is its middle, wherever the samples lie."""
    on, off = 100 + shift, 140 + 0.7 * shift
    ((_, found_on, found_off),) = _spans(_found(ramps(kind, on, off, width)))
    assert [found_on, found_off] == pytest.approx([on, off], abs=1e-3)


def test_each_lead_has_its_own_borders() -> None:
    p = np.concatenate([boxes([(QRS, start, 130)]) for start in (98, 100, 104)], axis=1)
    found = _found(p)
    np.testing.assert_allclose(found.on_s[0] * RATE_HZ, [97.5, 99.5, 103.5])
    np.testing.assert_allclose(found.off_s[0] * RATE_HZ, 129.5)


def test_a_lead_without_a_word_of_its_own_takes_that_of_the_others() -> None:
    p = boxes([(P, 60, 85), (QRS, 100, 124)], leads=4)
    p[P, 3], p[0, 3, 60:85] = 0, 1
    found = _found(p)
    assert found.own.tolist() == [[True, True, True, False], [True] * 4]
    np.testing.assert_allclose(found.on_s[0] * RATE_HZ, 59.5, atol=1e-4)
    assert found.confidence[0, 3] < 0.5 < found.confidence[0, 0]


def test_one_lead_of_four_makes_no_wave_and_rough_ones_count_less() -> None:
    p = boxes([(QRS, 100, 124)], leads=4)
    p[P, :1, 300:330] = 1
    assert _spans(_found(p)) == [(QRS, 99.5, 123.5)]
    p[P, 1:3, 300:330] = 1
    assert len(_found(p).kind) == 2
    assert len(_found(p, weight=[0.1, 0.1, 0.1, 1.0]).kind) == 1


@pytest.mark.parametrize(("gap", "complexes"), [(1, 1), (9, 1), (10, 2), (20, 2)])  # 40 ms is the end of a complex
def test_a_notch_is_bridged_and_a_pause_is_not(gap: int, complexes: int) -> None:
    zones = find_zones(boxes([(QRS, 100, 115), (QRS, 115 + gap, 130 + gap)])[:, 0])
    assert len(zones) == complexes
    assert (zones[0].start, zones[-1].stop) == (100, 130 + gap)


@pytest.mark.parametrize(("kind", "least"), [(P, 8), (QRS, 8), (T, 13)])  # 30, 30 and 50 ms at 250 Hz
def test_what_is_too_short_is_no_wave(kind: int, least: int) -> None:
    assert not find_zones(boxes([(kind, 200, 200 + least - 1)])[:, 0])
    assert len(find_zones(boxes([(kind, 200, 200 + least)])[:, 0])) == 1


def test_one_t_a_beat_is_the_longer_one() -> None:
    def kept(*spans: tuple[int, int, int]) -> list[tuple[int, int]]:
        return [(zone.kind, zone.start) for zone in find_zones(boxes(spans, 900)[:, 0])]

    first, second = (QRS, 100, 124), (QRS, 400, 424)
    assert kept(first, (T, 160, 180), (T, 220, 280), second) == [(QRS, 100), (T, 220), (QRS, 400)]
    assert kept(first, (T, 160, 220), (T, 260, 280), second) == [(QRS, 100), (T, 160), (QRS, 400)]
    assert kept((T, 30, 60), first, (T, 160, 220), (P, 340, 365), second, (T, 470, 520)) == [
        (T, 30), (QRS, 100), (T, 160), (P, 340), (QRS, 400), (T, 470),
    ]  # fmt: skip


def test_a_wave_that_the_recording_cuts_has_no_border_there() -> None:
    found = _found(boxes([(QRS, 0, 20), (T, 60, 120), (P, 470, 500)]))
    on, off = found.on_s[:, 0] * RATE_HZ, found.off_s[:, 0] * RATE_HZ
    np.testing.assert_allclose(on, [np.nan, 59.5, 469.5])
    np.testing.assert_allclose(off, [19.5, 119.5, np.nan])
    assert np.isfinite(found.peak_s).all()


def test_waves_that_touch_are_parted_where_they_touch() -> None:
    assert _spans(_found(boxes([(P, 70, 100), (QRS, 100, 124), (T, 124, 200)]))) == [
        (P, 69.5, 99.5), (QRS, 99.5, 123.5), (T, 123.5, 199.5),
    ]  # fmt: skip


def test_a_p_wave_in_the_gap_of_a_bridged_t_wave_harms_nothing() -> None:
    found = _found(boxes([(QRS, 40, 62), (T, 100, 118), (P, 119, 131), (T, 132, 170)]))
    assert QRS in found.kind.tolist()
    assert (found.off_s >= found.on_s).all()


@pytest.mark.parametrize("at", [110.0, 110.25, 109.6])
def test_a_peak_lies_between_samples(at: float) -> None:
    top = np.clip(1 - ((np.arange(500) - at) / 5) ** 2, 0, None)
    found = _found(boxes([(QRS, 98, 123)], leads=2), np.stack([top, -0.4 * top + 0.2]))
    np.testing.assert_allclose(found.peak_s[0] * RATE_HZ, at, atol=1e-3)


def test_a_complex_of_another_form_is_told() -> None:
    at = np.arange(2500)
    shape = np.zeros((2, 2500))
    for place in range(8):
        turn = -1.0 if place == 5 else 1.0
        bump = np.exp(-0.5 * ((at - 150 - 300 * place) / 4) ** 2)
        shape += turn * np.stack([bump, 0.5 * np.gradient(bump) * 6])
    found = _found(boxes([(QRS, 138 + 300 * place, 163 + 300 * place) for place in range(8)], 2500, 2), shape)
    assert found.alike.tolist() == [place != 5 for place in range(8)]


def test_nothing_is_found_in_nothing() -> None:
    none = _found(boxes([], leads=3))
    assert none.kind.shape == (0,) and none.on_s.shape == (0, 3)
    assert Delineation.empty(("I",)).on_s.shape == (0, 1)


def test_choosing_widening_and_joining_keep_each_wave_with_its_figures() -> None:
    found = waves([(P, 0.1, 0.2), (QRS, 0.3, 0.4)], 2)
    assert found.of(found.kind == QRS).on_s.tolist() == [[0.3, 0.3]]
    wide = found.among(("aVF", "I", "II"))
    assert wide.leads == ("aVF", "I", "II")
    np.testing.assert_array_equal(wide.on_s, [[np.nan, 0.1, 0.1], [np.nan, 0.3, 0.3]])
    assert wide.own.tolist() == [[False, True, True]] * 2
    both = joined([found, found], [0.0, 24.0])
    np.testing.assert_allclose(both.off_s[:, 0], [0.2, 0.4, 24.2, 24.4])
    assert both.kind.tolist() == [P, QRS, P, QRS]
