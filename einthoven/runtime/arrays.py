"""An ECG as the tower wants it: twelve leads at 250 Hz, ten seconds, baseline removed, and a mask of leads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.leads import LIMB_FROM_I_II

RATE_HZ = 250.0
SECONDS = 10.0
SAMPLES = int(RATE_HZ * SECONDS)
LIMIT_MV = 10.0  # beyond this it is an artefact, not a heart


@dataclass(frozen=True, eq=False)
class TowerInput:
    """x_LS: (12, 2500) float32 millivolt at 250 Hz; mask_L: (12,) float32, 1 where a lead is there."""

    x_LS: NDArray[np.float32]
    mask_L: NDArray[np.float32]


def tower_input(ecg: Ecg) -> TowerInput:
    """Return the first ten seconds of an ECG as the tower reads them; a shorter one is followed by zeros."""
    from einthoven.records.resample import resample

    part = ecg.with_signal(ecg.signal_mv[:, : round(SECONDS * ecg.rate_hz)], ecg.rate_hz)
    signal, mask = resample(part, RATE_HZ).twelve()
    return TowerInput(level(signal, SAMPLES), mask.astype(np.float32))


def level(signal_LS: NDArray[np.float32], samples: int) -> NDArray[np.float32]:
    """Remove each lead's median, clip artefacts and cut or zero-fill to `samples`."""
    levelled = np.clip(signal_LS - np.median(signal_LS, axis=1, keepdims=True), -LIMIT_MV, LIMIT_MV)
    out = np.zeros((len(signal_LS), samples), np.float32)
    count = min(samples, signal_LS.shape[1])
    out[:, :count] = levelled[:, :count]
    return out


def twelve_from_eight(signal_8S: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return twelve leads from I, II, V1..V6, the eight that are independent (8, S) -> (12, S)."""
    limb = np.array(list(LIMB_FROM_I_II.values()), np.float32) @ signal_8S[:2]
    return np.concatenate([limb, signal_8S[2:]]).astype(np.float32)
