"""The rule above the rows: which beat its brackets show, and where marks and brackets lie."""

from dataclasses import replace

import numpy as np
import pytest

from einthoven.core.measurements import Measurements, Rhythm
from einthoven.core.waves import Wave
from einthoven.render.header import HEADER_MM
from einthoven.render.measured import draw_measured
from einthoven.render.rule import AXIS_MM, usual_spans
from tests.render.pages import FOUND, flat_ecg, found_in_ii, rhythm_of, rows_px, x_px


def _spans(measurements: Measurements) -> dict[str, tuple[float, ...]]:
    return {name: tuple(round(at, 4) for at in span) for name, span in usual_spans(measurements, 10.0).items()}


def test_the_brackets_show_the_beat_of_the_middle_that_is_nearest_to_the_figures() -> None:
    beats = Measurements(FOUND, waves={"I": rhythm_of(10), "II": rhythm_of(10)})
    assert _spans(beats) == {"PR": (5.1, 5.26), "QRS": (5.26, 5.36), "QT": (5.26, 5.71)}
    at_the_end = replace(beats, figures=FOUND | {"qt_ms": 490.0})
    assert _spans(at_the_end)["QT"] == (7.26, 7.73), "the nearest of the middle, not of all"


def test_the_brackets_leave_out_what_could_not_be_measured() -> None:
    waves = rhythm_of(10)
    no_pr = Measurements(FOUND | {"pr_ms": None}, waves={"II": waves})
    assert list(_spans(no_pr)) == ["QRS", "QT"]
    assert list(_spans(Measurements(FOUND, waves={"II": rhythm_of(10, p=False)}))) == ["QRS", "QT"]
    last = [Wave("QRS", 9.5, 9.55, 9.6, 0.9), Wave("T", 9.7, 9.9, 10.05, 0.9)]
    assert list(_spans(Measurements(FOUND, waves={"II": last}))) == ["QRS"], "T ends beyond the page"
    assert _spans(Measurements(FOUND, waves={"II": ()})) == {}
    assert _spans(Measurements(FOUND)) == {}


def test_the_brackets_shun_beats_without_p_and_premature_ones() -> None:
    waves = [wave for wave in rhythm_of(10) if not (wave.wave == "P" and (wave.on_s or 0) < 9)]
    assert _spans(Measurements(FOUND, waves={"II": waves}))["PR"] == (9.1, 9.26)

    def early(at_s: float | None) -> float | None:
        return None if at_s is None else round(at_s - (0.3 if 5 < at_s < 6 else 0.0), 4)

    moved = [replace(w, on_s=early(w.on_s), peak_s=early(w.peak_s), off_s=early(w.off_s)) for w in rhythm_of(10)]
    assert _spans(Measurements(FOUND, waves={"II": moved}))["QRS"][0] != 4.96


def test_the_brackets_lie_between_the_leads_as_in_the_measurements() -> None:
    late = [replace(w, on_s=(w.on_s or 0) + 0.02, off_s=(w.off_s or 0) + 0.02) for w in rhythm_of(10)]
    spans = _spans(Measurements(FOUND, waves={"II": rhythm_of(10), "V1": late, "V2": ()}))
    assert spans["QRS"] == (3.262, 3.378), "a tenth and nine tenths of 20 ms; V2, which has none, has no say"
    assert spans["QT"][1] - spans["QT"][0] == pytest.approx(0.43 + 0.016), "longer than in one lead by as much"
    doubted = [replace(wave, confidence=0.2) for wave in late]
    assert _spans(Measurements(FOUND, waves={"II": rhythm_of(10), "V1": doubted}))["QRS"] == (5.26, 5.36)


def test_brackets_and_dotted_lines_are_drawn_at_these_times() -> None:
    waves = {"I": rhythm_of(10), "II": rhythm_of(10)}
    with_them, without = (draw_measured(flat_ecg(), Measurements(one, waves=waves)).pixels for one in (FOUND, {}))
    changed = (with_them != without).any(axis=2)
    for lead in ("I", "II"):
        columns = np.flatnonzero(changed[rows_px(flat_ecg(), lead, 150.0)].any(axis=0))
        near = {min((5.1, 5.26, 5.36, 5.71), key=lambda at: abs(x_px(at, 150.0) - int(column))) for column in columns}
        assert near == {5.1, 5.26, 5.36, 5.71}
        assert all(min(abs(x_px(at, 150.0) - column) for at in near) <= 2 for column in columns)
    top, axis = (round(mm * 150 / 25.4) for mm in (HEADER_MM, HEADER_MM + AXIS_MM))
    columns = np.flatnonzero(changed[top:axis].any(axis=0))
    assert columns.max() == pytest.approx(x_px(5.71, 150.0), abs=2), "QT ends the longest bracket"


@pytest.mark.parametrize("name", ["premature_beats_s", "pacing_spikes_s"])
def test_premature_beats_and_spikes_are_marked_at_their_times(name: str) -> None:
    marked = found_in_ii(rhythm=Rhythm(**{name: (2.0, 7.5, 10.2)}))  # type: ignore[arg-type]
    changed = (draw_measured(flat_ecg(), marked).pixels != draw_measured(flat_ecg(), found_in_ii()).pixels).any(axis=2)
    top, axis = (round(mm * 150 / 25.4) for mm in (HEADER_MM, HEADER_MM + AXIS_MM))
    columns = np.flatnonzero(changed[top:].any(axis=0))
    parts = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    assert [float(part.mean()) for part in parts] == pytest.approx([x_px(2.0, 150.0), x_px(7.5, 150.0)], abs=1.5)
    assert not changed[axis:].any()
    widths = [np.flatnonzero(line).size for line in changed[top:axis, : x_px(4.0, 150.0)] if line.any()]
    assert widths[0] > 3 * widths[-1] if name == "premature_beats_s" else len(set(widths)) == 1, "it points down"
