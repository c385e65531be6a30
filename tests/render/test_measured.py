"""The measured page read back from its pixels: colours where waves are, ink where the signal is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import overload

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, LeadError
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import Measurements
from einthoven.core.waves import Wave, WaveName
from einthoven.render.header import HEADER_MM
from einthoven.render.measured import draw_measured, place_rows
from einthoven.render.rule import RULE_MM
from tests.render.pages import BEAT, flat_ecg, found_in_ii, rows_px, x_px

Mask = NDArray[np.bool_]


def _changed(waves: Sequence[Wave], dpi: float, ecg: Ecg | None = None) -> tuple[Mask, NDArray[np.uint8]]:
    """Where waves of lead II change the page, and the page."""
    ecg = ecg or flat_ecg()
    pixels = draw_measured(ecg, found_in_ii(*waves), dpi).pixels
    return (pixels != draw_measured(ecg, found_in_ii(), dpi).pixels).any(axis=2), pixels


def _usual(part: NDArray[np.uint8]) -> tuple[int, ...]:
    """The commonest colour."""
    colors, counts = np.unique(part.reshape(-1, 3), axis=0, return_counts=True)
    return tuple(colors[counts.argmax()].tolist())


def _looks(red: int, green: int, blue: int) -> WaveName | None:
    """Which wave a strong colour belongs to: blue, orange, dark green."""
    if blue > green > red and blue - red > 100:
        return "P"
    if red > green > blue and red - blue > 100:
        return "QRS"
    return "T" if green > blue > red and red < 80 else None


@pytest.mark.parametrize("dpi", [100.0, 150.0, 300.0])
def test_each_wave_is_shaded_in_its_colour_from_onset_to_offset_and_nowhere_else(dpi: float) -> None:
    changed, pixels = _changed(BEAT, dpi)
    row = rows_px(flat_ecg(), "II", dpi)
    tick = max(1, round(0.17 * dpi / 25.4))
    expected = np.zeros(changed.shape[1], bool)
    for wave in BEAT:
        assert wave.on_s and wave.off_s
        left, right = x_px(wave.on_s, dpi), x_px(wave.off_s, dpi)
        expected[left : right + tick] = True
        foot = pixels[row.stop - round(1.4 * dpi / 25.4) : row.stop - round(0.7 * dpi / 25.4), left + 2 : right - 1]
        assert _looks(*_usual(foot)) == wave.wave
        ticks = [_usual(pixels[row.start + 6 : row.stop - 6, at : at + tick]) for at in (left, right)]
        assert [_looks(*one) for one in ticks] == [wave.wave, wave.wave]
    assert np.array_equal(changed[row].any(axis=0), expected)
    changed[row] = False
    assert not changed.any(), "neither another lead nor the head nor the rule"


def test_the_three_colours_are_told_apart_by_readers_who_see_fewer() -> None:
    """Machado, Oliveira and Fernandes 2009: linear RGB as seen without one kind of cone; distance in CIELAB."""
    sight = {
        "all": np.eye(3),
        "no red": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
        "no green": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
        "no blue": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
    }
    _, pixels = _changed(BEAT, 150.0)
    bottom = rows_px(flat_ecg(), "II", 150.0).stop
    feet = [pixels[bottom - 7 : bottom - 4, x_px(wave.peak_s or 0, 150.0) + 3] for wave in BEAT]
    colors = np.array([*map(_usual, feet), (255, 252, 248)], np.float32) / 255
    linear = np.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055) ** 2.4)
    for name, matrix in sight.items():
        seen = np.clip(linear @ np.array(matrix).T, 0, 1)
        seen = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055).astype(np.float32)
        lab = cv2.cvtColor(seen[None], cv2.COLOR_RGB2LAB)[0]
        assert min(float(np.linalg.norm(one - other)) for one, other in combinations(lab, 2)) > 20, name


@pytest.mark.parametrize("on_s", [None, 0.25])
@pytest.mark.parametrize("off_s", [None, 0.35])
def test_a_border_that_is_not_known_is_not_drawn(on_s: float | None, off_s: float | None) -> None:
    changed, _ = _changed([Wave("QRS", on_s, 0.3, off_s, 0.9)], 150.0)
    columns = np.flatnonzero(changed.any(axis=0)).tolist()
    known = [x_px(at, 150.0) for at in (on_s, off_s) if at is not None]
    assert columns == (list(range(known[0], known[1] + 1)) if len(known) == 2 else known)


def test_a_wave_of_low_confidence_is_paler() -> None:
    row = rows_px(flat_ecg(), "II", 150.0)
    middle = slice(row.start + 10, row.start + 40)
    for wave in BEAT:
        assert wave.on_s and wave.off_s
        (_, sure), (_, unsure) = (_changed([replace(wave, confidence=share)], 150.0) for share in (0.5, 0.49))
        for columns in (
            slice(x_px(wave.on_s, 150.0) + 1, x_px(wave.off_s, 150.0)),
            slice(x_px(wave.on_s, 150.0), None),
        ):
            strong, pale, none = (
                pixels[middle, columns][:, :4].astype(int) for pixels in (sure, unsure, _changed([], 150.0)[1])
            )
            assert 0 < abs(pale - none).sum() < 0.6 * abs(strong - none).sum()


def test_ink_stays_as_dark_on_a_shade_as_on_paper() -> None:
    ecg = flat_ecg(swing_mv=0.5)
    _, pixels = _changed([Wave("T", 1.0, 3.0, 9.0, 1.0)], 150.0, ecg)
    bare = draw_measured(ecg, found_in_ii()).pixels
    row, columns = rows_px(ecg, "II", 150.0), slice(x_px(1.0, 150.0) + 3, x_px(9.0, 150.0) - 3)
    ink = bare[row, columns].max(axis=2) < 100
    assert ink.sum() > 500
    assert pixels[row, columns][ink].max() < 100


@pytest.mark.parametrize(("swing_mv", "gain"), [(0.5, 10), (2.5, 5)])
@pytest.mark.parametrize("dpi", [100.0, 150.0])
def test_ink_lies_under_every_point_of_the_signal(swing_mv: float, gain: int, dpi: float) -> None:
    """The leads of the second would need too much paper at 10 mm/mV."""
    ecg = flat_ecg(swing_mv=swing_mv)
    dark = draw_measured(ecg, found_in_ii(*BEAT), dpi).pixels.max(axis=2) < 130
    rows, gain_mm_mv = place_rows(ecg, ecg.leads)
    assert gain_mm_mv == gain
    for row in rows:
        for sample in range(0, 2500, 37):
            x = (20 + 25 * sample / 250) * dpi / 25.4
            y = (row.base_mm - gain * float(ecg.lead(row.lead)[sample])) * dpi / 25.4
            assert dark[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3].any(), (row.lead, sample)


@pytest.mark.parametrize(("swing_mv", "height_mm"), [(0.5, 10), (2.5, 5)])
def test_the_calibration_pulse_is_a_millivolt(swing_mv: float, height_mm: int) -> None:
    ecg = flat_ecg(swing_mv=swing_mv)
    dark = draw_measured(ecg, found_in_ii()).pixels.max(axis=2) < 130
    row = place_rows(ecg, ecg.leads)[0][1]
    plateau = dark[: round((row.base_mm + 2) * 150 / 25.4), round(12.5 * 150 / 25.4)]
    top = np.flatnonzero(plateau).max() * 25.4 / 150
    assert row.base_mm - top == pytest.approx(height_mm, abs=0.3)


def test_offsets_do_not_move_a_trace() -> None:
    ecg = flat_ecg(swing_mv=0.5)
    moved = replace(ecg, signal_mv=ecg.signal_mv + np.float32(2.5))
    assert (draw_measured(moved, found_in_ii()).pixels != draw_measured(ecg, found_in_ii()).pixels).mean() < 1e-3


def test_what_swings_beyond_all_bounds_stays_in_its_row() -> None:
    signal = np.zeros((4, 2500), np.float32)
    signal[1, 1000:1100] = 40.0
    signal[1, 1100:1200] = -40.0
    wild = Ecg(signal, ("I", "II", "III", "aVR"), 250.0, source="wild")
    found = Measurements({}, waves={lead: () for lead in wild.leads})
    rows, gain = place_rows(wild, wild.leads)
    assert gain == 10, "one bad lead does not make the others small"
    dark = draw_measured(wild, found).pixels.max(axis=2) < 130
    top, bottom = (round(mm * 150 / 25.4) for mm in (rows[1].top_mm, rows[1].bottom_mm))
    inside = dark[:, x_px(3.9, 150.0) : x_px(4.9, 150.0)].sum(axis=1)
    assert inside[top:bottom].all(), "its flanks cross the whole row"
    assert not inside[top - 6 : top].any()
    assert not inside[bottom : bottom + 6].any()


@pytest.mark.parametrize("dpi", [50.0, 150.0, 300.0])
@pytest.mark.parametrize("leads", [("V2",), ("I", "II", "V2"), TWELVE])
def test_the_page_is_as_wide_as_ten_seconds_and_as_high_as_its_leads(leads: tuple[str, ...], dpi: float) -> None:
    page = draw_measured(flat_ecg(leads), Measurements({}, waves=dict.fromkeys(leads, BEAT)), dpi)
    height_mm = HEADER_MM + RULE_MM + 13 * len(leads) + 6  # 8 mm above the baseline of a flat lead, 5 below
    assert page.pixels.shape == (round(height_mm * dpi / 25.4), round(278 * dpi / 25.4), 3)
    assert page.source == "page of hand-made, measured"


def test_only_leads_that_were_measured_are_drawn_but_all_where_none_was() -> None:
    ecg = flat_ecg(TWELVE)
    part, none = (draw_measured(ecg, Measurements({}, waves=waves), 50.0) for waves in ({"V1": ()}, {}))
    assert part.pixels.shape[0] < none.pixels.shape[0]
    assert np.array_equal(none.pixels, draw_measured(ecg, Measurements({}, waves=dict.fromkeys(TWELVE, ())), 50).pixels)


def test_a_short_recording_ends_where_it_ends() -> None:
    ecg = flat_ecg(seconds=2.4)
    changed, pixels = _changed([*BEAT, Wave("P", 2.2, 2.3, None, 0.9)], 150.0, ecg)
    assert np.flatnonzero(changed.any(axis=0)).max() == x_px(2.2, 150.0)
    dark = pixels[rows_px(ecg, "II", 150.0)].max(axis=2) < 130
    assert np.flatnonzero(dark.any(axis=0)).max() == pytest.approx(x_px(2.4, 150.0), abs=3)


@dataclass(frozen=True)
class _Day(Sequence[Wave]):
    """The waves of a day, of which only those of the first ten seconds may be looked at."""

    def __len__(self) -> int:
        return 300_000

    @overload
    def __getitem__(self, place: int) -> Wave: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Wave]: ...
    def __getitem__(self, place: int | slice) -> Wave | Sequence[Wave]:
        assert isinstance(place, int)
        assert place <= 11, "beyond the page"
        return Wave("QRS", place + 0.95, place + 1.0, place + 1.05, 0.9)


def test_of_a_long_recording_the_first_ten_seconds_are_drawn() -> None:
    long, short = flat_ecg(("II",), seconds=60.0, swing_mv=0.5), flat_ecg(("II",), swing_mv=0.5)
    pages = [draw_measured(long, Measurements({}, waves={"II": _Day()})).pixels]
    pages.append(draw_measured(short, Measurements({}, waves={"II": [_Day()[place] for place in range(10)]})).pixels)
    top = round(HEADER_MM * 150 / 25.4)
    assert np.array_equal(pages[0][top:], pages[1][top:]), "but for the head, which says how long it is"
    bare = draw_measured(short, Measurements({}, waves={"II": ()})).pixels
    columns = np.flatnonzero((pages[1] != bare).any(axis=(0, 2)))
    assert columns.max() == x_px(10.0, 150.0) - 1, (
        "the complex that begins at 9.95 s ends with the rule, without a border"
    )


@pytest.mark.parametrize("dpi", [0.0, 49.0, 601.0, float("nan")])
def test_an_impossible_resolution_is_refused(dpi: float) -> None:
    with pytest.raises(InputError, match="it must be 50 to 600"):
        draw_measured(flat_ecg(), found_in_ii(), dpi)


def test_waves_of_a_lead_that_the_ecg_lacks_are_refused() -> None:
    with pytest.raises(LeadError, match="no lead I; there are V2"):
        draw_measured(flat_ecg(("V2",)), found_in_ii())
