"""Waves of single leads as waves of the whole ECG, and global intervals from them: how an expert's marks are read.

A wave's onset is that of the first quarter of the leads, its offset that of the last; an interval is the median over
beats.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from einthoven.core.waves import WAVE_NAMES, Wave
from einthoven.measure.beats import LONGEST_PR_S, SHORTEST_PR_S

TOGETHER_S = {"P": 0.10, "QRS": 0.10, "T": 0.15}  # how far the middles of one wave may lie apart in different leads
EARLY_QUARTILE, LATE_QUARTILE = 0.25, 0.75  # over leads: an expert's earliest and latest mark are too often slips
LEAST_SHARE = 0.5  # of leads that must show a wave, and of beats that must have it

Leads = Mapping[str, Sequence[Wave]]


def merged(leads: Leads) -> list[Wave]:
    """Return the waves that at least half of the leads show, in order of time; a border that few leads have is None."""
    found = []
    least = max(1.0, LEAST_SHARE * sum(bool(waves) for waves in leads.values()))
    for name in WAVE_NAMES:
        placed = sorted(
            ((_middle_s(wave), lead, wave) for lead, waves in leads.items() for wave in waves if wave.wave == name),
            key=lambda one: one[0],
        )
        group: list[tuple[float, str, Wave]] = []
        for one in [*placed, None]:
            if group and (one is None or one[0] - np.median([at for at, _, _ in group]) > TOGETHER_S[name]):
                if len({lead for _, lead, _ in group}) >= least:
                    found.append(_one([wave for _, _, wave in group], least))
                group = []
            if one is not None:
                group.append(one)
    return sorted(found, key=_middle_s)


def global_intervals(leads: Leads) -> dict[str, float | None]:
    """Return p_ms, pr_ms, qrs_ms and qt_ms; None where fewer than half of the beats have the waves for it."""
    waves = merged(leads)
    places = [place for place, wave in enumerate(waves) if wave.wave == "QRS"]
    values: dict[str, list[float | None]] = {"p_ms": [], "pr_ms": [], "qrs_ms": [], "qt_ms": []}
    for number, place in enumerate(places):
        before = places[number - 1] if number else -1
        after = places[number + 1] if number + 1 < len(places) else len(waves)
        qrs, p = waves[place], _leading(waves[before + 1 : place], waves[place])
        t = next((wave for wave in waves[place + 1 : after] if wave.wave == "T"), None)
        values["qrs_ms"].append(_between(qrs.on_s, qrs.off_s))
        if number or p:  # before the first complex the marks may not have begun
            values["p_ms"].append(_between(p.on_s, p.off_s) if p else None)
            values["pr_ms"].append(_between(p.on_s, qrs.on_s) if p else None)
        if number + 1 < len(places) or t:
            values["qt_ms"].append(_between(qrs.on_s, t.off_s) if t else None)
    return {name: _median(of_beats) for name, of_beats in values.items()}


def _leading(waves: Sequence[Wave], qrs: Wave) -> Wave | None:
    p = next((wave for wave in reversed(waves) if wave.wave == "P"), None)
    if p is None or p.on_s is None or qrs.on_s is None:
        return None
    return p if SHORTEST_PR_S <= qrs.on_s - p.on_s <= LONGEST_PR_S else None


def _middle_s(wave: Wave) -> float:
    known = [time for time in (wave.on_s, wave.off_s) if time is not None]
    return sum(known) / len(known) if len(known) == 2 else wave.peak_s if wave.peak_s is not None else known[0]


def _one(waves: list[Wave], least: float) -> Wave:
    on, peak, off = (
        [t for wave in waves if (t := getattr(wave, name)) is not None] for name in ("on_s", "peak_s", "off_s")
    )
    return Wave(
        waves[0].wave,
        float(np.quantile(on, EARLY_QUARTILE)) if len(on) >= least else None,
        float(np.median(peak)) if peak else None,
        float(np.quantile(off, LATE_QUARTILE)) if len(off) >= least else None,
        float(np.mean([wave.confidence for wave in waves])),
    )


def _between(start_s: float | None, stop_s: float | None) -> float | None:
    return None if start_s is None or stop_s is None else (stop_s - start_s) * 1000


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known and len(known) >= LEAST_SHARE * len(values) else None
