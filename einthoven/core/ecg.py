"""The electrocardiogram as every part of the house sees it: millivolt, named leads, one rate, who and when."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import InputError, LeadError, UnitError
from einthoven.core.leads import TWELVE, canonical, canonical_order, derive_limb

MIN_RATE_HZ, MAX_RATE_HZ = 20.0, 50_000.0
FaultKind = Literal[
    "missing values", "gaps bridged", "flat", "saturated", "implausible amplitude", "limb leads disagree"
]


@dataclass(frozen=True)
class Person:
    """Who the ECG belongs to; `key` is the dataset's patient key and never a name."""

    key: str | None = None
    age_years: float | None = None
    sex: Literal["female", "male"] | None = None


@dataclass(frozen=True)
class Fault:
    """Something that was found wrong with one lead (or with all: `lead` is "all") and how it was dealt with."""

    lead: str
    kind: FaultKind
    detail: str

    def __str__(self) -> str:
        return f"{self.lead}: {self.kind} ({self.detail})"


@dataclass(frozen=True, eq=False)
class Ecg:
    """One recording.

    signal_mv: (leads, n) float32, millivolt, finite; leads: canonical names in the order I II III aVR aVL aVF V1..V6,
    then others as found; rate_hz: samples a second. Raises InputError, LeadError or UnitError when built wrong.
    """

    signal_mv: NDArray[np.float32]
    leads: tuple[str, ...]
    rate_hz: float
    recorded_at: datetime | None = None
    person: Person = field(default_factory=Person)
    source: str = ""
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        signal = self.signal_mv
        if signal.ndim != 2 or signal.dtype != np.float32:
            raise InputError(f"{self.source}: signal_mv is {signal.dtype} {signal.shape}, must be float32 (leads, n)")
        if signal.shape[0] != len(self.leads) or signal.shape[0] == 0:
            raise LeadError(f"{self.source}: {signal.shape[0]} signals but {len(self.leads)} lead names")
        misspelt = [name for name in self.leads if canonical(name) != name]
        if misspelt:
            raise LeadError(f"{self.source}: lead {misspelt[0]!r} must be spelt {canonical(misspelt[0])!r}")
        if canonical_order(self.leads) != list(range(len(self.leads))):
            raise LeadError(f"{self.source}: leads {', '.join(self.leads)} are not in canonical order")
        if not MIN_RATE_HZ <= self.rate_hz <= MAX_RATE_HZ:
            raise UnitError(f"{self.source}: rate {self.rate_hz} Hz is outside {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz")
        if signal.shape[1] == 0 or not np.isfinite(signal).all():
            raise InputError(f"{self.source}: the signal is empty or holds values that are not finite")
        signal.setflags(write=False)

    @property
    def seconds(self) -> float:
        """Length of the recording in seconds."""
        return float(self.signal_mv.shape[1] / self.rate_hz)

    def lead(self, name: str) -> NDArray[np.float32]:
        """Return one lead, (n,) millivolt. Raises LeadError when it is not there."""
        if name not in self.leads:
            raise LeadError(f"{self.source}: no lead {name}; there are {', '.join(self.leads)}")
        row: NDArray[np.float32] = self.signal_mv[self.leads.index(name)]
        return row

    def twelve(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return (12, n) millivolt and a (12,) mask of what is really there.

        Limb leads that follow from two others by Einthoven's and Goldberger's relations count as there;
        leads that are flat or without values count as absent and are zero.
        """
        absent = {fault.lead for fault in self.faults if fault.kind in ("flat", "missing values")}
        present = {name: self.lead(name) for name in self.leads if name in TWELVE and name not in absent}
        present |= derive_limb(present)
        signal = np.zeros((12, self.signal_mv.shape[1]), np.float32)
        for row, name in enumerate(TWELVE):
            if name in present:
                signal[row] = present[name]
        return signal, np.array([name in present for name in TWELVE])

    def with_signal(self, signal_mv: NDArray[np.float32], rate_hz: float) -> "Ecg":
        """Return a copy that holds another signal of the same leads (resampled, filtered or cut)."""
        return replace(self, signal_mv=np.ascontiguousarray(signal_mv, np.float32), rate_hz=rate_hz)
