"""What is certain of a recording: findings there, open and absent, and figures that nothing contradicts."""

import pytest

from einthoven.core.findings import FINDINGS
from einthoven.instruct.families.certain import confident_figure, facts, is_certain
from einthoven.instruct.families.sentences import agreeing, capital, joined, noun, quoted
from tests.instruct.cases import case, measured
from tests.instruct.many import many


def test_there_open_and_absent_never_overlap() -> None:
    for of in many():
        known = facts(of)
        assert set(known.there) | set(known.open) == set(of.found)
        assert all(is_certain(of.found[code]) for code in known.there)
        assert not any(is_certain(of.found[code]) for code in known.open)
        assert known.absent <= of.stated - of.codes


def test_a_report_begins_with_the_rhythm() -> None:
    assert facts(case(found={"IMI": None, "CLBBB": 100.0, "AFIB": None})).there == ("AFIB", "CLBBB", "IMI")


@pytest.mark.parametrize(
    ("there", "unclear"), [("SBRAD", "SR"), ("CLBBB", "LBBB"), ("ASMI", "MI"), ("1AVB", "LPR"), ("LVH", "VCLVH"),
                           ("AMI", "ALMI"), ("PVC", "PRC(S)"), ("NDT", "NT_")]
)  # fmt: skip
def test_a_wider_or_overlapping_name_is_not_absent(there: str, unclear: str) -> None:
    assert unclear not in facts(case(found={there: 100.0})).absent
    assert unclear not in facts(case(found={there: 50.0})).absent
    assert unclear in facts(case(found={})).absent and "AFIB" in facts(case(found={there: 100.0})).absent


@pytest.mark.parametrize(
    ("found", "figure", "value", "kept"),
    [
        ("1AVB", "pr_ms", 180.0, False),
        ("1AVB", "pr_ms", 230.0, True),
        ("SR", "pr_ms", 230.0, False),
        ("AFIB", "pr_ms", 160.0, False),
        ("CLBBB", "qrs_ms", 110.0, False),
        ("CLBBB", "qrs_ms", 140.0, True),
        ("SR", "qrs_ms", 140.0, False),
        ("SBRAD", "heart_rate_bpm", 75.0, False),
        ("SBRAD", "heart_rate_bpm", 48.0, True),
        ("SR", "heart_rate_bpm", 130.0, False),
        ("STACH", "heart_rate_bpm", 130.0, True),
        ("LAFB", "axis_deg.qrs", 10.0, False),
        ("LAFB", "axis_deg.qrs", -60.0, True),
        ("VFIB", "heart_rate_bpm", 75.0, False),
        ("SR", "qt_ms", 379.0, True),
        ("LNGQT", "qt_ms", 379.0, False),
    ],
)
def test_a_contradicted_figure_is_left_out(found: str, figure: str, value: float, kept: bool) -> None:
    known = facts(case(found={found: 100.0}, measured=measured(figures={figure: value})))
    assert (known.figures.get(figure) == value) is kept and (kept or figure not in known.figures)


def test_a_likelihood_below_100_explains_a_figure_without_settling_it() -> None:
    of = case(found={"SR": None, "1AVB": 50.0}, measured=measured(figures={"pr_ms": 230.0}))
    assert facts(of).figures["pr_ms"] == 230.0


def test_an_unsure_or_missing_figure_is_none() -> None:
    assert confident_figure(case(measured=measured(confidence={"pr_ms": 0.79})), "pr_ms") is None
    assert confident_figure(case(measured=measured(confidence={"pr_ms": 0.8})), "pr_ms") == 162.4
    assert confident_figure(case(measured=measured(confidence={})), "pr_ms") == 162.4
    assert confident_figure(case(measured=None), "pr_ms") is None
    assert not facts(case(measured=None)).figures


def test_every_finding_can_be_said_in_a_sentence() -> None:
    for code in FINDINGS:
        slots = agreeing(code)
        assert (slots["is_"] == "are") == (slots["has"] == "have") == (slots["was"] == "were")
        assert slots["Is"] == capital(slots["is_"]) and slots["x"] == noun(code)
        plural = noun(code).split(" in ")[0].split(" compatible")[0].split(" for ")[0].split(" and ")[0]
        assert (slots["is_"] == "are") == (plural.endswith("s") and not plural.endswith(("sis", "ss"))) or code in (
            "VCLVH",
        ), code


def test_numbers_and_lists() -> None:
    assert quoted("axis_deg.qrs", -0.4) == "0°" and quoted("pr_ms", 161.6) == "162 ms"
    assert joined([]) == "" and joined(iter(("a", "b"))) == "a and b"
