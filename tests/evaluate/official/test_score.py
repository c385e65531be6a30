"""The one entry: habits that all published scorers share, and our own items and answers through each rule."""

from typing import Any

import pytest

from einthoven.core.errors import InputError, JobError
from einthoven.core.sample import Answer, Part, Pick, Sample, Turn
from einthoven.evaluate.item import Item
from einthoven.evaluate.official.score import RULES, official, official_scores, score

AXIS = ("left axis deviation", "right axis deviation")


def line(id: str, text: str | None, gold: str, key: str = "text") -> dict[str, Any]:
    return {"id": id, "gold": gold, **({key: text} if text is not None else {})}


def f1(*lines: dict[str, Any]) -> float | None:
    return score("super", lines).values["macro_f1"].percent


def test_output_is_text_else_response_and_the_id_question_id_else_id() -> None:
    norm, mi = line("1", "NORM", "NORM"), line("2", "MI", "MI", "response")
    assert f1(norm, mi) == 100.0
    assert f1(norm, {**mi, "text": "NORM"}) == pytest.approx(100 / 3)  # text goes before response
    both = [{**norm, "question_id": 7}, {**mi, "question_id": 7}]
    assert score("super", both).about[-1] == "1 lines repeat an id and count again"


def test_a_line_without_output_says_what_the_line_before_said() -> None:
    found = score("super", [line("1", "NORM", "NORM"), line("2", None, "MI"), line("3", None, "NORM")])
    assert found.values["macro_f1"].percent == pytest.approx(100 * (2 * 2 / 5) / 2)
    assert "2 lines without an output say what the line before them said" in found.about


def test_a_line_without_an_id_counts_for_the_question_before_it() -> None:
    nameless = {"text": "NORM", "gold": "MI"}
    assert f1(line("1", "NORM", "NORM"), nameless, line("2", "MI", "MI")) == 100.0


def test_duplicates_count_twice_and_missing_ids_not_at_all() -> None:
    norm, mi = line("1", "NORM", "NORM"), line("2", "NORM", "MI")
    assert score("super", [norm, mi, mi]).n == 3
    assert score("super", [norm, mi, mi]).values["hamming_loss"].percent == pytest.approx(100 * 4 / 6)


@pytest.mark.parametrize("rule", RULES)
def test_what_ends_the_published_scorer_is_told_and_no_exception(rule: str) -> None:
    faults: list[tuple[list[dict[str, Any]], str]] = [
        ([{"gold": "NORM", "text": "NORM"}], "line 1 has no id and no line before it"),
        ([{"id": "1", "text": "NORM"}], "line 1 answers a question that has no gold"),
    ]
    if not rule.startswith("mcq"):
        faults.append(([], "there is no line to score"))
    if rule not in ("ecgqa-classifier", "ecgqa-llm"):
        faults.append(([line("1", None, "NORM")], "the first line has neither 'text' nor 'response'"))
    for lines, reason in faults:
        found = score(rule, lines)
        assert found.about == (f"the published scorer ends with an error: {reason}",)
        assert {value.percent for value in found.values.values()} == {None}
        assert found.values


