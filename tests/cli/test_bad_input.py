"""Every bad input of `ask`: exit code 2, one line that names it on stderr, nothing on stdout, no file made."""

import json
import pickle
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from tests.cli.conftest import Einthoven

QUESTION = "Is this ECG normal?"


pytestmark = pytest.mark.usefixtures("tiny_default")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A good record `rec`."""
    return write_wfdb(simulate([], seed=3).ecg, tmp_path, "rec")


def _fails(einthoven: Einthoven, folder: Path, *words: object) -> str:
    """Run what must fail; return its line."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    run = einthoven(*words)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("einthoven: ")
    assert len(run.err.splitlines()) == 1, run.err
    assert "Traceback" not in run.err
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    return run.err


def _ask(einthoven: Einthoven, path: Path) -> str:
    line = _fails(einthoven, path.parent, "ask", path, QUESTION, "--options", "yes,no", "--json")
    assert path.name in line or path.stem in line, "the line names the file"
    return line


def _edit(header: Path, old: str, new: str) -> None:
    text = header.read_text()
    assert old in text
    header.write_text(text.replace(old, new, 1))


def test_a_missing_file(einthoven: Einthoven, tmp_path: Path) -> None:
    assert "no such" in _ask(einthoven, tmp_path / "absent")
    assert "no such" in _ask(einthoven, tmp_path / "absent.hea")


