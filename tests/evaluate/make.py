"""Sets with experts' marks for tests: simulated signals, marked by their own truth, laid out as published."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import wfdb

from einthoven.core.seen import patient_key
from einthoven.core.waves import Wave
from einthoven.evaluate.merged import merged
from einthoven.measure.network import FILE, WEIGHTS
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb

_SYMBOLS = {"P": "p", "QRS": "N", "T": "t"}
LUDB_PATIENTS = {"9001": 1, "9002": 3, "9003": 5}  # patient -> seed
QTDB_PATIENTS = {"sel9001": 1, "sel9002": 3}


def beat(at_s: float, p: bool = True) -> list[Wave]:
    """One beat whose complex begins at `at_s`: P of 100 ms, PR of 160 ms, QRS of 90 ms, QT of 400 ms."""
    waves = [
        Wave("P", at_s - 0.16, at_s - 0.11, at_s - 0.06, 1.0),
        Wave("QRS", at_s, at_s + 0.04, at_s + 0.09, 1.0),
        Wave("T", at_s + 0.2, at_s + 0.3, at_s + 0.4, 1.0),
    ]
    return waves if p else waves[1:]


def plain(waves: Iterable[Wave]) -> list[dict[str, Any]]:
    """Waves as `einthoven measure --json` prints them."""
    return [
        {"wave": one.wave, "on_s": one.on_s, "peak_s": one.peak_s, "off_s": one.off_s, "confidence": one.confidence}
        for one in waves
    ]


def write_ludb(root: Path) -> Path:
    """Write three records of 5 s with the marks of all their whole waves in each lead."""
    (root / "data").mkdir(parents=True)
    with (root / "ludb.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("ID", "Sex", "Age", "Rhythms"))
        writer.writerows((patient, "F\n", "51\n", "Sinus rhythm") for patient in LUDB_PATIENTS)
    for patient, seed in LUDB_PATIENTS.items():
        made = simulate([], seed=seed, seconds=5.0)
        path = write_wfdb(made.ecg, root / "data", patient)
        for lead, waves in made.truth.waves.items():
            mark(path.with_suffix(f".{lead.lower()}"), waves, 500)
    return root


def write_qtdb(root: Path) -> Path:
    """Write two records of 12 s in two leads; of each, the waves of 3 to 9 s are marked, on both leads together."""
    root.mkdir(parents=True)
    for name, seed in QTDB_PATIENTS.items():
        made = simulate([], seed=seed, seconds=12.0, rate_hz=250.0)
        signal_mv = np.stack([made.ecg.lead("II"), made.ecg.lead("V5")], axis=1).astype(np.float64)
        wfdb.wrsamp(name, 250, ["mV", "mV"], ["MLII", "V5"], signal_mv, fmt=["16", "16"], write_dir=str(root))
        both = merged({lead: made.truth.waves[lead] for lead in ("II", "V5")})
        mark(root / f"{name}.q1c", [one for one in both if 3 < (one.on_s or 0) < 9], 250)
    (root / "RECORDS").write_text("\n".join(QTDB_PATIENTS) + "\n")
    return root


def mark(file: Path, waves: Sequence[Wave], rate_hz: int) -> None:
    """Write the waves that have all three marks."""
    times = [
        (time, symbol)
        for one in waves
        for time, symbol in ((one.on_s, "("), (one.peak_s, _SYMBOLS[one.wave]), (one.off_s, ")"))
        if None not in (one.on_s, one.peak_s, one.off_s)
    ]
    samples = np.array([round((time or 0) * rate_hz) for time, _ in times])
    assert (np.diff(samples) > 0).all(), "waves of this signal overlap; take another seed"
    wfdb.wrann(file.stem, "qxc", samples, [symbol for _, symbol in times], fs=rate_hz, write_dir=str(file.parent))
    file.with_suffix(".qxc").rename(file)  # wrann takes no digit in an extension, rdann does


def write_model(folder: Path, seen: Iterable[tuple[str, str]] = ()) -> Path:
    """Make a folder with the package's network that says it was trained on these (dataset, patient)."""
    folder.mkdir(parents=True)
    (folder / FILE).symlink_to(WEIGHTS / FILE)
    keys = [patient_key(dataset, patient) for dataset, patient in seen]
    (folder / "seen.json").write_text(json.dumps({"patients": keys}))
    return folder
