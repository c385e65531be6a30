"""How the ECG was taken: noise at each electrode, electrodes swapped or off, the filters and steps of the machine.

Electrodes are RA, LA, LL, V1..V6 and the reference N on the right leg. Whatever happens to one of them reaches all
leads that use it, so that Einthoven's and Goldberger's relations hold in every recording.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import InputError
from einthoven.records.simulate_heart import Array

ELECTRODES = ("RA", "LA", "LL", "V1", "V2", "V3", "V4", "V5", "V6")
# (8, 9): I, II, V1..V6 from the potentials of the electrodes; the chest leads are taken against Wilson's terminal.
EIGHT_FROM_ELECTRODES = np.zeros((8, 9))
EIGHT_FROM_ELECTRODES[0, [0, 1]] = -1.0, 1.0
EIGHT_FROM_ELECTRODES[1, [0, 2]] = -1.0, 1.0
EIGHT_FROM_ELECTRODES[2:, :3] = -1.0 / 3.0
EIGHT_FROM_ELECTRODES[2:, 3:] = np.eye(6)
# (9, 8): the potentials, Wilson's terminal being zero.
ELECTRODES_FROM_EIGHT = np.zeros((9, 8))
ELECTRODES_FROM_EIGHT[:3, :2] = [[-1 / 3, -1 / 3], [2 / 3, -1 / 3], [-1 / 3, 2 / 3]]
ELECTRODES_FROM_EIGHT[3:, 2:] = np.eye(6)

# kind of reversal -> pairs of cables that are exchanged; "N" is the reference on the right leg, at the left leg's
# potential.
REVERSALS: dict[str, tuple[tuple[str, str], ...]] = {
    "none": (),
    "LA-RA": (("LA", "RA"),), "RA-LL": (("RA", "LL"),), "LA-LL": (("LA", "LL"),),
    "RA-N": (("RA", "N"),), "LA-N": (("LA", "N"),), "arms-legs": (("RA", "N"), ("LA", "LL")),
    "V1-V2": (("V1", "V2"),), "V2-V3": (("V2", "V3"),), "V1-V3": (("V1", "V3"),), "V4-V5": (("V4", "V5"),),
    "V5-V6": (("V5", "V6"),), "V1..V6 backwards": (("V1", "V6"), ("V2", "V5"), ("V3", "V4")),
}  # fmt: skip


@dataclass(frozen=True)
class Recording:
    """How the ECG was taken. Noise is root mean square millivolt at one electrode; 0 leaves it out.

    placement: how far V1..V6 sit from where they sat last time, in distances between neighbours, standard deviation;
    off: electrodes without contact; low_pass_hz, high_pass_hz, notch_hz: 0 for no such filter; step_mv: one amplitude
    step, 0 for none.
    """

    wander_mv: float = 0.0
    muscle_mv: float = 0.0
    mains_mv: float = 0.0
    mains_hz: float = 50.0
    hiss_mv: float = 0.0
    motion_mv: float = 0.0
    placement: float = 0.0
    reversal: str = "none"
    off: tuple[str, ...] = ()
    high_pass_hz: float = 0.0
    low_pass_hz: float = 0.0
    notch_hz: float = 0.0
    step_mv: float = 0.0

    def __post_init__(self) -> None:
        if self.reversal not in REVERSALS:
            raise InputError(f"reversal {self.reversal!r} is not known; use one of {', '.join(REVERSALS)}")
        unknown = [name for name in self.off if name not in ELECTRODES]
        if unknown:
            raise InputError(f"electrode {unknown[0]!r} is not known; use some of {', '.join(ELECTRODES)}")

    @property
    def noisy(self) -> bool:
        """Whether anything but the heart's own signal, or a filter, touches the leads."""
        return any((self.wander_mv, self.muscle_mv, self.mains_mv, self.hiss_mv, self.motion_mv, self.high_pass_hz,
                    self.low_pass_hz, self.notch_hz))  # fmt: skip


