"""A page in millimetre against arithmetic: where each sample of each lead lies, how long, how high and in which row."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import LeadError
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.render.layouts import LAYOUTS, Side, layout_of
from einthoven.render.place import Placed, Trace, place, pulse_corners
from einthoven.render.settings import Settings
from einthoven.render.sheet import PaperName

SIDES: tuple[Side, ...] = ("left", "right", "none")
SHEETS: tuple[PaperName, ...] = ("letter", "a4")
SIZES = {"letter": (279.4, 215.9), "a4": (297.0, 210.0)}  # ANSI/ASME Y14.1 A and ISO 216, turned


def _ecg(seconds: float = 10.0, rate_hz: float = 500.0, leads: tuple[str, ...] = TWELVE) -> Ecg:
    """Leads of noise with offsets, so that no two samples and no two leads are alike."""
    signal = rng("place", round(seconds * rate_hz)).normal(0, 0.2, (12, round(seconds * rate_hz)))
    signal += np.arange(12)[:, None] * 0.3
    rows = [TWELVE.index(name) for name in leads]
    return Ecg(signal[rows].astype(np.float32), leads, rate_hz, source="hand-made")


ECG = _ecg()


def _placed(ecg: Ecg = ECG, layout: str = "3x4+II", pulse: Side = "left", **how: Any) -> Placed:
    return place(ecg, layout_of(layout), Settings(**how), pulse)


def _found(placed: Placed, name: str, role: str = "column") -> Trace:
    (one,) = (trace for trace in placed.traces if (trace.name, trace.role) == (name, role))
    return one


def _values_mv(placed: Placed, trace: Trace, gain_mm_mv: float) -> NDArray[np.float64]:
    """What a reader with a ruler finds: millivolt above the row's baseline."""
    return np.asarray((placed.rows_mm[trace.row][1] - trace.points_mm[:, 1]) / gain_mm_mv, np.float64)


def _lead(ecg: Ecg, name: str) -> NDArray[np.float64]:
    lead = ecg.lead(name).astype(np.float64)
    return np.asarray(lead - np.median(lead), np.float64)


@pytest.mark.parametrize("speed", [25.0, 50.0])
@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 360.0, 257.3])
def test_a_second_is_as_long_as_the_speed_says(speed: float, rate_hz: float) -> None:
    placed = _placed(_ecg(10.0, rate_hz), "3x4+II", speed_mm_s=speed)
    for trace in placed.traces:
        x_mm = trace.points_mm[:, 0]
        assert np.diff(x_mm) == pytest.approx(speed / rate_hz)
        assert x_mm[0] == pytest.approx(placed.columns_mm[trace.column])
        assert len(x_mm) == round((trace.end_s - trace.start_s) * rate_hz), "one point a sample"


@pytest.mark.parametrize("gain", [5.0, 10.0, 20.0])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_millivolt_is_as_high_as_the_gain_says(layout: str, gain: float) -> None:
    placed = _placed(ECG, layout, gain_mm_mv=gain)
    for trace in placed.traces:
        sign = -1.0 if trace.name.startswith("-") else 1.0
        first, last = round(trace.start_s * 500), round(trace.end_s * 500)
        want = sign * _lead(ECG, trace.name.lstrip("-"))[first:last]
        assert np.abs(_values_mv(placed, trace, gain) - want).max() < 1e-5


def test_chest_leads_may_have_a_gain_of_their_own() -> None:
    placed = _placed(ECG, "3x4+3", gain_mm_mv=10.0, chest_gain_mm_mv=5.0)
    for trace in placed.traces:
        gain = 5.0 if trace.name.startswith("V") else 10.0
        want = _lead(ECG, trace.name)[round(trace.start_s * 500) : round(trace.end_s * 500)]
        assert np.abs(_values_mv(placed, trace, gain) - want).max() < 1e-5
    assert {trace.name for trace in placed.traces if trace.role == "strip"} == {"V1", "II", "V5"}


@pytest.mark.parametrize(("speed", "wide_mm"), [(25.0, 5.0), (50.0, 10.0)])
@pytest.mark.parametrize("gain", [5.0, 10.0, 20.0])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_pulse_is_a_millivolt_for_200_ms(speed: float, wide_mm: float, gain: float, side: Side) -> None:
    placed = _placed(pulse=side, speed_mm_s=speed, gain_mm_mv=gain)
    assert len(placed.pulses_mm) == 4, "one a row"
    for corners, (_, base, _) in zip(placed.pulses_mm, placed.rows_mm, strict=True):
        foot, rise, top, end, fall, last = corners
        assert (foot[1], rise[1], fall[1], last[1]) == pytest.approx((base,) * 4)
        assert (top[1], end[1]) == pytest.approx((base - gain,) * 2)
        assert (top[0] - rise[0], end[0] - top[0], fall[0] - end[0]) == pytest.approx((0, wide_mm, 0))
        assert foot[0] < rise[0] and last[0] > fall[0]


