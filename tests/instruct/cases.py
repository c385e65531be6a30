"""Made cases for the tests of question families: one rich recording, of which a test changes what it needs."""

from typing import Any

from einthoven.core.ecg import Person
from einthoven.core.findings import FINDINGS
from einthoven.core.measurements import Amplitudes, LeadQuality, Limit, Measurements, Quality, Rhythm
from einthoven.core.waves import Wave
from einthoven.instruct.case import Case

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
FIGURES: dict[str, float | None] = {
    "heart_rate_bpm": 75.2, "rr_ms": 798.0, "p_ms": 104.0, "pr_ms": 162.4, "qrs_ms": 92.0, "qt_ms": 379.0,
    "qtc_ms.bazett": 424.3, "qtc_ms.fridericia": 408.6, "qtc_ms.framingham": 410.0, "qtc_ms.hodges": 405.6,
    "axis_deg.p": 52.0, "axis_deg.qrs": 41.0, "axis_deg.t": 38.0,
}  # fmt: skip
LIMITS = {
    "heart_rate_bpm": Limit(48, 98, "within", "made"), "pr_ms": Limit(113, 212, "within", "made"),
    "qrs_ms": Limit(None, 120, "within", "made"), "qtc_ms.bazett": Limit(361, 450, "within", "made"),
    "axis_deg.qrs": Limit(-30, 90, "within", "made"),
}  # fmt: skip
R_MV = (0.7, 1.1, 0.4, 0.05, 0.2, 0.8, 0.15, 0.4, 0.7, 1.3, 1.7, 1.2)
S_MV = (-0.1, -0.2, -0.2, 0.0, -0.1, -0.2, -0.9, -1.4, -1.0, -0.6, -0.3, -0.1)
T_MV = (0.2, 0.3, 0.12, -0.25, 0.13, 0.2, 0.12, 0.4, 0.4, 0.4, 0.3, 0.2)


def amplitudes(**changes: Amplitudes) -> dict[str, Amplitudes]:
    """Lead -> amplitudes of a healthy heart, some leads changed."""
    rows = zip(LEADS, R_MV, S_MV, T_MV, strict=True)
    healthy = {lead: Amplitudes(r, s, 0.0, t, 0.01, 0.01, 0.01) for lead, r, s, t in rows}
    return healthy | {"aVR": Amplitudes(0.05, 0.0, -0.9, -0.25, -0.01, -0.01, -0.01)} | changes


def waves() -> list[Wave]:
    """Twelve beats, 0.8 s apart, the first QRS complex at 0.4 s."""
    beats = [0.4 + 0.8 * beat for beat in range(12)]
    return [
        wave
        for on_s in beats
        for wave in (
            Wave("P", on_s - 0.16, on_s - 0.1, on_s - 0.05, 0.95),
            Wave("QRS", on_s, on_s + 0.04, on_s + 0.09, 0.99),
            Wave("T", on_s + 0.2, on_s + 0.3, on_s + 0.38, 0.95),
        )
    ]


def measured(**changes: Any) -> Measurements:
    """What is measured of a healthy heart; `figures` given here are put over the healthy ones."""
    figures = {**FIGURES, **changes.pop("figures", {})}
    whole: dict[str, Any] = {
        "figures": figures,
        "confidence": {name: 0.95 for name, value in figures.items() if value is not None},
        "amplitudes_mv": amplitudes(),
        "rhythm": Rhythm(regular=True, mean_bpm=75.0),
        "quality": Quality({lead: LeadQuality(0.95, 0.005, 0.05) for lead in LEADS}, 0.0),
        "waves": {lead: waves() for lead in LEADS},
        "limits": LIMITS,
        **changes,
    }
    return Measurements(**whole)


def case(**changes: Any) -> Case:
    """A healthy man of 61 from an archive that states the whole vocabulary; any field of Case may be changed."""
    whole: dict[str, Any] = {
        "source": "made",
        "id": "1",
        "ecg": "records/1",
        "patient": "p1",
        "split": "train",
        "found": {"NORM": 100.0, "SR": None},
        "stated": frozenset(FINDINGS),
        "person": Person("p1", 61.0, "male"),
        "measured": measured(),
        "report": "sinus rhythm, normal ecg",
        "noise": {},
        **changes,
    }
    return Case(**whole)
