"""When the chambers beat: a plan of the rhythm becomes a schedule of beats, P waves and pacing spikes.

The driver (sinus node, fibrillating atria, a junctional or ventricular focus, a pacemaker) gives its times; block
decides which of them reach the ventricles; premature beats take their place in what is left. Times are seconds and
those of the onset of a wave.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from einthoven.records.simulate_heart import Array

Mechanism = Literal[
    "sinus", "wandering", "fibrillation", "flutter", "supraventricular tachycardia", "paroxysm", "junctional",
    "ventricular tachycardia", "ventricular escape",
]  # fmt: skip
Block = Literal["none", "wenckebach", "mobitz 2", "complete"]
Pattern = Literal["single", "couplet", "bigeminy", "trigeminy"]
PKind = Literal["sinus", "ectopic", "retrograde", "paced"]
BeatKind = Literal[
    "normal", "atrial premature", "ventricular premature", "junctional", "ventricular escape",
    "ventricular tachycardia", "supraventricular tachycardia", "paced",
]  # fmt: skip
CLOSE_S = 0.0002
BEFORE_S = 2.5  # beats are scheduled from this long before the recording to as long after it


@dataclass(frozen=True)
class RhythmPlan:
    """What drives the heart and what stands in the way. `swing` is the relative variation of the driver's cycle."""

    mechanism: Mechanism = "sinus"
    rate_bpm: float = 70.0
    swing: float = 0.03
    pr_ms: float = 160.0
    block: Block = "none"
    escape_bpm: float = 45.0
    escape: Literal["junctional", "ventricular escape"] = "junctional"
    premature: tuple[tuple[Literal["atrial", "ventricular"], Pattern], ...] = ()
    paced: Literal["", "atrial", "ventricular", "both"] = ""
    atria_silent: bool = False  # under a pacemaker: no P waves are seen
    flutter_bpm: float = 300.0
    flutter_ratio: int = 0  # atrial waves per beat; 0 for a ratio that changes


@dataclass(frozen=True)
class PWave:
    """An atrial beat: its onset and kind, and whether a ventricular beat follows from it."""

    on_s: float
    kind: PKind
    conducted: bool = True


@dataclass(frozen=True)
class Beat:
    """A ventricular beat: onset of its QRS complex, kind, and the onset of the P wave that led to it, if any."""

    on_s: float
    kind: BeatKind
    p_on_s: float | None = None


@dataclass(frozen=True)
class Spike:
    """A pacing stimulus."""

    at_s: float
    chamber: Literal["atrial", "ventricular"]


@dataclass(frozen=True)
class Schedule:
    """Everything that happens, in order of time."""

    beats: tuple[Beat, ...]
    p_waves: tuple[PWave, ...]
    spikes: tuple[Spike, ...] = ()


def schedule(plan: RhythmPlan, seconds: float, random: np.random.Generator) -> Schedule:
    """Return the schedule of a rhythm plan over the recording and BEFORE_S on either side."""
    if plan.mechanism in ("fibrillation", "flutter"):
        made = _without_p(plan, seconds, random)
    elif plan.mechanism == "ventricular tachycardia":
        made = _dissociated(plan, seconds, random, "ventricular tachycardia", plan.rate_bpm)
    elif plan.mechanism == "ventricular escape":  # the atria stand still
        alone = _regular(plan.rate_bpm, plan.swing, seconds, random)
        made = Schedule(tuple(Beat(float(time), "ventricular escape") for time in alone), ())
    elif plan.mechanism in ("junctional", "supraventricular tachycardia"):
        made = _retrograde(plan, seconds, random)
    elif plan.block == "complete":
        made = _dissociated(plan, seconds, random, plan.escape, plan.escape_bpm)
    else:
        made = _conducted(plan, seconds, random)
    if plan.paced in ("ventricular", "both"):
        made = _pace_ventricle(made, plan, seconds)
    for origin, pattern in plan.premature:
        if origin == "ventricular":
            made = _ventricular_premature(made, pattern, seconds, random)
    return made


