"""Recordings of known content for the tests of this package."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.leads import LIMB_FROM_I_II, TWELVE

# height in mV, place in the beat in s, width in s
_BUMPS = ((0.12, 0.20, 0.025), (-0.10, 0.34, 0.008), (1.0, 0.36, 0.010), (-0.2, 0.385, 0.009), (0.3, 0.62, 0.04))
_EIGHT = (0.9, 0.5, -0.5, -0.3, 0.3, 0.9, 1.2, 1.0)  # I, II, V1..V6


def grid(rate_hz: float = 500.0, seconds: float = 10.0) -> NDArray[np.float64]:
    """Twelve leads (12, n) in mV: beats of Gaussians, each lead a little different, on a grid of 0.002 mV."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    eight = np.zeros((8, len(time_s)))
    for number, (height_mv, at_s, width_s) in enumerate(_BUMPS):
        phase_s = np.mod(time_s, 0.85) - at_s
        shape = height_mv * np.exp(-0.5 * (phase_s / width_s) ** 2)
        eight += np.outer([size * (1 + 0.4 * np.sin(number * (row + 1))) for row, size in enumerate(_EIGHT)], shape)
    eight += 0.05 * np.sin(2 * np.pi * 0.3 * time_s + np.arange(8)[:, None])
    eight = np.rint(eight * 500) * 0.002
    limb = np.array([LIMB_FROM_I_II[name] for name in TWELVE[:6]]) @ eight[:2]
    return np.asarray(np.rint(np.concatenate([limb, eight[2:]]) * 1000) / 1000, np.float64)


def toy(rate_hz: float = 500.0, seconds: float = 10.0) -> Ecg:
    """The same as an Ecg."""
    return Ecg(grid(rate_hz, seconds).astype(np.float32), TWELVE, rate_hz, source="toy")


def write_16(
    folder: Path,
    signal_mv: NDArray[np.float64],
    names: tuple[str, ...] = TWELVE,
    gain: str = "1000/mV",
    scale: float = 1000.0,
    comments: str = "",
) -> Path:
    """Write a record `rec` of format 16 at 500 Hz; its header may say another `gain` than the samples' `scale`."""
    digital = np.rint(signal_mv * scale).astype("<i2")
    lines = [f"rec {len(names)} 500 {digital.shape[1]}"]
    lines += [f"rec.dat 16 {gain} 16 0 0 0 0 {lead}" for lead in names]
    (folder / "rec.dat").write_bytes(digital.T.tobytes())
    header = folder / "rec.hea"
    header.write_text("\n".join(lines) + "\n" + comments)
    return header
