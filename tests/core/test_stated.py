"""Figures that texts state, by a table read by hand; and which of them a measurement contradicts."""

import pytest

from einthoven.core.measurements import CORRECTIONS, FIGURES
from einthoven.core.stated import TOLERANCE, Stated, contradictions, stated_figures

Figures = dict[str, float]
HR, RR, P, PR, QRS, QT = "heart_rate_bpm", "rr_ms", "p_ms", "pr_ms", "qrs_ms", "qt_ms"
AXIS, P_AXIS, T_AXIS = "axis_deg.qrs", "axis_deg.p", "axis_deg.t"
QTC, BAZETT, FRIDERICIA = "qtc_ms", "qtc_ms.bazett", "qtc_ms.fridericia"

NAMED: list[tuple[str, Figures]] = [
    ("Heart rate 72 bpm.", {HR: 72}),
    ("Heart rate is 72 beats per minute", {HR: 72}),
    ("HR: 88bpm", {HR: 88}),
    ("hr=54", {HR: 54}),
    ("rate 110/min", {HR: 110}),
    ("The ventricular rate is about 150.", {HR: 150}),
    ("RATE 72 BPM", {HR: 72}),
    ("a pulse of 64 per minute", {HR: 64}),
    ("Sinus rate of 72,5 beats/min", {HR: 72.5}),
    ("RR interval 800 ms", {RR: 800}),
    ("RR 0.8 s", {RR: 800}),
    ("R-R interval: 750 ms", {RR: 750}),
    ("P wave duration 110 ms", {P: 110}),
    ("P duration of 0.11 s", {P: 110}),
    ("PR interval 160 ms", {PR: 160}),
    ("PR interval of 0.16 s", {PR: 160}),
    ("PR 0,16 s", {PR: 160}),
    ("PQ interval 180 milliseconds", {PR: 180}),
    ("The PR interval (160 ms) is normal", {PR: 160}),
    ("PR prolonged at 0.24 sec", {PR: 240}),
    ("PR interval is 160 not 200 ms", {PR: 160}),
    ("QRS duration 0.12 seconds", {QRS: 120}),
    ("QRS width of 140 msec", {QRS: 140}),
    ("The QRS complex is narrow at 80 ms", {QRS: 80}),
    ("QRS=92", {QRS: 92}),
    ("QT 400 ms", {QT: 400}),
    ("QT = 0,38 s", {QT: 380}),
    ("QT interval 1,000 ms", {QT: 1000}),
    ("QTc 440 ms", {QTC: 440}),
    ("prolonged QTc of 0.5 s", {QTC: 500}),
    ("corrected QT interval (QTc) of 440 ms", {QTC: 440}),
    ("QTc (Bazett) 460 ms", {BAZETT: 460}),
    ("QTcB 450", {BAZETT: 450}),
    ("QTcF 430 ms", {FRIDERICIA: 430}),
    ("QTc-F: 430 ms", {FRIDERICIA: 430}),
    ("QTc Fridericia 431 ms", {FRIDERICIA: 431}),
    ("QTc (Hodges) 420 ms, QTc Framingham 425 ms", {"qtc_ms.hodges": 420, "qtc_ms.framingham": 425}),
    ("QRS axis -30°", {AXIS: -30}),
    ("axis minus 45 degrees", {AXIS: -45}),
    ("The axis is +60", {AXIS: 60}),
    ("mean electrical axis of 75 deg", {AXIS: 75}),
    ("QRS axis 0°", {AXIS: 0}),
    ("left axis deviation (-45°)", {AXIS: -45}),
    ("P axis 50°, QRS axis 20°, T axis -10°", {P_AXIS: 50, AXIS: 20, T_AXIS: -10}),
    ("T-wave axis 200 degrees; P wave axis 45 degrees", {T_AXIS: 200, P_AXIS: 45}),
]  # fmt: skip

