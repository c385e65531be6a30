"""LLaVA's conversations: a tag for each page in its place, many turns, and the way back."""

from typing import Any

import pytest

from einthoven.core.errors import InputError
from einthoven.core.sample import Part, Sample, Turn
from einthoven.instruct.family import Asked
from einthoven.instruct.llava import llava_of, sample_of_llava
from einthoven.instruct.sampled import sample_of
from tests.instruct.askeds import all_asked
from tests.instruct.cases import case

ASKED = Asked("finding:AFIB", "rhythm", "closed", "shown", "AFIB?", "no", ("yes", "no"), about="AFIB")


def image(page: int) -> str:
    return f"pages/{page}.png"


def test_the_published_form() -> None:
    assert llava_of(sample_of(ASKED, case(), "ptbxl-1", page=True), image) == {
        "id": "ptbxl-1",
        "image": "pages/0.png",
        "conversations": [{"from": "human", "value": "<image>\nAFIB?"}, {"from": "gpt", "value": "no"}],
    }


def test_two_pages_have_two_tags_in_order() -> None:
    pair = Asked(**{**vars(ASKED), "template": "consecutive:new", "question": "New?"})
    line = llava_of(sample_of(pair, (case(), case(id="2")), "p", page=True), image)
    assert line["image"] == ["pages/0.png", "pages/1.png"]
    assert line["conversations"][0]["value"] == "Previous ECG:\n<image>\nRecent ECG:\n<image>\nNew?"
    back = sample_of_llava(line)
    assert back.turns[0].parts == (
        Part(text="Previous ECG:"), Part(page=0), Part(text="Recent ECG:"), Part(page=1), Part(text="New?")
    )  # fmt: skip


def test_there_and_back_again() -> None:
    for number, askeds in enumerate(all_asked()):
        for place, asked in enumerate(askeds):
            earlier = ("How fast?", "75 bpm", "Regular?", "yes") if place % 2 else ()
            sample = sample_of(asked, case(), f"{number}-{place}", earlier=earlier, page=True)
            line = llava_of(sample, image)
            back = sample_of_llava(line)
            assert back.turns == sample.turns and back.id == sample.id
            assert back.ecgs == ("pages/0.png",) and back.answer == sample.turns[-1].text
            assert llava_of(back, image) == line
            assert sum(turn["value"].count("<image>") for turn in line["conversations"]) == 1


def test_an_open_question_has_no_answer_yet() -> None:
    line = {"id": "1", "image": "a.png", "conversations": [{"from": "human", "value": "<image>\nRate?"}]}
    assert sample_of_llava(line).answer is None and sample_of_llava(line).question == "Rate?"


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"id": "1", "image": "a.png", "conversations": [{"from": "human", "value": "no tag"}]},
        {"id": "1", "image": ["a.png", "b.png"], "conversations": [{"from": "human", "value": "<image>\nRate?"}]},
        {"id": "1", "image": "a.png", "conversations": [{"from": "robot", "value": "<image>\nRate?"}]},
        {"id": "1", "image": [7], "conversations": [{"from": "human", "value": "<image>\nRate?"}]},
        {"id": "1", "image": None, "conversations": [{"from": "human", "value": "Rate?"}]},
        {"id": "1", "image": "a.png", "conversations": []},
    ],
)
def test_lines_of_another_form_are_refused(line: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        sample_of_llava(line)


@pytest.mark.parametrize(
    "parts",
    [(Part(ecg=0),), (Part(text="Rate?"),), (Part(page=1),), (Part(page=0), Part(text="what is <image>?"))],
)
def test_samples_that_cannot_be_told_so_are_refused(parts: tuple[Part, ...]) -> None:
    with pytest.raises(InputError):
        llava_of(Sample("1", ("a",), (Turn("user", parts),)), image)
