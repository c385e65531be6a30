"""What families that ask for measured things share: sure findings and figures, names of figures, yes/no and letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from einthoven.core.measurements import CORRECTIONS, Amplitudes, Measurements
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts, confident_figure
from einthoven.instruct.family import Asked

YES_NO = ("yes", "no")
ONE_RATE_BPM = 5  # nearer than this median and mean cycle tell the same rate
READABLE = 0.6  # score of a lead from which its voltages are asked for
# What nobody can read where T waves are not to be seen: flutter waves and fast wide complexes run through them.
HIDES_T = frozenset(("AFLT", "VTACH", "VFIB"))
WITH_T = ("qt_ms", "axis_deg.t", *(f"qtc_ms.{name}" for name in CORRECTIONS))
# A figure that no finding speaks of, and the one without which it is not to be trusted.
BESIDE = {
    "rr_ms": "heart_rate_bpm", "p_ms": "pr_ms", "qtc_ms.framingham": "qtc_ms.fridericia",
    "qtc_ms.hodges": "qtc_ms.fridericia", "axis_deg.p": "pr_ms", "axis_deg.t": "axis_deg.qrs",
}  # fmt: skip


@dataclass(frozen=True)
class Spoken:
    """How a figure is spoken of, after "the"; tolerance: nearer to a border than this nothing is asked."""

    words: str
    unit: str  # as it stands behind the number
    units: str  # in a question
    tolerance: float


SPOKEN: Mapping[str, Spoken] = {
    "heart_rate_bpm": Spoken("heart rate", "bpm", "bpm", 3),
    "rr_ms": Spoken("RR interval", "ms", "ms", 20),
    "p_ms": Spoken("P wave duration", "ms", "ms", 10),
    "pr_ms": Spoken("PR interval", "ms", "ms", 10),
    "qrs_ms": Spoken("QRS duration", "ms", "ms", 10),
    "qt_ms": Spoken("QT interval", "ms", "ms", 20),
    "qtc_ms.bazett": Spoken("QTc by Bazett's formula", "ms", "ms", 20),
    "qtc_ms.fridericia": Spoken("QTc by Fridericia's formula", "ms", "ms", 20),
    "qtc_ms.framingham": Spoken("QTc by the Framingham formula", "ms", "ms", 20),
    "qtc_ms.hodges": Spoken("QTc by Hodges' formula", "ms", "ms", 20),
    "axis_deg.p": Spoken("frontal P axis", "°", "degrees", 10),
    "axis_deg.qrs": Spoken("frontal QRS axis", "°", "degrees", 10),
    "axis_deg.t": Spoken("frontal T axis", "°", "degrees", 10),
}


def trusted(case: Case, known: Facts) -> dict[str, float]:
    """Return the figures that may be asked for: sure, and contradicted by no finding; the rest stand by these."""
    single = with_single_rate(case.measured) if case.measured else {}
    hidden = WITH_T if HIDES_T.intersection((*known.there, *known.open)) else ()
    found = {name: value for name, value in known.figures.items() if single.get(name) is not None}
    for name, beside in BESIDE.items():
        if beside in found and (value := confident_figure(case, name)) is not None:
            found[name] = value
    return {name: found[name] for name in SPOKEN if name in found and name not in hidden}


def with_single_rate(measured: Measurements) -> dict[str, float | None]:
    """Return the figures, without rate and what hangs on it where median and mean cycle give different rates.

    So it is with bigeminy, dropped beats and some fibrillation: people would count another rate.
    """
    rate, mean = measured.figures.get("heart_rate_bpm"), measured.rhythm.mean_bpm
    if rate is None or mean is None or abs(rate - mean) <= ONE_RATE_BPM:
        return dict(measured.figures)
    by_rate = ("heart_rate_bpm", "rr_ms", *(f"qtc_ms.{name}" for name in CORRECTIONS))
    return {name: None if name in by_rate else value for name, value in measured.figures.items()}


def readable(case: Case) -> dict[str, Amplitudes]:
    """Return lead -> amplitudes of the leads that can be read without doubt."""
    if case.measured is None:
        return {}
    seen = case.measured.quality.leads
    return {
        lead: one
        for lead, one in case.measured.amplitudes_mv.items()
        if (how := seen.get(lead)) is None or (how.fault is None and how.score >= READABLE)
    }


def with_unit(value: float, unit: str) -> str:
    """Return a figure as it is written: whole ms, bpm and degrees.

    >>> with_unit(161.8, "ms"), with_unit(-34.6, "°"), with_unit(-0.2, "°")
    ('162 ms', '-35°', '0°')
    """
    whole = str(round(value))
    return f"{whole}{unit}" if unit == "°" else f"{whole} {unit}"


def yes_no(key: str, template: str, question: str, yes: bool, about: str | None = None) -> Asked:
    return Asked(key, "feature", "closed", template, question, YES_NO[0] if yes else YES_NO[1], YES_NO, about=about)


def choice(key: str, template: str, question: str, options: Sequence[str], answer: str) -> Asked:
    """Return a question with lettered options, in this order; the answer is said with its letter."""
    lines = [f"{letter}. {option}" for letter, option in zip("ABCDEFGH", options, strict=False)]
    said = lines[list(options).index(answer)]
    return Asked(key, "feature", "choice", template, "\n".join((question, *lines)), answer, tuple(options), said=said)


def among(leads: Sequence[str], showing: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return leads as options, those of them that show something, and how these are said."""
    held = tuple(f"lead {lead}" for lead in leads if lead in showing)
    return tuple(f"lead {lead}" for lead in leads), held, ", ".join(held) if held else "none"
