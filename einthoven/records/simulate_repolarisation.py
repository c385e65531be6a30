"""How findings change ST segment, T wave and U wave: vectors that are added to the patient's own.

Vectors are left, foot, front in millivolt. The shifts with bundle branch block, hypertrophy, ischaemia and injury are
differences between means over PTB-XL recordings (a training split) with and without the label, where it has enough.
"""

from dataclasses import dataclass

import numpy as np

from einthoven.records.simulate_findings import INJURIES, ISCHAEMIAS, TERRITORIES
from einthoven.records.simulate_heart import Array, Loop, Template, loop
from einthoven.records.simulate_patient import Patient
from einthoven.records.simulate_plan import Dice, HeartPlan, Infarct

# code -> (ST shift, T shift, share of the patient's own T that is left)
SHIFTS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float], float]] = {
    "CLBBB": ((-0.15, 0.03, 0.38), (-0.40, -0.05, 0.70), 1.0),
    "ILBBB": ((-0.06, 0.0, 0.10), (-0.22, -0.05, 0.12), 1.0),
    "CRBBB": ((0.01, -0.02, -0.11), (0.0, -0.10, -0.30), 1.0),
    "IRBBB": ((0.0, 0.0, -0.02), (0.0, 0.0, -0.14), 1.0),
    "WPW": ((-0.05, -0.02, 0.0), (-0.15, -0.05, 0.05), 1.0),
    "LVH": ((-0.02, -0.01, 0.04), (-0.06, -0.03, 0.16), 1.0),
    "RVH": ((0.02, -0.01, -0.05), (0.02, -0.08, -0.28), 1.0),
    "NST_": ((-0.050, -0.025, -0.02), (-0.08, -0.04, -0.02), 0.9),
    "STD_": ((-0.085, -0.045, 0.0), (-0.14, -0.07, 0.02), 0.8),
    "STE_": ((0.04, 0.04, 0.12), (0.03, 0.03, 0.08), 1.0),
    "NDT": ((-0.025, -0.01, -0.01), (0.0, 0.0, 0.0), 0.42),
    "NT_": ((-0.015, -0.005, -0.01), (0.0, 0.0, 0.0), 0.48),
    "LOWT": ((-0.03, -0.015, 0.0), (0.0, 0.0, 0.0), 0.18),
    "INVT": ((-0.04, -0.02, 0.02), (-0.20, -0.12, -0.02), 0.5),
    "TAB_": ((-0.03, -0.01, 0.01), (-0.16, -0.10, -0.10), 0.5),
    "DIG": ((-0.095, -0.060, 0.0), (0.0, 0.0, 0.0), 0.35),
    "ISC_": ((-0.085, -0.030, 0.050), (-0.30, -0.13, 0.10), 1.0),
    "PERIC": ((0.09, 0.10, 0.07), (0.03, 0.03, 0.04), 1.0),
    "ERE": ((0.08, 0.08, 0.09), (0.10, 0.10, 0.16), 1.2),
    "HYPERK": ((0.0, 0.0, 0.0), (0.10, 0.10, 0.15), 2.0),
    "HYPOK": ((-0.07, -0.05, -0.03), (0.0, 0.0, 0.0), 0.28),
}
STRAIN = {"LVH": ((-0.09, -0.03, 0.07), (-0.31, -0.12, 0.12)), "RVH": ((0.0, -0.05, -0.08), (0.0, -0.14, -0.25))}
# age of an infarction -> (ST, T) along the direction of its wall, before its size
INFARCT_ST_T = {"hyperacute": (0.07, 0.55), "acute": (0.24, 0.30), "evolving": (0.05, -0.38), "old": (0.0, 0.03)}
# T wave of a finding: share of the JT interval that it takes (0.80 if none), and how far it leans (0 upright).
T_SHARE = {"HYPERK": 0.55, "HYPOCA": 0.52, "HYPERCA": 0.96, "SHRTQT": 0.70, "LNGQT": 0.78}

_ST_AT, _ST_WIDTH = np.array([0.03, 0.13, 0.26, 0.41]), np.array([0.050, 0.075, 0.095, 0.120])
_ST_HEIGHT = np.array([0.60, 0.55, 0.55, 0.50])
_SCOOP_HEIGHT = np.array([0.15, 0.45, 0.80, 0.75])


@dataclass(frozen=True)
class Repolarisation:
    """st: on the clock of the JT interval (0 is the J point, 1 the end of T), or None; t: any clock; u likewise."""

    st: Loop
    t: Loop
    t_share: float
    u: Loop | None = None


def st_template(wave: Loop, matrix: Array) -> Template:
    """Project an ST loop; its clock stays that of the JT interval, since the border rule marks no ST segment."""
    lead_mv = wave.vector_mv @ matrix.T
    lead_mv[:, 2:] += wave.chest_mv
    return Template(wave.at, wave.width, lead_mv)