def _regular(rate_bpm: float, swing: float, seconds: float, random: np.random.Generator) -> Array:
    """Times moved by breathing and chance, whose median interval inside the recording is exactly 60 / rate."""
    cycle = 60.0 / rate_bpm
    count = int((seconds + 2 * BEFORE_S + 2) / cycle * 1.5) + 4
    breath_s, phase = random.uniform(2.8, 5.0), random.uniform(0, 2 * np.pi)
    beat = np.arange(count) * cycle
    rr = 1 + swing * (np.sin(2 * np.pi * beat / breath_s + phase) + 0.35 * random.standard_normal(count))
    return _with_median(np.clip(rr, 0.5, 1.8) * cycle, cycle, seconds, random)


def _irregular(rate_bpm: float, spread: float, seconds: float, random: np.random.Generator) -> Array:
    """Times of fibrillation: intervals independent of each other, gamma distributed above a refractory time."""
    cycle = 60.0 / rate_bpm
    floor = 0.5 * cycle
    count = int((seconds + 2 * BEFORE_S + 2) / cycle * 1.6) + 6
    shape = ((cycle - floor) / (spread * cycle)) ** 2
    rr = floor + random.gamma(shape, (cycle - floor) / shape, count)
    return _with_median(np.minimum(rr, 2.2 * cycle), cycle, seconds, random)


def _with_median(rr: Array, cycle: float, seconds: float, random: np.random.Generator) -> Array:
    """Lay intervals out in time; stretch them so that their median inside the recording is the cycle."""
    for _ in range(20):  # a stretch may move a beat over the edge and so the median; then another start is tried
        start = -BEFORE_S - random.uniform(0, cycle)
        stretched = rr
        for _ in range(6):
            times = start + np.cumsum(stretched)
            inside = np.diff(times)[(times[1:] < seconds) & (times[:-1] >= 0)]
            median = float(np.median(inside)) if len(inside) else cycle
            if abs(median - cycle) < CLOSE_S:
                return times[times < seconds + BEFORE_S]
            stretched = stretched * (cycle / median)
    return times[times < seconds + BEFORE_S]


def _conducted(plan: RhythmPlan, seconds: float, random: np.random.Generator) -> Schedule:
    """Sinus (or wandering, or atrially paced) rhythm, with block of the first or second degree and atrial ectopy."""
    times = _regular(plan.rate_bpm, 0.0 if plan.paced in ("atrial", "both") else plan.swing, seconds, random)
    first: PKind = "paced" if plan.paced in ("atrial", "both") else "sinus"
    atrial = [PWave(float(time) - plan.pr_ms / 1000, first) for time in times]
    if plan.mechanism == "wandering":
        atrial = [replace(one, kind="ectopic") if random.random() < 0.5 else one for one in atrial]
    kinds: list[BeatKind] = ["normal"] * len(atrial)
    for origin, pattern in plan.premature:
        if origin == "atrial":
            atrial, kinds = _atrial_premature(atrial, kinds, pattern, seconds, random)
    if plan.mechanism == "paroxysm":
        atrial, kinds = _paroxysm(atrial, seconds, random)
    return _through_node(plan, atrial, kinds, random)


def _through_node(
    plan: RhythmPlan, atrial: list[PWave], kinds: list[BeatKind], random: np.random.Generator
) -> Schedule:
    """Conduct each atrial beat with its PR interval, or drop it, as the block has it."""
    period, place = (int(random.integers(3, 6)), int(random.integers(0, 3))) if plan.block != "none" else (0, 0)
    beats, p_waves = [], []
    for index, (one, kind) in enumerate(zip(atrial, kinds, strict=True)):
        step = (index + place) % period if period else 0
        dropped = bool(period) and step == period - 1
        longer_ms = 130.0 * (1 - 0.5**step) if plan.block == "wenckebach" else 0.0
        p_waves.append(replace(one, conducted=not dropped))
        if not dropped:
            early_ms = 15.0 if kind == "atrial premature" else 0.0
            beats.append(Beat(one.on_s + (plan.pr_ms + longer_ms + early_ms) / 1000, kind, one.on_s))
    spikes = tuple(Spike(one.on_s, "atrial") for one in p_waves if one.kind == "paced")
    return Schedule(tuple(beats), tuple(p_waves), spikes)


