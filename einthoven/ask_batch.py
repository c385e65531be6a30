"""A batch of questions: JSON lines in, JSON lines out, through the one batch engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.ask import load_model, read_ecg
from einthoven.core.ecg import Ecg
from einthoven.core.errors import EcgError, InputError, JobError
from einthoven.core.jobs import Job, Tally, read_batch_lines, run_lines
from einthoven.core.sample import Sample, ask_sample
from einthoven.runtime.answerer import SAMPLES_PER_CHUNK
from einthoven.runtime.beside import beside, figures_of

KEYS = {"id", "ecg", "question", "options", "pick"}


@dataclass(frozen=True)
class Line:
    """One line of a batch: its sample, or why there is none."""

    sample: Sample | None
    error: str = ""


def answer_batch(
    batch: Path, out: Path, model: str = "default", units: tuple[float | None, str | None] = (None, None)
) -> Tally:
    """Answer the questions of `batch` into `out`; relative ECG paths start from the folder of `batch`.

    A line that cannot be answered becomes an error line and the rest goes on. units: rate in Hz and unit for files
    that do not say theirs. Raises JobError for what is wrong with the batch as a whole, ModelError for the model.
    """
    if out.resolve() == batch.resolve():
        raise JobError(f"{out}: is the batch itself; give another file for the answers")
    jobs = [_job(number, line, batch) for number, line in enumerate(read_batch_lines(batch), 1)]
    answerer = load_model(model).answerer

    def work(chunk: Sequence[Job]) -> Iterator[dict[str, Any]]:
        ecgs, unreadable = _read(chunk, units)
        refused = {job.id: _refusal(job.payload, unreadable) for job in chunk}
        answers = iter(answerer([job.payload.sample for job in chunk if not refused[job.id]], ecgs))
        single = {job.payload.sample.ecgs for job in chunk if not refused[job.id]}
        measured = {paths[0]: figures_of(ecgs[paths[0]]) for paths in single if len(paths) == 1}
        for job in chunk:
            if refused[job.id]:
                yield {"error": refused[job.id]}
                continue
            sample: Sample = job.payload.sample
            figures = measured[sample.ecgs[0]] if len(sample.ecgs) == 1 else None
            yield beside(next(answers), sample.question, figures).to_json()

    return run_lines(jobs, work, out, chunk=SAMPLES_PER_CHUNK, label="ask")


def _read(chunk: Sequence[Job], units: tuple[float | None, str | None]) -> tuple[dict[str, Ecg], dict[str, str]]:
    """Return the ECGs of a chunk by path, and why the others cannot be read."""
    ecgs: dict[str, Ecg] = {}
    unreadable: dict[str, str] = {}
    for path in {path for job in chunk if job.payload.sample for path in job.payload.sample.ecgs}:
        try:
            ecgs[path] = read_ecg(path, *units)
        except InputError as error:
            unreadable[path] = str(error)
    return ecgs, unreadable


def _refusal(line: Line, unreadable: Mapping[str, str]) -> str:
    """Return why a line has no answer, "" when it can have one."""
    if line.sample is None:
        return line.error
    return next((unreadable[path] for path in line.sample.ecgs if path in unreadable), "")


def _job(number: int, line: dict[str, Any], batch: Path) -> Job:
    if not isinstance(line.get("id"), str) or not line["id"]:
        raise JobError(f"{batch}: question {number} has no id; every line needs one, a text of its own")
    try:
        return Job(line["id"], Line(_sample(line, batch.parent)))
    except EcgError as error:
        return Job(line["id"], Line(None, str(error)))


def _sample(line: dict[str, Any], folder: Path) -> Sample:
    """Return the sample of a batch-in line. Raises QuestionError or JobError with what would be right."""
    unknown = sorted(set(line) - KEYS)
    if unknown:
        raise JobError(f"unknown key {unknown[0]!r}; a line has {', '.join(sorted(KEYS))}")
    ecgs, options = line.get("ecg"), line.get("options")
    if isinstance(ecgs, str):
        ecgs = [ecgs]
    if not isinstance(ecgs, list) or not ecgs or not all(isinstance(path, str) and path for path in ecgs):
        raise JobError('"ecg" must be a list of one or two paths')
    if not isinstance(line.get("question"), str):
        raise JobError('"question" must be a text')
    if options is not None and not (isinstance(options, list) and all(isinstance(one, str) for one in options)):
        raise JobError('"options" must be a list of texts, or be absent')
    allowed = tuple(options) if options is not None else None
    paths = tuple(str(folder / path) for path in ecgs)
    pick: Any = "one" if line.get("pick") is None else line["pick"]  # ask_sample refuses what is none
    return ask_sample(line["question"], paths, allowed, pick, line["id"])
