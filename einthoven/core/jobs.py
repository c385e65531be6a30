"""The one batch engine: results in input order, whole at any moment, resumed after a kill, on any number of workers.

Two faces over one core. `run_lines` fills one file of JSON lines; `run_files` makes files in a folder. In both, an
input whose work raises EcgError costs an error line and nothing else, and a second run does only what is missing
and what failed. Any other exception is a fault of the program: it propagates once the results before it are saved.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from einthoven.core.atomic import atomic_path as atomic_path
from einthoven.core.atomic import atomic_write as atomic_write
from einthoven.core.atomic import only_writer, sweep_parts
from einthoven.core.errors import EcgError, JobError
from einthoven.core.linefile import LineFile
from einthoven.core.linefile import read_batch_lines as read_batch_lines
from einthoven.core.progress import Progress
from einthoven.core.workers import in_order

ERRORS_FILE = "errors.json"


@dataclass(frozen=True)
class Job:
    """One input: its id (for files: the stem of what is made of it) and whatever the work needs to know."""

    id: str
    payload: Any = None


@dataclass(frozen=True)
class Tally:
    """How a batch ended: inputs in all, made now, already there, failed now."""

    total: int
    made: int
    kept: int
    failed: int


class Result(NamedTuple):
    """What became of one job: its line (empty when its files say it all) and whether it failed."""

    id: str
    line: bytes
    failed: bool


LineWork = Callable[[Sequence[Job]], Iterable[dict[str, Any]]]
FileWork = Callable[[Job], dict[str, bytes]]
Cut = Callable[[Sequence[Job]], Iterable[Sequence[Job]]]


def run_lines(
    jobs: Sequence[Job], work: LineWork, out: Path, *, chunk: int | Cut = 1, workers: int = 0, label: str
) -> Tally:
    """Write one JSON line `{"id": job.id, **result}` a job to `out`, in the order of `jobs`.

    work: from up to `chunk` jobs to as many results, in their order; may be a generator, whose results are saved as
    they come. chunk: a number, or a function that cuts the jobs to be done, each once and in any order, into chunks.
    When work raises EcgError, the jobs without a result are tried one by one and the guilty ones get
    `{"id", "error"}`. workers: 0 works in this process (for models), 1 or more in as many others: then `work` must
    be importable from a module (a function, a partial of one, or an instance of a dataclass with `__call__`). The
    bytes are the same for any number of workers. label: the name on stderr's progress; "" is silent.

    Each line is whole on the disk as soon as it and all before it are known. A run that finds `out` from an earlier
    one keeps its results, drops its error lines and does what is left; new lines stand at the end until the run is
    complete, then all are in order. Raises JobError, before any work and with `out` untouched, when an id stands
    twice, `out` holds anything else, another process is writing it, or it cannot be written.
    """
    _refuse_doubled(jobs)
    out = _real(Path(out))
    with only_writer(out, out.with_name(f".{out.name}.lock")):
        sweep_parts({out}, out.parent)
        with closing(LineFile(out, [job.id for job in jobs])) as lines:
            pending = [job for job in jobs if job.id not in lines]
            chunks = chunk(pending) if callable(chunk) else _chunks_of(pending, chunk)
            results = in_order(chunks, partial(_solve_lines, work), workers, _died)
            failed = _drive(results, lines.append, label, len(pending), len(jobs) - len(pending))
            lines.finish()
    return Tally(len(jobs), len(pending) - failed, len(jobs) - len(pending), failed)


def run_files(
    jobs: Sequence[Job], work: FileWork, out_dir: Path, *, suffixes: Sequence[str], workers: int = 0, label: str
) -> Tally:
    """Make the files `job.id + suffix`, for every suffix, in `out_dir`, each whole or absent.

    work: from a job to {file name: bytes} of exactly those names; with workers as for `run_lines`. A job whose files
    are all there is skipped. Errors go to `out_dir/errors.json`, one `{"id", "error"}` a line in the order of
    `jobs`; without errors there is no such file.

    Raises JobError before any work when an id stands twice or is no plain file name, `out_dir/errors.json` is
    something else, another process is writing the folder, or it cannot be written.
    """
    _refuse_doubled(jobs)
    for job in jobs:
        _refuse_bad_names([job.id + suffix for suffix in suffixes])
    errors_path = _real(Path(out_dir) / ERRORS_FILE)
    folder = errors_path.parent
    with only_writer(folder, folder / ".einthoven.lock"):
        names = {job.id: [folder / f"{job.id}{suffix}" for suffix in suffixes] for job in jobs}
        sweep_parts({path for paths in names.values() for path in paths}, folder)
        _drop_errors(errors_path)
        pending = [job for job in jobs if not all(path.is_file() for path in names[job.id])]
        with closing(LineFile(errors_path, [job.id for job in jobs])) as errors:
            solve = partial(_solve_files, work, folder, tuple(suffixes))
            results = in_order(([job] for job in pending), solve, workers, _died)
            failed = _drive(results, errors.append, label, len(pending), len(jobs) - len(pending))
    return Tally(len(jobs), len(pending) - failed, len(jobs) - len(pending), failed)


def _chunks_of(jobs: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    return (jobs[start : start + size] for start in range(0, len(jobs), size))


def _drive(
    results: Generator[Result, None, None], save: Callable[[str, bytes], None], label: str, pending: int, kept: int
) -> int:
    """Save results as they come and say how far it is; return how many failed."""
    progress = Progress(f"{label} ({kept} already there)" if label and kept else label, pending)
    with closing(results), closing(progress):
        for id, line, failed in results:
            if line:
                save(id, line)
            progress.step(failed)
    return progress.failed


def _solve_lines(work: LineWork, jobs: Sequence[Job]) -> Iterator[Result]:
    """Yield the line of each job; after an EcgError, try those that have none one by one."""
    done = 0
    try:
        for result in work(jobs):
            if done == len(jobs):
                raise RuntimeError(f"{work!r} gave more than {len(jobs)} results for {len(jobs)} jobs")
            yield _result(jobs[done], result)
            done += 1
    except EcgError as error:
        if len(jobs) == 1 and done == 0:
            yield _failure(jobs[0], str(error))
            return
        for job in jobs[done:]:
            yield from _solve_lines(work, [job])
        return
    if done < len(jobs):
        raise RuntimeError(f"{work!r} gave {done} results for {len(jobs)} jobs")


def _solve_files(work: FileWork, folder: Path, suffixes: Sequence[str], jobs: Sequence[Job]) -> Iterator[Result]:
    """Write the files of each job; yield an empty line, or the line that says why there are none."""
    for job in jobs:
        try:
            files = work(job)
        except EcgError as error:
            yield _failure(job, str(error))
            continue
        if set(files) != {job.id + suffix for suffix in suffixes}:
            raise RuntimeError(f"{work!r} made {sorted(files)} of {job.id!r}, not that stem with {list(suffixes)}")
        for name, data in files.items():
            atomic_write(folder / name, data)
        yield Result(job.id, b"", failed=False)


def _result(job: Job, result: dict[str, Any]) -> Result:
    if result.get("id", job.id) != job.id:
        raise RuntimeError(f"the work on {job.id!r} gave a result for {result['id']!r}")
    # ASCII: any id survives, also a file name that is no UTF-8, and no reader splits a line at U+2028
    text = json.dumps({"id": job.id, **result}, allow_nan=False)
    return Result(job.id, text.encode("ascii") + b"\n", failed="error" in result)


def _failure(job: Job, message: str) -> Result:
    return _result(job, {"error": " ".join(message.split()) or "failed without saying why"})


def _died(job: Job) -> Result:
    return _failure(job, f"{job.id}: its worker process died (killed, out of memory, or a crash in a library)")


def _refuse_doubled(jobs: Sequence[Job]) -> None:
    doubled = [id for id, count in Counter(job.id for job in jobs).items() if count > 1]
    if doubled:
        more = f" and {len(doubled) - 3} more" if len(doubled) > 3 else ""
        raise JobError(f"ids must differ; {', '.join(map(repr, doubled[:3]))}{more} stand more than once")


def _refuse_bad_names(names: Sequence[str]) -> None:
    for name in names:
        bad = set(name) & {"/", "\\", "\0"} or name.startswith(".") or len(os.fsencode(name)) > 255
        if bad or name == ERRORS_FILE:
            raise JobError(f"{name!r} cannot be the name of a result; give that input a plain name of its own")


def _drop_errors(path: Path) -> None:
    """Remove the error lines of an earlier run; refuse to remove anything else."""
    if path.exists():
        if any(set(line) != {"id", "error"} for line in read_batch_lines(path)):
            raise JobError(f"{path}: not the errors of an earlier run; choose another output folder")
        path.unlink()


def _real(path: Path) -> Path:
    """Return the path behind links, in a folder that exists."""
    path = Path(os.path.realpath(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{path}: cannot be written: {error.strerror or error}") from error
    return path
