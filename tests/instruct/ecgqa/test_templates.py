"""The templates, the vocabulary and the sentences: complete, swapped rightly, and divided so that splits share none."""

import csv
import re
import string
from ast import literal_eval

import pytest

from einthoven.core.findings import FINDINGS, SUPERCLASS_NAMES
from einthoven.core.leads import TWELVE
from einthoven.instruct.ecgqa.facts import RANGES, names_of, places_of
from einthoven.instruct.ecgqa.grid import CHANGES
from einthoven.instruct.ecgqa.phrasings import PHRASINGS
from einthoven.instruct.ecgqa.phrasings_compare import COMPARED
from einthoven.instruct.ecgqa.templates import SWAPPED, Template, templates
from einthoven.instruct.ecgqa.vocabulary import group, name_of, phrase, words
from einthoven.instruct.ecgqa.wording import filled, sentences
from einthoven.records.splits import Split
from tests.support import data_root

SPLITS: tuple[Split, ...] = ("train", "valid", "test")
ALL = PHRASINGS | COMPARED


def test_seventy_templates_of_seven_types_and_the_official_numbers_of_answers() -> None:
    assert list(templates()) == list(range(1, 71))
    types = [template.question_type for template in templates().values()]
    assert {one: types.count(one) for one in types} == {
        "single-verify": 17, "single-choose": 11, "single-query": 14, "comparison_consecutive-verify": 8,
        "comparison_consecutive-query": 6, "comparison_irrelevant-verify": 8, "comparison_irrelevant-query": 6,
    }  # fmt: skip
    counts = {number: len(templates()[number].answers) + 1 for number in (3, 4, 6, 7, 18, 19, 32, 47, 48, 49, 61, 68)}
    assert counts == {3: 5, 4: 37, 6: 19, 7: 10, 18: 14, 19: 13, 32: 5, 47: 60, 48: 58, 49: 53, 61: 60, 68: 7}
    assert [number for number, one in templates().items() if "not sure" in one.answers] == [1]


def test_the_vocabulary_has_the_104_answers_and_every_code_is_a_finding() -> None:
    assert len(words()) == 104
    coded = [word for word in words().values() if word.code]
    assert {word.code for word in coded} <= set(FINDINGS) | set(SUPERCLASS_NAMES)
    for word in coded:
        kinds = {"superclass"} if word.code in SUPERCLASS_NAMES else FINDINGS[word.code].kinds
        assert word.groups - {"lead_form"} == kinds
    assert name_of("NDT") == "non-diagnostic t abnormalities"
    assert name_of("RVH") == "right ventricular hypertrophy"  # official files have no word for it


def test_a_swap_is_its_own_inverse_and_exchanges_what_was_lost_and_what_is_new() -> None:
    assert set(SWAPPED) == set(range(43, 71))
    for number, other in SWAPPED.items():
        assert SWAPPED[other] == number
        one, two = templates()[number], templates()[other]
        before, after = CHANGES[one.domain.split(" ")[0]]
        assert CHANGES[two.domain.split(" ")[0]] == (after, before)
        assert (one.question_type, one.domain.split(" ")[1]) == (two.question_type, two.domain.split(" ")[1])


@pytest.mark.parametrize("family", ALL)
def test_every_family_has_ten_sentences_with_the_slots_that_its_templates_fill(family: str) -> None:
    assert len(set(ALL[family])) == 10
    users = [template for template in templates().values() if template.phrasings == family]
    assert users
    wanted = _slots(ALL[family][0]) - {"early", "late"}
    for sentence in ALL[family]:
        assert _slots(sentence) - {"early", "late"} == wanted
        assert bool(_slots(sentence) & {"early", "late"}) == (family in COMPARED)
        assert sentence[0].isupper()
        assert sentence[-1] in "?."


