"""`einthoven bench ludb` and `bench qtdb`: measure, judge, and write what was asked, answered and scored."""

import hashlib
import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import InputError, JobError
from einthoven.core.jobs import Job, read_batch_lines, run_lines
from einthoven.core.seen import patient_key
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.noise import KINDS, LADDER_DB, Kind, noisy
from einthoven.evaluate.wave_report import page
from einthoven.evaluate.wave_tasks import TASKS, WaveTask
from einthoven.evaluate.waves_bench import Judged, read_waves, scores
from einthoven.measure.entry import measure_whole
from einthoven.measure.files import measure_file
from einthoven.measure.network import FILE, check_network, find_folder, folder_for, name_of, seen_by
from einthoven.records.datasets import Row
from einthoven.records.read import read

QUESTION = "Measure the waves and intervals."


@dataclass(frozen=True)
class Work:
    """Measure rows, each with the network that may be judged on it; noise: kind and signal-to-noise ratio in dB."""

    folder: Path
    noise: tuple[Kind, float] | None = None

    def __call__(self, jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
        """Yield a line of measurements for each row."""
        for job in jobs:
            path, folder = job.payload["path"], folder_for(self.folder, job.payload["patient"])
            if self.noise is None:
                yield measure_file(path, folder=folder).to_json()
            else:
                yield measure_whole(noisy(read(path), *self.noise, job.id), folder).to_json()


@dataclass(frozen=True)
class Run:
    """What is benchmarked: a delineator, or stored lines of `measure`; with noise steps as well if `ladder`."""

    task: str
    data: Path
    model: str = "default"
    answers: Path | None = None
    split: str | None = None
    workers: int = 1
    ladder: bool = False


def bench_waves(run: Run, out: Path) -> dict[str, Score]:
    """Write questions.jsonl, answers.jsonl, scores.json, run.json and report.html into `out`; return the scores.

    Patients that the delineator was trained on are left out; where it saw all of them, all are judged and the run is
    marked "not a test". Raises InputError, JobError or ModelError.
    """
    task = TASKS[run.task]
    rows = _rows(task, run)
    if run.answers is not None:
        about = _about(run, rows, None, "stored answers: whom their maker was trained on is not known")
        found = scores(_judged(task, rows, _stored(run.answers, rows)))
        _claim(about, rows, out)
    else:
        folder = find_folder(run.model)
        rows, note = _unseen(rows, folder, task)
        for used in {folder_for(folder, row.patient) for row in rows}:
            check_network(used)
        about = _about(run, rows, folder, note)
        _claim(about, rows, out)
        found = scores(_judged(task, rows, _measured(rows, Work(folder), out / "answers.jsonl", run.workers)))
        if run.ladder:
            found |= _ladder(task, rows, folder, out, run.workers)
    plain = {metric: score.to_json() for metric, score in found.items()}
    atomic_write(out / "scores.json", json.dumps(plain, indent=1).encode())
    atomic_write(out / "report.html", page(about, found).encode())
    return found


def _judged(task: WaveTask, rows: Sequence[Row], lines: Mapping[str, Mapping[str, Any]]) -> list[Judged]:
    return [task.judge_row(row, lines.get(row.id, {})) for row in rows]


def write_questions(run: Run, out: Path) -> int:
    """Write questions.jsonl into `out`, for others to answer; return how many. Raises InputError or JobError."""
    rows = _rows(TASKS[run.task], run)
    _write_questions(rows, out)
    return len(rows)


def _claim(about: Mapping[str, Any], rows: Sequence[Row], out: Path) -> None:
    """Write run.json, by which a later run knows whose answers lie here, and the questions.

    Raises JobError where they are another's.
    """
    path = out / "run.json"
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = None
    if (out / "answers.jsonl").exists() and before != about:
        raise JobError(f"{out}: holds answers of another model, set, split or version; give another --out")
    _write_questions(rows, out)
    atomic_write(path, json.dumps(about, indent=1).encode())


def _write_questions(rows: Sequence[Row], out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{out}: cannot be made ({error.strerror})") from error
    lines = [{"id": row.id, "ecg": [str(row.path)], "question": QUESTION} for row in rows]
    atomic_write(out / "questions.jsonl", "".join(json.dumps(line) + "\n" for line in lines).encode())


def _rows(task: WaveTask, run: Run) -> list[Row]:
    folder = run.data / task.name if (run.data / task.name).is_dir() else run.data
    rows = [row for row in task.load(folder) if run.split in (None, row.split)]
    if not rows:
        raise InputError(
            f"{folder}: holds no recording of {task.name}" + (f" in split {run.split}" if run.split else "")
        )
    return rows


def _unseen(rows: list[Row], folder: Path, task: WaveTask) -> tuple[list[Row], str]:
    """Return the rows of patients that their network did not see, and what is to be said of the others."""
    here = [row for row in rows if patient_key(task.name, row.patient) not in seen_by(folder_for(folder, row.patient))]
    if not here:
        return rows, f"not a test: the delineator was trained on all {len(rows)} recordings"
    left = len(rows) - len(here)
    if not (folder / FILE).is_file():
        return here, "each patient is measured by that network of five which did not see them"
    return here, f"{left} recordings of patients that the delineator was trained on are left out"


def _measured(rows: Sequence[Row], work: Work, out: Path, workers: int) -> dict[str, dict[str, Any]]:
    jobs = [Job(row.id, {"path": str(row.path), "patient": row.patient}) for row in rows]
    run_lines(jobs, work, out, workers=workers, label=out.stem)
    return {line["id"]: line for line in read_batch_lines(out)}


def _stored(path: Path, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return stored lines by id. Raises JobError for doubled ids, and when no line belongs to the task."""
    lines: dict[str, dict[str, Any]] = {}
    for line in read_batch_lines(path):
        id = line.get("id")
        if not isinstance(id, str) or id in lines:
            raise JobError(f"{path}: id {id!r} is no text or stands twice; each line needs an id of its own")
        try:
            read_waves(line)
        except JobError as error:
            raise JobError(f"{path}: {error}") from None
        lines[id] = line
    if not lines.keys() & {row.id for row in rows}:
        raise JobError(f"{path}: none of its {len(lines)} ids is a recording of this task; ids are like {rows[0].id!r}")
    return lines


def _ladder(task: WaveTask, rows: Sequence[Row], folder: Path, out: Path, workers: int) -> dict[str, Score]:
    found: dict[str, Score] = {}
    for kind in KINDS:
        for snr_db in LADDER_DB:
            name = f"{kind} {snr_db} dB"
            lines = _measured(rows, Work(folder, (kind, snr_db)), out / f"noise-{kind}{snr_db:+d}dB.jsonl", workers)
            step = scores(_judged(task, rows, lines))
            found |= {f"{metric}|{name}": score for metric, score in step.items() if "|" not in metric}
    return found


def _about(run: Run, rows: Sequence[Row], folder: Path | None, note: str) -> dict[str, Any]:
    return {
        "task": run.task,
        "about": TASKS[run.task].about,
        "recordings": len(rows),
        "patients": len({row.patient for row in rows}),
        "model": str(run.answers) if folder is None else _name(folder),
        "split": run.split or "all",
        "data": str(run.data.resolve()),
        "code": _code(),
        "note": note,
    }


def _code() -> str:
    """Return a hash of what turns probabilities into measurements: other code may give other answers."""
    files = sorted(Path(inspect.getfile(measure_whole)).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _name(folder: Path) -> str:
    if (folder / FILE).is_file():
        return name_of(folder)
    return ", ".join(f"{part.name} {name_of(part)}" for part in sorted(folder.glob("fold-*")))
