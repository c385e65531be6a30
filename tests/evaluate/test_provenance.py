"""A folder holds one run, and says what it was made with."""

import subprocess
from pathlib import Path

import pytest

from einthoven.core.errors import JobError
from einthoven.evaluate.provenance import claim, code_hash, commit, read_run


def test_another_run_is_refused_once_there_are_answers(tmp_path: Path) -> None:
    out = tmp_path / "out"
    claim(out, {"task": "one", "items": 3}, {"date": "today"})
    claim(out, {"task": "two", "items": 3}, {"date": "today"})  # nothing was answered yet
    (out / "answers.jsonl").touch()
    claim(out, {"task": "two", "items": 3}, {"date": "tomorrow"})
    with pytest.raises(JobError, match=r"another items, task; give another --out"):
        claim(out, {"task": "one", "items": 4}, {})
    assert read_run(out) == {"task": "two", "items": 3, "ran": {"date": "tomorrow"}}


def test_answers_of_nobody_are_refused(tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").touch()
    with pytest.raises(JobError, match=r"no run\.json says whose"):
        claim(tmp_path, {"task": "one"}, {})


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    assert read_run(tmp_path) is None
    (tmp_path / "run.json").write_text("[")
    with pytest.raises(JobError, match="not what a benchmark writes"):
        read_run(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(JobError, match="cannot be made"):
        claim(tmp_path / "file" / "out", {}, {})


def test_the_commit_is_that_of_git(tmp_path: Path) -> None:
    assert commit(tmp_path) is None
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C", str(tmp_path)]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    head = subprocess.run([*run, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    assert commit(tmp_path) == head[:12]
    subprocess.run([*run, "pack-refs", "--all"], check=True)
    assert commit(tmp_path) == head[:12]
    subprocess.run([*run, "checkout", "-q", "--detach"], check=True)
    assert commit(tmp_path) == head[:12]


def test_the_hash_of_the_code_is_twelve_digits() -> None:
    assert len(code_hash()) == 12
    assert int(code_hash(), 16) >= 0
