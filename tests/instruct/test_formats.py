"""Formats: what is asked for is what is given, and the reader finds the right answer in it."""

import json
from collections import Counter

import pytest

from einthoven.core.reading import read_number, read_options
from einthoven.core.rng import rng
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.formats import INSTRUCTIONS, formatted, spoken
from einthoven.instruct.wording import Split, of_split
from tests.instruct.askeds import all_asked

YES = Asked("finding:AFIB", "rhythm", "closed", "t", "Is it atrial fibrillation?", "yes", ("yes", "no"))
SEVERAL = Asked("all", "morphology", "closed", "t", "Which of these?\nOptions: LVH; RVH; atrial flutter",
                ("LVH", "atrial flutter"), ("LVH", "RVH", "atrial flutter"), "any")  # fmt: skip
CHOICE = Asked("which", "rhythm", "choice", "t", "Which?\nA. sinus rhythm\nB. atrial flutter", "atrial flutter",
               ("sinus rhythm", "atrial flutter"), said="B. atrial flutter")  # fmt: skip
FIGURE = Asked("figure:pr_ms", "feature", "open", "t", "How long is the PR interval?", "162 ms")


def every_format(asked: Asked) -> dict[str, Asked]:
    """Format -> the question in it, as far as chance finds them in 200 tries."""
    found = {}
    for number in range(200):
        changed = formatted(asked, Asker("train", rng("format", number)))
        last = changed.question.rpartition("\n")[2]
        found.update({name: changed for name, sentences in INSTRUCTIONS.items() if last in sentences})
    return found


def test_yes_and_no() -> None:
    told = every_format(YES)
    assert set(told) == {"phrase", "json", "table", "sentence"}
    assert told["phrase"].said == "yes"
    assert json.loads(str(told["json"].said)) == {"answer": "yes"}
    assert told["table"].said == "| Answer |\n| --- |\n| yes |"
    assert str(told["sentence"].said).endswith("yes.")


def test_several_of_a_list() -> None:
    told = every_format(SEVERAL)
    assert set(told) == {"json", "table", "numbered", "semicolons", "commas", "slashes"}
    assert json.loads(str(told["json"].said)) == {"answer": ["LVH", "atrial flutter"]}
    assert told["numbered"].said == "1. LVH\n2. atrial flutter"
    assert told["semicolons"].said == "LVH; atrial flutter"
    assert told["slashes"].said == "LVH/atrial flutter"


def test_the_letter_alone() -> None:
    letter = every_format(CHOICE)["letter"]
    assert letter.said == "B" and letter.answer == "B. atrial flutter"
    assert letter.options == ("A. sinus rhythm", "B. atrial flutter")
    assert read_options("B", letter.options) == ("B. atrial flutter",)


def test_a_question_that_wants_the_letter_gets_no_other_format() -> None:
    asked = Asked(**{**vars(CHOICE), "question": "Give the letter.\nA. sinus rhythm\nB. atrial flutter"})
    assert set(every_format(asked)) == {"letter"}


def test_figures_keep_their_unit() -> None:
    told = every_format(FIGURE)
    assert told and all(read_number(spoken(one), "ms") == 162.0 for one in told.values())


def test_nothing_that_holds() -> None:
    empty = Asked(**{**vars(SEVERAL), "answer": (), "said": "none"})
    told = every_format(empty)
    assert set(told) == {"json", "phrase"} and json.loads(str(told["json"].said)) == {"answer": []}
    wants = every_format(Asked(**{**vars(empty), "question": "Which of these, or none?"}))
    assert json.loads(str(wants["json"].said)) == {"answer": "none"}


@pytest.mark.parametrize(
    "asked",
    [
        Asked("report:full", "report", "open", "t", "Report.", "Sinus rhythm. Normal ECG."),
        Asked("blank", "feature", "fill", "t", "PR is ____.", "162 ms", said="PR is 162 ms."),
        Asked(
            "reasoning:AFIB", "rhythm", "closed", "t", "Explain.", "yes", ("yes", "no"), said="1. a\nFinal answer: yes."
        ),
        Asked("open", "morphology", "open", "t", "What is there?", "sinus rhythm, LVH"),
    ],
)
def test_what_has_a_form_of_its_own_keeps_it(asked: Asked) -> None:
    assert formatted(asked, Asker("train", rng("keeps"))) is asked


def test_every_format_of_every_question_is_read_back() -> None:
    used: Counter[str] = Counter()
    for number, askeds in enumerate(all_asked()):
        for place, asked in enumerate(askeds):
            changed = formatted(asked, Asker("test", rng("all", number, place)))
            if changed is asked:
                continue
            last = changed.question.rpartition("\n")[2]
            used.update(name for name, sentences in INSTRUCTIONS.items() if last in sentences)
            if changed.options is not None:
                gold = changed.answer if isinstance(changed.answer, tuple) else (changed.answer,)
                assert set(gold) <= set(changed.options)
                assert read_options(spoken(changed), changed.options, changed.pick) == gold, changed
            assert (changed.key, changed.about, changed.pick) == (asked.key, asked.about, asked.pick)
    assert set(used) == set(INSTRUCTIONS)


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_no_two_splits_share_an_instruction(name: str) -> None:
    splits: tuple[Split, ...] = ("train", "valid", "test")
    shares = [set(of_split(INSTRUCTIONS[name], split)) for split in splits]
    assert len(INSTRUCTIONS[name]) == len(set.union(*shares)) == 10


def test_an_answer_that_the_reader_does_not_find_gets_no_format() -> None:
    asked = Asked("odd", "feature", "closed", "t", "Which button?", "yes/no", ("yes/no", "cancel"))
    assert read_options("yes/no", asked.options or ()) is None
    assert all(formatted(asked, Asker("train", rng("odd", number))) is asked for number in range(20))
