"""Pairs share a heart and differ as stated; files are whole, equal for any number of workers, and readable."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.records.read import read
from einthoven.records.simulate_files import Order, simulate_files, split_findings
from einthoven.records.simulate_pairs import STORIES, simulate_pair, simulate_story


@pytest.mark.parametrize("story", STORIES)
def test_every_story_says_what_changed(story: str) -> None:
    pair = simulate_story(story, patient_seed=3)
    assert pair.previous.ecg.person == pair.recent.ecg.person
    assert bool(pair.new) == (story in ("new block", "onset of fibrillation"))
    assert ("ISC" in "".join(pair.resolved)) == (story == "resolved ischaemia")
    assert bool(pair.evolved) == (story == "evolving infarction")
    assert not (set(pair.new) | set(pair.resolved)) & set(pair.unchanged)


def test_an_unchanged_heart_looks_the_same() -> None:
    """The QRS amplitudes of one patient on two days are closer to each other than to another patient's."""
    pair, other = (simulate_pair(("SR",), ("SR",), patient_seed=seed) for seed in (1, 2))
    top = [np.percentile(np.abs(made.ecg.signal_mv), 99, axis=1) for made in (pair.previous, pair.recent, other.recent)]
    assert np.abs(top[0] - top[1]).sum() < np.abs(top[0] - top[2]).sum()
    assert pair.unchanged == ("SR",) and not pair.new and not pair.resolved
    swapped = simulate_pair(("AFIB",), ("SR",), patient_seed=1)
    assert swapped.new == ("SR",) and swapped.resolved == ("AFIB",)


def test_an_unknown_story_is_refused() -> None:
    with pytest.raises(InputError, match="story 'romance'"):
        simulate_story("romance", patient_seed=1)


def test_files_are_equal_for_any_number_of_workers_and_read_back(tmp_path: Path) -> None:
    order = Order(("AFIB", "LVH"), "typical", 10.0, 500.0)
    for workers in (0, 2):
        assert simulate_files(order, tmp_path / str(workers), count=3, seed=4, workers=workers).made == 3
    names = sorted(path.name for path in (tmp_path / "0").glob("AFIB*"))
    assert names == [f"AFIB-LVH-{seed:06d}{end}" for seed in (4, 5, 6) for end in (".dat", ".hea", ".json")]
    for name in names:
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
    ecg = read(tmp_path / "0" / "AFIB-LVH-000004.hea")
    truth = json.loads((tmp_path / "0" / "AFIB-LVH-000004.json").read_text())
    assert {one["code"] for one in truth["findings"]} == {"AFIB", "LVH"} and len(ecg.leads) == 12
    assert simulate_files(order, tmp_path / "0", count=3, seed=4).kept == 3


def test_wrong_orders_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be combined"):
        simulate_files(Order(split_findings("AFIB, SR"), "clean", 10.0, 500.0), tmp_path / "x")
    with pytest.raises(InputError, match="--count 0"):
        simulate_files(Order((), "clean", 10.0, 500.0), tmp_path / "x", count=0)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"quality": "bad"}, "quality 'bad'"), ({"seconds": 0.0}, "0 s"), ({"rate_hz": 5.0}, "5 Hz")],
)
def test_settings_that_are_wrong_for_all_are_refused_before_anything_is_made(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    order = replace(Order((), "clean", 10.0, 500.0), **change)
    with pytest.raises(InputError, match=said):
        simulate_files(order, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_another_length_or_rate_is_another_record(tmp_path: Path) -> None:
    simulate_files(Order((), "clean", 10.0, 500.0), tmp_path)
    assert simulate_files(Order((), "clean", 5.0, 250.0), tmp_path).made == 1
