"""Scores of made answers: right ones, empty ones, shuffled ones; against scikit-learn; in pairs; with their levels."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    hamming_loss,
    roc_auc_score,
)

from einthoven.core.errors import JobError
from einthoven.core.rng import rng
from einthoven.core.sample import Answer
from einthoven.evaluate.intervals import Draws, Score
from einthoven.evaluate.marks import Mark, marks
from einthoven.evaluate.metrics.calibration import reliability, risk_coverage
from einthoven.evaluate.scores import changed, compare, left_untold, scores, values
from tests.evaluate.made_marks import YES_NO, empty_marks, gold_marks, items, shuffled_marks

KINDS = ("yes_no", "one", "any", "number", "text")
BEST = {"yes_no": ("accuracy", "balanced_accuracy", "auroc", "auprc", "macro_f1"), "one": ("accuracy", "auroc"),
        "any": ("exact_match", "set_f1", "macro_f1", "auroc"), "number": ("accuracy",),
        "text": ("bleu_1", "bleu_4", "rouge_l")}  # fmt: skip


def _yes_no(count: int = 300) -> list[Mark]:
    """Marks of a system that knows something: probabilities that lean to the truth, some abstentions."""
    listed, random = items("yes_no", count), rng("test", "scores")
    by: dict[str, Answer] = {}
    for n, item in enumerate(listed):
        p = float(np.clip(random.normal(0.65 if item.sample.answer == "yes" else 0.4, 0.2), 0.01, 0.99).round(2))
        none = n % 17 == 0
        by[item.id] = Answer(item.id, None if none else YES_NO[int(p < 0.5)], {"yes": p, "no": 1 - p},
                             None if none else max(p, 1 - p), none, None, "m", 0.0)  # fmt: skip
    return marks(listed, by)


@pytest.mark.parametrize("kind", KINDS)
def test_gold_is_best_empty_earns_nothing_shuffled_is_at_chance(kind: str) -> None:
    listed = items(kind)
    gold, empty, dealt = (
        scores(made) for made in (gold_marks(listed), empty_marks(listed), shuffled_marks(listed, kind))
    )
    for metric in BEST[kind]:
        assert gold[metric].value == pytest.approx(1.0)
        assert gold[metric].n == len(listed)
        if metric in empty:
            assert empty[metric].value == 0.0
        shuffled = dealt[metric]
        assert shuffled.low is not None
        assert shuffled.high is not None
        assert shuffled.chance is not None
        assert shuffled.low - 0.02 <= shuffled.chance <= shuffled.high + 0.02
    assert empty["unread"].value == 1.0
    assert gold["unread"].value == 0.0
    assert "auroc" not in empty, "hard answers are never ranked"


def test_what_scikit_learn_says() -> None:
    marked = _yes_no()
    found = scores(marked)
    for group in ("g0", "g1"):
        mine = [mark for mark in marked if mark.item.group == group]
        y = np.array([mark.item.sample.answer == "yes" for mark in mine])
        p = np.array([(mark.probabilities or {})["yes"] for mark in mine])
        # an abstention is wrong: for scikit-learn, the other answer
        said = np.array(
            [mark.said == frozenset(("yes",)) if mark.said else mark.item.sample.answer != "yes" for mark in mine]
        )
        assert found[f"auroc|{group}"].value == pytest.approx(roc_auc_score(y, p), abs=1e-4)
        assert found[f"auprc|{group}"].value == pytest.approx(average_precision_score(y, p), abs=1e-4)
        assert found[f"brier|{group}"].value == pytest.approx(brier_score_loss(y, p), abs=1e-4)
        assert found[f"balanced_accuracy|{group}"].value == pytest.approx(balanced_accuracy_score(y, said), abs=1e-4)
        named = np.array([mark.said == frozenset(("yes",)) for mark in mine])
        assert found[f"macro_f1|{group}"].value == pytest.approx(f1_score(y, named), abs=1e-4)
    both = [found[f"auroc|{group}"].value or 0 for group in ("g0", "g1")]
    assert found["auroc"].value == pytest.approx(np.mean(both), abs=1e-4)


def test_a_draw_of_patients_is_a_weight_for_scikit_learn() -> None:
    marked = [mark for mark in _yes_no() if mark.item.group == "g0"]
    draws = Draws.of([mark.item.cluster for mark in marked])
    found = values(marked, drawn=True)
    y = np.array([mark.item.sample.answer == "yes" for mark in marked])
    p = np.array([(mark.probabilities or {})["yes"] for mark in marked])
    right = np.array([mark.right for mark in marked])
    for draw in (1, 500, 1000):
        weight = draws.times_PD[draws.places_N, draw - 1].astype(float)
        assert found["auroc"].values[draw] == pytest.approx(roc_auc_score(y, p, sample_weight=weight), abs=1e-5)
        expected = average_precision_score(y, p, sample_weight=weight)
        assert found["auprc"].values[draw] == pytest.approx(expected, abs=1e-5)
        assert found["accuracy"].values[draw] == pytest.approx(np.average(right, weights=weight), abs=1e-6)
        assert found["brier"].values[draw] == pytest.approx(brier_score_loss(y, p, sample_weight=weight), abs=1e-5)


def test_labels_are_those_of_scikit_learn_and_silence_is_all_wrong() -> None:
    random, answers = rng("test", "labels"), {}
    listed = items("any", 200)
    for item in listed:
        options = item.sample.options or ()
        said = tuple(option for option in options if (option in item.gold) != (random.random() < 0.2))
        p = dict(zip(options, random.random(len(options)).tolist(), strict=True))
        answers[item.id] = Answer(item.id, said, p, None, False, None, "m", 0.0)
    marked = marks(listed, answers)
    names = sorted(listed[0].sample.options or ())
    gold = np.array([[name in mark.item.gold for name in names] for mark in marked])
    said_NO = np.array([[name in (mark.said or ()) for name in names] for mark in marked])
    p_NO = np.array([[(mark.probabilities or {})[name] for name in names] for mark in marked])
    found = scores(marked)
    assert found["hamming_loss"].value == pytest.approx(hamming_loss(gold, said_NO), abs=1e-4)
    assert found["brier"].value == pytest.approx(np.mean((p_NO - gold) ** 2), abs=1e-4)
    assert scores(empty_marks(listed))["hamming_loss"].value == 1.0
    missing = scores(marks(listed, {}))
    assert missing["set_f1"].value == 0.0
    assert missing["set_f1"].unread == 1.0


def test_an_abstention_is_wrong_and_its_forced_choice_stands_beside() -> None:
    marked = _yes_no()
    found = scores(marked)
    quiet = [mark for mark in marked if mark.state == "abstained"]
    assert found["abstained"].value == pytest.approx(len(quiet) / len(marked), abs=1e-4)
    likely = [max(mark.probabilities or {}, key=lambda name: (mark.probabilities or {})[name]) for mark in marked]
    forced = np.mean([{said} == mark.item.gold for said, mark in zip(likely, marked, strict=True)])
    assert found["forced_accuracy"].value == pytest.approx(forced, abs=0.02)  # a tie of 0.5 is nobody's choice
    assert (found["accuracy"].value or 0) < (found["forced_accuracy"].value or 0)


def test_a_class_with_under_five_positives_is_not_told() -> None:
    listed = [replace(item, sample=replace(item.sample, answer="yes" if n in (3, 9, 17, 33) else "no"), group="rare")
              for n, item in enumerate(items("yes_no", 100))]  # fmt: skip
    found = scores(gold_marks(listed))
    assert "auroc" not in found
    assert "macro_f1" not in found
    more = [
        replace(item, sample=replace(item.sample, answer="yes")) if n == 50 else item for n, item in enumerate(listed)
    ]
    assert scores(gold_marks(more))["auroc"].value == 1.0


def test_macro_means_count_groups_and_types_alike() -> None:
    big, small = items("yes_no", 200), items("one", 20)
    listed = [*big, *(replace(item, sample=replace(item.sample, id=f"s{item.id}"), group="s") for item in small)]
    marked = [*gold_marks(listed[:200]), *empty_marks(listed[200:])]
    found = scores(marked)
    assert found["accuracy"].value == pytest.approx(200 / 220, abs=1e-4)
    assert found["accuracy_macro_type"].value == 0.5
    assert found["accuracy_macro_group"].value == pytest.approx(2 / 3, abs=1e-4)
    assert found["accuracy|choice"].value == 0.0
    assert found["accuracy|choice"].unread == 1.0


@pytest.mark.parametrize(("kind", "metric"), [("yes_no", "accuracy"), ("one", "accuracy"), ("text", "same_text")])
def test_the_chance_of_right_answers_is_how_alike_they_are(kind: str, metric: str) -> None:
    listed = items(kind)
    found = scores(gold_marks(listed))
    alike = []
    for group in ("g0", "g1"):
        answers = [item.sample.answer for item in listed if item.group == group]
        alike += [answers.count(answer) / len(answers) for answer in answers]
    assert found[metric].chance == pytest.approx(np.mean(alike), abs=0.04)
    assert found["unread"].chance is None, "how often there is no answer has no chance level"


def test_two_systems_on_the_same_draws() -> None:
    listed = items("yes_no")
    gold, dealt = gold_marks(listed), shuffled_marks(listed, "pair")
    apart = compare(gold, dealt)["accuracy"]
    assert apart.value == pytest.approx(1 - (scores(dealt)["accuracy"].value or 0), abs=1e-4)
    assert (apart.low or 0) > 0
    same = compare(dealt, dealt)["accuracy"]
    assert (same.value, same.low, same.high) == (0, 0, 0)
    with pytest.raises(JobError, match="same items"):
        compare(gold, dealt[1:])


def test_the_level_of_the_words_stands_beside() -> None:
    listed = items("yes_no")
    always = marks(
        listed, {i.id: Answer(i.id, "no", {"yes": 0.4, "no": 0.6}, 0.6, False, None, "w", 0) for i in listed}
    )
    found = scores(gold_marks(listed), always)
    assert found["accuracy"].text_only == pytest.approx(np.mean([item.gold == {"no"} for item in listed]), abs=1e-4)
    assert found["auroc"].text_only == 0.5
    with pytest.raises(JobError, match="other items"):
        scores(gold_marks(listed), always[1:])


def _sure(rows: list[tuple[float, bool]]) -> list[Mark]:
    base = items("yes_no", len(rows))
    return [
        Mark(item, "read", frozenset(("yes",)), right=right, confidence=confidence)
        for item, (confidence, right) in zip(base, rows, strict=True)
    ]


def test_calibration_by_hand() -> None:
    # a hundred answers of one confidence, 70 right: the error is 0.2, in any number of bins
    found = values(_sure([(0.9, n < 70) for n in range(100)]), drawn=False)
    assert found["ece"].value == pytest.approx(0.2)
    assert found["aurc"].value == pytest.approx(0.3)  # all of one confidence: answered together
    # too sure in one bin and not sure enough in another: the errors do not cancel
    both = [(0.9, n < 35) for n in range(50)] + [(0.6, n < 40) for n in range(50)]
    assert values(_sure(both), drawn=False)["ece"].value == pytest.approx(0.2)
    # the surer half right, the other half wrong
    half = _sure([(0.9 - n / 1000, n < 50) for n in range(100)])
    by_hand = np.mean([max(0, place - 50) / place for place in range(1, 101)])
    found = values(half, drawn=False)
    assert found["aurc"].value == pytest.approx(by_hand)
    assert found["accuracy_at_80"].value == pytest.approx(50 / 80)
    assert found["accuracy_at_95"].value == pytest.approx(50 / 95)
    assert risk_coverage(half)[-1] == pytest.approx((1.0, 0.5))
    bins = reliability(half)
    assert len(bins) == 15
    assert bins[0][1] == 0
    assert bins[-1][1] == 1


def test_the_order_of_equally_sure_answers_does_not_matter() -> None:
    rows = [(0.9, n < 50) for n in range(100)]
    for listed in (rows, rows[::-1]):
        found = values(_sure(listed), drawn=False)
        assert [found[f"accuracy_at_{share}"].value for share in (80, 90, 95)] == pytest.approx([0.5] * 3)


def test_probabilities_kept_back_where_they_are_wrong_gain_nothing() -> None:
    open_handed = _yes_no()
    sly = [mark if mark.right else replace(mark, probabilities=None, confidence=None) for mark in open_handed]
    assert (scores(sly)["auroc"].value or 0) > (scores(open_handed)["auroc"].value or 0)
    apart = compare(open_handed, sly)
    for metric in ("accuracy", "auroc", "auprc", "brier", "ece", "aurc"):
        assert (apart[metric].value, apart[metric].low, apart[metric].high) == (0, 0, 0)
        assert metric == "accuracy" or apart[metric].n == sum(mark.right for mark in open_handed)


def test_an_answer_without_confidence_is_not_calibrated() -> None:
    listed = items("number", 50)
    silent = marks(listed, {i.id: Answer(i.id, "120 ms", None, None, False, None, "m", 0) for i in listed})
    assert not {"ece", "aurc", "brier"} & set(scores(silent))


def test_answers_that_change_between_layouts() -> None:
    listed = items("yes_no", 100)
    gold = gold_marks(listed)
    other = [replace(mark, said=frozenset(("maybe",))) if n < 13 else mark for n, mark in enumerate(gold)]
    assert changed([gold, gold, gold]).value == 0
    assert changed([gold, other, gold]).value == pytest.approx(0.13)
    with pytest.raises(JobError, match="same items"):
        changed([gold, gold[1:]])


def test_questions_that_all_have_one_right_answer_have_no_balance() -> None:
    listed = [replace(item, sample=replace(item.sample, answer="no")) for item in items("yes_no", 20)]
    found = scores(gold_marks(listed))
    assert found["accuracy"].value == 1.0
    assert "balanced_accuracy" not in found


def test_answers_without_probabilities_are_counted() -> None:
    marked = gold_marks(items("yes_no", 40))
    some = [replace(mark, probabilities=None) if n < 7 else mark for n, mark in enumerate(marked)]
    assert left_untold(some) == ["7 answers have no probabilities: AUROC, AUPRC and Brier are over the others only"]
    assert left_untold(marked) == []


def test_nothing_to_score_is_told() -> None:
    with pytest.raises(JobError, match="nothing to score"):
        scores([])


@pytest.mark.parametrize("kind", KINDS)
def test_every_score_is_plain(kind: str) -> None:
    found = scores(gold_marks(items(kind)))
    json.dumps({name: score.to_json() for name, score in found.items()}, allow_nan=False)
    for score in found.values():
        assert isinstance(score, Score)
        assert score.n > 0
        if score.value is not None and score.low is not None and score.high is not None:
            assert score.low <= score.value + 1e-9
            assert score.value <= score.high + 1e-9
