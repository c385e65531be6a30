"""Where everything of an ECG lies on the sheet, in millimetre: traces, their names and their calibration pulses."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, LeadError
from einthoven.core.leads import TWELVE
from einthoven.render.layouts import CHEST, Layout, Side
from einthoven.render.settings import Settings
from einthoven.render.sheet import MM_PER_INCH, PAPERS, FloatArray, Sheet

SIDE_MM, PULSE_S, PULSE_MV, FOOT_OF_PULSE_MM = 6.0, 0.2, 1.0, 1.0
BESIDE_MM = 1.5  # between a pulse and its trace
HEAD_MM, FOOT_MM, MOST_PITCH_MM = 32.0, 9.0, 42.0

Role = Literal["column", "strip"]


@dataclass(frozen=True, eq=False)
class Trace:
    """A piece of a lead on paper: points_mm (n, 2), one a sample, from start_s to end_s of the recording."""

    name: str
    role: Role
    row: int
    column: int
    start_s: float
    end_s: float
    points_mm: FloatArray


@dataclass(frozen=True, eq=False)
class Placed:
    """A page in millimetre. rows_mm: (top, baseline, bottom) of each row; pulses_mm: corners (n, 2) of each pulse."""

    sheet: Sheet
    traces: tuple[Trace, ...]
    rows_mm: tuple[tuple[float, float, float], ...]
    columns_mm: tuple[float, ...]
    pulses_mm: tuple[FloatArray, ...]

    @property
    def right_mm(self) -> float:
        return self.columns_mm[-1]


def place(ecg: Ecg, layout: Layout, settings: Settings, pulse: Side) -> Placed:
    """Lay an ECG out. Leads that are not there stay blank; a strip whose lead is absent shows the first that is there.

    Raises LeadError when none of the twelve leads is there, InputError for a single sample.
    """
    signal, mask = ecg.twelve()
    if not mask.any():
        raise LeadError(f"{ecg.source}: none of the twelve leads can be drawn; there are {', '.join(ecg.leads)}")
    signal = signal - np.median(signal, axis=1, keepdims=True)
    there = {name: signal[row] for row, name in enumerate(TWELVE) if mask[row]}
    column_mm, column_s = _column(layout, settings)
    room_mm = 0.0 if pulse == "none" else _pulse_room_mm(settings.speed_mm_s)
    sheet = _sheet(settings, layout.columns * column_mm + room_mm)
    rows_mm = _rows(sheet, len(layout.rows) + len(layout.strips))
    left_mm = (sheet.width_mm - layout.columns * column_mm - room_mm) / 2 + (room_mm if pulse == "left" else 0.0)
    edges_mm = tuple(left_mm + column * column_mm for column in range(layout.columns + 1))
    paper = _Paper(ecg.rate_hz, settings, rows_mm, edges_mm)
    traces = [*_columns(paper, layout, there, column_s), *_strips(paper, layout, there, column_s * layout.columns)]
    if not traces:
        raise InputError(f"{ecg.source}: {ecg.signal_mv.shape[1]} sample a lead; a trace needs two or more")
    pulses = () if pulse == "none" else tuple(_pulse(paper, row, pulse) for row in range(len(rows_mm)))
    return Placed(sheet, tuple(traces), rows_mm, edges_mm, pulses)


@dataclass(frozen=True)
class _Paper:
    """What turns samples into millimetre."""

    rate_hz: float
    settings: Settings
    rows_mm: tuple[tuple[float, float, float], ...]
    edges_mm: tuple[float, ...]

    def gain(self, lead: str) -> float:
        apart = self.settings.chest_gain_mm_mv
        return apart if apart is not None and lead in CHEST else self.settings.gain_mm_mv

    def points(self, signal_mv: FloatArray, name: str, row: int, left_mm: float) -> FloatArray:
        """Return (n, 2) millimetre."""
        sign = -1.0 if name.startswith("-") else 1.0
        points = np.empty((len(signal_mv), 2), np.float64)
        points[:, 0] = left_mm + np.arange(len(signal_mv)) * (self.settings.speed_mm_s / self.rate_hz)
        points[:, 1] = self.rows_mm[row][1] - signal_mv * (sign * self.gain(name.lstrip("-")))
        return points


def _column(layout: Layout, settings: Settings) -> tuple[float, float]:
    """Return width and seconds of a column: a sheet's width is fixed, a roll is as long as the time needs."""
    if PAPERS[settings.paper][0]:
        return layout.column_mm, layout.column_mm / settings.speed_mm_s
    seconds = layout.column_mm / 25.0
    return seconds * settings.speed_mm_s, seconds


