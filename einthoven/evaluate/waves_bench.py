"""Measurements against an expert's marks: borders, global intervals, false P waves; by rhythm and QRS width too."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from einthoven.core.errors import JobError
from einthoven.core.waves import WAVE_NAMES, Wave, WaveName
from einthoven.evaluate.borders import BORDERS, Found, add, compare
from einthoven.evaluate.intervals import Floats, Score, score_of
from einthoven.evaluate.merged import global_intervals

LEAST_PATIENTS = 5
INTERVALS = ("p_ms", "pr_ms", "qrs_ms", "qt_ms")
IEC_MS = {"p_ms": (10, 15), "pr_ms": (10, 10), "qrs_ms": (10, 10), "qt_ms": (25, 30)}
"""Limits on mean and SD of global measures in IEC 60601-2-25:2011, table 201.105, for its own 100 recordings."""
WIDE_MS, CLOSE_MS, SLACK_MS = 120.0, 10.0, 1e-6


@dataclass(frozen=True, eq=False)
class Judged:
    """One recording: who, what kind, its borders, its global intervals by the expert and as measured; None unread."""

    patient: str
    strata: tuple[str, ...]
    borders: Mapping[tuple[WaveName, str], Found]
    expert_ms: Mapping[str, float | None] = field(default_factory=dict)
    measured_ms: Mapping[str, float | None] = field(default_factory=dict)
    p_waves: int = 0
    complexes: int = 0
    unread: bool = False


def judge(
    patient: str, strata: tuple[str, ...], marked: Mapping[str, Sequence[Wave]], line: Mapping[str, Any]
) -> Judged:
    """Return how a line of `measure` stands against the marks of the same recording, lead by lead."""
    expert = global_intervals(marked)
    width = expert["qrs_ms"]
    strata = (
        *strata,
        *(() if width is None else ("QRS 120 ms or more",) if width >= WIDE_MS - SLACK_MS else ("QRS under 120 ms",)),
    )
    given = read_waves(line)
    borders = {
        (wave, side): add(compare(waves, given.get(lead, []), wave, side) for lead, waves in marked.items())
        for wave, side in BORDERS
    }
    unread = not any(given.values())
    found = [wave.wave for waves in given.values() for wave in waves]
    return Judged(
        patient, strata, borders, expert, {name: line.get(name) for name in INTERVALS}, found.count("P"),
        found.count("QRS"), unread,
    )  # fmt: skip


def read_waves(line: Mapping[str, Any]) -> dict[str, list[Wave]]:
    """Return lead -> waves of a line of `measure`; an error line has none. Raises JobError for one of another form."""
    leads = line.get("waves", {})
    if not isinstance(leads, dict) or not all(isinstance(waves, list) for waves in leads.values()):
        raise JobError(f'{line.get("id")!r}: "waves" is no object of lead -> list of waves')
    found = {lead: [_read_wave(one, line) for one in waves] for lead, waves in leads.items()}
    wrong = [name for name in INTERVALS if not _is_time(line.get(name))]
    if wrong:
        raise JobError(f"{line.get('id')!r}: {wrong[0]} is {line[wrong[0]]!r}, must be a number or null")
    return found


def _read_wave(one: Any, line: Mapping[str, Any]) -> Wave:
    times = [one.get(name) for name in ("on_s", "peak_s", "off_s")] if isinstance(one, dict) else ["?"]
    if not all(map(_is_time, times)) or one.get("wave") not in WAVE_NAMES or all(time is None for time in times):
        form = '{"wave": "P"|"QRS"|"T", "on_s", "peak_s", "off_s": seconds or null, one of them given}'
        raise JobError(f"{line.get('id')!r}: a wave is {str(one)[:60]}, must be {form}")
    sure = one.get("confidence")
    return Wave(one["wave"], one["on_s"], one["peak_s"], one["off_s"], float(sure or 0) if _is_time(sure) else 0.0)


def _is_time(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value))


def scores(judged: Sequence[Judged]) -> dict[str, Score]:
    """Return metric -> score; a stratum of five patients or more stands behind a bar ("P_on.sd_ms|sinus rhythms")."""
    found = _scores(judged, "")
    for stratum in sorted({one for record in judged for one in record.strata}):
        inside = [record for record in judged if stratum in record.strata]
        if len({record.patient for record in inside}) >= LEAST_PATIENTS:
            found |= _scores(inside, f"|{stratum}")
            if stratum == "atrial fibrillation":
                found |= _false_p(inside)
    return found


# Columns of the sums of a border: right, false, missed, close, sum and sum of squares of the errors.
_OF_BORDER: dict[str, Callable[[Floats], Floats]] = {
    "sensitivity": lambda s: 100 * s[..., 0] / (s[..., 0] + s[..., 2]),
    "ppv": lambda s: 100 * s[..., 0] / (s[..., 0] + s[..., 1]),
    "f1_150": lambda s: 200 * s[..., 0] / (2 * s[..., 0] + s[..., 1] + s[..., 2]),
    "f1_40": lambda s: 200 * s[..., 3] / (2 * s[..., 0] + s[..., 1] + s[..., 2]),
    "mean_ms": lambda s: s[..., 4] / s[..., 0],
    "sd_ms": lambda s: np.sqrt(np.maximum(s[..., 5] / s[..., 0] - (s[..., 4] / s[..., 0]) ** 2, 0)),
}


def _scores(judged: Sequence[Judged], behind: str) -> dict[str, Score]:
    patients = [record.patient for record in judged]
    unread = sum(record.unread for record in judged) / max(len(judged), 1)
    found: dict[str, Score] = {}
    for wave, side in BORDERS:
        parts = [record.borders[wave, side] for record in judged]
        sums = np.array([_sums(part) for part in parts]).reshape(len(parts), 6)
        marks = int(sums[:, [0, 2]].sum())
        for name, of in _OF_BORDER.items():
            found[f"{wave}_{side}.{name}{behind}"] = score_of(sums, patients, of, marks, unread)
        errors = np.abs(np.concatenate([np.zeros(0), *(part.errors_ms for part in parts)]))
        for name, share in (("median_abs_ms", 50), ("p95_abs_ms", 95)):
            value = round(float(np.percentile(errors, share)), 2) if len(errors) else None
            found[f"{wave}_{side}.{name}{behind}"] = Score(value, len(errors), unread=unread)
    return found | _intervals(judged, behind)


def _sums(part: Found) -> list[float]:
    errors = part.errors_ms
    return [part.right, part.false, part.missed, part.close, float(errors.sum()), float((errors**2).sum())]


def _intervals(judged: Sequence[Judged], behind: str) -> dict[str, Score]:
    """Return mean and SD of measured less expert where both have it; unread: share where only the expert has."""
    found: dict[str, Score] = {}
    for name in INTERVALS:
        wanted = [record for record in judged if record.expert_ms.get(name) is not None]
        both = [record for record in wanted if record.measured_ms.get(name) is not None]
        unread = 1 - len(both) / len(wanted) if wanted else None
        patients = [record.patient for record in both]
        errors = np.array([(record.measured_ms[name] or 0) - (record.expert_ms[name] or 0) for record in both])
        sums = np.stack([np.ones(len(errors)), errors, errors**2, np.abs(errors) <= CLOSE_MS + SLACK_MS], axis=1)
        of: dict[str, Callable[[Floats], Floats]] = {
            "mean_ms": lambda s: s[..., 1] / s[..., 0],
            "sd_ms": lambda s: np.sqrt(np.maximum(s[..., 2] / s[..., 0] - (s[..., 1] / s[..., 0]) ** 2, 0)),
            "within_10_ms": lambda s: 100 * s[..., 3] / s[..., 0],
        }
        for metric, function in of.items():
            found[f"{name}.{metric}{behind}"] = score_of(sums, patients, function, len(both), unread)
    return found


def _false_p(judged: Sequence[Judged]) -> dict[str, Score]:
    """Return how often a P wave is claimed in atrial fibrillation, by complex, and a PR interval, by recording."""
    patients = [record.patient for record in judged]
    sums = np.array(
        [[record.p_waves, record.complexes, record.measured_ms["pr_ms"] is not None, 1] for record in judged], float
    )
    return {
        "atrial fibrillation.false_p_percent": score_of(
            sums, patients, lambda s: 100 * s[..., 0] / s[..., 1], int(sums[:, 1].sum())
        ),
        "atrial fibrillation.false_pr_percent": score_of(
            sums, patients, lambda s: 100 * s[..., 2] / s[..., 3], len(judged)
        ),
    }
