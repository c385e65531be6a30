"""Tables of text: one column a lead, one line a sample; commas, semicolons, tabs or spaces; with or without lead names.

A decimal comma is read where semicolons, tabs or spaces separate. A column of time or of sample numbers is left out.
"""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError
from einthoven.records.formats.table import MAX_LEADS, check_file, stated, table_ecg

_NOT_LEADS = {"", "t", "time", "times", "timestamp", "seconds", "s", "ms", "index", "sample", "samples", "n", "#"}
_MISSING = {"", "na", "n/a", "nan", "null", "none", "-"}
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$", re.IGNORECASE | re.ASCII)


def read(path: Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read a table; rate and unit as given or from NAME.json. Raises FormatError, UnitError, LeadError, InputError."""
    check_file(path)
    known = stated(path, rate_hz, unit)
    content = path.read_bytes()
    if b"\0" in content[:4096]:
        raise FormatError(f"{path}: holds binary data; must be a table of text")
    text = content.decode("utf-8-sig", "replace")
    numbered = enumerate(text.splitlines(), start=1)
    lines = [(number, line) for number, line in numbered if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise FormatError(f"{path}: holds no line of numbers")
    separator = _separator(lines[min(1, len(lines) - 1)][1])
    first = _fields(lines[0][1], separator)
    named, counted = any(not _is_value(field) for field in first), _is_count(first)
    table = _table(lines[named or counted :], len(first), separator, path)
    if not named:
        return table_ecg(table[:, 1:] if counted and not first[0] else table, None, known, path)
    names = [_name(field) for field in first]
    kept = [index for index, name in enumerate(names) if name.split("(")[0].strip().lower() not in _NOT_LEADS]
    return table_ecg(table[:, kept], tuple(names[index] for index in kept), known, path)


def _separator(line: str) -> str | None:
    """Return the separator of a line of numbers; None stands for any run of spaces."""
    return next((mark for mark in (";", "\t") if mark in line), None) or ("," if "," in line else None)


def _fields(line: str, separator: str | None) -> list[str]:
    return [field.strip() for field in line.split(separator)]


def _name(field: str) -> str:
    """Return a column name without quotes and without a unit in brackets."""
    return re.sub(r"\s*[\[(](mv|uv|µv|v|s|ms|sec)[\])]$", "", field.strip("\"' "), flags=re.IGNORECASE)


def _is_count(first: list[str]) -> bool:
    """Tell whether a first line only numbers its columns, 0 1 2 .. or 1 2 3 .., as table software writes it."""
    numbers = first[1:] if not first[0] else first
    return len(numbers) > 1 and any(numbers == [str(at + index) for index in range(len(numbers))] for at in (0, 1))


def _is_value(field: str) -> bool:
    return field.lower() in _MISSING or bool(_NUMBER.match(field.replace(",", ".")))


def _table(lines: list[tuple[int, str]], columns: int, separator: str | None, path: Path) -> NDArray[np.float64]:
    """Return (lines, columns), NaN where a value is missing. Raises FormatError with the number of a bad line."""
    if columns > MAX_LEADS and len(lines) > MAX_LEADS:
        raise FormatError(
            f"{path}: {columns} columns and {len(lines)} lines; one side must be at most {MAX_LEADS} leads"
        )
    table = np.empty((len(lines), columns))
    for row, (number, line) in enumerate(lines):
        fields = line.split(separator)
        if len(fields) != columns:
            raise FormatError(f"{path}: line {number} has {len(fields)} fields, the first has {columns}")
        try:
            table[row] = fields
        except ValueError:
            table[row] = [_value(field.strip(), separator, number, path) for field in fields]
    return table


def _value(field: str, separator: str | None, number: int, path: Path) -> float:
    if field.lower() in _MISSING:
        return float("nan")
    field = field if separator == "," else field.replace(",", ".")
    if not _NUMBER.match(field):
        raise FormatError(f"{path}: line {number} holds {field[:20]!r}, which is not a number")
    return float(field)