def _places(pattern: Pattern, times: Array, seconds: float, random: np.random.Generator) -> list[int]:
    """Indices of the beats after which a premature one comes; at least one is well inside the recording."""
    if pattern in ("bigeminy", "trigeminy"):
        step = 2 if pattern == "bigeminy" else 3
        return list(range(int(random.integers(0, step)), len(times) - 1, step))
    room = [i for i in range(1, len(times) - 2) if 0.3 < times[i] < seconds - 1.2] or [len(times) // 2]
    wanted = 1 if pattern == "couplet" else int(random.integers(1, 4))
    chosen: list[int] = []
    for index in random.permutation(room).tolist():
        if len(chosen) < wanted and all(abs(index - other) > 2 for other in chosen):
            chosen.append(index)
    return sorted(chosen)


def _atrial_premature(
    atrial: list[PWave], kinds: list[BeatKind], pattern: Pattern, seconds: float, random: np.random.Generator
) -> tuple[list[PWave], list[BeatKind]]:
    """Replace sinus beats by early ectopic ones; the sinus node is reset, so that the pause is not compensatory."""
    coupling = random.uniform(0.58, 0.75)
    run = 2 if pattern == "couplet" else 1
    on_s = [one.on_s for one in atrial]
    kinds = list(kinds)
    ectopic: set[int] = set()
    for place in _places(pattern, np.array(on_s), seconds, random):
        for index in range(place + 1, min(place + 1 + run, len(on_s))):
            ectopic.add(index)
    cycles = np.diff(on_s)
    for index in range(1, len(on_s)):
        share = coupling if index in ectopic else 1.12 if index - 1 in ectopic else 1.0
        on_s[index] = on_s[index - 1] + float(cycles[index - 1]) * share
    made = [replace(one, on_s=time, kind="ectopic" if i in ectopic else one.kind)
            for i, (one, time) in enumerate(zip(atrial, on_s, strict=True))]  # fmt: skip
    named: list[BeatKind] = ["atrial premature" if i in ectopic else kind for i, kind in enumerate(kinds)]
    return made, named


def _paroxysm(atrial: list[PWave], seconds: float, random: np.random.Generator) -> tuple[list[PWave], list[BeatKind]]:
    """Sinus rhythm that a tachycardia of ectopic atrial beats breaks off at some moment."""
    begin = random.uniform(0.25, 0.6) * seconds
    cycle = 60.0 / random.uniform(150, 200)
    sinus = [one for one in atrial if one.on_s < begin]
    fast_s = np.arange(sinus[-1].on_s + max(0.36, cycle), seconds + BEFORE_S, cycle)
    fast = [PWave(float(time), "ectopic") for time in fast_s]
    kinds: list[BeatKind] = ["normal"] * len(sinus)
    return sinus + fast, kinds + ["supraventricular tachycardia"] * len(fast)


def _without_p(plan: RhythmPlan, seconds: float, random: np.random.Generator) -> Schedule:
    """Fibrillation or flutter: no P waves; with complete block a regular escape rhythm."""
    kind: BeatKind = "normal"
    if plan.block == "complete":
        times, kind = _regular(plan.escape_bpm, 0.005, seconds, random), plan.escape
    elif plan.mechanism == "fibrillation":
        times = _irregular(plan.rate_bpm, plan.swing, seconds, random)
    else:
        cycle = 60.0 / plan.flutter_bpm
        ratios = random.choice([2, 2, 3, 4, 4], 80) if plan.flutter_ratio == 0 else np.full(80, plan.flutter_ratio)
        times = -BEFORE_S + cycle * (random.uniform(0, 1) + np.cumsum(ratios))
        times = times[times < seconds + BEFORE_S]
    return Schedule(tuple(Beat(float(time), kind) for time in times), ())


def _retrograde(plan: RhythmPlan, seconds: float, random: np.random.Generator) -> Schedule:
    """A junctional focus or circuit: atria are reached backwards, just before, within or just after the QRS complex."""
    times = _regular(plan.rate_bpm, plan.swing, seconds, random)
    junctional = plan.mechanism == "junctional"
    kind: BeatKind = "junctional" if junctional else "supraventricular tachycardia"
    way = random.choice(["before", "hidden", "after"] if junctional else ["hidden", "after"])
    if way == "hidden":
        return Schedule(tuple(Beat(float(time), kind) for time in times), ())
    shift = -random.uniform(0.085, 0.11) if way == "before" else random.uniform(0.09, 0.13)
    p_waves = tuple(PWave(float(time) + shift, "retrograde", False) for time in times)
    led = [one.on_s if way == "before" else None for one in p_waves]
    return Schedule(tuple(Beat(float(time), kind, p) for time, p in zip(times, led, strict=True)), p_waves)


def _dissociated(
    plan: RhythmPlan, seconds: float, random: np.random.Generator, kind: BeatKind, ventricles_bpm: float
) -> Schedule:
    """Atria at the sinus rate, ventricles at their own: complete block, or ventricular tachycardia."""
    sinus_bpm = plan.rate_bpm if plan.block == "complete" else random.uniform(65, 95)
    atrial = _regular(sinus_bpm, plan.swing, seconds, random)
    ventricular = _regular(ventricles_bpm, 0.008, seconds, random)
    p_waves = tuple(PWave(float(time), "sinus", False) for time in atrial)
    return Schedule(tuple(Beat(float(time), kind) for time in ventricular), p_waves)


def _pace_ventricle(made: Schedule, plan: RhythmPlan, seconds: float) -> Schedule:
    """Replace ventricular beats by paced ones: after each P wave, else at the pacemaker's own rate."""
    follows = plan.mechanism == "sinus" and plan.block == "none" and not plan.atria_silent
    if follows:
        beats = tuple(Beat(one.on_s, "paced", one.p_on_s) for one in made.beats)
    else:
        times = np.arange(-BEFORE_S, seconds + BEFORE_S, 60.0 / plan.escape_bpm)
        beats = tuple(Beat(float(time), "paced") for time in times)
    spikes = (*made.spikes, *(Spike(one.on_s - 0.003, "ventricular") for one in beats))
    p_waves = () if plan.atria_silent else made.p_waves
    return Schedule(beats, p_waves, tuple(sorted(spikes, key=lambda spike: spike.at_s)))


def _ventricular_premature(made: Schedule, pattern: Pattern, seconds: float, random: np.random.Generator) -> Schedule:
    """Put in ventricular beats; the P wave that falls on them is not conducted, so that the pause is compensatory."""
    on_s = np.array([one.on_s for one in made.beats])
    cycle = float(np.median(np.diff(on_s)))
    coupling = max(random.uniform(0.5, 0.68) * cycle, 0.34)
    early: list[float] = []
    for place in _places(pattern, on_s, seconds, random):
        early.append(float(on_s[place]) + coupling)
        if pattern == "couplet":
            early.append(early[-1] + random.uniform(0.38, 0.46))
    kept = [one for one in made.beats if all(not time - 0.2 < one.on_s < time + 0.32 + 0.3 * cycle for time in early)]
    gone = {one.p_on_s for one in made.beats} - {one.p_on_s for one in kept}
    p_waves = tuple(replace(one, conducted=False) if one.on_s in gone else one for one in made.p_waves)
    beats = sorted([*kept, *(Beat(time, "ventricular premature") for time in early)], key=lambda one: one.on_s)
    spikes = tuple(one for one in made.spikes if not any(time - 0.25 < one.at_s < time + 0.35 for time in early))
    return Schedule(tuple(beats), p_waves, spikes)
