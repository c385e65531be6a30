"""JSON lines on the disk: read with the line number in every error, and a results file that outlives a kill."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from einthoven.core.atomic import atomic_path
from einthoven.core.errors import JobError

MAX_LINE_BYTES = 16 * 2**20
SYNC_EVERY_S = 1.0  # a kill loses nothing that was handed to the system; a power cut loses at most this
_HEAD = b'{"id": "'
Pairs = Callable[[list[tuple[str, Any]]], dict[str, Any]]


def read_batch_lines(path: Path | str) -> list[dict[str, Any]]:
    """Return the objects of a JSON-lines file (UTF-8, blank lines skipped).

    Raises JobError, naming file and line: unreadable, not UTF-8, not JSON, not an object, over MAX_LINE_BYTES.
    """
    return [line for _, line in numbered_lines(path)]


def numbered_lines(path: Path | str, pairs: Pairs | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a JSON-lines file with their line numbers; raises as `read_batch_lines`.

    pairs: makes each object of its keys and values, e.g. to refuse a key that stands twice with a ValueError.
    """
    number = 0
    try:
        with Path(path).open("rb") as file:
            while raw := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(raw) > MAX_LINE_BYTES:
                    raise JobError(f"{path}, line {number}: longer than {MAX_LINE_BYTES >> 20} MiB; is it JSON lines?")
                if number == 1:
                    raw = raw.removeprefix(b"\xef\xbb\xbf")
                if raw.strip():
                    yield number, _object(raw, path, number, pairs)
    except OSError as error:
        raise JobError(f"{path}: cannot be read: {error.strerror or error}") from error


def _object(raw: bytes, path: Path | str, number: int, pairs: Pairs | None = None) -> dict[str, Any]:
    where = f"{path}, line {number}"
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise JobError(f"{where}: not JSON ({error.msg}, column {error.colno}); a line is one JSON object") from error
    except UnicodeDecodeError as error:
        raise JobError(f"{where}: not UTF-8 (byte {error.start + 1}); a line is one JSON object in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise JobError(f"{where}: not JSON ({error}); a line is one JSON object") from error
    if not isinstance(value, dict):
        raise JobError(f"{where}: a JSON {type(value).__name__}; a line is one JSON object")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class LineFile:
    """The results of a batch: `{"id", ...}` lines, each id of `ids` at most once, whole at any moment.

    Lines of an earlier run are kept (`id in file`) but for error lines and a half line at the end. Nothing is
    written before the first `append`; new lines go to the end; `finish` puts all in the order of `ids`.
    Raises JobError when the file is something else: not JSON lines, or ids that are not in `ids`.
    """

    def __init__(self, path: Path, ids: Sequence[str]) -> None:
        self._path = path
        self._rank = {id: rank for rank, id in enumerate(ids)}
        self._place: dict[int, tuple[int, int]] = {}  # rank -> offset and size of its line in the file
        self._end = 0  # offset of the next line
        self._clean = True  # up to there the file holds the kept lines and nothing else
        self._handle: int | None = None
        self._synced_s = 0.0
        try:
            if path.exists():
                self._scan()
        except OSError as error:
            raise JobError(f"{path}: cannot be read: {error.strerror or error}") from error

    def __contains__(self, id: str) -> bool:
        return self._rank[id] in self._place

    def _scan(self) -> None:
        """Find the lines that an earlier run left."""
        if not self._path.is_file():
            raise JobError(f"{self._path}: not a plain file; results cannot be kept there")
        with self._path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                whole = raw.endswith(b"\n")
                if not raw.startswith(b"{"):
                    raise self._foreign(f"line {number} is no JSON object")
                try:
                    line = _object(raw, self._path, number)
                except JobError as error:
                    if not whole and (raw.startswith(_HEAD) or _HEAD.startswith(raw)):
                        return  # a writer was killed within its last line: that line is cut off
                    raise self._foreign(f"line {number} is not JSON") from error
                rank = self._rank.get(line["id"]) if isinstance(line.get("id"), str) else None
                if rank is None:
                    raise self._foreign(
                        f"line {number} has id {str(line.get('id'))[:80]!r}, which is not in this batch"
                    )
                if "error" in line or rank in self._place:
                    self._clean = False
                else:
                    self._place[rank] = (self._end, len(raw))
                    self._clean &= whole
                self._end += len(raw)

    def _foreign(self, what: str) -> JobError:
        return JobError(f"{self._path}: holds something else than results of this batch: {what}; choose another output")

    def append(self, id: str, line: bytes) -> None:
        """Add one whole line (with its newline). Raises JobError, with no half line left, when it cannot be written."""
        try:
            if self._handle is None:
                self._handle = self._open()
            try:
                rest = line
                while rest:
                    rest = rest[os.write(self._handle, rest) :]
            except OSError:
                os.ftruncate(self._handle, self._end)
                raise
            self._place[self._rank[id]] = (self._end, len(line))
            self._end += len(line)
            if time.monotonic() - self._synced_s > SYNC_EVERY_S:
                os.fsync(self._handle)
                self._synced_s = time.monotonic()
        except OSError as error:
            raise self._unwritable(error) from error

    def _open(self) -> int:
        """Return a handle at the end of the kept lines, with everything else gone from the file."""
        if not self._clean:
            self._rewrite()
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        os.ftruncate(handle, self._end)
        os.lseek(handle, self._end, os.SEEK_SET)
        return handle

    def _rewrite(self) -> None:
        """Replace the file by its kept lines in order, at once."""
        place: dict[int, tuple[int, int]] = {}
        end = 0
        with atomic_path(self._path) as path, self._path.open("rb") as old, path.open("wb") as new:
            for rank in sorted(self._place):
                offset, size = self._place[rank]
                old.seek(offset)
                line = old.read(size).removesuffix(b"\n") + b"\n"
                new.write(line)
                place[rank] = (end, len(line))
                end += len(line)
        self._place, self._end, self._clean = place, end, True

    def finish(self) -> None:
        """Put the lines in order and on the disk; a file that is so already is not touched."""
        try:
            offsets = [self._place[rank][0] for rank in sorted(self._place)]
            if not self._clean or any(after < before for before, after in pairwise(offsets)):
                self.close()
                self._rewrite()
            if not self._path.exists() or self._path.stat().st_size != self._end:
                self._handle = self._handle if self._handle is not None else self._open()
            if self._handle is not None:
                os.fsync(self._handle)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> JobError:
        return JobError(f"{self._path}: cannot be written: {error.strerror or error}")

    def close(self) -> None:
        """Let go of the file; what was appended stays."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
