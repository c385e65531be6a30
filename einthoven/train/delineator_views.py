"""Recordings as others would have made them: more noise, other filters, leads off, or no ECG at all."""

import numpy as np
from numpy.typing import NDArray

from einthoven.measure.prepare import RATE_HZ

NO_ECG, SPIKED, LEAD_LOST = 0.04, 0.06, 0.04  # shares of recordings and of leads

Array = NDArray[np.float32]
Floats = NDArray[np.float64]


def as_others_record(x_BLT: Array, random: np.random.Generator, strength: float) -> Array:
    """Add wander, muscle, mains and steps, in some recordings much and in some leads more than in others."""
    batch, leads, samples = x_BLT.shape
    seconds = np.arange(samples) / RATE_HZ
    swing = np.ptp(x_BLT, axis=-1, keepdims=True) + 1e-6

    def size(often: float, usual: float) -> Floats:
        on = random.random((batch, 1, 1)) < often * strength
        of_recording = np.exp(random.normal(np.log(usual), 0.8, (batch, 1, 1)))
        return np.asarray(on * of_recording * np.exp(random.normal(0, 0.5, (batch, leads, 1))))

    muscle = _muscle((batch, leads, samples), random)
    wander = np.zeros((batch, leads, samples))
    for frequency in random.uniform(0.05, 0.7, 4):
        wander += np.sin(2 * np.pi * frequency * seconds + random.uniform(0, 2 * np.pi, (batch, leads, 1)))
    mains = np.sin(2 * np.pi * random.choice([50.0, 60.0]) * seconds + random.uniform(0, 6.3, (batch, 1, 1)))
    x = x_BLT + swing * (size(0.5, 0.02) * muscle + size(0.4, 0.15) * wander + size(0.2, 0.02) * mains)
    if random.random() < 0.3 * strength:  # a step in the baseline
        at = random.integers(0, samples, (batch, 1, 1))
        x = x + swing * random.normal(0, 0.5, (batch, leads, 1)) * (np.arange(samples) > at)
    if random.random() < 0.4 * strength:  # a recorder's low-pass
        x = _smoothed(x, np.hanning(int(random.integers(1, 3)) * 2 + 3)[1:-1])
    return np.asarray(x, np.float32)


def _muscle(shape: tuple[int, int, int], random: np.random.Generator) -> Floats:
    """Return noise of about unit size, white or without its fastest part."""
    white = random.standard_normal((*shape[:2], shape[2] + 8))
    kernel = np.hanning(2 * random.integers(1, 4) + 3)
    if random.random() < 0.5:
        white = _smoothed(white, kernel) * (kernel.sum() / np.sqrt((kernel**2).sum()))
    return np.asarray(white[..., : shape[2]])


def _smoothed(x_BLT: NDArray[np.floating], kernel: Floats) -> Floats:
    kernel = kernel / kernel.sum()
    return np.asarray(np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), -1, x_BLT))


def lose_some(x_BLT: Array, y_BCLT: Array, w_BLT: Array, random: np.random.Generator) -> None:
    """Put noise in place of some recordings, which then hold nothing to find, and of single leads; add spikes."""
    batch, leads, samples = x_BLT.shape
    for place in range(batch):
        chance = random.random()
        if chance < NO_ECG:
            x_BLT[place] = _no_ecg((leads, samples), random)
            y_BCLT[place, 0], y_BCLT[place, 1:], w_BLT[place] = 1, 0, 1
            continue
        if chance < NO_ECG + SPIKED:
            at = random.integers(0, samples, random.integers(1, 12))
            x_BLT[place][:, at] += np.ptp(x_BLT[place], axis=-1, keepdims=True) * random.normal(0, 1, (leads, 1))
        if leads >= 3:
            lost = np.flatnonzero(random.random(leads) < LEAD_LOST)[: leads - 2]
            if len(lost):
                x_BLT[place, lost] = _no_ecg((len(lost), samples), random)
                w_BLT[place, lost] = 0


def _no_ecg(shape: tuple[int, int], random: np.random.Generator) -> Array:
    """Return noise of some colour, waves of a generator, or both; a part of it comes in bursts."""
    leads, samples = shape
    white = random.standard_normal((leads, samples))
    colour = random.uniform(-0.2, 1.2)  # exponent of the amplitude over frequency: white to a random walk
    scale = np.maximum(np.fft.rfftfreq(samples, 1 / RATE_HZ), 0.3) ** -colour
    x = np.fft.irfft(np.fft.rfft(white) * scale, samples)
    x /= x.std(axis=1, keepdims=True)
    if random.random() < 0.3:
        x *= 0.1 + (random.random((1, samples // 50 + 1)).repeat(50, axis=1)[:, :samples] > 0.7)
    if random.random() < 0.3:
        frequency = np.exp(random.uniform(np.log(0.5), np.log(60)))
        share = random.choice([0.0, 0.3])
        wave = np.sin(2 * np.pi * frequency * np.arange(samples) / RATE_HZ)
        x = share * x + wave * random.normal(1, 0.5, (leads, 1))
    return np.asarray(x, np.float32)
