"""Measure the simulator: speed, stated figures, outside detectors, bias of the border rule, likeness, transfer.

    python perf/simulator.py speed | stated | detectors | ludb | transfer | tell        [--data ROOT] [--count N]

ROOT holds `ptbxl` and `ludb` as their makers publish them, with `ptbxl/local_split.csv`. Signals are read once and kept
beside the system's temporary files. Nothing here is used by the package or its tests; needs scipy, scikit-learn, wfdb.
"""

import argparse
import ast
import csv
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from einthoven.core.errors import InputError
from einthoven.records.simulate import Stated, simulate
from einthoven.records.simulate_findings import CODES

EIGHT = (0, 1, 6, 7, 8, 9, 10, 11)
RATE_HZ = 500
TARGETS = ("AFIB", "LBBB", "RBBB", "1AVB", "PACE", "MI", "LVH", "NORM")
MEMBERS = {"LBBB": {"CLBBB", "ILBBB"}, "RBBB": {"CRBBB", "IRBBB"}}


def speed(count: int) -> None:
    """ECGs a second of one process, by its own CPU time and by the clock on the wall."""
    for quality in ("clean", "typical"):
        start, wall = time.process_time(), time.time()
        for seed in range(count):
            simulate(
                (("NORM",), ("AFIB", "LVH"), ("CLBBB",), ("SR", "PVC", "IMI"))[seed % 4], seed=seed, recording=quality
            )
        cpu = time.process_time() - start
        print(f"{quality}: {count / cpu:.0f} ECGs per CPU second, {count / (time.time() - wall):.0f} per second now")


def stated(count: int) -> None:
    """Largest deviation of the truth from what was stated."""
    worst = dict.fromkeys(("heart_rate_bpm", "rr_ms", "pr_ms", "qrs_ms", "qt_ms", "axis_deg"), 0.0)
    law = 0.0
    for seed in range(count):
        random = np.random.default_rng(seed)
        want: Stated = {
            "rate_bpm": random.uniform(50, 110),
            "pr_ms": random.uniform(120, 220),
            "qrs_ms": random.uniform(75, 150),
            "qt_ms": random.uniform(330, 420),
            "axis_deg": random.uniform(-90, 120),
        }
        made = simulate(("SR",), seed=seed, **want)
        got = made.truth.intervals
        for name in ("pr_ms", "qrs_ms", "qt_ms"):
            worst[name] = max(worst[name], abs((got[name] or 0) - want[name]))
        worst["rr_ms"] = max(worst["rr_ms"], abs((got["rr_ms"] or 0) - 60_000 / want["rate_bpm"]))
        worst["axis_deg"] = max(worst["axis_deg"], abs((made.truth.axis_deg["qrs"] or 0) - want["axis_deg"]))
        lead = made.ecg.lead
        law = max(law, float(np.abs(lead("I") + lead("III") - lead("II")).max()) * 1000)
        law = max(law, float(np.abs(lead("aVR") + lead("aVL") + lead("aVF")).max()) * 1000)
    print(f"{count} ECGs, worst: {worst}; law residual {law:.4f} microvolt")


def detectors(count: int) -> None:
    """Rate by wfdb's XQRS and, where NeuroKit2 is installed, intervals by its delineator, against the truth."""
    from wfdb import processing

    off = []
    for seed in range(count):
        made = simulate(
            (("SR",), ("AFIB",), ("SR", "CLBBB"), ("SR", "IMI:old"))[seed % 4], seed=seed, recording="typical"
        )
        steep = np.percentile(np.abs(np.diff(made.ecg.signal_mv, axis=1)), 99, axis=1)
        signal = made.ecg.signal_mv[steep.argmax()].astype(np.float64)  # the lead a reader would choose
        peaks = processing.xqrs_detect(signal, RATE_HZ, verbose=False)
        rate = 60 * RATE_HZ / np.median(np.diff(peaks)) if len(peaks) > 2 else np.nan
        off.append(abs(rate - (made.truth.intervals["heart_rate_bpm"] or np.nan)))
    print(f"XQRS on {count}: within 3 bpm {np.mean(np.array(off) <= 3):.1%}, median {np.nanmedian(off):.2f} bpm")


def real(root: Path, part: str) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """(records, 8, 5000) int16 microvolt, and codes, patient, age and sex of each."""
    folder = root / "ptbxl"
    chosen = {row["ecg_id"] for row in csv.DictReader((folder / "local_split.csv").open()) if row["split"] == part}
    rows = [row for row in csv.DictReader((folder / "ptbxl_database.csv").open()) if row["ecg_id"] in chosen]
    about = [{"codes": set(ast.literal_eval(row["scp_codes"])), "patient": row["patient_id"]} for row in rows]
    kept = Path(tempfile.gettempdir()) / "sim" / f"{part}.npy"
    if kept.is_file():
        return np.load(kept), about
    from einthoven.records.read import read

    kept.parent.mkdir(exist_ok=True)
    signals = np.zeros((len(rows), 8, 5000), np.int16)
    for index, row in enumerate(rows):
        signals[index] = np.rint(read(folder / row["filename_hr"]).twelve()[0][EIGHT, :5000] * 1000)
    np.save(kept, signals)
    return signals, about


