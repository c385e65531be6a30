"""Shares, balanced accuracy and AUROC with their draws, against scikit-learn, `score_of` and by hand."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from einthoven.core.rng import rng
from einthoven.evaluate.audit.estimates import Estimate, auroc, balanced_accuracy, mean_of, questions, share
from einthoven.evaluate.audit.figures import ALL, figures, forced
from einthoven.evaluate.audit.people import People
from einthoven.evaluate.intervals import DRAWS, patient_draws, score_of
from einthoven.evaluate.marks import Mark, mark
from tests.evaluate.audit.world import YES_NO, item, says


def _marked(
    gold: Sequence[str],
    said: Sequence[str],
    p: Sequence[float] | None = None,
    group: str = "g",
    options: tuple[str, ...] = YES_NO,
) -> list[Mark]:
    """One answer a patient, two to every fifth."""
    made = []
    for place, (right, answer) in enumerate(zip(gold, said, strict=True)):
        one = item(f"{group}{place}", "?", (f"p{place - (place % 5 == 1):03}",), right, group=group, options=options)
        table = None if p is None else {"yes": p[place], "no": 1 - p[place]}
        made.append(mark(one, says(one.sample, answer, table)))
    return made


def _random(names: Sequence[str], count: int, seed: str) -> list[str]:
    return [names[place] for place in rng("test", seed).integers(len(names), size=count)]


def _balanced(marks: list[Mark]) -> Estimate:
    people = People.of(marks)
    found = balanced_accuracy(people, list(questions(people, marks)))
    assert found is not None
    return found


def _auroc(marks: list[Mark]) -> Estimate:
    people = People.of(marks)
    found = auroc(people, list(questions(people, marks)))
    assert found is not None
    return found


@pytest.mark.parametrize("options", [YES_NO, ("yes", "no", "not sure")])
def test_balanced_accuracy_of_one_question_and_of_each_draw_is_that_of_scikit_learn(options: tuple[str, ...]) -> None:
    gold, said = _random(options, 60, "gold"), _random(options, 60, "said")
    marks = _marked(gold, said, options=options)
    found = _balanced(marks)
    assert found.value == pytest.approx(balanced_accuracy_score(gold, said))
    assert found.n == 60
    assert found.chance == pytest.approx(1 / len(options))
    people = People.of(marks)
    weights = patient_draws(len(people.rows))[:, people.places(marks)]
    for draw in range(5):
        expected = balanced_accuracy_score(gold, said, sample_weight=weights[draw])
        assert found.draws[draw] == pytest.approx(expected, abs=1e-6)


def test_auroc_of_one_question_and_of_each_draw_is_that_of_scikit_learn_with_ties() -> None:
    gold = _random(YES_NO, 80, "gold")
    p = rng("test", "p").random(80).round(1)
    marks = _marked(gold, ["no"] * 80, list(p))
    found = _auroc(marks)
    truth = np.array(gold) == "yes"
    assert found.value == pytest.approx(roc_auc_score(truth, p))
    people = People.of(marks)
    weights = patient_draws(len(people.rows))[:, people.places(marks)]
    for draw in range(5):
        expected = roc_auc_score(truth, p, sample_weight=weights[draw])
        assert found.draws[draw] == pytest.approx(expected, abs=1e-6)


def test_draws_in_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = _marked(_random(YES_NO, 40, "gold"), ["no"] * 40, list(rng("test", "p").random(40)))
    whole = _auroc(marks).draws
    monkeypatch.setattr("einthoven.evaluate.audit.estimates.MOST_WEIGHTS", 40 * 7)
    np.testing.assert_array_equal(_auroc(marks).draws, whole)
    assert len(whole) == DRAWS


def test_a_share_has_the_interval_of_score_of() -> None:
    marks = _marked(_random(YES_NO, 70, "gold"), _random(YES_NO, 70, "said"))
    right = [one.right for one in marks]
    found = share(People.of(marks), marks, right)
    assert found is not None
    sums = np.stack([np.ones(70), np.array(right, float)], axis=1)
    expected = score_of(sums, [one.item.cluster for one in marks], lambda sums: sums[..., 1] / sums[..., 0], 70)
    assert found.score() == expected
    assert share(People.of(marks), [], []) is None


def test_questions_count_alike_and_those_with_one_right_answer_not_at_all() -> None:
    """g: yes 1 of 2, no 1 of 1: 0.75. h: yes 0 of 1, no 3 of 3: 0.5. i: only "no". Mean 0.625; pooled 5 of 7."""
    marks = [
        *_marked(["yes", "yes", "no"], ["yes", "no", "no"], group="g"),
        *_marked(["yes", "no", "no", "no"], ["no", "no", "no", "no"], group="h"),
        *_marked(["no", "no"], ["no", "no"], group="i"),
    ]
    found = _balanced(marks)
    assert (found.value, found.n) == (0.625, 7)
    people = People.of(marks)
    alone = marks[-2:]
    assert balanced_accuracy(people, list(questions(people, alone))) is None
    assert auroc(people, list(questions(people, alone))) is None


def test_of_any_number_of_options_each_counts_there_and_not_there() -> None:
    """A: there 1 of 1, not there 1 of 2: 0.75. B: there 1 of 2, not there 0 of 1: 0.25. C is never there. Mean 0.5."""
    marks = []
    for place, (gold, said) in enumerate(((("A", "B"), ("A", "B")), (("B",), ("A",)), ((), ("B",)))):
        one = item(str(place), "?", (f"p00{place}",), gold, options=("A", "B", "C"), pick="any")
        marks.append(mark(one, says(one.sample, said)))
    assert _balanced(marks).value == 0.5
    assert _balanced(marks).chance == 0.5


def test_who_says_nothing_is_wrong_both_where_it_is_there_and_where_it_is_not() -> None:
    marks = []
    for place, gold in enumerate((("A",), ())):
        one = item(str(place), "?", (f"p00{place}",), gold, options=("A", "B"), pick="any")
        marks.append(mark(one, None))
    assert _balanced(marks).value == 0.0


def test_auroc_leaves_out_answers_without_probabilities_and_says_of_how_many_it_is() -> None:
    marks = _marked(["yes", "no", "yes"], ["no"] * 3, [0.9, 0.2, 0.8])
    silent = mark(item("x", "?", ("p000",), "yes", group="g"), None)
    found = _auroc([*marks, silent])
    assert (found.value, found.n) == (1.0, 3)
    assert auroc(People.of([silent]), list(questions(People.of([silent]), [silent]))) is None


def test_small_questions_count_in_every_draw() -> None:
    """Twenty questions of one yes and one no, all right, five of many, all wrong: 0.8, though many draws lack a yes."""
    marks = []
    for number in range(20):
        marks += _marked(["yes", "no"], ["yes", "no"], [0.9, 0.1], group=f"small {number}")
    for number in range(5):
        marks += _marked(["yes", "no"] * 30, ["no", "yes"] * 30, [0.1, 0.9] * 30, group=f"large {number}")
    for place, one in enumerate(marks):  # everybody has one question only
        marks[place] = replace(one, item=replace(one.item, patients=(f"p{place:03}",)))
    for found in (_balanced(marks), _auroc(marks)):
        score = found.score()
        assert (score.value, score.low, score.high) == (0.8, 0.8, 0.8)


def test_differences_are_paired() -> None:
    """The same answers differ from themselves by nothing in every draw, though each value has a wide interval."""
    marks = _marked(_random(YES_NO, 30, "gold"), _random(YES_NO, 30, "said"))
    found = _balanced(marks)
    score, none = found.score(), (found - found).score()
    assert score.low is not None
    assert score.high is not None
    assert score.high - score.low > 0.2
    assert (none.value, none.low, none.high) == (0, 0, 0)
    assert "-0.0" not in json.dumps(none.to_json())


def test_the_mean_over_types_counts_each_once() -> None:
    one, other = Estimate(0.2, np.full(DRAWS, 0.1), 10, 0.5), Estimate(0.8, np.full(DRAWS, 0.9), 1000, 0.25)
    found = mean_of([one, other])
    assert found is not None
    assert (found.value, found.n, found.chance) == (0.5, 1010, 0.375)
    np.testing.assert_allclose(found.draws, 0.5)
    assert mean_of([]) is None


def test_figures_by_type_and_in_all() -> None:
    verify = _marked(["yes", "no", "no"], ["yes", "no", "yes"])
    number = item("n", "Rate?", ("p009",), "70", options=None, unit="bpm", tolerance=5, type="number")
    text = item("t", "Report?", ("p009",), "normal", options=None, type="report")
    marks = [*verify, mark(number, says(number.sample, "72 bpm")), mark(text, None)]
    found = figures(People.of(marks), marks, {"odd": [True, False, False, False, True]})
    assert list(found.by_type) == ["questions", "number", "report", ALL]
    assert {type: sorted(metrics) for type, metrics in found.by_type.items()} == {
        "questions": ["abstained", "accuracy", "balanced_accuracy", "failed", "odd"],
        "number": ["abstained", "accuracy", "failed", "odd"],
        "report": ["abstained", "failed", "odd"],
        ALL: ["abstained", "accuracy", "balanced_accuracy", "failed", "odd"],
    }
    assert found.get("accuracy", "number") is not None
    table = found.to_json(floor=found)
    assert table[ALL]["accuracy"]["value"] == pytest.approx((2 / 3 + 1) / 2, abs=1e-4), "the mean over types"
    assert table[ALL]["odd"]["value"] == 0.4, "the share of all answers"
    assert table[ALL]["accuracy"]["unread"] == 0.2
    assert (
        table["questions"]["balanced_accuracy"]["text_only"] == table["questions"]["balanced_accuracy"]["value"] == 0.75
    )
    assert table["report"]["failed"]["value"] == 1.0


def test_a_forced_choice_is_the_likeliest_option_or_all_that_are_likelier_than_not() -> None:
    one = item("a", "?", ("p001",), "yes")
    shy = mark(one, says(one.sample, None, {"yes": 0.6, "no": 0.4}, abstained=True))
    assert (shy.state, shy.right) == ("abstained", False)
    assert (forced(shy).state, forced(shy).said, forced(shy).right) == ("read", frozenset(("yes",)), True)
    any_of = item("b", "?", ("p001",), ("A", "C"), options=("A", "B", "C"), pick="any")
    told = mark(any_of, says(any_of.sample, None, {"A": 0.5, "B": 0.49, "C": 0.9}, abstained=True))
    assert (forced(told).said, forced(told).right) == (frozenset("AC"), True)
    silent = mark(one, says(one.sample, None, abstained=True))
    assert forced(silent) is silent
