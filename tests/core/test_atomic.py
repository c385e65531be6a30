"""A file that is written is whole or as it was, whatever happens on the way."""

import os
from pathlib import Path

import pytest

from einthoven.core.atomic import atomic_path, atomic_write, only_writer, sweep_parts
from einthoven.core.errors import JobError


def test_write_makes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "ä.bin"
    atomic_write(path, b"one")
    atomic_write(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    atomic_write(tmp_path / "atomic", b"")
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JobError, match=r"a: cannot be written: No space left on device"):
        atomic_write(path, b"new")
    with pytest.raises(JobError, match="No space left"), atomic_path(path) as lent:
        lent.write_bytes(b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_no_folder_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="No such file"):
        atomic_write(tmp_path / "none" / "a", b"")
    with pytest.raises(JobError, match="No such file"), atomic_path(tmp_path / "none" / "a"):
        pass


def test_path_keeps_the_name_and_moves_in_on_success(tmp_path: Path) -> None:
    path = tmp_path / "signal.npz"
    with atomic_path(path) as lent:
        assert lent.name == path.name
        lent.write_bytes(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_path_after_an_exception_or_without_a_file_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), atomic_path(path) as lent:
        lent.write_bytes(b"half")
        raise ZeroDivisionError
    with pytest.raises(JobError, match="cannot be written"), atomic_path(path):
        pass
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_sweeping_takes_the_parts_of_its_own_paths_only(tmp_path: Path) -> None:
    for name in (".a.png.01234567.part", ".b.png.01234567.part", "a.png", ".a.png"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".a.png.89abcdef.part").mkdir()
    sweep_parts({tmp_path / "a.png"}, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.png", ".b.png.01234567.part", "a.png"]


def test_one_writer_at_a_time_and_the_lock_goes_with_it(tmp_path: Path) -> None:
    output, lock = tmp_path / "out", tmp_path / ".lock"
    with only_writer(output, lock):
        with pytest.raises(JobError, match="out: another process is writing"), only_writer(output, lock):
            pass
        assert lock.exists()
    assert not lock.exists()
    lock.write_bytes(b"")  # what a killed process leaves: a file that nobody holds
    with only_writer(output, lock):
        pass
    assert not lock.exists()
