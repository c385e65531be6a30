"""Training recordings packed small: I, II, V1..V6 at 250 Hz as int16 microvolt, in pieces of at most 60 MB.

The other four leads follow exactly from I and II, so eight are stored. A pack is a folder with `pack.json` and
`piece-NN.safetensors`; it travels to any machine and needs no dataset beside it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.atomic import atomic_write
from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError
from einthoven.core.leads import CHEST
from einthoven.core.progress import Progress
from einthoven.records.datasets import Row, load_dataset
from einthoven.records.splits import patient_folds
from einthoven.runtime.arrays import RATE_HZ, SAMPLES, level

EIGHT = ("I", "II", *CHEST)
PIECE_RECORDS = 1400  # 1400 x 8 x 2500 x 2 bytes = 56 MB
FOLDS = 10
CALIBRATION_FOLDS, TRAIN_FOLDS = range(1), range(1, FOLDS)  # of patients in `train`
UV_PER_MV = 1000.0


@dataclass(frozen=True, eq=False)
class Pack:
    """signal_N8S: (N, 8, 2500) int16 microvolt; rows: one dict each with id, patient, split, fold, labels, person."""

    signal_N8S: NDArray[np.int16]
    rows: tuple[dict[str, Any], ...]

    def where(self, split: str, folds: range = range(FOLDS)) -> NDArray[np.int64]:
        """Return the places of the rows of a split whose patient fold is in `folds`."""
        return np.array([i for i, row in enumerate(self.rows) if row["split"] == split and row["fold"] in folds], int)


def is_pack(folder: Path) -> bool:
    return (folder / "pack.json").is_file()


def open_pack(folder: Path) -> Pack:
    """Read a pack. Raises InputError when the folder is none, or a piece is missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    if not is_pack(folder):
        raise InputError(f"{folder}: no pack.json; give a pack, or a folder that holds ptbxl/")
    try:
        about = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
        names, rows = about["pieces"], tuple(about["rows"])
        missing = [name for name in names if Path(name).name != name or not (folder / name).is_file()]
        if missing:
            raise InputError(
                f"{folder / missing[0]}: this piece of the pack is missing; copy all of {', '.join(names)}"
            )
        signal = np.concatenate([load_file(folder / name)["signal_uv"] for name in names])
        if signal.shape != (len(rows), len(EIGHT), SAMPLES) or signal.dtype != np.int16:
            raise ValueError(f"{len(rows)} rows, but signals of {signal.dtype} {signal.shape}")
    except (ValueError, KeyError, TypeError, SafetensorError) as error:
        raise InputError(f"{folder}: this pack is damaged ({error}); make it again") from error
    return Pack(signal, rows)


def make_pack(root: Path, folder: Path) -> Pack:
    """Pack the PTB-XL recordings under `root`; a row that lacks one of the eight leads is left out and counted."""
    dataset = load_dataset("ptbxl")
    rows = dataset.load(root / "ptbxl")
    folds = patient_folds([row.patient for row in rows], FOLDS, "pack")
    signals, kept, left_out = [], [], 0
    progress = Progress("pack", len(rows))
    for row in rows:
        signal = _eight(dataset.ecg(row))
        progress.step(failed=signal is None)
        if signal is None:
            left_out += 1
            continue
        signals.append(signal)
        kept.append(_about(row, folds[row.patient]))
    progress.close()
    if not signals:
        raise InputError(f"{root / 'ptbxl'}: none of {len(rows)} recordings can be packed")
    folder.mkdir(parents=True, exist_ok=True)
    names = _write_pieces(np.stack(signals), folder)
    about = {"pieces": names, "rate_hz": RATE_HZ, "leads": EIGHT, "left_out": left_out, "rows": kept}
    atomic_write(folder / "pack.json", json.dumps(about).encode())
    return open_pack(folder)


def _eight(ecg: Ecg) -> NDArray[np.int16] | None:
    from einthoven.records.resample import resample

    signal, mask = resample(ecg, RATE_HZ).twelve()
    wanted = [0, 1, *range(6, 12)]
    if not mask[wanted].all():
        return None
    microvolt: NDArray[np.int16] = np.rint(level(signal[wanted], SAMPLES) * UV_PER_MV).astype(np.int16)
    return microvolt


def _about(row: Row, fold: int) -> dict[str, Any]:
    person = {"age_years": row.person.age_years, "sex": row.person.sex}
    return {"id": row.id, "patient": row.patient, "split": row.split, "fold": fold, "labels": row.labels, **person}


def _write_pieces(signal_N8S: NDArray[np.int16], folder: Path) -> list[str]:
    from safetensors.numpy import save

    names = []
    for number, start in enumerate(range(0, len(signal_N8S), PIECE_RECORDS)):
        names.append(f"piece-{number:02d}.safetensors")
        atomic_write(folder / names[-1], save({"signal_uv": signal_N8S[start : start + PIECE_RECORDS]}))
    return names
