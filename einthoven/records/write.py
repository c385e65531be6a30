"""Write an ECG as a WFDB record in format 16, on a grid of 1 uV or finer."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.atomic import atomic_write
from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, UnitError

_LIMIT, _MAX_DOUBLINGS = 32_767, 4


def write_wfdb(ecg: Ecg, folder: str | Path, name: str) -> Path:
    """Write NAME.dat and NAME.hea (last) into `folder` and return the header's path; each appears whole or not at all.

    Each lead has a gain of 1000, 2000, .. 16000 per mV, as fine as its largest value allows, so that values on a grid
    of 1 uV come back exactly. Age and sex go into comments, the date into the first line; key, source and faults do
    not. Raises InputError for a bad name, UnitError beyond 32.767 mV, JobError when it cannot be written.
    """
    if not re.match(r"[-\w]+$", name, re.ASCII):
        raise InputError(f"{name!r} cannot name a record; use letters, digits, '-' and '_'")
    folder = Path(folder)
    peaks = np.abs(ecg.signal_mv).max(axis=1)
    if peaks.max() * 1000 > _LIMIT:
        raise UnitError(f"{ecg.source or name}: reaches {peaks.max():.4g} mV; format 16 holds up to 32.767 mV")
    gains = [_gain(float(peak)) for peak in peaks]
    digital = np.rint(ecg.signal_mv.astype(np.float64) * np.array(gains)[:, None]).astype("<i2")
    atomic_write(folder / f"{name}.dat", digital.T.tobytes())
    header = folder / f"{name}.hea"
    atomic_write(header, _header(ecg, name, gains, digital).encode())
    return header


def _gain(peak_mv: float) -> int:
    gain = 1000
    while gain < 1000 << _MAX_DOUBLINGS and peak_mv * 2 * gain <= _LIMIT:
        gain *= 2
    return gain


def _header(ecg: Ecg, name: str, gains: list[int], digital: NDArray[np.int16]) -> str:
    at = "" if ecg.recorded_at is None else ecg.recorded_at.strftime(" %H:%M:%S.%f %d/%m/%Y").replace(".000000", "")
    rate = f"{ecg.rate_hz:.0f}" if ecg.rate_hz == round(ecg.rate_hz) else repr(float(ecg.rate_hz))
    lines = [f"{name} {len(ecg.leads)} {rate} {digital.shape[1]}{at}"]
    for lead, gain, row in zip(ecg.leads, gains, digital, strict=True):
        checksum = int(row.sum(dtype=np.int64)) % (1 << 16)
        lines.append(f"{name}.dat 16 {gain}(0)/mV 16 0 {row[0]} {checksum} 0 {lead}")
    if ecg.person.age_years is not None:
        lines.append(f"# Age: {ecg.person.age_years:g}")
    if ecg.person.sex is not None:
        lines.append(f"# Sex: {ecg.person.sex.capitalize()}")
    return "\n".join(lines) + "\n"
