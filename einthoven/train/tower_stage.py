"""First stage: the signal tower learns the findings of the train recordings, then stays as it is."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from einthoven.core.errors import InputError
from einthoven.core.findings import SUPERCLASS_NAMES, superclasses
from einthoven.core.rng import rng
from einthoven.model.tower import EcgTower, TowerOutput
from einthoven.runtime.arrays import RATE_HZ, twelve_from_eight
from einthoven.train.loop import Schedule, autocast, train
from einthoven.train.pack import TRAIN_FOLDS, UV_PER_MV, Pack


@dataclass(frozen=True)
class TowerStage:
    """Settings of the first stage. `least` is how many train recordings a finding needs to get an output."""

    schedule: Schedule = field(default_factory=lambda: Schedule(steps=1000, peak_rate=3e-3))
    batch: int = 32
    least: int = 10
    channels: tuple[int, ...] = (32, 48, 64, 96, 128, 192)
    width: int = 7
    dropout: float = 0.2
    superclass_weight: float = 4.0


def findings_of(pack: Pack, places: NDArray[np.int64], least: int) -> tuple[str, ...]:
    """Return the tower's outputs: the five superclasses, then every code that `least` recordings carry."""
    counted = Counter(code for place in places for code in pack.rows[place]["labels"])
    return (*SUPERCLASS_NAMES, *sorted(code for code, n in counted.items() if n >= least and code != "NORM"))


def targets(pack: Pack, findings: tuple[str, ...]) -> NDArray[np.float32]:
    """Return (N, F): 1 where a recording carries a finding at any likelihood."""
    rows = [set(row["labels"]) | superclasses(row["labels"]) for row in pack.rows]
    return np.array([[finding in carried for finding in findings] for carried in rows], np.float32)


def twelve_leads(pack: Pack, places: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return (n, 12, S) millivolt for these rows."""
    return np.stack([twelve_from_eight(pack.signal_N8S[place].astype(np.float32) / UV_PER_MV) for place in places])


def augmented(x_BLS: NDArray[np.float32], random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Return signals and lead masks as other electrodes, moments and devices would have given them.

    Amplitude +-15 %, baseline wander, muscle noise, a cyclic shift in time, leads off in a part, some cut short.
    """
    batch, leads, samples = x_BLS.shape
    seconds = np.arange(samples, dtype=np.float32) / np.float32(RATE_HZ)
    x = x_BLS * random.uniform(0.85, 1.15, (batch, 1, 1)).astype(np.float32)
    wander_hz, phase = random.uniform(0.05, 0.45, (batch, 1, 1)), random.uniform(0, 2 * np.pi, (batch, leads, 1))
    size_mv = random.uniform(0, 0.1, (batch, 1, 1)) * random.normal(size=(batch, leads, 1))
    x = x + (size_mv * np.sin(2 * np.pi * wander_hz * seconds + phase)).astype(np.float32)
    noise_mv = random.uniform(0, 0.02, (batch, 1, 1)).astype(np.float32)
    x = x + noise_mv * random.standard_normal(x.shape, np.float32)
    x = np.roll(x, int(random.integers(samples)), axis=2)
    some_off = random.random((batch, 1)) < 0.5
    mask = (random.random((batch, leads)) > 0.1 * some_off).astype(np.float32)
    for row in np.flatnonzero(random.random(batch) < 0.15):
        x[row, :, int(random.integers(samples // 2, samples)) :] = 0
    return torch.from_numpy(x * mask[:, :, None]), torch.from_numpy(mask)


def train_tower(
    pack: Pack, stage: TowerStage, seed: int, folder: Path, device: torch.device
) -> tuple[EcgTower, tuple[str, ...]]:
    """Train on all train rows outside patient fold 0, which is kept for calibration. Returns tower and findings.

    Raises InputError when there are fewer than fill a batch.
    """
    places = pack.where("train", TRAIN_FOLDS)
    if len(places) < stage.batch:
        raise InputError(f"the data hold {len(places)} recordings to train on; at least {stage.batch} are needed")
    findings = findings_of(pack, places, stage.least)
    torch.manual_seed(seed)
    tower = EcgTower(stage.channels, stage.width, len(findings), stage.dropout).to(device)
    target = targets(pack, findings)
    weight = torch.ones(len(findings), device=device)
    weight[: len(SUPERCLASS_NAMES)] = stage.superclass_weight
    per_epoch = len(places) // stage.batch

    def loss_at(step: int) -> Tensor:
        epoch, place = divmod(step, per_epoch)
        order = rng("tower order", seed, epoch).permutation(places)
        chosen = order[place * stage.batch : (place + 1) * stage.batch]
        x, mask = augmented(twelve_leads(pack, chosen), rng("tower wear", seed, step))
        with autocast(device):
            logits = tower(x.to(device), mask.to(device)).logits_BF
        truth = torch.from_numpy(target[chosen]).to(device)
        each = functional.binary_cross_entropy_with_logits(logits.float(), truth, reduction="none")
        return (each * weight).mean()

    train(tower, loss_at, stage.schedule, folder, "tower")
    return tower.eval(), findings


@torch.no_grad()
def tower_outputs(tower: EcgTower, x_NLS: Tensor, mask_NL: Tensor, batch: int = 64) -> TowerOutput:
    """Run the tower over many ECGs; results on the CPU."""
    device = next(tower.parameters()).device
    parts = [
        tower(x_NLS[i : i + batch].to(device), mask_NL[i : i + batch].to(device)) for i in range(0, len(x_NLS), batch)
    ]
    return TowerOutput(
        torch.cat([part.tokens_BTD.float().cpu() for part in parts]),
        torch.cat([part.summary_BD.float().cpu() for part in parts]),
        torch.cat([part.logits_BF.float().cpu() for part in parts]),
    )
