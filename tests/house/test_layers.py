"""A package imports, at module level, only what stands to its left; torch stays where it belongs."""

import ast
import subprocess
import sys

import pytest

from tests.house.source import at_module_level, imported, modules
from tests.support import ROOT

_GROUND = {"core", "records", "measure", "render"}
LEFT_OF = {
    "": {"core"},  # einthoven/__init__.py: the rest is loaded on first use
    "core": set(),
    "records": {"core"},
    "measure": {"core", "records"},
    "render": {"core", "records", "measure"},
    "instruct": _GROUND,
    "evaluate": _GROUND | {"instruct"},
    "runtime": _GROUND,
    "ask": _GROUND | {"runtime"},
    "ask_batch": _GROUND | {"runtime", "ask"},
    "serve": _GROUND | {"runtime", "ask"},
    "model": _GROUND | {"runtime"},
    "train": _GROUND | {"runtime", "model", "instruct", "evaluate"},
    "cli": {"core"},  # anything else inside the command that needs it
}
# Part of the torch backend, which `runtime` loads by name.
TORCH_BACKEND = {"einthoven.runtime.torch_backend", "einthoven.runtime.tree_tensors"}
NEEDS_TORCH = {"torch", "transformers", "peft", "accelerate"}
HEAVY = NEEDS_TORCH | {
    "scipy",
    "wfdb",
    "cv2",
    "PIL",
    "pypdfium2",
    "pandas",
    "matplotlib",
    "sklearn",
    "tokenizers",
    "gguf",
    "fastapi",
}


def _layer(dotted: str) -> str:
    return dotted.removeprefix("einthoven").removeprefix(".").partition(".")[0]


def _is_free_of_torch(dotted: str) -> bool:
    return dotted not in TORCH_BACKEND and _layer(dotted) not in {"model", "train"}


@pytest.mark.parametrize("dotted", list(modules()))
def test_imports_at_module_level_go_left(dotted: str) -> None:
    here = _layer(dotted)
    known = LEFT_OF.keys() - {""}
    for statement in at_module_level(modules()[dotted].body):
        names = [name for name in imported(statement) if name.startswith("einthoven.")]
        wrong = {_layer(name) for name in names if _layer(name) in known} - LEFT_OF[here] - {here}
        assert not wrong, f"line {statement.lineno}: {here or 'einthoven'} may not import {sorted(wrong)}"


@pytest.mark.parametrize("dotted", [name for name in modules() if _is_free_of_torch(name)])
def test_no_torch_even_inside_functions(dotted: str) -> None:
    if _layer(dotted) == "cli":
        pytest.skip("a command may import anything that it needs")
    for node in ast.walk(modules()[dotted]):
        if isinstance(node, ast.Import | ast.ImportFrom):
            wrong = {name.partition(".")[0] for name in imported(node)} & NEEDS_TORCH
            assert not wrong, f"line {node.lineno}: {dotted} imports {sorted(wrong)}"


def _loaded_after(code: str) -> set[str]:
    """Top-level names in sys.modules of a fresh interpreter after `code`."""
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_the_guard_sees_what_an_import_loads() -> None:
    assert {"einthoven", "numpy"} <= _loaded_after("import einthoven.core.ecg")


@pytest.mark.parametrize("name", ["einthoven", "einthoven.cli"])
def test_what_every_user_imports_loads_nothing_heavy(name: str) -> None:
    assert not _loaded_after(f"import {name}") & HEAVY


def test_all_but_model_and_train_load_where_torch_cannot() -> None:
    """With torch and its family made impossible to import, every other module still loads (serve has its own extra)."""
    block = f"import sys\nfor name in {sorted(NEEDS_TORCH)}: sys.modules[name] = None\n"
    free = [name for name in modules() if _is_free_of_torch(name) and not name.endswith("__main__")]
    _loaded_after(block + "\n".join(f"import {name}" for name in free if _layer(name) != "serve"))
