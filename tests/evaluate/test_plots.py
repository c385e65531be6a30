"""Plots are well-formed SVG, and what they draw lies where it should."""

import re
import xml.etree.ElementTree as ET

import pytest

from einthoven.evaluate.plots import LEFT, MARGIN, RIGHT, SIDE, WIDTH, Row, curves_svg, rows_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_value_lies_in_proportion_and_what_lies_outside_is_cut() -> None:
    rows = [Row("zero", 0, 0, 0), Row("half", 0.5, 0.25, 0.75, 0.5), Row("beyond", 3, 1, 4)]
    root = ET.fromstring(rows_svg(rows, "accuracy"))
    at = [float(dot.get("cx", "")) for dot in root.iter(f"{SVG}circle")]
    wide = WIDTH - LEFT - RIGHT
    assert at == pytest.approx([LEFT, LEFT + wide / 2, LEFT + wide], abs=0.1)
    assert len({dot.get("cy") for dot in root.iter(f"{SVG}circle")}) == 3


def test_names_are_text_and_never_marks() -> None:
    svg = rows_svg([Row('<script>&"', 0.5, 0.4, 0.6)], "a < b")
    assert "<script" not in svg
    assert "&lt;script&gt;&amp;" in svg
    ET.fromstring(svg)


def test_a_curve_runs_from_left_below_to_right_above() -> None:
    root = ET.fromstring(curves_svg({"one": [(0, 0), (0.5, 1), (1, 0.25)]}, "x", "y", diagonal=True))
    (line,) = root.iter(f"{SVG}polyline")
    points = [tuple(map(float, pair.split(","))) for pair in (line.get("points") or "").split()]
    assert points == [(MARGIN, MARGIN + SIDE), (MARGIN + SIDE / 2, MARGIN), (MARGIN + SIDE, MARGIN + SIDE * 0.75)]
    assert len(re.findall("#99a", ET.tostring(root).decode())) == 1, "the diagonal"
