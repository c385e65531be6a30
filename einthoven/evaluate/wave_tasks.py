"""Sets with an expert's marks, as tasks: which recordings, which marks, and how a line of measurements is judged."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.leads import TWELVE
from einthoven.core.waves import Wave
from einthoven.evaluate.merged import merged
from einthoven.evaluate.waves_bench import Judged, judge, read_waves
from einthoven.records.datasets import Row
from einthoven.records.datasets.ludb import LUDB
from einthoven.records.datasets.qtdb import QTDB

PACED = re.compile(r"pacing|pacemaker presence")  # not a wandering atrial pacemaker
NEAR_S = 0.7  # of a marked complex: in QTDB only some beats are marked, and what lies elsewhere is not judged


@dataclass(frozen=True)
class WaveTask:
    """One set. judge_row: (row, line of `measure`) -> how it stands against the marks."""

    name: str
    load: Callable[[Path], Sequence[Row]]
    judge_row: Callable[[Row, Mapping[str, Any]], Judged]
    about: str


def ludb_strata(row: Row) -> tuple[str, ...]:
    """Return the rhythm of a LUDB recording, and whether it is paced, from its statements."""
    said = " ".join(row.labels).lower()
    first = next(iter(row.labels), "").lower()
    rhythm = (
        "atrial fibrillation"
        if "atrial fibrillation" in said
        else "sinus rhythms"
        if "sinus" in first
        else "other rhythms"
    )
    return (rhythm, "paced") if PACED.search(said) else (rhythm,)


def judge_ludb(row: Row, line: Mapping[str, Any]) -> Judged:
    """Judge lead by lead, as LUDB is marked."""
    return judge(row.patient, ludb_strata(row), {lead: LUDB.annotations(row, lead) for lead in TWELVE}, line)


def judge_qtdb(row: Row, line: Mapping[str, Any]) -> Judged:
    """Judge the waves of both leads together, as QTDB is marked, near the beats that are marked."""
    marked = QTDB.annotations(row)
    times = [wave.peak_s for wave in marked if wave.wave == "QRS" and wave.peak_s is not None]
    found = [wave for wave in merged(read_waves(line)) if _near(wave, times)]
    return judge(row.patient, (), {"both": marked}, {**line, "waves": {"both": [_plain(wave) for wave in found]}})


def _near(wave: Wave, times_s: Sequence[float]) -> bool:
    at = wave.peak_s
    return at is not None and any(abs(at - time) <= NEAR_S for time in times_s)


def _plain(wave: Wave) -> dict[str, Any]:
    return {
        "wave": wave.wave, "on_s": wave.on_s, "peak_s": wave.peak_s, "off_s": wave.off_s, "confidence": wave.confidence
    }  # fmt: skip


TASKS: dict[str, WaveTask] = {
    "ludb": WaveTask("ludb", LUDB.load, judge_ludb, "12 leads of 10 s, marked by experts lead by lead"),
    "qtdb": WaveTask("qtdb", QTDB.load, judge_qtdb, "2 leads of 15 min, marked by a cardiologist on both together"),
}