def _slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _fillings(template: Template, split: Split) -> set[str]:
    asked: list[tuple[str, ...]] = [()]
    if template.mode == "verify":
        asked = [
            (name,) for name in names_of(template.domain.split(" ")[-1] if template.ecgs == 2 else template.domain)
        ]
    elif template.mode == "choose":
        asked = [template.answers[:2], template.answers[1::-1]]
    places = places_of(template.domain) if template.ecgs == 1 else ("",)
    return {
        filled(sentence, template, place, one)
        for sentence in sentences(template.id, split)
        for place in places
        for one in asked
    }


def test_no_filled_question_of_one_split_can_be_asked_in_another() -> None:
    asked = {split: {text.casefold() for t in templates().values() for text in _fillings(t, split)} for split in SPLITS}
    assert not asked["train"] & asked["valid"]
    assert not asked["train"] & asked["test"]
    assert not asked["valid"] & asked["test"]


@pytest.mark.parametrize("number", templates())
def test_every_filling_of_every_template_is_a_whole_sentence(number: int) -> None:
    template = templates()[number]
    assert [len(sentences(number, split)) for split in SPLITS] == [5, 2, 3]
    for split in SPLITS:
        for text in _fillings(template, split):
            assert not re.search(r"[{}]|  |\b(?:the|of|for|and|or|which)[?.:]", text), text
            assert not re.search(
                r"\b(\w+) \1\b|\ba [aeioAEIO]|\ban [^aeiouAEIO]|\b(?:a|an|the) (?:a|an|the)\b", text
            ), text
    official = {filled(template.wording, template, place, one, official=True)
                for place in (places_of(template.domain) if template.ecgs == 1 else ("",))
                for one in (("baseline drift",), ("baseline drift", "burst noise"))}  # fmt: skip
    assert all("{" not in text for text in official)


def test_a_phrase_in_a_sentence_never_meets_a_verb_that_must_agree_with_it() -> None:
    """`{x}` may be singular or plural, so it stands behind "can", "did", a preposition, or as an object."""
    for family in ("shows", "in_lead", "leads", "resolved", "new", "remaining", "absent"):
        for sentence in ALL[family]:
            assert not re.search(r"\{x\} (?:is|are|was|were|has|have|does|do)\b", sentence), sentence
            assert not re.search(r"\b(?:Is|Are|Was|Were|Has|Have|is|are|was|were) \{x\}", sentence), sentence


def test_the_ecgs_are_called_by_what_they_are() -> None:
    assert "the previous ECG" in filled("{early}", templates()[43], "", ())
    assert "the first ECG" in filled("{early}", templates()[57], "", ())
    assert filled("{x}|{lead}", templates()[26], "aVL", ("static noise",)) == "static noise|lead aVL"
    assert (
        filled("{x}|{range}", templates()[39], RANGES["above"], ("pr interval",))
        == "PR interval|above the normal range"
    )
    assert filled("{x}", templates()[34], "burst noise", ()) == "burst noise"
    assert phrase("ischemic in lateral leads") == "ischemic changes in lateral leads"


def test_the_table_is_that_of_the_official_files() -> None:
    folder = data_root() / "ecgqa"
    with (folder / "ptbxl" / "answers.csv").open(encoding="utf-8") as file:
        assert [line["class"] for line in csv.DictReader(file)] == list(words())
    with (folder / "ptbxl" / "answers_for_each_template.csv").open(encoding="utf-8") as file:
        official = {int(line["template_id"]): literal_eval(line["classes"]) for line in csv.DictReader(file)}
    assert {number: sorted(one.answers) for number, one in templates().items()} == {
        number: sorted(set(names) - {"none"}) for number, names in official.items()
    }
    with (folder / "extra" / "templates70.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            template = templates()[int(line["template_id"])]
            assert (template.question_type, template.attribute_type) == (line["question_type"], line["attribute_type"])
            pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(template.wording))
            assert re.fullmatch(pattern, line["question"])


def test_groups_are_those_that_templates_need() -> None:
    assert len(group("lead")) == len(TWELVE)
    assert [len(group(name)) for name in ("diagnostic", "form", "rhythm", "noise", "extra", "feature")] == [
        36,
        18,
        9,
        4,
        3,
        6,
    ]
