"""WFDB records (PhysioNet): header and signal files in every common signal format, one segment or many.

Nothing but plain files beside the header is opened, and those only after the checks of `wfdb_header` and `wfdb_files`.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError, InputError, UnitError
from einthoven.core.units import mv_per
from einthoven.records.assemble import assemble, check_stated
from einthoven.records.formats.comments import person_of, recorded_at_of
from einthoven.records.formats.wfdb_files import check_files, inside, load_header, samples_of
from einthoven.records.formats.wfdb_header import MAX_VALUES, Header
from einthoven.records.formats.wfdb_samples import unpack
from einthoven.records.resample import resample_rows


@dataclass(frozen=True)
class Record:
    """A record that has passed all checks and may be read. `first` is the header of its first segment, or its own."""

    path: Path
    header: Header
    first: Header
    samples: int


def read(path: Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read a whole WFDB record. `path` is its header, stem or signal file; a given rate or unit must agree with it.

    Signals that are no voltage (respiration, pressure) are left out; a header states "over 89" as age 90 here.
    Raises InputError, FormatError, UnitError, LeadError.
    """
    return read_record(open_record(path), rate_hz, unit)


def read_record(record: Record, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read the whole of a checked record. Raises as `read`."""
    ecg = read_part(record, 0, record.samples)
    refuse_other_units(record, rate_hz, unit)
    return ecg


def refuse_other_units(record: Record, rate_hz: float | None, unit: str | None) -> None:
    """Raise UnitError where a caller gives another rate or unit than the header states."""
    units = [signal.unit for signal in record.first.signals if _is_voltage(signal.unit)]
    check_stated(str(record.path), record.header.rate_hz, units, rate_hz, unit)


def open_record(path: Path) -> Record:
    """Check the header that belongs to `path` and all files that it names. Raises as `read`."""
    path = _header_path(path)
    if "://" in str(path) or "::" in str(path) or "\0" in str(path):
        raise InputError(f"{str(path)!r}: '://' and '::' cannot stand in the path of a record; records are local files")
    header = load_header(path)
    first = header
    parts = [(name, length) for name, length in header.segments if name != "~"]
    if header.segments and not parts:
        raise FormatError(f"{path}: all of its segments are empty")
    for index, (name, length) in enumerate(parts):
        part_path = inside(path.parent, f"{name}.hea", str(path))
        part = load_header(part_path)
        _check_part(header, part, length, part_path)
        first = part if index == 0 else first
    if not header.segments:
        check_files(header, path)
    return Record(path, header, first, samples_of(header, path))


def read_part(record: Record, start: int, stop: int, may_be_dead: bool = False) -> Ecg:
    """Read samples start..stop of a checked record. Raises as `read`; `may_be_dead` as in `assemble`."""
    values = (stop - start) * sum(signal.samples_per_frame for signal in record.first.signals)
    if not 0 < values <= MAX_VALUES:
        raise FormatError(f"{record.path}: {values} samples in all; 1 to {MAX_VALUES} at once (see read_windows)")
    signals, names, units = unpack(record.header, record.path, start, stop)
    kept = [index for index, unit in enumerate(units) if _is_voltage(unit)]
    if not kept:
        found = ", ".join(dict.fromkeys(units))
        raise UnitError(f"{record.path}: no signal is in a unit of voltage but in {found}; must be V, mV, uV or nV")
    per_frame = max(len(signals[index]) for index in kept) // (stop - start)
    rows = [_in_mv(signals[index], units[index], (stop - start) * per_frame) for index in kept]
    kept_names = tuple(names[index] for index in kept)
    ecg = assemble(np.stack(rows), kept_names, record.header.rate_hz * per_frame, str(record.path), may_be_dead)
    comments = record.header.comments
    return replace(ecg, recorded_at=record.header.recorded_at or recorded_at_of(comments), person=person_of(comments))


def _header_path(path: Path) -> Path:
    """Return the path of the header that belongs to a header, stem or signal file."""
    if path.suffix.lower() == ".hea":
        return path
    beside = path.with_name(f"{path.name}.hea")
    return path.with_suffix(".hea") if path.suffix.lower() in (".dat", ".mat") and not beside.exists() else beside


def _check_part(whole: Header, part: Header, length: int, path: Path) -> None:
    if part.segments:
        raise FormatError(f"{path}: a segment that has segments of its own; only one level is read")
    if part.rate_hz != whole.rate_hz:
        raise FormatError(f"{path}: segment at {part.rate_hz:g} Hz in a record at {whole.rate_hz:g} Hz")
    if length and part.samples != length:
        raise FormatError(f"{path}: segment of {part.samples} samples, where the record states {length}")
    if length:
        check_files(part, path)


def _is_voltage(unit: str) -> bool:
    try:
        return bool(mv_per(unit, ""))
    except UnitError:
        return False


def _in_mv(signal: NDArray[np.float64], unit: str, samples: int) -> NDArray[np.float32]:
    """Return one signal in millivolt and, where others have more samples a frame, at their rate."""
    signal_mv = np.asarray(signal * mv_per(unit, ""), np.float32)
    if len(signal) == samples:
        return signal_mv
    return np.asarray(resample_rows(signal_mv[None], len(signal), samples, samples)[0])
