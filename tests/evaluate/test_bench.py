"""A benchmark of questions from end to end: asked, answered, scored, told; seen patients left out; scored again."""

import json
from pathlib import Path

import pytest

from einthoven.core.errors import JobError
from einthoven.core.seen import Seen, patient_key
from einthoven.evaluate.bench import Run, Who, bench, only_questions
from einthoven.evaluate.results import results_page
from einthoven.evaluate.tasks import TASKS
from tests.evaluate import made_task
from tests.evaluate.made_task import PATIENTS, parrot, reader

RAN = {"command": "einthoven bench made", "date": "2026-01-01"}
ALL = Seen()


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "made", "tests.evaluate.made_task:MADE")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data" / "made").mkdir(parents=True)
    return tmp_path / "data"


def _keys(*patients: int) -> frozenset[str]:
    return frozenset(patient_key("made", str(one)) for one in patients)


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_perfect_reader_has_it_all_right(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = bench(Run("made", data), Who("reader", reader, seen=ALL), out, RAN)
    for metric in ("accuracy", "balanced_accuracy", "auroc"):
        assert found[metric].value == 1.0
    assert found["accuracy"].n == 2 * PATIENTS
    assert found["accuracy"].unread == 0
    assert found["accuracy"].chance == pytest.approx(5 / 9, abs=0.08)  # a third yes, dealt out anew
    assert found["accuracy"].text_only == pytest.approx(2 / 3, abs=0.02)  # "no", learned on train
    assert {path.name for path in out.iterdir()} >= {
        "questions.jsonl", "answers.jsonl", "scores.json", "run.json", "report.html"
    }  # fmt: skip
    assert [line["id"] for line in _lines(out / "questions.jsonl")] == [
        line["id"] for line in _lines(out / "answers.jsonl")
    ]
    assert "answer" not in _lines(out / "questions.jsonl")[0]
    page = (out / "report.html").read_text()
    assert "einthoven bench made" in page
    assert "two recordings could not be used" in page
    assert "Research use only" in page
    assert json.loads((out / "run.json").read_text())["a_test"] is True


def test_the_level_of_the_words_is_told_question_by_question(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_task, "shows", lambda patient, question: question == 1)
    found = bench(Run("made", data), Who("parrot", parrot, seen=ALL), tmp_path / "out", RAN)
    assert found["accuracy"].value == 0.5
    assert found["accuracy"].text_only == 1.0, "one question is always answered with yes, the other with no"


def test_one_that_says_no_is_at_chance(data: Path, tmp_path: Path) -> None:
    found = bench(Run("made", data), Who("parrot", parrot, seen=ALL), tmp_path / "out", RAN)
    assert found["balanced_accuracy"].value == 0.5
    assert found["auroc"].value == 0.5
    assert found["accuracy"].value == pytest.approx(found["accuracy"].chance)


def test_the_seen_are_left_out_and_said(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = bench(Run("made", data), Who("reader", reader, seen=Seen(_keys(0, 1, 2))), out, RAN)
    assert found["accuracy"].n == 2 * (PATIENTS - 3)
    about = json.loads((out / "run.json").read_text())
    assert (about["left_out"], about["a_test"]) == (6, True)
    assert "6 of 80 items left out" in (out / "report.html").read_text()
    again = bench(Run("made", data), Who("answers", stored=out / "answers.jsonl"), tmp_path / "again", RAN)
    assert again == found, "scored again at no cost, the same patients left out"
    assert json.loads((tmp_path / "again" / "run.json").read_text())["model"] == "reader"
    assert "reader less reader" in results_page([out, tmp_path / "again"])


def test_of_a_mostly_seen_set_the_page_says_no_test(data: Path, tmp_path: Path) -> None:
    bench(Run("made", data), Who("reader", reader, seen=Seen(_keys(*range(PATIENTS)))), tmp_path / "out", RAN)
    assert "not a test" in (tmp_path / "out" / "report.html").read_text().split("</h1>")[0]


def test_a_folder_holds_answers_of_one_model(data: Path, tmp_path: Path) -> None:
    bench(Run("made", data), Who("reader", reader, seen=ALL), tmp_path / "out", RAN)
    with pytest.raises(JobError, match="another model"):
        bench(Run("made", data), Who("parrot", parrot, seen=ALL), tmp_path / "out", RAN)


def test_official_scores_as_published(data: Path, tmp_path: Path) -> None:
    found = bench(Run("made", data, scorer="official"), Who("reader", reader, seen=ALL), tmp_path / "out", RAN)
    assert all(name.endswith("|ecgqa-llm") for name in found)
    assert found["exact_match|ecgqa-llm"].value == 1.0
    assert found["exact_match|ecgqa-llm"].low is None, "the published scorer gives no interval"


def test_questions_alone_hold_no_answer(data: Path, tmp_path: Path) -> None:
    assert only_questions(Run("made", data), tmp_path / "out") == 2 * PATIENTS
    assert {key for line in _lines(tmp_path / "out" / "questions.jsonl") for key in line} == {
        "id", "ecg", "question", "options", "pick"
    }  # fmt: skip
    assert not (tmp_path / "out" / "answers.jsonl").exists()


def test_stored_answers_of_others_are_no_test_and_gaps_count_as_wrong(data: Path, tmp_path: Path) -> None:
    said = [{"question_id": f"{patient}/1", "text": "No."} for patient in range(PATIENTS)]
    (tmp_path / "said.jsonl").write_text("".join(json.dumps(line) + "\n" for line in said))
    found = bench(Run("made", data), Who("them", stored=tmp_path / "said.jsonl"), tmp_path / "out", RAN)
    assert found["accuracy"].n == 2 * PATIENTS
    assert found["accuracy"].unread == 0.5
    about = json.loads((tmp_path / "out" / "run.json").read_text())
    assert about["a_test"] is False
    assert "40 missing" in (tmp_path / "out" / "report.html").read_text()


def test_models_side_by_side(data: Path, tmp_path: Path) -> None:
    for name, system in (("reader", reader), ("parrot", parrot)):
        bench(Run("made", data), Who(name, system, seen=ALL), tmp_path / name, RAN)
    page = results_page([tmp_path / "reader", tmp_path / "parrot"])
    assert "reader less parrot" in page
    assert "<script" not in page
    with pytest.raises(JobError, match="no finished run"):
        results_page([tmp_path])


@pytest.mark.parametrize("task", ["ptb-test", "csn-test-no-cot"])
def test_published_rows_stand_by_their_protocol(task: str, tmp_path: Path) -> None:
    run = {"task": task, "about": "x", "model": "m", "split": "test", "scorer": "official", "data": "/d", "note": "n"}
    (tmp_path / "run.json").write_text(json.dumps(run))
    (tmp_path / "scores.json").write_text('{"accuracy": {"value": 0.5, "n": 3}}')
    page = results_page([tmp_path])
    assert "PULSE-7B" in page
    assert "official" in page
    assert "Reported elsewhere" in page
