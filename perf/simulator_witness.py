"""Let published detectors read simulated ECGs: PR, QRS and QT by NeuroKit2 in one lead, rate by NeuroKit2 and XQRS.

    python perf/simulator_witness.py [--count 60] [--data ROOT]        (needs: pip install neurokit2 wfdb)

The truth is that of the same lead. With ROOT/ludb the same detectors are held against LUDB's annotators too: a detector
that misses on real recordings cannot witness a figure on simulated ones.
"""

import argparse
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.records.simulate import simulate

try:
    import neurokit2 as nk  # type: ignore[import-not-found]
    import wfdb
    from wfdb import processing
except ImportError as error:
    raise SystemExit(f"{error.name} is missing: pip install neurokit2 wfdb") from None

RATE_HZ = 500
FIGURES = ("pr_ms", "qrs_ms", "qt_ms")
Signal = NDArray[np.float64]
# One beat of one lead: P onset, QRS onset, QRS offset, T offset in seconds; not a number where there is none.
Beats = NDArray[np.float64]
Case = tuple[dict[str, Signal], dict[str, Beats], float]  # leads, true beats of each, true rate


def cases(count: int) -> Iterator[Case]:
    """Sinus rhythm, every figure stated; half of them clean, half with typical noise."""
    for seed in range(count):
        random = np.random.default_rng(seed)
        made = simulate(
            ("SR",), seed=seed, recording=("clean", "typical")[seed % 2],
            rate_bpm=random.uniform(50, 105), pr_ms=random.uniform(120, 220), qrs_ms=random.uniform(75, 150),
            qt_ms=random.uniform(340, 420), axis_deg=random.uniform(-45, 100),
        )  # fmt: skip
        leads = {name: made.ecg.lead(name).astype(np.float64) for name in made.ecg.leads}
        marks = {name: [(one.wave, one.on_s, one.off_s) for one in waves] for name, waves in made.truth.waves.items()}
        yield leads, {name: of_marks(some) for name, some in marks.items()}, made.truth.intervals["heart_rate_bpm"] or 0


def ludb(root: Path) -> Iterator[Case]:
    """All recordings of LUDB that are there, each lead with its annotator's marks."""
    kinds = {"p": "P", "N": "QRS", "t": "T"}
    for header in sorted((root / "ludb" / "data").glob("*.hea"), key=lambda path: int(path.stem)):
        record = wfdb.rdrecord(str(header.with_suffix("")))
        leads, beats = {}, {}
        for column, name in enumerate(record.sig_name):
            note = wfdb.rdann(str(header.with_suffix("")), name.lower())
            at, symbols = note.sample / RATE_HZ, note.symbol
            marks = [
                (kinds[symbol], float(at[i - 1]), float(at[i + 1]))
                for i, symbol in enumerate(symbols[:-1])
                if i and symbol in kinds and symbols[i - 1] == "(" and symbols[i + 1] == ")"
            ]
            leads[name.upper().replace("AV", "aV")] = record.p_signal[:, column]
            beats[name.upper().replace("AV", "aV")] = of_marks(marks)
        cycle = np.diff(beats["II"][:, 1])
        yield leads, beats, 60 / float(np.median(cycle)) if len(cycle) else np.nan


def of_marks(marks: Sequence[tuple[str, float | None, float | None]]) -> Beats:
    """Group waves into beats: a P wave up to 0.4 s before the QRS complex, a T wave up to 0.7 s behind it."""
    known = [(name, np.nan if on is None else on, np.nan if off is None else off) for name, on, off in marks]
    rows = []
    for name, on, off in known:
        if name == "QRS":
            p_on = [start for other, start, _ in known if other == "P" and 0 < on - start < 0.4]
            t_off = [end for other, _, end in known if other == "T" and 0 < end - on < 0.7]
            rows.append((p_on[-1] if p_on else np.nan, on, off, t_off[0] if t_off else np.nan))
    return np.array(rows).reshape(-1, 4)


