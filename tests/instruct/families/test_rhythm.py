"""The rhythm is named where one is certain; fibrillation, pacing, early beats and regularity only if labels agree."""

import pytest

from einthoven.core.measurements import Rhythm
from einthoven.instruct.families.rhythm import RHYTHM as FAMILY
from tests.instruct.cases import measured
from tests.instruct.families.asked import answers, asked
from tests.instruct.families.labelled import check_labelled, of, said


def test_every_question_of_many_cases_is_sound() -> None:
    check_labelled(FAMILY)


def test_the_rhythm_is_named_in_every_form() -> None:
    found = asked(FAMILY, of("AFIB"))
    for key in ("rhythm:name", "rhythm:choice", "rhythm:list", "rhythm:blank", "rhythm:flutter"):
        assert found[key].answer == "atrial fibrillation"
    assert said(found["rhythm:blank"]).endswith("atrial fibrillation.")
    assert asked(FAMILY, of("SR", "SBRAD"))["rhythm:name"].answer == "sinus bradycardia"
    assert not {"rhythm:name", "rhythm:choice"} & asked(FAMILY, of("SR", uncertain=("AFLT",))).keys()
    assert "rhythm:choice" not in asked(FAMILY, of("SR", "PACE"))


def test_sinus_flutter_and_what_drives_the_heart() -> None:
    assert asked(FAMILY, of("STACH"))["rhythm:is_sinus"].answer == "yes"
    assert asked(FAMILY, of("AFLT"))["rhythm:is_sinus"].answer == "no"
    assert "rhythm:is_sinus" not in asked(FAMILY, of("PVC"))
    assert asked(FAMILY, of("SR"))["rhythm:flutter"].answer == "neither"
    assert "rhythm:flutter" not in asked(FAMILY, of("AFIB", "AFLT"))


@pytest.mark.parametrize(
    ("codes", "source"),
    [(("STACH",), "the sinus node"), (("AFLT",), "the atria"), (("PACE",), "a pacemaker"),
     (("VTACH",), "the ventricles"), (("JUNC",), "the AV junction"),
     (("SR", "3AVB"), None), (("SVTAC",), None), (("SR", "PACE"), None), (("SR", "VTACH"), None)],
)  # fmt: skip
def test_what_drives_the_heart_is_asked_where_labels_name_one_source(
    codes: tuple[str, ...], source: str | None
) -> None:
    assert answers(FAMILY, of(*codes), "rhythm:driver") == ({source} if source else set())


def test_a_paced_rhythm_fills_no_blank() -> None:
    found = asked(FAMILY, of("PACE"))
    assert found["rhythm:name"].answer == "paced rhythm" and "rhythm:blank" not in found


def test_spikes_and_doubt_leave_the_driver_open() -> None:
    spikes = measured(rhythm=Rhythm(pacing_spikes_s=(1.0, 2.0)))
    assert "rhythm:driver" not in asked(FAMILY, of("SR", measured=spikes))
    assert "rhythm:driver" not in asked(FAMILY, of("SR", uncertain=("AFLT",)))
    assert "rhythm:driver" not in asked(FAMILY, of("SR", stated=("SR",)))


def test_early_beats_and_where_they_come_from() -> None:
    assert answers(FAMILY, of("SR", "PVC"), "rhythm:origin") == {"ventricular"}
    assert answers(FAMILY, of("SR", "PAC"), "rhythm:origin") == {"supraventricular"}
    assert answers(FAMILY, of("SR", "PVC", "PAC"), "rhythm:origin") == {"both"}
    assert not answers(FAMILY, of("SR", "PVC", uncertain=("PAC",)), "rhythm:origin")
    assert asked(FAMILY, of("SR", "BIGU"))["rhythm:early"].answer == "yes"
    assert asked(FAMILY, of("SR"))["rhythm:early"].answer == "no"
    early = measured(rhythm=Rhythm(premature_beats_s=(1.0,)))
    assert "rhythm:early" not in asked(FAMILY, of("SR", measured=early))


@pytest.mark.parametrize(
    ("codes", "regular", "answer"),
    [(("SR",), True, "regular"), (("SR",), False, None), (("AFIB",), False, "irregular"), (("AFIB",), True, None),
     (("AFLT",), True, None), (("SR", "PVC"), False, "irregular")],
)  # fmt: skip
def test_regularity_is_asked_where_measurement_and_labels_agree(
    codes: tuple[str, ...], regular: bool, answer: str | None
) -> None:
    found = asked(FAMILY, of(*codes, measured=measured(rhythm=Rhythm(regular=regular))))
    assert (found["rhythm:regular"].answer if "rhythm:regular" in found else None) == answer
