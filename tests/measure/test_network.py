"""The network takes any number of leads and samples; weights that are absent or damaged are told."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from einthoven.core.errors import ModelError
from einthoven.core.seen import patient_key
from einthoven.measure.network import (
    FILE,
    FOLDS,
    WEIGHTS,
    find_folder,
    fold,
    folder_for,
    name_of,
    probabilities,
    seen_by,
)
from einthoven.measure.prepare import prepare
from tests.measure.make import made


def _prepared() -> np.ndarray:
    return prepare(made().ecg.signal_mv, 500.0)


@pytest.mark.parametrize(("leads", "samples"), [(1, 500), (2, 64), (3, 65), (8, 1), (12, 2500), (15, 1999)])
def test_any_number_of_leads_and_samples_sums_to_one(leads: int, samples: int) -> None:
    x = np.tile(_prepared(), (2, 1))[:leads, :samples]
    p = probabilities(x)
    assert p.shape == (4, leads, samples)
    assert p.min() >= 0
    np.testing.assert_allclose(p.sum(axis=0), 1.0, atol=1e-4)


def test_the_order_of_the_leads_plays_no_part() -> None:
    x = _prepared()
    order = np.array([7, 2, 11, 0, 5, 3, 9, 1, 10, 4, 8, 6])
    np.testing.assert_allclose(probabilities(x[order]), probabilities(x)[:, order], atol=1e-3)


def test_the_true_waves_are_what_it_sees() -> None:
    """Mean probability of a kind within its true waves against that between them."""
    p = probabilities(_prepared())[:, 1]
    at_s = np.arange(p.shape[1]) / 250
    for kind, name in enumerate(("P", "QRS", "T"), start=1):
        inside = np.zeros(len(at_s), bool)
        for wave in made().truth.waves["II"]:
            if wave.wave == name and wave.on_s is not None and wave.off_s is not None:
                inside |= (at_s > wave.on_s) & (at_s < wave.off_s)
        assert p[kind, inside].mean() > 0.7
        assert p[kind, ~inside].mean() < 0.1


def test_weights_that_are_absent_or_damaged_are_told(tmp_path: Path) -> None:
    x = np.zeros((1, 64), np.float32)
    with pytest.raises(ModelError, match="has no delineator"):
        probabilities(x, tmp_path)
    for name, data in (("empty", b""), ("text", b"no network"), ("cut", (WEIGHTS / FILE).read_bytes()[:100_000])):
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_bytes(data)
        with pytest.raises(ModelError, match=f"{name}/{FILE}: not a network that can be run") as caught:
            probabilities(x, tmp_path / name)
        assert "\n" not in str(caught.value)


def test_a_folder_is_found_by_its_name(tmp_path: Path) -> None:
    assert find_folder("default") == WEIGHTS
    with pytest.raises(ModelError, match=re.escape(f"{tmp_path}: no delineator")):
        find_folder(str(tmp_path))
    (tmp_path / "fold-0").mkdir()
    (tmp_path / "fold-0" / FILE).touch()
    assert find_folder(str(tmp_path)) == tmp_path
    assert name_of(WEIGHTS) == f"delineator@{hashlib.sha256((WEIGHTS / FILE).read_bytes()).hexdigest()[:12]}"


def test_a_patient_is_judged_by_a_network_that_did_not_see_them(tmp_path: Path) -> None:
    patients = [f"{number}" for number in range(1, 201)]
    folds = [fold(patient) for patient in patients]
    assert folds == [fold(patient) for patient in patients]
    counts = np.bincount(folds, minlength=FOLDS)
    assert len(counts) == FOLDS
    assert counts.min() > 20  # of 40 by chance
    assert {folder_for(tmp_path, patient) for patient in patients} == {tmp_path / f"fold-{one}" for one in range(FOLDS)}
    assert folder_for(tmp_path, "7") == tmp_path / f"fold-{fold('7')}"
    (tmp_path / FILE).touch()
    assert folder_for(tmp_path, "7") == tmp_path


def test_whom_a_network_was_trained_on_is_said_by_hashes(tmp_path: Path) -> None:
    keys = [patient_key(dataset, patient) for dataset in ("ludb", "qtdb") for patient in ("1", "11")]
    assert len(set(keys)) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", key) for key in keys)
    (tmp_path / "seen.json").write_text(json.dumps({"patients": keys}))
    assert seen_by(tmp_path) == frozenset(keys)
    assert isinstance(seen_by(WEIGHTS), frozenset)


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}", '{"patients": 3}', "null"])
def test_a_list_of_the_seen_that_cannot_be_read_is_told(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "seen.json").write_text(text)
    with pytest.raises(ModelError, match=r"seen\.json: cannot be read"):
        seen_by(tmp_path)
