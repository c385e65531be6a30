"""The sets as tasks: which rhythm a recording counts to, and which found waves are judged near the marks of QTDB."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.ecg import Person
from einthoven.core.waves import Wave
from einthoven.evaluate.wave_tasks import TASKS, judge_qtdb, ludb_strata
from einthoven.records.datasets import DATASETS, Row
from tests.evaluate.make import beat, mark, plain

ROW = Row("sel1", Path("sel1.hea"), "sel1", Person("sel1"))


@pytest.mark.parametrize(
    ("statements", "strata"),
    [
        (["Sinus bradycardia", "Left ventricular hypertrophy"], ("sinus rhythms",)),
        (["Sinus arrhythmia"], ("sinus rhythms",)),
        (["Atrial fibrillation"], ("atrial fibrillation",)),
        (["Sinus rhythm", "Atrial fibrillation"], ("atrial fibrillation",)),
        (["Atrial flutter, typical"], ("other rhythms",)),
        (["Atrial fibrillation", "Pacemaker presence, undefined"], ("atrial fibrillation", "paced")),
        (["Sinus rhythm", "Pacemaker presence, undefined", "Unipolar atrial pacing"], ("sinus rhythms", "paced")),
        (["Irregular sinus rhythm", "Atrial extrasystole, type: single pac"], ("sinus rhythms",)),
        (["Sinus rhythm", "Wandering atrial pacemaker"], ("sinus rhythms",)),  # of the heart itself
        ([], ("other rhythms",)),
    ],
)
def test_strata_of_ludb_are_told_from_its_statements(statements: list[str], strata: tuple[str, ...]) -> None:
    assert ludb_strata(replace(ROW, labels=dict.fromkeys(statements))) == strata


def test_every_task_is_a_set_that_can_be_loaded() -> None:
    assert {name: task.name for name, task in TASKS.items()} == {name: name for name in ("ludb", "qtdb")}
    assert TASKS.keys() <= DATASETS.keys()


def _judge(tmp_path: Path, marked: list[Wave], found: dict[str, list[Wave]]) -> Any:
    row = replace(ROW, path=tmp_path / "sel1.hea")
    mark(tmp_path / "sel1.q1c", marked, 250)
    return judge_qtdb(
        row, {"id": "sel1", "pr_ms": 150.0, "waves": {lead: plain(waves) for lead, waves in found.items()}}
    )


def test_both_leads_of_qtdb_are_judged_together_and_only_near_marked_beats(tmp_path: Path) -> None:
    """Beats at 2 and 8 s are marked; a beat at 5 s lies within their span and was left unmarked, which is no fault."""
    marked = beat(2.0) + beat(8.0)
    every = [wave for at in range(1, 10) for wave in beat(float(at))]
    both = _judge(tmp_path, marked, {"II": every, "V5": every})
    for border, found in both.borders.items():
        assert (found.right, found.false, found.missed) == (2, 0, 0), border
    assert both.expert_ms == pytest.approx({"p_ms": 100.0, "pr_ms": 160.0, "qrs_ms": 90.0, "qt_ms": 400.0}, abs=4.1)
    assert both.measured_ms["pr_ms"] == 150.0, "as measured on the whole"
    assert not both.unread


def test_an_invented_wave_near_a_marked_beat_is_false(tmp_path: Path) -> None:
    found = [*beat(2.0), Wave("P", 2.5, 2.55, 2.6, 1.0), *beat(8.0)]
    judged = _judge(tmp_path, beat(2.0) + beat(8.0), {"II": found, "V5": found})
    assert (judged.borders["P", "on"].right, judged.borders["P", "on"].false) == (2, 1)


def test_a_wave_of_one_of_the_two_leads_counts(tmp_path: Path) -> None:
    """Half of the leads must show a wave."""
    judged = _judge(tmp_path, beat(2.0), {"II": beat(2.0), "V5": beat(2.0, p=False)})
    assert judged.borders["P", "on"].right == 1


def test_an_error_line_of_qtdb_is_unread(tmp_path: Path) -> None:
    mark(tmp_path / "sel1.q1c", beat(2.0), 250)
    judged = judge_qtdb(replace(ROW, path=tmp_path / "sel1.hea"), {"id": "sel1", "error": "x"})
    assert judged.unread
    assert judged.borders["QRS", "on"].missed == 1
