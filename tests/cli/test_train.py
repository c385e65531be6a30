"""`einthoven train` from a folder of recordings to a model that `einthoven ask` answers with."""

from dataclasses import replace
from pathlib import Path

import pytest

from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from einthoven.train import recipes
from tests.cli.conftest import Einthoven
from tests.train.conftest import write_ptbxl


def test_train_then_ask(
    einthoven: Einthoven, language_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = replace(recipes.rehearsal(), language_model=str(language_model))
    monkeypatch.setitem(recipes.RECIPES, "rehearsal", lambda: tiny)
    data, out = write_ptbxl(tmp_path / "data"), tmp_path / "out"
    words = ["train", "rehearsal", "--data", data, "--out", out]
    run = einthoven(*words)
    assert (run.code, run.out) == (0, f"{out / 'model'}\n")
    assert "tower: 3/3 in" in run.err
    again = einthoven(*words)
    assert (again.code, again.out) == (2, "")
    assert "holds a run already; continue it with --resume" in again.err
    assert einthoven(*words, "--resume").code == 0
    record = write_wfdb(simulate([], seed=3).ecg, tmp_path, "rec")
    asked = einthoven("ask", record, "Is this ECG normal?", "--options", "yes,no", "--model", out / "model")
    assert asked.code == 0
    assert asked.out.splitlines()[0] in ("yes", "no")
