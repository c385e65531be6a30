"""From stated findings and a patient to two plans: one for the rhythm, one for the form of the waves."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from einthoven.records import simulate_findings as vocabulary
from einthoven.records.simulate_findings import Age, Finding
from einthoven.records.simulate_patient import Patient
from einthoven.records.simulate_rhythm import Pattern, RhythmPlan

Dice = Callable[..., np.random.Generator]  # a generator by name, so that one finding moves no other


@dataclass(frozen=True)
class Infarct:
    """Where (`territory`), how old, and how large (1 is the mean) an infarction is."""

    code: str
    territory: str
    age: Age
    size: float


@dataclass(frozen=True)
class HeartPlan:
    """What shapes the waves. `codes` are those that change loops; an axis of None is the patient's own."""

    codes: frozenset[str]
    infarcts: tuple[Infarct, ...]
    p_ms: float
    qrs_ms: float
    qtc_ms: float
    axis_deg: float | None = None
    first_axis_deg: float | None = None  # of the forces before those of a late right ventricle
    qt_ms: float | None = None


# How often an infarction of unstated age is drawn hyperacute, acute, evolving or old.
AGE_SHARES = {"ANEUR": (0.0, 0.0, 0.0, 1.0), "other": (0.02, 0.06, 0.12, 0.80)}


def settle(findings: tuple[Finding, ...], dice: Dice) -> tuple[Finding, ...]:
    """Draw what a finding leaves open: the age of an infarction, the kind of pacing, block, ion or premature beat."""
    codes = {one.code for one in findings}
    settled: list[Finding] = []
    for one in findings:
        if one.code in vocabulary.INFARCTS and one.age is None:
            shares = AGE_SHARES["ANEUR" if one.code == "ANEUR" else "other"]
            age = vocabulary.AGES[int(dice("age", one.code).choice(4, p=shares))]
            one = Finding(one.code, age)
        settled.append(one)
    extra: list[str] = []
    if "PACE" in codes:
        extra.append(_kind_of_pacing(codes, dice("PACE")))
    if "EL" in codes and not codes & {"HYPERK", "HYPOK", "HYPERCA", "HYPOCA"}:
        extra.append(str(dice("EL").choice(["HYPERK", "HYPOK", "HYPERCA", "HYPOCA"])))
    if "2AVB" in codes:
        extra.append(str(dice("2AVB").choice(["MOBITZ1", "MOBITZ2"])))
    if "PRC(S)" in codes and not codes & {"PAC", "PVC"}:
        extra.append(str(dice("PRC(S)").choice(["PAC", "PVC"])))
    return (*settled, *(Finding(code) for code in extra))


def _kind_of_pacing(codes: set[str], random: np.random.Generator) -> str:
    if codes & {"AFIB", "AFLT", "3AVB"}:
        return "VPACE"
    if codes & set(vocabulary.OF_CONDUCTED):
        return "APACE"
    return str(random.choice(["VPACE", "DPACE", "APACE"], p=[0.6, 0.25, 0.15]))


_RATES = {"SBRAD": (42, 58), "STACH": (102, 140), "AFLT": (60, 150), "SVTAC": (150, 210), "JUNC": (40, 62),
          "VTACH": (130, 200), "VESC": (28, 42), "SVARR": (60, 100), "PACE": (60, 80)}  # fmt: skip


