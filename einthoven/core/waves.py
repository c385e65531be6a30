"""One wave of one beat in one lead: where it begins, peaks and ends."""

from dataclasses import dataclass
from typing import Literal

WaveName = Literal["P", "QRS", "T"]
WAVE_NAMES: tuple[WaveName, ...] = ("P", "QRS", "T")


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave. Times are seconds from the first sample, None where unknown; confidence is 0..1."""

    wave: WaveName
    on_s: float | None
    peak_s: float | None
    off_s: float | None
    confidence: float
