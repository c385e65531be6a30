"""Normal, abnormal and the five classes are asked where the labels decide them, and of none who states less."""

import pytest

from einthoven.core.findings import SUPERCLASS_NAMES
from einthoven.instruct.families.classes import CLASSES as FAMILY
from tests.instruct.families.asked import asked
from tests.instruct.families.labelled import CODE15, PTBXL, check_labelled, of


def test_every_question_of_many_cases_is_sound() -> None:
    check_labelled(FAMILY)


def test_normal_and_abnormal_are_each_others_opposite_and_define_the_severity() -> None:
    for codes, normal in ((("NORM", "SR"), "yes"), (("CLBBB", "SR"), "no")):
        found = asked(FAMILY, of(*codes))
        assert found["class:normal"].answer == normal != found["class:abnormal"].answer
        assert found["class:normal"].defines and found["class:abnormal"].defines
        assert found["class:normal"].about == "NORM"


@pytest.mark.parametrize("codes", [("NORM", "PVC"), ("SR",), ("SBRAD",)])
def test_what_is_neither_plainly_normal_nor_abnormal_is_not_asked(codes: tuple[str, ...]) -> None:
    assert not {"class:normal", "class:abnormal"} & asked(FAMILY, of(*codes)).keys()


def test_a_normal_ecg_with_a_variant_is_normal_but_not_asked_for_any_abnormality() -> None:
    found = asked(FAMILY, of("NORM", "SBRAD"))
    assert found["class:normal"].answer == "yes" and "class:abnormal" not in found


def test_an_uncertain_normal_ecg_is_neither() -> None:
    assert not {"class:normal", "class:abnormal"} & asked(FAMILY, of("SR", uncertain=("NORM",))).keys()


def test_classes_are_those_of_the_codes_and_form_statements_leave_them_open() -> None:
    found = asked(FAMILY, of("IMI", "CLBBB"))
    assert {key: found[key].answer for key in found if key in ("class:MI", "class:CD", "class:HYP")} == {
        "class:MI": "yes", "class:CD": "yes",
    }  # fmt: skip
    assert found["class:classes"].answer == tuple(
        one for one in found["class:classes"].options or () if one in (SUPERCLASS_NAMES["MI"], SUPERCLASS_NAMES["CD"])
    )
    assert "class:class" not in found
    assert asked(FAMILY, of("LAFB", "SR"))["class:HYP"].answer == "no"
    assert "class:HYP" not in asked(FAMILY, of("VCLVH"))
    assert "class:STTC" not in asked(FAMILY, of("INVT"))
    assert "class:CD" in asked(FAMILY, of("SR")) and "class:CD" not in asked(FAMILY, of("ABQRS"))
    assert asked(FAMILY, of("LAFB"))["class:class"].answer == "conduction disturbance"


def test_uncertain_findings_count_for_the_list_only() -> None:
    found = asked(FAMILY, of("SR", uncertain=("IMI",)))
    assert found["class:classes"].answer == ("myocardial infarction",)
    assert not {"class:MI", "class:class", "class:normal"} & found.keys()


def test_an_archive_with_fewer_labels_is_not_asked_for_classes() -> None:
    assert not asked(FAMILY, of("AFIB", stated=CODE15))
    assert set(asked(FAMILY, of("AFIB", stated=(*CODE15, "NORM")))) == {"class:normal", "class:abnormal"}
    assert set(asked(FAMILY, of("LVH", stated=PTBXL - {"PMI"}))) == {"class:normal", "class:abnormal"}
