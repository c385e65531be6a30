"""Questions about hypertrophy: each follows from the labels, and none is asked that they leave open."""

from collections.abc import Mapping

import pytest

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.hypertrophy import ALL, CHAMBER_OF, HYPERTROPHY
from tests.instruct.cases import case
from tests.instruct.families.asked import SPLITS, asked, check, check_wordings, made_cases
from tests.instruct.many import many

ABOUT = sorted({*ALL, "VCLVH", "HVOLT", "AFIB"})


def _of(*codes: str, **likelihoods: float) -> Case:
    found: Mapping[str, float | None] = {"SR": None, **dict.fromkeys(codes, 100.0), **likelihoods}
    return case(found=found)


def _answer(name: str, *codes: str, **likelihoods: float) -> str | tuple[str, ...] | None:
    told = asked(HYPERTROPHY, _of(*codes, **likelihoods)).get(f"hypertrophy:{name}")
    return None if told is None else told.answer


def test_what_holds_for_every_family() -> None:
    grid = [
        case(found={one: 100.0, other: (100.0, 50.0)[place % 2]}, split=SPLITS[place % 3])
        for one in ABOUT
        for place, other in enumerate(ABOUT)
    ]
    check(HYPERTROPHY, (*grid, *many(100), *made_cases()))
    check_wordings(HYPERTROPHY)


@pytest.mark.parametrize("code", sorted(ALL))
def test_any_of_them(code: str) -> None:
    assert (_answer("any", code), _answer("any")) == ("yes", "no")
    assert _answer("any", **{code: 50.0}) is None


@pytest.mark.parametrize("code", ["VCLVH", "HVOLT"])
def test_high_voltage_is_neither_hypertrophy_nor_its_absence(code: str) -> None:
    assert all(_answer(name, code) is None for name in ("any", "chambers", "chamber", "part", "side"))


@pytest.mark.parametrize("code", sorted(CHAMBER_OF))
def test_which_chamber(code: str) -> None:
    told = asked(HYPERTROPHY, _of(code))
    assert told["hypertrophy:chambers"].answer == (CHAMBER_OF[code],)
    assert told["hypertrophy:chamber"].answer == CHAMBER_OF[code] and told["hypertrophy:chamber"].about == code


def test_several_chambers_or_none() -> None:
    both = _answer("chambers", "LVH", "LAO/LAE")
    assert both is not None and set(both) == {"left ventricle", "left atrium"}
    assert _answer("chambers") == () and _answer("chamber", "LVH", "LAO/LAE") is None
    assert _answer("chambers", "LVH", RVH=50.0) is None and _answer("chambers", "SEHYP") is None


@pytest.mark.parametrize(
    ("codes", "part", "side"),
    [
        (("LVH",), "ventricle", "left"),
        (("RVH",), "ventricle", "right"),
        (("LAO/LAE",), "atrium", "left"),
        (("RAO/RAE",), "atrium", "right"),
        (("LVH", "RAO/RAE"), "both", "both"),
        (("LVH", "LAO/LAE"), "both", "left"),
        (("RVH", "LVH"), "ventricle", "both"),
        (("SEHYP",), "ventricle", None),
        (("SEHYP", "LVH"), "ventricle", None),
        ((), None, None),
    ],
)
def test_ventricle_or_atrium_and_left_or_right(codes: tuple[str, ...], part: str | None, side: str | None) -> None:
    assert (_answer("part", *codes), _answer("side", *codes)) == (part, side)


def test_one_side_is_not_named_while_the_other_is_open_or_undecided() -> None:
    assert _answer("part", "LVH", **{"LAO/LAE": 50.0}) is None and _answer("side", "LVH", RVH=50.0) is None
    few = asked(HYPERTROPHY, case(found={"LVH": 100.0}, stated=frozenset(("LVH", "SR"))))
    assert set(few) == {"hypertrophy:any", "hypertrophy:voltage"}


def test_voltage_criteria_only() -> None:
    assert _answer("voltage", "LVH") == "left ventricular hypertrophy"
    assert _answer("voltage", "LVH", "VCLVH") == "left ventricular hypertrophy"
    assert _answer("voltage", "VCLVH") == "voltage criteria only"
    assert _answer("voltage") == "neither"
    assert _answer("voltage", "HVOLT") is None and _answer("voltage", "VCLVH", LVH=50.0) is None
    assert asked(HYPERTROPHY, case(found={"VCLVH": None}, stated=frozenset(("VCLVH",)))) == {}


def test_the_atria() -> None:
    assert _answer("atria") == "neither" and _answer("atria", "LAO/LAE") == "left"
    assert _answer("atria", "RAO/RAE") == "right" and _answer("atria", "RAO/RAE", "LAO/LAE") == "both"
    assert _answer("atria", "AFIB") is None and _answer("atria", "LAO/LAE", **{"RAO/RAE": 50.0}) is None


def test_every_code_of_the_table_belongs_to_a_chamber_or_the_septum() -> None:
    assert {code for code, one in FINDINGS.items() if one.superclass == "HYP"} == {*CHAMBER_OF, "SEHYP"} == ALL
