"""What the machine says: each rule by a case on either side of its limit, and the verdict that follows."""

from typing import Any

import pytest

from einthoven.core.ecg import Person
from einthoven.core.measurements import Amplitudes, Measurements, Quality, Rhythm
from einthoven.measure.limits import limits
from einthoven.render.statements import statements_of

SOUND = {
    "heart_rate_bpm": 70.0, "rr_ms": 857.0, "p_ms": 100.0, "pr_ms": 160.0, "qrs_ms": 90.0, "qt_ms": 380.0,
    "qtc_ms.bazett": 410.0, "axis_deg.p": 50.0, "axis_deg.qrs": 40.0, "axis_deg.t": 45.0,
}  # fmt: skip
LIMB, CHEST = ("I", "II", "III", "aVR", "aVL", "aVF"), ("V1", "V2", "V3", "V4", "V5", "V6")


def _measured(
    person: Person | None = None,
    amplitudes: dict[str, Amplitudes] | None = None,
    reversal: str | None = None,
    **more: Any,
) -> Measurements:
    """A sound ECG but for what is stated: rhythm=..., or figures by name with a double underscore for the dot."""
    rhythm = more.pop("rhythm", Rhythm(regular=True))
    figures = SOUND | {name.replace("__", "."): value for name, value in more.items()}
    found = limits(figures, amplitudes or {}, person or Person("7", 50.0, "male"))
    return Measurements(
        figures,
        rhythm=rhythm,
        limits=found,
        amplitudes_mv=amplitudes or {},
        quality=Quality(suspected_reversal=reversal),
    )


def _high(leads: tuple[str, ...], swing_mv: float) -> dict[str, Amplitudes]:
    return {lead: Amplitudes(r=swing_mv * 0.75, s=-swing_mv * 0.25) for lead in leads}


