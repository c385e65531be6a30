"""Overlap of words: by hand, and against slower ways to say the same."""

import random
from functools import cache

import pytest

from einthoven.evaluate.metrics.overlap import (
    aligned,
    longest_common,
    meteor,
    ngram_sums,
    rouge_l,
    suffix_stem,
    tokens_13a,
    words_of,
)  # fmt: skip


def plain_longest(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    @cache
    def of(a: int, b: int) -> int:
        if not a or not b:
            return 0
        return of(a - 1, b - 1) + 1 if one[a - 1] == other[b - 1] else max(of(a - 1, b), of(a, b - 1))

    return of(len(one), len(other))


def test_longest_common_subsequence_is_that_of_the_table() -> None:
    draw = random.Random(3)
    for _ in range(300):
        one, other = (tuple(draw.choices("abcde", k=draw.randrange(12))) for _ in range(2))
        assert longest_common(one, other) == plain_longest(one, other)


def test_rouge_l_by_hand() -> None:
    said, gold = ["police", "kill", "the", "gunman"], ["police", "killed", "the", "gunman"]
    assert rouge_l(said, gold) == pytest.approx(0.75)  # the example of Lin 2004
    assert rouge_l(["a", "b"], ["a", "c", "b", "d", "e", "f"]) == pytest.approx(2 * 1 * (2 / 6) / (1 + 2 / 6))
    assert rouge_l([], gold) == rouge_l(said, []) == 0.0


def test_ngrams_are_clipped() -> None:
    found = ngram_sums(["the", "the", "the", "the", "the", "the", "the"], ["the", "cat", "is", "on", "the", "mat"])
    assert found == [7, 6, 2, 0, 0, 0, 7, 6, 5, 4]  # Papineni 2002: 2 of 7
    assert ngram_sums([], ["a"]) == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert ngram_sums(["a"], ["a"]) == [1, 1, 1, 0, 0, 0, 1, 0, 0, 0]


def test_meteor_by_hand() -> None:
    gold = ["on", "the", "mat", "sat", "the", "cat"]
    assert meteor(gold, gold) == meteor(["normal"], ["normal"]) == 1.0
    # six matches in three chunks: "the cat", "sat", "on the mat"
    assert meteor(["the", "cat", "sat", "on", "the", "mat"], gold) == pytest.approx(1 - 0.5 * (3 / 6) ** 3)
    # 2 matches of 2 said and 4 in gold, one chunk: P 1, R 0.5, mean 10 * .5 / (.5 + 9) and penalty .5 / 8
    assert meteor(["a", "b"], ["a", "b", "c", "d"]) == pytest.approx(5 / 9.5 * (1 - 0.5 / 8))
    # all matched, two chunks: penalty 0.5 (2 / 4)^3
    assert meteor(["c", "d", "a", "b"], ["a", "b", "c", "d"]) == pytest.approx(1 - 0.5 / 8)
    assert meteor([], gold) == meteor(["dog"], gold) == meteor(gold, []) == 0.0


def test_stems_match_after_words_and_each_word_once() -> None:
    assert aligned(["blocked", "block"], ["block", "blocks"]) == [(0, 1), (1, 0)]
    assert aligned(["a", "b", "a", "b"], ["a", "b", "a", "b"]) == [(0, 0), (1, 1), (2, 2), (3, 3)]
    assert aligned(["a", "a", "a"], ["a"]) == [(0, 0)]
    assert meteor(["inverted", "waves"], ["inverting", "wave"]) == 1.0
    assert meteor(["inverted"], ["normal"]) == 0.0


def test_stems() -> None:
    words = ("blocked", "blocks", "waves", "wave", "st", "axis", "class", "classes", "rhythms")
    stems = [suffix_stem(word) for word in words]
    assert stems == [
        "block",
        "block",
        "wav",
        "wav",
        "st",
        "axi",
        "class",
        "class",
        "rhythm",
    ]


def test_words_and_tokens() -> None:
    assert words_of("ST-Senkung, Ä_1") == ("st", "senkung", "ä", "1")
    assert tokens_13a("QT 0.40, rate: 60/min.") == ("QT", "0.40", ",", "rate", ":", "60", "/", "min", ".")
    assert words_of(" ") == tokens_13a("") == ()


def test_repeated_words_go_with_their_neighbours() -> None:
    said, gold = ["the", "cat", "the", "dog"], ["the", "dog", "the", "cat"]
    assert aligned(said, gold) == [(0, 2), (1, 3), (2, 0), (3, 1)]
