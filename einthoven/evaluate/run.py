"""Asking: the questions of a benchmark put to any system, one line a question as soon as it is known, kept and resumed.

A broken and resumed run ends in the bytes of an unbroken one. So the questions are cut into blocks that depend on the
benchmark alone, and a block is put to the system as a whole even where some of its lines are there already: what else
is in a batch changes the last digits of a probability.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import EcgError, JobError
from einthoven.core.jobs import Job, run_lines
from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.stored import fault, read_answers

QUESTIONS_FILE, ANSWERS_FILE = "questions.jsonl", "answers.jsonl"
BLOCK = 32  # questions at once; as many ECGs are in memory together as they are about
DIGITS = 6
MAX_ANSWER_CHARS = 1_000_000
System = Callable[[Iterable[Sample]], Iterator[Answer]]


class _Place(NamedTuple):
    """Where a question stands: its block, and which of it."""

    block: tuple[Sample, ...]
    number: int


def asked(item: Item) -> Sample:
    """Return what a system is shown of an item: no gold, and beside the talk only the question's group and type."""
    turns = item.sample.turns
    last = max((place for place, turn in enumerate(turns) if turn.role == "user"), default=-1)
    about = {"group": item.group, "type": item.type}
    return replace(item.sample, turns=turns[: last + 1], answer=None, about=about)


def answer_items(
    system: System, items: Sequence[Item], out: Path, *, workers: int = 0, label: str
) -> dict[str, Answer]:
    """Write the answers of a system into `out`, in batch-out form, one line an item in their order; return them by id.

    system: from samples to their answers, in order; it is shown `asked(item)`. One that takes each sample by itself
    says so with an attribute `samples_at_once = 1`; else it gets up to BLOCK at once, those of an ECG together. When it
    raises EcgError, the samples that have no answer yet are put one by one and the guilty ones become error lines. out:
    a folder (the file is ANSWERS_FILE) or a path that ends in .jsonl; lines that are there are kept, error lines tried
    again. workers: 0 asks in this process; 1 or more in as many others, then `system` must be importable (a function, a
    partial of one, an instance of a dataclass). Probabilities are rounded to DIGITS, `seconds` is null: the bytes are
    the same for any number of workers and however often the run was broken. label: see `run_lines`.

    Raises JobError for what `run_lines` refuses. The caller sees to it that `out` holds answers of this system only.
    """
    path = _file(out, ANSWERS_FILE)
    ids = [item.id for item in items]
    if len(set(ids)) < len(ids):
        raise JobError(f"{path}: an id stands twice among the {len(ids)} questions; ids must differ")
    size = getattr(system, "samples_at_once", BLOCK)
    places = {
        sample.id: _Place(block, number)
        for block in blocks([asked(item) for item in items], size)
        for number, sample in enumerate(block)
    }
    jobs = [Job(id, places[id]) for id in ids]
    first = {id: rank for rank, id in enumerate(places)}
    run_lines(jobs, _Asking(system), path, chunk=_Cut(first), workers=workers, label=label)
    return read_answers(path, items)


def write_questions(items: Iterable[Item], out: Path) -> Path:
    """Write the questions in batch-in form, for others to answer, into `out` (as for `answer_items`); return the path.

    ECG paths are absolute. Raises JobError when it cannot be written.
    """
    path = _file(out, QUESTIONS_FILE)
    lines = [json.dumps(_question(asked(item))) + "\n" for item in items]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{path.parent}: cannot be made ({error.strerror})") from error
    atomic_write(path, "".join(lines).encode("ascii"))
    return path


def blocks(samples: Iterable[Sample], size: int = BLOCK) -> list[tuple[Sample, ...]]:
    """Cut samples into blocks of at most `size`: those with the same first ECG together, first come first.

    Samples without ECG stand for themselves. More than `size` of one ECG are cut; fewer are not, where a block can
    begin before them.
    """
    by_ecg: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        key = ("ecg", sample.ecgs[0]) if sample.ecgs else ("id", sample.id)
        by_ecg.setdefault(key, []).append(sample)
    cut: list[list[Sample]] = [[]]
    for group in by_ecg.values():
        if cut[-1] and len(cut[-1]) + len(group) > size:
            cut.append([])
        for sample in group:
            if len(cut[-1]) == size:
                cut.append([])
            cut[-1].append(sample)
    return [tuple(block) for block in cut if block]


@dataclass(frozen=True)
class _Cut:
    """Cuts the jobs that are left along the borders of blocks; first: id -> its place in the order of blocks."""

    first: dict[str, int]

    def __call__(self, jobs: Sequence[Job]) -> Iterator[list[Job]]:
        ordered = sorted(jobs, key=lambda job: self.first[job.id])
        for _, chunk in groupby(ordered, key=lambda job: id(job.payload.block)):
            yield list(chunk)


@dataclass(frozen=True)
class _Asking:
    """The work on questions of one block: all of it is asked, what is wanted is given."""

    system: System

    def __call__(self, jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
        block, wanted = jobs[0].payload.block, {job.payload.number for job in jobs}
        last = max(wanted)
        for number, result in enumerate(self._results(block)):
            if number in wanted:
                yield result
            if number == last and last < len(block) - 1:
                return

    def _results(self, block: Sequence[Sample]) -> Iterator[dict[str, Any]]:
        done = 0
        try:
            for answer in self.system(iter(block)):
                if done == len(block):
                    raise RuntimeError(f"{self.system!r} gave more than {len(block)} answers to as many samples")
                yield _line(block[done], answer)
                done += 1
        except EcgError:
            for sample in block[done:]:
                yield self._alone(sample)
            return
        if done < len(block):
            raise RuntimeError(f"{self.system!r} gave {done} answers to {len(block)} samples")

    def _alone(self, sample: Sample) -> dict[str, Any]:
        try:
            (answer,) = self.system(iter([sample]))
        except EcgError as error:
            return {"error": " ".join(str(error).split()) or "failed without saying why"}
        return _line(sample, answer)


def _line(sample: Sample, answer: Answer) -> dict[str, Any]:
    """Return the line of an answer, or the error line of one that could not be scored."""
    wrong = fault(answer, sample)
    said = answer.answer if isinstance(answer.answer, str) else "".join(answer.answer or ())
    if wrong is None and len(said) > MAX_ANSWER_CHARS:
        wrong = f"the answer is {len(said)} characters long; up to {MAX_ANSWER_CHARS} are kept"
    if wrong is not None:
        return {"error": f"{sample.id}: {wrong}"}
    options = answer.options and {name: round(float(p), DIGITS) for name, p in answer.options.items()}
    confidence = None if answer.confidence is None else round(float(answer.confidence), DIGITS)
    return replace(answer, options=options, confidence=confidence).to_json() | {"seconds": None}


def _question(sample: Sample) -> dict[str, Any]:
    ecgs = [os.path.abspath(path) for path in sample.ecgs]  # noqa: PTH100  # links stay links
    line: dict[str, Any] = {"id": sample.id, "ecg": ecgs, "question": transcript(sample)}
    if sample.options is not None:
        line |= {"options": list(sample.options), "pick": sample.pick}
    return line


def transcript(sample: Sample) -> str:
    """Return the question, after what was said before it where the sample is a talk of several turns."""
    said = [f"{turn.role.capitalize()}: {turn.text}" for turn in sample.turns if turn.text]
    return sample.question if len(said) <= 1 else "\n".join(said)


def _file(out: Path, name: str) -> Path:
    return out if out.suffix == ".jsonl" else out / name
