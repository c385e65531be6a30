"""Files in, measurements out: one recording of any length, or a list of them through the one batch engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from einthoven.core.ecg import Ecg
from einthoven.core.errors import JobError
from einthoven.core.jobs import Job, Tally, run_lines
from einthoven.core.measurements import Measurements
from einthoven.measure.entry import measure_parts, measure_whole, refuse
from einthoven.measure.network import WEIGHTS
from einthoven.measure.piece import ONE_PIECE_S, OVERLAP_S, PIECE_S
from einthoven.records.formats.wfdb import open_record, refuse_other_units
from einthoven.records.read import format_of, read
from einthoven.records.windows import read_windows

MAX_LIST_BYTES = 1 << 28
CHUNK = 8


def measure_file(
    path: str | Path, rate_hz: float | None = None, unit: str | None = None, folder: Path = WEIGHTS
) -> Measurements:
    """Read and measure a recording; a long WFDB record is read in overlapping pieces, so that memory stays bounded.

    rate_hz, unit: for formats that do not say theirs; folder: holds the network. Raises as `read` and `measure`.
    """
    if format_of(path) != "wfdb":
        return measure_whole(read(path, rate_hz, unit), folder)
    record = open_record(Path(path))
    rate = record.header.rate_hz
    seconds = record.samples / rate
    if seconds <= ONE_PIECE_S:
        return measure_whole(read(path, rate_hz, unit), folder)
    refuse_other_units(record, rate_hz, unit)
    refuse(str(path), seconds, rate)
    windows = read_windows(path, PIECE_S, OVERLAP_S)
    starts_s = (round(number * (PIECE_S - OVERLAP_S) * rate) / rate for number in count())
    return measure_parts(zip(windows, starts_s, strict=False), folder)


def first_seconds(path: str | Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Return the recording, or of a long WFDB record its first piece: what is drawn. Raises as `read`."""
    return next(read_windows(path, PIECE_S)) if format_of(path) == "wfdb" else read(path, rate_hz, unit)


@dataclass(frozen=True)
class MeasureWork:
    """The work on a chunk of paths; rate_hz and unit are for files that do not say theirs."""

    rate_hz: float | None = None
    unit: str | None = None

    def __call__(self, jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
        """Yield what `measure --json` prints, for each path."""
        for job in jobs:
            yield measure_file(job.payload, self.rate_hz, self.unit).to_json()


def measure_batch(listed: Path, out: Path, workers: int = 1, work: MeasureWork | None = None) -> Tally:
    """Measure the recordings that `listed` names, a path a line, into JSON lines; paths may be relative to its folder.

    One that cannot be measured becomes an error line. Raises JobError for what is wrong with the list as a whole.
    """
    if out.resolve() == listed.resolve():
        raise JobError(f"{out}: is the list itself; give another file for the measurements")
    jobs = [Job(line, str(listed.parent / line)) for line in read_list(listed)]
    return run_lines(jobs, work or MeasureWork(), out, chunk=CHUNK, workers=workers, label="measure")


def read_list(listed: Path) -> list[str]:
    """Return the lines of a list that are not empty. Raises JobError when it is no text file of a usual size."""
    try:
        if listed.stat().st_size > MAX_LIST_BYTES:
            raise JobError(f"{listed}: over {MAX_LIST_BYTES >> 20} MB; a list has one path a line")
        lines = [line.strip() for line in listed.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise JobError(f"{listed}: {why}; give a text file with one ECG path a line") from error
    paths = [line for line in lines if line]
    if not paths:
        raise JobError(f"{listed}: names no ECG; give one path a line")
    return paths
