"""The recipe of the delineator: five networks that each leave a fifth of LUDB's patients out, and one from all.

The five say what the recipe is worth, on patients that they did not see; their measurements also teach the confidences.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from einthoven.core.atomic import atomic_path
from einthoven.core.rng import rng
from einthoven.core.seen import patient_key, write_seen
from einthoven.measure.network import FILE, FOLDS, INPUT, OUTPUT, fold
from einthoven.train.delineator_confidence import fit_confidence
from einthoven.train.delineator_data import Marked, View, batch, load_marked, load_without_p, make_simulated
from einthoven.train.delineator_net import Delineator
from einthoven.train.loop import Schedule, autocast, best_device, train

LEADS_AT_ONCE = (12, 12, 12, 8, 6, 3, 1)


@dataclass(frozen=True)
class DelineatorRecipe:
    """All that decides the weights beside the data. leads_a_step: leads of all recordings of a step together."""

    name: str
    schedule: Schedule = field(default_factory=lambda: Schedule(steps=2800, peak_rate=4e-3))
    leads_a_step: int = 96
    seconds: float = 5.12
    without_p_share: float = 0.06
    simulated_share: float = 0.12
    simulated: int = 660
    channels: tuple[int, ...] = (16, 32, 48, 64, 96)
    blocks: tuple[int, ...] = (1, 1, 2, 2, 2)
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Material:
    """What a network is taught with."""

    expert: tuple[Marked, ...]
    without_p: tuple[Marked, ...]
    simulated: tuple[Marked, ...]


def load_material(data: Path, settings: DelineatorRecipe) -> Material:
    """Return LUDB, the recordings of PTB-XL that hold no P wave (none without ptbxl/), and simulated ones."""
    without_p = load_without_p(data / "ptbxl") if (data / "ptbxl").is_dir() else ()
    return Material(load_marked(data / "ludb"), without_p, make_simulated(settings.simulated))


def train_delineator(settings: DelineatorRecipe, data: Path, out: Path) -> Path:
    """Train the networks of the folds, then the one from all; returns the folder of the latter, as `measure` loads it.

    Writes `out/fold-K/delineator.onnx` and `out/model/delineator.onnx`; what is there already is not made again.
    """
    material = load_material(data, settings)
    for number in range(FOLDS):
        kept = Material(
            tuple(one for one in material.expert if fold(one.patient) != number), material.without_p, material.simulated
        )
        train_one(settings, kept, out / f"fold-{number}", lambda: network(settings))
    model = train_one(settings, material, out / "model", lambda: network(settings))
    fit_confidence(material.expert, out, model)
    return model


def network(settings: DelineatorRecipe) -> nn.Module:
    return Delineator(settings.channels, settings.blocks)


def train_one(settings: DelineatorRecipe, material: Material, folder: Path, make: Callable[[], nn.Module]) -> Path:
    """Train one network and write it as ONNX; a finished one is left as it is, an unfinished one goes on."""
    if (folder / FILE).is_file():
        return folder
    device = best_device()
    torch.manual_seed(settings.seed)
    net = make().to(device)

    def loss(step: int) -> Tensor:
        return loss_at(net, settings, material, step, device)

    train(net, loss, settings.schedule, folder / "training", folder.name)
    expert = {patient_key("ludb", one.patient) for one in material.expert}
    write_seen(folder, expert | {patient_key("ptbxl", one.patient) for one in material.without_p})
    export(net, folder / FILE)  # last: by it a finished network is known
    return folder


def loss_at(net: nn.Module, settings: DelineatorRecipe, material: Material, step: int, device: torch.device) -> Tensor:
    """Return the cross-entropy of one step, over what is known; where only the absence of P is, of that."""
    random = rng("delineator", settings.seed, step)
    leads = int(random.choice(LEADS_AT_ONCE))
    chosen = []
    for share in random.random(max(1, settings.leads_a_step // leads)):
        source = material.expert
        if share < settings.without_p_share and material.without_p:
            source = material.without_p
        elif share > 1 - settings.simulated_share and material.simulated:
            source = material.simulated
        chosen.append(source[int(random.integers(len(source)))])
    x, y, w = (
        torch.from_numpy(array).to(device) for array in batch(tuple(chosen), View(leads, settings.seconds), random)
    )
    with autocast(device):
        logits = net(x.contiguous(memory_format=torch.channels_last))
    log_p = torch.log_softmax(logits.float(), 1)
    only_absence = y.sum(1) > 1.5
    loss = torch.where(only_absence, -torch.logsumexp(log_p + torch.log(y.clamp_min(1e-9)), 1), -(log_p * y).sum(1))
    return (loss * w).sum() / w.sum().clamp_min(1)


class WithSoftmax(nn.Module):
    """The network as it is used: probabilities out."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x_BCLT: Tensor) -> Tensor:
        return torch.softmax(self.net(x_BCLT), 1)


def export(net: nn.Module, path: Path) -> None:
    """Write a network as ONNX that takes any number of recordings, leads and samples (a multiple of MULTIPLE)."""
    axes = {0: "B", 2: "L", 3: "T"}
    example = torch.zeros(1, 1, 12, 640)
    module = WithSoftmax(net.cpu()).eval()
    with atomic_path(path) as part, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter needs one more package
        torch.onnx.export(
            module, (example,), str(part), dynamo=False, opset_version=17,
            input_names=[INPUT], output_names=[OUTPUT], dynamic_axes={INPUT: axes, OUTPUT: axes},
        )  # fmt: skip
