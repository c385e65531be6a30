"""What the delineator is taught: shares of samples, what is known, views that keep marks and signal together."""

from pathlib import Path

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.waves import Wave
from einthoven.measure.prepare import RATE_HZ
from einthoven.train.delineator import DelineatorRecipe, load_material
from einthoven.train.delineator_data import (
    EDGE_S,
    SOURCE_HZ,
    Marked,
    View,
    batch,
    load_without_p,
    make_simulated,
    target,
)

STEP_S = 1 / RATE_HZ
TIMES_S = np.arange(500, dtype=np.float64) * STEP_S


def test_a_sample_that_a_border_divides_belongs_to_both_by_share() -> None:
    waves = (Wave("QRS", 0.402, 0.43, 0.481, 1.0), Wave("T", 0.6, 0.7, 0.8, 1.0))
    y, w = target(waves, TIMES_S, STEP_S)
    assert y[2].sum() * STEP_S == pytest.approx(0.079, abs=1e-6)
    assert y[3].sum() * STEP_S == pytest.approx(0.2, abs=1e-6)
    assert y.sum(axis=0) == pytest.approx(np.ones(500))
    assert y[2, round(0.4 / STEP_S)] == pytest.approx(0.0), "its end lies at 0.402"
    known = TIMES_S[w > 0]
    assert known[0] == pytest.approx(0.402 - EDGE_S, abs=STEP_S)
    assert known[-1] == pytest.approx(0.8 + EDGE_S, abs=STEP_S)


def test_where_a_border_was_not_marked_nothing_is_known() -> None:
    _, w = target((Wave("P", 0.1, 0.15, 0.2, 1.0), Wave("QRS", None, 0.5, 0.54, 1.0)), TIMES_S, STEP_S)
    assert w[round(0.45 / STEP_S)] == 0
    assert w[round(0.3 / STEP_S)] == w[round(0.53 / STEP_S)] == 1
    assert target((), TIMES_S, STEP_S)[1].sum() == 0


def _triangle(seconds: float = 10.0) -> Marked:
    """A lead that is one where its waves are and zero elsewhere, so that signal and marks can be compared."""
    times = np.arange(round(seconds * SOURCE_HZ)) / SOURCE_HZ
    starts: list[float] = np.arange(0.3, seconds - 0.2, 0.8).tolist()
    signal = np.zeros(len(times), np.float32)
    for start in starts:
        signal[(times >= start) & (times < start + 0.1)] = 1
    waves = tuple(Wave("QRS", start, start + 0.05, start + 0.1, 1.0) for start in starts)
    return Marked("a", "a", np.tile(signal, (12, 1)), (waves,) * 12)


@pytest.mark.parametrize("seed", range(4))
def test_a_view_that_begins_anywhere_keeps_marks_on_the_signal(seed: int) -> None:
    x, y, w = batch((_triangle(),), View(3, 5.12, 0.0), np.random.default_rng(seed))
    assert x.shape == (1, 1, 3, 1280) and y.shape == (1, 4, 3, 1280) and w.shape == (1, 3, 1280)
    inside = x[0, 0, 0][(y[0, 2, 0] == 1) & (w[0, 0] > 0)]
    outside = x[0, 0, 0][(y[0, 0, 0] == 1) & (w[0, 0] > 0)]
    assert np.abs(inside).min() > np.abs(outside).max()


def test_a_recording_without_p_teaches_its_absence_and_nothing_else() -> None:
    one = Marked("b", "b", _triangle().rows_LS, kind="no P")
    _, y, w = batch((one,), View(2, 5.12, 0.0), np.random.default_rng(0))
    assert (y[0, 1] == 0).all() and (y[0, [0, 2, 3]] == 1).all() and (w == 1).all()


def test_the_borders_of_simulated_waves_are_not_taught() -> None:
    one = make_simulated(2)[1]
    assert one.kind == "simulated" and len(one.waves) == 12
    _, _, w = batch((one,), View(12, 9.984, 0.0), np.random.default_rng(0))
    assert 0.1 < (w == 0).mean() < 0.6


def test_only_fibrillation_and_flutter_of_train_are_without_p(data: Path) -> None:
    found = load_without_p(data / "ptbxl")
    assert found and all(one.kind == "no P" and not one.waves for one in found)
    assert all(int(one.patient) % 5 for one in found), "valid has every fifth patient"


def test_a_folder_without_ludb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ludb"):
        load_material(tmp_path, DelineatorRecipe("tiny"))
