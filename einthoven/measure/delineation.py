"""From probabilities to waves: which waves there are is decided for all leads at once, where they lie in each lead.

A border lies where the probability that is left outside of it equals that which is missing inside of it, which is the
mean of where it may lie: finer than a sample, and steady when the samples shift.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.measure.prepare import RATE_HZ
from einthoven.records.cleaning import runs

Floats = NDArray[np.float32]
P, QRS, T = 1, 2, 3  # places in the network's output; 0 is none
THRESHOLD = {P: 0.35, QRS: 0.65, T: 0.5}  # chosen on LUDB out-of-fold; P from 0.25 to 0.5 moves F1 by one per cent
LEAST_S = {P: 0.03, QRS: 0.03, T: 0.05}
BRIDGED_S = {P: 0.03, QRS: 0.04, T: 0.08}  # a notch is no end
REACH_S = 0.16  # from where all leads together see a wave, how far its border in one lead may lie
AROUND_S = 0.12  # of a complex, for comparing its form
ALIKE = 0.75  # correlation with the usual form
OWN = 0.5  # what a lead must say itself; else it takes the word of the others


@dataclass(frozen=True, eq=False)
class Delineation:
    """The waves of a recording, in order of time. W waves, L leads; seconds from the first sample, not a number
    for a border that the recording cuts off.

    kind (W,): P, QRS or T; on_s, peak_s, off_s, confidence (W, L); own (W, L): the lead shows it by itself;
    alike (W,): a QRS complex has the usual form (all other waves have).
    """

    leads: tuple[str, ...]
    kind: NDArray[np.int8]
    on_s: NDArray[np.float64]
    peak_s: NDArray[np.float64]
    off_s: NDArray[np.float64]
    confidence: Floats
    own: NDArray[np.bool_]
    alike: NDArray[np.bool_]

    @classmethod
    def empty(cls, leads: tuple[str, ...]) -> "Delineation":
        """Return no waves."""
        none = np.zeros((0, len(leads)))
        return cls(leads, np.zeros(0, np.int8), none, none, none, none.astype(np.float32), none > 0, np.zeros(0, bool))

    def of(self, chosen: NDArray[np.bool_]) -> "Delineation":
        """Return the chosen waves only."""
        return Delineation(self.leads, *(getattr(self, name)[chosen] for name in ARRAYS))

    def among(self, leads: tuple[str, ...]) -> "Delineation":
        """Return the same waves with columns for these leads; those that had none get no times."""
        if leads == self.leads:
            return self
        places = [leads.index(lead) for lead in self.leads]
        wider = {}
        for name in ("on_s", "peak_s", "off_s", "confidence", "own"):
            here = getattr(self, name)
            wider[name] = np.full((len(self.kind), len(leads)), np.nan if here.dtype == np.float64 else 0, here.dtype)
            wider[name][:, places] = here
        return replace(self, leads=leads, **wider)


ARRAYS = ("kind", "on_s", "peak_s", "off_s", "confidence", "own", "alike")


def joined(parts: Sequence[Delineation], starts_s: Sequence[float]) -> Delineation:
    """Return the waves of pieces of one recording, of which each begins at its second of the whole."""
    times = ("on_s", "peak_s", "off_s")
    moved = [
        [getattr(part, name) + start_s if name in times else getattr(part, name) for name in ARRAYS]
        for part, start_s in zip(parts, starts_s, strict=True)
    ]
    return Delineation(parts[0].leads, *(np.concatenate(arrays) for arrays in zip(*moved, strict=True)))


@dataclass(frozen=True)
class Zone:
    """Where all leads together see a wave: its kind and the samples [start, stop)."""

    kind: int
    start: int
    stop: int


def delineate(p_CLT: Floats, x_LT: Floats, leads: tuple[str, ...], weight_L: Floats) -> Delineation:
    """Return the waves; p_CLT: probabilities, x_LT: prepared leads at 250 Hz, weight_L: how far each lead counts."""
    together = np.tensordot(p_CLT, weight_L / weight_L.sum(), axes=([1], [0]))
    zones = find_zones(together)
    shape = (len(zones), len(leads))
    on, peak, off = (np.zeros(shape) for _ in range(3))
    confidence, own = np.zeros(shape, np.float32), np.zeros(shape, bool)
    for place, zone in enumerate(zones):
        low = zones[place - 1].stop if place else 0
        high = zones[place + 1].start if place + 1 < len(zones) else p_CLT.shape[2]
        on[place], off[place], confidence[place], own[place] = _borders(p_CLT, together, zone, low, high)
        peak[place] = _peaks(x_LT, on[place], off[place])
    kind = np.array([zone.kind for zone in zones], np.int8)
    alike = np.ones(len(zones), bool)
    alike[kind == QRS] = _form(x_LT, np.median(peak, axis=1)[kind == QRS]) >= ALIKE
    return Delineation(leads, kind, on / RATE_HZ, peak / RATE_HZ, off / RATE_HZ, confidence, own, alike)


def find_zones(together_CT: Floats) -> list[Zone]:
    """Return where waves are, in order of time; between two QRS complexes there is at most one T."""
    zones = [
        Zone(kind, start, stop)
        for kind in (P, QRS, T)
        for start, stop in _bridged(runs(together_CT[kind] > THRESHOLD[kind]), kind)
        if stop - start >= LEAST_S[kind] * RATE_HZ
    ]
    return _one_t_a_beat(sorted(zones, key=lambda zone: zone.start + zone.stop))


def _bridged(bounds: NDArray[np.intp], kind: int) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in bounds.tolist():
        if joined and start - joined[-1][1] < BRIDGED_S[kind] * RATE_HZ:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _one_t_a_beat(zones: list[Zone]) -> list[Zone]:
    kept: list[Zone] = []
    last: Zone | None = None  # T since the last QRS
    for zone in zones:
        if zone.kind == QRS:
            last = None
        elif zone.kind == T and last is not None:
            if zone.stop - zone.start <= last.stop - last.start:
                continue
            kept.remove(last)
            last = zone
        elif zone.kind == T:
            last = zone
        kept.append(zone)
    return kept


def _borders(
    p_CLT: Floats, together_CT: Floats, zone: Zone, low: int, high: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], Floats, NDArray[np.bool_]]:
    """Return onset, offset (samples), confidence and own word in each lead; low, high: where the neighbours end."""
    reach = round(REACH_S * RATE_HZ)
    middle = (zone.start + zone.stop) // 2
    low, high = min(low, zone.start), max(high, zone.stop)  # a neighbour may lie within a bridged wave
    start = max((low + zone.start) // 2, zone.start - reach)
    stop = min((high + zone.stop + 1) // 2, zone.stop + reach)
    within = slice(zone.start - start, zone.stop - start)
    alone, of_all = p_CLT[zone.kind, :, start:stop], together_CT[zone.kind, start:stop]
    own = alone[:, within].max(axis=1) > OWN
    confidence = np.where(own, alone[:, within].mean(axis=1), 0.5 * of_all[within].mean())
    part = np.where(own[:, None], alone, of_all)
    part = np.minimum(part / np.maximum(part[:, within].max(axis=1, keepdims=True), 1e-6), 1)
    before = np.maximum.accumulate(part[:, : middle - start], axis=1)
    after = np.maximum.accumulate(part[:, middle - start :][:, ::-1], axis=1)
    on = middle - before.sum(axis=1, dtype=np.float64) - 0.5
    off = middle + after.sum(axis=1, dtype=np.float64) - 0.5
    if start == 0:  # a wave that the recording cuts has no border there
        on = np.where(part[:, 0] > OWN, np.nan, on)
    if stop == p_CLT.shape[2]:
        off = np.where(part[:, -1] > OWN, np.nan, off)
    return on, off, confidence.astype(np.float32), own


def _peaks(x_LT: Floats, on_L: NDArray[np.float64], off_L: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where each lead is farthest from the line between the ends of the wave, between samples by a parabola."""
    samples = x_LT.shape[1]
    on_L, off_L = np.nan_to_num(on_L, nan=0.0), np.nan_to_num(off_L, nan=samples - 1.0)
    first = int(np.clip(np.floor(on_L.min()), 0, samples - 2))
    last = int(np.clip(np.ceil(off_L.max()), first + 1, samples - 1))
    times = np.arange(first, last + 1)
    left, right = np.clip(np.rint([on_L, off_L]), first, last).astype(int) - first
    part = x_LT[:, first : last + 1]
    rows = np.arange(len(part))
    share = np.clip((times - on_L[:, None]) / np.maximum(off_L - on_L, 1)[:, None], 0, 1)
    line = part[rows, left, None] * (1 - share) + part[rows, right, None] * share
    inside = (times >= on_L[:, None]) & (times <= off_L[:, None])
    away = np.where(inside, np.abs(part - line), -1)
    at = away.argmax(axis=1)
    before, here, after = (away[rows, np.clip(at + step, 0, len(times) - 1)] for step in (-1, 0, 1))
    bend = before - 2 * here + after
    fine = np.where(
        (before >= 0) & (after >= 0) & (bend < 0), 0.5 * (before - after) / np.where(bend < 0, bend, -1), 0.0
    )
    return np.asarray(np.clip(first + at + np.clip(fine, -0.5, 0.5), on_L, off_L))


def _form(x_LT: NDArray[np.float32], middle_N: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N,) the correlation of each complex, over all leads, with the median complex."""
    half = round(AROUND_S * RATE_HZ)
    middle = np.rint(middle_N).astype(int)
    padded = np.pad(x_LT, ((0, 0), (half, half)), mode="edge")
    if not len(middle_N):
        return np.zeros(0)
    parts = np.stack([padded[:, at : at + 2 * half + 1] for at in np.clip(middle, 0, x_LT.shape[1] - 1)])
    flat = (parts - parts.mean(axis=2, keepdims=True)).reshape(len(parts), -1).astype(np.float64)
    usual = np.median(flat, axis=0)
    size = np.linalg.norm(flat, axis=1) * np.linalg.norm(usual)
    found: NDArray[np.float64] = np.where(size > 0, flat @ usual / np.maximum(size, 1e-9), 0.0)
    return found
