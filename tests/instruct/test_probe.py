"""The text-only probe against scikit-learn and made texts; wordings of splits that share no sentence."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from einthoven.core.findings import FINDINGS
from einthoven.core.rng import rng
from einthoven.instruct.balance import SAMPLINGS, Candidate, Sampling, choose
from einthoven.instruct.families import FAMILIES, load_family
from einthoven.instruct.probe import Estimate, TextOnly, features, fit, text_only, unseen_wordings, words
from einthoven.instruct.wording import QUESTIONS, SHOWS_FINDING, of_split
from tests.instruct.test_balance import chosen
from tests.instruct.test_information import real_offers

SENTENCES = of_split(SHOWS_FINDING, "train")
Rows = tuple[list[str], list[bool], list[str]]


def _asked(candidates: Sequence[Candidate]) -> Rows:
    random = rng("test", "texts")
    names = [(FINDINGS[one.about].name, *FINDINGS[one.about].synonyms) for one in candidates]
    texts = [
        SENTENCES[int(random.integers(len(SENTENCES)))].format(x=name[int(random.integers(len(name)))])
        for name in names
    ]
    return texts, [one.yes for one in candidates], [one.patient for one in candidates]


def _probed(rows: Rows) -> TextOnly:
    found = text_only(*rows)
    assert found is not None
    return found


def test_words_and_pairs_are_seen_once_each_whatever_the_case() -> None:
    assert words("Is there ST-T change, or isn't there?") == [
        "is",
        "there",
        "st",
        "t",
        "change",
        "or",
        "isn't",
        "there",
    ]
    one, other, more, turned = features(["A b a b", "a B", "a b c", "b a"]).toarray()
    assert set(one) == {0.0, 1.0}
    assert one.sum() == 4, "a, b, a b, b a"
    assert other.sum() == 3
    assert (more[other > 0] == 1).all()
    assert (turned != other).any(), "the order counts"


def _fitted(texts: list[str], answers: list[bool]) -> tuple[Any, np.ndarray[Any, Any]]:
    x_TF = features(texts)
    counts_TC = np.array([[float(not yes), float(yes)] for yes in answers])
    return x_TF, fit(x_TF, counts_TC, penalty=1.0).scores(x_TF)


def test_the_fit_is_that_of_scikit_learn() -> None:
    texts, answers, _ = _asked(chosen("naive").candidates[:1500])
    x_TF, scores = _fitted(texts, answers)
    own = 1 / (1 + np.exp(scores[:, 0] - scores[:, 1]))
    theirs = LogisticRegression(C=2.0, tol=1e-8, max_iter=2000).fit(x_TF, answers).predict_proba(x_TF)[:, 1]
    assert np.abs(own - theirs).max() < 0.02


def test_three_classes_are_fitted_as_scikit_learn_does() -> None:
    random = rng("test", "three")
    kinds = random.integers(0, 3, 600)
    texts = [f"{'abc'[kind]}{random.integers(4)} word{random.integers(30)} x{random.integers(3)}" for kind in kinds]
    x_TF = features(texts)
    scores = fit(x_TF, np.eye(3)[kinds]).scores(x_TF)
    own = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=2000).fit(x_TF, kinds).predict_proba(x_TF)
    assert np.abs(own - theirs).max() < 0.02


def test_a_text_counted_twice_is_a_text_that_stands_twice() -> None:
    twice = fit(features(["a b", "c"]), np.array([[0.0, 2.0], [1.0, 0.0]])).scores(features(["a b", "c"]))
    stands = features(["a b", "c", "a b"])
    assert twice == pytest.approx(
        fit(stands, np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])).scores(stands)[:2], abs=1e-2
    )


@pytest.mark.parametrize("how", SAMPLINGS[:2])
def test_it_answers_as_well_as_scikit_learn(how: Sampling) -> None:
    """Halves of the same patients, words and pairs counted by scikit-learn, its own choice of penalty."""
    texts, answers, patients = _asked(chosen(how).candidates)
    found = _probed((texts, answers, patients))
    yes, half = np.array(answers), rng("test", "halves").permutation(len(set(patients))) % 2
    places = {patient: place for place, patient in enumerate(sorted(set(patients)))}
    tested = half[[places[patient] for patient in patients]]
    x = CountVectorizer(ngram_range=(1, 2), binary=True).fit_transform(texts)
    said, odds = np.zeros(len(yes)), np.zeros(len(yes))
    for part in (0, 1):
        model = LogisticRegression(C=0.1, max_iter=1000).fit(x[tested != part], yes[tested != part])
        said[tested == part] = model.predict(x[tested == part])
        odds[tested == part] = model.decision_function(x[tested == part])
    assert found.accuracy.value == pytest.approx((said == yes).mean(), abs=0.02)
    assert found.auc.value == pytest.approx(roc_auc_score(yes, odds), abs=0.02)
    if how == "naive":
        assert found.balanced_accuracy.value == pytest.approx(balanced_accuracy_score(yes, said), abs=0.02)


def _made(count: int, tells: float, share: float = 0.4) -> Rows:
    """Texts of which this share names its answer."""
    random = rng("test", "made", count)
    answers = [bool(random.random() < share) for _ in range(count)]
    texts = [
        f"is there {('something' if yes else 'nothing') if random.random() < tells else 'word'} {random.integers(9)}"
        for yes in answers
    ]
    return texts, answers, [f"p{place // 2}" for place in range(count)]


def test_what_the_text_tells_is_found_and_no_more() -> None:
    share = 0.4
    for tells in (0.0, 0.5, 1.0):
        rows = _made(3000, tells, share)
        found = _probed(rows)
        no = 1 - np.mean(rows[1])
        expected = tells + (1 - tells) * no
        assert found.accuracy.value == pytest.approx(expected, abs=0.02)
        assert found.accuracy.chance == pytest.approx(no, abs=1e-4)
        assert found.over_majority.value == pytest.approx(found.accuracy.value - no, abs=2e-4)
        assert found.balanced_accuracy.value == pytest.approx((1 + tells) / 2, abs=0.03)
        # Told pairs are in order, of the others half: 1 - (1 - tells)^2 / 2 of pairs.
        assert found.auc.value == pytest.approx(1 - (1 - tells) ** 2 / 2, abs=0.04)
        assert all(one.n == 3000 and one.low <= one.value <= one.high for one in vars(found).values())


def test_the_interval_is_that_of_the_binomial_and_widens_with_patients_not_questions() -> None:
    texts, answers, _ = _made(1000, 0.5)
    found = _probed((texts, answers, [f"p{place}" for place in range(1000)])).accuracy
    error = np.sqrt(found.value * (1 - found.value) / 1000)
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.15)
    patients = [f"p{place}" for place in range(1000) for _ in range(4)]
    again = _probed(([text for text in texts for _ in range(4)], [y for y in answers for _ in range(4)], patients))
    assert again.accuracy.high - again.accuracy.low == pytest.approx(found.high - found.low, rel=0.15)


def test_what_is_known_of_a_patient_does_not_reach_the_test_half() -> None:
    """Texts that name their patient tell all of the fitting half, and nothing of the other."""
    random = rng("test", "leak")
    thrice = [(place, bool(yes)) for place, yes in enumerate(random.random(400) < 0.5) for _ in range(3)]
    texts, patients = ([f"{before} patient{place}" for place, _ in thrice] for before in ("is it", "of"))
    rows = texts, [yes for _, yes in thrice], patients
    assert _probed(rows).balanced_accuracy.high < 0.56


def test_too_little_to_fit_gives_none() -> None:
    assert text_only([], [], []) is None
    assert text_only(["a"] * 40, [True] * 40, [f"{place}" for place in range(40)]) is None
    assert text_only(["a", "b"], [True, False], ["p", "q"]) is None


def test_the_order_of_rows_does_not_matter() -> None:
    texts, answers, patients = _made(600, 0.3)
    turned = _probed((texts[::-1], answers[::-1], patients[::-1]))
    assert turned == _probed((texts, answers, patients))


def _falls_to_chance(naive: TextOnly, matched: TextOnly) -> None:
    assert naive.over_majority.low > 0.05
    assert matched.over_majority.high <= 0.01
    assert matched.over_majority.low >= -0.03
    assert matched.balanced_accuracy.low <= 0.5 + 1e-9
    assert naive.auc.low > 0.6
    assert matched.auc.low < 0.5
    assert matched.accuracy.chance == pytest.approx(2 / 3, abs=1e-4)


def test_matched_falls_to_chance_where_naive_does_not() -> None:
    _falls_to_chance(_probed(_asked(chosen("naive").candidates)), _probed(_asked(chosen("matched").candidates)))


def test_on_ptbxl_matched_falls_to_chance_where_naive_does_not() -> None:
    offers = real_offers()
    naive = _asked(choose(offers, "naive", seed=0, per_case=8).candidates)
    matched = _asked(choose(offers, "matched", seed=0, per_case=8).candidates)
    few = rng("test", "few").permutation(len(naive[0]))[: len(matched[0])]
    as_many: Any = tuple([column[place] for place in few] for column in naive)
    _falls_to_chance(_probed(as_many), _probed(matched))


# ---- wordings


@pytest.mark.parametrize("name", ["older questions", *FAMILIES])
def test_no_sentence_of_a_template_is_in_two_splits(name: str) -> None:
    wordings = QUESTIONS if name not in FAMILIES else load_family(name).wordings
    for template, sentences in wordings.items():
        parts = [{" ".join(words(text)) for text in of_split(sentences, split)} for split in ("train", "valid", "test")]
        assert sum(map(len, parts)) == len(set().union(*parts)) == len(sentences), template
        assert min(map(len, parts)) >= 2, template


def test_the_families_put_unseen_questions_in_words_of_their_own() -> None:
    """Of all families together: no sentence of train is in test, few pairs of words, and templates told at times."""
    families = {name: load_family(name) for name in FAMILIES}
    found = unseen_wordings({f"{name}/{template}": sentences for name, family in families.items()
                             for template, sentences in family.wordings.items()})  # fmt: skip
    assert found.shared_sentences == 0
    assert found.shared_bigrams < 0.4
    assert 10 * found.accuracy.chance < found.accuracy.value < 0.9, "ECG-QA: 0.91"


def test_unseen_wordings_share_no_sentence_and_still_tell_their_template() -> None:
    found = unseen_wordings(QUESTIONS)
    assert (found.templates, found.shared_sentences) == (6, 0.0)
    assert found.accuracy.n == sum(len(sentences) * 3 // 10 for sentences in QUESTIONS.values())
    assert found.accuracy.low > found.accuracy.chance == pytest.approx(1 / 6, abs=1e-4)
    assert 0 < found.shared_bigrams < 0.6


def test_seen_wordings_are_told_and_shared_entirely() -> None:
    found = unseen_wordings(QUESTIONS, "train", "train")
    assert (found.shared_sentences, found.shared_bigrams, found.accuracy.value) == (1.0, 1.0, 1.0)


def test_a_sentence_that_moved_is_found_and_a_slot_does_not_tell_the_template() -> None:
    other = [f"one{place} two{place} three{place}" for place in range(20)]
    wordings = {"a": tuple(other[:10]), "b": tuple(other[10:])}
    assert unseen_wordings(wordings).shared_sentences == 0
    assert unseen_wordings({**wordings, "b": (*other[10:19], other[0] + "?")}).shared_sentences == pytest.approx(
        1 / 6, abs=1e-4
    )
    slots = {name: tuple(f"w{n} {{slot_{name}}}" for n in range(place * 10, place * 10 + 10))
             for place, name in enumerate("abcdef")}  # fmt: skip
    found = unseen_wordings(slots)
    assert found.accuracy.value <= 0.5, "one word alone in each, and a slot that all share"
    assert found.shared_bigrams == 0


def test_it_is_written_as_json() -> None:
    told = _probed(_made(400, 0.5)).to_json()
    assert set(told) == {"accuracy", "over_majority", "balanced_accuracy", "auc"}
    assert set(told["accuracy"]) == {"value", "low", "high", "chance", "n"}
    assert unseen_wordings(QUESTIONS).to_json()["accuracy"]["n"] == 21
    assert Estimate(0.5, 0.4, 0.6, 0.5, 9).to_json() == {"value": 0.5, "low": 0.4, "high": 0.6, "chance": 0.5, "n": 9}
