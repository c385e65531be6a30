"""The arms of an audit as lists of questions, and each different question asked once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import JobError
from einthoven.core.sample import Answer, Part, Sample, Turn
from einthoven.evaluate.audit.arms import ARMS, LEFT_OUT, PERMUTATIONS, ArmItem, arms, expand, unique
from einthoven.evaluate.audit.controls import NOISES, Controls
from einthoven.evaluate.item import Item
from tests.evaluate.audit.world import ids, item, says, verify, ward

FOLDER = Path("controls")
WORDS = {"train": ["Is AF there?", "Does it show AF?"], "valid": ["AF?"], "test": ["Can AF be seen?", "Any AF here?"]}


def _pair(**more: Any) -> Item:
    return item("pair", "What is new?", ("p001a", "p002b"), ("AF",), options=("AF", "LVH"), pick="any", **more)


def test_ids_tell_the_arm_and_the_item_and_none_stands_twice() -> None:
    items = [*verify(ward(6)), _pair(facts={"wordings": {"test": ["Which are new?"]}})]
    made = arms(items, FOLDER)
    assert tuple(made) == ARMS
    every = [one for arm in made.values() for one in arm]
    assert len(set(ids(every))) == len(every)
    assert all(one.id == f"{one.variant}/{one.origin.id}" for one in every)
    assert {one.variant for one in made["other"]} == {f"other{draw}" for draw in range(1, PERMUTATIONS + 1)}
    assert {one.variant for one in made["noise"]} == set(NOISES)
    assert {one.variant for one in made["phrasing"]} == {"seen", "phrasing"}
    assert set(LEFT_OUT) == set(ARMS)


def test_the_same_items_and_seed_make_the_same_questions_in_any_order() -> None:
    items = [replace(one, facts={"wordings": WORDS}) for one in verify(ward(8))]

    def asked(given: list[Item], seed: int = 0) -> dict[str, Sample]:
        return {one.id: one.item.sample for arm in arms(given, FOLDER, seed).values() for one in arm}

    first = asked(items)
    assert asked(items[::-1]) == first
    again = asked(items, seed=1)
    assert {id for id in first if id.startswith("true/")} == {id for id in again if id.startswith("true/")}
    assert again != first


def test_true_is_as_it_was_but_for_the_id() -> None:
    items = verify(ward(3))
    for one, origin in zip(arms(items, FOLDER)["true"], items, strict=True):
        assert one.item.sample == replace(origin.sample, id=f"true/{origin.id}")
        assert replace(one.item, sample=origin.sample, group=origin.group) == origin
        assert one.origin.id == origin.id


def _groups(*given: Item) -> list[str]:
    return [one.item.group for one in arms(given, FOLDER)["true"]]


def test_questions_of_one_group_about_different_things_are_told_apart() -> None:
    """Template 26 of ECG-QA is one group, but the noise in lead V1 is not that in V2: no right answer is shared."""
    made = {"template": 26, "asked": ["static noise"]}
    here, there, again = (
        item(id, question, (ecg,), "yes", group="T26", about={**made, "place": place})
        for id, question, ecg, place in (
            ("a", "V1?", "p001a", "V1"),
            ("b", "V2?", "p002a", "V2"),
            ("c", "Is V1?", "p003a", "V1"),
        )
    )
    assert _groups(here, there, again) == [
        "T26: ['static noise'] V1",
        "T26: ['static noise'] V2",
        "T26: ['static noise'] V1",
    ]
    assert {one.origin.id for one in arms([here, there, again], FOLDER)["other"]} == {"a", "c"}


def test_where_only_the_words_say_what_is_asked_other_words_are_another_question() -> None:
    official = [
        item(f"{place}", question, (f"p00{place}a",), "no", group="T26", about={"template": 26, "question_id": 1709})
        for place, question in enumerate(("Noise in V1?", "Noise in V2?", "Noise in V1?"))
    ]
    assert {one.origin.id for one in arms(official, FOLDER)["other"]} == {"0", "2"}


def test_the_key_of_a_set_is_what_is_asked_in_whatever_words() -> None:
    lines = [
        item(str(n), f"AF{n}?", (f"p00{n}a",), "no", group="AF", about={"key": "AF", "template": "x"}) for n in (1, 2)
    ]
    assert _groups(*lines) == ["AF", "AF"]
    assert len(arms(lines, FOLDER)["other"]) == 2 * PERMUTATIONS


def test_another_ecg_comes_with_its_own_right_answer_and_the_old_one_is_kept_beside() -> None:
    items = verify(ward(12))
    known = {(one.sample.question, one.sample.ecgs): one for one in items}
    for one in arms(items, FOLDER)["other"] + arms(items, FOLDER)["matched"]:
        donor = known[one.item.sample.question, one.item.sample.ecgs]
        assert one.shown is not None
        assert (one.shown.gold, one.shown.patients, one.shown.severity) == (donor.gold, donor.patients, donor.severity)
        assert one.item.gold == one.origin.gold
        assert one.item.patients == one.origin.patients
        assert one.shown.sample.question == one.item.sample.question == one.origin.sample.question
        assert one.shown.id == one.id


def test_a_number_of_another_ecg_keeps_the_tolerance_of_that_ecg() -> None:
    items = [
        item(ecg, "PR in ms?", (ecg,), value, options=None, group="pr", unit="ms", tolerance=tolerance)
        for ecg, value, tolerance in (("p001a", "160", 10.0), ("p002a", "300", 30.0))
    ]
    shown = [one.shown for one in arms(items, FOLDER)["other"][:2]]
    assert [(one.gold, one.tolerance) for one in shown if one] == [
        (frozenset(("300",)), 30.0),
        (frozenset(("160",)), 10.0),
    ]


def test_nothing_to_read_stands_in_every_place_of_an_ecg_and_has_no_right_answer() -> None:
    made, controls = arms([_pair()], FOLDER), Controls(FOLDER)
    assert made["flat"][0].item.sample.ecgs == (controls.flat, controls.flat)
    assert made["noise"][1].item.sample.ecgs == (controls.noise("noise-muscle"),) * 2
    permuted = (controls.permuted("p001a"), controls.permuted("p002b"))
    assert made["permuted"][0].item.sample.ecgs == permuted
    none = made["none"][0].item.sample
    assert none.ecgs == ()
    assert none.turns == (Turn("user", (Part(text="What is new?"),)),)
    assert none.options == ("AF", "LVH")
    assert all(one.shown is None for arm in ("flat", "noise", "permuted", "none") for one in made[arm])


def test_a_question_about_no_ecg_has_its_place_in_the_true_arm_only() -> None:
    made = arms([item("a", "What is AF?", (), "yes")], FOLDER)
    assert [arm for arm, asked in made.items() if asked] == ["true"]


def test_only_two_ecgs_are_exchanged() -> None:
    made = arms([_pair(), *verify(ward(2))], FOLDER)["swapped"]
    assert ids(made) == ["swapped/pair"]
    assert made[0].item.sample.ecgs == ("p002b", "p001a")
    assert made[0].shown is None, "what is new the other way round is not known"


def _worded(question: str, wordings: dict[str, list[str]]) -> list[ArmItem]:
    return arms([item("a", question, ("p001a",), "yes", facts={"wordings": wordings})], FOLDER)["phrasing"]


def test_unseen_words_are_of_the_test_split_and_beside_them_the_items_own_where_training_has_them() -> None:
    seen, unseen = _worded("Does it show AF?", WORDS)
    assert (seen.variant, unseen.variant) == ("seen", "phrasing")
    assert seen.item.sample.turns == seen.origin.sample.turns
    assert unseen.item.sample.question in WORDS["test"]
    assert unseen.item.sample.ecgs == seen.item.sample.ecgs == ("p001a",)
    assert [part.ecg for part in unseen.item.sample.turns[0].parts] == [0, None]
    assert unseen.shown is not None
    assert unseen.shown.gold == {"yes"}


def test_an_item_in_unseen_words_is_set_beside_words_of_training() -> None:
    seen, unseen = _worded("Any AF here?", WORDS)
    assert seen.item.sample.question in WORDS["train"]
    assert unseen.item.sample.question == "Can AF be seen?"


def test_without_words_of_training_the_items_own_stand_for_them() -> None:
    seen, unseen = _worded("Does it show AF?", {"test": ["Any AF here?"]})
    assert (seen.item.sample.question, unseen.item.sample.question) == ("Does it show AF?", "Any AF here?")


@pytest.mark.parametrize("wordings", [{}, {"train": ["x"]}, {"test": []}, {"test": ["Does it show AF?"]}])
def test_without_other_unseen_words_there_is_nothing_to_ask(wordings: dict[str, list[str]]) -> None:
    assert _worded("Does it show AF?", wordings) == []


def test_earlier_turns_stay_when_the_last_question_is_put_in_other_words() -> None:
    one = item("a", "Does it show AF?", ("p001a",), "yes", facts={"wordings": {"test": ["Any AF here?"]}})
    talk = (Turn("user", (Part(ecg=0), Part(text="Rate?"))), Turn("assistant", (Part(text="70"),)))
    one = replace(one, sample=replace(one.sample, turns=(*talk, Turn("user", (Part(text="Does it show AF?"),)))))
    asked = arms([one], FOLDER)["phrasing"][1].item.sample
    assert asked.turns == (*talk, Turn("user", (Part(text="Any AF here?"),)))


def test_another_ecg_under_fixed_words_is_asked_already() -> None:
    items = verify(ward(10))
    made = arms(items, FOLDER)
    asked, mapping = unique([one for arm in made.values() for one in arm])
    per_question = {"flat": 1, "noise": 2, "none": 1}
    findings = len({one.group for one in items})
    assert len(asked) == len(items) * 2 + findings * sum(per_question.values()), "true and permuted, and each control"
    assert {mapping[one.id].split("/")[0] for one in made["other"] + made["matched"]} == {"true"}
    known = {one.id: one.sample for one in asked}
    for one in (one for arm in made.values() for one in arm):
        sample = known[mapping[one.id]]
        assert (sample.turns, sample.ecgs, sample.options) == (
            one.item.sample.turns,
            one.item.sample.ecgs,
            ("yes", "no"),
        )


@pytest.mark.parametrize("change", [{"options": ("no", "yes")}, {"pick": "any"}, {"ecgs": ("p002a",)}])
def test_what_differs_in_anything_that_a_model_knows_is_asked_apart(change: dict[str, Any]) -> None:
    base = item("a", "AF?", ("p001a",), "yes")
    other = replace(base, sample=replace(base.sample, id="b", **change))
    twin = replace(base, sample=replace(base.sample, id="c", answer="no", about={"x": 1}))
    made = [ArmItem(one, one, "true") for one in (base, other, twin)]
    asked, mapping = unique(made)
    assert [one.id for one in asked] == ["a", "b"]
    assert mapping == {"a": "a", "b": "b", "c": "a"}


def test_answers_are_dealt_out_under_the_id_of_each_question() -> None:
    answer: Answer = says(item("a", "AF?", ("p001a",), "yes").sample, "yes")
    dealt = expand({"a": answer}, {"a": "a", "c": "a", "d": "absent"})
    assert dealt == {"a": answer, "c": replace(answer, id="c")}


def test_an_id_that_stands_twice_is_refused() -> None:
    one = item("a", "AF?", ("p001a",), "yes")
    with pytest.raises(JobError, match="2 items have 1 ids"):
        arms([one, one], FOLDER)
