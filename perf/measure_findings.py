"""Rhythm, P waves, pacing and exchanged cables by `measure`, beside the labels of PTB-XL `train` (which chose limits).

python perf/measure_findings.py --data ROOT [--split valid]
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from einthoven import measure
from einthoven.core.ecg import Ecg
from einthoven.core.measurements import Measurements
from einthoven.records.datasets import Dataset, Row, load_dataset

OTHER = {"PVC", "PAC", "SARRH", "AFIB", "AFLT", "PACE"}
LEAST = 5  # of fewer nothing can be said
GROUPS: dict[str, Callable[[set[str]], bool]] = {
    "AFIB": lambda codes: "AFIB" in codes,
    "SR, NORM": lambda codes: {"SR", "NORM"} <= codes and not codes & OTHER,
    "SARRH": lambda codes: "SARRH" in codes,
    "PVC": lambda codes: "PVC" in codes and "AFIB" not in codes,
    "PAC": lambda codes: "PAC" in codes,
    "PACE": lambda codes: "PACE" in codes,
}
SIGNS: dict[str, Callable[[Measurements], bool]] = {
    "irregular": lambda one: one.rhythm.regular is False,
    "premature": lambda one: bool(one.rhythm.premature_beats_s),
    "no PR": lambda one: one.pr_ms is None,
    "3+ spikes": lambda one: len(one.rhythm.pacing_spikes_s) >= 3,
    "reversal": lambda one: one.quality.suspected_reversal is not None,
}


def exchanged(ecg: Ecg, kind: str) -> Ecg:
    """Return the ECG as if the cables of the arms, or that of the right leg with one of an arm, had been exchanged."""
    right, left, foot = np.zeros_like(ecg.lead("I")), ecg.lead("I"), ecg.lead("II")
    before = (right + left + foot) / 3
    right, left = {"arms": (left, right), "right arm": (0.97 * foot, left), "left arm": (right, 0.97 * foot)}[kind]
    after = (right + left + foot) / 3
    limb = {
        "I": left - right, "II": foot - right, "III": foot - left,
        "aVR": right - (left + foot) / 2, "aVL": left - (right + foot) / 2, "aVF": foot - (right + left) / 2,
    }  # fmt: skip
    rows = [limb[lead] if lead in limb else ecg.lead(lead) + before - after for lead in ecg.leads]
    return ecg.with_signal(np.stack(rows).astype(np.float32), ecg.rate_hz)


def healthy(ptbxl: Dataset, rows: list[Row], count: int) -> None:
    """Print how many recordings that are labelled normal and nothing else lie outside of each limit."""
    normal = [row for row in rows if set(row.labels) <= {"NORM", "SR"} and (row.labels.get("NORM") or 0) >= 80]
    outside: dict[str, list[bool]] = {}
    for row in normal[:count]:
        for figure, limit in measure(ptbxl.ecg(row)).limits.items():
            outside.setdefault("st_j" if figure.startswith("st_j") else figure, []).append(limit.place != "within")
    shares = (f"{figure} {100 * np.mean(one):.1f} of {len(one)}" for figure, one in outside.items())
    print(f"normal only, % outside of limits: {', '.join(shares)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=80, help="recordings of a group")
    parser.add_argument("--split", default="train", help="valid: judged by what train has chosen")
    given = parser.parse_args()
    ptbxl = load_dataset("ptbxl")
    rows: list[Row] = [row for row in ptbxl.load(given.data / "ptbxl") if row.split == given.split]
    print(f"{'share, %':<16}   n" + "".join(f"{sign:>11}" for sign in SIGNS))
    for name, holds in GROUPS.items():
        found = [measure(ptbxl.ecg(row)) for row in [row for row in rows if holds(set(row.labels))][: given.count]]
        if len(found) < LEAST:
            continue
        shares = "".join(f"{100 * np.mean([has(one) for one in found]):11.1f}" for has in SIGNS.values())
        print(f"{name:<16} {len(found):3}{shares}")
    healthy(ptbxl, rows, 2 * given.count)
    for kind in ("arms", "right arm", "left arm"):
        some = rows[:: max(1, len(rows) // given.count)]
        told = [measure(exchanged(ptbxl.ecg(row), kind)).quality.suspected_reversal is not None for row in some]
        print(f"exchanged: {kind:<10} {len(told)} recordings, told in {100 * np.mean(told):.1f} %")


if __name__ == "__main__":
    main()
