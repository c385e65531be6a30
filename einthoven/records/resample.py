"""Anti-aliased resampling by any ratio, without a shift in time."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg


def resample_rows(rows: NDArray[np.floating], samples: int, wanted: int) -> NDArray[np.float64]:
    """Return (leads, wanted) of (leads, samples) that span the same time."""
    from scipy.signal import resample_poly

    ratio = Fraction(wanted, samples).limit_denominator(10_000)
    return np.asarray(resample_poly(rows, ratio.numerator, ratio.denominator, axis=1, padtype="line")[:, :wanted])


def resample(ecg: Ecg, rate_hz: float) -> Ecg:
    """Return the ECG at another rate."""
    samples = ecg.signal_mv.shape[1]
    wanted = round(samples * rate_hz / ecg.rate_hz)
    return ecg.with_signal(resample_rows(ecg.signal_mv, samples, wanted).astype(np.float32), rate_hz)
