"""What is known of one recording without looking at it: whose it is, what it shows, what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from einthoven.core.ecg import Person
from einthoven.core.measurements import Measurements
from einthoven.instruct.wording import Split

Origin = Literal["labels", "simulator"]


@dataclass(frozen=True)
class Case:
    """One recording of an archive.

    source, id: name of the dataset, and of the recording in it; ecg: path as a sample states it; patient: the key by
    which everything is split. found: finding code -> likelihood 0..100, or None where none is stated; stated: the codes
    that this source decides, present or absent: nothing else may be asked. measured: figures, waves and amplitudes by
    `measure`, or, for origin "simulator", the truth; None where nothing could be measured. statements: of a machine.
    noise: what people noted of the recording's quality, kind -> leads (empty: all), None where nobody looked.
    """

    source: str
    id: str
    ecg: str
    patient: str
    split: Split
    found: Mapping[str, float | None]
    stated: frozenset[str]
    person: Person = field(default_factory=Person)
    recorded_at: datetime | None = None
    measured: Measurements | None = None
    statements: tuple[str, ...] = ()
    report: str = ""
    noise: Mapping[str, tuple[str, ...]] | None = None
    origin: Origin = "labels"

    @property
    def codes(self) -> frozenset[str]:
        """The findings that are there, whatever their likelihood."""
        return frozenset(self.found)

    def absent(self) -> frozenset[str]:
        """The findings of which the source says that they are not there."""
        return self.stated - self.codes