def rhythm_plan(codes: frozenset[str], person: Patient, dice: Dice, today: np.random.Generator) -> RhythmPlan:
    """Return how this heart beats with these findings; its rate is that of the day."""
    random = dice("rhythm")
    plan = RhythmPlan(
        rate_bpm=float(np.clip(person.rate_bpm * np.exp(0.06 * today.standard_normal()), 51, 98)),
        swing=float(np.clip(0.027 * np.exp(0.65 * random.standard_normal()), 0.004, 0.10)),
        pr_ms=person.pr_ms,
        escape_bpm=float(random.uniform(38, 52)),
    )
    if "NORM" not in codes:  # ill hearts conduct a little later and beat a little faster, and differ more
        faster = plan.rate_bpm * np.exp(0.06 + 0.10 * today.standard_normal())
        later_ms = plan.pr_ms + 5 + 14 * dice("ill", "PR").standard_normal()
        plan = replace(plan, rate_bpm=float(np.clip(faster, 51, 99)), pr_ms=float(np.clip(later_ms, 118, 199)))
    for code, (low, high) in _RATES.items():
        if code in codes:
            plan = replace(plan, rate_bpm=float(today.uniform(low, high)))
    if "SARRH" in codes:
        plan = replace(plan, swing=float(random.uniform(0.12, 0.20)), rate_bpm=min(plan.rate_bpm, 85.0))
    if "SVARR" in codes:
        plan = replace(plan, mechanism="wandering", swing=float(random.uniform(0.15, 0.22)))
    plan = _with_focus(plan, codes, dice, today)
    plan = _with_block(plan, codes, dice)
    return replace(_with_pacing(plan, codes, dice("pacing")), premature=_premature(codes, dice("premature")))


def _with_focus(plan: RhythmPlan, codes: frozenset[str], dice: Dice, today: np.random.Generator) -> RhythmPlan:
    """What leads instead of the sinus node."""
    if "AFIB" in codes:
        swing = float(np.clip(0.19 * np.exp(0.35 * dice("AFIB").standard_normal()), 0.08, 0.36))
        rate = float(np.clip(90 * np.exp(0.27 * today.standard_normal()), 50, 165))
        plan = replace(plan, mechanism="fibrillation", rate_bpm=rate, swing=swing)
    if "AFLT" in codes:
        random = dice("AFLT")
        ratio = int(random.choice([2, 2, 2, 3, 4, 0]))
        plan = replace(plan, mechanism="flutter", flutter_bpm=float(random.uniform(240, 320)), flutter_ratio=ratio)
    if "SVTAC" in codes:
        plan = replace(plan, mechanism="supraventricular tachycardia", swing=0.003)
    if "PSVT" in codes:
        plan = replace(plan, mechanism="paroxysm")
    if "JUNC" in codes:
        plan = replace(plan, mechanism="junctional", swing=0.01)
    if "VTACH" in codes:
        plan = replace(plan, mechanism="ventricular tachycardia")
    if "VESC" in codes:  # the atria stand still; only the ventricular focus is left
        plan = replace(plan, mechanism="ventricular escape", swing=0.01)
    return plan


def _with_block(plan: RhythmPlan, codes: frozenset[str], dice: Dice) -> RhythmPlan:
    room_ms = 60_000 / plan.rate_bpm - 330  # a longer PR interval would put the P wave into the beat before
    if codes & {"1AVB", "LPR"}:
        drawn_ms = 202 + min(float(dice("1AVB").exponential(36)), 140)  # most are but a little too long
        plan = replace(plan, pr_ms=min(drawn_ms, max(room_ms, 204.0)))
    if "WPW" in codes:
        plan = replace(plan, pr_ms=float(dice("WPW", "PR").uniform(88, 114)))
    if "MOBITZ1" in codes:
        plan = replace(plan, block="wenckebach", rate_bpm=min(plan.rate_bpm, 95.0))
    if "MOBITZ2" in codes:
        plan = replace(plan, block="mobitz 2", rate_bpm=min(plan.rate_bpm, 95.0))
    if "3AVB" in codes:
        random = dice("3AVB")
        junctional = random.random() < 0.6 or bool(codes & set(vocabulary.OF_CONDUCTED))
        low, high = (40, 54) if junctional else (28, 40)
        plan = replace(plan, block="complete", escape="junctional" if junctional else "ventricular escape",
                       escape_bpm=float(random.uniform(low, high)), rate_bpm=max(plan.rate_bpm, 62.0))  # fmt: skip
    return plan


