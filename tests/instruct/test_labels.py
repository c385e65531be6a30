"""Questions from labels: their answers are right, and the question alone does not give them away."""

import math
from collections import Counter
from functools import cache

import numpy as np
import pytest

from einthoven.core.findings import FINDINGS, SUPERCLASS_NAMES, superclasses
from einthoven.core.rng import rng
from einthoven.core.sample import check_options
from einthoven.instruct.labels import Askable, Item, askable, finding_items, open_items, superclass_items
from einthoven.instruct.wording import wordings

CODES = ("NORM", "SR", "AFIB", "LVH", "CLBBB", "IMI", "ASMI", "NDT", "PVC", "1AVB", "STACH")


@cache
def _made_labels(count: int = 2000) -> list[list[str]]:
    """Label sets with shares from 2 % to 30 %, and NORM and SR in half of them."""
    random = rng("test labels")
    shares = dict(zip(CODES, [0.5, 0.6, 0.1, 0.12, 0.03, 0.2, 0.1, 0.3, 0.05, 0.04, 0.02], strict=True))
    return [[code for code, share in shares.items() if random.random() < share] for _ in range(count)]


@cache
def _ask() -> Askable:
    return askable(_made_labels(), at_least=15)


def _items(codes: list[str], *names: str | int) -> list[Item]:
    random = rng("test items", *names)
    closed = superclass_items(codes, "train", random) + finding_items(codes, _ask(), "train", random)
    return closed + open_items(codes, _ask(), "train", random)


def test_the_question_alone_does_not_tell_the_answer_to_a_single_finding() -> None:
    """Every code is asked twice in vain for each time that it is there (ECG-QA 1 : 2)."""
    labels, ask = _made_labels(), _ask()
    said: dict[str, Counter[str]] = {code: Counter() for code in ask.no_chance}
    for number, codes in enumerate(labels):
        for item in finding_items(codes, ask, "train", rng("test balance", number)):
            said[item.key][str(item.answer)] += 1
    assert set(said) == set(CODES) - {"NORM", "SR"}
    for code, counts in said.items():
        total = counts["yes"] + counts["no"]
        sd = math.sqrt(1 / 3 * 2 / 3 / total)
        assert abs(counts["yes"] / total - 1 / 3) < 4 * sd, code
        assert counts["yes"] == sum(code in codes for codes in labels), "what is there is always asked"


@pytest.mark.parametrize("codes", [["NORM", "SR"], ["AFIB", "IMI"], ["CLBBB", "LVH", "SR", "NDT"], ["PVC"], []])
def test_the_answers_are_those_of_the_labels(codes: list[str]) -> None:
    present = superclasses(codes)
    for number in range(20):
        for item in _items(codes, number):
            if item.key in SUPERCLASS_NAMES:
                assert item.answer == ("yes" if item.key in present else "no")
            elif item.key == "abnormal":
                assert item.answer == ("no" if "NORM" in present else "yes")
            elif item.key in FINDINGS:
                assert item.answer == ("yes" if item.key in codes else "no")
            elif item.key == "class" and item.pick == "any":
                assert set(item.answer) == {SUPERCLASS_NAMES[name] for name in present}
            elif item.key == "class":
                assert {item.answer} == {SUPERCLASS_NAMES[name] for name in present}
            elif item.key == "rhythm":
                assert set(str(item.answer).split(", ")) <= {FINDINGS[code].name for code in codes}
            else:
                assert item.key == "findings"
                assert set(str(item.answer).split(", ")) <= {FINDINGS[code].name for code in codes}


def test_options_hold_the_answer_and_can_be_asked() -> None:
    for number in range(20):
        for item in _items(["AFIB", "IMI", "CLBBB"], number):
            if item.options is not None:
                check_options(item.options)
                assert set([item.answer] if isinstance(item.answer, str) else item.answer) <= set(item.options)


def test_the_place_of_the_right_option_tells_nothing() -> None:
    places: Counter[int] = Counter()
    for number in range(200):
        (item,) = [i for i in _items(["AFIB"], number) if i.key == "rhythm" and i.options]
        places[(item.options or ()).index(str(item.answer))] += 1
    counts = np.array([places[place] for place in range(len(places))])
    assert len(counts) == 2, "atrial fibrillation and the only other rhythm that may be asked"
    assert abs(counts[0] - counts.mean()) < 4 * math.sqrt(200 / 4)


def test_a_finding_is_called_by_one_of_its_names_in_a_sentence_of_its_split() -> None:
    ask = _ask()
    for split in ("train", "valid", "test"):
        patterns = [sentence.split("{x}") for sentence in wordings("shows_finding", split)]
        for item in finding_items(["AFIB", "CLBBB"], ask, split, rng("names", split)):
            found = [(a, b) for a, b in patterns if item.question.startswith(a) and item.question.endswith(b)]
            names = {FINDINGS[item.key].name, *FINDINGS[item.key].synonyms}
            assert any(item.question[len(a) : len(item.question) - len(b)] in names for a, b in found)


def test_rare_codes_and_those_that_say_normal_are_not_asked() -> None:
    ask = askable([["NORM", "SR"]] * 50 + [["AFIB"]] * 15 + [["WPW"]] * 14, at_least=15)
    assert set(ask.no_chance) == {"AFIB"}
    assert ask.no_chance["AFIB"] == pytest.approx(2 * 15 / 64)


def test_the_same_name_gives_the_same_items() -> None:
    assert _items(["AFIB", "LVH"], 1) == _items(["AFIB", "LVH"], 1)
    assert _items(["AFIB", "LVH"], 1) != _items(["AFIB", "LVH"], 2)