CLEAN = Recording()
# Filters of common machines: diagnostic (IEC 60601-2-25), the muscle filter at 40 Hz, and monitoring.
FILTERS = {"none": (0.0, 0.0), "diagnostic": (0.05, 150.0), "muscle": (0.05, 40.0), "monitor": (0.5, 40.0)}
SPREAD = np.array([0.75, 0.45, 0.35, 0.35])  # of wander, muscle, mains and hiss from one recording to another
QUALITIES = ("clean", "typical", "poor")


def draw_recording(quality: str, random: np.random.Generator) -> Recording:
    """Draw how an ECG of this quality was taken: "clean" (nothing added), "typical" or "poor"."""
    if quality not in QUALITIES:
        raise InputError(f"quality {quality!r} is not known; use one of {', '.join(QUALITIES)}")
    if quality == "clean":
        return CLEAN
    size = np.exp(SPREAD * random.standard_normal(4)) * (1.0 if quality == "typical" else 3.0)
    high_pass, low_pass = FILTERS[str(random.choice(["diagnostic"] * 12 + ["muscle"]))]
    made = Recording(
        wander_mv=0.030 * float(size[0]), muscle_mv=0.0065 * float(size[1]), mains_mv=0.0004 * float(size[2]),
        hiss_mv=0.0026 * float(size[3]), placement=0.08, high_pass_hz=high_pass, low_pass_hz=low_pass,
        step_mv=float(random.choice([0.001, 0.005])),
    )  # fmt: skip
    if quality == "poor":
        made = replace(made, motion_mv=0.15, mains_mv=made.mains_mv * 4, mains_hz=float(random.choice([50.0, 60.0])))
    return made


def cabling(recording: Recording, random: np.random.Generator) -> Array:
    """Return (8, 8): recorded leads I, II, V1..V6 from the true ones, with cables swapped and electrodes off."""
    potentials = {name: row for name, row in zip(ELECTRODES, ELECTRODES_FROM_EIGHT, strict=True)}
    potentials["N"] = potentials["LL"]
    for one, other in REVERSALS[recording.reversal]:
        potentials[one], potentials[other] = potentials[other], potentials[one]
    for name in recording.off:
        potentials[name] = np.zeros(8)
    return EIGHT_FROM_ELECTRODES @ np.stack([potentials[name] for name in ELECTRODES]) @ _placed(recording, random)


def _placed(recording: Recording, random: np.random.Generator) -> Array:
    """(8, 8): what the chest electrodes see from where they sit today; each has moved towards a neighbour."""
    placed = np.eye(8)
    for row, step in enumerate(recording.placement * random.standard_normal(6), start=2):
        neighbour = min(max(row + (1 if step > 0 else -1), 2), 7)
        if neighbour != row:
            placed[row, row], placed[row, neighbour] = 1 - abs(step), abs(step)
    return placed


def record(eight_mv: Array, recording: Recording, rate_hz: float, random: np.random.Generator) -> Array:
    """Add noise at the electrodes and filter; (8, samples) millivolt in and out."""
    if not recording.noisy:
        return eight_mv
    samples = eight_mv.shape[1]
    frequency = np.fft.rfftfreq(samples, 1 / rate_hz).astype(np.float64)
    noise = _noise(recording, samples, rate_hz, random)
    spectrum = np.fft.rfft(eight_mv + EIGHT_FROM_ELECTRODES @ noise, axis=1)
    return np.asarray(np.fft.irfft(spectrum * response(recording, frequency), samples, axis=1), np.float64)


def response(recording: Recording, frequency_hz: Array) -> Array:
    """Gain of the machine's filters, without delay: first order high-pass, fourth order low-pass, a notch 1 Hz wide."""
    gain = np.ones_like(frequency_hz)
    if recording.high_pass_hz:
        gain *= frequency_hz**2 / (frequency_hz**2 + recording.high_pass_hz**2)
    if recording.low_pass_hz:
        gain /= np.sqrt(1 + (frequency_hz / recording.low_pass_hz) ** 8)
    if recording.notch_hz:
        gain *= 1 - np.exp(-0.5 * ((frequency_hz - recording.notch_hz) / 0.5) ** 2)
    return gain


