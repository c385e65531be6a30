"""What atria do that have no P waves: the flicker of fibrillation and the sawtooth of flutter."""

import numpy as np

from einthoven.records.simulate_heart import Array

# Relative size along left, foot, front: fibrillation is seen best next to the right atrium (V1, then V2), flutter from
# the foot (II, aVF).
_FIBRILLATION, _FLUTTER = np.array([0.35, 0.6, 0.1]), np.array([-0.15, -1.0, 0.70])
_NEAR_V1 = np.array([0.0, 0.0, 0.85, 0.45, 0.22, 0.10, 0.04, 0.0])


def fibrillation(clock_s: Array, atria: Array, random: np.random.Generator) -> tuple[Array, dict[str, float]]:
    """Return (8, samples) millivolt that flickers 5 to 8 times a second, and what was drawn. atria: (8, 3) leads.

    A sawtooth of two harmonics whose rate and size wander (Stridh and Sornmo, IEEE Trans. Biomed. Eng. 2001).
    """
    hz, size_mv = (
        float(random.uniform(5.0, 8.0)),
        float(np.clip(0.04 * np.exp(0.5 * random.standard_normal()), 0.012, 0.13)),
    )
    made = np.zeros((4, len(clock_s)))
    for axis in range(4):
        rate_hz, phase = random.uniform(0.15, 0.5, 2), random.uniform(0, 2 * np.pi, 5)
        turns = 2 * np.pi * hz * clock_s + 2.5 * np.sin(2 * np.pi * rate_hz[0] * clock_s + phase[0])
        turns += 0.8 * np.sin(2 * np.pi * 1.3 * clock_s + phase[4])
        swell = 1 + 0.45 * np.sin(2 * np.pi * rate_hz[1] * clock_s + phase[1])
        made[axis] = swell * (np.sin(turns + phase[2]) + 0.35 * np.sin(2 * turns + phase[3]))
    lead_mv = atria @ (_FIBRILLATION[:, None] * made[:3]) + _NEAR_V1[:, None] * made[3]
    return size_mv * lead_mv, {"rate_bpm": 60 * hz, "size_mv": size_mv}


def flutter(
    clock_s: Array, bpm: float, start_s: float, atria: Array, random: np.random.Generator
) -> tuple[Array, dict[str, float]]:
    """Return (8, samples) millivolt of a regular sawtooth: slow down, quick up; counterclockwise in four of five."""
    size_mv = float(np.clip(0.11 * np.exp(0.35 * random.standard_normal()), 0.05, 0.25))
    way = 1.0 if random.random() < 0.8 else -1.0
    turns = 2 * np.pi * (bpm / 60) * (clock_s - start_s)
    saw = sum(np.sin(k * turns + 0.25 * k) / k for k in (1, 2, 3))
    late = sum(np.sin(k * (turns - 1.1)) / k for k in (1, 2))
    wave = _FLUTTER[:, None] * np.stack([saw, saw, late])
    return way * size_mv * (atria @ wave), {"rate_bpm": bpm, "size_mv": size_mv}
