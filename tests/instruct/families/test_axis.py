"""The axis is asked from what was measured, away from borders, and only where no label contradicts it."""

import pytest

from einthoven.core.findings import FINDINGS
from einthoven.core.measurements import Amplitudes, LeadQuality, Quality
from einthoven.instruct.families.axis import AXIS as FAMILY
from tests.instruct.cases import amplitudes, measured
from tests.instruct.families.asked import asked
from tests.instruct.families.labelled import PTBXL, check_labelled, of


def _of(degrees: float | None, *codes: str, stated: object = PTBXL) -> object:
    return of(*codes, stated=stated, measured=measured(figures={"axis_deg.qrs": degrees}, limits={}))  # type: ignore[arg-type]


def _asked(degrees: float | None, *codes: str, stated: object = PTBXL) -> dict[str, object]:
    found = asked(FAMILY, _of(degrees, *codes, stated=stated))  # type: ignore[arg-type]
    return {key: one.answer for key, one in found.items()}


def test_every_question_of_many_cases_is_sound() -> None:
    check_labelled(FAMILY)


@pytest.mark.parametrize(
    ("degrees", "name", "codes"),
    [(41, "normal axis", ()), (-50, "left axis deviation", ("LAFB",)), (120, "right axis deviation", ("LPFB",))],
)
def test_class_and_side_follow_the_angle(degrees: float, name: str, codes: tuple[str, ...]) -> None:
    found = _asked(degrees, *codes)
    assert found["axis:class"] == found["axis:choice"] == name
    assert found.get("axis:side") == (None if name == "normal axis" else name.split()[0])


def test_an_extreme_axis_is_neither_left_nor_right() -> None:
    found = _asked(-130, stated=("SR",))
    assert found["axis:class"] == "extreme axis deviation" and "axis:side" not in found


@pytest.mark.parametrize("degrees", [-26, -34, 87, 94, -88, 178])
def test_near_a_border_no_class_is_asked(degrees: float) -> None:
    assert not {"axis:class", "axis:choice", "axis:side"} & _asked(degrees, stated=("SR",)).keys()


def test_nothing_is_asked_where_labels_contradict_or_nothing_was_measured() -> None:
    assert not _asked(41, "LAD", stated=FINDINGS)
    assert not _asked(None)
    assert not _asked(-50, stated=FINDINGS), "the source states left axis deviation, and not here"


def _leads(degrees: float, **changed: Amplitudes) -> dict[str, object]:
    seen = measured(figures={"axis_deg.qrs": degrees}, limits={}, amplitudes_mv=amplitudes(**changed))
    return {key: one.answer for key, one in asked(FAMILY, of(stated=("SR",), measured=seen)).items() if "lead" in key}


def test_leads_are_positive_or_negative_where_amplitudes_and_axis_agree() -> None:
    down = Amplitudes(r=0.1, s=-0.9, q=0.0)
    assert _leads(41) == {"axis:lead_I": "mainly positive", "axis:lead_aVF": "mainly positive"}
    assert _leads(-50, aVF=down) == {"axis:lead_I": "mainly positive", "axis:lead_aVF": "mainly negative"}
    assert _leads(120, I=down) == {"axis:lead_I": "mainly negative", "axis:lead_aVF": "mainly positive"}
    assert _leads(-50) == {"axis:lead_I": "mainly positive"}, "aVF is up, the axis says down"
    assert _leads(8) == {"axis:lead_I": "mainly positive"}, "aVF is nearly at a right angle"


@pytest.mark.parametrize("one", [Amplitudes(0.5, -0.4, 0.0), Amplitudes(0.2, 0.0, 0.0), Amplitudes(0.9, None, 0.0)])
def test_a_lead_without_a_clear_direction_is_not_asked(one: Amplitudes) -> None:
    assert _leads(41, I=one) == {"axis:lead_aVF": "mainly positive"}


def test_a_lead_that_cannot_be_read_is_not_asked() -> None:
    seen = measured(quality=Quality({"I": LeadQuality(0.2)}))
    assert "axis:lead_I" not in asked(FAMILY, of(measured=seen)) and "axis:lead_aVF" in asked(FAMILY, of(measured=seen))


def test_what_intervals_and_findings_ask_is_not_asked_again() -> None:
    for degrees in (41, -50, 120):
        assert (
            not {f"axis:{name}" for name in ("degrees", "blank", "normal", "left", "right")}
            & _asked(degrees, stated=("SR",)).keys()
        )
