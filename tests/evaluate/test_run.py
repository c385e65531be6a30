"""Asking: every line once, the same bytes however often it was broken off, and nothing shown that tells the gold."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from einthoven.ask_batch import KEYS
from einthoven.core.errors import InputError, JobError
from einthoven.core.rng import rng
from einthoven.core.sample import Answer, Part, Sample, Turn
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.run import ANSWERS_FILE, QUESTIONS_FILE, answer_items, asked, blocks, write_questions
from tests.evaluate.systems.fakes import Noisy, answer, item, many
from tests.support import ROOT

COUNT = 75


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return many(COUNT)


@pytest.fixture(scope="module")
def unbroken(items: list[Item], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("unbroken")
    answer_items(Noisy(), items, out, label="")
    return (out / ANSWERS_FILE).read_bytes()


def test_lines_are_answers_in_the_order_of_the_items(items: list[Item], unbroken: bytes) -> None:
    lines = [json.loads(line) for line in unbroken.splitlines()]
    assert [line["id"] for line in lines] == [one.id for one in items]
    assert all(line["seconds"] is None and line["model"] == "fake" for line in lines)
    assert all(round(p, 6) == p for line in lines for p in (*line["options"].values(), line["confidence"]))


def test_what_is_returned_is_what_the_file_says(items: list[Item], tmp_path: Path) -> None:
    found = answer_items(Noisy(bad=("i003",)), items, tmp_path / "mine.jsonl", label="")
    lines = {line["id"]: line for line in map(json.loads, (tmp_path / "mine.jsonl").read_text().splitlines())}
    assert list(found) == [one.id for one in items]
    assert all(found[id].options == line.get("options") for id, line in lines.items())
    assert lines["i003"] == {"id": "i003", "error": "i003: cannot be read"}
    assert (found["i003"].answer, found["i003"].reason) == (None, "i003: cannot be read")
    assert [mark.state for mark in marks(items, found)].count("failed") == 1


def test_the_bytes_do_not_depend_on_the_workers(items: list[Item], unbroken: bytes, tmp_path: Path) -> None:
    answer_items(Noisy(), items, tmp_path, workers=2, label="")
    assert (tmp_path / ANSWERS_FILE).read_bytes() == unbroken


def test_killed_at_random_moments_it_ends_in_the_same_bytes(unbroken: bytes, tmp_path: Path) -> None:
    out, kills = tmp_path / "out.jsonl", 0
    command = [sys.executable, "-m", "tests.evaluate.systems.fakes", str(out), str(COUNT), "0.008"]
    for trial in range(30):
        process = subprocess.Popen(command, cwd=ROOT)
        before, deadline = _size(out), time.monotonic() + 30
        while _size(out) <= before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(float(rng("kill", trial).uniform(0, 0.2)))
        if process.poll() is None:
            process.kill()
            kills += 1
        if process.wait() == 0:
            break
        lines = [json.loads(line)["id"] for line in out.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
        assert len(set(lines)) == len(lines)
    assert kills >= 2
    assert out.read_bytes() == unbroken
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@pytest.mark.parametrize("answers", [0, 1, 2, 5, 31, 32, 33, 40, 63, 64, 74])
def test_interrupted_after_so_many_answers_it_is_completed(
    items: list[Item], unbroken: bytes, tmp_path: Path, answers: int
) -> None:
    left = answers

    def stopping(samples: Iterable[Sample]) -> Iterator[Answer]:
        nonlocal left
        for one in Noisy()(samples):
            if not left:
                raise KeyboardInterrupt
            left -= 1
            yield one

    with pytest.raises(KeyboardInterrupt):
        answer_items(stopping, items, tmp_path, label="")
    there = (tmp_path / ANSWERS_FILE).read_bytes().count(b"\n") if answers else 0
    assert there == answers
    answer_items(Noisy(), items, tmp_path, label="")
    assert (tmp_path / ANSWERS_FILE).read_bytes() == unbroken


@pytest.mark.parametrize("seed", range(8))
def test_any_lines_that_are_left_are_completed(items: list[Item], unbroken: bytes, tmp_path: Path, seed: int) -> None:
    lines = unbroken.splitlines(keepends=True)
    kept = rng("kept", seed).permutation(COUNT)[: rng("how many", seed).integers(COUNT)]
    (tmp_path / ANSWERS_FILE).write_bytes(b"".join(lines[place] for place in kept))
    answer_items(Noisy(), items, tmp_path, label="")
    assert (tmp_path / ANSWERS_FILE).read_bytes() == unbroken


def test_a_block_is_asked_as_a_whole_and_only_where_something_is_missing(
    items: list[Item], unbroken: bytes, tmp_path: Path
) -> None:
    whole = blocks([asked(one) for one in items])
    missing = whole[1][3].id
    kept = [line for line in unbroken.splitlines(keepends=True) if json.loads(line)["id"] != missing]
    (tmp_path / ANSWERS_FILE).write_bytes(b"".join(kept))
    seen: list[list[str]] = []
    answered: list[str] = []

    def noting(samples: Iterable[Sample]) -> Iterator[Answer]:
        block = list(samples)
        seen.append([sample.id for sample in block])
        for one in Noisy()(block):
            answered.append(one.id)
            yield one

    answer_items(noting, items, tmp_path, label="")
    assert seen == [[sample.id for sample in whole[1]]]
    assert answered == [sample.id for sample in whole[1][:4]]  # nothing after the one that was missing
    assert (tmp_path / ANSWERS_FILE).read_bytes() == unbroken


@pytest.mark.parametrize("workers", [0, 1])
def test_of_a_block_that_fails_only_the_guilty_get_error_lines(items: list[Item], tmp_path: Path, workers: int) -> None:
    bad = ("i001", "i040", "i041")
    found = answer_items(Noisy(bad=bad), items, tmp_path, workers=workers, label="")
    assert [id for id, one in found.items() if one.answer is None] == list(bad)
    failed = (tmp_path / ANSWERS_FILE).read_bytes()
    answer_items(Noisy(bad=bad), items, tmp_path, workers=workers, label="")
    assert (tmp_path / ANSWERS_FILE).read_bytes() == failed


def test_error_lines_are_tried_again(items: list[Item], tmp_path: Path) -> None:
    answer_items(Noisy(bad=("i001",)), items, tmp_path, label="")
    found = answer_items(Noisy(), items, tmp_path, label="")
    assert found["i001"].answer in ("yes", "no")


def test_answers_before_an_error_in_a_stream_are_not_asked_for_again(tmp_path: Path) -> None:
    calls: list[str] = []

    def streaming(samples: Iterable[Sample]) -> Iterator[Answer]:
        for sample in samples:
            calls.append(sample.id)
            if sample.id == "i2":
                raise InputError("i2: no")
            yield answer(sample.id, "yes")

    answer_items(streaming, [item(f"i{n}") for n in range(4)], tmp_path, label="")
    assert calls == ["i0", "i1", "i2", "i2", "i3"]


def test_a_system_that_takes_one_at_a_time_is_asked_only_what_is_missing(tmp_path: Path) -> None:
    items = many(20)
    one = Noisy(samples_at_once=1)
    answer_items(one, items, tmp_path / "whole.jsonl", label="")
    lines = (tmp_path / "whole.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "part.jsonl").write_bytes(b"".join(lines[:7] + lines[9:]))
    answer_items(Noisy(bad=(items[3].id,), samples_at_once=1), items, tmp_path / "part.jsonl", label="")
    assert (tmp_path / "part.jsonl").read_bytes() == b"".join(lines)


@pytest.mark.parametrize("said", [0, 1, 3])
def test_a_system_that_loses_or_adds_an_answer_is_a_fault_of_the_program(tmp_path: Path, said: int) -> None:
    def odd(samples: Iterable[Sample]) -> Iterator[Answer]:
        ids = [sample.id for sample in samples]
        yield from (answer(id, "yes") for id in [*ids, ids[0]][:said])

    with pytest.raises(RuntimeError, match="answers to"):
        answer_items(odd, [item("i0"), item("i1")], tmp_path, label="")


def test_an_answer_to_another_question_is_a_fault_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="gave a result for 'i9'"):
        answer_items(lambda samples: (answer("i9", "yes") for _ in samples), [item("i0")], tmp_path, label="")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"options": {"yes": float("nan"), "no": 0.5}}, "must be 0 to 1"),
        ({"options": {"yes": 0.5, "maybe": 0.5}}, "each option of the question"),
        ({"options": {"yes": 0.9, "no": 0.9}}, "add up to 1.8"),
        ({"confidence": -0.1}, "must be 0 to 1"),
        ({"said": "x" * 1_000_001}, "characters long"),
    ],
)
def test_an_answer_that_cannot_be_scored_is_an_error_line(tmp_path: Path, wrong: dict[str, object], why: str) -> None:
    said = str(wrong.pop("said", "yes"))
    found = answer_items(lambda samples: (answer(one.id, said, **wrong) for one in samples), [item("i0")], tmp_path,
                         label="")  # fmt: skip
    assert found["i0"].answer is None
    assert why in (found["i0"].reason or "")


def test_doubled_ids_and_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="stands twice"):
        answer_items(Noisy(), [item("i0"), item("i0")], tmp_path, label="")
    (tmp_path / ANSWERS_FILE).write_text('{"id": "other", "answer": "yes"}\n')
    with pytest.raises(JobError, match="not in this batch"):
        answer_items(Noisy(), [item("i0")], tmp_path, label="")


def test_no_items_are_no_answers(tmp_path: Path) -> None:
    assert answer_items(Noisy(), [], tmp_path, label="") == {}


def test_a_system_is_shown_no_gold() -> None:
    one = item("i0", group="finding:AFIB", type="yes/no", facts={"report": "AF"}, severity=3)
    talk = (*one.sample.turns, Turn("assistant", (Part(text="yes, AF"),)))
    shown = asked(replace(one, sample=replace(one.sample, turns=talk, about={"report": "AF"})))
    assert shown == replace(one.sample, answer=None, about={"group": "finding:AFIB", "type": "yes/no"})


def test_blocks_keep_the_questions_of_an_ecg_together() -> None:
    samples = [asked(one) for one in many(200)]
    cut = blocks(samples)
    assert sorted(sample.id for block in cut for sample in block) == sorted(sample.id for sample in samples)
    assert max(map(len, cut)) <= 32
    where: dict[str, set[int]] = {}
    for number, block in enumerate(cut):
        for sample in block:
            where.setdefault(sample.ecgs[0] if sample.ecgs else sample.id, set()).add(number)
    assert all(len(numbers) == 1 for numbers in where.values())
    assert next(islice(cut[0], 1)).id == "i000"


def test_blocks_cut_what_is_too_much_of_one_ecg() -> None:
    samples = [asked(item(f"a{n}")) for n in range(3)] + [asked(item(f"b{n}", ecgs=("b",))) for n in range(9)]
    assert [[one.id for one in block] for block in blocks(samples, 4)] == [
        ["a0", "a1", "a2"], ["b0", "b1", "b2", "b3"], ["b4", "b5", "b6", "b7"], ["b8"]
    ]  # fmt: skip


def test_questions_are_a_batch_for_ask_without_their_answers(tmp_path: Path) -> None:
    items = [
        item("i0", ecgs=("data/one", "/abs/two"), options=("lead I", "lead II"), pick="any", gold=("lead I",)),
        item("i1", ecgs=(), options=None, gold="a text"),
    ]
    path = write_questions(items, tmp_path / "new")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert path == tmp_path / "new" / QUESTIONS_FILE
    assert lines == [
        {"id": "i0", "ecg": [str(Path.cwd() / "data/one"), "/abs/two"], "question": "Question i0?",
         "options": ["lead I", "lead II"], "pick": "any"},
        {"id": "i1", "ecg": [], "question": "Question i1?"},
    ]  # fmt: skip
    assert all(set(line) <= KEYS for line in lines)


def test_questions_after_a_talk_tell_what_was_said_before(tmp_path: Path) -> None:
    turns = (Turn("user", (Part(text="What rhythm?"),)), Turn("assistant", (Part(text="AF."),)),
             Turn("user", (Part(text="What now?"),)), Turn("assistant", (Part(text="the gold"),)))  # fmt: skip
    one = Item(Sample("i0", (), turns, answer="the gold"))
    line = json.loads(write_questions([one], tmp_path).read_text())
    assert line["question"] == "User: What rhythm?\nAssistant: AF.\nUser: What now?"
