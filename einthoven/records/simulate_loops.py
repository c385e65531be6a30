"""The QRS loops: how the wave of activation runs in a normal heart, with a blocked bundle, from a focus of its own.

Vectors are left, foot, front in millivolt; times are milliseconds from the onset. The means of the normal, left bundle
branch, left anterior, left posterior and paced loops, and the changes with ventricular hypertrophy and infarction, are
means over the PTB-XL recordings (Wagner et al., Scientific Data 2020) of a training split with those labels.
"""

import numpy as np

from einthoven.records.simulate_heart import Array, Loop, loop

BUMPS = np.linspace(0.06, 0.94, 8)[1:7]  # centres, as shares of the duration
BUMP_WIDTH = 0.070
NORMAL_MS, LEFT_BLOCK_MS, PACED_MS = 90.0, 152.0, 185.0

# Rows are left, foot, front; columns the six bumps.
NORMAL = np.array([
    [-0.050, 0.177, 0.529, 0.205, -0.046, -0.012],
    [-0.004, 0.065, 0.385, 0.221, -0.034, -0.008],
    [0.139, 0.186, -0.280, -0.531, -0.356, -0.083],
])  # fmt: skip
NORMAL_SD = np.array([
    [0.058, 0.145, 0.233, 0.273, 0.115, 0.044],
    [0.078, 0.126, 0.321, 0.372, 0.176, 0.075],
    [0.076, 0.175, 0.341, 0.299, 0.163, 0.054],
])  # fmt: skip
LEFT_BLOCK = np.array([
    [0.074, 0.392, 0.450, 0.310, 0.306, 0.110],
    [0.096, 0.032, -0.013, -0.123, -0.284, -0.115],
    [-0.155, -1.464, -1.313, -0.989, -0.481, -0.163],
])  # fmt: skip
# What V1..V6 see of it beyond that: the late free wall lies under V5 and V6. Rows are bumps.
LEFT_BLOCK_CHEST = np.outer([0.0, 0.7, 1.0, 0.9, 0.5, 0.1], [0.0, 0.0, 0.05, 0.15, 0.28, 0.22])
PACED = np.array([
    [-0.116, 0.116, 0.201, 0.319, 0.293, 0.154],
    [0.226, -0.143, -0.213, -0.775, -0.625, -0.332],
    [0.186, -0.320, -0.659, -0.845, -0.552, -0.205],
])  # fmt: skip

# What is added to the normal loop, on its own clock.
ADDED = {
    "LAFB": np.array([
        [-0.017, 0.113, -0.057, -0.008, 0.079, 0.010],
        [0.103, -0.004, -0.628, -0.737, -0.265, -0.077],
        [0.000, -0.132, -0.139, 0.018, 0.045, 0.013],
    ]),
    "LPFB": np.array([
        [0.171, 0.000, -0.714, -0.541, -0.209, -0.090],
        [-0.037, 0.275, 0.230, 0.155, 0.015, 0.028],
        [0.080, 0.012, 0.013, 0.379, 0.328, 0.062],
    ]),
    "LVH": np.array([
        [-0.004, 0.039, 0.168, 0.314, 0.181, 0.037],
        [0.041, 0.058, -0.050, -0.168, -0.118, -0.025],
        [0.066, -0.032, -0.245, -0.330, -0.169, -0.065],
    ]),
    "RVH": np.array([
        [0.073, 0.072, -0.377, -0.365, -0.129, -0.070],
        [-0.007, 0.155, -0.116, -0.125, 0.019, -0.006],
        [0.024, 0.010, 0.389, 0.545, 0.403, 0.058],
    ]),
    "SEHYP": np.array([
        [-0.160, -0.080, 0.050, 0.050, 0.000, 0.000],
        [-0.120, -0.060, 0.050, 0.050, 0.000, 0.000],
        [0.180, 0.080, -0.050, -0.050, 0.000, 0.000],
    ]),
}  # fmt: skip


def from_table(table: Array, duration_ms: float) -> Loop:
    """Return the loop whose six evenly spaced bumps have the columns of the table as vectors."""
    at = BUMPS * duration_ms
    return Loop(at, np.full(6, BUMP_WIDTH * duration_ms), np.ascontiguousarray(table.T), np.zeros((6, 6)))


def terminal_right(size: float, begin_ms: float) -> Loop:
    """The right ventricle, activated late and slowly from the left one: terminal forces to the right and the front."""
    return loop(
        (begin_ms - 44, 8, 0.0, 0.0, 0.0, 0.24 * size * size, *(0.0,) * 5),  # the more block, the less S in V1
        (begin_ms - 30, 8, -0.05 * size, -0.05, 0.28 * size, 0.10 * size, *(0.0,) * 5),
        (begin_ms - 14, 9, -0.14 * size, -0.05, 0.42 * size, 0.25 * size, *(0.0,) * 5),
        (begin_ms + 4, 10, -0.22 * size, 0.0, 0.36 * size, 0.32 * size, *(0.0,) * 5),
        (begin_ms + 22, 12, -0.24 * size, 0.0, 0.20 * size, 0.18 * size, *(0.0,) * 5),
        (begin_ms + 38, 9, -0.10 * size, 0.0, 0.06 * size, 0.04 * size, *(0.0,) * 5),
    )


def delta_wave(direction: Array, size_mv: float) -> Loop:
    """Pre-excitation: a slow onset before the normal one, pointing away from the pathway."""
    rows = zip((-28.0, -16.0, -4.0, 8.0, 20.0), (11.0,) * 5, (0.3, 0.55, 0.8, 0.85, 0.5), strict=True)
    return loop(*((at, width, *(share * size_mv * direction)) for at, width, share in rows))


def notch(random: np.random.Generator, size_mv: float, last_ms: float) -> Loop:
    """Small opposed bumps within the complex: activation that takes a detour."""
    rows = []
    for place in random.uniform(0.3, 0.8, 3):
        rows.append((place * last_ms, 4.0, *(size_mv * random.standard_normal(3))))
    return loop(*rows)


def ectopic_loop(direction: Array, duration_ms: float, random: np.random.Generator) -> Loop:
    """A beat from a ventricular focus: broad, along one direction that turns a little, without quick initial forces."""
    turn = 0.35 * random.standard_normal((4, 3)) * float(np.linalg.norm(direction))
    rows = []
    for at, width, share, away in zip(
        (0.18, 0.38, 0.60, 0.80), (0.10, 0.12, 0.13, 0.09), (0.35, 0.9, 0.85, 0.35), turn, strict=True
    ):
        rows.append((at * duration_ms, width * duration_ms, *(share * (direction + away))))
    return loop(*rows)


# Where dead muscle leaves a gap, the forces of these bumps point away from it.
GAP = np.array([0.20, 0.80, 1.00, 0.50, 0.10, 0.0])


def infarct_gap(direction: Array, size_mv: float, duration_ms: float) -> Loop:
    """Lost forces of an infarcted wall: pathological Q waves or lost R waves in the leads that look at it."""
    return from_table(-size_mv * direction[:, None] * GAP[None, :], duration_ms)
