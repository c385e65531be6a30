"""Reading the tables of a dataset: a missing column ends it, a single bad row is left out and told."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from einthoven.core.errors import EcgError, FormatError, InputError
from einthoven.records.datasets import Row, Rows

MAX_TABLE_BYTES = 1 << 30  # the largest published one, of MIMIC-IV-ECG, is about a fifth of it
MAX_REASONS, MAX_REASON_CHARACTERS = 20, 240
_PLAIN = re.compile(r"[-\w.]+(/[-\w.]+)*", re.ASCII)
_BAD_ROW = (EcgError, KeyError, ValueError, SyntaxError, TypeError, AttributeError, RecursionError, MemoryError)
_Line = TypeVar("_Line")


def table_lines(path: Path, needed: Collection[str], whose: str) -> Iterator[dict[str, str]]:
    """Yield the lines of a CSV table as column -> cell. Raises InputError when it is absent, foreign or damaged.

    needed: columns that must be there. Cells of a short line are None, as csv gives them; who builds rows tells.
    """
    if not path.is_file():
        raise InputError(f"{path}: not there; give the folder of {whose} that holds {path.name}")
    if path.stat().st_size > MAX_TABLE_BYTES:
        raise InputError(f"{path}: {path.stat().st_size} bytes; tables of up to {MAX_TABLE_BYTES} are read")
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            reader = csv.DictReader(stream)
            there = reader.fieldnames or []
            lacking = [column for column in needed if column not in there]
            if lacking:
                raise InputError(f"{path}: not as {whose} publishes it; it has no column {', '.join(lacking)}")
            yield from reader
    except csv.Error as error:
        raise FormatError(f"{path}: not a CSV table that can be read ({error})") from error


def rows_of(lines: Iterable[_Line], make: Callable[[_Line], Row], where: Callable[[_Line], str], whose: str) -> Rows:
    """Return the rows that `make` builds; those it cannot build are left out, those without a file are counted.

    `where` names a line for the reason. Raises InputError when there were lines but none could be used.
    """
    rows: list[Row] = []
    reasons: list[str] = []
    bad = missing = 0
    for line in lines:
        try:
            row = make(line)
        except _BAD_ROW as error:
            bad += 1
            if len(reasons) < MAX_REASONS:
                reasons.append(_reason(where(line), error, whose))
            continue
        there = row.path.is_file()
        missing += not there
        if there:
            rows.append(row)
    if bad and not rows and not missing:
        raise InputError(reasons[0])
    return Rows(tuple(rows), missing, left_out_lines(reasons, bad), bad)


def left_out_lines(reasons: list[str], count: int) -> tuple[str, ...]:
    """Return the first reasons and, where there were more, a line that counts them."""
    kept = reasons[:MAX_REASONS]
    return (*kept, f"and {count - len(kept)} more") if count > len(kept) else tuple(kept)


def _reason(where: str, error: BaseException, whose: str) -> str:
    if isinstance(error, EcgError):
        text = str(error)
    else:
        text = f"{where} is not as {whose} publishes it ({type(error).__name__}: {error})"
    return " ".join(text.split())[:MAX_REASON_CHARACTERS]


def inside(root: Path, name: str, suffix: str = "") -> Path:
    """Return the file that a table names by a path inside `root`. Raises ValueError for a name that leads elsewhere."""
    if not _PLAIN.fullmatch(name) or ".." in name.split("/"):
        raise ValueError(f"file name {name[:60]!r}; must be a plain path inside the folder")
    return root / f"{name}{suffix}"


def plain_id(text: str) -> str:
    """Return an id without spaces around it. Raises ValueError for one that is empty, long or holds other signs."""
    name = text.strip()
    if not re.fullmatch(r"[-\w.]{1,80}", name, re.ASCII):
        raise ValueError(f"id {name[:30]!r}; must be letters, digits, '-', '_' or '.'")
    return name


def day(text: str) -> datetime | None:
    """Return a date and time written the ISO way, None for an empty cell. Raises ValueError."""
    return datetime.fromisoformat(text.strip()) if text.strip() else None
