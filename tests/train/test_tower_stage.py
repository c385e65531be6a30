"""The first stage learns from `train` without fold 0, towards the labels, and resumes exactly."""

from pathlib import Path

import numpy as np
import pytest
import torch

from einthoven.core.errors import InputError
from einthoven.core.findings import SUPERCLASS_NAMES
from einthoven.core.rng import rng
from einthoven.train import loop
from einthoven.train.loop import Schedule
from einthoven.train.pack import TRAIN_FOLDS, Pack
from einthoven.train.tower_stage import TowerStage, augmented, findings_of, targets, train_tower, twelve_leads
from tests.train.watch import watched

CPU = torch.device("cpu")
STAGE = TowerStage(Schedule(steps=6, peak_rate=3e-3), batch=8, least=1, channels=(8, 8, 8, 8, 8, 16))


def test_no_recording_of_valid_test_or_fold_0_is_ever_in_a_batch(pack: Pack, tmp_path: Path) -> None:
    watch = watched(pack)
    steps = 2 * (len(pack.where("train", TRAIN_FOLDS)) // STAGE.batch)
    stage = TowerStage(Schedule(steps, 1e-3), STAGE.batch, 1, STAGE.channels)
    train_tower(watch.pack, stage, 0, tmp_path, CPU)
    allowed = {place for place, row in enumerate(pack.rows) if row["split"] == "train" and row["fold"] != 0}
    assert watch.signals <= allowed
    assert len(watch.signals) >= len(allowed) - STAGE.batch, "and the others are"


def test_the_targets_are_the_labels(pack: Pack) -> None:
    findings = findings_of(pack, pack.where("train", TRAIN_FOLDS), 1)
    assert findings[:5] == tuple(SUPERCLASS_NAMES)
    assert set(findings[5:]) == {"SR", "CLBBB", "AFIB", "IMI", "LVH", "NDT"}
    expected = {"NORM": "NORM", "CLBBB": "CD", "IMI": "MI", "LVH": "HYP", "NDT": "STTC"}
    for row, target in zip(pack.rows, targets(pack, findings), strict=True):
        carried = set(row["labels"]) | {expected[code] for code in row["labels"] if code in expected}
        assert {finding for finding, there in zip(findings, target, strict=True) if there} == carried


def test_a_finding_needs_enough_recordings_of_train(pack: Pack) -> None:
    places = pack.where("train", TRAIN_FOLDS)
    count = sum("AFIB" in pack.rows[place]["labels"] for place in places)
    assert "AFIB" in findings_of(pack, places, count)
    assert "AFIB" not in findings_of(pack, places, count + 1)


def test_twelve_leads_are_in_millivolt(pack: Pack) -> None:
    x = twelve_leads(pack, np.array([3, 5]))
    assert x.shape == (2, 12, 2500)
    assert x.dtype == np.float32
    assert np.allclose(x[0, 1], pack.signal_N8S[3, 1] / 1000.0)
    assert np.allclose(x[:, 2], x[:, 1] - x[:, 0], atol=1e-5)


def test_wear_keeps_shapes_announces_absent_leads_and_spares_the_original() -> None:
    x = rng("test wear").normal(size=(64, 12, 2500)).astype(np.float32)
    before = x.copy()
    worn, mask = augmented(x, rng("test wear", 1))
    assert worn.shape == (64, 12, 2500)
    assert mask.shape == (64, 12)
    assert worn.dtype == mask.dtype == torch.float32
    assert np.array_equal(x, before)
    assert set(mask.flatten().tolist()) == {0.0, 1.0}
    assert not worn[mask == 0].any()
    assert (worn[mask == 1].abs().amax(1) > 0).all()
    assert 0.01 < float((mask == 0).float().mean()) < 0.1
    again, _ = augmented(x, rng("test wear", 1))
    assert torch.equal(worn, again)


def test_a_stopped_tower_resumes_to_the_same_bits(pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, findings = train_tower(pack, STAGE, 7, tmp_path / "whole", CPU)
    own = loop._step

    def killed(*arguments: object) -> float:
        if arguments[-1] == 3:
            raise KeyboardInterrupt
        return own(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(loop, "SAVE_EVERY_S", -1.0)
        patch.setattr(loop, "_step", killed)
        with pytest.raises(KeyboardInterrupt):
            train_tower(pack, STAGE, 7, tmp_path / "part", CPU)
    resumed, same = train_tower(pack, STAGE, 7, tmp_path / "part", CPU)
    assert same == findings
    expected = whole.state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in resumed.state_dict().items())
    other, _ = train_tower(pack, STAGE, 8, tmp_path / "other", CPU)
    assert any(not torch.equal(value, expected[name]) for name, value in other.state_dict().items())


def test_too_few_recordings_are_told(pack: Pack, tmp_path: Path) -> None:
    stage = TowerStage(STAGE.schedule, batch=1000, least=1, channels=STAGE.channels)
    with pytest.raises(InputError, match="at least 1000 are needed"):
        train_tower(pack, stage, 0, tmp_path, CPU)
