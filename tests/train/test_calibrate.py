"""Calibration looks at the patients of fold 0 only, and its logistic is the right one."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from einthoven.core.rng import rng
from einthoven.runtime.calibration import read_calibration
from einthoven.train.calibrate import calibrate, fit_logistic
from einthoven.train.pack import CALIBRATION_FOLDS, Pack
from tests.train.watch import watched


def test_a_known_logistic_is_found() -> None:
    random = rng("test logistic")
    x = random.normal(-1.0, 1.0, 5000)
    right = random.random(5000) < expit(2.5 * x + 1.0)
    slope, offset = fit_logistic(x.tolist(), right.tolist())
    assert slope == pytest.approx(2.5, abs=0.2)
    assert offset == pytest.approx(1.0, abs=0.2)


def test_without_data_nothing_is_claimed() -> None:
    slope, offset = fit_logistic([], [])
    assert (slope, offset) == pytest.approx((1.0, 0.0), abs=1e-3)


def test_only_patients_that_were_kept_for_it_are_asked_about(pack: Pack, model_folder: Path, tmp_path: Path) -> None:
    folder, watch = Path(shutil.copytree(model_folder, tmp_path / "model")), watched(pack)
    made = calibrate(folder, watch.pack)
    kept = pack.where("train", CALIBRATION_FOLDS)
    assert watch.signals == set(kept.tolist())
    assert made.patients == len({pack.rows[place]["patient"] for place in kept})
    assert min(made.n_yes_no, made.n_choice, made.n_text) > 0
    assert np.isfinite([made.yes_no, made.choice, made.text_slope, made.text_offset]).all()
    assert read_calibration(folder) == made


def test_a_pack_without_such_patients_leaves_likelihoods_as_they_are(
    pack: Pack, model_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(model_folder, tmp_path / "model"))
    made = calibrate(folder, Pack(pack.signal_N8S, tuple(row | {"fold": 1} for row in pack.rows)))
    assert (made.yes_no, made.choice, made.n_yes_no, made.patients) == (1.0, 1.0, 0, 0)
