"""Make a twelve-lead ECG from stated findings, with the exact truth about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

import numpy as np

from einthoven.core.ecg import Ecg
from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.records.simulate_heart import LEAD_MATRIX, TWELVE_FROM_EIGHT, Waves, add, loop, parts, template
from einthoven.records.simulate_truth import TrueBeat, Truth, intervals, marks, wave_list

P = loop((0.35, 0.12, 0.035, 0.10, 0.04), (0.65, 0.14, 0.06, 0.06, -0.03))
QRS = loop(
    (0.22, 0.06, -0.10, 0.0, 0.18),
    (0.42, 0.08, 0.55, 0.55, 0.15),
    (0.58, 0.08, 0.35, 0.35, -0.55),
    (0.78, 0.08, -0.12, -0.10, -0.30),
)
T = loop((0.40, 0.16, 0.06, 0.06, 0.06), (0.60, 0.12, 0.14, 0.14, 0.16), (0.70, 0.09, 0.10, 0.10, 0.10))


class Stated(TypedDict, total=False):
    """Figures that the caller fixes; the others are drawn from the seed."""

    rate_bpm: float
    p_ms: float
    pr_ms: float
    qrs_ms: float
    qt_ms: float
    axis_deg: float


@dataclass(frozen=True)
class Simulated:
    """A made ECG and all that is known of it."""

    ecg: Ecg
    truth: Truth


def simulate(
    findings: Sequence[str] = (),
    *,
    seed: int = 0,
    seconds: float = 10.0,
    rate_hz: float = 500.0,
    **stated: Unpack[Stated],
) -> Simulated:
    """Return an ECG that shows the findings; the same seed gives the same bytes."""
    random = rng("simulate", seed)
    rate_bpm = stated.get("rate_bpm", float(random.uniform(60, 90)))
    p_ms, pr_ms = stated.get("p_ms", 105.0), stated.get("pr_ms", float(random.uniform(130, 190)))
    qrs_ms = stated.get("qrs_ms", float(random.uniform(80, 100)))
    qt_ms = stated.get("qt_ms", 390.0 * (60 / rate_bpm) ** (1 / 3))
    axis_deg = stated.get("axis_deg", float(random.uniform(0, 80)))
    rr_s = 60.0 / rate_bpm
    on_s = np.arange(-1.0 + float(random.uniform(0, rr_s)), seconds + 1.0, rr_s)
    count = len(on_s)
    one, which, beat = np.ones(count), np.zeros(count, np.intp), np.arange(count)
    qrs = QRS.turned(axis_deg - QRS.axis_deg)
    t_ms = 0.7 * (qt_ms - qrs_ms)
    batches = [
        Waves("P", on_s - pr_ms / 1000, one * p_ms / 1000, one, which, beat, (template(P, LEAD_MATRIX),)),
        Waves("QRS", on_s, one * qrs_ms / 1000, one, which, beat, (template(qrs, LEAD_MATRIX),)),
        Waves("T", on_s + (qt_ms - t_ms) / 1000, one * t_ms / 1000, one, which, beat, (template(T, LEAD_MATRIX),)),
    ]
    eight = np.zeros((8, round(seconds * rate_hz)))
    of_name = []
    for waves in batches:
        these = parts(waves, rate_hz)
        add(eight, these)
        of_name.append(marks(waves, these, rate_hz))
    mark_p, mark_qrs, mark_t = of_name
    q_on, q_off = mark_qrs.global_on_s, mark_qrs.global_off_s
    beats = tuple(
        TrueBeat("sinus", q_on[i], (q_on[i] - q_on[i - 1]) * 1000, (q_on[i] - mark_p.global_on_s[i]) * 1000,
                 (q_off[i] - q_on[i]) * 1000, (mark_t.global_off_s[i] - q_on[i]) * 1000)
        for i in range(1, count) if 0 <= q_on[i] < seconds
    )  # fmt: skip
    figures = intervals(beats, float(np.median(mark_p.global_off_s - mark_p.global_on_s)) * 1000)
    ecg = Ecg((TWELVE_FROM_EIGHT @ eight).astype(np.float32), TWELVE, rate_hz, source=f"simulated, seed {seed}")
    axes: dict[str, float | None] = {"p": P.axis_deg, "qrs": qrs.axis_deg, "t": T.axis_deg}
    codes = tuple({"code": code} for code in findings)
    return Simulated(ecg, Truth(seed, codes, beats, figures, axes, wave_list(of_name, seconds), dict(stated)))