def _with_pacing(plan: RhythmPlan, codes: frozenset[str], random: np.random.Generator) -> RhythmPlan:
    if codes & {"VPACE", "DPACE"}:
        plan = replace(plan, escape_bpm=float(random.uniform(60, 75)), pr_ms=float(random.uniform(140, 180)))
    if "VPACE" in codes and not codes & {*vocabulary.SINUS, "AFIB", "AFLT", "3AVB"}:
        plan = replace(plan, atria_silent=bool(random.random() < 0.6))
    if "APACE" in codes:
        plan = replace(plan, pr_ms=float(np.clip(plan.pr_ms + 20, 140, 230)))
    for code, chambers in (("APACE", "atrial"), ("VPACE", "ventricular"), ("DPACE", "both")):
        if code in codes:
            plan = replace(plan, paced=chambers)  # type: ignore[arg-type]
    return plan


def _premature(codes: frozenset[str], random: np.random.Generator) -> tuple[tuple[Any, Pattern], ...]:
    some: list[tuple[Any, Pattern]] = []
    pattern: Pattern = "bigeminy" if "BIGU" in codes else "trigeminy" if "TRIGU" in codes else "single"
    if pattern != "single":
        no_p = bool(codes & set(vocabulary.NO_P))
        atrial = "PAC" in codes or ("PVC" not in codes and not no_p and random.random() < 0.25)
        return (("atrial" if atrial else "ventricular", pattern),)
    for code, origin, kind in (("PAC", "atrial", "single"), ("ACOUP", "atrial", "couplet"),
                               ("PVC", "ventricular", "single"), ("VCOUP", "ventricular", "couplet")):  # fmt: skip
        if code in codes:
            some.append((origin, kind))  # type: ignore[arg-type]
    return tuple(some)


_QRS_MS = {"LAFB": (88, 112), "LPFB": (90, 112), "IRBBB": (101, 113), "ILBBB": (108, 119), "IVCD": (112, 138),
           "CRBBB": (121, 170), "CLBBB": (130, 176), "WPW": (115, 150), "HYPERK": (118, 165)}  # fmt: skip
_QTC_MS = {"LNGQT": (480, 560), "SHRTQT": (295, 338), "HYPOCA": (475, 530), "HYPERCA": (315, 345), "HYPOK": (440, 490),
           "DIG": (335, 375)}  # fmt: skip
_QTC_MORE_MS = {"CLBBB": 32, "CRBBB": 20, "WPW": 12, "VPACE": 60, "DPACE": 60}
_AXIS_DEG = {"LAFB": (-75, -46), "LPFB": (98, 132), "LAD": (-62, -32), "RAD": (98, 145), "RVH": (92, 130)}
_NORMAL_AXIS = (-25.0, 88.0)


def heart_plan(findings: tuple[Finding, ...], person: Patient, dice: Dice) -> HeartPlan:
    """Return how the waves of this heart are shaped with these findings."""
    codes = frozenset(one.code for one in findings)
    qrs_ms, qtc_ms, axis_deg = person.qrs_ms, person.qtc_ms, None
    for code, (low, high) in _QRS_MS.items():
        if code in codes:
            qrs_ms = max(qrs_ms, float(dice("QRS", code).uniform(low, high)))
    for code, more in _QTC_MORE_MS.items():
        qtc_ms += more if code in codes else 0
    for code, (low, high) in _QTC_MS.items():
        if code in codes:
            qtc_ms = float(dice("QT", code).uniform(low, high))
    for code, (low, high) in _AXIS_DEG.items():
        if code in codes:
            axis_deg = float(dice("axis", code).uniform(low, high))
    first_axis_deg = None
    if codes & {"CRBBB", "IRBBB"}:  # a fascicle is judged by what comes before the late right ventricle
        first_axis_deg, axis_deg = axis_deg, None
    p_ms = float(np.clip(dice("P").normal(104, 8), 84, 119))
    if "LAO/LAE" in codes:
        p_ms = float(dice("LAO/LAE").uniform(122, 145))
    infarcts = tuple(_infarct(one, dice) for one in findings if one.code in vocabulary.INFARCTS)
    return HeartPlan(codes, infarcts, p_ms, qrs_ms, qtc_ms, axis_deg, first_axis_deg)


def _infarct(one: Finding, dice: Dice) -> Infarct:
    size = float(np.exp(0.35 * dice("size", one.code).standard_normal()))
    return Infarct(one.code, vocabulary.INFARCTS[one.code], one.age or "old", size)
