"""What the delineator is taught with: recordings with the waves of each lead, and views of them as others record.

Only what lies between the first and the last mark of a lead is known; the rest is left out of the loss.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.core.leads import TWELVE
from einthoven.core.rng import rng
from einthoven.core.waves import WAVE_NAMES, Wave
from einthoven.measure.prepare import RATE_HZ, normalise
from einthoven.records.datasets import load_dataset
from einthoven.records.datasets.ludb import Ludb
from einthoven.records.simulate import simulate
from einthoven.train.delineator_views import as_others_record, lose_some

SOURCE_HZ = 500.0
NUMBERS = {name: place for place, name in enumerate(WAVE_NAMES, 1)}  # 0 is none
EDGE_S = 0.04  # beyond the first and last mark there is nothing for so long
MARGIN_S = 0.035  # about the borders of simulated waves
UNKNOWN_S = 0.12  # about a border that was not marked

# What is made: more of what LUDB has little of.
MADE: tuple[tuple[str, ...], ...] = (
    ("AFIB",), ("AFIB",), ("AFIB", "CLBBB"), ("AFIB", "PVC"), ("AFLT",), ("AFLT",), ("AFLT", "CRBBB"),
    ("2AVB",), ("MOBITZ1",), ("MOBITZ2",), ("3AVB",), ("3AVB",), ("PVC",), ("PVC",), ("VCOUP",), ("BIGU",),
    ("PAC",), ("PAC",), ("ACOUP",), ("PACE",), ("VPACE",), ("DPACE",), ("VTACH",), ("SVTAC",), ("PSVT",),
    ("JUNC",), ("CLBBB",), ("CLBBB",), ("CRBBB",), ("CRBBB", "LAFB"), ("WPW",), ("STACH",), ("STACH", "INVT"),
    ("SBRAD",), ("LNGQT",), ("SHRTQT",), ("HYPERK",), ("LVH", "STRAIN"), ("LVOLT",), ("IMI:acute",),
    ("ASMI:acute",), ("1AVB",), ("SARRH",), ("VESC",),
)  # fmt: skip
Array = NDArray[np.float32]


Kind = Literal["expert", "simulated", "no P"]


@dataclass(frozen=True, eq=False)
class Marked:
    """One recording: rows_LS (12, S) at 500 Hz, the waves of each lead, and how far they are to be believed.

    "expert": as they are. "simulated": but for their borders, which a rule has set. "no P": there are no marks, and all
    that is known is that there is no P wave.
    """

    id: str
    patient: str
    rows_LS: Array
    waves: tuple[tuple[Wave, ...], ...] = ()
    kind: Kind = "expert"


def load_marked(root: Path) -> tuple[Marked, ...]:
    """Return LUDB's recordings with their marks. Raises as the dataset does."""
    ludb = load_dataset("ludb")
    assert isinstance(ludb, Ludb)
    found = []
    for row in ludb.load(root):
        ecg = ludb.ecg(row)
        waves = tuple(tuple(ludb.annotations(row, lead)) for lead in TWELVE)
        found.append(Marked(row.id, row.patient, ecg.twelve()[0], waves))
    return tuple(found)


def load_without_p(root: Path) -> tuple[Marked, ...]:
    """Return the train recordings of PTB-XL that are labelled atrial fibrillation or flutter."""
    ptbxl = load_dataset("ptbxl")
    rows = [row for row in ptbxl.load(root) if row.split == "train" and {"AFIB", "AFLT"} & row.labels.keys()]
    return tuple(Marked(row.id, row.patient, ptbxl.ecg(row).twelve()[0], kind="no P") for row in rows)


def make_simulated(count: int) -> tuple[Marked, ...]:
    """Return made recordings of rhythms, blocks and beats that LUDB holds few of, with typical or poor quality."""
    made = []
    for number in range(count):
        random = rng("delineator simulated", number)
        findings = MADE[int(random.integers(len(MADE)))]
        one = simulate(findings, seed=number, recording="poor" if random.random() < 0.3 else "typical")
        waves = tuple(tuple(one.truth.waves[lead]) for lead in TWELVE)
        made.append(Marked(f"simulated {number}", f"simulated {number}", one.ecg.twelve()[0], waves, "simulated"))
    return tuple(made)


