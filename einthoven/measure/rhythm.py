"""How the beats follow each other: rate, variability, regularity, premature beats."""

import numpy as np
from numpy.typing import NDArray

from einthoven.core.measurements import Rhythm
from einthoven.measure.beats import LED, Beats, Floats, irregular, steady

LEAST_BEATS = 5  # to say whether a rhythm is regular


def rhythm(beats: Beats, pacing_spikes_s: tuple[float, ...]) -> Rhythm:
    """Return the rhythm; cycles about a premature beat count for the rate, not for variability and regularity.

    Where hardly a beat has a P wave nothing can be premature, and all cycles count.
    """
    cycles_s, following = steady_cycles(beats)
    all_s = beats.rr_s[np.isfinite(beats.rr_s)]
    changes_s = np.diff(cycles_s)[following]
    enough = len(all_s) >= LEAST_BEATS - 1
    return Rhythm(
        regular=not irregular(cycles_s if (beats.p >= 0).mean() >= LED else all_s) if enough else None,
        sdnn_ms=float(np.std(cycles_s, ddof=1)) * 1000 if len(cycles_s) > 1 else None,
        rmssd_ms=float(np.sqrt(np.mean(changes_s**2))) * 1000 if len(changes_s) else None,
        mean_bpm=60 / float(all_s.mean()) if len(all_s) else None,
        slowest_bpm=60 / float(all_s.max()) if len(all_s) else None,
        fastest_bpm=60 / float(all_s.min()) if len(all_s) else None,
        premature_beats_s=tuple(np.round(beats.qrs_on_s[beats.early], 4).tolist()),
        pacing_spikes_s=pacing_spikes_s,
    )


def steady_cycles(beats: Beats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the steady cycles in seconds, and of each but the first whether it follows the one before at once."""
    places = np.flatnonzero(steady(beats.rr_s, beats.early))
    return beats.rr_s[places], np.diff(places) == 1
