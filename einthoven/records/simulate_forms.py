"""The shapes of this heart's waves: one form for conducted beats, one for each focus, P waves by where they begin."""

from dataclasses import dataclass, replace

import numpy as np

from einthoven.core.leads import TWELVE
from einthoven.records.simulate_findings import TERRITORIES
from einthoven.records.simulate_heart import TWELVE_FROM_EIGHT, Array, Loop, Template, loop, template
from einthoven.records.simulate_loops import (
    ADDED,
    LEFT_BLOCK,
    LEFT_BLOCK_CHEST,
    LEFT_BLOCK_MS,
    NORMAL,
    NORMAL_MS,
    PACED,
    PACED_MS,
    delta_wave,
    ectopic_loop,
    from_table,
    infarct_gap,
    notch,
    terminal_right,
)  # fmt: skip
from einthoven.records.simulate_patient import Patient
from einthoven.records.simulate_plan import Dice, HeartPlan
from einthoven.records.simulate_repolarisation import (
    Repolarisation,
    repolarisation,
    secondary,
    st_loop,
    st_template,
    t_loop,
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One shape of beat: templates on the leads, the axis of its QRS complex, and how long its parts last."""

    qrs: Template
    st: Template
    t: Template
    u: Template | None
    qrs_ms: float
    qtc_ms: float
    t_share: float
    axis_deg: float
    t_axis_deg: float


@dataclass(frozen=True)
class Forms:
    """All shapes of one heart: beat kind -> form, P kind -> template. activation, atria: (8, 3) its leads."""

    activation: Array
    atria: Array
    beats: dict[str, Form]
    p_waves: dict[str, Template]
    p_axis_deg: float


ECTOPIC_MS = {
    "ventricular premature": (130, 168),
    "ventricular escape": (135, 175),
    "ventricular tachycardia": (140, 190),
}


def forms(plan: HeartPlan, person: Patient, kinds: set[str], dice: Dice) -> Forms:
    """Return the shapes of this heart's waves, for these kinds of beat."""
    wave = qrs_loop(plan, person, dice)
    conducted = _form(wave, repolarisation(plan, person, dice), (plan.qrs_ms, plan.qtc_ms), person)
    beats = dict.fromkeys(kinds - set(ECTOPIC_MS) - {"paced"}, conducted)
    for kind in sorted(kinds & set(ECTOPIC_MS)):
        random = dice(kind)
        direction, length = _focus(random), float(random.uniform(*ECTOPIC_MS[kind]))
        direction = direction * float(1.2 * np.exp(0.25 * random.standard_normal()))
        wave = ectopic_loop(direction, length, random)
        beats[kind] = _form(wave, secondary(direction), (length, person.qtc_ms + 45), person)
    if "paced" in kinds:
        beats["paced"] = _paced(plan, person, dice("paced"))
    p_waves, p_axis_deg = _p_templates(plan, person, dice("P wave"))
    return Forms(person.activation, person.atria, beats, p_waves, p_axis_deg)


def _form(wave: Loop, after: Repolarisation, length_ms: tuple[float, float], person: Patient) -> Form:
    """Put a QRS loop and what follows it on the leads; length_ms: QRS duration and QTc."""
    return Form(
        template(wave, person.activation), st_template(after.st, person.recovery), template(after.t, person.recovery),
        None if after.u is None else template(after.u, person.recovery), *length_ms, after.t_share,
        wave.axis_deg, after.t.axis_deg,
    )  # fmt: skip


ILL_SIZE = 0.85  # QRS of PTB-XL's abnormal recordings over that of its normal ones
HEALTHY_OR_LARGE = {"NORM", "LVH", "VCLVH", "HVOLT", "RVH", "SEHYP", "CLBBB", "IRBBB", "WPW"}
# Ill hearts lie turned: R in II is lower, and S waves reach further to the left. Rows are bumps.
ILL_FOOT = np.array([0.0, 0.0, -0.06, -0.06, 0.0, 0.0])
ILL_CHEST = np.outer([0.0, 0.0, 0.0, 1.0, 0.7, 0.0], [0.0, 0.0, -0.24, -0.26, -0.12, 0.0])
ILL_CHEST += np.outer([0.0, 0.7, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.15, 0.20, 0.08])


def qrs_loop(plan: HeartPlan, person: Patient, dice: Dice) -> Loop:
    """The QRS loop of conducted beats: bundle, chambers, scars, individual deviation, then size and axis as stated."""
    codes = plan.codes
    wave = _activation(plan, person, dice)
    for code, low, high, begin_ms in (("CRBBB", 0.8, 1.5, 84.0), ("IRBBB", 0.15, 0.70, 70.0)):
        if code in codes:
            wave = wave + terminal_right(float(dice("loop", code).uniform(low, high)), begin_ms)
    for infarct in plan.infarcts:
        wall = np.array(TERRITORIES[infarct.territory][1])
        depth = {"hyperacute": 0.05, "acute": 0.30, "evolving": 0.9, "old": 1.0}[infarct.age] * infarct.size
        force = 0.30 + 0.18 * abs(wall[2]) - 0.05 * abs(wall[1])
        gap = infarct_gap(wall, depth * force, NORMAL_MS)
        far = -0.6 * np.outer(gap.vector_mv[:, 1], person.activation[2:, 1])  # V3 to V5 see little of an inferior scar
        wave = wave + replace(gap, chest_mv=far)
    if "QWAVE" in codes:
        wall = np.array(TERRITORIES[str(dice("QWAVE").choice(["I", "L", "AS"]))][1])
        wave = wave + infarct_gap(wall, 0.22, NORMAL_MS)
    if "WPW" in codes:
        random = dice("WPW")
        direction = np.array([random.uniform(0.3, 1.0), random.uniform(-0.6, 0.7), random.uniform(-0.1, 0.8)])
        wave = wave + delta_wave(direction, float(random.uniform(0.25, 0.45)))
    if codes & {"ABQRS", "IVCD"}:
        wave = wave + notch(dice("notch"), 0.14, NORMAL_MS)
    if "ERE" in codes:
        wave = wave + loop((NORMAL_MS - 4, 5.0, 0.10, 0.13, 0.02))
    return _sized(wave * person.size * (1.0 if codes & HEALTHY_OR_LARGE else ILL_SIZE), plan, person)


def _activation(plan: HeartPlan, person: Patient, dice: Dice) -> Loop:
    """The loop before scars: normal, or with a bundle blocked or a chamber thick."""
    codes = plan.codes
    if "CLBBB" in codes:
        wave = from_table(LEFT_BLOCK + 0.7 * person.deviation, LEFT_BLOCK_MS)
        wave = replace(wave, chest_mv=LEFT_BLOCK_CHEST)
        detail = replace(person.detail, at=person.detail.at * LEFT_BLOCK_MS / NORMAL_MS) * 0.8
        return turned(wave + detail, 0.6 * person.axis_turn_deg, person.activation)
    table = NORMAL + person.deviation
    for code in sorted(codes & set(ADDED)):
        table = table + float(np.exp(0.25 * dice("loop", code).standard_normal())) * ADDED[code]
    if codes & {"VCLVH", "ILBBB"}:
        table = table + 0.7 * ADDED["LVH"]
    wave = from_table(table, NORMAL_MS)
    if not codes & HEALTHY_OR_LARGE:
        vector_mv = wave.vector_mv + np.outer(ILL_FOOT, np.array([0.0, 1.0, 0.0]))
        wave = replace(wave, vector_mv=vector_mv, chest_mv=wave.chest_mv + ILL_CHEST)
    if codes & {"LAFB", "LPFB"}:
        foot = 0.5 * (table - NORMAL - person.deviation)[1]
        wave = replace(wave, chest_mv=wave.chest_mv - np.outer(foot, person.activation[2:, 1]))
    if "RVH" in codes:  # the thick right ventricle lies under V1
        wave = replace(wave, chest_mv=wave.chest_mv + np.outer([0.0, 0.15, 0.4, 0.35, 0.1, 0.0], np.eye(6)[0]))
    wave = turned(wave + person.detail, person.axis_turn_deg, person.activation)
    if plan.first_axis_deg is not None:
        wave = turned(wave, plan.first_axis_deg - wave.axis_deg, person.activation)
    return wave


def turned(wave: Loop, frontal_deg: float, matrix: Array) -> Loop:
    """Turn in the frontal plane; the chest leads, which lie near the heart, follow half of the way."""
    made = wave.turned(frontal_deg)
    lag_mv = 0.5 * (wave.vector_mv - made.vector_mv) @ matrix[2:].T
    return replace(made, chest_mv=made.chest_mv + lag_mv)


def _sized(wave: Loop, plan: HeartPlan, person: Patient) -> Loop:
    """Turn to the stated axis and scale until the stated voltage (or the normal one) is there."""
    codes = plan.codes
    if plan.axis_deg is not None:
        wave = turned(wave, plan.axis_deg - wave.axis_deg, person.activation)
    elif "NORM" in codes:
        wave = turned(wave, float(np.clip(wave.axis_deg, *NORMAL_AXIS)) - wave.axis_deg, person.activation)
    limits = voltages(wave, person.activation)
    if codes & {"LVH", "VCLVH"}:
        wave = wave * max(1.0, 1.05 / limits["lvh"])
    elif codes & {"HVOLT"}:
        wave = wave * max(1.3, 1.15 / limits["lvh"])
    elif "LVOLT" in codes:
        wave = wave * min(1.0, 0.92 / limits["limb_span"])
    elif "NORM" in codes:
        wave = wave * min(1.0, 0.97 / limits["lvh"]) * max(1.0, 1.15 / limits["limb_span"])
    return wave


NORMAL_AXIS = (-25.0, 88.0)


def voltages(wave: Loop, matrix: Array) -> dict[str, float]:
    """Return the voltage of a QRS loop over its criteria; 1 is the limit.

    lvh: the greater of (S in V1 + R in V5 or V6) / 3.5 mV (Sokolow and Lyon 1949) and (S in V3 + R in aVL) / 2.8 mV
    (Casale et al. 1987, men); limb_span: the largest peak to peak of a limb lead / 0.5 mV.
    """
    lead_mv = wave.vector_mv @ matrix.T
    lead_mv[:, 2:] += wave.chest_mv
    clock = np.linspace(wave.at[0] - 20, wave.at.max() + 20, 101)
    eight = lead_mv.T @ np.exp(-0.5 * ((clock - wave.at[:, None]) / wave.width[:, None]) ** 2)
    twelve = dict(zip(TWELVE, TWELVE_FROM_EIGHT @ eight, strict=True))
    sokolow = max(-twelve["V1"].min(), 0) + max(twelve["V5"].max(), twelve["V6"].max(), 0)
    cornell = max(-twelve["V3"].min(), 0) + max(twelve["aVL"].max(), 0)
    limb = max(float(np.ptp(twelve[name])) for name in TWELVE[:6])
    return {"lvh": max(float(sokolow) / 3.5, float(cornell) / 2.8, 0.05), "limb_span": max(limb / 0.5, 0.05)}


def _focus(random: np.random.Generator) -> Array:
    """Mean direction and size of beats from a ventricular focus: of the right ventricle (two in three) or the left."""
    right = random.random() < 0.67
    left, front = (random.uniform(0.1, 0.8), random.uniform(-1.0, -0.35))
    if not right:
        left, front = random.uniform(-0.7, 0.2), random.uniform(0.3, 0.9)
    return np.array([left, random.choice([-1.0, 1.0]) * random.uniform(0.2, 1.0), front])


def _paced(plan: HeartPlan, person: Patient, random: np.random.Generator) -> Form:
    turn, size = float(22 * random.standard_normal()), float(1.2 * np.exp(0.30 * random.standard_normal()))
    wave = (from_table(PACED + person.deviation, PACED_MS) * size).turned(turn)
    t = (t_loop(np.array([-0.12, 0.40, 0.50]) + 0.12 * random.standard_normal(3)) * size).turned(turn)
    st = (st_loop(np.array([-0.09, 0.17, 0.26]), np.zeros(6)) * size).turned(turn)
    length = float(random.uniform(150, 200))
    return _form(wave, Repolarisation(st, t, 0.85), (length, plan.qtc_ms + 10), person)


def _p_templates(plan: HeartPlan, person: Patient, random: np.random.Generator) -> tuple[dict[str, Template], float]:
    """P waves of the sinus node, of an ectopic focus, backwards from the node, and paced."""
    right, left = np.array([0.055, 0.115, 0.055]), np.array([0.090, 0.070, -0.060])
    if "RAO/RAE" in plan.codes:
        right = right * np.array([1.3, 2.9, 1.6])
    if "LAO/LAE" in plan.codes:
        left = left * np.array([1.7, 1.6, 2.4])
    gain = person.p_size * (0.25 if "HYPERK" in plan.codes else 1.0)
    if "NORM" not in plan.codes:  # ill hearts' atria differ more, the left one most
        left = left * np.array([1.0, 1.0, float(np.exp(0.4 + 0.4 * random.standard_normal()))])
        gain *= float(np.exp(0.25 * random.standard_normal()))
    if plan.codes & {"LAO/LAE", "RAO/RAE"}:
        gain = max(gain, 1.0)
    local = 0.6 * person.p_chest_mv
    sinus = (loop((0.33, 0.145, *right, *local), (0.66, 0.145, *left, *local)) * gain).turned(person.p_turn_deg)
    loops = {
        "sinus": sinus,
        "ectopic": (loop((0.35, 0.15, *(0.09 * random.standard_normal(3))), (0.65, 0.15, *left)) * gain).turned(-35),
        "retrograde": loop((0.40, 0.15, 0.0, -0.09, 0.02), (0.65, 0.13, 0.02, -0.09, 0.03)),
        "paced": replace(sinus, at=np.array([0.40, 0.68])),
    }
    return {kind: template(one, person.atria) for kind, one in loops.items()}, sinus.axis_deg
