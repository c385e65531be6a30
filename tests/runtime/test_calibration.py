"""Probabilities are probabilities, and the temperature that spoiled them is found again."""

import json
import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, softmax

from einthoven.core.errors import ModelError
from einthoven.core.rng import rng
from einthoven.runtime.calibration import Calibration, fit_temperature, read_calibration, write_calibration


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_a_known_temperature_is_found(temperature: float) -> None:
    """Answers are drawn from softmax(scores); the model says temperature x scores."""
    random = rng("test temperature", str(temperature))
    scores = random.normal(0, 1.5, (4000, 3))
    right = [int(random.choice(3, p=p)) for p in softmax(scores, axis=1)]
    assert fit_temperature((temperature * scores).tolist(), right) == pytest.approx(temperature, rel=0.1)


def test_questions_may_have_unequal_numbers_of_options() -> None:
    random = rng("test temperature", "ragged")
    scores = [random.normal(0, 1.5, int(size)) for size in random.integers(2, 6, 3000)]
    right = [int(random.choice(len(one), p=softmax(one))) for one in scores]
    assert fit_temperature([(2 * one).tolist() for one in scores], right) == pytest.approx(2.0, rel=0.1)


def test_probabilities_are_the_softmax_at_the_right_temperature() -> None:
    calibration = Calibration(yes_no=2.0, choice=0.5)
    scores = [-3.0, -1.5, -900.0]
    assert calibration.probabilities(scores, yes_no=True) == pytest.approx(softmax(np.array(scores) / 2.0))
    assert calibration.probabilities(scores, yes_no=False) == pytest.approx(softmax(np.array(scores) / 0.5))
    assert sum(calibration.probabilities(scores, yes_no=False)) == pytest.approx(1.0)


@pytest.mark.parametrize("mean", [-1e9, -800.0, -2.0, 0.0])
def test_the_probability_of_a_text_is_a_logistic_and_never_overflows(mean: float) -> None:
    calibration = Calibration(text_slope=1.7, text_offset=0.3)
    assert calibration.text(mean) == pytest.approx(float(expit(1.7 * mean + 0.3)))
    assert 0.0 <= calibration.text(mean) <= 1.0


def test_likelihoods_that_are_no_numbers_are_an_error_and_no_answer() -> None:
    for damaged in ([math.nan, -1.0], [math.inf, -1.0]):
        with pytest.raises(ModelError, match="damaged"):
            Calibration().probabilities(damaged, yes_no=True)
    with pytest.raises(ModelError, match="damaged"):
        Calibration().text(math.nan)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    calibration = Calibration(1.25, 0.75, 2.0, -0.5, 10, 20, 30, 4)
    write_calibration(calibration, tmp_path)
    assert read_calibration(tmp_path) == calibration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        json.dumps(asdict(Calibration()) | {"further": 1}),
        json.dumps(asdict(Calibration()) | {"choice": "1"}),
        json.dumps(asdict(Calibration()) | {"choice": 0}),
        json.dumps(asdict(Calibration()) | {"yes_no": math.nan}),
    ],
)
def test_a_damaged_file_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "calibration.json").write_text(text)
    with pytest.raises(ModelError, match=r"calibration\.json") as caught:
        read_calibration(tmp_path)
    assert "\n" not in str(caught.value)