def _sheet(settings: Settings, across_mm: float) -> Sheet:
    width_mm, height_mm = PAPERS[settings.paper]
    return Sheet(width_mm or across_mm + 2 * SIDE_MM, height_mm, settings.dpi / MM_PER_INCH)


def _rows(sheet: Sheet, count: int) -> tuple[tuple[float, float, float], ...]:
    room_mm = sheet.height_mm - HEAD_MM - FOOT_MM
    pitch_mm = min(MOST_PITCH_MM, room_mm / count)
    top_mm = HEAD_MM + (room_mm - count * pitch_mm) / 2
    return tuple(
        (top_mm + row * pitch_mm, top_mm + (row + 0.55) * pitch_mm, top_mm + (row + 1) * pitch_mm)
        for row in range(count)
    )


def _columns(paper: _Paper, layout: Layout, there: dict[str, FloatArray], column_s: float) -> list[Trace]:
    longest = max(len(signal) for signal in there.values()) / paper.rate_hz
    wanted = paper.settings.columns
    # a shorter recording fills every column with its beginning rather than leave the last ones blank
    in_turn = wanted == "sequential" or (wanted == "auto" and longest >= (layout.columns - 0.5) * column_s)
    traces = []
    for row, names in enumerate(layout.rows):
        for column, name in enumerate(names):
            if name.lstrip("-") in there:
                start_s = column * column_s if in_turn else 0.0
                traces += _trace(paper, there[name.lstrip("-")], (name, "column", row, column), (start_s, column_s))
    return traces


def _strips(paper: _Paper, layout: Layout, there: dict[str, FloatArray], seconds: float) -> list[Trace]:
    traces = []
    for row, wanted in enumerate(layout.strips, start=len(layout.rows)):
        name = wanted if wanted in there else next(iter(there))
        traces += _trace(paper, there[name], (name, "strip", row, 0), (0.0, seconds))
    return traces


def _trace(
    paper: _Paper, signal_mv: FloatArray, place: tuple[str, Role, int, int], span_s: tuple[float, float]
) -> list[Trace]:
    """Return one trace, or none where the recording has ended; span_s: start and length."""
    name, role, row, column = place
    first, last = (round(at_s * paper.rate_hz) for at_s in (span_s[0], span_s[0] + span_s[1]))
    part = signal_mv[first:last]
    if len(part) < 2:
        return []
    points = paper.points(part, name, row, paper.edges_mm[column])
    return [Trace(name, role, row, column, first / paper.rate_hz, (first + len(part)) / paper.rate_hz, points)]


def _pulse(paper: _Paper, row: int, side: Side) -> FloatArray:
    settings = paper.settings
    room_mm = _pulse_room_mm(settings.speed_mm_s)
    left_mm = paper.edges_mm[0] - room_mm if side == "left" else paper.edges_mm[-1] + BESIDE_MM
    at_mm = (left_mm + FOOT_OF_PULSE_MM, paper.rows_mm[row][1])
    return pulse_corners(at_mm, settings.speed_mm_s, (paper.gain("I"), paper.gain("V1")))


def _pulse_room_mm(speed_mm_s: float) -> float:
    """Return how much of a row a pulse takes, with its feet and what keeps it off the trace."""
    return PULSE_S * speed_mm_s + 2 * FOOT_OF_PULSE_MM + BESIDE_MM


def pulse_corners(at_mm: tuple[float, float], speed_mm_s: float, gains_mm_mv: tuple[float, float]) -> FloatArray:
    """Return the corners (n, 2) of 1 mV for 200 ms, which rises at a place on the baseline and has a foot on each side.

    gains_mm_mv: of limb and chest leads; where they differ, the second half of the pulse has that of the chest.
    """
    (left, base), right = at_mm, at_mm[0] + PULSE_S * speed_mm_s
    limb, chest = (base - PULSE_MV * gain for gain in gains_mm_mv)
    top = [(left, limb), (right, limb)]
    if limb != chest:
        middle = (left + right) / 2
        top = [(left, limb), (middle, limb), (middle, chest), (right, chest)]
    foot = FOOT_OF_PULSE_MM
    return np.array([(left - foot, base), (left, base), *top, (right, base), (right + foot, base)])
