"""Bootstrap intervals over patients, against closed forms."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.evaluate.intervals import DRAWS, Score, patient_draws, score_of

Floats = NDArray[np.float64]
SLACK = (
    0.35  # of the standard error: how far a 2.5 % quantile of 1,000 draws may lie, four times its own error of 0.085
)


def _mean(sums: Floats) -> Floats:
    return np.asarray(sums[..., 1] / sums[..., 0])


def _of_mean(values: Floats, patients: Sequence[str] | None = None) -> Score:
    sums = np.stack([np.ones(len(values)), values], axis=1)
    return score_of(sums, patients or [f"p{place:04d}" for place in range(len(values))], _mean, len(values))


def _span(score: Score) -> tuple[float, float]:
    assert score.low is not None
    assert score.high is not None
    return score.low, score.high


def test_the_interval_of_a_mean_is_that_of_the_closed_form() -> None:
    values = rng("test", "mean").normal(3.0, 2.0, 900)
    found = _of_mean(values)
    error = values.std() / 30
    assert found.n == 900
    assert found.value == pytest.approx(values.mean(), abs=1e-4)
    closed = (values.mean() - 1.96 * error, values.mean() + 1.96 * error)
    assert _span(found) == pytest.approx(closed, abs=SLACK * error)


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    values = (np.arange(400) < 120).astype(float)
    error = np.sqrt(0.3 * 0.7 / 400)
    found = _of_mean(values)
    assert found.value == 0.3
    assert _span(found) == pytest.approx((0.3 - 1.96 * error, 0.3 + 1.96 * error), abs=SLACK * error)


def test_it_covers_the_truth_about_as_often_as_it_says() -> None:
    """95 % of 200 intervals are 190, give or take 3 (one sigma); of 30 patients a bootstrap covers a little less."""
    random = rng("test", "coverage")
    spans = [_span(_of_mean(random.normal(0.0, 1.0, 30))) for _ in range(200)]
    assert 176 <= sum(low <= 0 <= high for low, high in spans) <= 198


def test_recordings_of_one_patient_are_drawn_together() -> None:
    values = rng("test", "clusters").normal(0.0, 1.0, 100)
    patients = [f"p{place}" for place in range(100)]
    alone = _of_mean(values, patients)
    thrice = _of_mean(np.tile(values, 3), patients * 3)
    assert _span(thrice) == _span(alone), "three recordings alike of each patient tell nothing more"
    as_others = _of_mean(np.tile(values, 3), [f"p{place}" for place in range(300)])
    widths = [high - low for low, high in (_span(alone), _span(as_others))]
    assert widths[1] == pytest.approx(widths[0] / np.sqrt(3), rel=0.15)


def test_a_patient_with_more_recordings_weighs_more() -> None:
    assert _of_mean(np.array([1.0, 1.0, 1.0, 5.0]), ["a", "a", "a", "b"]).value == 2.0


def test_neither_order_nor_a_second_run_changes_it() -> None:
    values = rng("test", "order").normal(0.0, 1.0, 50)
    patients = [f"p{place % 20}" for place in range(50)]
    first = _of_mean(values, patients)
    assert _of_mean(values, patients) == first
    turned = _of_mean(values[::-1], patients[::-1])
    assert (turned.value, *_span(turned)) == pytest.approx((first.value, *_span(first)), abs=2e-4)


def test_draws_are_patients_with_replacement() -> None:
    draws = patient_draws(3)
    assert draws.shape == (DRAWS, 3)
    assert (draws.sum(axis=1) == 3).all()
    assert draws.mean(axis=0) == pytest.approx([1, 1, 1], abs=0.1)
    assert draws.var(axis=0) == pytest.approx([2 / 3] * 3, abs=0.1)  # n p (1 - p) of the multinomial
    patient_draws.cache_clear()
    np.testing.assert_array_equal(patient_draws(3), draws)


def test_values_that_do_not_vary_have_an_interval_of_no_width() -> None:
    assert _span(_of_mean(np.full(10, 7.0))) == (7.0, 7.0)
    assert _span(_of_mean(np.array([7.0]))) == (7.0, 7.0)


def test_nothing_to_count_gives_no_value() -> None:
    none = score_of(np.zeros((0, 2)), [], _mean, 0, unread=0.5)
    assert none == Score(None, 0, unread=0.5)
    assert score_of(np.zeros((3, 2)), ["a", "b", "c"], _mean, 7) == Score(None, 7), "none of seven was there to measure"


def test_draws_without_a_value_are_left_out() -> None:
    """A draw that holds only patient b has nothing to divide by."""
    found = score_of(np.array([[2.0, 6.0], [0.0, 0.0]]), ["a", "b"], _mean, 2)
    assert (found.value, *_span(found)) == (3.0, 3.0, 3.0)


def test_the_plain_form_holds_all_that_is_to_be_said() -> None:
    plain = Score(0.9, 12, 0.8, 1.0, unread=0.0).to_json()
    assert plain == {"value": 0.9, "n": 12, "low": 0.8, "high": 1.0, "chance": None, "text_only": None, "unread": 0.0}
    assert json.loads(json.dumps(plain)) == plain
