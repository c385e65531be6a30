"""A wave benchmark from a folder of recordings to its report: what is written, resumed, left out and refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import EcgError, InputError, JobError, ModelError
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.wave_run import QUESTION, Run, bench_waves, write_questions
from einthoven.measure.network import FILE, FOLDS, fold
from einthoven.records.splits import split_of
from tests.evaluate.make import LUDB_PATIENTS, QTDB_PATIENTS, write_ludb, write_model, write_qtdb

FILES = {"questions.jsonl", "answers.jsonl", "scores.json", "run.json", "report.html"}
BORDERS = ("P_on", "P_off", "QRS_on", "QRS_off", "T_on", "T_off")
Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ludb/, qtdb/ and model/, which has seen none of their patients."""
    root = tmp_path_factory.mktemp("sets")
    write_ludb(root / "ludb")
    write_qtdb(root / "qtdb")
    write_model(root / "model")
    return root


@pytest.fixture(scope="module")
def ran(data: Path) -> tuple[Path, dict[str, Score]]:
    """What a run on LUDB left, and its scores."""
    out = data / "out"
    return out, bench_waves(_run(data), out)


def _run(data: Path, task: str = "ludb", **further: Any) -> Run:
    return replace(Run(task, data, str(data / "model"), workers=0), **further)


def _lines(file: Path) -> Lines:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _write(file: Path, lines: Lines) -> Path:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def _about(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "run.json").read_text()))


def test_files_and_their_forms(data: Path, ran: tuple[Path, dict[str, Score]]) -> None:
    out, found = ran
    assert {path.name for path in out.iterdir()} == FILES
    asked = [
        {"id": patient, "ecg": [str(data / "ludb" / "data" / f"{patient}.hea")], "question": QUESTION}
        for patient in LUDB_PATIENTS
    ]
    assert _lines(out / "questions.jsonl") == asked
    answers = _lines(out / "answers.jsonl")
    assert [line["id"] for line in answers] == list(LUDB_PATIENTS)
    assert all({"pr_ms", "qt_ms", "waves", "reasons"} < line.keys() and "error" not in line for line in answers)
    scores = json.loads((out / "scores.json").read_text())
    assert scores == {metric: score.to_json() for metric, score in found.items()}
    about = _about(out)
    assert (about["task"], about["recordings"], about["patients"], about["split"]) == ("ludb", 3, 3, "all")
    assert about["model"].startswith("delineator@")
    report = (out / "report.html").read_text()
    assert report.startswith("<!doctype html>")
    assert about["model"] in report


def test_questions_alone_are_those_of_all_recordings(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    assert write_questions(_run(data, model="no/such/model"), tmp_path / "out") == 3
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"questions.jsonl"}
    written = (tmp_path / "out" / "questions.jsonl").read_bytes()
    assert written == (ran[0] / "questions.jsonl").read_bytes()


def test_waves_are_found_where_they_are(data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path) -> None:
    """Simulated ECGs without noise are easy; of QTDB only the marked middle counts, and what is outside is no fault."""
    qtdb = bench_waves(_run(data, "qtdb"), tmp_path / "qtdb")
    for found, marks in ((ran[1], 3 * 12 * 4), (qtdb, 2 * 4)):
        for border in BORDERS:
            for metric in ("sensitivity", "ppv"):
                assert (found[f"{border}.{metric}"].value or 0) > 70, (border, metric)
            assert found[f"{border}.f1_150"].n >= marks
        assert abs(found["pr_ms.mean_ms"].value or 0) < 50
        assert (found["qrs_ms.mean_ms"].unread, found["P_on.f1_150"].unread) == (0.0, 0.0)
    assert [line["id"] for line in _lines(tmp_path / "qtdb" / "answers.jsonl")] == list(QTDB_PATIENTS)
    assert {lead for line in _lines(tmp_path / "qtdb" / "answers.jsonl") for lead in line["waves"]} == {"II", "V5"}


