"""Chunks in, results out in the same order: in this process, or in others with a bounded number under way."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from einthoven.core.errors import JobError

T = TypeVar("T")
R = TypeVar("R")
Solve = Callable[[Sequence[T]], Iterable[R]]

CHUNKS_AHEAD = 4  # per worker: enough that a slow chunk does not starve the others, little enough for memory


def in_order(
    chunks: Iterable[Sequence[T]], solve: Solve[T, R], workers: int, died: Callable[[T], R]
) -> Generator[R, None, None]:
    """Yield what `solve` gives for each chunk, one result an item, in order.

    workers: 0 solves here and yields each result as it comes; 1 or more solve in as many spawned processes, to
    which `solve` and the items are sent. An exception comes after every result before it. When a process dies
    (killed, out of memory, crashed library), its items are tried again alone, and `died(item)` stands for the one
    that kills its process. Raises JobError when processes cannot be started at all.
    """
    if workers >= 1:
        yield from _pooled(iter(chunks), solve, workers, died)
    else:
        for chunk in chunks:
            yield from solve(chunk)


def _pooled(
    source: Iterator[Sequence[T]], solve: Solve[T, R], workers: int, died: Callable[[T], R]
) -> Generator[R, None, None]:
    waiting: deque[tuple[Sequence[T], Future[list[R]]]] = deque()
    pool = _start(workers)
    try:
        while True:
            while len(waiting) < CHUNKS_AHEAD * workers and (chunk := next(source, None)) is not None:
                waiting.append((chunk, _submit(pool, solve, chunk)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            try:
                results = future.result()
            except BrokenProcessPool:
                pool.shutdown()
                yield from _one_by_one(chunk, solve, died)
                pool = _start(workers)
                waiting = deque((chunk, _submit(pool, solve, chunk)) for chunk, _ in waiting)
                continue
            yield from results
            if rest := chunk[len(results) :]:  # its first item raises: let it raise in its turn
                waiting.appendleft((rest, _submit(pool, solve, rest)))
    finally:
        pool.shutdown(cancel_futures=True)


def _one_by_one(chunk: Sequence[T], solve: Solve[T, R], died: Callable[[T], R]) -> Iterator[R]:
    """Yield the results of a chunk whose process died, each item in a process of its own."""
    for item in chunk:
        pool = _start(1)
        try:
            results = pool.submit(_collect, solve, [item]).result()
        except BrokenProcessPool:
            results = [died(item)]
        finally:
            pool.shutdown()
        yield from results


def _start(workers: int) -> ProcessPoolExecutor:
    """Return a pool that is known to start. Spawned, not forked: the same on all systems and safe with threads."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_settle)
    try:
        with _whole_start():
            first = pool.submit(int)
        first.result()
    except BrokenProcessPool as error:
        pool.shutdown()
        raise JobError(
            "worker processes cannot start; use 0 workers, or start the script under `if __name__ == '__main__':`"
        ) from error
    return pool


def _submit(pool: ProcessPoolExecutor, solve: Solve[T, R], chunk: Sequence[T]) -> "Future[list[R]]":
    """Hand a chunk to the pool; a pool that broke meanwhile shows when the result is asked for."""
    try:
        with _whole_start():
            return pool.submit(_collect, solve, chunk)
    except BrokenProcessPool as error:
        broken: Future[list[R]] = Future()
        broken.set_exception(error)
        return broken


@contextmanager
def _whole_start() -> Iterator[None]:
    """Hold Ctrl-C back while a process may be being started: half a start would be waited for without end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
        if held:
            signal.raise_signal(signal.SIGINT)


def _collect(solve: Solve[T, R], chunk: Sequence[T]) -> list[R]:
    """Return the results of a chunk, cut short before the item that raises; raise when that is the first."""
    results: list[R] = []
    try:
        results.extend(solve(chunk))
    except Exception:
        if not results:
            raise
    return results


def _settle() -> None:
    """Make a worker end with its parent: at once on Ctrl-C, and also when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
