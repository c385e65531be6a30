"""MATLAB files (.mat) of versions 4 to 7: one numeric table, by itself or as field `data` of a structure.

A challenge's .mat beside a .hea is a WFDB signal file and is read as that. Version 7.3 (HDF5) is not read.
Source: MathWorks, MAT-File Format.
"""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError
from einthoven.records.formats.table import MAX_VALUES, check_file, stated, table_ecg

MAX_UNPACKED_BYTES = 8 * MAX_VALUES
_COMPRESSED, _HEADER_BYTES, _CHUNK = 15, 128, 1 << 20
_NUMERIC = {"double", "single", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
_USUAL_NAMES = ("val", "ecg", "data", "signal", "x")


def read(path: Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read the table (n, leads) or (leads, n); rate and unit as given or from NAME.json.

    Raises FormatError, UnitError, LeadError, InputError.
    """
    check_file(path)
    _check_unpacked(path)
    known = stated(path, rate_hz, unit)
    return table_ecg(_load(path), None, known, path)


def _load(path: Path) -> NDArray[Any]:
    from scipy.io import loadmat, whosmat

    try:
        found = {name: (shape, kind) for name, shape, kind in whosmat(path)}
        name = _choose(found, path)
        value = loadmat(path, variable_names=[name])[name]
        if value.dtype.names:  # a structure, (1, 1), with the table in it
            field = next(field for field in value.dtype.names if field.lower() == "data")
            value = value[field][0, 0]
        return np.asarray(value)
    except FormatError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # the parser of a damaged file raises whatever it meets
        raise FormatError(f"{path}: damaged or not a MATLAB file ({type(error).__name__})") from error


def _choose(found: dict[str, tuple[tuple[int, ...], str]], path: Path) -> str:
    """Return the name of the variable that holds the ECG: a structure or the one table of more than a few numbers."""
    fit = [
        name
        for name, (shape, kind) in found.items()
        if kind == "struct" or (kind in _NUMERIC and len(shape) == 2 and 100 <= shape[0] * shape[1] <= MAX_VALUES)
    ]
    usual = [name for wanted in _USUAL_NAMES for name in fit if name.lower() == wanted]
    if not usual and len(fit) != 1:
        raise FormatError(f"{path}: holds {', '.join(found) or 'nothing'}; must hold one table, named 'val' or 'ECG'")
    return (usual or fit)[0]


def _check_unpacked(path: Path) -> None:
    """Raise FormatError for a version 7.3 file and for one whose compressed parts unpack to more than is read."""
    with path.open("rb") as stream:
        head = stream.read(_HEADER_BYTES)
        if head.startswith((b"MATLAB 7.3", b"\x89HDF")):
            raise FormatError(f"{path}: MATLAB version 7.3, which is not read; save it with -v7")
        if not head.startswith(b"MATLAB"):
            return  # version 4 has no text header and is never compressed
        order = ">" if head[126:128] == b"MI" else "<"
        total = 0
        while len(tag := stream.read(8)) == 8:
            kind, size = struct.unpack(f"{order}II", tag)
            unpack = zlib.decompressobj() if kind == _COMPRESSED else None
            while size > 0 and (chunk := stream.read(min(size, _CHUNK))):
                size -= len(chunk)
                total += len(chunk) if unpack is None else _unpacked(unpack, chunk, MAX_UNPACKED_BYTES - total, path)
                if total >= MAX_UNPACKED_BYTES:
                    raise FormatError(f"{path}: unpacks to more than {MAX_UNPACKED_BYTES} bytes")


def _unpacked(unpack: Any, chunk: bytes, limit: int, path: Path) -> int:
    """Return how many bytes a compressed chunk unpacks to, counting up to `limit`."""
    total = 0
    try:
        while chunk and total < limit:
            total += len(unpack.decompress(chunk, _CHUNK))
            chunk = unpack.unconsumed_tail
    except zlib.error as error:
        raise FormatError(f"{path}: its compressed part is damaged") from error
    return total
