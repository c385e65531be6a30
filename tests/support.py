"""What several tests need: where the checkout is, what is in it, and the folder of recordings beside it."""

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def data_root() -> Path:
    """EINTHOVEN_TEST_DATA or `../shared/data` beside the checkout; the test is skipped where neither is there."""
    chosen = os.environ.get("EINTHOVEN_TEST_DATA")
    folder = Path(chosen) if chosen else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}; set EINTHOVEN_TEST_DATA to a folder of them")
    return folder


@cache
def tracked_files() -> list[str]:
    """The files of the repository as git sees them: those in it and those about to be, none that are ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
