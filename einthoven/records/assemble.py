"""From what a format found to an `Ecg`: canonical leads in canonical order, cleaned, with its faults named."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, LeadError, UnitError
from einthoven.core.leads import canonical, canonical_order
from einthoven.core.units import mv_per
from einthoven.records.cleaning import clean
from einthoven.records.plausibility import find_implausible

_MINUS = "-\u2212\u2013"  # hyphen, minus sign, dash


def assemble(
    signal_mv: NDArray[np.float32],
    names: tuple[str, ...],
    rate_hz: float,
    source: str,
    may_be_dead: bool = False,
) -> Ecg:
    """Return the ECG of (leads, n) millivolt in any lead order, NaN where a value is missing.

    A lead named with a minus before or after it, as Cabrera's -aVR, is turned over.

    Raises LeadError for a doubled name, UnitError for an impossible rate, and InputError when no lead holds a signal
    unless it `may_be_dead` (a window of a long record).
    """
    bare = [name.strip().strip(_MINUS) for name in names]
    inverted = [index for index, name in enumerate(names) if name.strip() != bare[index]]
    signal_mv = np.array(signal_mv, np.float32)
    signal_mv[inverted] *= -1.0
    leads = tuple(canonical(name) for name in bare)
    try:
        order = canonical_order(leads)
    except LeadError as error:
        raise LeadError(f"{source}: {error}") from None
    leads = tuple(leads[index] for index in order)
    signal_mv, faults = clean(signal_mv[order], leads, rate_hz)
    dead = {fault.lead: f"{fault.kind}: {fault.detail}" for fault in faults if fault.kind in ("flat", "missing values")}
    if not may_be_dead and all(lead in dead for lead in leads):
        raise InputError(f"{source}: no lead holds a signal ({'; '.join(dict.fromkeys(dead.values()))})")
    ecg = Ecg(signal_mv, leads, rate_hz, source=source, faults=faults)
    return replace(ecg, faults=faults + find_implausible(ecg))


def check_stated(
    source: str, rate_hz: float, units: Sequence[str], given_rate_hz: float | None, given_unit: str | None
) -> None:
    """Raise UnitError where a caller gives another rate or unit than the file itself states."""
    if given_rate_hz is not None and abs(given_rate_hz - rate_hz) > 1e-6 * rate_hz:
        raise UnitError(f"{source}: states {rate_hz:g} Hz itself, not {given_rate_hz:g} Hz; leave the rate out")
    if given_unit is not None and any(mv_per(unit, source) != mv_per(given_unit, source) for unit in units):
        raise UnitError(
            f"{source}: states {', '.join(dict.fromkeys(units))} itself, not {given_unit}; leave the unit out"
        )
