"""A sample survives JSON, and a broken one is told in one line."""

import json
from typing import Any

import pytest

from einthoven.core.errors import InputError, QuestionError
from einthoven.core.sample import Answer, Part, Sample, Turn, ask_sample, check_options

TURNS = (
    Turn("user", (Part(ecg=0), Part(ecg=1), Part(text="Old or new?"))),
    Turn("assistant", (Part(text="New."),)),
    Turn("user", (Part(page=0), Part(text="And"), Part(text="this?"))),
)


def test_json_and_back_is_the_same() -> None:
    sample = Sample("a", ("x.hea", "y.hea"), TURNS, ("yes", "no"), "any", ("yes",), {"severity": 3, "source": "s"})
    line = json.loads(json.dumps(sample.to_json()))
    assert Sample.from_json(line) == sample
    assert line["turns"][0]["parts"][0] == {"ecg": 0}
    assert sample.question == "And\nthis?"


def test_a_line_of_least_size() -> None:
    sample = Sample.from_json({"id": 7, "ecgs": [], "turns": []})
    assert (sample.id, sample.options, sample.pick, sample.answer, sample.question) == ("7", None, "one", None, "")


GOOD: dict[str, Any] = {"id": "a", "ecgs": ["x"], "turns": [{"role": "user", "parts": [{"text": "q"}]}]}


@pytest.mark.parametrize(
    "change",
    [
        {"ecgs": "x.hea"},  # one string would be read as its letters
        {"ecgs": [1]},
        {"ecgs": None},
        {"options": "yes"},
        {"answer": [["yes"]]},
        {"pick": "all"},
        {"turns": "hello"},
        {"turns": [{"role": "user"}]},
        {"turns": [{"role": "user", "parts": ["q"]}]},
        {"turns": [{"role": "user", "parts": [{"text": "q", "ecg": 0}]}]},
        {"turns": [{"role": "user", "parts": [{}]}]},
        {"turns": [{"role": "user", "parts": [{"picture": 0}]}]},
        {"turns": [{"role": "user", "parts": [{"ecg": 1}]}]},
        {"turns": [{"role": "user", "parts": [{"ecg": -1}]}]},
    ],
)
def test_a_broken_line_is_refused(change: dict[str, Any]) -> None:
    Sample.from_json(GOOD)
    with pytest.raises(InputError) as caught:
        Sample.from_json(GOOD | change)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["id", "ecgs", "turns"])
def test_a_line_without_its_keys_is_refused(missing: str) -> None:
    with pytest.raises(InputError, match=missing):
        Sample.from_json({key: value for key, value in GOOD.items() if key != missing})


def test_ask_sample() -> None:
    sample = ask_sample("  Normal? ", ("a", "b"), ("yes", "no"), id="1")
    assert sample.turns == (Turn("user", (Part(ecg=0), Part(ecg=1), Part(text="Normal?"))),)
    assert (sample.question, sample.options, sample.pick, sample.id) == ("Normal?", ("yes", "no"), "one", "1")


@pytest.mark.parametrize(
    ("question", "options", "pick", "says"),
    [
        ("  ", None, "one", "question is empty"),
        ("q", ("yes",), "one", "1 option given"),
        ("q", (), "one", "0 option given"),
        ("q", ("yes", " "), "one", "option is empty"),
        ("q", ("Yes", "yes "), "one", "option 'yes' stands twice"),
        ("q", None, "two", "pick is 'two'"),
    ],
)
def test_a_bad_question_is_refused(question: str, options: tuple[str, ...] | None, pick: Any, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        ask_sample(question, ("a",), options, pick)


def test_options_may_differ_in_anything_but_case_and_space() -> None:
    check_options(("MI", "NORM", "no MI"))


def test_an_answer_is_a_line_of_the_batch_out_form() -> None:
    answer = Answer("a", ("x", "y"), {"x": 0.9, "y": 0.8, "z": 0.1}, 0.7, False, None, "m@1", 0.5)
    assert json.loads(json.dumps(answer.to_json())) == {
        "id": "a", "answer": ["x", "y"], "options": {"x": 0.9, "y": 0.8, "z": 0.1}, "confidence": 0.7,
        "abstained": False, "reason": None, "model": "m@1", "seconds": 0.5,
            "measured": None, "contradictions": [],
    }  # fmt: skip


def test_picking_any_needs_something_to_pick_from() -> None:
    with pytest.raises(QuestionError, match="needs options"):
        ask_sample("Which of these?", ("a",), None, "any")
