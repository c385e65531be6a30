"""What single leads show is asked where it is clear, by the thresholds of age and sex."""

import pytest

from einthoven.core.ecg import Person
from einthoven.core.measurements import Amplitudes, LeadQuality, Quality
from einthoven.instruct.families.leads import LEADS as FAMILY
from tests.instruct.cases import LEADS, amplitudes, case, measured
from tests.instruct.families.asked import SPLITS, all_asked, answers, asked, check, check_wordings, made_cases

UP = Amplitudes(1.0, -0.3, 0.0, 0.3, 0.22, 0.25, 0.28)


def test_every_question_of_many_cases_is_sound() -> None:
    check(FAMILY, [*(case(split=split) for split in SPLITS), *made_cases()])
    check_wordings(FAMILY)


def test_leads_with_st_elevation_are_listed() -> None:
    ill = case(found={"IMI": 100.0}, measured=measured(amplitudes_mv=amplitudes(II=UP, III=UP)))
    assert asked(FAMILY, ill)["leads:st_up"].answer == ("lead II", "lead III")
    assert answers(FAMILY, ill, "lead:st_up") == {"yes", "no"}


@pytest.mark.parametrize(
    ("person", "answer"),
    [(Person("p", 61.0, "female"), ("lead V2",)), (Person("p", 30.0, "male"), ()), (Person("p", 61.0, "male"), None),
     (Person("p"), None)],
)  # fmt: skip
def test_v2_has_the_threshold_of_age_and_sex(person: Person, answer: tuple[str, ...] | None) -> None:
    """0.21 mV: above that of women, below that of young men, too near to that of older men, unknown of nobody."""
    high = Amplitudes(0.4, -1.4, 0.0, 0.4, 0.21, 0.2, 0.2)
    one = asked(FAMILY, case(person=person, measured=measured(amplitudes_mv=amplitudes(V2=high)))).get("leads:st_up")
    assert (None if one is None else one.answer) == answer


def test_one_lead_near_the_threshold_spoils_the_list_and_not_the_others() -> None:
    near = Amplitudes(0.7, -0.1, 0.0, 0.2, 0.11, 0.01, 0.01)
    ill = case(measured=measured(amplitudes_mv=amplitudes(I=near)))
    found = all_asked(FAMILY, ill)
    assert "leads:st_up" not in found
    assert found["lead:st_up"]
    assert not [one for one in found["lead:st_up"] if "lead I?" in one.question or "lead I " in one.question]


def test_no_empty_list_is_asked_where_the_labels_say_otherwise() -> None:
    assert "leads:st_up" in asked(FAMILY, case())
    assert "leads:st_up" not in asked(FAMILY, case(found={"STE_": None, "SR": None}))
    assert "leads:st_up" not in asked(FAMILY, case(found={"STE_": 50.0, "SR": None}))


def test_depression_needs_the_whole_segment() -> None:
    down = Amplitudes(0.7, -0.1, 0.0, 0.2, -0.15, -0.14, -0.13)
    rising = Amplitudes(0.7, -0.1, 0.0, 0.2, -0.15, -0.05, 0.0)
    assert asked(FAMILY, case(measured=measured(amplitudes_mv=amplitudes(V5=down))))["leads:st_down"].answer == (
        "lead V5",
    )
    assert "leads:st_down" not in asked(FAMILY, case(measured=measured(amplitudes_mv=amplitudes(V5=rising))))


@pytest.mark.parametrize(
    ("key", "answer"),
    [("leads:tallest_r", "lead V5"), ("leads:transition", "lead V4"), ("figure:sokolow_mv", "2.60 mV"),
     ("above:sokolow", "no"), ("leads:low_voltage", "no"), ("leads:t_down", ())],
)  # fmt: skip
def test_the_answer_is_what_was_measured(key: str, answer: object) -> None:
    assert answers(FAMILY, case(), key) == {answer}


def test_waves_are_given_in_millivolt() -> None:
    found = all_asked(FAMILY, case())
    for one in found["lead:s_mv"]:
        assert isinstance(one.answer, str)
        assert float(one.answer.split()[0]) > 0
        if "V2" in one.question:
            assert one.answer == "1.40 mV"


def test_a_lead_that_cannot_be_read_is_not_asked_about() -> None:
    bad = Quality({lead: LeadQuality(0.2 if lead == "V5" else 0.95) for lead in LEADS})
    found = all_asked(FAMILY, case(measured=measured(quality=bad)))
    assert not [one for some in found.values() for one in some if "V5" in one.question and "lead" in one.key[:5]]
    assert "leads:tallest_r" not in found
    assert "figure:sokolow_mv" not in found


def test_nothing_is_asked_without_trusted_voltages() -> None:
    assert not asked(FAMILY, case(measured=measured(amplitudes_mv={})))
