"""A file is whole or it is absent: write beside the place, then rename; and one writer at a time by a lock."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from einthoven.core.errors import JobError


def _part(path: Path) -> Path:
    """Return a name beside `path` that nobody else uses; hidden, so that no listing takes it for a result."""
    return path.with_name(f".{path.name[:50]}.{uuid4().hex[:8]}.part")


def sweep_parts(paths: set[Path], folder: Path) -> None:
    """Remove what a killed writer of these paths left in `folder`; the caller must hold the lock of the outputs."""
    starts = {f".{path.name[:50]}" for path in paths}
    for entry in folder.glob(".*.part"):
        if entry.name.rsplit(".", 2)[0] in starts:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()


def atomic_write(path: Path | str, data: bytes) -> None:
    """Write `data` so that `path` holds all of it or what it held before. Raises JobError when it cannot be written."""
    path = Path(path)
    part = _part(path)
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise JobError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Lend a path of the same name in a hidden folder beside `path`; on a clean exit what was written there moves in.

    For libraries that write to a path and look at its name or ending. After an exception, or when nothing was
    written, `path` is as it was. Raises JobError when it cannot be written.
    """
    path = Path(path)
    folder = _part(path)
    try:
        folder.mkdir()
    except OSError as error:
        raise JobError(f"{path}: cannot be written: {error.strerror or error}") from error
    try:
        lent = folder / path.name
        yield lent
        try:
            with lent.open("rb+") as file:
                os.fsync(file.fileno())
            lent.replace(path)
        except OSError as error:
            raise JobError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def only_writer(output: Path, lock: Path) -> Iterator[None]:
    """Hold the file `lock` while writing `output`; the system lets go of it however this process ends.

    Raises JobError when another process holds it.
    """
    holder = FileLock(lock, blocking=False)
    try:
        holder.acquire()
    except Timeout as error:
        raise JobError(
            f"{output}: another process is writing it; wait for that one or choose another output"
        ) from error
    except OSError as error:
        raise JobError(f"{output}: cannot be written: {error.strerror or error}") from error
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()  # while it is held: who has opened it meanwhile sees that it is gone
        holder.release()
