"""Reasoning ends in the label, quotes measured numbers only, and is silent where figures and label disagree."""

import re

import pytest

from einthoven.core.measurements import Limit
from einthoven.core.reading import read_options
from einthoven.core.rng import rng
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import is_certain
from einthoven.instruct.families.criteria import CRITERIA
from einthoven.instruct.families.reasoning import REASONING, WORDINGS
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.wording import of_split
from tests.instruct.cases import case, measured
from tests.instruct.many import many

# Numbers of the criteria themselves; all others must have been measured.
LIMITS = {30, 45, 60, 90, 100, 120, 180, 200, 445, 450, 460}


def asked(of: Case) -> dict[str, Asked]:
    return {one.key: one for one in REASONING.ask(of, Asker(of.split, rng("reasoning", of.id)))}


@pytest.mark.parametrize("of", many(), ids=lambda of: of.id)
def test_the_gold_is_read_back_and_is_the_label(of: Case) -> None:
    keys = [one.key for one in REASONING.ask(of, Asker(of.split, rng("keys", of.id)))]
    assert len(keys) == len(set(keys))
    for one in asked(of).values():
        assert one.said is not None and one.options is not None and one.answer in one.options
        assert read_options(one.said, one.options) == (one.answer,)
        if one.about is not None and one.kind == "closed":
            assert (one.answer == "yes") == (one.about in of.found)
            assert one.about in of.stated or one.answer == "yes"
            assert one.about not in of.found or is_certain(of.found[one.about])
        if one.kind == "choice":
            assert one.about in of.found


@pytest.mark.parametrize("of", many(), ids=lambda of: of.id)
def test_every_number_is_measured_or_a_limit(of: Case) -> None:
    values = [value for value in of.measured.figures.values() if value is not None] if of.measured else []
    rounded = {abs(round(value)) for value in values} | LIMITS
    for one in asked(of).values():
        text = re.sub(r"(?m)^(?:Step )?\d+[.:]|\b(?:aV|V)[\dRLF]|\d\.\d mV|-0\.1", "", str(one.said))
        assert {int(number) for number in re.findall(r"\d+", text)} <= rounded, one.said


def test_figures_and_label_must_agree() -> None:
    slow, usual = measured(figures={"heart_rate_bpm": 48.0}), measured()
    assert asked(case(found={"SBRAD": None}, measured=slow))["reasoning:SBRAD"].answer == "yes"
    assert "reasoning:SBRAD" not in asked(case(found={"SBRAD": None}, measured=usual))
    assert "reasoning:SBRAD" not in asked(case(found={"SR": None}, measured=slow))
    assert asked(case(found={"SR": None}, measured=usual))["reasoning:SBRAD"].answer == "no"
    assert "reasoning:SBRAD" not in asked(case(found={"SBRAD": 50.0}, measured=slow))
    assert "reasoning:SBRAD" not in asked(case(found={"SR": None}, stated=frozenset(("SR",)), measured=usual))


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("1AVB", {"pr_ms": 230.0}),
        ("STACH", {"heart_rate_bpm": 118.0}),
        ("LAFB", {"axis_deg.qrs": -60.0}),
        ("LPFB", {"axis_deg.qrs": 115.0}),
        ("AFIB", {"pr_ms": None, "p_ms": None}),
        ("WPW", {"pr_ms": 104.0, "qrs_ms": 130.0}),
    ],
)
def test_a_met_criterion_gives_yes_and_quotes_its_figure(code: str, figures: dict[str, float | None]) -> None:
    sees = measured(figures=figures)
    if code == "AFIB":
        sees = measured(figures=figures, rhythm=type(sees.rhythm)(regular=False))
    one = asked(case(found={code: None}, measured=sees))[f"reasoning:{code}"]
    assert one.answer == "yes"
    for value in figures.values():
        assert value is None or str(round(value)) in str(one.said)
    assert f"reasoning:{code}" in asked(case())  # and no in a healthy heart
    assert asked(case())[f"reasoning:{code}"].answer == "no"


def test_normal_is_argued_only_with_normal_figures() -> None:
    assert asked(case())["reasoning:NORM"].answer == "yes"
    assert "reasoning:NORM" not in asked(case(measured=measured(figures={"heart_rate_bpm": 55.0})))
    assert asked(case())["reasoning:NORM"].defines


def test_nothing_without_measurement() -> None:
    assert not asked(case(measured=None))


def test_criteria_say_yes_and_no_somewhere() -> None:
    said = {(key, str(one.answer)) for of in many(1500) for key, one in asked(of).items()}
    for code in ("SBRAD", "1AVB", "AFIB", "LAFB", "LNGQT", "SR"):
        assert {(f"reasoning:{code}", "yes"), (f"reasoning:{code}", "no")} <= said
    assert {f"reasoning:{code}" for code in CRITERIA} - {key for key, _ in said} <= {"LPR"}


@pytest.mark.parametrize("name", WORDINGS)
def test_no_two_splits_share_a_sentence(name: str) -> None:
    shares = [set(of_split(WORDINGS[name], split)) for split in ("train", "valid", "test")]
    assert len(set.union(*shares)) == len(WORDINGS[name]) == sum(map(len, shares)) and len(WORDINGS[name]) % 10 == 0


def test_an_axis_that_does_not_lie_there_and_figures_out_of_range_are_said_in_plain_english() -> None:
    assert "the axis of 41° does not lie between 90° and 180°" in str(asked(case())["reasoning:RAD"].said)
    limits = {"heart_rate_bpm": Limit(48, 98, "above", "made"), "axis_deg.qrs": Limit(-30, 90, "within", "made")}
    fast = case(
        found={"AFIB": None}, measured=measured(figures={"heart_rate_bpm": 130.0, "pr_ms": None}, limits=limits)
    )
    assert "Conclusion: the heart rate (130 bpm) is out of range; the tracing" in str(
        asked(fast)["reasoning:NORM"].said
    )
