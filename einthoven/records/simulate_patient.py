"""Who lies on the couch: age, sex, habitus, and everything in which this heart and chest differ from the mean.

A patient depends on the patient seed only, so that two ECGs of one patient share heart and chest.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from einthoven.core.rng import rng
from einthoven.records.simulate_heart import LEAD_MATRIX, Array
from einthoven.records.simulate_loops import NORMAL_SD

# Deviation of a person's chest leads from the mean matrix, measured on 742 normal recordings of PTB-XL.
MATRIX_SD = np.array([
    [0.16, 0.12, 0.17], [0.20, 0.18, 0.22], [0.17, 0.17, 0.19], [0.26, 0.20, 0.23],
    [0.25, 0.17, 0.19], [0.20, 0.12, 0.14],
])  # fmt: skip
NEIGHBOURS = np.linalg.cholesky(np.exp(-np.abs(np.subtract.outer(np.arange(6), np.arange(6))) / 2.0))
IN_TIME = np.linalg.cholesky(np.exp(-np.abs(np.subtract.outer(np.arange(6), np.arange(6))) / 1.2))


@dataclass(frozen=True)
class Patient:
    """One person. matrix: (8, 3) leads of the heart vector; deviation: (3, 6) mV added to the bumps of the QRS loop."""

    seed: int
    age_years: float
    sex: Literal["female", "male"]
    build: float  # 0 is the mean, 1 a standard deviation towards heavy
    matrix: Array
    size: float  # of the QRS complex, 1 is the mean
    axis_turn_deg: float
    deviation: Array
    t_mv: Array  # (3,) T vector
    j_mv: Array  # (3,) vector of the normal ST segment
    p_size: float
    p_turn_deg: float
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
    chest = LEAD_MATRIX.copy()
    chest[2:] += MATRIX_SD * (NEIGHBOURS @ random.standard_normal((6, 3))) * np.array([1.0, 1.0, 1.0])
    chest[2:] *= (1.0 if man else 0.93) * (1 - 0.05 * build)
    t_mean = np.array([0.245 - 0.025 * old, 0.185 - 0.018 * old, 0.25 if man else 0.10])
    return Patient(
        seed=seed,
        age_years=round(age, 1),
        sex=who,
        build=round(build, 3),
        matrix=chest,
        size=float(np.exp(0.16 * random.standard_normal() - 0.05 * build)),
        axis_turn_deg=float(-14 * old - 6 * build + 18 * random.standard_normal()),
        deviation=0.55 * NORMAL_SD * (random.standard_normal((3, 6)) @ IN_TIME.T),
        t_mv=t_mean * np.exp(0.22 * random.standard_normal())
        + np.array([0.03, 0.05, 0.07]) * random.standard_normal(3),
        j_mv=np.array([0.022, 0.019, 0.075 if man else 0.04]) + 0.02 * random.standard_normal(3),
        p_size=float(np.exp(0.25 * random.standard_normal())),
        p_turn_deg=float(14 * random.standard_normal()),
        qtc_ms=float(np.clip(random.normal(385 if man else 397, 15), 350, 440)),
        pr_ms=float(np.clip(random.normal(155 + 8 * old, 18), 122, 196)),
        qrs_ms=float(np.clip(random.normal(96 if man else 90, 6), 74, 108)),
        rate_bpm=float(np.clip(random.normal(69, 11), 51, 98)),
    )
