"""The text of a WFDB header, checked against its caps before anything that it names is opened.

Source: the header page of the WFDB Applications Guide (header(5)).
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from einthoven.core.ecg import MAX_RATE_HZ, MIN_RATE_HZ
from einthoven.core.errors import FormatError, LeadError, UnitError

MAX_HEADER_BYTES = 1 << 20
MAX_SIGNALS = 256
MAX_SEGMENTS = 10_000
MAX_VALUES = 1 << 26  # of all signals together: three leads of 24 h at 250 Hz
MAX_SAMPLES_PER_FRAME, MAX_SKEW = 1000, 10_000
MAX_NUMBER = 1 << 62

FLAC = ("508", "516", "524")
FORMATS = ("8", "16", "24", "32", "61", "80", "160", "212", "310", "311", *FLAC)

_FORMAT = re.compile(r"(\d{1,3})(?:x(\d{1,9}))?(?::(\d{1,9}))?(?:\+(\d{1,12}))?$")
_GAIN = re.compile(r"([-+.\w]+?)(?:\((-?\d{1,12})\))?(?:/(\S+))?$")
_RATE = re.compile(r"([-+.\deE]+|nan|inf)(?:/\S*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Signal:
    """One signal line: where the samples lie and how they become physical values: (sample - baseline) / gain."""

    file: str
    format: str
    samples_per_frame: int
    skew: int
    byte_offset: int
    gain: float
    baseline: int
    unit: str
    name: str


@dataclass(frozen=True)
class Header:
    """A whole header. `segments` is (name, samples) of each part of a multi-segment record, else empty."""

    rate_hz: float
    samples: int | None
    signal_count: int
    signals: tuple[Signal, ...]
    segments: tuple[tuple[str, int], ...]
    comments: tuple[str, ...]
    recorded_at: datetime | None


def parse_header(text: str, where: str) -> Header:
    """Return the header that `text` holds; `where` names it in errors.

    Raises FormatError for what is no WFDB header or exceeds a cap, UnitError for an impossible rate or gain,
    LeadError when there are not as many signal lines as stated.
    """
    if len(text) > MAX_HEADER_BYTES:
        raise FormatError(f"{where}: header of {len(text)} characters; at most {MAX_HEADER_BYTES} are read")
    lines = [line.strip() for line in text.splitlines()]
    content = [line for line in lines if line and not line.startswith("#")]
    comments = tuple(line.strip("# \t") for line in lines if line.startswith("#"))
    fields = content[0].split() if content else []
    if len(fields) < 2 or not re.match(r"[-\w]+(/\d+)? -?\d", " ".join(fields[:2])):
        raise FormatError(f"{where}: not a WFDB header; its first line is to read 'NAME SIGNALS RATE SAMPLES'")
    _, _, segment_count = fields[0].partition("/")
    count = _whole(fields[1], 1, MAX_SIGNALS, where, "signals")
    samples = _whole(fields[3], 0, MAX_NUMBER, where, "samples") if len(fields) > 3 else None
    rate_hz = _rate(fields[2] if len(fields) > 2 else "250", where)
    signals: tuple[Signal, ...] = ()
    segments: tuple[tuple[str, int], ...] = ()
    if segment_count:
        segments = _segments(content[1:], int(segment_count[:12]), samples, where)
    elif len(content) - 1 != count:
        raise LeadError(f"{where}: header states {count} signals and describes {len(content) - 1}")
    else:
        signals = tuple(_signal(line, where) for line in content[1:])
    return Header(rate_hz, samples or None, count, signals, segments, comments, _recorded_at(fields[4:6]))


def _bad(where: str, what: str) -> NoReturn:
    raise FormatError(f"{where}: {what}")


def _whole(text: str, low: int, high: int, where: str, what: str) -> int:
    """Return a whole number within its cap."""
    if not re.match(r"\d{1,18}$", text, re.ASCII) or not low <= int(text) <= high:
        _bad(where, f"{text[:30]!r} {what}; a whole number from {low} to {high} is read")
    return int(text)


def _rate(text: str, where: str) -> float:
    match = _RATE.match(text)
    try:
        rate_hz = float(match.group(1)) if match else math.nan
    except ValueError:
        rate_hz = math.nan
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise UnitError(f"{where}: rate {text[:30]!r} Hz; must be {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz")
    return rate_hz


def _segments(lines: list[str], count: int, samples: int | None, where: str) -> tuple[tuple[str, int], ...]:
    if not 1 <= count <= MAX_SEGMENTS or len(lines) != count:
        _bad(where, f"header states {count} segments and names {len(lines)}; at most {MAX_SEGMENTS} are read")
    segments = []
    for line in lines:
        fields = line.split()
        if len(fields) < 2 or not re.match(r"([-\w]+|~)$", fields[0]):
            _bad(where, f"segment line {line[:40]!r} is not 'NAME SAMPLES' with a plain name")
        segments.append((fields[0], _whole(fields[1], 0, MAX_NUMBER, where, "samples in a segment")))
    total = sum(length for _, length in segments)
    if samples is not None and total != samples:
        _bad(where, f"header states {samples} samples, its segments have {total}")
    return tuple(segments)


def _signal(line: str, where: str) -> Signal:
    fields = line.split(maxsplit=8)
    match = _FORMAT.match(fields[1]) if len(fields) > 1 else None
    if match is None or not (match.group(1) in FORMATS or fields[0] == "~"):
        _bad(where, f"signal line {line[:40]!r} has no format that is read ({', '.join(FORMATS)})")
    per_frame, skew, offset = (int(group or 0) for group in match.groups()[1:])
    if per_frame > MAX_SAMPLES_PER_FRAME or skew > MAX_SKEW:
        _bad(
            where, f"{per_frame} samples a frame, skew {skew}; at most {MAX_SAMPLES_PER_FRAME} and {MAX_SKEW} are read"
        )
    name = fields[8] if len(fields) > 8 else ""
    gain, baseline, unit = _gain(fields[2] if len(fields) > 2 else "", where, name)
    if baseline is None:  # the ADC zero stands for it
        baseline = int(fields[4]) if len(fields) > 4 and re.match(r"-?\d{1,12}$", fields[4], re.ASCII) else 0
    return Signal(fields[0], match.group(1), per_frame or 1, skew, offset, gain, baseline, unit, name)


def _gain(text: str, where: str, name: str) -> tuple[float, int | None, str]:
    match = _GAIN.match(text)
    try:
        gain = float(match.group(1)) if match else 0.0
    except ValueError:
        gain = 0.0
    if match is None or not math.isfinite(gain) or not 1e-9 <= abs(gain) <= 1e12:
        raise UnitError(f"{where}: signal {name[:30]!r} has gain {text[:30]!r}; must be like 1000/mV, not zero")
    return gain, None if match.group(2) is None else int(match.group(2)), match.group(3) or "mV"


def _recorded_at(fields: list[str]) -> datetime | None:
    """Return date and time where both stand in the record line as the standard has them."""
    if len(fields) < 2:
        return None
    for pattern in ("%H:%M:%S %d/%m/%Y", "%H:%M:%S.%f %d/%m/%Y"):
        try:
            return datetime.strptime(" ".join(fields), pattern)
        except ValueError:
            continue
    return None