def test_gold_without_any_code_ends_it() -> None:
    found = score("super", [line("1", "NORM", "normal ECG")])
    assert found.about == ("the published scorer ends with an error: the gold of the lines holds no code",)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"id": "1", "text": 3, "gold": "NORM"}, "line 1: 'text' is a int, must be a text"),
        ({"id": "1", "text": "x", "gold": {"a": 1}}, "line 1: 'gold' is"),
        ({"id": "1", "text": "x", "gold": ["a", 1]}, "line 1: 'gold' is"),
        ({"id": "1", "text": "x", "gold": "NORM", "prompt": ["a"]}, "line 1: 'prompt' must be a text"),
    ],
)
def test_values_of_a_wrong_type_are_named(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        score("super", [wrong])


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(JobError, match="no published rule 'superb'; there are super, cpsc"):
        score("superb", [])


def item(
    id: str,
    options: tuple[str, ...],
    gold: str | tuple[str, ...],
    *,
    facts: dict[str, Any] | None = None,
    type: str = "",
) -> Item:
    pick: Pick = "one" if isinstance(gold, str) else "any"
    sample = Sample(id, (), (Turn("user", (Part(text=f"Which? Options: {', '.join(options)}"),)),), options, pick, gold,
                    {"attribute_type": "heart_axis"})  # fmt: skip
    return Item(sample, type=type, facts=facts or {})


def answer(id: str, said: str | tuple[str, ...] | None, options: dict[str, float] | None = None) -> Answer:
    return Answer(id, said, options, None, said is None, None, "test", 0.0)


def by_id(*answers: Answer) -> dict[str, Answer]:
    return {one.id: one for one in answers}


def test_items_of_labels() -> None:
    options = ("NORM(normal ECG)", "MI(myocardial infarction)", "HYP(hypertrophy)")
    items = [
        item("a", options, options[:1], facts={"gold_text": "NORM"}),
        item("b", options, options[1:], facts={"gold_text": "MI; HYP"}),
        item("c", options, ()),
    ]
    found = official_scores(
        "super", items, by_id(answer("a", "It is ABNORMAL"), answer("b", options[1:]), answer("c", ()))
    )
    assert {name: (one.value, one.n, one.low, one.high) for name, one in found.items()} == {
        "macro_f1": (1.0, 3, None, None),
        "auc_of_hard_labels": (1.0, 3, None, None),
        "hamming_loss": (0.0, 3, None, None),
    }


def test_an_empty_super_file_has_an_auc_of_50() -> None:
    items = [item(str(n), ("NORM", "MI"), (("NORM", "MI")[n % 2],)) for n in range(6)]
    for said in ("", None):
        found = official_scores("super", items, by_id(*(answer(one.id, said) for one in items)))
        assert {name: one.value for name, one in found.items()} == {
            "macro_f1": 0.0, "auc_of_hard_labels": 0.5, "hamming_loss": 0.5,
        }  # fmt: skip


def test_items_without_an_answer_leave_the_denominator() -> None:
    items = [item(str(n), ("NORM", "MI"), (("NORM", "MI")[n % 2],)) for n in range(4)]
    found = official("super", items, by_id(answer("0", "NORM"), answer("1", "MI")))
    assert (found.n, found.values["macro_f1"].percent) == (2, 100.0)
    assert found.about[-1] == "2 of 4 items have no answer and leave the denominator"
    assert official_scores("super", items, {})["macro_f1"].value is None


@pytest.mark.parametrize("rule", ["mcq-4", "mcq-8"])
def test_items_of_multiple_choice(rule: str) -> None:
    options = ("A. Sinus rhythm", "B. Atrial flutter", "C. Pacing", "D. Asystole")
    items = [item(str(n), options, options[n % 4]) for n in range(4)]
    full = by_id(*(answer(str(n), options[n]) for n in range(4)))
    scored = official_scores(rule, items, full)["accuracy"]
    assert (scored.value, scored.n, scored.unread) == (1.0, 4, 0.0)
    half_empty = official_scores(rule, items, full | by_id(answer("0", ""), answer("1", None)))["accuracy"]
    assert half_empty.unread == 0.5
    part = official(rule, items, by_id(answer("0", "A")))
    assert part.values["accuracy"].percent is None
    assert part.about[0].startswith("skipped: the file has 1 lines")
    assert any("not the printed tables' set" in note for note in part.about)


def test_items_of_ecg_qa() -> None:
    leads = ("lead I", "lead II")
    items = [
        item("a", AXIS, AXIS[:1], type="single-query"),
        item("b", AXIS, (), type="single-query", facts={"prompt": "Which? Options: left axis deviation, none"}),
        item("c", leads, leads[:1], type="single-query"),
        item("d", ("yes", "no"), "yes", type="single-verify"),
    ]
    right = by_id(answer("a", AXIS[:1]), answer("b", ()), answer("c", leads[:1]), answer("d", "yes"))
    values = {
        rule: official_scores(rule, items, right)
        for rule in ("ecgqa-ecgbench", "ecgqa-lax", "ecgqa-classifier", "ecgqa-llm")
    }
    assert values["ecgqa-ecgbench"]["accuracy"].value == 0.75  # all but the lead
    assert values["ecgqa-lax"]["accuracy"].value == 1.0
    assert values["ecgqa-classifier"]["exact_match"].value == 1.0
    assert values["ecgqa-llm"]["exact_match"].value == 0.75
    assert values["ecgqa-llm"]["exact_match|single-query"].value == 0.6667
    assert values["ecgqa-llm"]["exact_match|single-verify-heart_axis"].value == 1.0


def test_gold_of_ecg_qa_as_released_stays_in_letters() -> None:
    one = item("d", ("yes", "no"), "yes", facts={"gold_text": list("yes")})
    said = by_id(answer("d", "yes"))
    assert official_scores("ecgqa-ecgbench", [one], said)["accuracy"].value == 0.0
    assert official_scores("ecgqa-lax", [one], said)["accuracy"].value == 1.0


def test_a_classifier_takes_probabilities_over_a_half_else_the_strict_reading() -> None:
    items = [
        item("a", AXIS, AXIS),
        item("b", AXIS, ()),
        item("c", ("yes", "no", "not sure"), "yes"),
        item("d", AXIS, ()),
    ]
    answers = by_id(
        answer("a", AXIS[:1], {AXIS[0]: 0.9, AXIS[1]: 0.6}),  # the answer is not looked at
        answer("b", "Hard to say"),  # unread is not "none"
        answer("c", "yes", {"yes": 0.45, "no": 0.3, "not sure": 0.25}),  # one of three: what was picked
    )
    found = official("ecgqa-classifier", items, answers)
    assert (found.values["exact_match"].percent, found.n) == (50.0, 4)
    assert found.about == ("2 of 4 items have no classes said, and are wrong",)


def test_an_item_without_an_answer_is_wrong_in_ecg_qas_own_forms() -> None:
    for rule in ("ecgqa-classifier", "ecgqa-llm"):
        found = official_scores(rule, [item("a", AXIS, ()), item("b", AXIS, ())], by_id(answer("a", ())))
        assert (found["exact_match"].value, found["exact_match"].n) == (0.5, 2)
