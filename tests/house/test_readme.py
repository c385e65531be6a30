"""What the README says is so: its examples run, its file tree is the disk's."""

import doctest
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.readme import blocks, commands, tree
from tests.support import ROOT, tracked_files

SAME = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """An empty folder with the repository's `examples` in it: what an example writes stays out of the checkout."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


def _run(command: list[str], folder: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{shlex.join(command)}\n{run.stdout}{run.stderr}"
    return run.stdout


def test_python_blocks_run_in_the_order_of_reading(elsewhere: Path) -> None:
    assert blocks("python"), "the README shows how to use the library"
    _run([sys.executable, "-c", "\n".join(blocks("python"))], elsewhere)


def test_commands_run_and_print_what_stands_below_them(elsewhere: Path) -> None:
    """`...` in the README stands for anything, as in doctest; a command with nothing below may print what it likes."""
    assert commands(), "the README shows how to use the command"
    for command in commands():
        words = shlex.split(command.line)[1:]
        printed = _run([sys.executable, "-c", "from einthoven.cli import main; main()", *words], elsewhere)
        want, got = command.prints + "\n", printed.strip() + "\n"
        same = doctest.OutputChecker().check_output(want, got, SAME)
        assert same or not command.prints, f"$ {command.line}\n{printed}"


def _disk() -> set[str]:
    """Every file of the package, the folders around them, and whatever else lies at the top."""
    files = tracked_files()
    package = {path for path in files if path.startswith("einthoven/")}
    folders = {f"{folder.as_posix()}/" for path in package for folder in Path(path).parents if folder.name}
    top = {f"{head}/" if rest else head for head, _, rest in (path.partition("/") for path in files)}
    return package | folders | top


def test_the_file_tree_is_the_disks() -> None:
    """`__init__.py` files and the README itself may be left out."""
    shown, disk = tree(), _disk()
    assert sorted(shown - disk) == [], "in README.md, not on the disk"
    silent = {path for path in disk if path.endswith("__init__.py")} | {"README.md"}
    assert sorted(disk - shown - silent) == [], "on the disk, not in README.md"
