"""Who lies on the couch: age, sex, habitus, and everything in which this heart and chest differ from the mean.

A patient depends on the patient seed only, so that two ECGs of one patient share heart and chest.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from einthoven.core.rng import rng
from einthoven.records.simulate_heart import ACTIVATION, ATRIA, RECOVERY, Array, Loop
from einthoven.records.simulate_loops import NORMAL_SD

# Deviation of a person's chest leads from the mean matrix, measured on 742 normal recordings of PTB-XL.
MATRIX_SD = np.array([
    [0.16, 0.12, 0.17], [0.20, 0.18, 0.22], [0.17, 0.17, 0.19], [0.26, 0.20, 0.23],
    [0.25, 0.17, 0.19], [0.20, 0.12, 0.14],
])  # fmt: skip
NEIGHBOURS = np.linalg.cholesky(np.exp(-np.abs(np.subtract.outer(np.arange(6), np.arange(6))) / 2.0))
IN_TIME = np.linalg.cholesky(np.exp(-np.abs(np.subtract.outer(np.arange(6), np.arange(6))) / 1.2))


SIZE = 1.25  # makes up for peaks that a mean over people smears


@dataclass(frozen=True)
class Patient:
    """One person.

    activation, recovery, atria: (8, 3) leads of the heart vector of QRS, ST-T and P; deviation: (3, 6) mV added to the
    bumps of the QRS loop; detail: small local bumps of the QRS complex, on the clock of a normal one; t_chest_mv,
    p_chest_mv: (6,) what V1..V6 see of T and P by lying next to them.
    """

    seed: int
    age_years: float
    sex: Literal["female", "male"]
    build: float  # 0 is the mean, 1 a standard deviation towards heavy
    activation: Array
    recovery: Array
    atria: Array
    size: float  # of the QRS complex, 1 is the mean
    axis_turn_deg: float
    deviation: Array
    detail: Loop
    t_mv: Array  # (3,) T vector
    j_mv: Array  # (3,) vector of the normal ST segment
    t_chest_mv: Array
    p_size: float
    p_turn_deg: float
    p_chest_mv: Array
    qtc_ms: float  # after Fridericia
    pr_ms: float
    qrs_ms: float
    rate_bpm: float


def patient(seed: int, age_years: float | None = None, sex: Literal["female", "male"] | None = None) -> Patient:
    """Draw a person; age and sex may be given. Means and spreads are those of the normal recordings of PTB-XL."""
    random = rng("simulate", "patient", seed)
    drawn_age, drawn_sex = float(np.clip(random.normal(55, 17), 18, 92)), random.random()
    age = drawn_age if age_years is None else age_years
    who: Literal["female", "male"] = sex or ("female" if drawn_sex < 0.5 else "male")
    man, old = who == "male", (age - 50) / 20
    build = float(random.standard_normal())
    placed = np.zeros((8, 3))
    placed[2:] = MATRIX_SD * (NEIGHBOURS @ random.standard_normal((6, 3)))
    near = np.ones((8, 1))
    near[2:] = (1.0 if man else 0.93) * (1 - 0.05 * build)
    t_mean = np.array([0.245 - 0.025 * old, 0.185 - 0.018 * old, 0.25 if man else 0.10])
    return Patient(
        seed=seed,
        age_years=round(age, 1),
        sex=who,
        build=round(build, 3),
        activation=(ACTIVATION + placed) * near,
        recovery=(RECOVERY + 0.6 * placed) * near,
        atria=(ATRIA + 0.3 * placed) * near,
        size=float(SIZE * np.exp(0.16 * random.standard_normal() - 0.05 * build)),
        axis_turn_deg=float(-14 * old - 6 * build + 18 * random.standard_normal()),
        deviation=0.6 * NORMAL_SD * (random.standard_normal((3, 6)) @ IN_TIME.T),
        detail=_detail(random),
        t_mv=t_mean * np.exp(0.22 * random.standard_normal())
        + np.array([0.03, 0.05, 0.07]) * random.standard_normal(3),
        j_mv=np.array([0.012, 0.012, 0.075 if man else 0.045]) + 0.02 * random.standard_normal(3),
        t_chest_mv=np.array([0.09, 0.06, 0.04, 0.03, 0.02, 0.02]) * random.standard_normal(6),
        p_size=float(np.exp(0.25 * random.standard_normal())),
        p_turn_deg=float(14 * random.standard_normal()),
        p_chest_mv=np.array([0.045, 0.025, 0.010, 0.0, 0.0, 0.0]) * random.standard_normal(6),
        qtc_ms=float(np.clip(random.normal(385 if man else 397, 15), 350, 440)),
        pr_ms=float(np.clip(random.normal(155 + 8 * old, 18), 122, 196)),
        qrs_ms=float(np.clip(random.normal(91 if man else 85, 6), 70, 106)),
        rate_bpm=float(np.clip(random.normal(69, 11), 51, 98)),
    )


def _detail(random: np.random.Generator) -> Loop:
    """What no table of six bumps holds: small quick bumps, partly of the whole heart and partly under one electrode."""
    count = 6
    return Loop(
        random.uniform(18, 74, count),
        random.uniform(1.8, 3.6, count),
        0.075 * random.standard_normal((count, 3)),
        0.085 * random.standard_normal((count, 6)),
    )
