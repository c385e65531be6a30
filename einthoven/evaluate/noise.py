"""Noise of a stated size on a recording: muscle, baseline, mains; the ladder on which measurements must hold."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.rng import rng

Kind = Literal["muscle", "baseline", "mains"]
KINDS: tuple[Kind, ...] = ("muscle", "baseline", "mains")
LADDER_DB = (24, 18, 12, 6, 0, -6)
MUSCLE_HZ, BASELINE_HZ, MAINS_HZ = (20.0, 150.0), (0.05, 0.7), 50.0


def noisy(ecg: Ecg, kind: Kind, snr_db: float, name: str) -> Ecg:
    """Return the ECG with noise in every lead; the power of the lead (around its mean) over the noise's is `snr_db`.

    `name` makes the noise: the same for every step of a ladder, so that only its size differs.
    """
    signal = ecg.signal_mv.astype(np.float64)
    power = signal.var(axis=1, keepdims=True)
    noise = _noise(signal.shape, ecg.rate_hz, kind, rng("noise", kind, name))
    noise *= np.sqrt(power / noise.var(axis=1, keepdims=True) / 10 ** (snr_db / 10))
    return ecg.with_signal((signal + noise).astype(np.float32), ecg.rate_hz)


def _noise(shape: tuple[int, ...], rate_hz: float, kind: Kind, random: np.random.Generator) -> NDArray[np.float64]:
    seconds = np.arange(shape[1]) / rate_hz
    if kind == "mains":
        return np.sin(2 * np.pi * (MAINS_HZ * seconds + random.random((shape[0], 1))))
    low, high = MUSCLE_HZ if kind == "muscle" else BASELINE_HZ
    spectrum = np.fft.rfft(random.standard_normal(shape), axis=1)
    frequency = np.fft.rfftfreq(shape[1], 1 / rate_hz)
    spectrum[:, (frequency < low) | (frequency > high)] = 0
    if kind == "baseline":  # wander is the stronger the slower it is
        spectrum[:, 1:] /= frequency[1:]
    return np.fft.irfft(spectrum, shape[1], axis=1)
