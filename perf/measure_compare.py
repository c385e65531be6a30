"""Waves of LUDB in one run: by `measure`, by a plain U-Net of the same training, by NeuroKit2; on unseen patients.

python perf/measure_compare.py train --data ROOT --run RUN      trains the plain U-Nets of RUN's folds into RUN/plain
python perf/measure_compare.py table --data ROOT --run RUN [--workers N] [--count N]

python perf/measure_compare.py scatter --data ROOT              how far LUDB's own marks scatter

RUN is what `einthoven train delineator` made. NeuroKit2 (0.2.13) is looked up when the table is made.
"""

import argparse
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from einthoven.core.leads import TWELVE
from einthoven.core.waves import WAVE_NAMES, Wave, WaveName
from einthoven.evaluate.borders import BORDERS, CSE_SD_MS, WIDE_S, Found, add, compare, match
from einthoven.measure.delineation import delineate
from einthoven.measure.entry import LeadWaves, measure_whole
from einthoven.measure.network import FILE, FOLDS, fold, folder_for, probabilities
from einthoven.measure.prepare import prepare
from einthoven.records.datasets import Row
from einthoven.records.datasets.ludb import LUDB

NEUROKIT = ("dwt", "cwt", "peak")
_NAMES = {wave: (f"ECG_{name}_Onsets", f"ECG_{name}_Offsets") for wave, name in (("P", "P"), ("QRS", "R"), ("T", "T"))}


@dataclass(frozen=True)
class Work:
    """All ways on one recording: way -> border -> how it stands."""

    run: Path
    plain: bool
    methods: tuple[str, ...]

    def __call__(self, row: Row) -> dict[str, list[Found]]:
        ecg = LUDB.ecg(row)
        marked = {lead: LUDB.annotations(row, lead) for lead in TWELVE}
        found: dict[str, dict[str, Sequence[Wave]]] = {
            "measure": dict(measure_whole(ecg, folder_for(self.run, row.patient)).waves)
        }
        if self.plain:
            found["plain U-Net"] = plain_waves(ecg.signal_mv, ecg.rate_hz, folder_for(self.run / "plain", row.patient))
        for method in self.methods:
            found[f"NeuroKit2 {method}"] = {
                lead: neurokit_waves(ecg.lead(lead).astype(float), ecg.rate_hz, method) for lead in TWELVE
            }
        judged = {
            way: [
                add(compare(marked[lead], waves.get(lead, []), wave, side) for lead in TWELVE) for wave, side in BORDERS
            ]
            for way, waves in found.items()
        }
        if self.plain:
            for one, other in (("measure", "plain U-Net"), ("plain U-Net", "measure")):
                judged[f"{one}, common"] = [
                    add(common(marked[lead], found[one][lead], found[other][lead], border) for lead in TWELVE)
                    for border in BORDERS
                ]
        return judged


def common(marked: Sequence[Wave], found: Sequence[Wave], other: Sequence[Wave], border: tuple[WaveName, str]) -> Found:
    """Return how the found borders stand against those marks that the other way found too."""
    name = f"{border[1]}_s"
    wanted, ours, theirs = (
        [time for one in waves if one.wave == border[0] if (time := getattr(one, name)) is not None]
        for waves in (marked, found, other)
    )
    seen = {here for here, _ in match(wanted, theirs, WIDE_S)}
    errors = np.array([ours[there] - wanted[here] for here, there in match(wanted, ours, WIDE_S) if here in seen])
    return Found(len(errors), 0, 0, 0, errors * 1000)


def plain_waves(signal_mv: np.ndarray, rate_hz: float, folder: Path) -> dict[str, Sequence[Wave]]:
    """Return the waves of each lead by itself, read from the probabilities as `measure` reads them."""
    found: dict[str, Sequence[Wave]] = {}
    for row, lead in enumerate(TWELVE):
        x_LT = prepare(signal_mv[row : row + 1], rate_hz)
        found[lead] = LeadWaves(delineate(probabilities(x_LT, folder), x_LT, (lead,), np.ones(1, np.float32)), 0)
    return found


