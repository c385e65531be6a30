"""NumPy arrays (.npy): plain numbers only; an array of Python objects (a pickle) is refused unread."""

from pathlib import Path

import numpy as np

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError
from einthoven.records.formats.table import MAX_VALUES, check_file, stated, table_ecg


def read(path: Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read (n, leads) or (leads, n); rate and unit as given or from NAME.json.

    Raises FormatError, UnitError, LeadError, InputError.
    """
    check_file(path)
    _check_header(path)
    known = stated(path, rate_hz, unit)
    try:
        table = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise FormatError(f"{path}: NumPy array breaks off or is damaged") from error
    return table_ecg(table, None, known, path)


def _check_header(path: Path) -> None:
    """Raise FormatError unless the header states plain numbers, few enough, that the file really holds."""
    try:
        with path.open("rb") as stream:
            version = np.lib.format.read_magic(stream)
            read_header = (
                np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            )
            shape, _, dtype = read_header(stream, max_header_size=10_000)
            rest = path.stat().st_size - stream.tell()
    except Exception as error:  # the header is a Python literal, and its parser raises many kinds
        raise FormatError(f"{path}: not a NumPy array file (.npy)") from error
    if dtype.hasobject:
        raise FormatError(f"{path}: holds Python objects (a pickle), which are never read; save an array of numbers")
    values = 1
    for size in shape:
        values *= int(size)
    if dtype.kind not in "iuf" or not 0 < values <= MAX_VALUES or rest < values * dtype.itemsize:
        raise FormatError(f"{path}: states {dtype} {shape} and holds {rest} bytes; must be numbers, (samples, leads)")
