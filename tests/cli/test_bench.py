"""`einthoven bench` as people and programs call it; every wrong use is one line and leaves nothing behind."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Einthoven
from tests.evaluate.make import LUDB_PATIENTS, beat, plain, write_ludb, write_model, write_qtdb

BORDERS = ("P_on", "P_off", "QRS_on", "QRS_off", "T_on", "T_off")
INTERVALS = ("p_ms", "pr_ms", "qrs_ms", "qt_ms")
NUMBER = r"-?\d+\.\d"
SPAN = rf"{NUMBER} \[{NUMBER}, {NUMBER}\]"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ludb/, qtdb/ and model/, which has seen none of their patients."""
    root = tmp_path_factory.mktemp("bench")
    write_ludb(root / "ludb")
    write_qtdb(root / "qtdb")
    write_model(root / "model")
    return root


def test_a_benchmark_from_a_folder_to_its_report(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["bench", "qtdb", "--data", data, "--model", data / "model", "--out", out]
    run = einthoven(*words)
    assert run.code == 0
    assert run.err.splitlines()[-1].startswith("answers: 2/2")
    note, *borders, p, pr, qrs, qt, last = run.out.splitlines()
    assert note == "0 recordings of patients that the delineator was trained on are left out."
    for name, line in zip(BORDERS, borders, strict=True):
        assert re.fullmatch(rf"{name} +F1 {SPAN} %  mean {SPAN} ms  SD {SPAN} ms  n \d+", line), line
    for name, line in zip(INTERVALS, (p, pr, qrs, qt), strict=True):
        assert re.match(rf"{name} +mean {SPAN} ms  SD {SPAN} ms  n 2$", line), line
    assert last == f"{out / 'report.html'}. Research use only; not for diagnosis."
    assert {path.name for path in out.iterdir()} == {
        "questions.jsonl", "answers.jsonl", "scores.json", "run.json", "report.html",
    }  # fmt: skip
    scores = json.loads((out / "scores.json").read_text())
    assert f"F1 {scores['P_on.f1_150']['value']:.1f} [" in borders[0]
    assert borders[0].endswith(f"n {scores['P_on.f1_150']['n']}")
    again = einthoven(*words)
    assert (again.code, again.out) == (0, run.out)


def test_stored_answers_and_a_split(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    """No network is needed for them: beats at each second stand against other marks, and so most are wrong."""
    waves = {"II": plain([wave for at in range(1, 5) for wave in beat(float(at))])}
    lines = [json.dumps({"id": patient, "pr_ms": None, "waves": waves}) for patient in LUDB_PATIENTS]
    (tmp_path / "stored.jsonl").write_text("\n".join(lines) + "\n")
    words = ["bench", "ludb", "--data", data / "ludb", "--answers", tmp_path / "stored.jsonl"]
    run = einthoven(*words, "--out", tmp_path / "out")
    assert (run.code, run.err) == (0, "")
    assert json.loads((tmp_path / "out" / "run.json").read_text())["model"] == str(tmp_path / "stored.jsonl")
    assert not (tmp_path / "out" / "answers.jsonl").exists()
    counts = []
    for split in ("train", "valid", "test"):
        run = einthoven(*words, "--split", split, "--out", tmp_path / split)
        if run.code == 0:
            counts.append(json.loads((tmp_path / split / "run.json").read_text())["recordings"])
        else:
            assert f"no recording of ludb in split {split}" in run.err
    assert sum(counts) == len(LUDB_PATIENTS)


def test_questions_alone_are_for_others_to_answer(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    words = ["bench", "ludb", "--data", data, "--out", tmp_path / "out"]
    run = einthoven(*words, "--questions-only")
    assert (run.code, run.out, run.err) == (0, f"3 questions: {tmp_path / 'out' / 'questions.jsonl'}\n", "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"questions.jsonl"}
    asked = [json.loads(line) for line in (tmp_path / "out" / "questions.jsonl").read_text().splitlines()]
    assert [line["id"] for line in asked] == list(LUDB_PATIENTS)
    listed, measured = tmp_path / "list.txt", tmp_path / "measured.jsonl"
    listed.write_text("".join(line["ecg"][0] + "\n" for line in asked))
    assert einthoven("measure", "--batch", listed, "--out", measured, "--workers", "0").code == 0
    lines = [json.loads(line) for line in measured.read_text().splitlines()]
    own = [line | {"id": question["id"]} for line, question in zip(lines, asked, strict=True)]
    measured.write_text("".join(json.dumps(line) + "\n" for line in own))
    stored = einthoven(*words, "--answers", measured)
    ran = einthoven(*words, "--model", data / "model", "--workers", "0")
    assert stored.out.splitlines()[1:] == ran.out.splitlines()[1:], "measured apart, scored alike"


def test_figures_that_nobody_gave_are_dashes(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    (tmp_path / "stored.jsonl").write_text(json.dumps({"id": "9001", "error": "x"}) + "\n")
    words = ["bench", "ludb", "--data", data, "--answers", tmp_path / "stored.jsonl", "--out", tmp_path / "out"]
    run = einthoven(*words)
    assert (run.code, run.err) == (0, "")
    assert re.match(r"P_on +F1 0\.0 \[0\.0, 0\.0\] %  mean - ms  SD - ms  n \d+$", run.out.splitlines()[1])
    assert "None" not in run.out


def _fails(einthoven: Einthoven, folder: Path, *words: object) -> str:
    """Run what must fail; return its line."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    run = einthoven("bench", *words)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("einthoven: ")
    assert len(run.err.splitlines()) == 1, run.err
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before, "nothing is written"
    return run.err


def test_what_cannot_be_benchmarked(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    place = ["--data", data, "--out", tmp_path / "out"]
    for words, said in (
        (["ptbxl", *place], "no benchmark 'ptbxl'; there are ludb, qtdb"),
        (["ludb", *place, "--split", "all"], "no split 'all'; there are train, valid and test"),
        (["ludb", *place, "--model", tmp_path / "empty"], "no delineator"),
        (["ludb", *place, "--scorer", "kind"], "no scorer 'kind'"),
        (["ludb", *place, "--answers", "x.jsonl", "--model", data / "model"], "stored answers need no model"),
        (["ludb", *place, "--answers", "x.jsonl", "--noise"], "stored answers need no model"),
        (["ludb", *place, "--answers", "x.jsonl", "--questions-only"], "stored answers need no model"),
        (["ludb", *place, "--workers", "many"], "--workers"),
        (["ludb", "--data", tmp_path / "empty", "--out", tmp_path / "out"], "ludb.csv"),
        (["qtdb", "--data", tmp_path / "empty", "--out", tmp_path / "out"], "RECORDS"),
        (["ludb", "--data", tmp_path / "absent", "--out", tmp_path / "out"], "ludb.csv"),
        (["ludb", "--data", data], "--out"),
        (place, "Missing argument"),
    ):
        assert said in _fails(einthoven, tmp_path, *words)


def test_answers_that_cannot_be_used(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    good = json.dumps({"id": "9001", "waves": {}}) + "\n"
    for content, said in (
        (good + good, "'9001' is no text or stands twice"),
        ('{"id": "x", "waves": {}}\n', "ids are like '9001'"),
        (good + "{", "line 2"),
    ):
        (tmp_path / "stored.jsonl").write_text(content)
        words = ["ludb", "--data", data, "--answers", tmp_path / "stored.jsonl", "--out", tmp_path / "out"]
        assert said in _fails(einthoven, tmp_path, *words)
    words[4] = tmp_path / "absent.jsonl"
    assert "absent.jsonl" in _fails(einthoven, tmp_path, *words)


def test_an_output_folder_that_is_a_file(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("precious\n")
    words = ["ludb", "--data", data, "--model", data / "model", "--workers", "0", "--out", tmp_path / "out"]
    assert "out" in _fails(einthoven, tmp_path, *words)
    assert (tmp_path / "out").read_text() == "precious\n"
