"""What an ECG cannot tell is asked, and answered by saying so; what follows from other leads is not called missing."""

from einthoven.core.measurements import Quality
from einthoven.instruct.families.unanswerable import CANNOT
from einthoven.instruct.families.unanswerable import UNANSWERABLE as FAMILY
from tests.instruct.cases import amplitudes, case, measured, waves
from tests.instruct.families.asked import SPLITS, all_asked, asked, check, check_wordings, made_cases


def test_every_question_of_many_cases_is_sound() -> None:
    check(FAMILY, [*(case(split=split) for split in SPLITS), case(measured=None), *made_cases()])
    check_wordings(FAMILY)


def test_every_answer_is_that_it_cannot_be_told() -> None:
    for some in all_asked(FAMILY, case()).values():
        for one in some:
            assert one.answer == CANNOT
            assert one.said is not None
            assert CANNOT in one.said


def test_only_leads_that_are_not_there_are_asked() -> None:
    absent = {key.rpartition(":")[2] for key in all_asked(FAMILY, case()) if key.startswith("absent")}
    assert absent
    assert absent <= {"V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R"}


def test_limb_leads_that_follow_from_two_are_not_missing() -> None:
    two = {lead: one for lead, one in amplitudes().items() if lead in ("I", "II")}
    few = measured(amplitudes_mv=two, quality=Quality(), waves={"II": waves()})
    absent = {key.rpartition(":")[2] for key in all_asked(FAMILY, case(measured=few)) if key.startswith("absent")}
    assert "V1" in absent or "V4" in absent or "V6" in absent
    assert not absent & {"III", "aVR", "aVL", "aVF"}


def test_a_figure_is_missing_where_the_rhythm_has_none() -> None:
    none = measured(figures={"pr_ms": None, "p_ms": None, "axis_deg.p": None})
    assert "figure:pr_ms" in asked(FAMILY, case(found={"AFIB": None}, measured=none))
    assert "figure:pr_ms" not in asked(FAMILY, case(measured=none))
    assert "figure:pr_ms" not in asked(FAMILY, case(found={"AFIB": None}))
    assert "figure:pr_ms" not in asked(FAMILY, case(found={"AFIB": 50.0}, measured=none))
