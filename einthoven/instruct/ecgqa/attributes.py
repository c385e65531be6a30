"""What ECG-QA asks about, of each recording of a labelled archive: findings, noise, axis, stage, beats, features."""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.core.measurements import Place
from einthoven.instruct.ecgqa.cells import axis_in, extra_systoles_in, noise_in, stages_in
from einthoven.instruct.ecgqa.features import measured_places
from einthoven.instruct.ecgqa.report_leads import form_leads
from einthoven.instruct.ecgqa.vocabulary import name_of
from einthoven.records.datasets import Row, load_dataset

NOISE_COLUMNS = {
    "baseline drift": "baseline_drift",
    "static noise": "static_noise",
    "burst noise": "burst_noise",
    "electrodes problems": "electrodes_problems",
}
_COLUMNS = (*NOISE_COLUMNS.values(), "infarction_stadium1", "infarction_stadium2", "extra_beats", "heart_axis",
            "pacemaker")  # fmt: skip


@dataclass(frozen=True)
class QaRecord:
    """One recording. Fields that are None are not stated by its archive, and nothing that needs them is asked of it.

    path: of the record, without suffix, as a sample names it; scp: code -> likelihood 0..100, 0 for one not stated
    noise: kind -> the leads it is in, None for "somewhere"; stages, extra_systoles, axis: official answers
    form_leads: form code -> the leads that show it, where the report says so; features: feature -> place in its range
    unclear: official answers that the archive leaves open for this recording
    """

    id: str
    patient: str
    path: str
    split: str
    recorded_at: datetime | None
    scp: Mapping[str, float]
    noise: Mapping[str, frozenset[str] | None] | None = None
    stages: frozenset[str] | None = None
    extra_systoles: frozenset[str] | None = None
    axis: str | None = None
    form_leads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    features: Mapping[str, Place] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()


def qa_records(rows: Iterable[Row], root: Path) -> list[QaRecord]:
    """Return the records of any dataset's rows: findings, and where a report places them. Unknown labels are left out.

    root: what the paths of samples are relative to; a row outside of it keeps its own path.
    """
    return [
        QaRecord(
            id=row.id,
            patient=row.patient,
            path=_relative(row.path.with_suffix(""), root),
            split=row.split,
            recorded_at=row.recorded_at,
            scp={code: likelihood or 0.0 for code, likelihood in row.labels.items() if code in FINDINGS},
            form_leads=form_leads(row.report, row.labels),
        )
        for row in rows
    ]


def qa_records_ptbxl(root: Path, cache: Path | None = None, workers: int = 0) -> list[QaRecord]:
    """Return the records of a PTB-XL folder, of the ids in `local_split.csv` only where that file is there.

    cache: a folder for measured features, made if needed; without it no numeric feature is known. Raises InputError,
    JobError.
    """
    root = Path(root)
    rows = load_dataset("ptbxl").load(root)
    cells = _cells(root / "ptbxl_database.csv")
    records = [_with_cells(record, cells[record.id]) for record in qa_records(rows, root)]
    return records if cache is None else with_features(records, measured_places("ptbxl", rows, cache, workers))


def with_features(records: Sequence[QaRecord], features: Mapping[str, Mapping[str, Place]]) -> list[QaRecord]:
    """Return the records with features by id."""
    return [replace(record, features=features.get(record.id, {})) for record in records]


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _cells(path: Path) -> dict[str, dict[str, str]]:
    """Return ecg_id -> the cells that the loader of PTB-XL leaves out."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise InputError(f"{path}: no column {missing[0]}; ECG-QA needs {', '.join(_COLUMNS)} of PTB-XL 1.0.3")
        return {line["ecg_id"]: {column: line[column] or "" for column in _COLUMNS} for line in reader}


def _with_cells(record: QaRecord, cells: Mapping[str, str]) -> QaRecord:
    noise, unclear = noise_in({kind: cells[column] for kind, column in NOISE_COLUMNS.items()})
    beats = extra_systoles_in(cells["extra_beats"])
    unclear |= _contradicted(record.scp, beats)
    if cells["pacemaker"].strip() and "PACE" not in record.scp:
        unclear |= {name_of("PACE")}  # a pacemaker that no statement of rhythm mentions, or "PACE????"
    return replace(
        record,
        noise=noise,
        stages=stages_in(cells["infarction_stadium1"], cells["infarction_stadium2"]),
        extra_systoles=beats,
        axis=axis_in(cells["heart_axis"]),
        unclear=unclear,
    )


_BEAT_CODES = {"ventricular extrasystoles": "PVC", "supraventricular extrasystoles": "PAC"}
_ANY_BEAT = {"PVC", "PAC", "PRC(S)", "BIGU", "TRIGU"}


def _contradicted(scp: Collection[str], beats: frozenset[str]) -> frozenset[str]:
    """Return what is open because the statements know of extra beats and the cell does not, or the other way round."""
    if not beats:
        return frozenset({*_BEAT_CODES, "extrasystoles"} if _ANY_BEAT & set(scp) else ())
    codes = {code for kind, code in _BEAT_CODES.items() if kind in beats or "extrasystoles" in beats}
    return frozenset(name_of(code) for code in codes if code not in scp)