def neurokit_waves(lead_mv: np.ndarray, rate_hz: float, method: str) -> list[Wave]:
    """Return the waves that NeuroKit2 finds on an uncut lead; none where it fails."""
    import neurokit2

    rate = int(rate_hz)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            clean = neurokit2.ecg_clean(lead_mv, rate)
            peaks = neurokit2.ecg_peaks(clean, rate)[1]["ECG_R_Peaks"]
            given = neurokit2.ecg_delineate(clean, peaks, rate, method=method)[1]
        except Exception:
            return []
    found = []
    for wave in WAVE_NAMES:
        on, off = (np.asarray(given.get(name, []), float) / rate_hz for name in _NAMES[wave])
        found += [Wave(wave, float(time), None, None, 1.0) for time in on[np.isfinite(on)]]
        found += [Wave(wave, None, None, float(time), 1.0) for time in off[np.isfinite(off)]]
    return found


def train(data: Path, run: Path, folds: int) -> None:
    """Train a plain U-Net for each of the first folds of a run, with all the settings of the recipe."""
    from plain_unet import PlainUNet

    from einthoven.train.delineator import DelineatorRecipe, Material, load_material, train_one

    settings = DelineatorRecipe("plain")
    material = load_material(data, settings)
    for number in range(folds):
        kept = tuple(one for one in material.expert if fold(one.patient) != number)
        parts = Material(kept, material.without_p, material.simulated)
        train_one(settings, parts, run / "plain" / f"fold-{number}", PlainUNet)


def table(data: Path, run: Path, workers: int, count: int | None) -> None:
    """Print the table; recordings of folds whose plain U-Net is there."""
    folds = [number for number in range(FOLDS) if (run / "plain" / f"fold-{number}" / FILE).is_file()]
    rows = [row for row in LUDB.load(data / "ludb") if not folds or fold(row.patient) in folds][:count]
    try:
        import neurokit2

        methods = NEUROKIT
        print(f"NeuroKit2 {neurokit2.__version__}")
    except ImportError:
        methods = ()
        print("NeuroKit2 is not installed: left out")
    with Pool(workers) as pool:
        done = pool.map(Work(run, bool(folds), methods), rows, chunksize=1)
    print(f"{len(rows)} recordings of {len({row.patient for row in rows})} LUDB patients, folds {folds or 'all'}")
    print(f"{'':<20}" + "".join(f"{wave + ' ' + side:>24}" for wave, side in BORDERS))
    print(f"{'CSE limit on SD':<20}" + "".join(f"{CSE_SD_MS.get(border, '-'):>24}" for border in BORDERS))
    for way in done[0]:
        cells = [_cell(add(one[way][place] for one in done)) for place in range(len(BORDERS))]
        print(f"{way:<20}" + "".join(f"{cell:>24}" for cell in cells))
    print("F1 % at 150 ms, mean +- SD ms (median |error|); common: on the marks that both find")


def scatter(data: Path) -> None:
    """Print how far marks lie from lead to lead and from beat to beat, where all leads have the same waves.

    A mark less the beat's median over leads is split into the lead's mean over beats, its habit, and the rest.
    """
    rows = LUDB.load(data / "ludb")
    marked = [[LUDB.annotations(row, lead) for lead in TWELVE] for row in rows]
    for wave, side in BORDERS:
        habits, rests = [], []
        for leads in marked:
            whole = [[one for one in lead if one.wave == wave and None not in (one.on_s, one.off_s)] for lead in leads]
            if len({len(lead) for lead in whole}) != 1 or not whole[0]:
                continue
            times_LB = np.array([[getattr(one, f"{side}_s") for one in lead] for lead in whole])
            times_LB = times_LB - np.median(times_LB, axis=0)
            habit = times_LB.mean(axis=1, keepdims=True)
            habits.append(float((habit**2).mean()))
            rests.append(float(((times_LB - habit) ** 2).mean()))
        habit_ms, rest_ms = (1000 * float(np.sqrt(np.mean(one))) for one in (habits, rests))
        print(f"{wave} {side}: habit of the lead {habit_ms:.1f} ms, the rest {rest_ms:.1f} ms, {len(rests)} recordings")


def _cell(found: Found) -> str:
    if not found.right:
        return "-"
    f1 = 200 * found.right / (2 * found.right + found.false + found.missed)
    errors = found.errors_ms
    return f"{f1:.1f} {errors.mean():+.1f}+-{errors.std():.1f} ({np.median(np.abs(errors)):.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("train", "table", "scatter"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--folds", type=int, default=FOLDS, help="train: how many of the folds")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--count", type=int)
    given = parser.parse_args()
    if given.what == "scatter":
        scatter(given.data)
        return
    if given.run is None:
        parser.error("--run: give what `einthoven train delineator` made")
    if given.what == "train":
        train(given.data, given.run, given.folds)
    else:
        table(given.data, given.run, given.workers, given.count)


if __name__ == "__main__":
    main()