def st_loop(st_mv: Array, chest_mv: Array, scooped: bool = False) -> Loop:
    """A plateau from the J point that merges into the T wave; scooped, it sags later."""
    height = (_SCOOP_HEIGHT if scooped else _ST_HEIGHT)[:, None]
    return Loop(_ST_AT, _ST_WIDTH, height * st_mv, height * chest_mv)


def t_loop(t_mv: Array, symmetrical: bool = False) -> Loop:
    """A T wave that rises slowly and falls fast, its front part early; or a symmetrical one."""
    early, late = t_mv * np.array([0.40, 0.38, 0.58]), t_mv * np.array([0.86, 0.88, 0.70])
    if symmetrical:
        return loop((0.60, 0.13, *t_mv))
    return loop((0.52, 0.13, *early), (0.75, 0.11, *late))


def secondary(direction: Array, size: float = 0.42) -> Repolarisation:
    """The T wave of a beat from a ventricular focus: against its QRS complex."""
    return Repolarisation(st_loop(-0.14 * direction, np.zeros(6)), t_loop(-size * direction), 0.85)


def repolarisation(plan: HeartPlan, person: Patient, dice: Dice) -> Repolarisation:
    """Return ST, T and U of the conducted beats."""
    st, t, left = np.array(person.j_mv), np.zeros(3), 1.0
    if not plan.codes & {"NORM", "ERE", "SHRTQT", "HYPERK"}:  # an ill heart's recovery varies more
        random = dice("recovery")
        st = st + 0.02 * random.standard_normal(3) - np.array([0.02, 0.01, 0.0])
        left = float(random.uniform(0.55, 1.05))
        t = t + np.array([0.06, 0.05, 0.09]) * random.standard_normal(3)
    named = plan.codes & {*SHIFTS, "STRAIN", *ISCHAEMIAS, *INJURIES}
    alone = 1 / np.sqrt(max(len(named - {"CLBBB", "CRBBB", "IRBBB"}), 1))  # several names of one change do not add up
    for code in sorted(plan.codes & set(SHIFTS)):
        (shift_st, shift_t, share), strength = SHIFTS[code], alone * _strength(code, dice)
        st, t, left = st + strength * np.array(shift_st), t + strength * np.array(shift_t), left * share
    if "STRAIN" in plan.codes:
        for code in sorted(plan.codes & set(STRAIN)):
            strength = alone * _strength("STRAIN", dice)
            st, t = st + strength * np.array(STRAIN[code][0]), t + strength * np.array(STRAIN[code][1])
    for code in sorted(plan.codes & (set(ISCHAEMIAS) | set(INJURIES))):
        wall = np.array(TERRITORIES[(ISCHAEMIAS | INJURIES)[code]][1])
        strength = alone * _strength(code, dice)
        depth_st, depth_t = (-0.05, -0.34) if code in ISCHAEMIAS else (-0.12, -0.26)
        st, t = st + strength * depth_st * wall, t + strength * depth_t * wall
    chest_st, chest_t = np.zeros(6), np.array(person.t_chest_mv)
    for infarct in plan.infarcts:
        along_st, along_t = _infarct(infarct)
        st, t = st + along_st, t + along_t
    if "BRUGADA" in plan.codes:
        chest_st = _strength("BRUGADA", dice) * np.array([0.28, 0.32, 0.06, 0.0, 0.0, 0.0])
        chest_t = chest_t + _strength("BRUGADA", dice) * np.array([-0.32, -0.45, -0.12, 0.0, 0.0, 0.0])
    symmetrical = bool(plan.codes & {"HYPERK"}) or any(one.age in ("hyperacute", "evolving") for one in plan.infarcts)
    wave = t_loop(t + left * person.t_mv, symmetrical)
    if "CRBBB" in plan.codes:
        chest_t = chest_t + np.array([-0.12, 0.0, 0.13, 0.13, 0.06, 0.02])
    wave = wave + Loop(np.array([0.66]), np.array([0.13]), np.zeros((1, 3)), chest_t[None, :])
    share = next((T_SHARE[code] for code in sorted(plan.codes & set(T_SHARE))), 0.80)
    return Repolarisation(st_loop(st, chest_st, "DIG" in plan.codes), wave, share, _u_wave(plan))


def _strength(code: str, dice: Dice) -> float:
    return float(np.exp(0.28 * dice("strength", code).standard_normal()))


def _infarct(infarct: Infarct) -> tuple[Array, Array]:
    """ST and T shift of one infarction; the aneurysm keeps its ST elevation."""
    wall = np.array(TERRITORIES[infarct.territory][1])
    along_st, along_t = INFARCT_ST_T[infarct.age]
    if infarct.code == "ANEUR":
        along_st, along_t = 0.16, -0.12
    return infarct.size * along_st * wall, infarct.size * along_t * wall


def _u_wave(plan: HeartPlan) -> Loop | None:
    return loop((0.5, 0.15, 0.05, 0.05, 0.09)) if "HYPOK" in plan.codes else None
