"""Questions made harder: turned round, reordered, inside a case, mistyped; and what of them must not change."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from einthoven.core.findings import FINDINGS
from einthoven.core.rng import rng
from einthoven.instruct.adversarial import ADVERSARIES, VIGNETTES, WORDINGS, adversarial
from einthoven.instruct.families.sentences import noun
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.formats import reads_back, spoken
from einthoven.instruct.wording import of_split
from tests.instruct.askeds import all_asked
from tests.instruct.families.asked import SPLITS

YES_NO = ("yes", "no")


def _asker(name: str | int = 0) -> Asker:
    return Asker("train", rng("adversarial", name))


def _pairs(way: str) -> Iterator[tuple[Asked, Asked]]:
    """Each question of many cases, and what it becomes, where it becomes anything."""
    for place, askeds in enumerate(all_asked(25)):
        asker = _asker(place)
        for asked in askeds:
            harder = adversarial(asked, asker, way)
            if harder is not None:
                yield asked, harder


def _finding(answer: str = "yes") -> Asked:
    return Asked("finding:AFIB", "rhythm", "closed", "shown", "Is atrial fibrillation there?", answer, YES_NO,
                 said="Yes, clearly." if answer == "yes" else None, about="AFIB")  # fmt: skip


def _choice() -> Asked:
    options = ("sinus rhythm", "atrial flutter", "atrial fibrillation", "none of these")
    lines = "\n".join(f"{letter}. {option}" for letter, option in zip("ABCD", options, strict=True))
    return Asked("which:AFLT", "rhythm", "choice", "which", f"Which one?\n{lines}", options[1], options,
                 said="B. atrial flutter", about="AFLT")  # fmt: skip


@pytest.mark.parametrize("way", ADVERSARIES)
def test_the_right_answer_is_read_and_only_question_answer_and_options_change(way: str) -> None:
    count = 0
    for asked, harder in _pairs(way):
        count += 1
        assert harder.key == f"{asked.key}~{way}" and harder.question != asked.question
        assert reads_back(harder, asked), harder
        same = replace(harder, key=asked.key, question=asked.question, answer=asked.answer, options=asked.options,
                       said=asked.said)  # fmt: skip
        assert same == asked and (harder.kind == "fill") == ("____" in harder.question)
    assert count > 200


@pytest.mark.parametrize("answer", YES_NO)
def test_polarity_turns_the_answer_and_only_that(answer: str) -> None:
    asked = _finding(answer)
    harder = adversarial(asked, _asker(), "polarity")
    assert harder is not None and {harder.answer, asked.answer} == set(YES_NO)
    assert noun("AFIB") in harder.question and harder.said is None
    assert (harder.options, harder.about, harder.template, harder.kind) == (YES_NO, "AFIB", "shown", "closed")


@pytest.mark.parametrize("key", ["class:normal", "class:abnormal"])
def test_polarity_of_normal_and_abnormal(key: str) -> None:
    harder = adversarial(
        Asked(key, "morphology", "closed", "n", "?", "yes", YES_NO, about="NORM"), _asker(), "polarity"
    )
    assert harder is not None and harder.answer == "no"
    sentences = WORDINGS["not_normal" if key == "class:normal" else "nothing_abnormal"]
    assert harder.question in of_split(sentences, "train")


def test_polarity_leaves_what_is_no_plain_yes_or_no_about_one_finding() -> None:
    for key, about in (("hypertrophy:any", None), ("possible:AFIB", "AFIB"), ("above:sokolow", "VCLVH")):
        assert adversarial(replace(_finding(), key=key, about=about), _asker(), "polarity") is None
    assert adversarial(_choice(), _asker(), "polarity") is None


def test_reordering_keeps_the_gold_and_moves_its_letter() -> None:
    seen = set()
    for name in range(20):
        harder = adversarial(_choice(), _asker(name), "reordered")
        assert harder is not None and harder.options is not None and harder.answer == "atrial flutter"
        letter = "ABCD"[harder.options.index("atrial flutter")]
        assert harder.said == f"{letter}. atrial flutter" != _choice().said
        assert harder.said in harder.question.split("\n") and harder.options[-1] == "none of these"
        seen.add(letter)
    assert seen == {"A", "C"}


def test_reordering_keeps_every_option_and_all_that_hold() -> None:
    for asked, harder in _pairs("reordered"):
        assert asked.options is not None and harder.options is not None
        assert sorted(asked.options) == sorted(harder.options) and asked.options != harder.options
        if isinstance(asked.answer, tuple):
            assert set(asked.answer) == set(harder.answer)
        else:
            assert harder.answer == asked.answer
        assert harder.question.endswith(harder.options[-1])


def test_an_explained_answer_is_not_reordered() -> None:
    assert adversarial(replace(_choice(), said="It is atrial flutter."), _asker(), "reordered") is None


def test_a_vignette_comes_first_and_names_no_finding() -> None:
    assert len(VIGNETTES) >= 20
    names = {name.casefold() for one in FINDINGS.values() for name in (one.name, *one.synonyms)}
    for text in VIGNETTES:
        words = f" {' '.join(re.findall(r'[a-z0-9]+', text.removesuffix('{q}').casefold()))} "
        assert not [name for name in names if f" {' '.join(re.findall(r'[a-z0-9]+', name))} " in words], text
        assert "adult" in text and text.endswith(" {q}")
        assert not any(word in words for word in ("heart", "chest", "faint", "breath", "pulse", " he ", " she "))
    for asked, harder in _pairs("vignette"):
        assert harder.question.endswith(asked.question) and spoken(harder) == spoken(asked)


def test_no_vignette_before_two_ecgs() -> None:
    asked = replace(_finding(), template="consecutive:new")
    assert adversarial(asked, _asker(), "vignette") is None


def test_typing_errors_are_one_or_two_in_words_of_five_letters() -> None:
    for asked, harder in _pairs("typing"):
        before, after = asked.question.split(" "), harder.question.split(" ")
        assert len(before) == len(after)
        slips = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert 1 <= len(slips) <= 2
        for old, new in slips:
            assert sum(sign.isalpha() for sign in old) >= 5 and 0 <= len(old) - len(new) <= 1
            assert sorted(old) == sorted(new) or len(old) - len(new) == 1
            assert not any(sign.isdigit() for sign in old)


def test_typing_errors_leave_options_and_the_finding_alone() -> None:
    for asked, harder in _pairs("typing"):
        kept = [name for name in asked.options or () if name in asked.question and name not in YES_NO]
        if asked.about is not None and noun(asked.about) in asked.question:
            kept.append(noun(asked.about))
        assert all(name in harder.question for name in kept), harder.question
        assert harder.question.partition("\n")[2] == asked.question.partition("\n")[2]
        assert re.findall(r"\d+|\bV\d\b|aV[RLF]", harder.question) == re.findall(r"\d+|\bV\d\b|aV[RLF]", asked.question)
        if asked.kind == "fill":
            assert asked.question.rpartition(": ")[2] == harder.question.rpartition(": ")[2]


def test_nothing_to_mistype() -> None:
    asked = replace(_finding(), question="Is there atrial fibrillation?")
    assert all(adversarial(asked, _asker(name), "typing") is None for name in range(10))


def test_what_cannot_be_read_back_is_not_returned() -> None:
    broken = replace(_finding(), said="It may well be.")
    assert adversarial(broken, _asker(), "vignette") is None
    assert adversarial(broken, _asker(), "polarity") is not None  # says its own answer


def test_the_same_chance_gives_the_same_question_and_every_way_is_drawn() -> None:
    asked = _choice()
    drawn = [adversarial(asked, _asker(name)) for name in range(40)]
    assert drawn == [adversarial(asked, _asker(name)) for name in range(40)]
    assert {one.key.partition("~")[2] for one in drawn if one is not None} == {"reordered", "vignette", "typing"}
    of_finding = [
        adversarial(replace(_finding(), question="Does this recording show it?"), _asker(n)) for n in range(40)
    ]
    assert {one.key.partition("~")[2] for one in of_finding if one} == {"polarity", "vignette", "typing"}


def test_no_two_splits_share_a_sentence() -> None:
    for name, sentences in WORDINGS.items():
        parts = [set(of_split(sentences, split)) for split in SPLITS]
        assert len(sentences) % 10 == 0, name
        assert sum(map(len, parts)) == len(set().union(*parts)) == len({one.casefold() for one in sentences}), name
