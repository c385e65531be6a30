"""The training loop: AdamW with warm-up and cosine, stops and resumes at any step, same code on CPU and GPU.

What step n sees, dropout too, is a pure function of n, so a resumed run takes the very steps of an uninterrupted one.
State is kept in safetensors, never in a pickle.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from einthoven.core.atomic import atomic_path, atomic_write
from einthoven.core.errors import ModelError
from einthoven.core.progress import Progress
from einthoven.core.rng import rng

SAVE_EVERY_S = 120.0


@dataclass(frozen=True)
class Schedule:
    """How long and how fast: steps, peak learning rate, share of warm-up, weight decay (matrices only)."""

    steps: int
    peak_rate: float
    warmup: float = 0.1
    weight_decay: float = 0.02
    clip_norm: float = 1.0

    def rate(self, step: int) -> float:
        """Learning rate of a step: linear warm-up, then cosine to zero."""
        start = max(1, round(self.warmup * self.steps))
        if step < start:
            return self.peak_rate * (step + 1) / start
        return self.peak_rate * 0.5 * (1 + math.cos(math.pi * (step - start) / max(1, self.steps - start)))


def train(module: nn.Module, loss_at: Callable[[int], Tensor], schedule: Schedule, folder: Path, label: str) -> None:
    """Train the parameters of `module` that want gradients; `loss_at(step)` gives the loss of a step.

    torch's chance in a step follows from the seed that was last set before this call, the label and the step.
    Takes up `folder/checkpoint.safetensors` where there is one. Mean losses go to `folder/losses.txt`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    named = {name: p for name, p in module.named_parameters() if p.requires_grad}
    optimizer = _optimizer(named, schedule)
    first = _resume(module, optimizer, named, folder / "checkpoint.safetensors")
    module.train()
    progress = Progress(label, schedule.steps - first)
    saved_at = time.monotonic()
    recent: list[float] = []
    seed = torch.initial_seed()
    with (folder / "losses.txt").open("a") as log:
        for step in range(first, schedule.steps):
            torch.manual_seed(int(rng("torch", label, seed, step).integers(1 << 62)))
            recent.append(_step(loss_at(step), optimizer, schedule, step))
            if not math.isfinite(recent[-1]):
                raise ModelError(f"{label}: the loss is not finite at step {step}; lower the learning rate")
            if len(recent) == 25:
                log.write(f"{step + 1}\t{sum(recent) / len(recent):.5f}\n")
                log.flush()
                recent.clear()
            progress.step(failed=False)
            if time.monotonic() - saved_at > SAVE_EVERY_S or step + 1 == schedule.steps:
                _save(module, optimizer, named, step + 1, folder / "checkpoint.safetensors")
                saved_at = time.monotonic()
    progress.close()


def _step(loss: Tensor, optimizer: torch.optim.Optimizer, schedule: Schedule, step: int) -> float:
    for group in optimizer.param_groups:
        group["lr"] = schedule.rate(step)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    torch.nn.utils.clip_grad_norm_(parameters, schedule.clip_norm)
    optimizer.step()
    return float(loss.detach())


def autocast(device: torch.device) -> torch.autocast:
    """Return bfloat16 autocast where the hardware is fast at it, else a context that does nothing."""
    fast = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def best_device() -> torch.device:
    """Return the GPU if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _optimizer(named: dict[str, nn.Parameter], schedule: Schedule) -> torch.optim.AdamW:
    matrices = [p for p in named.values() if p.ndim > 1]
    others = [p for p in named.values() if p.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": schedule.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW([group for group in groups if group["params"]], lr=schedule.peak_rate)


def _kept(module: nn.Module, named: dict[str, nn.Parameter]) -> dict[str, Tensor]:
    """Return trainable parameters, and the buffers of modules that hold some (running means of norms)."""
    owners = {name.rpartition(".")[0] for name in named}
    buffers = {name: b for name, b in module.named_buffers() if name.rpartition(".")[0] in owners}
    return {**{name: p.data for name, p in named.items()}, **buffers}


def _save(
    module: nn.Module, optimizer: torch.optim.Optimizer, named: dict[str, nn.Parameter], step: int, path: Path
) -> None:
    from safetensors.torch import save_file

    state = {f"weight.{name}": value.contiguous() for name, value in _kept(module, named).items()}
    for name, parameter in named.items():
        for key, value in optimizer.state.get(parameter, {}).items():
            state[f"adam.{key}.{name}"] = value.contiguous()
    with atomic_path(path) as part:
        save_file(state, part, metadata={"step": str(step)})
    atomic_write(path.with_suffix(".json"), json.dumps({"step": step}).encode())


def _resume(module: nn.Module, optimizer: torch.optim.Optimizer, named: dict[str, nn.Parameter], path: Path) -> int:
    from safetensors import safe_open

    if not path.is_file():
        return 0
    with safe_open(path, "pt") as stored:
        step = int(stored.metadata()["step"])
        keys = set(stored.keys())
        for name, value in _kept(module, named).items():
            if f"weight.{name}" not in keys or stored.get_slice(f"weight.{name}").get_shape() != list(value.shape):
                raise ModelError(f"{path}: is of another model ({name} does not fit); use another --out folder")
            value.copy_(stored.get_tensor(f"weight.{name}"))
        for name, parameter in named.items():
            moments = {key: f"adam.{key}.{name}" for key in ("step", "exp_avg", "exp_avg_sq")}
            if moments["step"] in keys:
                optimizer.state[parameter] = {
                    key: stored.get_tensor(place).to("cpu" if key == "step" else parameter.device)
                    for key, place in moments.items()
                }
    return step