def test_a_folder(einthoven: Einthoven, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "is a folder" in _ask(einthoven, tmp_path / "folder")


def test_a_header_without_its_data(einthoven: Einthoven, record: Path) -> None:
    record.with_suffix(".dat").unlink()
    assert "rec.dat" in _ask(einthoven, record)


def test_data_that_were_cut_off(einthoven: Einthoven, record: Path) -> None:
    data = record.with_suffix(".dat")
    data.write_bytes(data.read_bytes()[:1001])
    _ask(einthoven, record)


def test_a_header_that_states_more_leads_than_it_lists(einthoven: Einthoven, record: Path) -> None:
    _edit(record, "rec 12 ", "rec 13 ")
    _ask(einthoven, record)


def test_a_record_without_a_single_value(einthoven: Einthoven, record: Path) -> None:
    data = record.with_suffix(".dat")
    data.write_bytes(struct.pack("<h", -32768) * (len(data.read_bytes()) // 2))
    assert "no lead holds a signal" in _ask(einthoven, record)


def test_a_text_file(einthoven: Einthoven, tmp_path: Path) -> None:
    for name in ("letter.txt", "letter", "letter.hea", "letter.csv", "letter.npy", "letter.mat"):
        (tmp_path / name).write_text("Dear Sir or Madam,\nplease find enclosed an ECG.\n")
        _ask(einthoven, tmp_path / name)
        (tmp_path / name).unlink()


def test_a_small_header_that_claims_two_gigabytes(einthoven: Einthoven, record: Path) -> None:
    _edit(record, " 5000", f" {2**31 // 24}")
    assert record.stat().st_size < 1024
    _ask(einthoven, record)


def test_a_header_that_points_outside_of_its_folder(einthoven: Einthoven, record: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    shutil.move(record, inner / "rec.hea")
    text = (inner / "rec.hea").read_text()
    for target in ("../rec.dat", str(tmp_path / "rec.dat"), "http://example.invalid/rec.dat"):
        (inner / "rec.hea").write_text(text.replace("rec.dat", target))
        _ask(einthoven, inner / "rec.hea")


class _Trap:
    """Unpickling this would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


def test_a_pickled_array(einthoven: Einthoven, tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.array([_Trap(tmp_path / "trapped")], object), allow_pickle=True)
    (tmp_path / "plain.npy").write_bytes(pickle.dumps(_Trap(tmp_path / "trapped")))
    _ask(einthoven, tmp_path / "array.npy")
    _ask(einthoven, tmp_path / "plain.npy")
    assert not (tmp_path / "trapped").exists()


def test_a_picture_of_ten_thousand_million_pixels(einthoven: Einthoven, tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    for name in ("page.png", "page"):  # by its name, and by its first bytes
        (tmp_path / name).write_bytes(png)
        assert "picture" in _ask(einthoven, tmp_path / name)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([""], "the question is empty"),
        ([" \n"], "the question is empty"),
        ([QUESTION, "--options", "yes,,no"], "an option is empty"),
        ([QUESTION, "--options", ""], "1 option given"),
        ([QUESTION, "--options", "yes"], "1 option given"),
        ([QUESTION, "--options", "yes,YES"], "stands twice"),
        ([QUESTION, "--options", '["yes"'], "JSON list"),
        ([QUESTION, "--options", "yes (no"], "a parenthesis lacks its other half"),
        ([QUESTION, "--pick", "all"], "pick is 'all'"),
        ([QUESTION, "--no-such-flag"], "--no-such-flag"),
        ([QUESTION, "--rate", "fast"], "--rate"),
        ([QUESTION, "--model", "no/such/model"], "no such folder"),
        ([QUESTION, "--model", "openai:http://localhost:1#m"], "not read yet"),
        ([QUESTION, "--out", "x.jsonl"], "a batch is"),
        ([], "give an ECG and a question"),
    ],
)
def test_a_question_that_cannot_be_asked(einthoven: Einthoven, record: Path, words: list[str], said: str) -> None:
    assert said in _fails(einthoven, record.parent, "ask", record, *words)


def test_three_ecgs(einthoven: Einthoven, record: Path) -> None:
    assert "3 ECGs given" in _fails(einthoven, record.parent, "ask", record, record, record, QUESTION)


def test_no_command_and_no_words(einthoven: Einthoven, tmp_path: Path) -> None:
    assert "give an ECG and a question" in _fails(einthoven, tmp_path, "ask")
    _fails(einthoven, tmp_path)


def test_a_missing_language_model_says_what_to_run(
    einthoven: Einthoven, record: Path, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(model_folder, tmp_path / "model"))
    values = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(values | {"language_model": "default"}))
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "empty"))
    line = _fails(einthoven, tmp_path, "ask", record, QUESTION, "--model", folder)
    assert line.endswith("run: einthoven fetch\n")


def test_a_model_in_a_pickle(einthoven: Einthoven, record: Path, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.pt").write_bytes(pickle.dumps(_Trap(tmp_path / "trapped")))
    for model in (tmp_path / "model", tmp_path / "model" / "model.pt"):
        _fails(einthoven, tmp_path, "ask", record, QUESTION, "--model", model)
    assert not (tmp_path / "trapped").exists()


def test_a_batch_takes_its_questions_from_its_file_only(einthoven: Einthoven, tmp_path: Path) -> None:
    """Options beside a batch would be left out without a word."""
    (tmp_path / "in.jsonl").write_text("")
    words = ["ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl"]
    for further in (["--options", "yes,no"], ["rec", QUESTION]):
        assert "a batch is" in _fails(einthoven, tmp_path, *words, *further)


@pytest.mark.parametrize("content", ["[]\n", "{\n", '{"id": "a"}\n{"id": "a"}\n', "\xff\n"])
def test_a_batch_that_is_none(einthoven: Einthoven, tmp_path: Path, content: str) -> None:
    (tmp_path / "in.jsonl").write_text(content, encoding="latin-1")
    words = ["ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl"]
    _fails(einthoven, tmp_path, *words)
    assert "no-such.jsonl" in _fails(
        einthoven, tmp_path, "ask", "--batch", tmp_path / "no-such.jsonl", "--out", tmp_path / "out.jsonl"
    )


def test_results_are_never_written_over_something_else(einthoven: Einthoven, record: Path, tmp_path: Path) -> None:
    line = {"id": "a", "ecg": ["rec"], "question": QUESTION}
    (tmp_path / "in.jsonl").write_text(json.dumps(line) + "\n")
    (tmp_path / "notes.txt").write_text("precious\n")
    words = ["ask", "--batch", tmp_path / "in.jsonl", "--out"]
    assert "notes.txt" in _fails(einthoven, tmp_path, *words, tmp_path / "notes.txt")
    assert "in.jsonl" in _fails(einthoven, tmp_path, *words, tmp_path / "in.jsonl")
    assert (tmp_path / "notes.txt").read_text() == "precious\n"


def test_training(einthoven: Einthoven, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    out = tmp_path / "out"
    assert "no recipe 'cake'; there are foundation" in _fails(
        einthoven, tmp_path, "train", "cake", "--data", tmp_path / "data", "--out", out
    )
    assert "ptbxl_database.csv" in _fails(
        einthoven, tmp_path, "train", "rehearsal", "--data", tmp_path / "data", "--out", out
    )
    assert "--data" in _fails(einthoven, tmp_path, "train", "rehearsal", "--out", out)
