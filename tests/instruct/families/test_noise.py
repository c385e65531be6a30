"""Noise is asked where people looked for it: what kind, in which leads, and which lead cannot be read."""

from einthoven.core.measurements import LeadQuality, Quality
from einthoven.instruct.families.forms import option_line
from einthoven.instruct.families.noise import NOISE as FAMILY
from tests.instruct.cases import LEADS, case, measured
from tests.instruct.families.asked import SPLITS, all_asked, answers, asked, check, check_wordings, made_cases

NOTED = {"static noise": ("I", "aVL"), "baseline drift": ()}


def test_every_question_of_many_cases_is_sound() -> None:
    check(FAMILY, [*(case(split=split, noise=noise) for split in SPLITS for noise in (None, {}, NOTED)), *made_cases()])
    check_wordings(FAMILY)


def test_kinds_and_leads_are_those_noted() -> None:
    found = asked(FAMILY, case(noise=NOTED))
    assert found["noise:any"].answer == found["noise:static noise"].answer == "yes"
    assert found["noise:burst noise"].answer == "no"
    assert found["noise:kinds"].answer == ("baseline drift", "static noise")
    assert found["noise:kinds"].question.endswith(option_line(found["noise:kinds"].options or ()))
    assert found["leads:static noise"].answer == ("lead I", "lead aVL")
    assert len(found["leads:baseline drift"].answer) == 12
    assert answers(FAMILY, case(noise=NOTED), "lead:static noise") == {"yes", "no"}
    assert answers(FAMILY, case(noise=NOTED), "lead:baseline drift") == {"yes"}


def test_where_nobody_looked_nothing_is_asked() -> None:
    assert not asked(FAMILY, case(noise=None))
    assert asked(FAMILY, case(noise={}))["noise:any"].answer == "no"


def test_one_dead_lead_among_good_ones_is_found() -> None:
    def with_dead(*dead: str) -> Quality:
        return Quality({x: LeadQuality(0.0, fault="flat") if x in dead else LeadQuality(0.95) for x in LEADS})

    assert answers(FAMILY, case(measured=measured(quality=with_dead("V3"))), "lead:unreadable") == {"lead V3"}
    assert "lead:unreadable" not in all_asked(FAMILY, case(measured=measured(quality=with_dead("V3", "V4"))))
    assert "lead:unreadable" not in all_asked(FAMILY, case())
