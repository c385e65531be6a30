"""Variability in closed form, regular and irregular rhythms, premature beats."""

import statistics
from itertools import pairwise

import numpy as np
import pytest

from einthoven.core.measurements import Rhythm
from einthoven.measure.rhythm import rhythm
from tests.measure.make import beats_at


def _of(cycles_s: list[float], early: list[int] | None = None) -> Rhythm:
    return rhythm(beats_at(np.cumsum([1.0, *cycles_s]), early=early or []), ())


def test_alternating_cycles_have_variability_in_closed_form() -> None:
    """Cycles m + d, m - d, ..: RMSSD is 2 d; of n cycles, n even, SDNN is d sqrt(n / (n - 1))."""
    found = _of([0.82, 0.78] * 6)
    assert found.rmssd_ms == pytest.approx(40)
    assert found.sdnn_ms == pytest.approx(20 * np.sqrt(12 / 11))
    assert [found.slowest_bpm, found.fastest_bpm] == pytest.approx([60 / 0.82, 60 / 0.78])
    assert found.regular is True


def test_sdnn_is_the_standard_deviation_of_the_sample() -> None:
    cycles = [0.71, 0.95, 0.55, 0.8, 1.1, 0.6, 0.9, 0.5]
    found = _of(cycles)
    assert found.sdnn_ms == pytest.approx(1000 * statistics.stdev(cycles))
    changes = [later - before for before, later in pairwise(cycles)]
    assert found.rmssd_ms == pytest.approx(1000 * statistics.fmean(change**2 for change in changes) ** 0.5)
    assert found.regular is False


def test_premature_beats_are_told_and_kept_out_of_the_variability() -> None:
    found = _of([0.8, 0.8, 0.8, 0.5, 1.1, 0.8, 0.8, 0.8], early=[4])
    assert found.premature_beats_s == pytest.approx((1.0 + 3 * 0.8 + 0.5,))
    assert [found.sdnn_ms, found.rmssd_ms] == pytest.approx([0, 0], abs=1e-6)
    assert [found.slowest_bpm, found.fastest_bpm] == pytest.approx([60 / 1.1, 120])
    assert found.regular is True


def test_cycles_apart_are_no_successive_ones() -> None:
    """0.8 before and 0.9 behind a premature beat follow each other only in the list."""
    found = _of([0.8, 0.8, 0.5, 1.1, 0.9, 0.9], early=[3])
    assert found.rmssd_ms == pytest.approx(0, abs=1e-6)
    assert found.sdnn_ms == pytest.approx(1000 * statistics.stdev([0.8, 0.8, 0.9, 0.9]))


def test_breathing_is_regular_enough() -> None:
    assert _of((0.9 + 0.06 * np.sin(2 * np.pi * np.arange(12) / 4.5)).tolist()).regular is True


def test_few_beats_say_little() -> None:
    assert rhythm(beats_at([]), (0.5,)) == Rhythm(pacing_spikes_s=(0.5,))
    assert rhythm(beats_at([1.0]), ()) == Rhythm()
    two = _of([0.8])
    assert (two.regular, two.sdnn_ms, two.rmssd_ms) == (None, None, None)
    assert two.slowest_bpm == two.fastest_bpm == pytest.approx(75)
    assert _of([0.8] * 3).regular is None and _of([0.8] * 4).regular is True
