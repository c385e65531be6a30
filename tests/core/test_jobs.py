"""The batch engine loses nothing, doubles nothing, keeps the order, and never writes over what is not its own."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.atomic import only_writer
from einthoven.core.errors import JobError
from einthoven.core.jobs import Job, Tally, run_files, run_lines
from einthoven.core.rng import rng
from tests.core import batch_work as work
from tests.support import ROOT

COUNT = 30
SUFFIXES = (".txt", ".json")


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines(keepends=True)]


def run_script(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    """Run a batch in a process of its own; returns only when its workers are gone too (they hold its stderr)."""
    command = [sys.executable, "-m", "tests.core.batch_work", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("expected") / "out.jsonl"
    run_lines(work.jobs_with(COUNT, {}), work.square, out, label="")
    return out.read_bytes()


def test_the_lines_are_the_results_in_input_order(expected: bytes) -> None:
    assert [json.loads(line) for line in expected.splitlines()] == [
        {"id": f"r{index:03d}", "square": index**2} for index in range(COUNT)
    ]


@pytest.mark.parametrize("chunk", [1, 4, 100])
@pytest.mark.parametrize("workers", [0, 1, 2])
def test_the_bytes_do_not_depend_on_workers_or_chunks(tmp_path: Path, workers: int, chunk: int) -> None:
    jobs = work.jobs_with(COUNT, {7: "seven", 8: "eight", COUNT - 1: None})
    tally = run_lines(jobs, work.square, tmp_path / "a.jsonl", label="")
    run_lines(jobs, work.square_lazily, tmp_path / "b.jsonl", chunk=chunk, workers=workers, label="")
    assert tally == Tally(total=COUNT, made=COUNT - 3, kept=0, failed=3)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl"]


def test_only_the_guilty_of_a_chunk_gets_an_error_of_one_line(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run_lines(work.jobs_with(4, {2: "two"}), work.square, out, chunk=4, label="")
    assert lines_of(out)[2] == {"id": "r002", "error": "r002: 'two' is not a number; give a whole number"}
    assert ["error" in line for line in lines_of(out)] == [False, False, True, False]


@pytest.mark.parametrize("trial", range(20))
def test_a_batch_killed_at_a_random_item_is_completed(tmp_path: Path, expected: bytes, trial: int) -> None:
    out = tmp_path / "out.jsonl"
    at = int(rng("kill", trial).integers(COUNT))
    assert run_script("lines", out, COUNT, at, "kill", 0).returncode == -9
    before = out.read_bytes() if out.exists() else b""
    assert before == b"".join(expected.splitlines(keepends=True)[:at])
    tally = run_lines(work.jobs_with(COUNT, {}), work.square, out, label="")
    assert tally == Tally(total=COUNT, made=COUNT - at, kept=at, failed=0)
    assert out.read_bytes() == expected
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_killed_with_workers_leaves_no_process_and_is_completed(tmp_path: Path, expected: bytes) -> None:
    out = tmp_path / "out.jsonl"
    assert run_script("lines", out, COUNT, 20, "kill parent", 2).returncode == -9
    assert expected.startswith(out.read_bytes() if out.exists() else b"")
    run_lines(work.jobs_with(COUNT, {}), work.square, out, workers=2, label="")
    assert out.read_bytes() == expected


def test_ctrl_c_ends_cleanly_with_the_finished_lines_saved(tmp_path: Path, expected: bytes) -> None:
    out = tmp_path / "out.jsonl"
    ended = run_script("lines", out, COUNT, 20, "interrupt parent", 2)
    assert ended.returncode == 130
    assert ended.stderr == b""
    assert expected.startswith(out.read_bytes() if out.exists() else b"")
    assert not list(tmp_path.glob(".*"))


def test_an_output_cut_at_any_byte_is_mended(tmp_path: Path) -> None:
    jobs = work.jobs_with(3, {})
    out = tmp_path / "out.jsonl"
    run_lines(jobs, work.square, out, label="")
    whole = out.read_bytes()
    for cut in range(len(whole)):
        out.write_bytes(whole[:cut])
        tally = run_lines(jobs, work.square, out, label="")
        assert out.read_bytes() == whole, cut
        assert tally.kept >= whole[:cut].count(b"\n")


def test_a_second_run_adds_what_is_missing_and_tries_errors_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    first = work.jobs_with(6, {1: "one", 3: "three"})
    run_lines([first[0], first[1], first[3], first[5]], work.square, out, label="")
    tally = run_lines(work.jobs_with(6, {3: "three"}), work.square, out, label="")
    assert tally == Tally(total=6, made=3, kept=2, failed=1)
    assert [line["id"] for line in lines_of(out)] == [job.id for job in first]
    assert [line.get("square") for line in lines_of(out)] == [0, 1, 4, None, 16, 25]


def test_killed_while_trying_errors_again_keeps_every_result(tmp_path: Path, expected: bytes) -> None:
    out = tmp_path / "out.jsonl"
    run_lines(work.jobs_with(COUNT, {3: "x", 9: "x"}), work.square, out, label="")
    assert run_script("lines", out, COUNT, 9, "kill", 0).returncode == -9
    ids = [line["id"] for line in lines_of(out)]
    assert len(set(ids)) == len(ids) == COUNT - 1
    assert not any("error" in line for line in lines_of(out))
    run_lines(work.jobs_with(COUNT, {}), work.square, out, label="")
    assert out.read_bytes() == expected


def test_a_complete_output_is_not_touched(tmp_path: Path, expected: bytes) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(expected)
    before = out.stat()

    def never(jobs: object) -> list[dict[str, Any]]:
        raise AssertionError("nothing is left to do")

    assert run_lines(work.jobs_with(COUNT, {}), never, out, label="").kept == COUNT
    assert (out.stat().st_ino, out.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_empty_batch_gives_an_empty_file(tmp_path: Path) -> None:
    assert run_lines([], work.square, tmp_path / "new" / "out.jsonl", label="").total == 0
    assert (tmp_path / "new" / "out.jsonl").read_bytes() == b""


def test_results_that_come_out_of_order_are_written_in_order(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    jobs = [Job(name, str(tmp_path / "pipe")) for name in ("first", "second")]
    run_lines(jobs, work.wait_for_second, tmp_path / "out.jsonl", workers=2, label="")
    assert [line["id"] for line in lines_of(tmp_path / "out.jsonl")] == ["first", "second"]


@pytest.mark.parametrize("there", [None, b"precious"])
def test_doubled_ids_are_refused_before_anything(tmp_path: Path, there: bytes | None) -> None:
    out = tmp_path / "sub" / "out.jsonl"
    if there is not None:
        out.parent.mkdir()
        out.write_bytes(there)
    with pytest.raises(JobError, match="'a' stand more than once"):
        run_lines([Job("a"), Job("b"), Job("a")], work.square, out, label="")
    assert out.exists() == (there is not None)
    if there is not None:
        assert out.read_bytes() == there


FOREIGN = {
    "text": b"hello\n",
    "text without an end": b"hello",
    "list": b"[1]\n",
    "other id": b'{"id": "zz", "square": 1}\n',
    "no id": b'{"x": 1}\n',
    "id of another kind": b'{"id": 1}\n{"id": ["r000"]}\n',
    "object without an end": b'{"x": ',
    "broken in the middle": b'{"id": "r000", "squ\n{"id": "r001", "square": 1}\n',
    "blank line": b"\n",
    "bytes": bytes(range(256)),
    "one good line, then text": b'{"id": "r000", "square": 0}\nhello',
    "json of many lines": b'{\n  "id": "r000"\n}\n',
}


@pytest.mark.parametrize("name", FOREIGN)
def test_an_output_that_is_something_else_is_refused_and_left(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(FOREIGN[name])
    with pytest.raises(JobError, match="holds something else") as caught:
        run_lines(work.jobs_with(3, {}), work.square, out, label="")
    assert "\n" not in str(caught.value)
    assert str(out) in str(caught.value)
    assert out.read_bytes() == FOREIGN[name]


def test_an_output_that_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="not a plain file"):
        run_lines([Job("a", 1)], work.square, tmp_path, label="")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(JobError, match="cannot be written"):
        run_lines([Job("a", 1)], work.square, tmp_path / "file" / "out.jsonl", label="")


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with only_writer(out, tmp_path / ".out.jsonl.lock"), pytest.raises(JobError, match="another process is writing"):
        run_lines([Job("a", 1)], work.square, out, label="")
    assert not out.exists()
    run_lines([Job("a", 1)], work.square, out, label="")
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_full_disk_leaves_whole_lines(tmp_path: Path, expected: bytes) -> None:
    out = tmp_path / "out.jsonl"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:
        with pytest.raises(JobError, match="cannot be written: File too large"):
            run_lines(work.jobs_with(COUNT, {}), work.square, out, label="")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert out.read_bytes().endswith(b"}\n")
    assert expected.startswith(out.read_bytes())
    run_lines(work.jobs_with(COUNT, {}), work.square, out, label="")
    assert out.read_bytes() == expected


@pytest.mark.parametrize(("workers", "chunk"), [(0, 1), (0, 4), (2, 1), (2, 4)])
def test_a_fault_of_the_program_comes_after_the_good_lines(tmp_path: Path, workers: int, chunk: int) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(ZeroDivisionError):
        run_lines(work.jobs_with(20, {10: "bug"}), work.stumble, out, chunk=chunk, workers=workers, label="")
    assert [line["square"] for line in lines_of(out)] == [index**2 for index in range(10)]


def test_an_input_that_kills_its_worker_costs_one_line(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    tally = run_lines(work.jobs_with(12, {5: "kill"}), work.kill_at, out, chunk=2, workers=2, label="")
    assert (tally.made, tally.failed) == (11, 1)
    assert [line.get("square") for line in lines_of(out)] == [i**2 if i != 5 else None for i in range(12)]
    assert "worker process died" in lines_of(out)[5]["error"]


@pytest.mark.parametrize("results", [[], [{}], [{}, {}, {}], [{"id": "b"}, {"id": "a"}]])
def test_results_that_do_not_fit_the_jobs_are_a_fault(tmp_path: Path, results: list[dict[str, Any]]) -> None:
    with pytest.raises(RuntimeError, match="result"):
        run_lines([Job("a"), Job("b")], lambda jobs: results, tmp_path / "o", chunk=2, label="")


def test_any_id_survives(tmp_path: Path) -> None:
    ids = ["ü", "a b", 'quote "', "two\nlines", "\u2028", "not utf-8 \udcff"]
    for _ in range(2):
        run_lines([Job(id, 2) for id in ids], work.square, tmp_path / "out.jsonl", label="")
        assert [line["id"] for line in lines_of(tmp_path / "out.jsonl")] == ids


@pytest.mark.parametrize("workers", [0, 2])
def test_files_are_made_skipped_and_tried_again(tmp_path: Path, workers: int) -> None:
    out = tmp_path / "pages"
    jobs = work.jobs_with(5, {1: "one"})
    tally = run_files(jobs, work.draw, out, suffixes=SUFFIXES, workers=workers, label="")
    assert tally == Tally(total=5, made=4, kept=0, failed=1)
    assert (out / "r004.txt").read_bytes() == b"16"
    assert [line["id"] for line in lines_of(out / "errors.json")] == ["r001"]
    (out / "r003.json").unlink()
    times = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    tally = run_files(work.jobs_with(5, {}), work.draw, out, suffixes=SUFFIXES, workers=workers, label="")
    assert tally == Tally(total=5, made=2, kept=3, failed=0)
    assert sorted(path.name for path in out.iterdir()) == sorted(f"r00{i}{end}" for i in range(5) for end in SUFFIXES)
    assert all((out / name).stat().st_mtime_ns == times[name] for name in ("r000.txt", "r002.json", "r004.txt"))


def test_files_killed_midway_are_completed(tmp_path: Path) -> None:
    assert run_script("files", tmp_path, 6, 3, "kill", 0).returncode == -9
    (tmp_path / ".r003.txt.0123abcd.part").write_bytes(b"half")
    tally = run_files(work.jobs_with(6, {}), work.draw, tmp_path, suffixes=SUFFIXES, label="")
    assert (tally.made, tally.kept) == (3, 3)
    assert len(list(tmp_path.iterdir())) == 12


@pytest.mark.parametrize("id", ["../a", "a/b", "a\\b", "", ".", ".hidden", "a\0b", "x" * 260, "errors"])
def test_names_that_are_no_plain_file_names_are_refused(tmp_path: Path, id: str) -> None:
    with pytest.raises(JobError, match="cannot be the name"):
        run_files([Job("fine", 1), Job(id, 1)], work.draw, tmp_path / "out", suffixes=SUFFIXES, label="")
    assert not (tmp_path / "out").exists()


def test_equal_stems_and_foreign_errors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="stand more than once"):
        run_files([Job("a", 1), Job("a", 2)], work.draw, tmp_path / "out", suffixes=SUFFIXES, label="")
    (tmp_path / "errors.json").write_text('{"mine": 1}')
    with pytest.raises(JobError, match="not the errors of an earlier run"):
        run_files([Job("a", 1)], work.draw, tmp_path, suffixes=SUFFIXES, label="")
    assert (tmp_path / "errors.json").read_text() == '{"mine": 1}'


def test_files_of_other_names_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not that stem"):
        run_files([Job("a", 1)], work.draw, tmp_path, suffixes=(".png",), label="")
    assert list(tmp_path.iterdir()) == []


def test_a_function_may_cut_the_jobs_and_the_lines_still_stand_in_order(tmp_path: Path, expected: bytes) -> None:
    chunks: list[list[str]] = []

    def threes_backwards(jobs: Sequence[Job]) -> list[Sequence[Job]]:
        return [jobs[start : start + 3] for start in range(0, len(jobs), 3)][::-1]

    def noted(jobs: Sequence[Job]) -> list[dict[str, Any]]:
        chunks.append([job.id for job in jobs])
        return work.square(jobs)

    run_lines(work.jobs_with(COUNT, {}), noted, tmp_path / "out.jsonl", chunk=threes_backwards, label="")
    assert (len(chunks), chunks[0]) == (10, ["r027", "r028", "r029"])
    assert (tmp_path / "out.jsonl").read_bytes() == expected
