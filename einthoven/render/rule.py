"""The rule above the rows: seconds, premature beats, pacing spikes, and one usual beat's intervals over all leads."""

from collections.abc import Iterable, Mapping
from itertools import islice, takewhile

import numpy as np
from numpy.typing import NDArray

from einthoven.core.measurements import Measurements, Rhythm
from einthoven.core.waves import WAVE_NAMES
from einthoven.measure.beats import Beats, find_beats
from einthoven.measure.delineation import QRS, Delineation
from einthoven.render.letters import CAPITAL_MM, put
from einthoven.render.lines import line
from einthoven.render.sheet import INK, Color, Pixels, Sheet
from einthoven.render.spans import LEFT_MM, PAGE_S, SURE, on_page, x_mm

RULE_MM = 23.0
LEVEL_MM, HOOK_MM = 4.0, 1.2  # from one bracket to the next, and how far its ends point down
AXIS_MM = 18.5  # from the top of the rule to the line with the seconds
MARK_MM = 1.4  # half the width of a triangle
MARK, GUIDE = (190, 0, 60), (60, 60, 75)
DOT_MM, GAP_MM = 0.6, 1.2

Span = tuple[float, float]  # seconds


def draw_rule(pixels: Pixels, sheet: Sheet, top_mm: float, rhythm: Rhythm, spans: Mapping[str, Span]) -> None:
    """Draw the rule; spans: name and seconds of what is shown of the usual beat."""
    axis_mm = top_mm + AXIS_MM
    line(pixels, sheet, np.array([(LEFT_MM, axis_mm), (x_mm(PAGE_S), axis_mm)]))
    for second in range(int(PAGE_S) + 1):
        line(pixels, sheet, np.array([(x_mm(second), axis_mm), (x_mm(second), axis_mm + 1)]))
        put(pixels, sheet, f"{second} s", (x_mm(second), axis_mm + 1.6 + CAPITAL_MM), align="middle")
    for mark, times_s in ((triangle, rhythm.premature_beats_s), (bar, rhythm.pacing_spikes_s)):
        for at in takewhile(lambda at: at < PAGE_S, times_s):
            mark(pixels, sheet, (x_mm(at), axis_mm - 0.4))
    for level, (name, span) in enumerate(spans.items()):
        _bracket(pixels, sheet, top_mm + 2.5 + level * LEVEL_MM, name, span)


def draw_guides(pixels: Pixels, sheet: Sheet, across_mm: Span, times_s: Iterable[float]) -> None:
    """Draw dotted lines through all rows at the borders of the brackets, against which each lead can be read."""
    for at in times_s:
        for y_mm in np.arange(*across_mm, DOT_MM + GAP_MM):
            line(pixels, sheet, np.array([(x_mm(at), y_mm), (x_mm(at), y_mm + DOT_MM)]), GUIDE)


def triangle(pixels: Pixels, sheet: Sheet, tip_mm: tuple[float, float], color: Color = MARK) -> None:
    """Draw the mark of a premature beat: it points down to its time."""
    import cv2

    x, y = tip_mm
    corners = np.array([(x, y), (x - MARK_MM, y - 2 * MARK_MM), (x + MARK_MM, y - 2 * MARK_MM)])
    cv2.fillPoly(pixels, [np.rint(corners * sheet.px_per_mm).astype(np.int32)], color, cv2.LINE_AA)


def bar(pixels: Pixels, sheet: Sheet, foot_mm: tuple[float, float], color: Color = INK) -> None:
    """Draw the mark of a pacing spike."""
    left, bottom = (round(sheet.px(mm)) for mm in foot_mm)
    top, thick = round(sheet.px(foot_mm[1] - 2.5 * MARK_MM)), max(2, round(sheet.px(0.35)))
    pixels[top:bottom, left : left + thick] = color


def usual_spans(measured: Measurements, seconds: float) -> dict[str, Span]:
    """Return PR, QRS and QT of one beat over all leads, as far as the recording has these figures.

    Of the beats that are not premature and show most of the three, it is one from the middle of the page whose
    intervals are nearest to the figures.
    """
    waves = _together(measured)
    if not (waves.kind == QRS).any():
        return {}
    beats = find_beats(waves)
    spans = [_spans(beats, place, measured) for place in range(len(beats.qrs))]

    def rank(place: int) -> tuple[bool, int, bool, float]:
        middle = abs(beats.qrs_on_s[place] - seconds / 2) <= seconds / 4
        away_ms = sum(abs(_ms(span) - _figure(measured, name)) for name, span in spans[place].items())
        return bool(beats.early[place]), -len(spans[place]), not middle, away_ms

    return spans[min(range(len(spans)), key=rank)]


def _spans(beats: Beats, place: int, measured: Measurements) -> dict[str, Span]:
    """Return what can be shown of one beat; nothing that `measured` says cannot be measured."""
    p_on, on, off, t_off = (
        float(times[place]) for times in (beats.p_on_s, beats.qrs_on_s, beats.qrs_off_s, beats.t_off_s)
    )
    found = {"PR": (p_on, on), "QRS": (on, off), "QT": (on, t_off)}
    return {
        name: span
        for name, span in found.items()
        if np.isfinite(_figure(measured, name) + span[0] + span[1]) and span[1] <= PAGE_S
    }


def _together(measured: Measurements) -> Delineation:
    """Return the waves of the page over all leads that name the same ones, which all do that `measure` made."""
    found = {lead: list(on_page(waves)) for lead, waves in measured.waves.items()}
    if not found:
        return Delineation.empty(())
    chief = max(found, key=lambda lead: len(found[lead]))
    kinds = [wave.wave for wave in found[chief]]
    # Not `found` itself: a wave may begin on the page in one lead and just beyond it in another.
    rows = [list(islice(waves, len(kinds))) for waves in measured.waves.values()]
    rows = [row for row in rows if [wave.wave for wave in row] == kinds]

    def times(name: str) -> NDArray[np.float64]:
        return np.array([[_number(getattr(wave, name)) for wave in row] for row in rows], float).T

    kind = np.array([WAVE_NAMES.index(name) + 1 for name in kinds], np.int8)
    confidence = times("confidence")
    names = tuple(str(row) for row in range(len(rows)))
    return Delineation(
        names, kind, times("on_s"), times("peak_s"), times("off_s"),
        confidence.astype(np.float32), confidence >= SURE, np.ones(len(kind), bool),
    )  # fmt: skip


def _bracket(pixels: Pixels, sheet: Sheet, y_mm: float, name: str, span: Span) -> None:
    left, right = x_mm(span[0]), x_mm(span[1])
    line(pixels, sheet, np.array([(left, y_mm + HOOK_MM), (left, y_mm), (right, y_mm), (right, y_mm + HOOK_MM)]))
    put(pixels, sheet, f"{name} {_ms(span):.0f} ms", (left - 1, y_mm + CAPITAL_MM / 2), align="right")


def _ms(span: Span) -> float:
    return (span[1] - span[0]) * 1000


def _figure(measured: Measurements, name: str) -> float:
    return _number(measured.figures.get(f"{name.lower()}_ms"))


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
