"""Stored answers: read as they are, counted where they lack something, refused where a score would be a guess."""

import json
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import JobError
from einthoven.core.rng import rng
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.stored import Report, read_answers, read_stored
from tests.evaluate.systems.fakes import answer, item

LEADS = ("lead I", "lead II", "lead III")


@pytest.fixture
def items() -> list[Item]:
    return [
        item("q1"), item("q2"), item("q3", LEADS[:2], options=LEADS, pick="any"),
        item("q4", "72", options=None, unit="bpm"), item("q5", "Sinus rhythm.", options=None),
    ]  # fmt: skip


def write(path: Path, *lines: Any) -> Path:
    """Write lines: text as it is, anything else as JSON."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def test_what_we_write_is_read_back(items: list[Item], tmp_path: Path) -> None:
    said = [
        answer("q1", "yes", options={"yes": 0.75, "no": 0.25}, confidence=0.75),
        answer("q2", None, options={"yes": 0.5, "no": 0.5}, abstained=True, reason="too short"),
        answer("q3", ("lead I", "lead III"), options={"lead I": 0.9, "lead II": 0.1, "lead III": 0.8}, confidence=0.7),
        answer("q4", "72 bpm"),
    ]
    lines = [one.to_json() | {"seconds": None} for one in said]
    found = read_stored(write(tmp_path / "a.jsonl", *lines, {"id": "q5", "error": "a.png: is a picture"}), items)
    assert [vars(found.answers[one.id]) for one in said] == [vars(one) | {"seconds": 0.0} for one in said]
    assert (found.answers["q5"].answer, found.answers["q5"].reason) == (None, "a.png: is a picture")
    assert [mark.state for mark in marks(items, found.answers)] == ["read", "abstained", "read", "read", "failed"]
    assert found.report == Report(lines=5, used=5, missing=0, unknown=0, doubled=0, failed=1)


def test_lines_of_others_are_read(items: list[Item], tmp_path: Path) -> None:
    path = write(
        tmp_path / "pulse.jsonl",
        {"question_id": "q1", "prompt": "Is it?", "text": "Yes.", "model_id": "PULSE-7B", "metadata": {}},
        {"id": "q2", "prompt": {"prompt": "Is it?"}, "response": "no"},
        {"question_id": 7, "id": "q3", "response": "lead I; lead II"},
        {"id": "q4", "answer": None},
        {"id": "q5", "answer": "same", "text": "same"},
    )  # fmt: skip
    found = read_answers(path, items)
    assert {id: one.answer for id, one in found.items()} == {
        "q1": "Yes.", "q2": "no", "q3": "lead I; lead II", "q4": None, "q5": "same"
    }  # fmt: skip
    assert found["q1"].model == "PULSE-7B"
    assert [mark.right for mark in marks(items, found)] == [True, False, True, False, False]


def test_ids_that_are_numbers_are_read_as_text(tmp_path: Path) -> None:
    path = write(tmp_path / "llava.jsonl", {"question_id": 0, "text": "yes"}, {"question_id": 1, "text": "no"})
    assert {id: one.answer for id, one in read_answers(path, [item("0"), item("1")]).items()} == {"0": "yes", "1": "no"}


def test_what_is_missing_unknown_or_doubled_is_counted(items: list[Item], tmp_path: Path) -> None:
    once = {"id": "q2", "answer": "no", "seconds": 0.5}
    path = write(tmp_path / "a.jsonl", once, {"id": "other", "answer": "yes"}, once | {"seconds": 0.7}, "")
    found = read_stored(path, items)
    assert list(found.answers) == ["q2"]
    assert found.report == Report(lines=3, used=1, missing=4, unknown=1, doubled=1, failed=0)
    assert str(found.report) == (
        "3 lines: 1 of 5 questions answered, 4 missing, 0 failed; 1 lines of other questions, 1 doubled"
    )
    assert [mark.state for mark in marks(items, found.answers)] == ["missing", "read", *["missing"] * 3]


GOOD = {"id": "q1", "answer": "yes"}
P = {"yes": 0.5, "no": 0.5}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id": "q2", "answer": "ye', "not JSON"),
        ('{"id": "q2", "answer": "a\tb"}', "not JSON (Invalid control character"),
        ('{"id": "q2", "answer": "no", "answer": "yes"}', "key 'answer' stands twice"),
        ('{"id": "q2", "answer": "no", "confidence": NaN}', "NaN is not JSON"),
        ('{"id": "q2", "answer": "no", "confidence": 1e999}', "the probability of 'confidence' is inf"),
        ('{"id": "q2", "answer": "no", "confidence": 1' + "0" * 400 + "}", "the probability of 'confidence' is inf"),
        ("[" * 100_000, "not JSON"),
        ("7", "a JSON int; a line is one JSON object"),
        ([{"id": "q2", "answer": "no"}], "a JSON list; a line is one JSON object"),
        ({"answer": "no"}, "no id"),
        ({"id": None, "answer": "no"}, "no id"),
        ({"id": "", "answer": "no"}, "'id' is '', must be a text"),
        ({"id": True, "answer": "no"}, "'id' is True, must be a text"),
        ({"id": ["q2"], "answer": "no"}, "'id' is a JSON list, must be a text"),
        ({"id": 2.0, "answer": "no"}, "'id' is 2.0, must be a text"),
        ({"id": "q2", "question_id": "q3", "answer": "no"}, "are two questions of this task"),
        ({"id": "q2"}, "no answer; a line has 'answer', 'text', 'response' or 'error'"),
        ({"id": "q2", "answer": 1}, "'answer' is 1, must be a text, a list of texts, or null"),
        ({"id": "q2", "answer": {"yes": 1}}, "'answer' is a JSON object"),
        ({"id": "q2", "answer": ["yes", 1]}, "'answer' is a JSON list"),
        ({"id": "q2", "answer": "no", "text": "The ECG shows"}, "'answer' and 'text' differ"),
        ({"id": "q2", "answer": "no", "options": ["yes", "no"]}, '"options" is a JSON list'),
        ({"id": "q2", "answer": "no", "options": {"yes": "0.5", "no": 0.5}}, "the probability of 'yes' is '0.5'"),
        ({"id": "q2", "answer": "no", "options": {"yes": None, "no": 1}}, "the probability of 'yes' is None"),
        ({"id": "q2", "answer": "no", "options": {"yes": True, "no": 0}}, "the probability of 'yes' is True"),
        ({"id": "q2", "answer": "no", "options": {"yes": 1.5, "no": -0.5}}, "is 1.5; it must be 0 to 1"),
        ({"id": "q2", "answer": "no", "options": {"yes": 1}}, "to each option of the question"),
        ({"id": "q2", "answer": "no", "options": P | {"maybe": 0}}, "and no other; see 'maybe'"),
        ({"id": "q2", "answer": "no", "options": {"yes": 0.9, "no": 0.9}}, "add up to 1.8"),
        ({"id": "q2", "answer": "no", "confidence": "high"}, "confidence is 'high', must be a number"),
        ({"id": "q2", "answer": None, "abstained": "yes"}, "\"abstained\" is 'yes', must be true or false"),
        ({"id": "q1", "answer": "no"}, "id 'q1' is answered otherwise in line 1"),
        ({"id": "q1", "answer": "yes", "options": P}, "id 'q1' is answered otherwise in line 1"),
        ({"id": "q1", "error": "timed out"}, "id 'q1' is answered otherwise in line 1"),
    ],
)  # fmt: skip
def test_what_would_be_a_guess_is_refused_with_its_line(items: list[Item], tmp_path: Path, line: Any, why: str) -> None:
    path = write(tmp_path / "a.jsonl", GOOD, "", line, {"id": "q4", "answer": "72"})
    with pytest.raises(JobError) as refused:
        read_answers(path, items)
    message = str(refused.value)
    assert message.startswith(f"{path}, line 3: ")
    assert why in message
    assert message.isprintable()
    assert len(message) < len(str(path)) + 250


def test_a_half_last_line_is_refused_at_every_byte(items: list[Item], tmp_path: Path) -> None:
    whole = json.dumps(GOOD | {"options": P, "confidence": 0.5}) + "\n"
    last = json.dumps({"id": "q2", "answer": "no"})
    for cut in range(1, len(last)):
        path = tmp_path / "a.jsonl"
        path.write_text(whole + last[:cut])
        with pytest.raises(JobError, match="line 2: "):
            read_answers(path, items)


def test_answers_of_another_task_and_no_answers_are_refused(items: list[Item], tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"none of its 1 ids is of this task: they are like 'x1', its own like 'q1'"):
        read_answers(write(tmp_path / "a.jsonl", {"id": "x1", "answer": "yes"}), items)
    with pytest.raises(JobError, match="holds no line"):
        read_answers(write(tmp_path / "b.jsonl", "", ""), items)
    with pytest.raises(JobError, match="cannot be read"):
        read_answers(tmp_path / "absent.jsonl", items)
    with pytest.raises(JobError, match="cannot be read"):
        read_answers(tmp_path, items)
    (tmp_path / "c.jsonl").write_bytes(json.dumps(GOOD).encode("utf-16"))
    with pytest.raises(JobError, match="not UTF-8"):
        read_answers(tmp_path / "c.jsonl", items)


def test_odd_but_whole_texts_are_taken_as_they_are(items: list[Item], tmp_path: Path) -> None:
    long = "x" * 2**20
    path = tmp_path / "a.jsonl"
    texts = [long, "\u0000\u001byes\u2028\ufeff", "\ud800", "", "  \n "]
    lines = [json.dumps({"id": f"q{number}", "answer": text}) for number, text in enumerate(texts, 1)]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    found = read_answers(path, items)
    assert [found[f"q{n}"].answer for n in range(1, 6)] == [long, "\u0000\u001byes\u2028\ufeff", "?", "", "  \n "]
    assert [mark.state for mark in marks(items, found)] == ["unread", "read", "unread", "unread", "unread"]


def test_probabilities_rounded_to_two_digits_are_taken(tmp_path: Path) -> None:
    options = tuple(f"diagnosis {name}" for name in "abcdefgh")
    table = dict(zip(options, [0.13, 0.13, 0.13, 0.13, 0.13, 0.13, 0.13, 0.12], strict=True))
    path = write(tmp_path / "a.jsonl", {"id": "q1", "answer": options[0], "options": table})
    assert read_answers(path, [item("q1", options[0], options=options)])["q1"].options == table


def test_a_damaged_file_is_refused_in_one_line_or_read_as_what_it_says(items: list[Item], tmp_path: Path) -> None:
    lines = [
        {"id": "q1", "answer": "yes", "options": {"yes": 0.75, "no": 0.25}, "confidence": 0.75, "abstained": False},
        {"id": "q3", "answer": ["lead I"], "options": None, "reason": None},
        {"question_id": "q4", "text": "72 bpm"},
    ]
    whole = "".join(json.dumps(line) + "\n" for line in lines).encode()
    path, read = tmp_path / "a.jsonl", 0
    for trial in range(1500):
        path.write_bytes(_damaged(whole, trial))
        try:
            found = read_stored(path, items)
        except JobError as error:
            assert str(error).startswith(str(path))
            assert "\n" not in str(error)
            continue
        read += 1
        report = found.report
        assert report.used + report.missing == len(items)
        assert report.used + report.unknown + report.doubled == report.lines
        for one in found.answers.values():
            assert one.answer is None or isinstance(one.answer, str | tuple)
            assert all(0 <= p <= 1 for p in (one.options or {}).values())
            assert one.confidence is None or 0 <= one.confidence <= 1
        assert len(marks(items, found.answers)) == len(items)
    assert 50 < read < 1450


def _damaged(data: bytes, trial: int) -> bytes:
    """Return the bytes with a few of them lost, doubled, or replaced by what JSON may stumble upon."""
    dice = rng("damage", trial)
    for _ in range(int(dice.integers(1, 4))):
        at, end = sorted(int(place) for place in dice.integers(len(data) + 1, size=2))
        put = [b"", data[at:end], b"\x00", b"\xff", b"\n", b"{", b'"', b"null", b"NaN", b"-1", b"1e99", b"[]", b"q3"]
        chosen = put[int(dice.integers(len(put)))]
        data = data[:at] + chosen + (data[at:] if dice.integers(2) else data[min(end, at + len(chosen)) :])
    return data
