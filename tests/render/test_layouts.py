"""Layouts against tables written by hand from the standard's lead order and from Cabrera's: rows, columns, strips."""

from collections import Counter

import pytest

from einthoven.core.errors import InputError
from einthoven.core.leads import TWELVE
from einthoven.render.layouts import ACROSS_MM, LAYOUTS, layout_of

CONTRACT = ("3x4", "3x4+II", "3x4+3", "6x2", "6x2+II", "12x1", "4x3", "cabrera")

BY_THREE = ["I aVR V1 V4", "II aVL V2 V5", "III aVF V3 V6"]
BY_SIX = ["I V1", "II V2", "III V3", "aVR V4", "aVL V5", "aVF V6"]
ROWS = {
    "3x4": BY_THREE,
    "3x4+II": BY_THREE,
    "3x4+2": BY_THREE,
    "3x4+3": BY_THREE,
    "6x2": BY_SIX,
    "6x2+II": BY_SIX,
    "12x1": ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"],
    "4x3": ["I aVL V3", "II aVF V4", "III V1 V5", "aVR V2 V6"],
    "cabrera": ["aVL V1", "I V2", "-aVR V3", "II V4", "aVF V5", "III V6"],
    "cabrera-3x4+II": ["aVL II V1 V4", "I aVF V2 V5", "-aVR III V3 V6"],
}
STRIPS = {
    "3x4+II": ("II",),
    "3x4+2": ("V1", "II"),
    "3x4+3": ("V1", "II", "V5"),
    "6x2+II": ("II",),
    "cabrera-3x4+II": ("II",),
}
LIMB_DEG = {"aVL": -30, "I": 0, "-aVR": 30, "II": 60, "aVF": 90, "III": 120}  # where a lead looks from, frontal plane


def test_the_layouts_of_the_contract_are_there() -> None:
    assert set(CONTRACT) <= set(LAYOUTS)
    assert set(LAYOUTS) == set(ROWS), "a layout without a table by hand is not tested"


@pytest.mark.parametrize("name", ROWS)
def test_leads_stand_where_the_table_says(name: str) -> None:
    layout = layout_of(name)
    assert [" ".join(row) for row in layout.rows] == ROWS[name]
    assert layout.strips == STRIPS.get(name, ())
    assert {len(row) for row in layout.rows} == {layout.columns}


@pytest.mark.parametrize("name", ROWS)
def test_the_twelve_leads_stand_once_each(name: str) -> None:
    counts = Counter(lead for row in layout_of(name).rows for lead in row)
    aVR = "-aVR" if name.startswith("cabrera") else "aVR"  # the lead is spelt so
    assert counts == Counter({aVR if lead == "aVR" else lead: 1 for lead in TWELVE})
    assert set(layout_of(name).strips) <= set(TWELVE)


@pytest.mark.parametrize("name", [name for name in ROWS if name[0].isdigit()])
def test_a_name_says_rows_times_columns_and_strips(name: str) -> None:
    shape, _, strips = name.partition("+")
    rows, columns = map(int, shape.split("x"))
    layout = layout_of(name)
    assert (len(layout.rows), layout.columns) == (rows, columns)
    assert strips in ("", str(len(layout.strips)), "+".join(layout.strips))
    assert bool(strips) == bool(layout.strips)


@pytest.mark.parametrize("name", ["cabrera", "cabrera-3x4+II"])
def test_cabrera_goes_around_the_heart(name: str) -> None:
    layout = layout_of(name)
    by_columns = [row[column] for column in range(layout.columns) for row in layout.rows]
    angles = [LIMB_DEG[lead] for lead in by_columns[:6]]
    assert angles == sorted(angles)
    assert by_columns[6:] == [f"V{number}" for number in range(1, 7)]


@pytest.mark.parametrize("name", ROWS)
def test_a_column_is_a_quarter_a_half_or_all_of_ten_seconds(name: str) -> None:
    layout = layout_of(name)
    assert pytest.approx(250.0) == ACROSS_MM
    assert layout.column_mm == pytest.approx({1: 250.0, 2: 125.0, 3: 62.5, 4: 62.5}[layout.columns])


@pytest.mark.parametrize("name", ["", "3X4", "2x6", "3x4+IV", "cabrera "])
def test_an_unknown_name_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(InputError) as refused:
        layout_of(name)
    said = str(refused.value)
    assert repr(name) in said and "\n" not in said
    assert all(known in said for known in LAYOUTS)