CASES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ("Normal sinus rhythm", "Normal ECG")),
    ({"heart_rate_bpm": 44.0}, ("Sinus bradycardia", "Otherwise normal ECG")),
    ({"heart_rate_bpm": 48.0}, ("Normal sinus rhythm", "Normal ECG")),
    ({"heart_rate_bpm": 120.0}, ("Sinus tachycardia", "Otherwise normal ECG")),
    ({"pr_ms": 230.0}, ("Normal sinus rhythm", "First degree AV block", "Otherwise normal ECG")),
    ({"pr_ms": 212.0}, ("Normal sinus rhythm", "Normal ECG")),
    ({"pr_ms": 100.0}, ("Normal sinus rhythm", "Short PR interval", "Otherwise normal ECG")),
    ({"qrs_ms": 130.0}, ("Normal sinus rhythm", "Nonspecific intraventricular conduction delay", "Abnormal ECG")),
    ({"qrs_ms": 119.0}, ("Normal sinus rhythm", "Normal ECG")),
    ({"axis_deg__qrs": -45.0}, ("Normal sinus rhythm", "Left axis deviation", "Borderline ECG")),
    ({"axis_deg__qrs": 110.0}, ("Normal sinus rhythm", "Right axis deviation", "Borderline ECG")),
    ({"axis_deg__qrs": -120.0}, ("Normal sinus rhythm", "Right superior axis deviation", "Abnormal ECG")),
    ({"qtc_ms__bazett": 455.0}, ("Normal sinus rhythm", "Prolonged QT", "Abnormal ECG")),
    ({"qtc_ms__bazett": 455.0, "person": Person("7", 50.0, "female")}, ("Normal sinus rhythm", "Normal ECG")),
    ({"rhythm": Rhythm(regular=False)}, ("Sinus rhythm with sinus arrhythmia", "Otherwise normal ECG")),
    ({"rhythm": Rhythm(regular=None)}, ("Sinus rhythm", "Normal ECG")),
    ({"rhythm": Rhythm(regular=False), "pr_ms": None}, ("Irregular rhythm, no P waves found", "Abnormal ECG")),
    ({"rhythm": Rhythm(regular=True), "pr_ms": None}, ("Regular rhythm, no P waves found", "Abnormal ECG")),
    ({"rhythm": Rhythm(regular=None), "pr_ms": None}, ("Undetermined rhythm", "Borderline ECG")),
    (
        {"axis_deg__p": -60.0},
        ("Unusual P axis, possible ectopic atrial rhythm", "Abnormal ECG"),
    ),
    (
        {"rhythm": Rhythm(regular=True, premature_beats_s=(1.0,))},
        ("Normal sinus rhythm", "Premature beat", "Otherwise normal ECG"),
    ),
    (
        {"rhythm": Rhythm(regular=True, pacing_spikes_s=(1.0,)), "qrs_ms": 180.0},
        ("Pacemaker spikes found", "Abnormal ECG"),
    ),
    ({"amplitudes": _high(LIMB, 0.45)}, ("Normal sinus rhythm", "Low voltage QRS in limb leads", "Borderline ECG")),
    ({"amplitudes": _high(LIMB, 0.55)}, ("Normal sinus rhythm", "Normal ECG")),
    ({"amplitudes": _high(LIMB[:5], 0.45)}, ("Normal sinus rhythm", "Normal ECG")),
    ({"amplitudes": _high(CHEST, 0.95)}, ("Normal sinus rhythm", "Low voltage QRS in chest leads", "Borderline ECG")),
    ({"amplitudes": _high(LIMB + CHEST, 0.45)}, ("Normal sinus rhythm", "Low voltage QRS", "Borderline ECG")),
    (
        {"amplitudes": dict.fromkeys(("II", "aVF"), Amplitudes(r=1.0, st_j=0.2))},
        ("Normal sinus rhythm", "ST elevation in inferior leads", "Abnormal ECG"),
    ),
    (
        {"amplitudes": dict.fromkeys(("V4", "V5"), Amplitudes(r=1.0, st_j=-0.1, st_j80=-0.12))},
        ("Normal sinus rhythm", "ST depression in anterior leads", "Abnormal ECG"),
    ),
    (
        {"amplitudes": dict.fromkeys(("V4", "V5"), Amplitudes(r=1.0, st_j=-0.1, st_j80=-0.02))},
        ("Normal sinus rhythm", "Normal ECG"),
    ),
    ({"axis_deg__p": -20.0}, ("Normal sinus rhythm", "Normal ECG")),
    ({"amplitudes": {"II": Amplitudes(r=1.0, st_j=0.2)}}, ("Normal sinus rhythm", "Normal ECG")),
    (
        {"reversal": "lead I is upside down against V6: the cables of the arms may be exchanged", "axis_deg__p": 130.0,
         "axis_deg__qrs": 140.0},
        ("Normal sinus rhythm", "Suspect arm lead reversal", "Abnormal ECG"),
    ),
    (
        {"reversal": "lead II is nearly flat: the right leg's cable may be on a limb that II is taken from"},
        ("Normal sinus rhythm", "Suspect limb lead reversal", "Abnormal ECG"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "said"), CASES)
def test_each_rule(stated: dict[str, Any], said: tuple[str, ...]) -> None:
    assert statements_of(_measured(**stated)) == said


def test_a_wide_qrs_leaves_qt_and_st_unsaid() -> None:
    raised = dict.fromkeys(("II", "aVF"), Amplitudes(r=1.0, st_j=0.2))
    said = statements_of(_measured(qrs_ms=150.0, qtc_ms__bazett=500.0, amplitudes=raised))
    assert said == ("Normal sinus rhythm", "Nonspecific intraventricular conduction delay", "Abnormal ECG")


def test_no_verdict_without_limits() -> None:
    child = _measured(person=Person("7", 4.0, "male"), heart_rate_bpm=130.0, pr_ms=230.0)
    assert statements_of(child) == ("Sinus rhythm",)


def test_nothing_is_said_where_no_beat_was_found() -> None:
    assert statements_of(Measurements(dict.fromkeys(SOUND, None))) == ()


def test_the_worst_finding_decides() -> None:
    assert statements_of(_measured(heart_rate_bpm=44.0, axis_deg__qrs=-45.0))[-1] == "Borderline ECG"
    assert (
        statements_of(_measured(heart_rate_bpm=44.0, axis_deg__qrs=-45.0, qtc_ms__bazett=480.0))[-1] == "Abnormal ECG"
    )
