"""Comparisons: the answers follow from the two recordings, and exchanging these gives the partner question's answer."""

from dataclasses import replace
from datetime import datetime

import pytest

from einthoven.core.reading import read_options
from einthoven.core.rng import rng
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import is_certain
from einthoven.instruct.families.comparison import CONSECUTIVE, NAMES, SWAPPED, TOLERANCE, TWO_PATIENTS
from einthoven.instruct.family import Asked, Asker, Family
from einthoven.instruct.formats import spoken
from einthoven.instruct.wording import of_split
from tests.instruct.cases import case, measured
from tests.instruct.many import one

FAMILIES = (CONSECUTIVE, TWO_PATIENTS)
PAIRS = [(one("first", number), one("second", number)) for number in range(150)]


def asked(family: Family, first: Case, second: Case) -> dict[str, Asked]:
    found = list(family.ask(first, second, Asker(first.split, rng("pair", first.id, second.id))))
    told = {each.key: each for each in found}
    assert len(told) == len(found), "a key stands twice"
    return told


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_exchanged_recordings_give_the_partners_answer(family: Family) -> None:
    seen: set[tuple[str, str]] = set()
    for first, second in PAIRS:
        here, there = asked(family, first, second), asked(family, second, first)
        for each in here.values():
            if each.template not in SWAPPED or each.kind == "choice":
                continue
            partner = SWAPPED[each.template].partition(":")[2]
            name, colon, of = each.key.partition(":")
            other = there.get(f"{partner}{colon}{of}")
            if other is None:  # absent in both: drawn by chance
                assert name in ("new", "resolved", "remaining", "absent", "which_new", "which_resolved",
                                "which_remaining"), each.key  # fmt: skip
                continue
            if each.pick == "one":
                assert each.answer == other.answer, each.key
            else:  # the options are drawn anew
                shared = set(each.options or ()) & set(other.options or ())
                assert set(each.answer) & shared == set(other.answer) & shared, each.key
            seen.add((each.template, str(each.answer)))
    answers: dict[str, set[str]] = {}
    for template, answer in seen:
        answers.setdefault(template, set()).add(answer)
    assert set(answers) == {t for t in SWAPPED if t.startswith(f"{family.name}:") and ":choose" not in t}
    closed = {
        template: told for template, told in answers.items() if "which" not in template and "figures" not in template
    }
    assert [template for template, told in closed.items() if told != {"yes", "no"}] == []


def test_swapping_twice_changes_nothing() -> None:
    assert all(SWAPPED[SWAPPED[template]] == template for template in SWAPPED)
    assert SWAPPED["consecutive:new"] == "consecutive:resolved"
    assert SWAPPED["two_patients:absent"] == "two_patients:absent"
    for family in FAMILIES:
        assert {t for t in SWAPPED if t.startswith(f"{family.name}:")} == set(family.wordings) - {
            f"{family.name}:changed", f"{family.name}:apart"
        }  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_the_answer_is_an_option_and_is_read_back(family: Family) -> None:
    for first, second in PAIRS:
        for each in asked(family, first, second).values():
            if each.options is None:
                continue
            gold = each.answer if isinstance(each.answer, tuple) else (each.answer,)
            assert set(gold) <= set(each.options)
            assert read_options(spoken(each), each.options, each.pick) == gold, each


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_only_what_both_settle_is_compared(family: Family) -> None:
    for first, second in PAIRS:
        for each in asked(family, first, second).values():
            code = each.about
            for of in (first, second) if code else ():
                assert code is not None and (code in of.found or code in of.stated)
                assert code not in of.found or is_certain(of.found[code])


def test_new_resolved_remaining_absent() -> None:
    before = case(found={"SR": None, "CLBBB": 100.0, "LVH": 100.0})
    after = case(found={"AFIB": None, "LVH": 100.0}, id="2", measured=measured(figures={"pr_ms": None}))
    told = asked(CONSECUTIVE, before, after)
    truth = {"AFIB": "new", "CLBBB": "resolved", "LVH": "remaining"}
    for code, holds in truth.items():
        for name in ("new", "resolved", "remaining", "absent"):
            assert told[f"{name}:{code}"].answer == ("yes" if name == holds else "no")
    assert told["which_new"].answer == ("atrial fibrillation",)
    assert told["choose_remaining"].answer == "left ventricular hypertrophy"
    assert "The recent ECG shows atrial fibrillation, which the previous ECG does not show." in str(
        told["changed"].answer
    )


