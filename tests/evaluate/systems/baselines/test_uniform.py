"""Chance is chance: its shares are those of the dice, and a draw depends on the seed and the id alone."""

import math

from einthoven.evaluate.run import asked
from einthoven.evaluate.systems.baselines import baseline
from tests.evaluate.systems.fakes import item

TRAIN = [item(f"t{n}", gold, options=None, group="g") for n, gold in enumerate(["SR."] * 3 + ["AF."])]


def test_each_option_is_drawn_as_often_as_any() -> None:
    samples = [asked(item(f"q{n}", options=("a", "b", "c", "d"))) for n in range(4000)]
    answers = list(baseline("uniform", [])(samples))
    for option in "abcd":
        count = sum(one.answer == option for one in answers)
        assert abs(count - 1000) < 4 * math.sqrt(4000 * 0.25 * 0.75)
    assert answers[0].options == dict.fromkeys("abcd", 0.25)
    assert answers[0].confidence == 0.25


def test_of_any_options_each_is_a_coin() -> None:
    samples = [asked(item(f"q{n}", options=("a", "b"), pick="any", gold=("a",))) for n in range(2000)]
    answers = list(baseline("uniform", [])(samples))
    for said in ((), ("a",), ("b",), ("a", "b")):
        assert abs(sum(one.answer == said for one in answers) - 500) < 4 * math.sqrt(2000 * 0.25 * 0.75)
    assert (answers[0].options, answers[0].confidence) == ({"a": 0.5, "b": 0.5}, 0.25)


def test_free_answers_are_dealt_as_training_has_them() -> None:
    samples = [asked(item(f"q{n}", options=None, group="g")) for n in range(2000)]
    answers = list(baseline("uniform", TRAIN)(samples))
    assert {one.answer for one in answers} == {"SR.", "AF."}
    assert abs(sum(one.answer == "SR." for one in answers) - 1500) < 4 * math.sqrt(2000 * 0.25 * 0.75)
    assert {one.confidence for one in answers} == {0.75, 0.25}
    assert next(baseline("uniform", [])(samples)).abstained


def test_a_draw_depends_on_seed_and_id_alone() -> None:
    samples = [asked(item(f"q{n}")) for n in range(64)]
    first = [one.answer for one in baseline("uniform", [], seed=1)(samples)]
    assert [one.answer for one in baseline("uniform", TRAIN, seed=1)(reversed(samples))] == first[::-1]
    assert [one.answer for one in baseline("uniform", [], seed=2)(samples)] != first
