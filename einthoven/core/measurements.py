"""What is measured on an ECG: figures, how sure each is, why one is absent, and where it lies among healthy adults."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from einthoven.core.waves import Wave

CORRECTIONS = ("bazett", "fridericia", "framingham", "hodges")
AXES = ("p", "qrs", "t")
INTERVALS = ("heart_rate_bpm", "rr_ms", "p_ms", "pr_ms", "qrs_ms", "qt_ms")
FIGURES = (*INTERVALS, *(f"qtc_ms.{name}" for name in CORRECTIONS), *(f"axis_deg.{name}" for name in AXES))
_LABELS = {
    "heart_rate_bpm": "heart rate", "rr_ms": "RR", "p_ms": "P", "pr_ms": "PR", "qrs_ms": "QRS",
    "qt_ms": "QT", "qtc_ms": "QTc",
    **{f"qtc_ms.{name}": f"QTc {name.capitalize()}" for name in CORRECTIONS},
    "axis_deg.p": "P axis", "axis_deg.qrs": "QRS axis", "axis_deg.t": "T axis",
}  # fmt: skip


def label(figure: str) -> str:
    """Return what people call a figure."""
    return _LABELS.get(figure, figure)


def unit_of(figure: str) -> str:
    """Return the unit of a figure, from its name."""
    return {"bpm": "bpm", "ms": "ms", "deg": "°"}[figure.partition(".")[0].rpartition("_")[2]]


def in_words(figures: Mapping[str, float | None]) -> str:
    """Return rate, intervals and axis in one line, a dash for each that cannot be measured."""
    return ", ".join(
        f"{label(name)} -" if (value := figures.get(name)) is None else f"{label(name)} {value:.0f} {unit_of(name)}"
        for name in ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms", "qtc_ms.fridericia", "axis_deg.qrs")
    )


Place = Literal["below", "within", "above"]


@dataclass(frozen=True)
class Amplitudes:
    """Of one lead, millivolt from the level just before the QRS complex; q and s are negative or zero.

    st_j, st_j60, st_j80: at the end of the QRS complex of all leads, and 60 and 80 ms later. None: not measured.
    """

    r: float | None = None
    s: float | None = None
    q: float | None = None
    t: float | None = None
    st_j: float | None = None
    st_j60: float | None = None
    st_j80: float | None = None


@dataclass(frozen=True)
class Rhythm:
    """How the beats follow each other. regular: None with too few beats; SDNN and RMSSD leave premature beats out."""

    regular: bool | None = None
    sdnn_ms: float | None = None
    rmssd_ms: float | None = None
    mean_bpm: float | None = None
    slowest_bpm: float | None = None
    fastest_bpm: float | None = None
    premature_beats_s: tuple[float, ...] = ()
    pacing_spikes_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class LeadQuality:
    """How well one lead can be read: score 0..1, noise between beats, slow wander, and what is wrong with it."""

    score: float
    noise_mv: float | None = None
    wander_mv: float | None = None
    fault: str | None = None


@dataclass(frozen=True)
class Quality:
    """Of all leads: residual of Einthoven's relations, what looks like exchanged cables, other faults."""

    leads: Mapping[str, LeadQuality] = field(default_factory=dict)
    einthoven_residual_mv: float | None = None
    suspected_reversal: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limit:
    """Where a figure lies among healthy adults of this age and sex, as far as the source divides by them."""

    low: float | None
    high: float | None
    place: Place
    source: str


@dataclass(frozen=True)
class Measurements:
    """Everything that is measured on an ECG. A figure is None where `reasons` says why it cannot be measured.

    confidence: figure -> 0..1, the share of figures measured this way that were within tolerance of an expert's.
    signs: what each confidence was taken from (see `measure.confidence`).
    Figures of a group are named "qtc_ms.fridericia" and "axis_deg.qrs" in confidence, reasons and limits.
    Times are seconds from the first sample. Research use only.
    """

    figures: Mapping[str, float | None]
    confidence: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    amplitudes_mv: Mapping[str, Amplitudes] = field(default_factory=dict)
    rhythm: Rhythm = field(default_factory=Rhythm)
    quality: Quality = field(default_factory=Quality)
    waves: Mapping[str, Sequence[Wave]] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    signs: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def heart_rate_bpm(self) -> float | None:
        """Return 60 / median cycle, beats a minute."""
        return self.figures.get("heart_rate_bpm")

    @property
    def rr_ms(self) -> float | None:
        """Return the median cycle."""
        return self.figures.get("rr_ms")

    @property
    def p_ms(self) -> float | None:
        """Return the length of the P wave."""
        return self.figures.get("p_ms")

    @property
    def pr_ms(self) -> float | None:
        """Return from the onset of P to the onset of QRS."""
        return self.figures.get("pr_ms")

    @property
    def qrs_ms(self) -> float | None:
        """Return the length of the QRS complex."""
        return self.figures.get("qrs_ms")

    @property
    def qt_ms(self) -> float | None:
        """Return from the onset of QRS to the end of T."""
        return self.figures.get("qt_ms")

    @property
    def qtc_ms(self) -> dict[str, float | None]:
        """Return QT corrected for the rate, by formula."""
        return {name: self.figures.get(f"qtc_ms.{name}") for name in CORRECTIONS}

    @property
    def axis_deg(self) -> dict[str, float | None]:
        """Return the frontal axes of P, QRS and T, -180 to 180 degrees."""
        return {name: self.figures.get(f"axis_deg.{name}") for name in AXES}

    def to_json(self) -> dict[str, Any]:
        """Return the form that `einthoven measure --json` prints: plain dicts, lists, numbers and strings."""
        return {
            **{name: self.figures.get(name) for name in INTERVALS},
            "qtc_ms": self.qtc_ms,
            "axis_deg": self.axis_deg,
            "confidence": dict(self.confidence),
            "reasons": dict(self.reasons),
            "limits": {name: asdict(limit) for name, limit in self.limits.items()},
            "amplitudes_mv": {lead: asdict(one) for lead, one in self.amplitudes_mv.items()},
            "rhythm": asdict(self.rhythm),
            "quality": asdict(self.quality),
            "waves": {lead: [asdict(wave) for wave in waves] for lead, waves in self.waves.items()},
        }