def detected(signal: Signal, method: str) -> Beats:
    """Beats as NeuroKit2 sees them."""
    clean = nk.ecg_clean(signal, sampling_rate=RATE_HZ)
    peaks = nk.ecg_peaks(clean, sampling_rate=RATE_HZ)[1]["ECG_R_Peaks"]
    waves = nk.ecg_delineate(clean, peaks, sampling_rate=RATE_HZ, method=method)[1]
    names = ("ECG_P_Onsets", "ECG_R_Onsets", "ECG_R_Offsets", "ECG_T_Offsets")
    return np.array([np.asarray(waves[name], np.float64) for name in names]).T / RATE_HZ


def figures(beats: Beats) -> Signal:
    """(beats, 3): PR, QRS and QT in ms."""
    p_on, on, off, end = beats.T
    return np.stack([on - p_on, off - on, end - on], axis=1) * 1000


def difference(true: Beats, found: Beats) -> Signal:
    """(3,) medians over the beats that both have, detector's less true ms; not a number where there is none."""
    if not len(true) or not len(found):
        return np.full(3, np.nan)
    near = np.abs(np.nanmean(found[:, None, 1:3], axis=2) - np.mean(true[:, 1:3], axis=1))  # middles of QRS complexes
    near = np.where(np.isnan(near), np.inf, near)
    pairs = [(row, int(row_near.argmin())) for row, row_near in enumerate(near) if row_near.min() < 0.12]
    if not pairs:
        return np.full(3, np.nan)
    left, right = np.array(pairs).T
    return np.asarray(np.nanmedian(figures(found)[left] - figures(true)[right], axis=0))


def clearest(leads: dict[str, Signal]) -> str:
    """The lead whose steepest slopes stand out most from its usual ones."""
    slopes = {name: np.abs(np.diff(signal)) for name, signal in leads.items() if name != "aVR"}
    return max(
        slopes, key=lambda name: float(np.percentile(slopes[name], 99) / (np.percentile(slopes[name], 60) + 1e-4))
    )


def rate(signal: Signal, detector: str) -> float:
    """Rate by the R peaks of one detector."""
    if detector == "XQRS":
        peaks = processing.xqrs_detect(signal, RATE_HZ, verbose=False)
    else:
        clean = nk.ecg_clean(signal, sampling_rate=RATE_HZ)
        peaks = nk.ecg_peaks(clean, sampling_rate=RATE_HZ)[1]["ECG_R_Peaks"]
    return float(60 * RATE_HZ / np.median(np.diff(peaks))) if len(peaks) > 2 else np.nan


def report(title: str, off: Signal) -> None:
    """Print shares of recordings within 15 ms, as found and less the detector's constant bias on this very set."""
    for column, name in enumerate(FIGURES):
        some = off[:, column][np.isfinite(off[:, column])]
        bias = float(np.median(some))
        plain, free = (np.mean(np.abs(part) <= 15) for part in (some, some - bias))
        words = f"bias {bias:+6.1f} ms, within 15 ms {plain:6.1%}, less bias {free:6.1%}"
        print(f"{title:28s} {name:6s} n={len(some):3d} {words}")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    sets: dict[str, Any] = {"simulated": cases(given.count)}
    if given.data:
        sets["LUDB"] = ludb(given.data)
    for title, some in sets.items():
        off: dict[str, list[Signal]] = {}
        rates: dict[str, list[float]] = {}
        for leads, beats, true_rate in some:
            for where, lead in (("II", "II"), ("clearest lead", clearest(leads))):
                for method in ("dwt", "prominence"):
                    try:
                        found = detected(leads[lead], method)
                    except Exception:  # a detector that fails has not measured
                        found = np.zeros((0, 4))
                    off.setdefault(f"{title} {method} {where}", []).append(difference(beats[lead], found))
                for detector in ("XQRS", "NeuroKit2"):
                    rates.setdefault(f"{detector} {where}", []).append(abs(rate(leads[lead], detector) - true_rate))
        for name, values in off.items():
            report(name, np.array(values))
        for name, gaps in rates.items():
            print(f"{title} rate by {name}: within 3 bpm {np.mean(np.array(gaps) <= 3):.1%} of {len(gaps)}")


if __name__ == "__main__":
    main()
