"""The files that a WFDB header names: plain names inside its folder, and as long as the header claims."""

import math
import re
from pathlib import Path

from einthoven.core.errors import FormatError, InputError
from einthoven.records.formats.wfdb_header import FLAC, MAX_HEADER_BYTES, Header, Signal, parse_header

# bytes of a block and samples in it
_BLOCK = {
    "8": (1, 1), "16": (2, 1), "24": (3, 1), "32": (4, 1), "61": (2, 1), "80": (1, 1), "160": (2, 1),
    "212": (3, 2), "310": (4, 3), "311": (4, 3),
}  # fmt: skip


def load_header(path: Path) -> Header:
    """Read and check the header at `path`, which ends in .hea. Raises InputError and its subclasses."""
    if not path.is_file():
        raise InputError(f"{path}: no such record; give the path of a WFDB header (.hea) or its stem")
    with path.open("rb") as stream:
        content = stream.read(MAX_HEADER_BYTES + 1)
    if b"\0" in content:
        raise FormatError(f"{path}: not a WFDB header; it holds binary data")
    return parse_header(content.decode("utf-8", "replace"), str(path))


def check_files(header: Header, path: Path) -> None:
    """Raise FormatError unless every signal file lies beside the header and holds the samples that it claims."""
    names = [signal.file for signal in header.signals]
    for name in dict.fromkeys(names):
        signals = [signal for signal in header.signals if signal.file == name]
        file = inside(path.parent, name, str(path))
        first = names.index(name)
        if names[first : first + len(signals)] != [name] * len(signals):
            raise FormatError(f"{path}: the signals of {name} do not stand together in the header")
        if len({(signal.format, signal.byte_offset) for signal in signals}) > 1:
            raise FormatError(f"{path}: signals of one file, {name}, have different formats or offsets")
        _check_length(header, signals, file, path)


def inside(folder: Path, name: str, where: str) -> Path:
    """Return the file `name` of `folder`. Raises FormatError for anything but a plain name of a file that is there."""
    if not re.match(r"[-\w]+(\.\w+)?$", name):
        raise FormatError(
            f"{where}: signal file {name[:60]!r}; must be the plain name of a file in the header's folder"
        )
    file = folder / name
    if not file.is_file():
        raise FormatError(f"{where}: its signal file {name} is not there")
    if file.resolve().parent != folder.resolve():
        raise FormatError(f"{where}: its signal file {name} is a link that leaves the folder")
    return file


def _check_length(header: Header, signals: list[Signal], file: Path, path: Path) -> None:
    first, per_frame = signals[0], sum(signal.samples_per_frame for signal in signals)
    if first.format in FLAC:
        there = _flac_frames(file, len(signals)) // first.samples_per_frame
    else:
        block_bytes, block_samples = _BLOCK[first.format]
        size = max(file.stat().st_size - first.byte_offset, 0)
        there = size * block_samples // (block_bytes * per_frame)
    if header.samples is not None and there < header.samples:
        raise FormatError(f"{path}: {file.name} holds {there} of the {header.samples} samples that the header states")
    if header.samples is None and first.format in FLAC:
        raise FormatError(f"{path}: states no number of samples; a record of format {first.format} must")


def _flac_frames(file: Path, channels: int) -> int:
    """Return the number of samples a channel that a FLAC file claims, without decoding it."""
    import soundfile

    try:
        info = soundfile.info(str(file))
    except (soundfile.SoundFileError, RuntimeError, OSError) as error:
        raise FormatError(f"{file}: not a FLAC file that can be read") from error
    if info.format != "FLAC" or info.channels != channels:
        raise FormatError(f"{file}: {info.format} of {info.channels} channels; must be FLAC of {channels}")
    return int(info.frames)


def samples_of(header: Header, path: Path) -> int:
    """Return the samples a signal: what the header states or, where it is silent, what its first file holds."""
    if header.samples is not None:
        return header.samples
    if header.segments:
        return sum(length for _, length in header.segments)
    signals = [signal for signal in header.signals if signal.file == header.signals[0].file]
    block_bytes, block_samples = _BLOCK[signals[0].format]
    size = max((path.parent / signals[0].file).stat().st_size - signals[0].byte_offset, 0)
    return math.floor(size * block_samples / (block_bytes * sum(signal.samples_per_frame for signal in signals)))
