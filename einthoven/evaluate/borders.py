"""Found borders of waves against an expert's: each on its own, in each lead (after Moskalenko et al. 2019).

A found border within 150 ms of a marked one is right (ANSI/AAMI EC57), one to one, nearest first; mean and SD are of
those. What lies outside of the marked span of a lead is not judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.core.waves import WAVE_NAMES, Wave, WaveName

WIDE_S, NARROW_S = 0.150, 0.040
SLACK_S = 1e-9  # a difference of times is never quite what it should be
SIDES = ("on", "off")
BORDERS = tuple((wave, side) for wave in WAVE_NAMES for side in SIDES)
CSE_SD_MS = {("P", "on"): 10.2, ("P", "off"): 12.7, ("QRS", "on"): 6.5, ("QRS", "off"): 11.6, ("T", "off"): 30.6}
"""2 SD limits of the CSE Working Party (Eur Heart J 1985), compared with the SD of an algorithm; none for T onset."""


@dataclass(frozen=True, eq=False)
class Found:
    """One border in one recording: how many were right, false and missed, right within 40 ms, and the errors in ms."""

    right: int
    false: int
    missed: int
    close: int
    errors_ms: NDArray[np.float64]


def compare(marked: Sequence[Wave], found: Sequence[Wave], wave: WaveName, side: str) -> Found:
    """Return how the found borders of one kind of wave in one lead stand against the marked ones."""
    known = [time for one in marked for time in (one.on_s, one.peak_s, one.off_s) if time is not None]
    if not known:
        return Found(0, 0, 0, 0, np.zeros(0))
    low_s, high_s = min(known), max(known)
    wanted = [time for one in marked if one.wave == wave if (time := _border(one, side)) is not None]
    given = [time for one in found if one.wave == wave if (time := _border(one, side)) is not None]
    pairs = match(wanted, given, WIDE_S + SLACK_S)
    errors = np.array([given[there] - wanted[here] for here, there in pairs])
    taken = {there for _, there in pairs}
    excused = [_span(one) for one in marked if one.wave == wave and _border(one, side) is None]
    false = [
        time
        for place, time in enumerate(given)
        if place not in taken and low_s <= time <= high_s and not any(a <= time <= b for a, b in excused)
    ]
    return Found(
        len(pairs),
        len(false),
        len(wanted) - len(pairs),
        int((np.abs(errors) <= NARROW_S + SLACK_S).sum()),
        errors * 1000,
    )


def match(wanted: Sequence[float], given: Sequence[float], within_s: float) -> list[tuple[int, int]]:
    """Return pairs (place in wanted, place in given) within `within_s`; the nearest pair first, each place once."""
    if not wanted or not given:
        return []
    far = np.abs(np.subtract.outer(wanted, given))
    order = np.argwhere(far <= within_s)
    order = order[np.argsort(far[order[:, 0], order[:, 1]], kind="stable")]
    here: set[int] = set()
    there: set[int] = set()
    pairs = []
    for one, other in order.tolist():
        if one not in here and other not in there:
            here.add(one)
            there.add(other)
            pairs.append((one, other))
    return pairs


def add(parts: Iterable[Found]) -> Found:
    """Return several leads as one."""
    listed = list(parts)
    return Found(
        sum(one.right for one in listed), sum(one.false for one in listed), sum(one.missed for one in listed),
        sum(one.close for one in listed), np.concatenate([np.zeros(0), *(one.errors_ms for one in listed)]),
    )  # fmt: skip


def _border(wave: Wave, side: str) -> float | None:
    return wave.on_s if side == "on" else wave.off_s


def _span(wave: Wave) -> tuple[float, float]:
    """Return where the border of a wave may lie that was marked without it."""
    times = [time for time in (wave.on_s, wave.peak_s, wave.off_s) if time is not None]
    return min(times) - WIDE_S, max(times) + WIDE_S
