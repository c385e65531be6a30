"""The public names of `einthoven` are those of the contract and mean the same whatever was imported before."""

import subprocess
import sys
import tomllib

import pytest

import einthoven
from tests.support import ROOT

CONTRACT = {"read", "read_page", "measure", "render", "simulate", "ask"}


def test_the_names_of_the_contract_are_there() -> None:
    assert set(einthoven.__all__) >= CONTRACT
    assert set(einthoven.__all__) <= set(dir(einthoven))
    for name in einthoven.__all__:
        assert getattr(einthoven, name) is not None


def test_a_name_is_a_function_even_after_its_package_was_imported() -> None:
    """`einthoven.render` is a package too: importing it binds that name to the module."""
    code = f"from importlib import import_module, util\nnames = {sorted(CONTRACT)}\n"
    code += "for name in names: util.find_spec('einthoven.' + name) and import_module('einthoven.' + name)\n"
    code += "import einthoven; print(*[name for name in names if not callable(getattr(einthoven, name))])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = einthoven.no_such_name


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert einthoven.__version__ == project["version"]