def like(codes: set[str], seed: int) -> tuple[np.ndarray, set[str]]:
    """A simulated ECG (int16 microvolt) with these labels, and the labels less those that cannot be combined."""
    left = [code for code in sorted(codes) if code in CODES]
    while True:
        try:
            made = simulate(left, seed=seed, recording="typical")
            return np.rint(made.ecg.signal_mv[EIGHT, :] * 1000).astype(np.int16), set(left)
        except InputError as error:
            words = str(error).replace(",", " ").replace(":", " ").split()
            named = [code for code in left if code in words]
            left.remove(named[-1] if named else left[-1])


def features(signal_uv: np.ndarray) -> np.ndarray:
    """Median beat at 100 Hz in eight leads, rhythm figures, sharpness and band powers of one recording."""
    from scipy.ndimage import uniform_filter1d
    from scipy.signal import find_peaks

    signal = signal_uv / 1000.0
    signal = signal - uniform_filter1d(signal, 400, axis=1)
    slow = uniform_filter1d(signal, 9, axis=1)
    steep = uniform_filter1d(np.abs(np.gradient(slow, axis=1)).sum(axis=0), 50)
    peaks, _ = find_peaks(steep, height=0.4 * np.percentile(steep, 99), distance=130)
    sharp = np.sort(np.abs(np.diff(signal, n=2, axis=1)).max(axis=0))[-40::13]
    power = np.abs(np.fft.rfft(signal, axis=1)) ** 2
    bands = [
        np.log10(power[:, low * 10 : high * 10].mean() + 1e-6)
        for low, high in ((1, 4), (4, 9), (9, 15), (15, 30), (30, 48))
    ]
    whole = [peak for peak in peaks if 150 <= peak < signal.shape[1] - 250]
    if len(whole) < 2:
        return np.zeros(8 * 80 + 13)
    beats = np.stack([slow[:, peak - 150 : peak + 250] for peak in whole])
    beat = np.median(beats, axis=0)[:, ::5]
    rest = np.std(beats[:, :, 60:100], axis=0).mean()
    cycle = np.diff(peaks) / RATE_HZ
    rhythm = [
        np.median(cycle),
        cycle.std() / cycle.mean(),
        np.abs(np.diff(cycle)).mean() if len(cycle) > 1 else 0,
        rest,
    ]
    return np.concatenate([beat.ravel(), rhythm, sharp, bands, [beats[:, 2, 20:60].std()]])


def targets(codes: set[str]) -> list[bool]:
    """Whether the eight target labels hold."""
    infarct = {"IMI", "ASMI", "AMI", "ALMI", "ILMI", "LMI", "IPMI", "IPLMI", "PMI"}
    groups = MEMBERS | {"MI": infarct}
    return [bool(codes & groups.get(name, {name})) for name in TARGETS]


SUPERCLASSES = ("NORM", "MI", "STTC", "CD", "HYP")


def superclass(codes: set[str]) -> list[bool]:
    """Whether the five diagnostic superclasses hold."""
    from einthoven.core.findings import FINDINGS

    held = {FINDINGS[code].superclass for code in codes if code in FINDINGS}
    return [name in held for name in SUPERCLASSES]


def fit(x: np.ndarray, y: np.ndarray, passes: int = 25) -> Any:
    """A function from features to scores: the mean of small networks."""
    import warnings

    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    warnings.simplefilter("ignore")  # the nets are stopped early on purpose
    scale = StandardScaler().fit(x)
    inside = np.clip(scale.transform(x), -5, 5)
    nets = [MLPClassifier((64,), alpha=1.0, max_iter=passes, random_state=seed).fit(inside, y) for seed in range(3)]
    return lambda z: np.mean([net.predict_proba(np.clip(scale.transform(z), -5, 5)) for net in nets], axis=0)


FEW = 40  # real training records below which a label counts as rare
FEWEST = 5  # positives below which no AUC is reported


