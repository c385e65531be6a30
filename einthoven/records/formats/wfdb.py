"""WFDB records (PhysioNet): header and signal files in every common signal format, one segment or many.

The samples are unpacked by the `wfdb` package, after the header and its files have passed the checks of
`wfdb_header` and `wfdb_files`; nothing but plain files beside the header is ever opened.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Record:
    """A record that has passed all checks and may be read. `header` is that of the whole, `first` of a real part."""

    path: Path
    header: Header
    first: Header
    samples: int

    @property
    def rate_hz(self) -> float:
        return self.header.rate_hz


def read(path: Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read a whole WFDB record. `path` is its header or stem; a rate or unit, where given, must agree with it.

    Raises InputError, FormatError, UnitError, LeadError.
    """
    record = open_record(path)
    return read_part(record, 0, record.samples, rate_hz, unit)


def open_record(path: Path) -> Record:
    """Check the header at `path` (or beside it, for a stem or signal file) and all files that it names."""
    path = header_path(path)
    if "://" in str(path) or "::" in str(path):
        raise InputError(f"{path}: '://' and '::' cannot stand in the path of a record; records are local files")
    header = load_header(path)
    parts = [(name, length) for name, length in header.segments if name != "~"]
    first = header
    for index, (name, length) in enumerate(parts):
        part_path = inside(path.parent, f"{name}.hea", str(path))
        part = load_header(part_path)
        _check_part(header, part, length, part_path)
        if length:
            check_files(part, part_path)
        first = part if index == 0 else first
    if header.segments and not parts:
        raise FormatError(f"{path}: all of its segments are empty")
    if not header.segments:
        check_files(header, path)
    return Record(path, header, first, samples_of(header, path))


def header_path(path: Path) -> Path:
    """Return the path of the header that belongs to a header, stem or signal file."""
    if path.suffix.lower() == ".hea":
        return path
    beside = path.with_name(path.name + ".hea")
    return path.with_suffix(".hea") if path.suffix.lower() in (".dat", ".mat") and not beside.exists() else beside


def read_part(record: Record, start: int, stop: int, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read samples start..stop of a checked record. Errors as `read`."""
    values = (stop - start) * sum(signal.samples_per_frame for signal in record.first.signals)
    if not 0 < values <= MAX_VALUES:
        raise FormatError(f"{record.path}: {values} samples in all; 1 to {MAX_VALUES} are read at once (read_windows)")
    signals, names, units = _unpack(record, start, stop)
    kept = [index for index, unit_found in enumerate(units) if _is_voltage(unit_found)]
    if not kept:
        raise UnitError(
            f"{record.path}: no signal in a unit of voltage ({', '.join(dict.fromkeys(units))}); V, mV or uV"
        )
    check_stated(str(record.path), record.rate_hz, [units[index] for index in kept], rate_hz, unit)
    per_frame = max(len(signals[index]) for index in kept) // (stop - start)
    rows = [_in_mv(signals[index], units[index], (stop - start) * per_frame) for index in kept]
    return assemble(
        np.stack(rows),
        tuple(names[index] for index in kept),
        record.rate_hz * per_frame,
        str(record.path),
        recorded_at=record.header.recorded_at or recorded_at_of(record.header.comments),
        person=person_of(record.header.comments),
    )


def _check_part(whole: Header, part: Header, length: int, path: Path) -> None:
    if part.segments:
        raise FormatError(f"{path}: a segment that has segments of its own; only one level is read")
    if part.rate_hz != whole.rate_hz:
        raise FormatError(f"{path}: segment at {part.rate_hz:g} Hz in a record at {whole.rate_hz:g} Hz")
    if length and part.samples != length:
        raise FormatError(f"{path}: segment of {part.samples} samples, where the record states {length}")


def _unpack(record: Record, start: int, stop: int) -> tuple[list[NDArray[np.float64]], list[str], list[str]]:
    """Return each signal in its physical unit (frames may hold several samples), and the names and units."""
    import wfdb

    stem = str(record.path.absolute().with_suffix(""))
    try:
        found = wfdb.rdrecord(stem, sampfrom=start, sampto=stop, smooth_frames=False)
        signals = [np.asarray(signal, np.float64) for signal in found.e_p_signal]
        names = [str(name or "") for name in found.sig_name]
        units = [str(unit) for unit in found.units]
    except MemoryError:
        raise
    except Exception as error:  # the package raises whatever its regular expressions and arrays raise
        raise FormatError(f"{record.path}: cannot be unpacked ({type(error).__name__}: {_line(error)})") from error
    if not record.header.segments:
        stated = [(signal.file, signal.gain, signal.baseline) for signal in record.header.signals]
        if stated != list(zip(found.file_name, found.adc_gain, found.baseline, strict=True)):
            raise FormatError(f"{record.path}: header lines can be understood in two ways; see header(5) of WFDB")
    return signals, names, units


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _is_voltage(unit: str) -> bool:
    try:
        return bool(mv_per(unit, ""))
    except UnitError:
        return False


def _in_mv(signal: NDArray[np.float64], unit: str, samples: int) -> NDArray[np.float32]:
    """Return one signal in millivolt and, where others have more samples a frame, at their rate."""
    from einthoven.records.resample import resample_rows

    if len(signal) != samples:
        signal = resample_rows(signal[None], len(signal), samples)[0]
    return np.asarray(signal * mv_per(unit, ""), np.float32)
