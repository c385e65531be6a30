"""A question as a sample: parts in order, names before two ECGs, turns of a talk, and what is told about it."""

import json

from einthoven.core.sample import Part, Sample
from einthoven.instruct.family import Asked
from einthoven.instruct.sampled import sample_of
from tests.instruct.askeds import all_asked
from tests.instruct.cases import case

ASKED = Asked("finding:AFIB", "rhythm", "closed", "shown", "AFIB?", "no", ("yes", "no"), about="AFIB")
PAIR = Asked("new:AFIB", "rhythm", "closed", "consecutive:new", "New?", "yes", ("yes", "no"), about="AFIB")


def test_one_ecg_then_the_question_then_the_answer() -> None:
    sample = sample_of(ASKED, case(), "a-1", severity={"s": 0, "s_without": 0})
    assert sample.ecgs == ("records/1",)
    assert [(turn.role, turn.parts) for turn in sample.turns] == [
        ("user", (Part(ecg=0), Part(text="AFIB?"))),
        ("assistant", (Part(text="no"),)),
    ]
    assert (sample.question, sample.answer, sample.options) == ("AFIB?", "no", ("yes", "no"))
    assert sample.about == {
        "source": "made", "split": "train", "patient": "p1", "category": "rhythm", "type": "close", "template": "shown",
        "severity": {"s": 0, "s_without": 0}, "key": "finding:AFIB", "about": "AFIB",
    }  # fmt: skip


def test_two_ecgs_each_under_its_name() -> None:
    recent = case(id="2", ecg="records/2")
    first = sample_of(PAIR, (case(), recent), "a-2").turns[0]
    assert first.parts == (
        Part(text="Previous ECG:"), Part(ecg=0), Part(text="Recent ECG:"), Part(ecg=1), Part(text="New?")
    )  # fmt: skip
    other = case(id="3", ecg="records/3", patient="p2")
    two = sample_of(Asked(**{**vars(PAIR), "template": "two_patients:new"}), (case(), other), "a-3")
    assert [part.text for part in two.turns[0].parts[::2]] == ["First ECG:", "Second ECG:", "New?"]
    assert two.about["patient"] == ["p1", "p2"] and two.ecgs == ("records/1", "records/3")
    assert sample_of(PAIR, (case(), recent), "a-4").about["patient"] == "p1"


def test_the_ecg_stands_in_the_first_of_several_turns() -> None:
    sample = sample_of(ASKED, case(), "a-5", earlier=("Rate?", "75 bpm"), page=True)
    assert [turn.role for turn in sample.turns] == ["user", "assistant", "user", "assistant"]
    assert [part for turn in sample.turns for part in turn.parts if part.page is not None] == [Part(page=0)]
    assert sample.turns[0].parts == (Part(page=0), Part(text="Rate?"))
    assert sample.question == "AFIB?" and sample.about["severity"] is None


def test_a_list_is_said_in_words_and_kept_as_a_list() -> None:
    asked = Asked("all", "rhythm", "closed", "t", "Which?", ("a b", "c d"), ("a b", "c d", "e"), "any")
    sample = sample_of(asked, case(), "a-6")
    assert sample.turns[-1].text == "a b, c d" and sample.answer == ("a b", "c d")
    assert sample_of(Asked(**{**vars(asked), "answer": ()}), case(), "a-7").turns[-1].text == "none"


def test_samples_survive_their_file() -> None:
    for askeds in all_asked():
        for asked in askeds:
            sample = sample_of(asked, case(), "s", severity={"s": 1, "s_without": 0})
            assert Sample.from_json(json.loads(json.dumps(sample.to_json()))) == sample
