"""Single findings are asked as the labels have them: there, surely absent, or only with "uncertain included"."""

from einthoven.instruct.families.findings import FINDINGS_FAMILY as FAMILY
from einthoven.instruct.families.findings import NUMBERS
from einthoven.instruct.families.sentences import bare
from tests.instruct.families.asked import all_asked, answers, asked
from tests.instruct.families.labelled import CODE15, check_labelled, of, said


def test_every_question_of_many_cases_is_sound() -> None:
    check_labelled(FAMILY)


def test_there_is_yes_absent_is_no_and_what_is_not_stated_is_not_asked() -> None:
    found = asked(FAMILY, of("AFIB", stated=CODE15))
    singles = {key: one.answer for key, one in found.items() if one.template == "shown"}
    assert singles == {
        "finding:AFIB": "yes", "finding:RBBB": "no", "finding:LBBB": "no", "finding:SBRAD": "no", "finding:STACH": "no",
        "finding:1AVB": "no",
    }  # fmt: skip
    assert "finding:listed" not in found, "six labels are no list of findings"


def test_an_uncertain_finding_is_asked_only_where_the_question_includes_it() -> None:
    found = asked(FAMILY, of("SR", "LVH", uncertain=("IMI",)))
    assert "finding:IMI" not in found and "which:IMI" not in found
    assert found["possible:IMI"].answer == "yes"
    assert not {"finding:ILMI", "finding:IPMI", "finding:QWAVE"} & found.keys(), "beside it these are not surely absent"
    assert "finding:listed" not in found
    assert found["finding:listed_possible"].answer == "sinus rhythm, left ventricular hypertrophy, " + bare("IMI")
    options = {option for draws in all_asked(FAMILY, of("LVH", uncertain=("IMI",))).values() for one in draws
               for option in one.options or ()}  # fmt: skip
    assert bare("IMI") not in options


def test_labels_that_contradict_each_other_are_not_asked() -> None:
    found = asked(FAMILY, of("AFIB", "SR", "CRBBB", "IRBBB", "LVH"))
    assert not {f"{key}:{code}" for key in ("finding", "possible", "which") for code in ("AFIB", "SR", "CRBBB")} & set(
        found
    )
    assert found["finding:LVH"].answer == "yes"
    assert not {"finding:listed", "finding:listed_possible"} & found.keys()


def test_choices_have_one_right_option_or_none_of_these() -> None:
    draws = all_asked(FAMILY, of("CLBBB", "SR"))["which:CLBBB"]
    assert {one.answer for one in draws} == {bare("CLBBB")}
    assert {"none of these" in (one.options or ()) for one in draws} == {True, False}
    assert answers(FAMILY, of("CLBBB"), "which:none") == {"none of these"}
    assert all(len(one.options or ()) == 4 for one in draws)


def test_all_that_apply_and_their_number_are_what_is_there() -> None:
    held = {bare(code) for code in ("CLBBB", "AFIB", "PVC")}
    found = all_asked(FAMILY, of("CLBBB", "AFIB", "PVC"))
    for one in found["finding:all"]:
        assert set(one.answer) == held and 5 <= len(one.options or ()) <= 8
    for one in found["finding:counted"]:
        listed = one.question.partition("\nFindings: ")[2].split("; ")
        assert len(listed) == 5 and one.answer == NUMBERS[len(held.intersection(listed))]
    assert len(answers(FAMILY, of("CLBBB", "AFIB", "PVC"), "finding:counted")) > 2


def test_a_blank_is_filled_by_the_one_option_that_holds() -> None:
    one = asked(FAMILY, of("LAFB"))["blank:LAFB"]
    assert one.answer == bare("LAFB") and said(one).endswith(f"{bare('LAFB')}.")
    assert len(one.options or ()) == 4


def test_rhythm_and_conduction_are_rhythm_the_axis_a_feature_and_the_rest_morphology() -> None:
    found = asked(FAMILY, of(stated=("AFIB", "PVC", "1AVB", "LAD", "IMI", "NDT")))
    kinds = {one.about: one.category for one in found.values() if one.template == "shown"}
    assert kinds == {"AFIB": "rhythm", "PVC": "rhythm", "1AVB": "rhythm", "LAD": "feature", "IMI": "morphology",
                     "NDT": "morphology"}  # fmt: skip
