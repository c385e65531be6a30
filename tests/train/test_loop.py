"""A run that was stopped and taken up again is the run that was never stopped, bit for bit."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor, nn

from einthoven.core.errors import ModelError
from einthoven.train import loop
from einthoven.train.loop import Schedule, train

SCHEDULE = Schedule(steps=8, peak_rate=0.01)


class _Stop(Exception):
    """What kills a run here."""


def _module() -> nn.Module:
    torch.manual_seed(4)
    return nn.Sequential(nn.Conv1d(2, 4, 3), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Flatten(), nn.Linear(4 * 6, 1))


def _loss_of(module: nn.Module) -> Callable[[int], Tensor]:
    def loss_at(step: int) -> Tensor:
        x = torch.sin(torch.arange(5 * 2 * 8, dtype=torch.float32).reshape(5, 2, 8) * (step + 1))
        loss: Tensor = (module(x) - x.sum((1, 2))[:, None]).pow(2).mean()
        return loss

    return loss_at


def _trained(folder: Path) -> dict[str, Tensor]:
    module = _module()
    train(module, _loss_of(module), SCHEDULE, folder, "")
    return module.state_dict()


@pytest.mark.parametrize("stop", [1, 4, 7])
def test_a_resumed_run_ends_with_the_same_bits(stop: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _trained(tmp_path / "whole")
    own = loop._step

    def killed(loss: Tensor, optimizer: torch.optim.Optimizer, schedule: Schedule, step: int) -> float:
        if step == stop:
            raise _Stop
        return own(loss, optimizer, schedule, step)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "SAVE_EVERY_S", -1.0)
        patch.setattr(loop, "_step", killed)
        with pytest.raises(_Stop):
            _trained(tmp_path / "part")
    assert json.loads((tmp_path / "part" / "checkpoint.json").read_text()) == {"step": stop}
    torch.manual_seed(99)  # whatever chance did in between
    again = _trained(tmp_path / "part")
    assert whole.keys() == again.keys()
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_a_finished_run_takes_no_further_step(tmp_path: Path) -> None:
    whole = _trained(tmp_path)
    module = _module()

    def never(step: int) -> Tensor:
        raise AssertionError(f"step {step} again")

    train(module, never, SCHEDULE, tmp_path, "")
    assert all(torch.equal(whole[name], value) for name, value in module.state_dict().items())


def test_dropout_differs_from_step_to_step(tmp_path: Path) -> None:
    module, seen = nn.Linear(3, 1), []

    def loss_at(step: int) -> Tensor:
        seen.append(tuple(torch.rand(4).tolist()))
        loss: Tensor = module(torch.ones(1, 3)).sum()
        return loss

    train(module, loss_at, SCHEDULE, tmp_path, "")
    assert len(set(seen)) == SCHEDULE.steps


def test_a_frozen_part_stays_as_it_is(tmp_path: Path) -> None:
    module = _module()
    before = {name: value.clone() for name, value in module.named_parameters()}
    module.get_submodule("0").requires_grad_(False)
    train(module, _loss_of(module), SCHEDULE, tmp_path, "")
    changed = {name for name, value in module.named_parameters() if not torch.equal(value, before[name])}
    assert changed == {"1.weight", "1.bias", "4.weight", "4.bias"}


def test_the_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    _trained(tmp_path)
    other = nn.Sequential(nn.Conv1d(2, 5, 3))
    with pytest.raises(ModelError, match="is of another model"):
        train(other, lambda step: torch.zeros(1), SCHEDULE, tmp_path, "")


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_last_good_state(tmp_path: Path) -> None:
    module = _module()
    loss_at = _loss_of(module)
    with pytest.raises(ModelError, match="not finite at step 3"):
        train(module, lambda step: loss_at(step) * (math.nan if step == 3 else 1), SCHEDULE, tmp_path, "test")
    assert not (tmp_path / "checkpoint.safetensors").exists()


def test_the_state_is_no_pickle_and_knows_its_step(tmp_path: Path) -> None:
    _trained(tmp_path)
    with safe_open(tmp_path / "checkpoint.safetensors", "pt") as stored:
        assert stored.metadata() == {"step": "8"}
        assert {name.split(".")[0] for name in stored.keys()} == {"weight", "adam"}  # noqa: SIM118
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "checkpoint.json",
        "checkpoint.safetensors",
        "losses.txt",
    ]


def test_the_rate_warms_up_and_falls_as_a_cosine() -> None:
    schedule = Schedule(steps=100, peak_rate=2.0, warmup=0.1)
    assert [schedule.rate(step) for step in (0, 4, 9)] == pytest.approx([0.2, 1.0, 2.0])
    assert schedule.rate(10) == pytest.approx(2.0)
    assert schedule.rate(55) == pytest.approx(1.0)
    assert schedule.rate(99) == pytest.approx(2.0 * 0.5 * (1 + math.cos(math.pi * 89 / 90)))