SEVERAL: list[tuple[str, Figures]] = [
    ("HR 60 bpm (RR 1000 ms)", {HR: 60, RR: 1000}),
    ("heart rate 72 bpm and PR 160 ms", {HR: 72, PR: 160}),
    ("QRS 90 ms with QTc 410 ms", {QRS: 90, QTC: 410}),
    ("QT interval 400 ms (QTc 420 ms)", {QT: 400, QTC: 420}),
    ("PR: 200ms, QRS: 90ms, QT: 380 ms, axis: 40°", {PR: 200, QRS: 90, QT: 380, AXIS: 40}),
    ("Sinus rhythm in leads V1 to V3, QTc of 420 ms at a rate of 72 bpm", {QTC: 420, HR: 72}),
    ("A 58-year-old man, rate 88 bpm", {HR: 88}),
    ("recorded 12/05/2020: PR 160 ms", {PR: 160}),
    ("PR interval 160 ms on 2020-05-12", {PR: 160}),
    ("paper speed 25 mm/s, rate 70", {HR: 70}),
    ("rate 72 and 3 premature beats", {HR: 72}),
    ("rate 72, 3 premature beats", {HR: 72}),
    ("QRS-T angle is 100°, QRS axis 30°", {AXIS: 30}),
]

NONE = [
    "", "Normal sinus rhythm.", "normal axis", "QRS, QT and PR are normal",
    "PR interval > 200 ms", "QRS < 120 ms", "QT less than 440 ms", "QRS of at least 120 ms", "rate above 100",
    "QTc not over 450 ms", "heart rate up to 90 bpm",  # bounds
    "PR between 120 and 200 ms", "PR 120-200 ms", "PR 120 to 200 ms", "rate 60-100/min", "P axis between 0 and 75°",
    "heart rate from 60 to 100 bpm",  # ranges
    "PR interval is not 200 ms",  # denied
    "QT/QTc: 380/410 ms", "axis: 45/30/60",  # which is which is not said
    "QRS-T angle 60 degrees", "PP interval 800 ms", "QRS voltage 2.5 mV", "PR depression of 0.5 mm",
    "QRS amplitude 12 mm", "heart rate variability 50 ms", "P-R-T axes 45 30 60",  # figures of something else
    "QRS in 12 leads", "ST elevation in leads II, III", "QRS notched in 3 leads", "rate normal in V1",
    "rate control, age 72 years", "A 58-year-old with a regular rate", "heart rate normal for 72 years",
    "The rate was normal on 12 May 2020", "heart rate normal, 2021", "QRS as on 12/05/2020", "PR as on 2020-05-12",
    "I rate this 5 out of 10", "QRS normal. 120 ms is the limit", "PR 0.16", "QRS 0.09", "60 bpm", "160 ms",
]  # fmt: skip

OF_SOMETHING_ELSE: list[tuple[str, Figures]] = [
    ("atrial rate 300 bpm", {}),
    ("atrial rate 300, ventricular rate 150", {HR: 150}),
    ("respiratory rate 16", {}),
    ("sampling rate 500 Hz", {}),
    ("QT dispersion 60 ms", {}),
    ("PR segment 80 ms", {}),
    ("heart rate of a 72 year old", {}),
    ("axis from -30 to +90", {}),
    ("axis -30 to +90", {}),
    ("corrected QT 440 ms", {QTC: 440}),
    ("corrected QT interval of 440 ms", {QTC: 440}),
]
"""Texts whose number belongs to something that only looks like the figure."""


def _figures(text: str, question: str = "") -> Figures:
    found = stated_figures(text, question)
    assert len({one.figure for one in found}) == len(found)
    return {one.figure: one.value for one in found}


def test_the_tables_are_large_and_no_text_stands_twice() -> None:
    texts = [text for text, _ in NAMED + SEVERAL + OF_SOMETHING_ELSE] + NONE
    assert len(set(texts)) == len(texts) >= 40
    assert {figure for _, said in NAMED for figure in said} == {*FIGURES, "qtc_ms"}, "every figure can be stated"


@pytest.mark.parametrize(("text", "said"), NAMED)
def test_a_named_figure(text: str, said: Figures) -> None:
    assert _figures(text) == pytest.approx(said)


@pytest.mark.parametrize(("text", "said"), SEVERAL)
def test_several_figures_and_other_numbers(text: str, said: Figures) -> None:
    assert _figures(text) == pytest.approx(said)


@pytest.mark.parametrize("text", NONE)
def test_what_states_no_figure(text: str) -> None:
    assert _figures(text) == {}


@pytest.mark.parametrize(("text", "said"), OF_SOMETHING_ELSE)
def test_what_is_a_figure_of_something_else(text: str, said: Figures) -> None:
    assert _figures(text) == pytest.approx(said)


