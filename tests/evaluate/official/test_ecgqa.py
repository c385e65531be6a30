"""ECG-QA's own exact match in both forms, on cases made by hand."""

from typing import Any

import pytest

from einthoven.core.errors import InputError
from einthoven.evaluate.official.ecgqa import classes_said, classifier_right, in_class_order, names_in, reply_right
from einthoven.evaluate.official.score import score
from einthoven.instruct.ecgqa.templates import templates
from einthoven.instruct.ecgqa.vocabulary import words

LEADS = [name for name in words() if name.startswith("lead ")]


@pytest.mark.parametrize(
    ("probabilities", "gold", "valid", "right"),
    [
        ({"yes": 0.9, "no": 0.1}, ["yes"], ["no", "yes"], True),
        ({"yes": 0.9, "no": 0.6}, ["yes"], ["no", "yes"], False),  # each class is asked for itself
        ({"yes": 0.4, "no": 0.3}, ["yes"], ["no", "yes"], False),
        ({"yes": 0.5}, ["yes"], ["no", "yes"], False),  # more than 0.5
        ({"yes": 0.9, "not sure": 0.8}, ["yes"], ["no", "not sure", "yes"], False),
        ({"yes": 0.9, "not sure": 0.8}, ["yes"], ["no", "yes"], True),  # no valid class of this item
        ({}, ["none"], ["lead I", "lead II"], True),
        ({"lead I": 0.7}, ["none"], ["lead I", "lead II"], False),
        ({"lead I": 0.7, "lead II": 0.7}, ["lead II", "lead I"], ["lead I", "lead II"], True),
        ({"lead I": 0.7}, ["lead II", "lead I"], ["lead I", "lead II"], False),
    ],
)
def test_classifier(probabilities: dict[str, float], gold: list[str], valid: list[str], right: bool) -> None:
    assert classifier_right(classes_said(probabilities, valid), gold, valid) is right


def test_classifier_without_an_answer_is_wrong_also_where_nothing_holds() -> None:
    assert not classifier_right(None, ["none"], ["lead I"])
    line: dict[str, Any] = {"id": "1", "gold": ["none"], "options": ["lead I"], "said": None}
    found = score("ecgqa-classifier", [line, {**line, "id": "2", "said": []}])
    assert found.values["exact_match"].percent == 50.0
    assert found.about == ("1 of 2 items have no classes said, and are wrong",)


def test_class_order_is_the_official_one() -> None:
    assert in_class_order(["yes", "none", "not sure", "no"]) == ["no", "not sure", "yes"]
    assert in_class_order(["lead aVR", "made up", "lead I"]) == ["lead I", "lead aVR", "made up"]


@pytest.mark.parametrize("lead", LEADS)
def test_a_lead_never_matches(lead: str) -> None:
    assert len(LEADS) == 12
    assert names_in(lead, LEADS) == frozenset()
    assert not reply_right(names_in(f"It is {lead}.", LEADS), [lead])


def test_not_sure_is_eaten_by_no_and_so_is_none() -> None:
    assert names_in("Not sure.", ["yes", "not sure", "no"]) == {"no"}
    assert not reply_right(names_in("Not sure", ["yes", "not sure", "no"]), ["not sure"])
    assert names_in("None", ["yes", "no"]) == {"no"}
    assert names_in("None", ["left axis deviation"]) == {"none"}


@pytest.mark.parametrize(
    ("reply", "options", "found"),
    [
        ("Incomplete left bundle branch block", ["complete left bundle branch block",
         "incomplete left bundle branch block"], {"incomplete left bundle branch block"}),
        ("Left ventricular hypertrophy by voltage criteria (QRS) for left ventricular hypertrophy",
         ["left ventricular hypertrophy", "voltage criteria (qrs) for left ventricular hypertrophy"],
         {"left ventricular hypertrophy", "voltage criteria (qrs) for left ventricular hypertrophy"}),
        ("Supraventricular extrasystoles", ["extrasystoles", "supraventricular extrasystoles",
         "ventricular extrasystoles"], {"supraventricular extrasystoles"}),
        ("Bigeminal pattern (unknown origin, supraventricular, or ventricular)",
         ["bigeminal pattern (unknown origin, supraventricular, or ventricular)", "sinus rhythm"],
         {"bigeminal pattern (unknown origin, supraventricular, or ventricular)"}),
        ("abnormal", ["yes", "no"], {"no"}),
    ],
)  # fmt: skip
def test_names_in_replies(reply: str, options: list[str], found: set[str]) -> None:
    """At one place the first alternative of the list wins; a longer option that begins earlier is found whole."""
    assert names_in(reply, options) == found


def test_gold_answers_of_every_template_as_replies() -> None:
    """What is never right though it is the gold: leads, "not sure", and an option that another one begins with."""
    lost = {
        name
        for template in templates().values()
        for name in template.answers
        if not reply_right(names_in(name, template.answers), [name])
    }
    assert lost == {*LEADS, "not sure"}


def line(id: str, text: str, gold: list[str], kind: str, about: str) -> dict[str, Any]:
    options = ["yes", "no"] if kind.endswith("verify") else ["left axis deviation", "right axis deviation"]
    return {"id": id, "text": text, "gold": gold, "options": options, "question_type": kind, "attribute_type": about}


def test_values_by_kind_of_question() -> None:
    lines = [
        line("1", "Yes.", ["yes"], "single-verify", "noise"),
        line("2", "No.", ["yes"], "single-verify", "scp_code"),
        line("3", "none", ["none"], "single-query", "heart_axis"),
        line("4", "", ["none"], "comparison_irrelevant-query", "heart_axis"),
    ]
    found = score("ecgqa-llm", lines)
    shares = {name: (value.percent, value.n) for name, value in found.values.items()}
    assert shares == {
        "exact_match": (50.0, 4),
        "exact_match|single": (pytest.approx(200 / 3), 3),
        "exact_match|single-verify": (50.0, 2),
        "exact_match|single-verify-noise": (100.0, 1),
        "exact_match|single-verify-scp_code": (0.0, 1),
        "exact_match|single-query": (100.0, 1),
        "exact_match|single-query-heart_axis": (100.0, 1),
        "exact_match|comparison_irrelevant": (0.0, 1),
        "exact_match|comparison_irrelevant-query": (0.0, 1),
        "exact_match|comparison_irrelevant-query-heart_axis": (0.0, 1),
    }
    assert found.values["exact_match|single"].printed == "0.6667"


def test_leads_as_gold_are_counted() -> None:
    lead = {"id": "1", "text": "lead I", "gold": ["lead I"], "options": LEADS}
    assert score("ecgqa-llm", [lead]).about == ("1 of 1 items have a lead as gold, which never matches",)


def test_options_must_be_a_list() -> None:
    with pytest.raises(InputError, match="'options' must be a list of texts"):
        score("ecgqa-llm", [{"id": "1", "text": "yes", "gold": ["yes"], "options": "yes, no"}])
