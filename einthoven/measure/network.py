"""The delineator: prepared leads in, the probability of P, QRS and T at every moment of every lead out. No torch."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import ModelError
from einthoven.core.seen import FILE as SEEN
from einthoven.core.seen import read_seen
from einthoven.records.splits import fold_of

FOLDS = 5  # networks that each leave a fifth of LUDB's patients out, beside the one from all
WEIGHTS = Path(__file__).parent.parent / "weights" / "delineator"
FILE = "delineator.onnx"
MULTIPLE = 64  # samples that the network takes at a time
INPUT, OUTPUT = "x_BCLT", "p_BCLT"


def fold(patient: str) -> int:
    """Return the fold 0..4 of a LUDB patient: the network of that fold did not see them."""
    return fold_of(patient, FOLDS, "delineator")


def find_folder(model: str) -> Path:
    """Return the folder of a delineator: `default`, or a folder that training made. Raises ModelError."""
    folder = WEIGHTS if model == "default" else Path(model)
    if not (folder / FILE).is_file() and not (folder / "fold-0" / FILE).is_file():
        raise ModelError(f"{model}: no delineator; give 'default' or a folder that holds {FILE} (or fold-0/{FILE} ..)")
    return folder


def folder_for(folder: Path, patient: str) -> Path:
    """Return the folder of the network to judge on a LUDB patient: of a run's folds, that which did not see them."""
    return folder if (folder / FILE).is_file() else folder / f"fold-{fold(patient)}"


def seen_by(folder: Path) -> frozenset[str]:
    """Return the keys of the patients that the network in a folder was trained or chosen on. Raises ModelError."""
    seen = read_seen(folder)
    if seen is None:
        raise ModelError(f"{folder / SEEN}: cannot be read (it is missing); it says whom the network was trained on")
    return seen.trained | seen.chosen


def name_of(folder: Path) -> str:
    """Return "delineator@hash" of the weights in a folder."""
    return f"delineator@{hashlib.sha256((folder / FILE).read_bytes()).hexdigest()[:12]}"


def probabilities(x_LT: NDArray[np.float32], folder: Path = WEIGHTS) -> NDArray[np.float32]:
    """Return (4, leads, samples) of none, P, QRS and T, which sum to one; x_LT: prepared leads at 250 Hz.

    Raises ModelError when the weights are absent or damaged.
    """
    samples = x_LT.shape[1]
    padded = np.pad(x_LT, ((0, 0), (0, -samples % MULTIPLE)), mode="edge")
    found: NDArray[np.float32] = _session(folder).run([OUTPUT], {INPUT: padded[None, None]})[0][0]
    return found[:, :, :samples]


def check_network(folder: Path = WEIGHTS) -> None:
    """Raise ModelError where the network in a folder is absent or damaged, before any work is begun with it."""
    _session(folder)


@lru_cache(maxsize=8)
def _session(folder: Path) -> Any:
    """Return the loaded network; one core, because records are what is done side by side."""
    import onnxruntime

    path = folder / FILE
    if not path.is_file():
        raise ModelError(f"{path}: not there; this copy has no delineator, install the package again or train one")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises its own classes, which depend on its version
        raise ModelError(f"{path}: not a network that can be run ({type(error).__name__}); install it again") from error
