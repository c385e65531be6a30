"""ECGs that hold nothing to read: flat, noise, and real ones whose leads have changed names, as files."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from einthoven.core.ecg import Ecg
from einthoven.core.errors import EcgError, JobError, LeadError
from einthoven.core.leads import CHEST, LIMB_FROM_I_II, TWELVE
from einthoven.core.rng import rng
from einthoven.records.read import read
from einthoven.records.write import write_wfdb

NOISES: dict[str, tuple[float, float]] = {"noise-band": (0.5, 40.0), "noise-muscle": (20.0, 150.0)}
"""Name -> the band that it fills, Hz: that of the ECG itself, and that of muscles."""
NOISE_MV = 0.1  # root mean square of leads I and II and of each chest lead
RATE_HZ, SAMPLES = 500.0, 5000


@dataclass(frozen=True)
class Controls:
    """Where the files of an audit lie, written or not yet. seed: of the noise and of the order of leads."""

    folder: Path
    seed: int = 0

    @property
    def flat(self) -> str:
        return str(self.folder / "flat")

    def noise(self, name: str) -> str:
        return str(self.folder / f"{name}-{self.seed}")

    def permuted(self, ecg: str) -> str:
        """Return the place of an ECG with its leads permuted; no two paths share one."""
        stem = re.sub(r"[^-\w]", "-", Path(ecg).stem, flags=re.ASCII)[:40]
        mark = hashlib.sha256(ecg.encode()).hexdigest()[:12]
        return str(self.folder / f"permuted-{self.seed}" / f"{stem}-{mark}")


def write_controls(ecgs: Iterable[str], controls: Controls) -> dict[str, str]:
    """Write what is not there yet of flat, noise and permuted ECGs; return ECG -> why its leads were not permuted.

    ecgs: what the questions show. One that cannot be read has no permuted form, and a question about that fails as it
    does about the ECG itself. Raises JobError when the folder cannot be written.
    """
    _once(controls.flat, flat_ecg)
    for name in NOISES:
        _once(controls.noise(name), partial(noise_ecg, name, controls.seed))
    refused: dict[str, str] = {}
    for ecg in dict.fromkeys(ecgs):
        try:
            _once(controls.permuted(ecg), partial(permuted_ecg, ecg, controls.seed))
        except JobError:
            raise
        except EcgError as error:
            refused[ecg] = str(error)
    return refused


def flat_ecg() -> Ecg:
    """Return ten seconds of nothing in twelve leads."""
    return Ecg(np.zeros((12, SAMPLES), np.float32), TWELVE, RATE_HZ)


def noise_ecg(name: str, seed: int) -> Ecg:
    """Return ten seconds of noise in twelve leads; the limb leads keep Einthoven's relations, as open electrodes do."""
    low_hz, high_hz = NOISES[name]
    spectrum = np.fft.rfft(rng("audit", name, seed).standard_normal((2 + len(CHEST), SAMPLES)), axis=1)
    frequency_hz = np.fft.rfftfreq(SAMPLES, 1 / RATE_HZ)
    spectrum[:, (frequency_hz < low_hz) | (frequency_hz > high_hz)] = 0
    rows = np.fft.irfft(spectrum, SAMPLES, axis=1)
    rows *= NOISE_MV / rows.std(axis=1, keepdims=True)
    limb = np.array(list(LIMB_FROM_I_II.values())) @ rows[:2]
    return Ecg(np.concatenate([limb, rows[2:]]).astype(np.float32), TWELVE, RATE_HZ)


def permuted_ecg(path: str, seed: int) -> Ecg:
    """Return an ECG whose signals have changed names, none keeping its own. Raises InputError and its kinds."""
    ecg = read(path)
    if len(ecg.leads) < 2:
        raise LeadError(f"{path}: has one lead; leads change places where there are two or more")
    return ecg.with_signal(ecg.signal_mv[lead_order(len(ecg.leads), seed)], ecg.rate_hz)


def lead_order(count: int, seed: int) -> list[int]:
    """Return which signal stands under each name: one cycle through all, drawn once for a seed and number of leads."""
    order = [int(lead) for lead in rng("audit", "leads", seed, count).permutation(count)]
    following = dict(zip(order, order[1:] + order[:1], strict=True))
    return [following[lead] for lead in range(count)]


def _once(stem: str, make: Callable[[], Ecg]) -> None:
    """Write a record unless its header, which comes last, is there."""
    header = Path(f"{stem}.hea")
    if header.is_file():
        return
    ecg = make()
    try:
        header.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{header.parent}: cannot be made: {error.strerror or error}") from error
    write_wfdb(ecg, header.parent, header.stem)