def test_a_pulse_steps_where_the_gains_differ() -> None:
    corners = pulse_corners((20.0, 100.0), 25.0, (10.0, 5.0))
    want = [(19, 100), (20, 100), (20, 90), (22.5, 90), (22.5, 95), (25, 95), (25, 100), (26, 100)]
    assert corners.tolist() == [list(map(float, one)) for one in want]
    placed = _placed(chest_gain_mm_mv=20.0, gain_mm_mv=10.0)
    heights = [sorted({round(float(base - y), 6) for y in one[:, 1]}) for one, (_, base, _) in
               zip(placed.pulses_mm, placed.rows_mm, strict=True)]  # fmt: skip
    assert heights == [[0.0, 10.0, 20.0]] * 4
    assert len(_placed(chest_gain_mm_mv=10.0).pulses_mm[0]) == 6, "equal gains: no step"


@pytest.mark.parametrize("speed", [25.0, 50.0])
@pytest.mark.parametrize("paper", [*SHEETS, "roll"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_pulses_stand_beside_the_traces_at_their_side(layout: str, paper: PaperName, speed: float) -> None:
    left, right, none = (_placed(ECG, layout, side, paper=paper, speed_mm_s=speed) for side in SIDES)
    assert none.pulses_mm == ()
    for placed in (left, right):
        x_mm = np.concatenate([corners[:, 0] for corners in placed.pulses_mm])
        assert x_mm.min() > 0 and x_mm.max() < placed.sheet.width_mm
        assert len(placed.pulses_mm) == len(placed.rows_mm)
    assert max(corners[:, 0].max() for corners in left.pulses_mm) <= left.columns_mm[0] + 1e-9
    assert min(corners[:, 0].min() for corners in right.pulses_mm) >= right.right_mm - 1e-9


def test_columns_go_on_where_the_one_before_ended() -> None:
    placed = _placed(columns="sequential")
    for row in layout_of("3x4").rows:
        spans = [(_found(placed, name).start_s, _found(placed, name).end_s) for name in row]
        assert spans == [(0.0, 2.5), (2.5, 5.0), (5.0, 7.5), (7.5, 10.0)]
    strip = _found(placed, "II", "strip")
    assert (strip.start_s, strip.end_s, strip.column, strip.row) == (0.0, 10.0, 0, 3)


@pytest.mark.parametrize("rate_hz", [257.3, 360.0, 1000.0])
def test_no_sample_is_lost_or_doubled_between_columns(rate_hz: float) -> None:
    placed = _placed(_ecg(10.0, rate_hz), columns="sequential")
    for row in layout_of("3x4").rows:
        for before, after in pairwise(_found(placed, name) for name in row):
            assert after.start_s == before.end_s
        assert sum(len(_found(placed, name).points_mm) for name in row) == round(10 * rate_hz)


def test_columns_may_show_the_same_time() -> None:
    placed = _placed(columns="simultaneous")
    columns = [trace for trace in placed.traces if trace.role == "column"]
    assert {(trace.start_s, trace.end_s) for trace in columns} == {(0.0, 2.5)}
    assert len({trace.points_mm[0, 0] for trace in columns}) == 4, "each in its own column"


@pytest.mark.parametrize(("seconds", "in_turn"), [(10.0, True), (8.8, True), (8.7, False), (5.0, False), (2.0, False)])
def test_auto_goes_on_only_where_the_recording_is_long_enough(seconds: float, in_turn: bool) -> None:
    placed = _placed(_ecg(seconds), columns="auto")
    columns = [trace for trace in placed.traces if trace.role == "column"]
    assert len(columns) == 12, "no column is blank"
    starts = {layout_of("3x4").rows[trace.row][trace.column]: trace.start_s for trace in columns}
    assert (starts["I"], starts["V1"], starts["V6"]) == ((0.0, 5.0, 7.5) if in_turn else (0.0, 0.0, 0.0))
    assert _found(placed, "II", "strip").end_s == pytest.approx(seconds)


def test_a_short_recording_in_turn_leaves_the_last_columns_blank() -> None:
    placed = _placed(_ecg(4.0), columns="sequential")
    lengths = {trace.name: trace.end_s - trace.start_s for trace in placed.traces if trace.role == "column"}
    assert lengths == {"I": 2.5, "II": 2.5, "III": 2.5, "aVR": 1.5, "aVL": 1.5, "aVF": 1.5}


def test_a_long_recording_is_drawn_from_its_beginning() -> None:
    long, short = _placed(_ecg(60.0)), _placed(_ecg(60.0), "12x1")
    assert max(trace.end_s for trace in long.traces) == 10.0
    assert {(trace.start_s, trace.end_s) for trace in short.traces} == {(0.0, 10.0)}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_sheet_keeps_its_width_and_a_roll_its_seconds(layout: str) -> None:
    for paper in SHEETS:
        usual, fast = (_placed(ECG, layout, "none", paper=paper, speed_mm_s=speed) for speed in (25.0, 50.0))
        assert usual.columns_mm == fast.columns_mm
        assert (usual.sheet.width_mm, usual.sheet.height_mm) == SIZES[paper]
        for one, other in zip(usual.traces, fast.traces, strict=True):
            assert other.end_s - other.start_s == pytest.approx((one.end_s - one.start_s) / 2)
    usual, fast = (_placed(ECG, layout, "none", paper="roll", speed_mm_s=speed) for speed in (25.0, 50.0))
    assert fast.columns_mm[-1] - fast.columns_mm[0] == pytest.approx(2 * (usual.columns_mm[-1] - usual.columns_mm[0]))
    assert fast.sheet.width_mm - fast.columns_mm[-1] == pytest.approx(usual.sheet.width_mm - usual.columns_mm[-1])
    assert [(one.start_s, one.end_s) for one in usual.traces] == [(one.start_s, one.end_s) for one in fast.traces]


@pytest.mark.parametrize("pulse", SIDES)
@pytest.mark.parametrize("paper", [*SHEETS, "roll"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_everything_fits_on_the_sheet(layout: str, paper: PaperName, pulse: Side) -> None:
    for speed in (25.0, 50.0):
        placed = _placed(ECG, layout, pulse, paper=paper, speed_mm_s=speed)
        for trace in placed.traces:
            x_mm = trace.points_mm[:, 0]
            assert x_mm.min() > 3.0 and x_mm.max() < placed.sheet.width_mm - 3.0
            assert x_mm.max() < placed.columns_mm[trace.column + 1] or trace.role == "strip"
        assert len(placed.rows_mm) == len(layout_of(layout).rows) + len(layout_of(layout).strips)
        edges = [edge for row in placed.rows_mm for edge in row]
        assert edges == pytest.approx(sorted(edges)), "top, baseline, bottom, and rows below each other"
        assert edges[0] >= 30.0 and edges[-1] <= placed.sheet.height_mm - 8.0, "room for head and foot"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_lead_stands_in_its_row_and_column(layout: str) -> None:
    placed = _placed(ECG, layout)
    stands = {(one.row, one.column): one.name for one in placed.traces if one.role == "column"}
    rows = layout_of(layout).rows
    assert stands == {(row, column): name for row, names in enumerate(rows) for column, name in enumerate(names)}
    strips = {one.row - len(rows): one.name for one in placed.traces if one.role == "strip"}
    assert strips == dict(enumerate(layout_of(layout).strips))


def test_a_lead_that_is_not_there_is_left_out() -> None:
    part = _ecg(leads=tuple(name for name in TWELVE if name != "V2"))
    assert {one.name for one in _placed(part).traces} == set(TWELVE) - {"V2"}


@pytest.mark.parametrize(("leads", "want"), [(("V2", "V4"), ["V2"] * 3), (("II", "V2"), ["II"] * 3),
                                             (("V1", "V4", "V5"), ["V1", "V1", "V5"])])  # fmt: skip
def test_a_strip_whose_lead_is_absent_shows_the_first_that_is_there(leads: tuple[str, ...], want: list[str]) -> None:
    placed = _placed(_ecg(leads=leads), "3x4+3")
    assert [one.name for one in placed.traces if one.role == "strip"] == want


def test_limb_leads_that_follow_from_others_are_drawn() -> None:
    two = _ecg(leads=("I", "II"))
    placed = _placed(two, columns="simultaneous")
    third = _lead(replace(two, signal_mv=np.stack([two.lead("II") - two.lead("I")] * 2), leads=("I", "II")), "I")
    assert np.abs(_values_mv(placed, _found(placed, "III"), 10.0) - third[:1250]).max() < 1e-5


def test_offsets_change_nothing() -> None:
    moved = replace(ECG, signal_mv=ECG.signal_mv + np.float32(3.0))
    for one, other in zip(_placed().traces, _placed(moved).traces, strict=True):
        assert np.abs(one.points_mm - other.points_mm).max() < 1e-4
        assert abs(np.median(_values_mv(_placed(), one, 10.0))) < 0.1


def test_without_any_of_the_twelve_nothing_is_placed() -> None:
    other = Ecg(np.ones((1, 5000), np.float32), ("resp",), 500.0, source="other")
    with pytest.raises(LeadError, match="other: none of the twelve leads can be drawn; there are resp"):
        _placed(other)
