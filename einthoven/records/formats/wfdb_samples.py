"""From the signal files of a checked WFDB record to physical values.

The two formats in which most twelve-lead sets are published, 16 and FLAC, are read here, in a quarter of the time; all
others, skewed and multi-segment records are unpacked by the `wfdb` package. Both ways give the same values, tested.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import FormatError
from einthoven.records.formats.wfdb_header import FLAC, Header, Signal

Unpacked = tuple[list[NDArray[np.float64]], list[str], list[str]]


def unpack(header: Header, path: Path, start: int, stop: int) -> Unpacked:
    """Return frames start..stop of each signal in its own unit, NaN where missing, and the names and units.

    `path` is that of the header. A signal with k samples a frame has k * (stop - start). Raises FormatError.
    """
    plain = not header.segments and all(
        signal.format in ("16", *FLAC) and signal.skew == 0 and signal.samples_per_frame == 1
        for signal in header.signals
    )
    return _plain(header, path, start, stop) if plain else _by_package(header, path, start, stop)


def _plain(header: Header, path: Path, start: int, stop: int) -> Unpacked:
    rows: list[NDArray[np.float64]] = []
    for name in dict.fromkeys(signal.file for signal in header.signals):
        signals = [signal for signal in header.signals if signal.file == name]
        read = _read_16 if signals[0].format == "16" else _read_flac
        digital = read(path.parent / name, signals[0], len(signals), start, stop)
        if digital.shape != (stop - start, len(signals)):
            raise FormatError(f"{path}: {name} breaks off at sample {start + len(digital)}, before {stop}")
        rows += [_physical(digital[:, column], signal) for column, signal in enumerate(signals)]
    return rows, [signal.name for signal in header.signals], [signal.unit for signal in header.signals]


def _physical(digital: NDArray[np.integer], signal: Signal) -> NDArray[np.float64]:
    missing = digital == {"16": -(1 << 15), "508": -(1 << 7), "516": -(1 << 15), "524": -(1 << 23)}[signal.format]
    values = (digital.astype(np.float64) - signal.baseline) / signal.gain
    values[missing] = np.nan
    return values


def _read_16(file: Path, signal: Signal, count: int, start: int, stop: int) -> NDArray[np.integer]:
    offset = signal.byte_offset + 2 * count * start
    samples = np.fromfile(file, "<i2", count * (stop - start), offset=offset)
    return samples[: len(samples) // count * count].reshape(-1, count)


def _read_flac(file: Path, signal: Signal, count: int, start: int, stop: int) -> NDArray[np.integer]:
    import soundfile

    bits = {"PCM_S8": 8, "PCM_16": 16, "PCM_24": 24}
    try:
        with soundfile.SoundFile(file) as stream:
            found = bits.get(stream.subtype, 99)
            if found > int(signal.format) - 500:
                raise FormatError(f"{file}: samples of {stream.subtype}; format {signal.format} has fewer bits")
            stream.seek(signal.byte_offset + start)  # of a FLAC file the header's offset counts samples
            digital: NDArray[np.integer] = stream.read(stop - start, dtype="int32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, OSError) as error:
        raise FormatError(f"{file}: FLAC stream cannot be decoded") from error
    return digital >> (32 - found)


def _by_package(header: Header, path: Path, start: int, stop: int) -> Unpacked:
    import wfdb

    stem = str(path.absolute().with_suffix(""))
    try:
        with np.errstate(all="ignore"):
            found = wfdb.rdrecord(stem, sampfrom=start, sampto=stop, smooth_frames=False)
        rows = [np.asarray(signal, np.float64) for signal in found.e_p_signal]
        names, units = [str(name or "") for name in found.sig_name], [str(unit) for unit in found.units]
    except MemoryError:
        raise
    except Exception as error:  # the package raises whatever its regular expressions and arrays raise
        reason = " ".join(str(error).split())[:120]
        raise FormatError(f"{path}: cannot be unpacked ({type(error).__name__}: {reason})") from error
    if not header.segments:
        stated = [(signal.file, signal.gain, signal.baseline) for signal in header.signals]
        if stated != list(zip(found.file_name, found.adc_gain, found.baseline, strict=True)):
            raise FormatError(f"{path}: header lines can be understood in two ways; see header(5) of WFDB")
    return rows, names, units
