"""`einthoven bench` of questions, `audit` and `results` as people call them: pages, tables, one line for mistakes."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Einthoven
from tests.evaluate.tasks.ecgbench_made import ROWS, write_parquet
from tests.evaluate.tasks.made_ptbxl import many, write_local_split, write_ptbxl


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty recordings of as many patients, forty of them for training."""
    root = write_ptbxl(tmp_path_factory.mktemp("data"), many(60), signals=True)
    write_local_split(root, {number: "valid" if number > 40 else "train" for number in range(1, 61)})
    return root


def test_a_benchmark_is_run_told_scored_again_and_compared(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    folders = []
    for name in ("majority", "text-only"):
        folders.append(tmp_path / name)
        run = einthoven("bench", "superclasses", "--data", data, "--model", f"baseline:{name}", "--out", folders[-1])
        assert run.code == 0, run.err
        assert run.out.startswith("100 items of 20 patients; 0 of 100 items left out")
        assert "balanced_accuracy" in run.out
        assert run.out.rstrip().endswith("Research use only; not for diagnosis.")
    scores = json.loads((folders[0] / "scores.json").read_text())
    assert scores["balanced_accuracy"]["value"] == 0.5
    assert set(scores["accuracy"]) == {"value", "n", "low", "high", "chance", "text_only", "unread"}
    ran = json.loads((folders[0] / "run.json").read_text())["ran"]
    assert "bench superclasses" in ran["command"]
    again = tmp_path / "again"
    run = einthoven("bench", "superclasses", "--data", data, "--answers", folders[0] / "answers.jsonl", "--out", again)
    assert run.code == 0, run.err
    assert json.loads((again / "scores.json").read_text()) == scores
    run = einthoven("results", *folders, "--out", tmp_path / "page.html")
    assert run.code == 0, run.err
    assert "baseline:majority less baseline:text-only" in (tmp_path / "page.html").read_text()


def test_questions_for_others_and_what_training_must_leave_out(
    einthoven: Einthoven, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = einthoven("bench", "zero-shot-archive", "--data", data, "--questions-only", "--out", out)
    assert run.code == 2  # no other archive is here
    run = einthoven("bench", "superclasses", "--data", data, "--split", "train", "--questions-only", "--out", out)
    assert (run.code, run.out.split()[0]) == (0, "200"), run.err
    assert not (out / "exclude.json").exists()


def test_an_audit_is_run_and_told(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit"
    run = einthoven("audit", "--data", data, "--model", "baseline:text-only", "--out", out)
    assert run.code == 0, run.err
    assert "a flat ECG" in run.out
    found = json.loads((out / "audit.json").read_text())
    reliance = found["other"]["reliance"]["all"]["balanced_accuracy"]
    assert reliance["value"] == 0, "who reads words alone does not mind whose ECG it is"
    assert str(data) not in (out / "audit.json").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bench", "cake"), "no benchmark 'cake'; there are ludb, qtdb, superclasses"),
        (("bench", "superclasses", "--scorer", "kind"), "no scorer 'kind'; there are strict, official"),
        (("bench", "superclasses", "--scorer", "official"), "no published scorer is known for this task"),
        (("bench", "superclasses", "--split", "all"), "no split 'all'"),
        (("bench", "superclasses", "--noise"), "einthoven audit"),
        (("bench", "superclasses", "--layouts", "3x4"), "two or more"),
        (("bench", "superclasses", "--model", "baseline:oracle"), "oracle"),
        (("bench", "superclasses", "--model", "openai:ftp://x#y"), "openai:URL#name"),
        (("bench", "superclasses", "--model", "answers:nowhere.jsonl"), "nowhere.jsonl"),
        (("audit", "cake"), "no benchmark 'cake'"),
        (("audit", "--seed", "-1"), "--seed"),
    ],
)
def test_a_mistake_is_one_line(
    einthoven: Einthoven, data: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    model = () if "--model" in words else ("--model", "baseline:majority")
    run = einthoven(*words, "--data", data, *model, "--out", tmp_path / "out")
    assert run.code == 2
    lines = [line for line in run.err.splitlines() if line.startswith("einthoven: ")]
    assert len(lines) == 1
    assert said in lines[0]
    assert not (tmp_path / "out" / "scores.json").exists()


def test_answers_that_cannot_be_read_leave_nothing(einthoven: Einthoven, data: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "1"}\n')
    for words in (("bench", "superclasses", "--answers", tmp_path / "bad.jsonl"),
                  ("audit", "--model", f"answers:{tmp_path / 'bad.jsonl'}")):  # fmt: skip
        run = einthoven(*words, "--data", data, "--out", tmp_path / "out")
        assert run.code == 2
        assert "bad.jsonl, line 1" in run.err
        assert not (tmp_path / "out").exists()


def test_results_of_nothing_are_refused(einthoven: Einthoven, tmp_path: Path) -> None:
    run = einthoven("results", tmp_path, "--out", tmp_path / "page.html")
    assert run.code == 2
    assert "no finished run" in run.err
    assert not (tmp_path / "page.html").exists()


def test_a_model_answers_in_several_processes(data: Path, tmp_path: Path) -> None:
    """What a model is on the command line can be sent to processes: here one that is not there, told by each item."""
    from einthoven.cli.systems import Loaded
    from einthoven.evaluate.run import answer_items
    from einthoven.evaluate.tasks import load_task

    items = load_task("superclasses").items(data, None)[:10]
    answers = answer_items(Loaded(str(tmp_path / "nowhere")), items, tmp_path / "out", workers=2, label="")
    assert {answer.answer for answer in answers.values()} == {None}
    assert "no such folder" in (tmp_path / "out" / "answers.jsonl").read_text()


def test_pictures_that_a_set_embeds_are_written(einthoven: Einthoven, tmp_path: Path) -> None:
    root = tmp_path / "data"
    rows = ROWS["mmmu-ecg"]
    write_parquet(root, "mmmu-ecg", rows)
    run = einthoven("bench", "mmmu-ecg", "--data", root, "--pictures", "--questions-only", "--out", tmp_path / "out")
    assert run.code == 0, run.err
    assert f"{len(rows)} pictures or recordings written" in run.out
    lines = [json.loads(line) for line in (tmp_path / "out" / "questions.jsonl").read_text().splitlines()]
    assert len(lines) == len(rows)
    assert all(Path(line["ecg"][0]).is_file() for line in lines)
