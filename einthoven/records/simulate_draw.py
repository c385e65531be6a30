"""From a schedule and shapes to millivolt and marks: every wave is computed alone, marked by the rule, and added."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from einthoven.records.simulate_atria import fibrillation, flutter
from einthoven.records.simulate_forms import Form, Forms
from einthoven.records.simulate_heart import Array, PartName, Parts, Template, Waves, add, parts
from einthoven.records.simulate_plan import Dice, HeartPlan
from einthoven.records.simulate_rhythm import RhythmPlan, Schedule
from einthoven.records.simulate_truth import Marks, marks

QT_FOLLOWS_RR = 0.12  # share of a beat's deviation from the mean cycle that its QT interval follows at once
SHORTEST_T_GAP_S = 0.02


@dataclass(frozen=True)
class Drawn:
    """eight_mv: (8, samples) I, II, V1..V6, noise-free; marks of P, QRS and T; `qt_ms` of each beat."""

    eight_mv: Array
    p: Marks | None
    qrs: Marks
    t: Marks
    atria: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """What is drawn on: the recording, a margin on either side, and the cables, (8, 8) recorded from true leads."""

    seconds: float
    rate_hz: float
    margin_s: float
    cables: Array

    @property
    def samples(self) -> int:
        """With both margins."""
        return round(self.seconds * self.rate_hz) + 2 * self.margin

    @property
    def margin(self) -> int:
        """Samples of one margin."""
        return round(self.margin_s * self.rate_hz)


def draw(times: Schedule, shapes: Forms, plan: HeartPlan, rhythm: RhythmPlan, sheet: Sheet, dice: Dice) -> Drawn:
    """Draw all waves of a schedule."""
    eight = np.zeros((8, sheet.samples))
    random = dice("breath")
    pace, phase = random.uniform(0.18, 0.33), random.uniform(0, 6.28)
    kinds = [one.kind for one in times.beats]
    of_kind = {kind: shapes.beats[kind] for kind in dict.fromkeys(kinds)}
    which = np.array([list(of_kind).index(kind) for kind in kinds], np.intp)
    timing = _timing(times, list(of_kind.values()), which, plan, sheet.seconds)
    index = np.arange(len(kinds))
    gain = 1 + 0.03 * np.sin(2 * np.pi * pace * index + phase)  # breathing
    found: dict[str, Marks] = {}
    rows: tuple[tuple[PartName, Array, Array, list[Template]], ...] = (
        ("QRS", timing.qrs_s, timing.qrs_long_s, [one.qrs for one in of_kind.values()]),
        ("ST", timing.j_s, timing.jt_s, [one.st for one in of_kind.values()]),
        ("T", timing.t_s, timing.t_long_s, [one.t for one in of_kind.values()]),
    )
    for name, on_s, duration_s, templates in rows:
        waves = Waves(name, on_s, duration_s, gain, which, index, _through(templates, sheet.cables))
        if name == "ST":
            add(eight, _moved(parts(waves, sheet.rate_hz), sheet))  # has no borders
        else:
            found[name] = _put(eight, waves, sheet)
    _put_u(eight, times, shapes, timing, sheet)
    p = _put_p(eight, times, shapes, plan, sheet)
    _put_spikes(eight, times, shapes, sheet, dice("spikes"))
    atria = _put_atria(eight, rhythm, times, shapes, sheet, dice("atria"))
    return Drawn(eight, p, found["QRS"], found["T"], atria)


def _through(templates: list[Template], cables: Array) -> tuple[Template, ...]:
    return tuple(Template(one.at, one.width, one.lead_mv @ cables.T) for one in templates)


def _moved(these: Parts, sheet: Sheet) -> Parts:
    return Parts(these.start + sheet.margin, these.lead_mv)


def _put(eight: Array, waves: Waves, sheet: Sheet) -> Marks:
    these = parts(waves, sheet.rate_hz)
    add(eight, _moved(these, sheet))
    return marks(waves, these, sheet.rate_hz)


@dataclass(frozen=True)
class Timing:
    """Onsets and lengths of all waves of the beats, seconds, (beats,)."""

    qrs_s: Array
    qrs_long_s: Array
    j_s: Array
    jt_s: Array
    t_s: Array
    t_long_s: Array


def _timing(times: Schedule, of_kind: list[Form], which: Any, plan: HeartPlan, seconds: float) -> Timing:
    """QT follows the mean cycle by Fridericia's formula and each cycle a little; T ends before the next QRS."""
    qrs_s = np.array([one.on_s for one in times.beats])
    before = np.diff(qrs_s, prepend=2 * qrs_s[0] - qrs_s[1])
    after = np.diff(qrs_s, append=2 * qrs_s[-1] - qrs_s[-2])
    inside = (qrs_s >= 0) & (qrs_s < seconds)  # the mean cycle is that of the recording, so that the stated QT is met
    cycle = float(np.median(before[inside] if inside.any() else before))
    qrs_long = np.array([one.qrs_ms for one in of_kind])[which] / 1000
    basic = np.array([one.qtc_ms for one in of_kind])[which] / 1000 * np.cbrt(cycle)
    if plan.qt_ms is not None:
        basic = np.where(which == 0, plan.qt_ms / 1000, basic)
    qt = basic * (1 + QT_FOLLOWS_RR * (np.clip(before / cycle, 0.5, 1.6) - 1))
    qt = np.maximum(np.minimum(qt, after - SHORTEST_T_GAP_S), qrs_long + 0.09)
    jt = qt - qrs_long
    t_long = np.array([one.t_share for one in of_kind])[which] * jt
    return Timing(qrs_s, qrs_long, qrs_s + qrs_long, jt, qrs_s + qt - t_long, t_long)


