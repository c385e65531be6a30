"""The head of a measured page: what it says, where the words stand, and that none overlap or leave the page."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from einthoven.core.ecg import Ecg, Fault, Person
from einthoven.core.leads import TWELVE
from einthoven.core.measurements import FIGURES, LeadQuality, Limit, Measurements, Quality, Rhythm
from einthoven.core.waves import Wave
from einthoven.render import header, measured, rule
from einthoven.render.header import HEADER_MM
from einthoven.render.letters import CAPITAL_MM, PEN, Align, Pen, width_mm
from einthoven.render.measured import draw_measured
from einthoven.render.sheet import Sheet
from tests.render.pages import FOUND, flat_ecg, found_in_ii, rhythm_of


@dataclass(frozen=True)
class _Said:
    words: str
    left_mm: float
    right_mm: float
    foot_mm: float
    loud: bool


def _said(monkeypatch: pytest.MonkeyPatch, ecg: Ecg, found: Measurements) -> list[_Said]:
    """All words of a page and where they stand."""
    said: list[_Said] = []

    def put(
        pixels: Any, sheet: Sheet, words: str, at_mm: tuple[float, float], pen: Pen = PEN, align: Align = "left"
    ) -> None:
        left_mm = at_mm[0] - {"left": 0, "middle": 0.5, "right": 1}[align] * width_mm(sheet, words, pen)
        said.append(_Said(words, left_mm, left_mm + width_mm(sheet, words, pen), at_mm[1], pen == header.LOUD))

    for module in (header, rule, measured):
        monkeypatch.setattr(module, "put", put)
    draw_measured(ecg, found)
    return said


FULL = Measurements(
    figures=dict.fromkeys(FIGURES, 100.0) | FOUND | {"pr_ms": None, "axis_deg.p": None, "axis_deg.t": -178.4},
    confidence={"qrs_ms": 0.934},
    reasons={"pr_ms": "P waves keep no fixed distance to the QRS complexes (they vary by 123 ms)"},
    rhythm=Rhythm(regular=False, slowest_bpm=38.6, fastest_bpm=141.2, premature_beats_s=(1.0, 12.0)),
    quality=Quality({"V1": LeadQuality(0.0, fault="flat: all of it"), "I": LeadQuality(1.0)}, 0.0, "arms exchanged"),
    waves={lead: rhythm_of(10) for lead in ("I", "II")},
    limits={
        "qrs_ms": Limit(69.0, 98.5, "above", "x"),
        "heart_rate_bpm": Limit(48.0, 98.0, "within", "x"),
        "p_ms": Limit(None, 120.0, "within", "x"),
        "axis_deg.t": Limit(-30.0, None, "below", "x"),
    },
)


def test_the_head_says_every_figure_or_why_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    whose = replace(
        flat_ecg(), source="/data/X1.hea", person=Person("7", 61.0, "male"), recorded_at=datetime(1999, 5, 4)
    )
    said = _said(monkeypatch, whose, FULL)
    lines: dict[str, list[str]] = {}
    for one in sorted(said, key=lambda one: (one.foot_mm, one.left_mm)):
        if one.foot_mm < HEADER_MM - 4 and one.left_mm < 180:
            lines.setdefault(f"{one.foot_mm:.1f}", []).append(one.words)
    assert list(lines.values()) == [
        ["X1.hea, male, 61 years, 1999-05-04 00:00"],
        ["25 mm/s, 10 mm/mV; 0 to 10 s of 10 s, 250 samples/s"],
        ["confidence", "healthy adults' limits, or why not measured"],
        ["heart rate", "100 bpm", "-", "within (48 to 98)"],
        ["RR", "100 ms", "-"],
        ["P", "100 ms", "-", "within (up to 120)"],
        ["PR", "-", "P waves keep no fixed distance to the QRS complexes (they vary by 123 ms)"],
        ["QRS", "100 ms", "0.93", "above (69 to 98.5)"],
        ["QT", "451 ms", "-"],
        ["QTc Fridericia", "100 ms", "-"],
        ["QTc Bazett", "100 ms", "-"],
        ["P axis", "-", "not measured"],
        ["QRS axis", "100 °", "-"],
        ["T axis", "-178 °", "-", "below (from -30)"],
    ]
    outside = {"100 ms", "above (69 to 98.5)", "-178 °", "below (from -30)"}
    assert {one.words for one in said if one.loud and one.left_mm < 180} == outside
    assert [one.words for one in said if one.left_mm > 180 and one.foot_mm < HEADER_MM] == [
        "Research use only; not for diagnosis.",
        "regular rhythm: no",
        "from beat to beat 39 to 141 /min",
        "premature beats: 2",
        "pacing spikes: 0",
        "cables: arms exchanged",
        "V1: flat: all of it",
    ]


def test_a_fault_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ecg = replace(flat_ecg(), faults=(Fault("V1", "flat", "all of it"),))
    assert [one.words for one in _said(monkeypatch, ecg, FULL) if "flat" in one.words] == ["V1: flat (all of it)"]


def test_the_head_stands_on_plain_paper() -> None:
    pixels = draw_measured(flat_ecg(), found_in_ii()).pixels
    grid = ((pixels == (250, 218, 212)) | (pixels == (238, 172, 164))).all(axis=2).any(axis=1)
    assert np.flatnonzero(grid).min() == round(HEADER_MM * 150 / 25.4)


def test_the_rule_says_the_intervals_of_its_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    found = replace(FULL, figures=FOUND)
    said = {one.words for one in _said(monkeypatch, flat_ecg(), found)}
    assert said >= {"PR 160 ms", "QRS 100 ms", "QT 450 ms", "0 s", "10 s", "I", "II"}


def test_half_the_gain_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [one.words for one in _said(monkeypatch, flat_ecg(swing_mv=2.5), found_in_ii())]
    assert any(words.startswith("25 mm/s, 5 mm/mV;") for words in said)


def test_a_sound_recording_is_called_so_and_an_unknown_rhythm_too(monkeypatch: pytest.MonkeyPatch) -> None:
    why = "the sampling rate is too low to see a spike"
    said = [one.words for one in _said(monkeypatch, flat_ecg(), found_in_ii(reasons={"pacing_spikes_s": why}))]
    assert "regular rhythm: cannot be told" in said
    assert "no fault of the recording was found" in said
    assert "pacing spikes: the sampling" in " ".join(said)
    assert "pacing spikes: 0" not in said


def _crowded() -> tuple[Ecg, Measurements]:
    """As many and as long words as there may be, and a beat at the very left."""
    ecg = flat_ecg(TWELVE, seconds=2.0)
    faults = tuple(Fault(lead, "gaps bridged", "12 samples from 3.21 s on, the longest of 0.02 s") for lead in TWELVE)
    ecg = replace(ecg, source="a recording whose name is long " * 9, faults=faults, person=Person("7", 61.0, "female"))
    beat = [Wave("P", 0.0, 0.05, 0.1, 1.0), Wave("QRS", 0.15, 0.2, 0.31, 1.0), Wave("T", 0.4, 0.5, 0.6, 1.0)]
    reasons = dict.fromkeys(FIGURES, "the rhythm is irregular, and 9 beats are too few for a mean; 10 are needed " * 2)
    found = replace(FULL, figures=FOUND, reasons=reasons, waves=dict.fromkeys(TWELVE, beat))
    return ecg, found


def test_no_words_overlap_or_leave_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    ecg, found = _crowded()
    said = _said(monkeypatch, ecg, found)
    assert any(one.words.startswith("... and ") for one in said), "notes that do not fit are counted"
    assert all(1 <= one.left_mm < one.right_mm <= 277 for one in said)
    for one, other in combinations(said, 2):
        apart_mm = max(one.left_mm, other.left_mm) - min(one.right_mm, other.right_mm)
        assert apart_mm > 0.5 or abs(one.foot_mm - other.foot_mm) > CAPITAL_MM + 1, (one, other)


def test_a_long_name_of_a_lead_keeps_off_its_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _said(monkeypatch, flat_ecg(("respiration",)), Measurements({}, waves={"respiration": ()}))
    name = next(one for one in said if one.words.endswith("..."))
    assert "respiration".startswith(name.words.removesuffix("..."))
    assert name.right_mm <= 9, "where the pulse begins"


def test_nothing_dark_touches_the_edge_of_the_page() -> None:
    dark = draw_measured(*_crowded()).pixels.max(axis=2) < 130
    edge = np.ones(dark.shape, bool)
    edge[6:-6, 6:-6] = False
    assert dark.any()
    assert not dark[edge].any()
