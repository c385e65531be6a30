"""What several tests need: the folder of recordings beside the checkout, where there is one."""

import os
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