@dataclass(frozen=True)
class View:
    """How a batch is seen: leads in each recording, seconds, and how strongly it is changed (0: as it is)."""

    leads: int
    seconds: float
    strength: float = 1.0


def batch(marked: tuple[Marked, ...], view: View, random: np.random.Generator) -> tuple[Array, Array, Array]:
    """Return x (B, 1, L, T), targets (B, 4, L, T) and weights (B, L, T) that are 0 where nothing is known.

    Targets are shares of a sample; where only the absence of P is known, all other classes are 1.
    """
    samples = round(view.seconds * RATE_HZ)
    x = np.zeros((len(marked), view.leads, samples), np.float32)
    y = np.zeros((len(marked), 4, view.leads, samples), np.float32)
    w = np.zeros((len(marked), view.leads, samples), np.float32)
    for place, one in enumerate(marked):
        stretch = np.exp(random.uniform(-0.25, 0.25) * view.strength)  # above 1: slower
        length_s = one.rows_LS.shape[1] / SOURCE_HZ * stretch
        start_s = random.uniform(0, max(length_s - view.seconds, 0.0))
        times_s = (start_s + np.arange(samples) / RATE_HZ) / stretch
        chosen = random.permutation(12)[: view.leads]
        grid = np.arange(one.rows_LS.shape[1]) / SOURCE_HZ
        for row, lead in enumerate(chosen):
            x[place, row] = np.interp(times_s, grid, one.rows_LS[lead])
            if one.kind != "no P":
                y[place, :, row], w[place, row] = target(one.waves[lead], times_s, 1 / RATE_HZ / stretch)
            if one.kind == "simulated":
                w[place, row] = _between_borders(one.waves[lead], times_s)
        if one.kind == "no P":
            y[place, [0, 2, 3]], w[place] = 1, 1
        w[place, :, times_s > grid[-1]] = 0
    if view.strength > 0:
        x = as_others_record(x, random, view.strength)
        lose_some(x, y, w, random)
    x = normalise(x)
    if view.strength > 0:
        x *= np.exp(random.normal(0, 0.2, (len(marked), view.leads, 1))).astype(np.float32)
        x *= np.where(random.random((len(marked), view.leads, 1)) < 0.2, -1, 1).astype(np.float32)
    return x[:, None], y, w


def target(waves: tuple[Wave, ...], times_s: NDArray[np.float64], step_s: float) -> tuple[Array, Array]:
    """Return (4, T) shares of each sample that a class covers, and (T,) what is known."""
    y = np.zeros((4, len(times_s)), np.float32)
    w = np.zeros(len(times_s), np.float32)
    known = [t for wave in waves for t in (wave.on_s, wave.peak_s, wave.off_s) if t is not None]
    if not known:
        return y, w
    w[(times_s >= min(known) - EDGE_S) & (times_s <= max(known) + EDGE_S)] = 1
    for wave in waves:
        peak_s = wave.peak_s if wave.peak_s is not None else 0.0
        on_s = wave.on_s if wave.on_s is not None else peak_s
        off_s = wave.off_s if wave.off_s is not None else peak_s
        share = np.clip(
            (np.minimum(times_s + step_s / 2, off_s) - np.maximum(times_s - step_s / 2, on_s)) / step_s, 0, 1
        )
        y[NUMBERS[wave.wave]] = np.maximum(y[NUMBERS[wave.wave]], share)
        if wave.on_s is None:
            w[(times_s > peak_s - UNKNOWN_S) & (times_s < off_s - 0.03)] = 0
        if wave.off_s is None:
            w[(times_s < peak_s + UNKNOWN_S) & (times_s > on_s + 0.03)] = 0
    total = y[1:].sum(axis=0)
    y[1:] /= np.maximum(total, 1)
    y[0] = 1 - y[1:].sum(axis=0)
    return y, w


def _between_borders(waves: tuple[Wave, ...], times_s: NDArray[np.float64]) -> Array:
    """Return 1 where no border is near."""
    borders = np.sort([t for wave in waves for t in (wave.on_s, wave.off_s) if t is not None] or [-1.0])
    after = np.clip(np.searchsorted(borders, times_s), 1, max(len(borders) - 1, 1))
    near = np.minimum(abs(times_s - borders[after - 1]), abs(times_s - borders[np.minimum(after, len(borders) - 1)]))
    return np.asarray(near > MARGIN_S, np.float32)
