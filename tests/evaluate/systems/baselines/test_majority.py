"""Majorities of made items whose counts are known."""

from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import JobError
from einthoven.core.sample import Answer
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.run import answer_items, asked
from einthoven.evaluate.systems.baselines import BASELINES, baseline
from tests.evaluate.systems.fakes import item

TRAIN = [
    *(item(f"af{n}", gold, group="AFIB", type="verify") for n, gold in enumerate(["yes"] * 3 + ["no"])),
    *(item(f"lvh{n}", gold, group="LVH", type="verify") for n, gold in enumerate(["no"] * 7 + ["yes"] * 2)),
    *(item(f"c{n}", gold, options=("left", "right", "none"), group="axis", type="choose")
      for n, gold in enumerate(["left", "right", "right"])),
    *(item(f"l{n}", gold, options=("I", "II", "III"), pick="any", group="leads", type="query")
      for n, gold in enumerate([("I", "II"), ("II", "I"), ("III",), (), ("I",)])),
    *(item(f"t{n}", gold, options=None, group="report", type="report") for n, gold in enumerate(["SR.", "AF.", "SR."])),
    item("unknown", None, group="AFIB", type="verify"),
]  # fmt: skip


def say(name: str, **more: Any) -> Answer:
    (one,) = baseline(name, TRAIN)([asked(item("q", **more))])
    return one


def test_over_all_the_commonest_answer_that_is_allowed() -> None:
    said = say("majority", group="AFIB", type="verify")
    assert (said.answer, said.model, said.abstained) == ("no", "majority", False)
    assert said.options == {"yes": 5 / 13, "no": 8 / 13}
    assert said.confidence == 8 / 13


def test_options_that_training_knows_in_part() -> None:
    assert say("majority", options=("up", "right", "yes")).options == {"up": 0, "right": 2 / 7, "yes": 5 / 7}


def test_in_its_group_a_question_gets_the_answer_of_its_group() -> None:
    assert say("template-majority", group="AFIB", type="verify").options == {"yes": 3 / 4, "no": 1 / 4}
    assert say("template-majority", group="LVH", type="verify").options == {"yes": 2 / 9, "no": 7 / 9}
    assert say("template-majority", group="AFIB", type="verify").answer == "yes"


def test_an_unknown_group_falls_back_to_its_type_and_then_to_all() -> None:
    assert say("template-majority", group="WPW", type="verify").options == {"yes": 5 / 13, "no": 8 / 13}
    other = say("template-majority", group="WPW", type="query", options=("yes", "left"))
    assert other.options == {"yes": 5 / 6, "left": 1 / 6}
    assert say("template-majority", group="axis", type="choose", options=("yes", "up")).answer == "yes"


def test_of_any_options_the_commonest_set_and_shares_of_each() -> None:
    said = say("majority", options=("III", "II", "I"), pick="any")
    assert said.answer == ("II", "I")
    assert said.options == {"I": 3 / 5, "II": 2 / 5, "III": 1 / 5}
    assert said.confidence == 2 / 5
    assert say("majority", options=("II", "III"), pick="any").answer == ("III",)


def test_of_free_answers_the_commonest() -> None:
    said = say("template-majority", options=None, group="report", type="report")
    assert (said.answer, said.options, said.confidence) == ("SR.", None, 2 / 3)


@pytest.mark.parametrize("name", ["majority", "template-majority"])
def test_where_training_allows_no_answer_it_abstains(name: str) -> None:
    said = say(name, options=("north", "south"))
    assert (said.answer, said.abstained, said.options) == (None, True, None)
    assert said.reason == "no answer that it allows was right in training"


@pytest.mark.parametrize(
    ("name", "workers"), [("majority", 0), ("template-majority", 1), ("text-only", 0), ("text-only", 1), ("uniform", 0)]
)
def test_it_is_asked_like_any_system(tmp_path: Path, name: str, workers: int) -> None:
    asked_of: list[Item] = [one for one in TRAIN if one.id != "unknown"]
    found = answer_items(baseline(name, TRAIN), asked_of, tmp_path, workers=workers, label="")
    assert {mark.state for mark in marks(asked_of, found)} == {"read"}
    if name == "template-majority":
        assert sum(mark.right for mark in marks(asked_of, found)) == 3 + 7 + 2 + 2 + 2


def test_a_baseline_that_is_none_is_refused() -> None:
    with pytest.raises(JobError, match="no baseline 'best'; there are majority"):
        baseline("best", TRAIN)
    assert set(BASELINES) == {"majority", "template-majority", "text-only", "nearest", "uniform"}
