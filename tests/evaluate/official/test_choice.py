"""Multiple choice as published: its draws are those of Python's generator, and its failures are told."""

import random
from typing import Any

import pytest

from einthoven.evaluate.official.score import score, seeded


def lines(texts: list[str], gold: str = "A. Sinus rhythm") -> list[dict[str, Any]]:
    return [{"question_id": number, "text": text, "gold": gold} for number, text in enumerate(texts)]


def by_pythons_random(options: str, count: int, gold: str) -> float:
    draw = random.Random(42)
    return 100 * sum(draw.choice(options) == gold for _ in range(count)) / count


@pytest.mark.parametrize(
    ("rule", "options", "count"), [("mcq-4", "ABCD", 200), ("mcq-8", "ABCDEFGH", 1611), ("mcq-8", "ABCDEFGH", 2026)]
)
def test_an_empty_answer_is_drawn_at_random(rule: str, options: str, count: int) -> None:
    found = score(rule, lines([""] * count, "A"))
    assert found.drawn == count
    assert found.values["accuracy"].percent == pytest.approx(by_pythons_random(options, count, "A"))
    assert 0 < (found.values["accuracy"].percent or 0) < 40
    assert found.about[0] == f"{count} of {count} answers could not be read and are drawn at random"


def test_the_first_draws_are_those_of_seed_42() -> None:
    reference = random.Random(42)
    letters = "".join(reference.choice("ABCDEFGH") for _ in range(12))
    assert letters == "BAEDDCBBGAAB"
    given = [{"id": str(number), "text": "", "gold": letter} for number, letter in enumerate(letters)]
    assert score("mcq-8", given, sizes=(12,)).values["accuracy"].percent == 100.0
    assert [seeded()("ABCDEFGH") for _ in range(2)] == ["B", "B"]  # each begins anew


def test_sets_use_up_one_generator_one_after_the_other() -> None:
    """MMMU before CSN: the second set has other draws than alone, also where the first file is skipped."""
    draw = seeded()
    skipped = score("mcq-4", lines([""] * 3, "A"), draw=draw)
    assert skipped.values["accuracy"].percent is None
    reference = random.Random(42)
    for _ in range(3):
        reference.choice("ABCD")
    after = score("mcq-8", lines([""] * 1611, "A"), draw=draw)
    expected = sum(reference.choice("ABCDEFGH") == "A" for _ in range(1611))
    assert after.values["accuracy"].percent == pytest.approx(100 * expected / 1611)


@pytest.mark.parametrize(("rule", "count"), [("mcq-4", 199), ("mcq-4", 1611), ("mcq-8", 200), ("mcq-8", 1610)])
def test_a_file_of_another_length_is_skipped(rule: str, count: int) -> None:
    found = score(rule, lines(["A"] * count, "A"))
    assert (found.values["accuracy"].percent, found.values["accuracy"].n) == (None, count)
    assert found.about[0].startswith(f"skipped: the file has {count} lines")


def test_gold_of_eight_is_its_first_sign_and_of_four_all_of_it() -> None:
    assert score("mcq-8", lines(["A"] * 1611)).values["accuracy"].percent == 100.0
    assert score("mcq-4", lines(["A"] * 200)).values["accuracy"].percent == 0.0
    assert score("mcq-4", lines(["A"] * 200, "A")).values["accuracy"].percent == 100.0


def test_a_letter_beyond_the_four_stays_wrong() -> None:
    found = score("mcq-4", lines(["E"] * 200, "A"))
    assert (found.values["accuracy"].percent, found.drawn) == (0.0, 0)


def test_nothing_after_the_phrase_is_a_failure_that_is_told() -> None:
    found = score("mcq-8", lines(["A", "The correct option is "]), sizes=(2,))
    assert found.values["accuracy"].percent is None
    assert found.about == (
        'the published scorer ends with an error: an output ends with "The correct option is "; nothing follows',
    )
    empty = score("mcq-8", lines(["A"], ""), sizes=(1,))
    assert empty.about == ("the published scorer ends with an error: a gold answer is empty; its first sign is taken",)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("The correct option is X, Answer: B", 1),  # the third rule stops there
        ("The correct option is A or The correct option is B", 0),
        ("Answer: 2", 1),
        ("Answer: none. Answer: B", 0),
        ("answer: b", 1),
    ],
)
def test_when_an_answer_is_drawn(text: str, drawn: int) -> None:
    assert score("mcq-8", lines([text], "B"), sizes=(1,)).drawn == drawn
    if not drawn:
        assert score("mcq-8", lines([text], "B"), sizes=(1,)).values["accuracy"].percent == 100.0


def test_a_line_without_output_repeats_the_letter_and_draws_no_other() -> None:
    given = [{"id": "1", "text": "", "gold": "B"}, {"id": "2", "gold": "B"}, {"id": "3", "gold": "B"}]
    found = score("mcq-8", given, sizes=(3,))
    assert random.Random(42).choice("ABCDEFGH") == "B"
    assert (found.drawn, found.values["accuracy"].percent) == (1, 100.0)


def test_the_value_is_printed_as_a_fraction() -> None:
    assert score("mcq-8", lines(["A", "A", "B"], "A"), sizes=(3,)).values["accuracy"].printed == "0.6667"
