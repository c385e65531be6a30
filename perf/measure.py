"""Speed and memory of `measure`, and what its answers do when the recording is changed in ways that must not matter.

python perf/measure.py speed            one record on one core, part by part, and a batch over workers
python perf/measure.py day              24 hours of three leads: time and memory
python perf/measure.py metamorphic --data ROOT [--count N]     on LUDB and PTB-XL `valid` recordings
python perf/measure.py rate --data ROOT                        heart rate beside NeuroKit2 and XQRS, PTB-XL `valid`
python perf/measure.py simulated [--count N]                   intervals less the simulator's truth, by finding
"""

import argparse
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from einthoven import measure, simulate
from einthoven.core.ecg import Ecg
from einthoven.core.measurements import Measurements
from einthoven.measure.files import measure_batch, measure_file
from einthoven.measure.network import probabilities
from einthoven.measure.piece import find_waves, usable
from einthoven.measure.prepare import prepare
from einthoven.records.datasets import load_dataset
from einthoven.records.resample import resample
from einthoven.records.write import write_wfdb

INTERVALS = ("pr_ms", "qrs_ms", "qt_ms")


def timed(work: Callable[[], object], times: int = 20) -> float:
    """Return the median of several runs in milliseconds."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken)) * 1000


def speed() -> None:
    """Print the parts of one measurement, and records a second in a batch."""
    ecg = simulate(["NORM"], seed=1, recording="typical").ecg
    leads, rows_mv = usable(ecg)
    x_LT = prepare(rows_mv, ecg.rate_hz)
    print(f"prepare          {timed(lambda: prepare(rows_mv, ecg.rate_hz)):6.1f} ms")
    print(f"network          {timed(lambda: probabilities(x_LT)):6.1f} ms")
    print(f"waves            {timed(lambda: find_waves(rows_mv, ecg.rate_hz, leads)):6.1f} ms (with both)")
    print(f"measure          {timed(lambda: measure(ecg)):6.1f} ms for 12 leads, 10 s, one core")
    with TemporaryDirectory() as folder:
        names = [write_wfdb(simulate([], seed=seed).ecg, folder, f"r{seed}").name for seed in range(200)]
        listed = Path(folder) / "list.txt"
        listed.write_text("\n".join(Path(name).stem for name in names))
        for workers in (1, 2):
            start = time.perf_counter()
            measure_batch(listed, Path(folder) / f"out{workers}.jsonl", workers)
            taken = time.perf_counter() - start
            print(f"batch, {workers} workers {len(names) / taken:6.1f} records a second, with start-up")


def day() -> None:
    """Print time and peak memory of 24 hours of three leads."""
    hour = simulate(["PVC"], seed=5, seconds=3600, rate_hz=250).ecg
    places = [hour.leads.index(lead) for lead in ("II", "V1", "V5")]
    with TemporaryDirectory() as folder:
        long = Ecg(np.tile(hour.signal_mv[places], (1, 24)), ("II", "V1", "V5"), 250.0)
        write_wfdb(long, folder, "day")
        del long, hour
        if os.fork():
            os.wait()
            return
        start = time.perf_counter()
        found = measure_file(Path(folder) / "day")
        taken = time.perf_counter() - start
        text = found.to_json()
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        beats = sum(wave["wave"] == "QRS" for wave in text["waves"]["II"])
        print(f"24 h, 3 leads, 250 Hz: {taken:.0f} s, {beats} beats, peak {peak_mib:.0f} MiB with all waves as JSON")
        os._exit(0)


def recordings(data: Path, count: int) -> Iterator[Ecg]:
    """Yield recordings of LUDB, then of PTB-XL `valid`."""
    for name in ("ludb", "ptbxl"):
        dataset = load_dataset(name)
        rows = [row for row in dataset.load(data / name) if name == "ludb" or row.split == "valid"]
        for row in rows[:count]:
            yield dataset.ecg(row)


def changes(ecg: Ecg) -> dict[str, tuple[Ecg, float]]:
    """Return the same ECG changed, and the sample of the slower rate in ms."""
    step = 1000 / ecg.rate_hz
    signal = ecg.signal_mv
    upside = signal.copy()
    upside[ecg.leads.index("V2")] *= -1
    offset = np.linspace(-2, 2, len(signal), dtype=np.float32)[:, None]
    found = {
        "offset": (ecg.with_signal(signal + offset, ecg.rate_hz), step),
        "twice as large": (ecg.with_signal(2 * signal, ecg.rate_hz), step),
        "0.7 as large": (ecg.with_signal(np.float32(0.7) * signal, ecg.rate_hz), step),
        "V2 upside down": (ecg.with_signal(upside, ecg.rate_hz), step),
        "37 ms later": (
            ecg.with_signal(np.pad(signal, ((0, 0), (round(0.037 * ecg.rate_hz), 0)), mode="edge"), ecg.rate_hz),
            step,
        ),
        "first 0.1 s cut": (ecg.with_signal(signal[:, round(0.1 * ecg.rate_hz) :].copy(), ecg.rate_hz), step),
    }
    for rate_hz in (250.0, 360.0, 1000.0):
        found[f"{rate_hz:g} Hz"] = (resample(ecg, rate_hz), 1000 / min(rate_hz, ecg.rate_hz))
    return found


def metamorphic(data: Path, count: int) -> None:
    """Print for each change how far intervals move, and how often the presence of a wave changes."""
    moved: dict[str, list[float]] = {}
    within: dict[str, list[bool]] = {}
    presence: dict[str, list[bool]] = {}
    for ecg in recordings(data, count):
        before = measure(ecg)
        for name, (changed, sample_ms) in changes(ecg).items():
            after = measure(changed)
            for figure in INTERVALS:
                one, other = before.figures[figure], after.figures[figure]
                presence.setdefault(name, []).append((one is None) != (other is None))
                if one is not None and other is not None:
                    moved.setdefault(name, []).append(abs(one - other))
                    within.setdefault(name, []).append(abs(one - other) <= sample_ms)
    print(f"{'change':<18}    n  within a sample  within 12 ms  99 % within  presence changes")
    for name, values in moved.items():
        twelve = np.mean(np.array(values) <= 12)
        print(
            f"{name:<18} {len(values):4} {100 * np.mean(within[name]):12.1f} % {100 * twelve:12.1f} %"
            f" {np.percentile(values, 99):9.1f} ms {100 * np.mean(presence[name]):12.2f} %"
        )


def rate(data: Path) -> None:
    """Print how often the rate agrees within 3 bpm with two detectors that agree with each other (lead II)."""
    import neurokit2
    from wfdb.processing import XQRS

    dataset, agreed, right = load_dataset("ptbxl"), 0, 0
    for row in dataset.load(data / "ptbxl"):
        if row.split != "valid":
            continue
        ecg = dataset.ecg(row)
        lead = ecg.lead("II").astype(float)
        xqrs = XQRS(lead, ecg.rate_hz)
        xqrs.detect(verbose=False)
        peaks = neurokit2.ecg_peaks(neurokit2.ecg_clean(lead, int(ecg.rate_hz)), int(ecg.rate_hz))[1]["ECG_R_Peaks"]
        one, other = (
            60 * ecg.rate_hz / np.median(np.diff(at)) if len(at) > 2 else np.nan for at in (xqrs.qrs_inds, peaks)
        )
        if not abs(one - other) <= 3:
            continue
        agreed += 1
        ours: Measurements = measure(ecg)
        close = ours.heart_rate_bpm is not None and abs(ours.heart_rate_bpm - (one + other) / 2) <= 3
        right += close
        if not close:
            print(
                f"{row.id}: XQRS {one:.1f}, NeuroKit2 {other:.1f}, ours {ours.heart_rate_bpm}; {', '.join(row.labels)}"
            )
    print(f"heart rate within 3 bpm of both: {right} of {agreed} ({100 * right / agreed:.1f} %)")


def simulated(count: int) -> None:
    """Print measured less true intervals of simulated ECGs with typical noise: mean and SD in ms."""
    for finding in ("NORM", "AFIB", "CRBBB", "CLBBB", "LVH", "IMI"):
        apart: dict[str, list[float]] = {}
        for seed in range(count):
            made = simulate([finding], seed=90_000 + seed, recording="typical")
            found = measure(made.ecg)
            for figure in INTERVALS:
                true, ours = made.truth.intervals[figure], found.figures[figure]
                if true is not None and ours is not None:
                    apart.setdefault(figure, []).append(ours - true)
        cells = (f"{name} {np.mean(one):+6.1f} +- {np.std(one):4.1f} (n {len(one)})" for name, one in apart.items())
        print(f"{finding:<6} " + "   ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "day", "metamorphic", "rate", "simulated"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=200)
    given = parser.parse_args()
    if given.what in ("metamorphic", "rate") and given.data is None:
        parser.error("--data: give the folder that holds ludb/ and ptbxl/")
    if given.what == "metamorphic":
        metamorphic(given.data, given.count)
    elif given.what == "rate":
        rate(given.data)
    elif given.what == "simulated":
        simulated(given.count)
    else:
        {"speed": speed, "day": day}[given.what]()


if __name__ == "__main__":
    main()
