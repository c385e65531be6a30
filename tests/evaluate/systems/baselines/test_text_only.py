"""Words alone: shares where they tell nothing, the answer where they tell it, scikit-learn as the outside witness."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from einthoven.core.rng import rng
from einthoven.evaluate.item import Item
from einthoven.evaluate.run import asked
from einthoven.evaluate.systems.baselines import baseline
from einthoven.evaluate.systems.baselines.text_only import TextOnly, Words, fit_text_only, text_of
from einthoven.instruct.probe import features
from tests.evaluate.systems.fakes import item


def deal(question: str, yes: int, no: int) -> list[Item]:
    """Items of one question with so many answers, each of a patient of its own."""
    golds = ["yes"] * yes + ["no"] * no
    return [
        item(f"{question}{n}", gold, question=question, patients=(f"d/{question}{n}",)) for n, gold in enumerate(golds)
    ]


def test_where_all_words_are_alike_the_shares_of_training_are_said() -> None:
    (said,) = baseline("text-only", deal("Is it?", 30, 10))([asked(item("q", question="Is it?"))])
    assert said.answer == "yes"
    assert said.options == pytest.approx({"yes": 0.75, "no": 0.25}, abs=1e-3)
    assert said.confidence == pytest.approx(0.75, abs=1e-3)


def test_words_that_tell_the_answer_are_used() -> None:
    train = deal("Is there atrial fibrillation?", 90, 10) + deal("Is there hypertrophy?", 10, 90)
    system = baseline("text-only", train)
    said = list(system([asked(item("a", question="Fibrillation?")), asked(item("b", question="Hypertrophy?"))]))
    assert [one.answer for one in said] == ["yes", "no"]


def test_it_says_what_scikit_learn_says() -> None:
    dice = rng("text only")
    names = ("block", "fibrillation", "infarction", "axis", "pacing")
    train = [one for n, name in enumerate(names) for one in deal(f"Is there {name}?", 20 + 9 * n, 60 - 10 * n)]
    train = [train[place] for place in dice.permutation(len(train))]
    ours = fit_text_only([Item(one.sample, ("d/one",)) for one in train], 0, 0).one  # one patient: the penalty is 1
    assert isinstance(ours, Words)
    texts = [text_of(one.sample) for one in train]
    theirs = LogisticRegression(C=2.0, tol=1e-8, max_iter=1000).fit(
        features(texts), [one.sample.answer == "yes" for one in train]
    )
    scores = ours.scores(texts)
    log_odds = scores[:, ours.classes.index("yes")] - scores[:, ours.classes.index("no")]
    assert np.allclose(log_odds, theirs.decision_function(features(texts)), atol=2e-2)


def test_an_option_that_was_never_right_gets_nothing_and_unknown_ones_are_no_answer() -> None:
    system = baseline("text-only", deal("Is it?", 3, 1))
    some, none = system([asked(item("a", options=("maybe", "no"))), asked(item("b", options=("north", "south")))])
    assert some.options == {"maybe": 0.0, "no": 1.0}
    assert none.abstained and none.answer is None


def test_of_any_options_each_is_told_by_its_name() -> None:
    options = ("lead I", "lead II", "lead III")
    golds = [("lead I",)] * 30 + [("lead I", "lead II")] * 10 + [()] * 4
    train = [
        item(f"i{n}", gold, options=options, pick="any", question="Which leads?", patients=(f"d/{n}",))
        for n, gold in enumerate(golds)
    ]
    (said,) = baseline("text-only", train)([asked(item("q", options=options, pick="any", question="Which leads?"))])
    assert said.answer == ("lead I",)
    assert said.options == pytest.approx({"lead I": 40 / 44, "lead II": 10 / 44, "lead III": 0}, abs=0.06)


def test_free_answers_are_those_of_training() -> None:
    train = [item(f"i{n}", "SR." if n % 3 else "AF.", options=None, question="Report?") for n in range(30)]
    (said,) = baseline("text-only", train)([asked(item("q", options=None, question="Report?"))])
    assert (said.answer, said.options) == ("SR.", None)
    assert said.confidence == pytest.approx(2 / 3, abs=1e-3)


def test_without_training_it_abstains() -> None:
    system = baseline("text-only", [])
    assert isinstance(system, TextOnly)
    samples = [asked(item("a")), asked(item("b", pick="any", gold=("yes",))), asked(item("c", options=None))]
    assert all(one.abstained for one in system(samples))
