"""The delineator's network treats leads alike, is exported as it is, leaves its fold out and says whom it saw."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from einthoven.core.seen import patient_key
from einthoven.core.waves import Wave
from einthoven.measure.network import FILE, fold, probabilities, seen_by
from einthoven.train import delineator
from einthoven.train.delineator import DelineatorRecipe, Material, export, loss_at, network, train_one
from einthoven.train.delineator_confidence import fit
from einthoven.train.delineator_data import Marked
from einthoven.train.loop import Schedule

TINY = DelineatorRecipe(
    "tiny", Schedule(steps=3, peak_rate=1e-3), leads_a_step=12, channels=(4, 4, 4, 4, 4), blocks=(1, 1, 1, 1, 1),
    simulated=0,
)  # fmt: skip


def _material(count: int = 6) -> Material:
    random = np.random.default_rng(0)
    waves = tuple(Wave("QRS", at, at + 0.04, at + 0.09, 1.0) for at in np.arange(0.5, 9, 0.9).tolist())
    expert = [
        Marked(str(n), str(n), random.normal(0, 0.1, (12, 5000)).astype(np.float32), (waves,) * 12)
        for n in range(count)
    ]
    return Material(tuple(expert), (Marked("af", "af", expert[0].rows_LS, kind="no P"),), ())


def test_leads_are_alike_and_any_number_will_do() -> None:
    torch.manual_seed(0)
    net = network(TINY).eval()
    x = torch.randn(1, 1, 5, 640)
    order = [3, 1, 4, 0, 2]
    with torch.no_grad():
        y = net(x)
        assert y.shape == (1, 4, 5, 640)
        assert torch.allclose(net(x[:, :, order]), y[:, :, order], atol=1e-5)
        assert net(x[:, :, :1]).shape == (1, 4, 1, 640)
        assert not torch.allclose(net(x[:, :, :1]), y[:, :, :1], atol=1e-3), "other leads are looked at"


def test_the_exported_network_says_what_the_trained_one_says(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = network(TINY)
    export(net, tmp_path / FILE)
    x_LT = np.random.default_rng(0).normal(0, 1, (3, 700)).astype(np.float32)
    padded = np.pad(x_LT, ((0, 0), (0, -700 % 64)), mode="edge")
    with torch.no_grad():
        wanted = torch.softmax(net.eval()(torch.from_numpy(padded)[None, None]), 1)[0, :, :, :700].numpy()
    found = probabilities(x_LT, tmp_path)
    assert found == pytest.approx(wanted, abs=1e-5)
    assert found.sum(axis=0) == pytest.approx(np.ones((3, 700)), abs=1e-5)


def test_training_writes_the_network_and_whom_it_saw_and_is_not_done_twice(tmp_path: Path) -> None:
    folder = train_one(TINY, _material(), tmp_path / "model", lambda: network(TINY))
    first = (folder / FILE).read_bytes()
    assert seen_by(folder) == {patient_key("ludb", str(n)) for n in range(6)} | {patient_key("ptbxl", "af")}
    assert "ludb/1" not in (folder / "seen.json").read_text(), "hashed"
    train_one(TINY, Material((), (), ()), folder, lambda: pytest.fail("made again"))
    assert (folder / FILE).read_bytes() == first


def test_a_run_that_ends_before_it_is_written_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(delineator, "export", killed)
        train_one(TINY, _material(), tmp_path / "model", lambda: network(TINY))
    assert not (tmp_path / "model" / FILE).exists(), "else it would never be finished"
    folder = train_one(TINY, _material(), tmp_path / "model", lambda: network(TINY))
    assert (folder / FILE).is_file() and len(seen_by(folder)) == 7


def test_the_network_of_a_fold_never_sees_its_patients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, set[str]] = {}

    def watch(settings: DelineatorRecipe, material: Material, folder: Path, make: object) -> Path:
        seen[folder.name] = {one.patient for one in material.expert}
        return folder

    monkeypatch.setattr(delineator, "train_one", watch)
    monkeypatch.setattr(delineator, "load_material", lambda *_: _material(40))
    monkeypatch.setattr(delineator, "fit_confidence", lambda *_: None)
    delineator.train_delineator(TINY, tmp_path, tmp_path)
    everybody = {str(n) for n in range(40)}
    assert seen.pop("model") == everybody
    assert len(seen) == 5
    for name, patients in seen.items():
        assert everybody - patients == {patient for patient in everybody if f"fold-{fold(patient)}" == name} != set()


def test_the_loss_falls_when_the_network_says_what_the_marks_say() -> None:
    torch.manual_seed(0)
    material, net = _material(), network(TINY)
    optimizer = torch.optim.Adam(net.parameters(), 1e-2)
    losses = []
    for step in range(12):
        loss = loss_at(net, TINY, material, step % 2, torch.device("cpu"))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert sum(losses[-4:]) < 0.8 * sum(losses[:4])


def test_confidence_learns_the_share_that_was_right_and_never_rises_with_doubt() -> None:
    random = np.random.default_rng(3)
    signs = random.random((4000, 3))
    right = (random.random(4000) < 1 / (1 + np.exp(-(2 - 3 * signs[:, 0] + 2 * signs[:, 1])))).astype(float)
    weights = fit(signs, right)
    assert weights[1] == pytest.approx(-3, abs=0.6)
    assert weights[2] == 0, "more doubt must not mean more confidence"
    assert weights[3] == pytest.approx(0, abs=0.4)
    assert json.dumps(weights)
