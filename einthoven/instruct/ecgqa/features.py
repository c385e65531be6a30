"""Numeric features below, within or above the normal range, measured and kept in a file.

ECG-QA took them from PTB-XL+, which is not needed here: `einthoven.measure` measures, its sourced ranges of healthy
adults decide. RR is judged by the range of the heart rate, QT corrected is Bazett's. P duration has no sourced range
and is left unknown, as is whatever cannot be measured and every feature of people under 18.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from einthoven.core.errors import JobError
from einthoven.core.jobs import Job, read_batch_lines, run_lines
from einthoven.core.measurements import Measurements, Place
from einthoven.measure.entry import measure
from einthoven.records.datasets import Row, load_dataset

FEATURES_FILE = "ecgqa_features.lines"
PROVENANCE = "einthoven.measure and its sourced ranges of healthy adults, not PTB-XL+"
_FIGURES = {
    "p duration": "p_ms",
    "pr interval": "pr_ms",
    "qrs duration": "qrs_ms",
    "qt interval": "qt_ms",
    "qt corrected": "qtc_ms.bazett",
}
_TURNED: Mapping[Place, Place] = {"below": "above", "within": "within", "above": "below"}


def places(found: Measurements) -> dict[str, Place]:
    """Return feature -> where it lies, for those that were measured and have a range."""
    known = {feature: found.limits[figure].place for feature, figure in _FIGURES.items() if figure in found.limits}
    if "heart_rate_bpm" in found.limits:
        known["rr interval"] = _TURNED[found.limits["heart_rate_bpm"].place]
    return known


@dataclass(frozen=True)
class _Measure:
    """The work of one process: rows of a dataset in, their features out."""

    dataset: str

    def __call__(self, jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
        dataset = load_dataset(self.dataset)
        for job in jobs:
            yield {"features": places(measure(dataset.ecg(job.payload)))}


def measured_places(dataset: str, rows: Sequence[Row], cache: Path, workers: int = 0) -> dict[str, dict[str, Place]]:
    """Return row id -> feature -> place; what `cache / FEATURES_FILE` holds of these rows is not measured again.

    A recording that cannot be read or measured has no features. Raises JobError for a cache of other recordings.
    """
    out = Path(cache) / FEATURES_FILE
    run_lines([Job(row.id, row) for row in rows], _Measure(dataset), out, workers=workers, label="ECG-QA features")
    return {line["id"]: _checked(out, line) for line in read_batch_lines(out) if "error" not in line}


def _checked(path: Path, line: dict[str, Any]) -> dict[str, Place]:
    features = line.get("features")
    if not isinstance(features, dict) or not set(features.values()) <= set(get_args(Place)):
        raise JobError(f"{path}: id {line['id']} holds no features; remove the file, it will be measured again")
    return cast(dict[str, Place], features)
