"""Work for the tests of the batch engine, importable by worker processes; as a script, one batch that may be killed."""

import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from einthoven.core.errors import InputError
from einthoven.core.jobs import Job, run_files, run_lines


def square(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """The square of each payload; a payload that is no number is an input error."""
    return [{"square": _number(job) ** 2} for job in jobs]


def square_lazily(jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
    for job in jobs:
        yield {"square": _number(job) ** 2}


def _number(job: Job) -> int:
    if not isinstance(job.payload, int):
        raise InputError(f"{job.id}: {job.payload!r} is not a number;\n give a whole number")
    return job.payload


def kill_at(jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
    """Squares, but the payload "kill" kills this process and "kill parent" the one that started it."""
    for job in jobs:
        if job.payload == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if job.payload == "kill parent":
            os.kill(os.getppid(), signal.SIGKILL)
            signal.pause()
        if job.payload == "interrupt parent":
            os.kill(os.getppid(), signal.SIGINT)
        yield {"square": _number(job) ** 2}


def stumble(jobs: Sequence[Job]) -> Iterable[dict[str, Any]]:
    """Squares, but the payload "bug" is a fault of the program."""
    for job in jobs:
        if job.payload == "bug":
            raise ZeroDivisionError("a fault of the program")
        yield {"square": _number(job) ** 2}


def wait_for_second(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """The first job ends only when the second has begun: a named pipe opens when both sides have come."""
    for job in jobs:
        with Path(job.payload).open("w" if job.id == "first" else "r"):
            pass
    return [{"pipe": True} for _ in jobs]


def draw(job: Job) -> dict[str, bytes]:
    if job.payload == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    number = _number(job)
    return {f"{job.id}.txt": str(number**2).encode(), f"{job.id}.json": b"{}"}


def jobs_with(count: int, special: dict[int, Any]) -> list[Job]:
    return [Job(f"r{index:03d}", special.get(index, index)) for index in range(count)]


def main(face: str, out: str, count: str, at: str, how: str, workers: str) -> None:
    """Run one batch of `count` inputs whose input `at` is `how`."""
    jobs = jobs_with(int(count), {int(at): how})
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with it ignored
    try:
        if face == "files":
            run_files(jobs, draw, Path(out), suffixes=(".txt", ".json"), workers=int(workers), label="")
        else:
            run_lines(jobs, kill_at, Path(out), chunk=3, workers=int(workers), label="")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(*sys.argv[1:])
