"""Conduction is asked as labels and intervals agree, and the intervals that are known are quoted."""

import pytest

from einthoven.instruct.families.conduction import CONDUCTION as FAMILY
from tests.instruct.cases import measured
from tests.instruct.families.asked import answers, asked
from tests.instruct.families.labelled import check_labelled, of, said


def test_every_question_of_many_cases_is_sound() -> None:
    check_labelled(FAMILY)


def test_an_undisturbed_conduction_needs_normal_intervals() -> None:
    one = asked(FAMILY, of("SR", measured=measured()))["conduction:any"]
    assert one.answer == "no" and "PR interval of 162 ms and a QRS duration of 92 ms" in said(one)
    assert "conduction:any" not in asked(FAMILY, of("SR", measured=measured(figures={"pr_ms": 215.0})))
    assert "conduction:any" not in asked(FAMILY, of("SR", measured=measured(figures={"qrs_ms": 113.0})))
    assert "conduction:any" not in asked(FAMILY, of("SR", "LPR"))
    assert "conduction:any" not in asked(FAMILY, of("SR", uncertain=("LAFB",)))


@pytest.mark.parametrize(
    ("codes", "side", "grade"),
    [(("CLBBB",), "left", "complete"), (("IRBBB",), "right", "incomplete"), (("SR",), "neither", None),
     (("CRBBB", "RBBB"), "right", "complete")],
)  # fmt: skip
def test_side_and_completeness_of_bundle_branch_block(codes: tuple[str, ...], side: str, grade: str | None) -> None:
    assert answers(FAMILY, of(*codes), "conduction:bundle") == {side}
    assert answers(FAMILY, of(*codes), "conduction:complete") == ({grade} if grade else set())


def test_a_blocked_fascicle_leaves_open_whether_a_bundle_is_blocked() -> None:
    assert not answers(FAMILY, of("LAFB"), "conduction:bundle")
    assert answers(FAMILY, of("CRBBB", "LAFB"), "conduction:bundle") == {"right"}


def test_nothing_is_asked_about_bundles_where_labels_leave_them_open() -> None:
    for doubtful in (of("CRBBB", "CLBBB"), of(uncertain=("CLBBB",)), of("RBBB", stated=("RBBB",), uncertain=("LBBB",))):
        assert not {"conduction:bundle", "conduction:complete"} & asked(FAMILY, doubtful).keys()


@pytest.mark.parametrize(
    ("codes", "degree"), [(("1AVB",), "first degree"), (("MOBITZ1", "2AVB"), "second degree"), (("SR",), "no AV block")]
)
def test_the_degree_of_av_block(codes: tuple[str, ...], degree: str) -> None:
    assert answers(FAMILY, of(*codes), "conduction:degree") == {degree}


def test_a_long_pr_interval_is_quoted_with_the_block_or_forbids_its_absence() -> None:
    long = measured(figures={"pr_ms": 240.0})
    assert (
        said(asked(FAMILY, of("1AVB", measured=long))["conduction:degree"])
        == "First degree, with a PR interval of 240 ms."
    )
    assert "conduction:degree" not in asked(FAMILY, of("SR", measured=long))
    assert "conduction:degree" not in asked(FAMILY, of("AFIB"))
    short = measured(figures={"pr_ms": 150.0})
    assert asked(FAMILY, of("1AVB", measured=short))["conduction:degree"].said is None, (
        "a figure that denies it is not said"
    )


def test_fascicles() -> None:
    assert answers(FAMILY, of("LAFB"), "conduction:fascicle") == {"anterior"}
    assert answers(FAMILY, of("LPFB"), "conduction:fascicle") == {"posterior"}
    assert not answers(FAMILY, of("LAFB", uncertain=("LPFB",)), "conduction:fascicle")


@pytest.mark.parametrize(
    ("codes", "cause"),
    [(("WPW",), "pre-excitation"), (("PACE",), "pacing"), (("IRBBB",), "bundle branch block"),
     (("SR",), "none of these"), (("WPW", "CRBBB"), None), (("IVCD",), None), (("SR", "ABQRS"), None)],
)  # fmt: skip
def test_what_alters_the_qrs_complexes(codes: tuple[str, ...], cause: str | None) -> None:
    assert answers(FAMILY, of(*codes), "conduction:altered") == ({cause} if cause else set())


def test_doubt_leaves_open_what_alters_the_qrs_complexes() -> None:
    for doubtful in (of("SR", uncertain=("WPW",)), of("CRBBB", uncertain=("PACE",)), of("SR", stated=("SR", "WPW"))):
        assert "conduction:altered" not in asked(FAMILY, doubtful)
    assert "conduction:altered" not in asked(FAMILY, of("SR", stated=("SR", "LBBB", "RBBB")))


def test_only_the_narrowest_name_is_said() -> None:
    assert (
        said(asked(FAMILY, of("CLBBB", "LBBB"))["conduction:any"]) == "Yes, there is complete left bundle branch block."
    )
