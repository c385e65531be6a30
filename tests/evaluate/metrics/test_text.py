"""Scores of free text, with sacrebleu as witness of BLEU."""

import random

import numpy as np
import pytest

from einthoven.evaluate.metrics.text import text_sums
from tests.evaluate.metrics.made_texts import number_mark, text_mark

WORDS = [
    "sinus",
    "rhythm,",
    "normal",
    "ECG.",
    "Rate",
    "60/min;",
    "QT",
    "0.40",
    "ST-T",
    "(V1-V3)",
    "überdrehter",
    "Linkstyp",
    "&lt;",
    "1,5",
    "no.",
    "a",
    "$5",
    "{x}",
]
METRICS = {"bleu_1", "bleu_2", "bleu_3", "bleu_4", "rouge_l", "meteor_exact_stem", "exact_match"}
Pairs = list[tuple[str | None, str]]


def told(pairs: Pairs) -> dict[str, float]:
    found = text_sums([text_mark(said, gold) for said, gold in pairs])
    return {name: float(sums.of(sums.rows_NK.sum(axis=0))) for name, sums in found.items()}


def random_pairs(seed: int, count: int = 30) -> list[tuple[str, str]]:
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        gold = draw.choices(WORDS, k=draw.randrange(1, 15))
        said = [word for word in gold if draw.random() < 0.8] + draw.choices(WORDS, k=draw.randrange(4))
        found.append((" ".join(said), " ".join(gold)))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_bleu_is_that_of_sacrebleu(seed: int) -> None:
    sacrebleu = pytest.importorskip("sacrebleu", reason="sacrebleu is not installed")
    pairs = random_pairs(seed)
    found = told(list(pairs))
    for order in range(1, 5):
        bleu = sacrebleu.metrics.BLEU(smooth_method="none", max_ngram_order=order)
        score = bleu.corpus_score([said for said, _ in pairs], [[gold for _, gold in pairs]])
        assert 100 * found[f"bleu_{order}"] == pytest.approx(score.score, abs=1e-9)
        assert "tok:13a" in str(bleu.get_signature()) and "case:mixed" in str(bleu.get_signature())


def test_the_gold_has_one_and_silence_has_nothing() -> None:
    golds = ["sinus rhythm. normal ecg.", "sinusrhythmus überdrehter linkstyp, sonst normal", "AF"]
    assert told([(gold, gold) for gold in golds]) == pytest.approx(dict.fromkeys(METRICS, 1.0))
    for silence in (None, "", "  \n"):
        assert told([(silence, gold) for gold in golds]) == dict.fromkeys(METRICS, 0.0)


def test_short_answers_are_penalised() -> None:
    assert told([("a b", "a b c d")])["bleu_1"] == pytest.approx(np.exp(1 - 4 / 2))
    assert told([("a", "a")])["bleu_2"] == 0.0  # there is no pair of words


def test_missing_answers_stay_in_the_mean() -> None:
    found = told([("normal ecg", "normal ecg"), (None, "normal ecg")])
    assert found["exact_match"] == found["rouge_l"] == found["meteor_exact_stem"] == 0.5
    assert found["bleu_1"] == pytest.approx(np.exp(1 - 4 / 2))


def test_draws_are_sums_of_rows() -> None:
    pairs = random_pairs(1, 6)
    marks = [text_mark(said, gold) for said, gold in pairs]
    counts = np.array([[1, 1, 1, 1, 1, 1], [0, 2, 1, 3, 0, 0]], float)
    for name, sums in text_sums(marks).items():
        values = sums.of(counts @ sums.rows_NK)
        again = [told([pair for pair, times in zip(pairs, row, strict=True) for _ in range(int(times))])[name]
                 for row in counts]  # fmt: skip
        assert values == pytest.approx(again), name


def test_only_free_text_counts() -> None:
    assert text_sums([]) == text_sums([number_mark()]) == {}
    with_number = text_sums([number_mark(), text_mark("normal ecg")])
    assert with_number["exact_match"].of(with_number["exact_match"].rows_NK.sum(axis=0)) == 1.0
