"""Questions about infarction: each follows from the labels, and none is asked that they leave open."""

from collections.abc import Mapping

import pytest

from einthoven.core.findings import FINDINGS
from einthoven.instruct.case import Case
from einthoven.instruct.families.infarction import INFARCTION, TERRITORIES
from tests.instruct.cases import case
from tests.instruct.families.asked import SPLITS, asked, check, check_wordings, made_cases
from tests.instruct.many import many

SCP = frozenset(code for code, one in FINDINGS.items() if one.vocabulary == "SCP-ECG")


def _of(*codes: str, **likelihoods: float) -> Case:
    """An ECG from an archive that states the SCP-ECG codes."""
    found: Mapping[str, float | None] = {"SR": None, **dict.fromkeys(codes, 100.0), **likelihoods}
    return case(found=found, stated=SCP)


def _grid() -> list[Case]:
    """One or two findings around infarction, certain or not."""
    codes = [*sorted(code for code in SCP if FINDINGS[code].superclass == "MI"), "ISCIN", "INVT", "QWAVE", "LVH"]
    return [
        case(found={one: 100.0, other: (100.0, 50.0)[place % 2]}, stated=SCP, split=SPLITS[place % 3])
        for one in codes
        for place, other in enumerate(codes)
    ]


def test_what_holds_for_every_family() -> None:
    check(INFARCTION, (*_grid(), *many(100), *made_cases()))
    check_wordings(INFARCTION)


def test_any_infarction_is_asked_of_the_group() -> None:
    assert asked(INFARCTION, _of("ILMI"))["infarction:any"].answer == "yes"
    assert asked(INFARCTION, _of())["infarction:any"].answer == "no"


@pytest.mark.parametrize("found", [{"IMI": 50.0}, {"QWAVE": 100.0}, {"INJAS": 100.0}, {"CLBBB": 100.0}])
def test_no_infarction_is_not_said_where_there_may_be_one(found: dict[str, float]) -> None:
    assert "infarction:any" not in asked(INFARCTION, _of(**found))
    assert "infarction:territories" not in asked(INFARCTION, _of(**found))


def test_what_a_single_code_says_is_left_to_the_findings() -> None:
    for found in ({}, {"MI": 100.0}, {"IMI": 100.0}):
        assert "infarction:any" not in asked(INFARCTION, case(found=found, stated=frozenset(FINDINGS)))


@pytest.mark.parametrize(("code", "side"), [("AMI", "anterior"), ("ASMI", "anterior"), ("IPMI", "inferior")])
def test_where_one_infarction_is(code: str, side: str) -> None:
    told, territory = asked(INFARCTION, _of(code)), FINDINGS[code].territory
    assert told["infarction:territory"].answer == territory
    assert told["infarction:territory"].options is not None
    assert sorted(told["infarction:territory"].options) == sorted(TERRITORIES)
    assert told["infarction:territories"].answer == (territory,)
    assert len(told["infarction:territories"].options or ()) == 4
    assert told["infarction:side"].answer == side
    assert told["infarction:choice"].answer == FINDINGS[code].name and told["infarction:choice"].about == code


def test_two_infarctions_have_two_territories_and_no_single_one() -> None:
    told = asked(INFARCTION, _of("ASMI", "IMI"))
    assert set(told["infarction:territories"].answer) == {"anteroseptal", "inferior"}
    assert told["infarction:side"].answer == "both"
    assert told.keys().isdisjoint({"infarction:territory", "infarction:choice", "infarction:facing"})


def test_no_territory_where_the_source_does_not_decide_them_or_leaves_one_open() -> None:
    few = case(found={"IMI": 100.0}, stated=frozenset(("IMI", "SR")))
    for of in (few, _of("IMI", AMI=50.0), _of("IMI", "INJAS")):
        keys = asked(INFARCTION, of).keys()
        assert keys.isdisjoint({f"infarction:{name}" for name in ("territory", "territories", "side", "facing")})


def test_a_territory_that_may_be_infarcted_too_is_not_among_the_options() -> None:
    options = {
        option
        for name in range(30)
        for option in asked(INFARCTION, _of("AMI"), name)["infarction:territories"].options or ()
    }
    assert "anterior" in options and options.isdisjoint({"anteroseptal", "anterolateral"})
    assert {"inferior", "posterior"} <= options


@pytest.mark.parametrize(
    ("code", "leads"),
    [("IMI", ("II", "III", "aVF")), ("ASMI", ("V1", "V2", "V3", "V4")), ("LMI", ("I", "aVL", "V5", "V6")),
     ("ILMI", ("I", "II", "III", "aVL", "aVF", "V5", "V6"))],
)  # fmt: skip
def test_the_leads_that_face_it(code: str, leads: tuple[str, ...]) -> None:
    assert asked(INFARCTION, _of(code))["infarction:facing"].answer == tuple(f"lead {lead}" for lead in leads)


def test_no_lead_faces_a_posterior_wall() -> None:
    assert "infarction:facing" not in asked(INFARCTION, _of("PMI"))


def test_the_age_only_where_a_code_tells_it() -> None:
    everything = frozenset(FINDINGS)
    for code, age in (("ACUTEMI", "acute"), ("OLDMI", "old")):
        assert asked(INFARCTION, case(found={code: None}, stated=everything))["infarction:age"].answer == age
    for found in ({"MI": None}, {"IMI": None}, {"ACUTEMI": None, "OLDMI": None}, {"ACUTEMI": None, "OLDMI": 50.0}):
        assert "infarction:age" not in asked(INFARCTION, case(found=found, stated=everything))
    assert "infarction:age" not in asked(INFARCTION, _of("IMI"))


@pytest.mark.parametrize(
    ("codes", "answer"), [(("IMI",), "infarction"), (("ISCAL",), "ischemia"), (("IMI", "ISCAL"), "both")]
)
def test_ischemia_or_infarction(codes: tuple[str, ...], answer: str) -> None:
    assert asked(INFARCTION, _of(*codes))["infarction:ischemia"].answer == answer


@pytest.mark.parametrize("codes", [("IMI", "INVT"), ("IMI", "NST_"), ("ISCAL", "QWAVE"), ("ISCAL", "INJAL"), ()])
def test_changes_that_may_be_either_are_not_called_one(codes: tuple[str, ...]) -> None:
    assert "infarction:ischemia" not in asked(INFARCTION, _of(*codes))
    assert "infarction:ischemia" not in asked(INFARCTION, _of("IMI", ISC_=50.0))


def test_a_source_that_leaves_the_kind_of_ischemia_open_still_tells_it_from_infarction() -> None:
    stated = SCP - {code for code in SCP if code.startswith("ISC") and code != "ISC_"}
    for found, answer in (({"ISC_": 100.0}, "ischemia"), ({"ISC_": 100.0, "IMI": 100.0}, "both")):
        assert asked(INFARCTION, case(found=found, stated=stated))["infarction:ischemia"].answer == answer
    assert "infarction:ischemia" not in asked(INFARCTION, case(found={"IMI": 100.0}, stated=stated))
    assert "infarction:ischemia" not in asked(INFARCTION, case(found={"IMI": 100.0}, stated=SCP - {"ISC_"}))
