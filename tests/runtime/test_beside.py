"""Answers beside measurements of simulated ECGs, whose rate is known."""

from dataclasses import replace

import numpy as np
import pytest

from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.core.sample import Answer
from einthoven.records.simulate import simulate
from einthoven.runtime.beside import beside, figures_of

ANSWER = Answer("x", "", None, None, False, None, "some@0", 0.0)
QUESTION = "What does it show?"


@pytest.fixture(scope="module")
def measured() -> dict[str, float | None]:
    """The figures of an ECG of 75 beats a minute."""
    found = figures_of(simulate([], seed=3, seconds=8.0, rate_bpm=75.0).ecg)
    assert found is not None
    return found


def _said(text: str | tuple[str, ...] | None, question: str, measured: dict[str, float | None] | None) -> Answer:
    return beside(replace(ANSWER, answer=text), question, measured)


def test_the_figures_are_those_of_the_ecg(measured: dict[str, float | None]) -> None:
    assert measured["heart_rate_bpm"] == pytest.approx(75.0, abs=3.0)
    assert _said("Sinus rhythm.", QUESTION, measured).measured == measured


@pytest.mark.parametrize("rate", [73, 75, 77])
def test_a_right_rate_is_not_flagged(measured: dict[str, float | None], rate: int) -> None:
    assert _said(f"Sinus rhythm with a heart rate of {rate} bpm.", QUESTION, measured).contradictions == ()
    assert _said(f"{rate}", "What is the heart rate?", measured).contradictions == ()


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Sinus tachycardia, heart rate 120 bpm.", QUESTION),
        ("The rate is 40/min", QUESTION),
        ("120", "What is the heart rate?"),
        (("sinus rhythm", "heart rate 120"), "Which hold?"),
    ],
)
def test_a_wrong_rate_is_flagged(measured: dict[str, float | None], text: str | tuple[str, ...], question: str) -> None:
    found = _said(text, question, measured)
    (line,) = found.contradictions
    assert line.startswith("heart rate is said to be ")
    assert "measured as 7" in line
    assert found.answer == text, "the answer itself stays"


@pytest.mark.parametrize("answer", ["yes", "no heart rate can be given", None, ()])
def test_answers_without_figures_contradict_nothing(measured: dict[str, float | None], answer: str | None) -> None:
    found = _said(answer, "Is the heart rate normal?", measured)
    assert (found.contradictions, found.measured) == ((), measured)


def test_an_ecg_that_cannot_be_measured_has_no_figures() -> None:
    short = simulate([], seed=3, seconds=1.0).ecg
    coarse = Ecg(np.zeros((12, 600), np.float32), TWELVE, 60.0)
    assert (figures_of(short), figures_of(coarse)) == (None, None)
    answer = _said("heart rate 300 bpm", QUESTION, None)
    assert (answer.measured, answer.contradictions) == (None, ())


def test_an_ecg_without_a_beat_contradicts_nothing() -> None:
    found = figures_of(Ecg(np.zeros((12, 5000), np.float32), TWELVE, 500.0))
    assert found is not None
    assert set(found.values()) == {None}
    assert _said("heart rate 300 bpm", QUESTION, found).contradictions == ()


def test_what_is_measured_is_what_a_model_reads() -> None:
    """A model reads ten seconds; a rate from what comes later would contradict it wrongly."""
    slow, fast = (simulate([], seed=3, rate_bpm=rate).ecg for rate in (60.0, 110.0))
    both = slow.with_signal(np.concatenate([slow.signal_mv, fast.signal_mv, fast.signal_mv], axis=1), slow.rate_hz)
    found = figures_of(both)
    assert found is not None and found == figures_of(slow)
