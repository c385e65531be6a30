"""The wheel that a user installs holds everything the package needs, and asks for no torch."""

import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from tests.support import ROOT, tracked_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def _metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return Parser().parsestr(wheel.read(name).decode())


def test_every_file_of_the_package_is_in_it_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == {path for path in tracked_files() if path.startswith("einthoven/")}
    assert "einthoven/runtime/tokenizer.json" in packed


def test_the_findings_and_the_weights_are_in_it(wheel: zipfile.ZipFile) -> None:
    packed = wheel.namelist()
    if (ROOT / "einthoven" / "core" / "findings.py").exists():
        assert any(Path(name).name == "findings.csv" for name in packed)
    if (ROOT / "einthoven" / "weights").is_dir():
        assert any(name.startswith("einthoven/weights/") and name.endswith(".safetensors") for name in packed)


def test_it_installs_the_command_and_asks_for_no_torch_unless_told(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert b"einthoven = einthoven.cli:main" in wheel.read(entry_points)
    always = [line for line in _metadata(wheel).get_all("Requires-Dist", []) if "extra ==" not in line]
    assert always
    assert not [line for line in always if line.startswith(("torch", "transformers", "accelerate", "peft"))]


def test_it_has_its_licence_and_its_version(wheel: zipfile.ZipFile) -> None:
    metadata = _metadata(wheel)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Version"] == project["version"]
    assert any("LICENSE" in name for name in wheel.namelist())


def test_constraints_name_one_version_of_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    names = {name.split(">")[0].split("[")[0].strip().lower() for name in asked}
    assert names - pinned.keys() == {"torch"}  # the Makefile's TORCH decides
