"""From waves to beats: which P wave leads to which QRS complex, which T wave follows it, which beats come early."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.measure.delineation import QRS, Delineation, P, T

Floats = NDArray[np.float64]
# Over leads; the earliest and the latest lead are too often the noisiest. An expert's marks scatter more from lead to
# lead than these: a tenth of these leads lies about where a quarter of the expert's does (LOG.md).
EARLY_SHARE, LATE_SHARE = 0.10, 0.90
LONGEST_PR_S, SHORTEST_PR_S = 0.48, 0.05
NEIGHBOURS = 4  # beats on each side that say what is usual
EARLY = 0.85  # share of the usual cycle
LED = 0.5  # share of beats with a P wave before them: with less and irregular cycles the atria fibrillate
REGULAR = 0.075  # of PTB-XL train, 95 % of fibrillation lie above, 97 % of sinus rhythm below
RESTLESS = 0.1  # the same, of the cycles between early beats: with more no beat is early


@dataclass(frozen=True, eq=False)
class Beats:
    """N beats, in order of time; borders are global, over the leads. Not a number: no such wave, or cut off.

    qrs, p, t (N,): places among the waves, -1 for none. rr_s (N,): from the beat before. early: premature;
    alike: has the usual form.
    """

    qrs: NDArray[np.intp]
    p: NDArray[np.intp]
    t: NDArray[np.intp]
    p_on_s: Floats
    p_off_s: Floats
    qrs_on_s: Floats
    qrs_off_s: Floats
    t_on_s: Floats
    t_off_s: Floats
    rr_s: Floats
    early: NDArray[np.bool_]
    alike: NDArray[np.bool_]

    @property
    def usual(self) -> NDArray[np.bool_]:
        """(N,) beats that tell the intervals: whole, of the usual form, not early; all whole ones, where few are."""
        whole = np.isfinite(self.qrs_on_s + self.qrs_off_s)
        chosen = self.alike & ~self.early & whole
        return chosen if chosen.sum() >= max(2, 0.25 * len(chosen)) else whole


def find_beats(waves: Delineation) -> Beats:
    """Return the beats of a recording."""
    qrs = np.flatnonzero(waves.kind == QRS)
    on_s, off_s = global_borders(waves)
    p, t = _before(waves, qrs, on_s), _after(waves, qrs)
    rr_s = np.diff(on_s[qrs], prepend=np.nan)

    def of(wave: NDArray[np.intp], times_s: Floats) -> Floats:
        return np.where(wave >= 0, times_s[wave], np.nan) if len(times_s) else np.zeros(0)

    return Beats(
        qrs, p, t,
        p_on_s=of(p, on_s), p_off_s=of(p, off_s),
        qrs_on_s=of(qrs, on_s), qrs_off_s=of(qrs, off_s),
        t_on_s=of(t, on_s), t_off_s=of(t, off_s),
        rr_s=rr_s, early=premature(rr_s, p >= 0), alike=waves.alike[qrs],
    )  # fmt: skip


def global_borders(waves: Delineation) -> tuple[Floats, Floats]:
    """Return (W,) onset and offset over the leads that show the wave (IEC 60601-2-25 takes the extremes)."""
    if not len(waves.kind):
        return np.zeros(0), np.zeros(0)
    shown = waves.own | ~waves.own.any(axis=1, keepdims=True)
    return (
        over_leads(np.where(shown, waves.on_s, np.nan), EARLY_SHARE),
        over_leads(np.where(shown, waves.off_s, np.nan), LATE_SHARE),
    )


def over_leads(times_WL: Floats, share: float) -> Floats:
    """Return (W,) the quantile over the leads that have a border; not a number where none has."""
    known = np.isfinite(times_WL).sum(axis=1)
    ordered = np.sort(times_WL, axis=1)  # not a number comes last
    place = share * np.maximum(known - 1, 0)
    low = np.floor(place).astype(int)
    rows = np.arange(len(ordered))
    high = np.minimum(low + 1, ordered.shape[1] - 1)
    upper = np.where(low + 1 < known, ordered[rows, high], ordered[rows, low])
    found: Floats = ordered[rows, low] + (place - low) * (upper - ordered[rows, low])
    return found


def premature(rr_s: Floats, led: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Tell which beats come early, against their neighbours' cycles; led: by a P wave, where that is known.

    None are where all is irregular: the steady cycles too, or, as in fibrillation, every cycle and hardly a P wave.
    """
    early = np.zeros(len(rr_s), bool)
    for place in range(1, len(rr_s)):
        near = np.r_[rr_s[max(1, place - NEIGHBOURS) : place], rr_s[place + 1 : place + 1 + NEIGHBOURS]]
        near = near[np.isfinite(near)]
        early[place] = len(near) > 0 and rr_s[place] < EARLY * np.median(near)
    fibrillating = led is not None and len(led) > 0 and led.mean() < LED and irregular(rr_s[np.isfinite(rr_s)])
    return early & (not fibrillating) & (not irregular(rr_s[steady(rr_s, early)], RESTLESS))


def steady(rr_s: Floats, early: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which cycles no early beat ends or begins."""
    after = np.r_[False, early[:-1]][: len(early)]  # the pause
    found: NDArray[np.bool_] = np.isfinite(rr_s) & ~early & ~after
    return found


def irregular(cycles_s: Floats, limit: float = REGULAR) -> bool:
    """Tell whether the median change from one cycle to the next is more than this share of the cycle."""
    return len(cycles_s) > 2 and float(np.median(abs(np.diff(cycles_s)))) > limit * float(np.median(cycles_s))


def _before(waves: Delineation, qrs: NDArray[np.intp], on_s: Floats) -> NDArray[np.intp]:
    """Return the P wave that leads to each complex: the last since the one before; -1 if it is too far or near."""
    found = np.full(len(qrs), -1)
    for place, at in enumerate(qrs):
        since = qrs[place - 1] if place else -1
        candidates = [wave for wave in range(since + 1, at) if waves.kind[wave] == P]
        if candidates and SHORTEST_PR_S <= on_s[at] - on_s[candidates[-1]] <= LONGEST_PR_S:
            found[place] = candidates[-1]
    return found


def _after(waves: Delineation, qrs: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the T wave that follows each complex before the next."""
    ends = np.r_[qrs[1:], len(waves.kind)][: len(qrs)]
    found = np.full(len(qrs), -1)
    for place, (at, end) in enumerate(zip(qrs, ends, strict=True)):
        later = np.flatnonzero(waves.kind[at + 1 : end] == T)
        if len(later):
            found[place] = at + 1 + later[0]
    return found
