"""Anti-aliased resampling by any ratio, without a shift in time.

A Kaiser-windowed linear-phase FIR (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.5): flat up to 0.8 of the
lower Nyquist frequency, 60 dB down at that frequency itself.
"""

from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import MAX_RATE_HZ, MIN_RATE_HZ, Ecg
from einthoven.core.errors import UnitError

PASS_SHARE, STOP_DB = 0.8, 65.0
MAX_TERM = 5000  # of the ratio as a fraction: off by less than 4e-8, 1 sample in 14 h at 500 Hz


def resample(ecg: Ecg, rate_hz: float) -> Ecg:
    """Return the ECG at another rate: round(n * new / old) samples, the first at the same time as before.

    Raises UnitError for a rate outside 20 to 50,000 Hz.
    """
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise UnitError(f"{ecg.source}: cannot resample to {rate_hz:g} Hz; {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz")
    if rate_hz == ecg.rate_hz:
        return ecg
    wanted = max(round(ecg.signal_mv.shape[1] * rate_hz / ecg.rate_hz), 1)
    return ecg.with_signal(resample_rows(ecg.signal_mv, ecg.rate_hz, rate_hz, wanted), rate_hz)


def resample_rows(rows: NDArray[np.float32], old_hz: float, new_hz: float, wanted: int) -> NDArray[np.float32]:
    """Return (leads, wanted) of (leads, n) float32. Beyond both ends the signal goes on by reflection in its end."""
    from scipy.signal import resample_poly

    ratio = Fraction(new_hz / old_hz).limit_denominator(MAX_TERM)
    if ratio.numerator > MAX_TERM:  # a much higher rate: bound the other term
        ratio = 1 / Fraction(old_hz / new_hz).limit_denominator(MAX_TERM)
    taps = _taps(ratio.numerator, ratio.denominator)
    mode = "antireflect" if rows.shape[1] > 1 else "edge"
    rows = resample_poly(rows, ratio.numerator, ratio.denominator, axis=1, window=taps, padtype=mode)
    missing = max(wanted - rows.shape[1], 0)  # at most a sample, from the rounding of the ratio
    return np.asarray(np.pad(rows[:, :wanted], ((0, 0), (0, missing)), mode="edge"), np.float32)


@lru_cache(maxsize=32)
def _taps(up: int, down: int) -> NDArray[np.float32]:
    """Return the filter at `up` times the old rate; its bands end at shares of the lower Nyquist frequency."""
    from scipy.signal import firwin, kaiserord

    nyquist = 1.0 / max(up, down)
    length, beta = kaiserord(STOP_DB, (1.0 - PASS_SHARE) * nyquist)
    middle = (1.0 + PASS_SHARE) / 2 * nyquist
    return np.asarray(firwin(length | 1, middle, window=("kaiser", beta)), np.float32)