def aucs(y: np.ndarray, score: np.ndarray) -> np.ndarray:
    """(labels,) AUC, not a number where a label has one class only."""
    from scipy.stats import rankdata

    many = y.sum(axis=0)
    ranks = rankdata(score, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(((ranks * y).sum(axis=0) - many * (many + 1) / 2) / (many * (len(y) - many)))


def tables(labels: tuple[str, ...], y: np.ndarray, scores: dict[str, np.ndarray], patients: list[str]) -> None:
    """Print AUC, macro AUC and what both have over real alone, with 95 % intervals over patients, drawn in pairs."""
    kept = [column for column in range(len(labels)) if y[:, column].sum() >= FEWEST]
    y, random, names = y[:, kept], np.random.default_rng(0), np.array(patients)
    each = [np.flatnonzero(names == name) for name in sorted(set(patients))]
    draws = [np.concatenate([each[i] for i in random.integers(len(each), size=len(each))]) for _ in range(1000)]

    def row(title: str, value: float, drawn: np.ndarray) -> None:
        low, high = np.nanpercentile(drawn, [2.5, 97.5])
        print(f"{title:30s} {value:+.3f} [{low:+.3f}, {high:+.3f}]")

    found = {}
    for name, score in scores.items():
        score = score[:, kept]
        found[name] = aucs(y, score), np.array([aucs(y[rows], score[rows]) for rows in draws])
    for other in ("real", "real, longer"):
        found[f"both - {other}"] = (found["both"][0] - found[other][0], found["both"][1] - found[other][1])
    for name, (value, drawn) in found.items():
        for place, column in enumerate(kept):
            row(f"{name}  {labels[column]} n={int(y[:, place].sum())}", value[place], drawn[:, place])
        row(f"{name}  macro of {len(kept)}", value.mean(), np.nanmean(drawn, axis=1))
    left_out = [label for column, label in enumerate(labels) if column not in kept]
    print(f"left out, fewer than {FEWEST} positives: {', '.join(left_out) or 'none'}")


def transfer(root: Path, count: int) -> None:
    """Train on simulated, on real, and on both; test on real `valid`."""
    (train, about), (valid, known) = real(root, "train"), real(root, "valid")
    random = np.random.default_rng(0)
    rare = [row for row, one in enumerate(about) if any(targets(one["codes"])[:5])]  # drawn again beyond all of train
    chosen = np.concatenate([random.permutation(len(about)), random.choice(rare, max(count - len(about), 0))])[:count]
    drawn = [like(about[row]["codes"], seed) for seed, row in enumerate(chosen.tolist())]
    made = np.stack([features(signal) for signal, _ in drawn])
    labels = [codes for _, codes in drawn]
    kept = Path(tempfile.gettempdir()) / "sim" / "features.npz"
    if kept.is_file():
        real_x, valid_x = np.load(kept)["real"], np.load(kept)["valid"]
    else:
        real_x, valid_x = (np.stack([features(one) for one in part]) for part in (train, valid))
    np.savez(kept, made=made, real=real_x, valid=valid_x)
    patients = [one["patient"] for one in known]
    often = Counter(code for one in about for code in one["codes"])
    few = tuple(sorted(code for code, many in often.items() if many < FEW and code in CODES))
    kinds = ((targets, TARGETS), (superclass, SUPERCLASSES), (lambda codes: [code in codes for code in few], few))
    for kind, names in kinds:
        y_made = np.array([kind(codes) for codes in labels])
        y_real, y_valid = (np.array([kind(one["codes"]) for one in part]) for part in (about, known))
        sets = {"simulated": (made, y_made), "real": (real_x, y_real),
                "both": (np.vstack([real_x, made]), np.vstack([y_real, y_made]))}  # fmt: skip
        scores = {name: fit(x, y)(valid_x) for name, (x, y) in sets.items()}
        longer = round(25 * (len(made) + len(real_x)) / len(real_x))
        scores["real, longer"] = fit(real_x, y_real, longer)(valid_x)  # as many steps of training as both
        tables(names, y_valid, scores, patients)


def tell(root: Path) -> None:
    """Tell real from simulated with the features of the last `transfer`, and name what gives it away."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.preprocessing import StandardScaler

    kept = np.load(Path(tempfile.gettempdir()) / "sim" / "features.npz")
    x = np.vstack([kept["real"], kept["made"]])
    y = np.arange(len(x)) >= len(kept["real"])
    half = np.random.default_rng(0).random(len(x)) < 0.5
    x = np.clip(StandardScaler().fit_transform(x), -5, 5)
    names = [
        f"{lead} {10 * (step - 30)} ms"
        for lead in ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
        for step in range(80)
    ]
    names += [
        "cycle",
        "cv",
        "rmssd",
        "rest",
        *(f"sharp{i}" for i in range(4)),
        *(f"band{i}" for i in range(5)),
        "V1 rest",
    ]
    for title, columns in (("beat", slice(0, 640)), ("rest", slice(640, None)), ("all", slice(None))):
        model = LogisticRegression(C=0.01, max_iter=200).fit(x[half][:, columns], y[half])
        score = roc_auc_score(y[~half], model.predict_proba(x[~half][:, columns])[:, 1])
        print(f"real or simulated, {title}: AUC {score:.3f}")
    alone = [abs(roc_auc_score(y, column) - 0.5) for column in x.T]
    print("gives away most:", [(names[i], round(0.5 + alone[i], 2)) for i in np.argsort(alone)[::-1][:14]])


def ludb(root: Path, count: int) -> None:
    """Fit each annotated wave of LUDB by three Gaussians, apply the border rule to the fit, compare with the annotator.

    LUDB's leads are normalised to about 1 mV peak to peak; they are taken as 1 mV, as a typical lead is.
    """
    import wfdb
    from scipy.optimize import least_squares

    from einthoven.records.simulate_heart import borders

    found: dict[str, list[float]] = {f"{wave} {end}": [] for wave in "PNt" for end in ("on", "off")}
    for name in sorted((root / "ludb" / "data").glob("*.hea"), key=lambda path: int(path.stem))[:count]:
        stem = str(name.with_suffix(""))
        record = wfdb.rdrecord(stem)
        for column, lead in enumerate(record.sig_name):
            if lead.lower() not in ("ii", "v2", "v5"):
                continue
            marks = wfdb.rdann(stem, lead.lower())
            signal = record.p_signal[:, column] / np.ptp(record.p_signal[:, column])
            kinds, at = marks.symbol, marks.sample
            spans = [
                (kinds[i], at[i - 1], at[i + 1])
                for i in range(1, len(kinds) - 1)
                if kinds[i] in "pNt" and kinds[i - 1] == "(" and kinds[i + 1] == ")"
            ]
            for symbol, on, off in [next((s for s in spans[3:] if s[0] == kind), None) or ("", 0, 0) for kind in "pNt"]:
                if symbol:
                    got = _rule_on_fit(signal, int(on), int(off), least_squares, borders)
                    if got is not None:
                        key = {"p": "P", "N": "N", "t": "t"}[symbol]
                        found[f"{key} on"].append((got[0] - on) * 2.0)
                        found[f"{key} off"].append((got[1] - off) * 2.0)
    for key, values in found.items():
        title = key.replace("N", "QRS").replace("t ", "T ")
        low, middle, high = np.percentile(values, [25, 50, 75])
        print(
            f"{title}: rule - annotator median {middle:+.1f} ms, quartiles {low:+.1f} to {high:+.1f}, n={len(values)}"
        )


def _rule_on_fit(signal: np.ndarray, on: int, off: int, least_squares: Any, borders: Any) -> tuple[float, float] | None:
    """Borders by the rule, in samples, of the Gaussians that fit one wave; None where they do not fit it."""
    wide = max(off - on, 10)
    low, high = max(on - wide // 4, 0), min(off + wide // 4, len(signal))
    clock = np.arange(low, high)
    before, after = signal[max(on - 9, 0) : max(on - 2, 1)].mean(), signal[off + 3 : off + 10].mean()
    base = np.interp(clock, [on - 5, off + 5], [before, after])  # levels outside of the marks, so as not to pin them
    part = signal[low:high] - base

    def curve(p: np.ndarray, at: np.ndarray) -> np.ndarray:
        bumps = [p[3 * k] * np.exp(-0.5 * ((at - p[3 * k + 1]) / p[3 * k + 2]) ** 2) for k in range(3)]
        return np.asarray(np.sum(bumps, axis=0))

    top = part[np.abs(part).argmax()]
    start = np.ravel([(top * s, on + wide * at, wide / 8) for s, at in ((0.5, 0.35), (1.0, 0.5), (0.5, 0.65))])
    limits = np.ravel([(-9, on, wide / 30) for _ in range(3)]), np.ravel([(9, off, wide / 3) for _ in range(3)])
    got = least_squares(lambda p: curve(p, clock) - part, start, bounds=limits, max_nfev=60)
    if np.std(got.fun) > 0.15 * np.std(part):
        return None
    grid = np.arange(on - wide, off + wide, 0.5)
    begin, _, end, seen = borders(curve(got.x, grid)[None, :])
    return (grid[0] + begin[0] / 2, grid[0] + end[0] / 2) if seen[0] else None


def main() -> None:
    """Run one measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("speed", "stated", "detectors", "ludb", "transfer", "tell"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=200)
    given = parser.parse_args()
    simple = {"speed": speed, "stated": stated, "detectors": detectors}
    if given.what in simple:
        simple[given.what](given.count)
    elif given.what == "tell":
        tell(given.data)
    else:
        {"ludb": ludb, "transfer": transfer}[given.what](given.data, given.count)


if __name__ == "__main__":
    main()
