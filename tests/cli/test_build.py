"""`einthoven build` as people call it: a set, what it says, and one line for every mistake."""

import json
from pathlib import Path

import pytest

from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from tests.cli.conftest import Einthoven


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three recordings in the layout of Georgia's."""
    folder = tmp_path / "data" / "georgia"
    folder.mkdir(parents=True)
    for number, code in enumerate((426783006, 164889003, 426177001)):
        path = write_wfdb(simulate([], seed=number).ecg, folder, f"E0000{number}")
        path.write_text(f"{path.read_text()}# Age: 60\n# Sex: Male\n# Dx: {code}\n")
    return tmp_path / "data"


def test_a_set_is_built_and_told(einthoven: Einthoven, root: Path, tmp_path: Path) -> None:
    run = einthoven("build", "ecginstruct", "--data", root, "--out", tmp_path / "set", "--samples", 60, "--workers", 0)
    assert run.code == 0
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text())
    assert run.out.startswith(f"{manifest['samples']} samples (")
    assert run.out.rstrip().endswith("Research use only; not for diagnosis.")
    assert manifest["complete"] and manifest["samples"] > 50
    assert "ptbxl: not here" in run.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nope",), "recipe 'nope' is not known; there are ecginstruct, debiased, ecgqa"),
        (("ecginstruct", "--samples", "0"), "--samples 0"),
        (("ecginstruct", "--sampling", "odd"), "--sampling 'odd'"),
        (("ecginstruct", "--seed", "-1"), "--seed -1"),
        (("ecginstruct", "--workers", "-1"), "--workers -1"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_made(
    einthoven: Einthoven, root: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    run = einthoven("build", *words, "--data", root, "--out", tmp_path / "set")
    assert (run.code, run.out) == (2, "")
    assert run.err.count("\n") == 1 and said in run.err
    assert not (tmp_path / "set").exists()