def _noise(recording: Recording, samples: int, rate_hz: float, random: np.random.Generator) -> Array:
    """(9, samples) millivolt at the electrodes."""
    clock = np.arange(samples) / rate_hz
    frequency = np.fft.rfftfreq(samples, 1 / rate_hz).astype(np.float64)
    shape = np.hypot(
        recording.hiss_mv * _unit(np.ones_like(frequency)), recording.wander_mv * _unit(_wander(frequency))
    )
    noise = _coloured(shape, samples, random)
    if recording.muscle_mv:
        noise += _muscle(recording.muscle_mv, frequency, clock, random)
    if recording.mains_mv:
        noise += _mains(recording, clock, random)
    if recording.motion_mv:
        noise += _motion(recording.motion_mv, clock, random)
    return np.asarray(noise, np.float64)


def _coloured(shape: Array, samples: int, random: np.random.Generator) -> Array:
    """(9, samples) Gaussian noise with this amplitude spectrum; single precision, which noise does not need more of."""
    white = random.standard_normal((9, 2 * len(shape)), dtype=np.float32).view(np.complex64)
    return np.fft.irfft(white * (shape * (samples / 2)).astype(np.float32), samples, axis=1).astype(np.float64)


def _unit(power: Array) -> Array:
    """Scale the shape of an amplitude spectrum so that noise drawn with it has a root mean square of 1."""
    return np.asarray(power / np.sqrt(max(float((power**2).sum()), 1e-12)), np.float64)


def _wander(frequency_hz: Array) -> Array:
    """Amplitude of baseline wander: falls with frequency, with a hump where breathing is."""
    low = np.maximum(frequency_hz, 0.05)
    fall = (0.05 / low) ** 1.1 * (frequency_hz < 3) * (frequency_hz > 0)
    return np.asarray(fall + 0.35 * np.exp(-0.5 * ((frequency_hz - 0.25) / 0.07) ** 2), np.float64)


def _muscle(size_mv: float, frequency_hz: Array, clock_s: Array, random: np.random.Generator) -> Array:
    """Muscle: mostly 15 to 80 Hz, coming and going, stronger at some electrodes than at others."""
    band = _unit((frequency_hz / (frequency_hz + 15.0)) / (1 + (frequency_hz / 38.0) ** 3))
    steady = _coloured(band, len(clock_s), random)
    knots = np.exp(0.45 * random.standard_normal((9, 7)))
    place = clock_s / clock_s[-1] * 5.999
    left = place.astype(np.intp)
    envelope = knots[:, left] + (place - left) * (knots[:, left + 1] - knots[:, left])
    return np.asarray(size_mv * np.exp(0.4 * random.standard_normal((9, 1))) * envelope * steady)


def _mains(recording: Recording, clock_s: Array, random: np.random.Generator) -> Array:
    """Mains with its third and fifth harmonic: one source, taken up unequally by the electrodes and by N."""
    phase = random.uniform(0, 2 * np.pi, 3)
    hz = recording.mains_hz * (1 + 0.0005 * random.standard_normal())
    turns = 2 * np.pi * hz * clock_s
    wave = np.sin(turns + phase[0]) + 0.25 * np.sin(3 * turns + phase[1]) + 0.1 * np.sin(5 * turns + phase[2])
    share = random.standard_normal(9) + random.standard_normal()
    return np.asarray(recording.mains_mv * np.sqrt(2) * share[:, None] * wave)


def _motion(size_mv: float, clock_s: Array, random: np.random.Generator) -> Array:
    """Electrode motion: steps of one electrode that die away within a second."""
    noise = np.zeros((9, len(clock_s)))
    for _ in range(int(random.integers(1, 4))):
        row, at, decay = int(random.integers(0, 9)), random.uniform(0, clock_s[-1]), random.uniform(0.15, 0.8)
        after = clock_s - at
        noise[row] += (after > 0) * size_mv * random.standard_normal() * 2 * np.exp(-np.maximum(after, 0) / decay)
    return noise


def quantise(eight_mv: Array, step_mv: float) -> NDArray[np.float64]:
    """Round I, II and V1..V6 to whole steps; the other limb leads follow from the rounded ones."""
    return np.round(eight_mv / step_mv) * step_mv if step_mv else eight_mv