def test_a_number_is_not_given_to_the_wrong_one_of_two_names() -> None:
    assert _figures("QRS and QT are 90 and 400 ms") in ({}, {QRS: 90, QT: 400})


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        ("160", "What is the PR interval?", {PR: 160}),
        ("160 ms", "What is the PR interval in ms?", {PR: 160}),
        ("0.16 s", "How long is the PR interval?", {PR: 160}),
        ("0,16 s", "How long is the PR interval?", {PR: 160}),
        ("about 72 bpm", "What is the heart rate?", {HR: 72}),
        ("-30", "What is the QRS axis?", {AXIS: -30}),
        ("440", "What is the QTc (Bazett)?", {BAZETT: 440}),
        ("440 ms", "What is the QTc?", {QTC: 440}),
        ("PR 160 ms", "What is the heart rate?", {PR: 160}),  # what is named goes by its name
        ("The QRS is 90 ms", "What is the PR interval?", {QRS: 90}),
        ("72", "What are PR interval and heart rate?", {}),  # of two it is not known which
        ("72", "Is the rhythm regular?", {}),
        ("yes", "What is the PR interval?", {}),
        ("120-200", "What is the PR interval?", {}),
        ("> 100", "What is the heart rate?", {}),
        ("0.16", "What is the PR interval?", {}),
        ("72 or 84", "What is the heart rate?", {}),
        ("160 ms", "", {}),
    ],
)
def test_a_bare_number_is_what_the_question_names(text: str, question: str, said: Figures) -> None:
    assert _figures(text, question) == pytest.approx(said)


@pytest.mark.parametrize("figure", FIGURES)
def test_the_edge_of_every_tolerance(figure: str) -> None:
    tolerance, measured = TOLERANCE[figure.partition(".")[0]], {figure: 100.0}
    for sign in (-1, 1):
        assert contradictions([Stated(figure, 100 + sign * tolerance)], measured) == ()
        assert len(contradictions([Stated(figure, 100 + sign * (tolerance + 0.1))], measured)) == 1


@pytest.mark.parametrize(
    ("stated_deg", "measured_deg", "contradicts"),
    [
        (170, -170, False),  # 20 degrees apart
        (-175, 175, False),
        (180, -180, False),
        (165, -165, False),  # 30: the tolerance itself
        (164, -165, True),  # 31
        (350, -10, False),
        (200, -160, False),
        (0, 180, True),
        (-90, 90, True),
        (-30, 1, True),
        (-30, 0, False),
    ],
)
@pytest.mark.parametrize("figure", [AXIS, P_AXIS, T_AXIS])
def test_axes_are_compared_around_the_circle(
    figure: str, stated_deg: float, measured_deg: float, contradicts: bool
) -> None:
    assert bool(contradictions([Stated(figure, stated_deg)], {figure: measured_deg})) == contradicts


def test_only_axes_go_around() -> None:
    assert contradictions([Stated(HR, 400.0)], {HR: 40.0})


def test_a_qtc_without_formula_must_be_far_from_all_four() -> None:
    measured: dict[str, float | None] = dict(
        zip((f"qtc_ms.{name}" for name in CORRECTIONS), (500, 464, 455, 459), strict=True)
    )
    assert contradictions([Stated(QTC, 415.0)], measured) == ()  # 40 from Framingham's
    assert contradictions([Stated(QTC, 540.0)], measured) == ()  # 40 from Bazett's
    assert len(contradictions([Stated(QTC, 414.0)], measured)) == 1
    assert "measured as 455 ms" in contradictions([Stated(QTC, 414.0)], measured)[0], "the nearest is named"
    assert contradictions([Stated(BAZETT, 455.0)], measured), "with its formula it is compared with that alone"
    assert contradictions([Stated(QTC, 414.0)], {name: None for name in measured}) == ()


def test_what_was_not_measured_contradicts_nothing() -> None:
    assert contradictions([Stated(HR, 300.0)], {}) == contradictions([Stated(HR, 300.0)], {HR: None}) == ()
    assert contradictions([], {HR: 72.0}) == ()


def test_each_contradiction_is_a_line_of_its_own_in_the_order_of_the_text() -> None:
    said = stated_figures("PR 160 ms, heart rate 120 bpm, QRS axis -60°, QRS 92 ms")
    lines = contradictions(said, {HR: 72.4, PR: 210.0, QRS: 95.0, AXIS: 10.0})
    assert lines == (
        "PR is said to be 160 ms and was measured as 210 ms (tolerance 20 ms)",
        "heart rate is said to be 120 bpm and was measured as 72 bpm (tolerance 5 bpm)",
        "QRS axis is said to be -60 ° and was measured as 10 ° (tolerance 30 °)",
    )