def test_an_uncertain_finding_is_not_compared() -> None:
    told = asked(CONSECUTIVE, case(found={"LVH": 50.0}), case(found={"LVH": 100.0}, id="2"))
    assert not [key for key in told if key.endswith(":LVH")] and "changed" not in told


@pytest.mark.parametrize(("apart", "longer"), [(31.0, "yes"), (26.0, "yes"), (22.0, None), (18.0, None), (10.0, "no")])
def test_intervals_beyond_their_tolerance(apart: float, longer: str | None) -> None:
    told = asked(CONSECUTIVE, case(), case(measured=measured(figures={"pr_ms": 162.4 + apart})))
    assert TOLERANCE["pr_ms"] == 20
    assert (told["longer:pr_ms"].answer if longer else told.get("longer:pr_ms")) == longer
    assert longer is None or told["shorter:pr_ms"].answer == "no"


def test_an_axis_turns_the_short_way_round() -> None:
    def at(degrees: float) -> Case:
        return case(found={"SR": None}, stated=frozenset(("SR",)), measured=measured(figures={"axis_deg.qrs": degrees}))

    told = asked(CONSECUTIVE, at(170.0), at(-150.0))
    assert (told["axis_right:axis_deg.qrs"].answer, told["axis_left:axis_deg.qrs"].answer) == ("yes", "no")
    told = asked(CONSECUTIVE, at(60.0), at(-40.0))
    assert (told["axis_right:axis_deg.qrs"].answer, told["axis_left:axis_deg.qrs"].answer) == ("no", "yes")


def test_ranges() -> None:
    limits = measured().limits
    fast = {**limits, "heart_rate_bpm": replace(limits["heart_rate_bpm"], place="above")}
    quick = case(found={"STACH": None}, id="2", measured=measured(figures={"heart_rate_bpm": 118.0}, limits=fast))
    told = asked(CONSECUTIVE, case(), quick)
    assert told["became_abnormal:heart_rate_bpm"].answer == "yes"
    assert told["became_normal:heart_rate_bpm"].answer == told["still_normal:heart_rate_bpm"].answer == "no"
    assert told["still_normal:pr_ms"].answer == "yes"
    assert told["figures_became_abnormal"].answer == ("heart rate",)
    near = case(id="2", measured=measured(figures={"heart_rate_bpm": 97.0}))
    assert "still_normal:heart_rate_bpm" not in asked(CONSECUTIVE, case(), near)


def test_normal_is_said_of_the_right_recording() -> None:
    told = asked(TWO_PATIENTS, case(), case(found={"CLBBB": 100.0}, id="2"))
    assert (told["normal_first"].answer, told["normal_second"].answer) == ("yes", "no")
    assert told["normal_first"].defines and "the first ECG" in told["normal_first"].question


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_each_question_says_which_ecg_is_which(family: Family) -> None:
    first, second = NAMES[family.name]
    for pair in PAIRS[:40]:
        for each in asked(family, *pair).values():
            if each.template.endswith((":normal_first", ":normal_second")):
                assert (first in each.question) != (second in each.question)
            else:
                words = each.question.lower()
                assert first.lower() in words and second.lower() in words, each.question
            assert "{" not in each.question


def test_the_time_between_is_told_in_the_question_only() -> None:
    first = case(recorded_at=datetime(2020, 1, 1))
    second = case(recorded_at=datetime(2020, 1, 31), id="2", found={"LVH": 100.0})
    questions = [
        each for number in range(20) for each in CONSECUTIVE.ask(first, second, Asker("train", rng("time", number)))
    ]
    assert any("30 days" in each.question for each in questions)
    assert not any("days" in spoken(each) for each in questions)
    assert not any("days" in each.question for each in asked(TWO_PATIENTS, first, second).values())
    next_day = case(recorded_at=datetime(2020, 1, 2, 12), id="2", found={"LVH": 100.0})
    soon = [each for number in range(20) for each in CONSECUTIVE.ask(first, next_day, Asker("train", rng(number)))]
    assert soon and not any(" day" in each.question for each in soon)  # not "there are 1 day between"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_no_two_splits_share_a_sentence(family: Family) -> None:
    for sentences in family.wordings.values():
        shares = [set(of_split(sentences, split)) for split in ("train", "valid", "test")]
        assert len(set.union(*shares)) == len(sentences) == sum(map(len, shares)) and len(sentences) % 10 == 0
