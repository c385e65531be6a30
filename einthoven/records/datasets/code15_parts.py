"""The HDF5 parts of CODE-15%: one exam is read, never a part as a whole, and nothing outside the file is followed."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError, InputError
from einthoven.core.leads import TWELVE
from einthoven.records.assemble import assemble

RATE_HZ = 400.0
MAX_EXAMS, MAX_SAMPLES, MAX_CHUNK_VALUES = 1 << 20, 1 << 16, 1 << 26


def read_exam(path: Path, exam_id: int) -> Ecg:
    """Read one exam of a part: `exam_id` (n), `tracings` (n, samples, 12) in DI DII DIII AVR AVL AVF V1..V6.

    Values are taken as millivolt. Zeros in all leads that fill the row at both ends are cut. Raises InputError when the
    exam is not in the part, FormatError when the part is damaged or of another shape.
    """
    import h5py

    if not path.is_file():
        raise InputError(f"{path}: no such part; CODE-15% has exams_part0.hdf5 on")
    try:
        with h5py.File(path, "r") as part:
            ids, tracings = _dataset(part, "exam_id", path), _dataset(part, "tracings", path)
            _check(ids, tracings, path)
            places = np.flatnonzero(np.asarray(ids[:]) == exam_id)
            if len(places) != 1:
                raise InputError(f"{path}: holds exam {exam_id} {len(places)} times; must be once")
            values = np.asarray(tracings[int(places[0])], np.float32)
    except InputError:
        raise
    except Exception as error:  # the parser of a damaged file raises whatever it meets
        raise FormatError(f"{path}: not an HDF5 part that can be read ({type(error).__name__})") from error
    return assemble(np.ascontiguousarray(_without_padding(values, path, exam_id).T), TWELVE, RATE_HZ, f"{path}")


def _dataset(part: Any, name: str, path: Path) -> Any:
    import h5py

    found = part[name] if isinstance(part.get(name, getlink=True), h5py.HardLink) else None
    if not isinstance(found, h5py.Dataset) or found.is_virtual or found.external:
        raise FormatError(f"{path}: has no table {name!r} of its own; a part of CODE-15% has exam_id and tracings")
    return found


def _check(ids: Any, tracings: Any, path: Path) -> None:
    shape = tracings.shape
    fits = len(shape) == 3 and shape[2] == len(TWELVE) and 0 < shape[1] <= MAX_SAMPLES and shape[0] <= MAX_EXAMS
    if not fits or ids.shape != shape[:1] or tracings.dtype.kind != "f" or ids.dtype.kind not in "iu":
        raise FormatError(
            f"{path}: tracings are {tracings.dtype} {shape}; must be float (exams, samples, 12), exam_id (exams)"
        )
    if tracings.chunks is not None and np.prod(tracings.chunks) > MAX_CHUNK_VALUES:
        raise FormatError(f"{path}: stored in blocks of {np.prod(tracings.chunks)} values; {MAX_CHUNK_VALUES} are read")


def _without_padding(values: NDArray[np.float32], path: Path, exam_id: int) -> NDArray[np.float32]:
    used = np.flatnonzero(np.any(values != 0, axis=1))
    if len(used) == 0:
        raise FormatError(f"{path}: exam {exam_id} is zero throughout")
    return values[used[0] : used[-1] + 1]
