"""What the formats that hold bare numbers share: where rate, unit and leads come from, and which way the table lies."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import FormatError, InputError, LeadError, UnitError
from einthoven.core.leads import TWELVE
from einthoven.core.units import mv_per
from einthoven.records.assemble import assemble, check_stated

MAX_BYTES, MAX_SIDECAR_BYTES, MAX_LEADS, MAX_VALUES = 1 << 28, 1 << 16, 256, 1 << 26


@dataclass(frozen=True)
class Stated:
    """What is known of a table of numbers beside the numbers."""

    rate_hz: float
    unit: str
    leads: tuple[str, ...] | None = None


def check_file(path: Path) -> None:
    """Raise InputError unless `path` is a file of at most 256 MB."""
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    if not 0 < path.stat().st_size <= MAX_BYTES:
        raise FormatError(f"{path}: {path.stat().st_size} bytes; 1 to {MAX_BYTES} are read, keep longer ones as WFDB")


def stated(path: Path, rate_hz: float | None, unit: str | None) -> Stated:
    """Return rate and unit as given, else as NAME.json beside the file says, and its leads. Raises UnitError.

    The sidecar reads {"rate_hz": 500, "unit": "mV", "leads": ["I", "II", ...]}; leads may be absent, other keys stay
    unread.
    """
    sidecar = path.with_suffix(".json")
    said = _sidecar(sidecar) if sidecar.is_file() else {}
    if "rate_hz" in said and "unit" in said:
        check_stated(str(sidecar), said["rate_hz"], [said["unit"]], rate_hz, unit)
    rate_hz = said.get("rate_hz") if rate_hz is None else rate_hz
    unit = unit or said.get("unit")
    lacking = [what for what, value in (("--rate HZ", rate_hz), ("--unit mV", unit)) if value is None]
    if rate_hz is None or unit is None:
        wanted = f"pass {' '.join(lacking)}, or write {sidecar.name} beside it"
        raise UnitError(f'{path}: does not say its rate and unit; {wanted}: {{"rate_hz": 500, "unit": "mV"}}')
    return Stated(rate_hz, unit, said.get("leads"))


def _sidecar(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        text = stream.read(MAX_SIDECAR_BYTES + 1)
    try:
        said = dict(json.loads(text.decode("utf-8-sig")))
        found: dict[str, Any] = {}
        if "rate_hz" in said:
            found["rate_hz"] = float(said["rate_hz"])
        if "unit" in said:
            mv_per(str(said["unit"]), str(path))
            found["unit"] = str(said["unit"])
        if "leads" in said:
            found["leads"] = tuple(str(lead) for lead in list(said["leads"])[: MAX_LEADS + 1])
        return found
    except UnitError:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise FormatError(f'{path}: must read like {{"rate_hz": 500, "unit": "mV", "leads": ["I", "II"]}}') from error


def table_ecg(table: NDArray[Any], names: tuple[str, ...] | None, known: Stated, path: Path) -> Ecg:
    """Return the ECG in a table of numbers, (n, leads) or (leads, n).

    names: of the columns, where the file itself has them. Otherwise the sidecar's leads; otherwise twelve rows or
    columns are taken to be I II III aVR aVL aVF V1..V6 (the limb-lead check tells when they are not).
    Raises LeadError, UnitError, FormatError, InputError.
    """
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or table.dtype.kind not in "iuf" or table.size > MAX_VALUES:
        raise FormatError(f"{path}: {table.dtype} of shape {table.shape}; must be numbers, (samples, leads)")
    if names is not None and known.leads is not None and names != known.leads:
        raise LeadError(f"{path}: its header names {', '.join(names)}, its sidecar {', '.join(known.leads)}")
    leads = names or known.leads or TWELVE
    rows = _rows(table, len(leads), names is not None)
    if rows is None:
        wanted = f"must have {len(leads)} columns" if names or known.leads else "name the leads in a sidecar (leads)"
        raise LeadError(f"{path}: table of {table.shape[0]} x {table.shape[1]}; {wanted}")
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large becomes a missing value
        signal_mv = (rows.astype(np.float64) * mv_per(known.unit, str(path))).astype(np.float32)
    return assemble(signal_mv, leads, known.rate_hz, str(path))


def _rows(table: NDArray[Any], count: int, by_column: bool) -> NDArray[Any] | None:
    """Return (leads, n), None when no side of the table has as many as there are leads."""
    if table.shape[1] == count:
        return table.T
    return table if table.shape[0] == count and not by_column else None
