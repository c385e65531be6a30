"""Waves and beats are asked where findings and measurement agree, with their times and numbers."""

from dataclasses import replace

from einthoven.core.measurements import Rhythm
from einthoven.instruct.families.waves import WAVES as FAMILY
from tests.instruct.cases import case, measured, waves
from tests.instruct.families.asked import SPLITS, all_asked, answers, asked, check, check_wordings, made_cases


def test_every_question_of_many_cases_is_sound() -> None:
    check(FAMILY, [*(case(split=split) for split in SPLITS), *made_cases()])
    check_wordings(FAMILY)


def test_beats_are_counted_and_timed() -> None:
    found = asked(FAMILY, case())
    assert found["waves:count"].answer == "12"
    assert found["waves:onset"].answer == "0.40 s"
    assert found["waves:first"].answer == "P wave"
    for one in all_asked(FAMILY, case())["waves:peak"]:
        nth = ("first", "second", "third", "fourth", "fifth", "sixth").index(
            next(
                word for word in one.question.replace(":", " ").split() if word.endswith(("th", "first", "ond", "ird"))
            )
        )
        assert one.answer == f"{0.44 + 0.8 * nth:.2f} s"


def test_a_complex_that_is_cut_off_is_not_counted() -> None:
    cut = [replace(wave, on_s=None) if place == 1 else wave for place, wave in enumerate(waves())]
    assert "waves:count" not in asked(FAMILY, case(measured=measured(waves={"II": cut})))


def test_p_before_qrs_needs_both_the_rhythm_and_the_measurement() -> None:
    assert asked(FAMILY, case())["waves:p_before"].answer == "yes"
    none = measured(figures={"pr_ms": None})
    assert asked(FAMILY, case(found={"AFIB": None}, measured=none))["waves:p_before"].answer == "no"
    assert "waves:p_before" not in asked(FAMILY, case(found={"AFIB": None}))
    assert "waves:p_before" not in asked(FAMILY, case(measured=none))
    assert "waves:p_before" not in asked(FAMILY, case(found={"AFIB": 50.0}, measured=none))


def test_polarity_of_t_is_asked_both_ways() -> None:
    assert answers(FAMILY, case(), "waves:t_points") == {"upright", "inverted"}
    for one in all_asked(FAMILY, case())["waves:t_points"]:
        assert (one.answer == "inverted") == ("aVR" in one.question)


def test_spikes_need_the_label_and_the_measurement() -> None:
    seen = measured(rhythm=Rhythm(pacing_spikes_s=(0.3, 1.1)))
    assert asked(FAMILY, case())["waves:spikes"].answer == "no"
    assert asked(FAMILY, case(found={"PACE": None}, measured=seen))["waves:spikes"].answer == "yes"
    assert "waves:spikes" not in asked(FAMILY, case(measured=seen))
    assert "waves:spikes" not in asked(FAMILY, case(found={"PACE": None}))
    assert "waves:spikes" not in asked(FAMILY, case(stated=frozenset({"NORM", "SR"})))
    coarse = measured(reasons={"pacing_spikes_s": "the sampling rate is too low to see a spike"})
    assert "waves:spikes" not in asked(FAMILY, case(measured=coarse))


def test_premature_beats_need_the_label_and_the_measurement() -> None:
    two = measured(rhythm=Rhythm(premature_beats_s=(3.14, 7.2)))
    found = asked(FAMILY, case(found={"SR": None, "PVC": 100.0}, measured=two))
    assert found["waves:early"].answer == "yes"
    assert found["waves:early_count"].answer == "2"
    assert found["waves:early_time"].answer == "3.1 s"
    assert asked(FAMILY, case())["waves:early"].answer == "no"
    assert "waves:early" not in asked(FAMILY, case(measured=two))
    assert "waves:early" not in asked(FAMILY, case(found={"SR": None, "PVC": 100.0}))
    assert "waves:early" not in asked(FAMILY, case(found={"SR": None, "PVC": 50.0}))
    assert "waves:early" not in asked(FAMILY, case(stated=frozenset({"NORM", "SR"})))
