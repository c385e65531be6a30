"""The sentences of questions: each split has its own, five to two to three, and every one can be put."""

import string

import pytest

from einthoven.core.findings import SUPERCLASS_NAMES
from einthoven.instruct.wording import QUESTIONS, SUPERCLASS_WORDS, Split, wordings

SPLITS: tuple[Split, ...] = ("train", "valid", "test")


@pytest.mark.parametrize("family", QUESTIONS)
def test_the_splits_divide_every_family_five_to_two_to_three(family: str) -> None:
    assert len(QUESTIONS[family]) % 10 == 0
    tens = len(QUESTIONS[family]) // 10
    assert [len(wordings(family, split)) for split in SPLITS] == [5 * tens, 2 * tens, 3 * tens]
    assert sorted(sentence for split in SPLITS for sentence in wordings(family, split)) == sorted(QUESTIONS[family])


def test_no_sentence_stands_twice_in_any_family() -> None:
    folded = [" ".join(sentence.casefold().split()) for family in QUESTIONS.values() for sentence in family]
    assert len(set(folded)) == len(folded)


def test_no_question_of_one_split_can_be_asked_in_another() -> None:
    """Also after the finding was put in: what train may say, word for word, neither valid nor test may say."""
    words = [word for of_class in SUPERCLASS_WORDS.values() for word in of_class]
    asked = {
        split: {sentence.format(x=x).casefold() for family in QUESTIONS for sentence in wordings(family, split)
                for x in words}
        for split in SPLITS
    }  # fmt: skip
    assert not asked["train"] & asked["valid"]
    assert not asked["train"] & asked["test"]
    assert not asked["valid"] & asked["test"]


@pytest.mark.parametrize("family", QUESTIONS)
def test_a_sentence_has_a_place_for_a_finding_just_where_the_family_asks_for_one(family: str) -> None:
    for sentence in QUESTIONS[family]:
        places = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
        assert places == (["x"] if family == "shows_finding" else [])
        assert "{" not in sentence.format(x="atrial fibrillation")
        assert sentence[0].isupper()
        assert sentence[-1] in "?."


def test_every_superclass_has_words_of_its_own() -> None:
    assert list(SUPERCLASS_WORDS) == list(SUPERCLASS_NAMES)
    words = [word.casefold() for of_class in SUPERCLASS_WORDS.values() for word in of_class]
    assert len(set(words)) == len(words)