def _put_u(eight: Array, times: Schedule, shapes: Forms, timing: Timing, sheet: Sheet) -> None:
    """U waves follow the T waves of conducted beats; they are drawn and not marked."""
    form = shapes.beats[times.beats[0].kind]
    rows = [row for row, one in enumerate(times.beats) if shapes.beats[one.kind] is form]
    if form.u is None:
        return
    on_s = (timing.t_s + timing.t_long_s)[rows] - 0.02
    count = len(rows)
    waves = Waves("U", on_s, np.full(count, 0.18), np.ones(count), np.zeros(count, np.intp), np.array(rows),
                  _through([form.u], sheet.cables))  # fmt: skip
    add(eight, _moved(parts(waves, sheet.rate_hz), sheet))


def _put_p(eight: Array, times: Schedule, shapes: Forms, plan: HeartPlan, sheet: Sheet) -> Marks | None:
    """P waves; each knows the beat that follows from it, or -1."""
    if not times.p_waves:
        return None
    kinds = list(dict.fromkeys(one.kind for one in times.p_waves))
    beat_of = {one.p_on_s: row for row, one in enumerate(times.beats) if one.p_on_s is not None}
    count = len(times.p_waves)
    waves = Waves(
        "P", np.array([one.on_s for one in times.p_waves]), np.full(count, plan.p_ms / 1000), np.ones(count),
        np.array([kinds.index(one.kind) for one in times.p_waves], np.intp),
        np.array([beat_of.get(one.on_s, -1) for one in times.p_waves], np.intp),
        _through([shapes.p_waves[kind] for kind in kinds], sheet.cables),
    )  # fmt: skip
    return _put(eight, waves, sheet)


def _put_spikes(eight: Array, times: Schedule, shapes: Forms, sheet: Sheet, random: np.random.Generator) -> None:
    """Pacing stimuli: a millisecond or two, sharp in all leads that look along the electrode."""
    if not times.spikes:
        return
    size = float(np.exp(0.7 * random.standard_normal()))
    for chamber, direction in (("atrial", (0.3, 0.7, 0.2)), ("ventricular", (0.5, -0.8, 0.5))):
        lead_mv = size * sheet.cables @ (shapes.activation @ np.array(direction))
        for one in times.spikes:
            at = one.at_s * sheet.rate_hz + sheet.margin
            low = int(np.floor(at))
            if one.chamber == chamber and 0 <= low < sheet.samples - 1:
                eight[:, low] += lead_mv * (1 - (at - low))
                eight[:, low + 1] += lead_mv * (at - low)


def _put_atria(
    eight: Array, rhythm: RhythmPlan, times: Schedule, shapes: Forms, sheet: Sheet, random: np.random.Generator
) -> dict[str, Any]:
    """Fibrillation or flutter waves run on through everything."""
    clock = (np.arange(sheet.samples) - sheet.margin) / sheet.rate_hz
    if rhythm.mechanism == "fibrillation":
        lead_mv, drawn = fibrillation(clock, shapes.atria, random)
    elif rhythm.mechanism == "flutter":
        lead_mv, drawn = flutter(clock, rhythm.flutter_bpm, times.beats[0].on_s - 0.12, shapes.atria, random)
    else:
        return {}
    eight += sheet.cables @ lead_mv
    return drawn
