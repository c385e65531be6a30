"""The page measured with a ruler: calibration pulse, grid, and ink where the signal says that it is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, LeadError
from einthoven.core.leads import TWELVE
from einthoven.core.page import Page
from einthoven.records.read import read_page
from einthoven.records.simulate import simulate
from einthoven.render.draw import COLUMN_S, MARGIN_MM, PULSE_MM, ROW_MM, ROWS, render, write_page

NORMAL = simulate([], seed=3).ecg
DPIS = (72.0, 150.0, 203.0, 400.0)


def _dark(page: Page) -> NDArray[np.bool_]:
    """Where there is more ink than paper."""
    dark: NDArray[np.bool_] = page.pixels.max(axis=2) < 130  # a grid line has 238, ink 32
    return dark


def _px(mm: float, dpi: float) -> float:
    return mm * dpi / 25.4


def _still(seconds: float = 10.0) -> Ecg:
    """Twelve leads that rest at zero but for a step at the very end, so that none is flat."""
    signal = np.zeros((12, round(500 * seconds)), np.float32)
    return Ecg(signal, TWELVE, 500.0, source="still")


@pytest.mark.parametrize("dpi", DPIS)
def test_the_calibration_pulse_is_ten_by_five_millimetres(dpi: float) -> None:
    dark = _dark(render(_still(), dpi))
    for row in range(4):
        top, bottom = (round(_px(MARGIN_MM + (row + part) * ROW_MM, dpi)) for part in (0, 1))
        pulse = dark[top:bottom, round(_px(MARGIN_MM, dpi)) : round(_px(MARGIN_MM + PULSE_MM, dpi))]
        base = np.flatnonzero(pulse[:, round(_px(1.5, dpi))]).mean()  # a millimetre and a half in, before it rises
        plateau = np.flatnonzero(pulse[:, round(_px(4.5, dpi))]).mean()
        assert base - plateau == pytest.approx(_px(10, dpi), abs=0.75)
        flanks = np.flatnonzero(pulse[round((base + plateau) / 2)])
        rising, falling = np.split(flanks, np.flatnonzero(np.diff(flanks) > 1) + 1)
        assert falling.mean() - rising.mean() == pytest.approx(_px(5, dpi), abs=0.75)


@pytest.mark.parametrize("dpi", DPIS)
def test_the_grid_is_a_millimetre_with_a_stronger_line_every_five(dpi: float) -> None:
    page = render(_still(), dpi).pixels.astype(int)
    column = page[:, round(_px(3.5, dpi)), 1]  # in the margin, between two vertical lines
    strong = np.flatnonzero(column < 190)
    assert np.diff(strong) == pytest.approx(_px(5, dpi), abs=1.01)
    lines = np.flatnonzero(column < 240)
    assert np.diff(lines) == pytest.approx(_px(1, dpi), abs=1.01)


@pytest.mark.parametrize("dpi", DPIS)
def test_ink_lies_under_every_point_of_the_signal(dpi: float) -> None:
    dark = _dark(render(NORMAL, dpi))
    reach = max(1, round(_px(0.3, dpi)))
    for row, names in enumerate((*ROWS, ("II",))):
        for column, name in enumerate(names):
            start_s = column * COLUMN_S
            seconds = COLUMN_S if row < 3 else 4 * COLUMN_S
            lead = NORMAL.lead(name) - np.median(NORMAL.lead(name))
            for sample in range(round(start_s * 500), round((start_s + seconds) * 500), 37):
                x = _px(MARGIN_MM + PULSE_MM + sample / 500 * 25, dpi)
                y = _px(MARGIN_MM + (row + 0.5) * ROW_MM - float(lead[sample]) * 10, dpi)
                x0, y0 = round(x), round(y)
                near = dark[max(0, y0 - reach) : y0 + reach + 1, x0 - reach : x0 + reach + 1]
                assert near.any(), (name, sample)


def test_another_signal_has_its_ink_elsewhere() -> None:
    first, second = _dark(render(NORMAL, 100)), _dark(render(simulate(["AFIB"], seed=3).ecg, 100))
    assert (first & second).sum() / first.sum() < 0.7


def test_a_lead_that_is_not_there_is_left_blank() -> None:
    rows = [row for row, name in enumerate(TWELVE) if name != "V2"]
    part = replace(NORMAL, signal_mv=NORMAL.signal_mv[rows].copy(), leads=tuple(TWELVE[row] for row in rows))
    whole, blank = _dark(render(NORMAL)), _dark(render(part))
    row, column = next((r, names.index("V2")) for r, names in enumerate(ROWS) if "V2" in names)
    left = round(_px(MARGIN_MM + PULSE_MM + column * COLUMN_S * 25, 150.0))
    box = (
        slice(round(_px(MARGIN_MM + row * ROW_MM, 150.0)), round(_px(MARGIN_MM + (row + 1) * ROW_MM, 150.0))),
        slice(left + 3, left + round(_px(COLUMN_S * 25, 150.0)) - 3),
    )
    assert whole[box].sum() > 300
    assert blank[box].sum() < 0.05 * whole[box].sum(), "at most the peak of a neighbour in the row above or below"


def test_the_strip_is_another_lead_where_ii_is_absent() -> None:
    rows = [TWELVE.index(name) for name in ("V1", "V5")]
    part = replace(NORMAL, signal_mv=NORMAL.signal_mv[rows].copy(), leads=("V1", "V5"))
    dark = _dark(render(part))
    assert dark[round(_px(MARGIN_MM + 3 * ROW_MM, 150.0)) :].sum() > 1000


def test_offsets_do_not_move_a_trace() -> None:
    moved = replace(NORMAL, signal_mv=NORMAL.signal_mv + np.float32(2.5))
    assert (render(moved).pixels != render(NORMAL).pixels).mean() < 1e-3


@pytest.mark.parametrize("dpi", [0.0, 49.0, 601.0, float("nan"), float("inf")])
def test_an_impossible_resolution_is_refused(dpi: float) -> None:
    with pytest.raises(InputError, match="it must be 50 to 600"):
        render(NORMAL, dpi)


def test_without_any_lead_nothing_is_drawn() -> None:
    other = Ecg(np.ones((1, 5000), np.float32), ("resp",), 500.0, source="other")
    with pytest.raises(LeadError, match="none of the twelve leads can be drawn; there are resp"):
        render(other)


def test_the_page_that_is_written_is_the_page_that_was_drawn(tmp_path: Path) -> None:
    page = render(NORMAL)
    write_page(page, tmp_path / "page.png")
    assert np.array_equal(read_page(tmp_path / "page.png").pixels, page.pixels)
