"""The published table adds up as its makers printed it."""

import pytest

from einthoven.instruct.published import PUBLISHED, TOTAL, mix, planned

SUMS = {"ptbxl": 149_425, "ecgqa": 139_358, "mimic_iv_ecg": 799_687, "code15": 67_640}  # table A1
CATEGORIES = {"feature": 121_335, "rhythm": 173_978, "morphology": 357_749, "report": 503_048}
TYPES = {"close": 357_098, "open": 597_905, "fill": 37_786, "mcq": 163_321}


def test_sums_are_those_of_the_paper() -> None:
    assert {source: sum(cells.values()) for source, cells in PUBLISHED.items()} == SUMS
    assert TOTAL == 1_156_110
    for place, printed in ((0, CATEGORIES), (1, TYPES)):
        for name, count in printed.items():
            assert sum(n for cells in PUBLISHED.values() for cell, n in cells.items() if cell[place] == name) == count


def test_a_plan_of_the_published_size_is_the_published_table() -> None:
    assert planned(TOTAL) == PUBLISHED
    half = planned(TOTAL // 2)
    assert half["ptbxl"]["rhythm", "mcq"] == pytest.approx(16_179 / 2)
    assert sum(mix(["ptbxl", "code15"]).values()) == pytest.approx(1)
    assert mix(["code15"])["feature", "close"] == pytest.approx(22_177 / 67_640)
