"""Files in, measurements out: one recording of any length, or a list of them through the one batch engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, JobError
from einthoven.core.jobs import Job, Tally, run_lines
from einthoven.core.measurements import Measurements
from einthoven.measure.entry import measure_parts, measure_whole, refuse
from einthoven.measure.network import WEIGHTS, check_network
from einthoven.measure.piece import ONE_PIECE_S, OVERLAP_S, PIECE_S
from einthoven.records.formats.wfdb import Record, open_record, read_record, refuse_other_units
from einthoven.records.read import format_of, is_picture, read
from einthoven.records.windows import read_placed_windows, read_windows

MAX_LIST_BYTES = 1 << 28
CHUNK = 8


def measure_file(
    path: str | Path, rate_hz: float | None = None, unit: str | None = None, folder: Path = WEIGHTS
) -> Measurements:
    """Read and measure a recording; a long WFDB record is read in overlapping pieces, so that memory stays bounded.

    rate_hz, unit: for formats that do not say theirs; folder: holds the network. Raises as `read` and `measure`.
    """
    record = _record(path)
    if record is None or not _is_long(record):
        return measure_whole(_read(record, path, rate_hz, unit), folder)
    refuse_other_units(record, rate_hz, unit)
    refuse(str(path), record.samples / record.header.rate_hz, record.header.rate_hz)
    return measure_parts(read_placed_windows(path, PIECE_S, OVERLAP_S), folder)


def read_beginning(path: str | Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Return the recording, or of a long WFDB record its first piece: what is drawn. Raises as `read`."""
    record = _record(path)
    return next(read_windows(path, PIECE_S)) if record and _is_long(record) else _read(record, path, rate_hz, unit)


def _record(path: str | Path) -> Record | None:
    """Return the WFDB record, opened, None for a recording in another format."""
    if is_picture(path):
        raise InputError(f"{path}: is a picture; waves are measured on signals, give the recording itself")
    return open_record(Path(path)) if format_of(path) == "wfdb" else None


def _is_long(record: Record) -> bool:
    """Tell whether a record is too long to be read as a whole."""
    return record.samples / record.header.rate_hz > ONE_PIECE_S


def _read(record: Record | None, path: str | Path, rate_hz: float | None, unit: str | None) -> Ecg:
    return read(path, rate_hz, unit) if record is None else read_record(record, rate_hz, unit)


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
    check_network()
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
