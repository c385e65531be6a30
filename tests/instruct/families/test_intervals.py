"""Figures are asked where they are sure, clear of every border, and with the answer that was measured."""

from dataclasses import replace

import pytest

from einthoven.core.measurements import Limit, Rhythm
from einthoven.instruct.families.intervals import INTERVALS_FAMILY as FAMILY
from tests.instruct.cases import case, measured
from tests.instruct.families.asked import SPLITS, all_asked, answers, asked, check, check_wordings, made_cases


def test_every_question_of_many_cases_is_sound() -> None:
    check(FAMILY, [*(case(split=split) for split in SPLITS), *made_cases()])
    check_wordings(FAMILY)


@pytest.mark.parametrize(
    ("key", "answer"),
    [("figure:pr_ms", "162 ms"), ("figure:heart_rate_bpm", "75 bpm"), ("figure:axis_deg.qrs", "41°"),
     ("seconds:pr_ms", "0.16 s"), ("fill:qrs_ms", "92 ms"), ("range:heart_rate_bpm", "60 to 80 bpm"),
     ("within:pr_ms", "yes"), ("placed:pr_ms", "within the normal range"), ("longer:qtc", "yes")],
)  # fmt: skip
def test_the_answer_is_what_was_measured(key: str, answer: str) -> None:
    assert answers(FAMILY, case(), key) == {answer}


def test_a_figure_that_is_not_sure_is_not_asked() -> None:
    unsure = measured(confidence={"pr_ms": 0.5})
    assert not [key for key in all_asked(FAMILY, case(measured=unsure)) if "pr_ms" in key or "p_ms" in key]
    without = measured(figures={"pr_ms": None})
    assert not [key for key in all_asked(FAMILY, case(measured=without)) if "pr_ms" in key]
    assert not asked(FAMILY, case(measured=None))


def test_near_a_threshold_no_comparison_is_made() -> None:
    """111 ms is within 10 ms of 120 and of 100 is not; 128 ms is near 120 only."""
    for value in (111.0, 128.0):
        for one in all_asked(FAMILY, case(found={"IVCD": 100.0}, measured=measured(figures={"qrs_ms": value})))[
            "compared:qrs_ms"
        ]:
            assert "120" not in one.question
            threshold = 80 if " 80 " in one.question else 100
            assert (one.answer == "yes") == ((value > threshold) == ("longer" in one.question))


def test_comparisons_are_answered_yes_and_no() -> None:
    assert answers(FAMILY, case(), "compared:pr_ms") == {"yes", "no"}


def test_place_is_asked_only_where_the_table_and_what_is_taught_agree() -> None:
    slow = measured(
        figures={"heart_rate_bpm": 54.0, "rr_ms": 1111.0}, rhythm=Rhythm(mean_bpm=54.0),
        limits={"heart_rate_bpm": Limit(48, 98, "within", "made")},
    )  # fmt: skip
    keys = all_asked(FAMILY, case(found={"SBRAD": None}, measured=slow))
    assert "figure:heart_rate_bpm" in keys
    assert "within:heart_rate_bpm" not in keys


def test_no_rate_is_asked_where_cycles_give_two() -> None:
    bigeminy = replace(measured(), rhythm=Rhythm(mean_bpm=58.0))
    keys = all_asked(FAMILY, case(measured=bigeminy))
    assert not [key for key in keys if "heart_rate" in key or "rr_ms" in key or "qtc" in key]
    assert "figure:qt_ms" in keys


def test_flutter_hides_the_end_of_t() -> None:
    assert "figure:qt_ms" not in all_asked(FAMILY, case(found={"AFLT": None}))