def test_the_folder_may_be_that_of_the_set_itself(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    assert bench_waves(_run(data / "ludb", model=str(data / "model")), tmp_path / "out") == ran[1]


def test_a_second_run_measures_only_what_is_missing(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    out = Path(shutil.copytree(ran[0], tmp_path / "out"))
    whole = _lines(out / "answers.jsonl")
    _write(out / "answers.jsonl", [whole[0] | {"kept": True}, {"id": whole[1]["id"], "error": "x"}])
    assert bench_waves(_run(data), out) == ran[1]
    assert _lines(out / "answers.jsonl") == [whole[0] | {"kept": True}, *whole[1:]]


def test_answers_of_another_network_are_not_taken_for_its_own(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    """A network that cannot even be run must not get the scores of the one before it in the same folder."""
    out = Path(shutil.copytree(ran[0], tmp_path / "out"))
    other = write_model(tmp_path / "other")
    (other / FILE).unlink()
    (other / FILE).write_bytes(b"no network")
    with pytest.raises(EcgError, match="not a network"):
        bench_waves(_run(data, model=str(other)), out)
    with pytest.raises(EcgError, match="not a network"):
        bench_waves(_run(data, model=str(other)), out / "new")
    assert not (out / "new").exists()


def test_stored_answers_score_as_the_run(data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path) -> None:
    stored = ran[0] / "answers.jsonl"
    assert bench_waves(_run(data, answers=stored), tmp_path / "out") == ran[1]
    about = _about(tmp_path / "out")
    assert about["model"] == str(stored)
    assert "is not known" in about["note"], "whom their maker was trained on"
    turned = _write(tmp_path / "turned.jsonl", [*_lines(stored)[::-1], {"id": "another set's"}])
    assert bench_waves(_run(data, answers=turned), tmp_path / "out") == ran[1]


def test_answers_that_are_missing_or_errors_are_unread(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    one, two, _ = _lines(ran[0] / "answers.jsonl")
    stored = _write(tmp_path / "stored.jsonl", [one, {"id": two["id"], "error": "no such record"}])
    found = bench_waves(_run(data, answers=stored), tmp_path / "out")["QRS_on.sensitivity"]
    assert found.unread == pytest.approx(2 / 3)
    assert (found.value or 100) < 50
    assert found.n == ran[1]["QRS_on.sensitivity"].n


GOOD: dict[str, Any] = {"id": "9001", "waves": {}}
WAVE: dict[str, Any] = {"wave": "P", "on_s": 1.0, "peak_s": 1.1, "off_s": 1.2, "confidence": 1.0}


def _refused(data: Path, tmp_path: Path, content: str) -> str:
    """Bench with stored answers that cannot be used; return the one line that says so."""
    stored = tmp_path / "stored.jsonl"
    stored.write_text(content, encoding="latin-1")
    with pytest.raises(JobError) as refused:
        bench_waves(_run(data, answers=stored), tmp_path / "out")
    line = str(refused.value)
    assert "\n" not in line
    assert "stored.jsonl" in line
    return line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n", "'9001'"),
        ('{"id": 9001, "waves": {}}\n', "9001"),
        ('{"waves": {}}\n', "None"),
        ('{"id": "1", "waves": {}}\n{"id": "2", "waves": {}}\n', "ids are like '9001'"),
        ("", "none of its 0 ids"),
        ("[]\n", "line 1"),
        (f"{json.dumps(GOOD)}\n" + '{"id": "9002", "wav', "line 2"),
        ("\xff\n", "not UTF-8"),
        ('{"id": "9001", "pr_ms": NaN}\n', "NaN"),
    ],
)
def test_stored_answers_that_cannot_be_used_are_refused(data: Path, tmp_path: Path, content: str, said: str) -> None:
    assert said in _refused(data, tmp_path, content)


@pytest.mark.parametrize(
    "wrong",
    [
        {"waves": 3},
        {"waves": {"I": None}},
        {"waves": {"I": [3]}},
        {"waves": {"I": [{"wave": "P"}]}},
        {"waves": {"I": [WAVE | {"wave": "U"}]}},
        {"waves": {"I": [WAVE | {"on_s": "1.0"}]}},
        {"pr_ms": "160"},
    ],
)
def test_stored_answers_of_another_form_are_refused(data: Path, tmp_path: Path, wrong: dict[str, Any]) -> None:
    assert "9001" in _refused(data, tmp_path, json.dumps(GOOD | wrong) + "\n")


def test_absent_answers_are_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"absent\.jsonl"):
        bench_waves(_run(data, answers=tmp_path / "absent.jsonl"), tmp_path / "out")


def test_nothing_is_written_where_answers_are_refused(data: Path, tmp_path: Path) -> None:
    _refused(data, tmp_path, '{"id": "1", "waves": {}}\n')
    assert {path.name for path in tmp_path.iterdir()} == {"stored.jsonl"}


def test_patients_that_the_network_has_seen_are_left_out(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    model = write_model(tmp_path / "model", [("ludb", "9002"), ("qtdb", "9001")])  # the other set's 9001 is another
    found = bench_waves(_run(data, model=str(model)), tmp_path / "out")
    assert [line["id"] for line in _lines(tmp_path / "out" / "questions.jsonl")] == ["9001", "9003"]
    assert [line["id"] for line in _lines(tmp_path / "out" / "answers.jsonl")] == ["9001", "9003"]
    assert found["QRS_on.f1_150"].n < ran[1]["QRS_on.f1_150"].n
    about = _about(tmp_path / "out")
    assert (about["recordings"], about["patients"]) == (2, 2)
    assert about["note"].startswith("1 recordings of patients that the delineator was trained on are left out")
    assert _about(ran[0])["note"].startswith("0 recordings")


def test_of_each_set_its_own_patients_are_left_out(data: Path, tmp_path: Path) -> None:
    for number, (dataset, left) in enumerate((("qtdb", ["sel9002"]), ("ludb", ["sel9001", "sel9002"]))):
        model = write_model(tmp_path / f"model{number}", [(dataset, "sel9001")])
        bench_waves(_run(data, "qtdb", model=str(model)), tmp_path / f"out{number}")
        assert [line["id"] for line in _lines(tmp_path / f"out{number}" / "questions.jsonl")] == left


def test_where_all_were_seen_it_is_said_to_be_no_test(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    model = write_model(tmp_path / "model", [("ludb", patient) for patient in LUDB_PATIENTS])
    assert bench_waves(_run(data, model=str(model)), tmp_path / "out") == ran[1]
    note = _about(tmp_path / "out")["note"]
    assert note.startswith("not a test")
    assert "3" in note
    assert note in (tmp_path / "out" / "report.html").read_text()


def test_of_five_networks_each_judges_the_patients_it_has_not_seen(
    data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path
) -> None:
    for number in range(FOLDS):
        others = [("ludb", patient) for patient in LUDB_PATIENTS if fold(patient) != number]
        folder = write_model(tmp_path / "run" / f"fold-{number}", others)
        if number not in {fold(patient) for patient in LUDB_PATIENTS}:
            (folder / FILE).unlink()
            (folder / FILE).write_bytes(b"asked for nobody")
    assert bench_waves(_run(data, model=str(tmp_path / "run")), tmp_path / "out") == ran[1]
    about = _about(tmp_path / "out")
    assert about["note"] == "each patient is measured by that network of five which did not see them"
    assert [part.split(" ")[0] for part in about["model"].split(", ")] == [f"fold-{number}" for number in range(FOLDS)]


def test_a_split_is_judged_alone(data: Path, ran: tuple[Path, dict[str, Score]], tmp_path: Path) -> None:
    split = split_of("9001", "ludb")
    inside = [patient for patient in LUDB_PATIENTS if split_of(patient, "ludb") == split]
    bench_waves(_run(data, split=split, answers=ran[0] / "answers.jsonl"), tmp_path / "out")
    assert [line["id"] for line in _lines(tmp_path / "out" / "questions.jsonl")] == inside
    assert _about(tmp_path / "out")["split"] == split
    with pytest.raises(InputError, match="no recording of ludb in split nonsense"):
        bench_waves(_run(data, split="nonsense"), tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("task", "table"), [("ludb", r"ludb\.csv"), ("qtdb", "RECORDS")])
def test_an_empty_folder_is_refused(data: Path, tmp_path: Path, task: str, table: str) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "absent"):
        with pytest.raises(InputError, match=table):
            bench_waves(replace(_run(data, task), data=folder), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_set_without_its_recordings_is_refused(data: Path, tmp_path: Path) -> None:
    shutil.copy(data / "ludb" / "ludb.csv", tmp_path / "ludb.csv")
    with pytest.raises(InputError, match="no recording of ludb"):
        bench_waves(replace(_run(data), data=tmp_path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_recording_that_cannot_be_read_is_an_error_line_and_unread(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / "ludb", tmp_path / "ludb")
    (tmp_path / "ludb" / "data" / "9002.dat").unlink()
    found = bench_waves(replace(_run(data), data=tmp_path), tmp_path / "out")
    assert [sorted(line) for line in _lines(tmp_path / "out" / "answers.jsonl")][1] == ["error", "id"]
    assert found["QRS_on.f1_150"].unread == pytest.approx(1 / 3)


def test_a_model_that_is_none_is_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    damaged = write_model(tmp_path / "damaged")
    (damaged / "seen.json").write_text("{}")
    unknown = write_model(tmp_path / "unknown")
    (unknown / "seen.json").unlink()
    for model, said in ((tmp_path / "empty", "no delineator"), (damaged, "seen.json"), (unknown, "seen.json")):
        with pytest.raises(ModelError, match=said):
            bench_waves(_run(data, model=str(model)), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_ladder_measures_with_noise_too(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("einthoven.evaluate.wave_run.KINDS", ("muscle",))
    monkeypatch.setattr("einthoven.evaluate.wave_run.LADDER_DB", (24, -20))
    found = bench_waves(_run(data, "qtdb", ladder=True), tmp_path / "out")
    steps = {"noise-muscle+24dB.jsonl", "noise-muscle-20dB.jsonl"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES | steps
    clean, light, drowned = (found[f"P_on.f1_150{step}"] for step in ("", "|muscle 24 dB", "|muscle -20 dB"))
    assert (light.value or 0) > 70
    assert (drowned.value or 0) < (clean.value or 0) - 10
    assert light.n == drowned.n == clean.n
    assert {metric.split("|")[1] for metric in found if " dB" in metric} == {"muscle 24 dB", "muscle -20 dB"}
    assert "Noise ladder" in (tmp_path / "out" / "report.html").read_text()
    first, second = ((tmp_path / "out" / name).read_bytes() for name in sorted(steps))
    assert first != second
