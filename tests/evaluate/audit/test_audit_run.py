"""An audit from end to end: all arms asked once each, judged, told; a reader and a parrot show their signatures."""

import json
from pathlib import Path

import pytest

from einthoven.core.seen import Seen
from einthoven.evaluate.audit.run import Audit, audit_questions, run_audit
from einthoven.evaluate.bench import Who
from einthoven.evaluate.tasks import TASKS
from tests.evaluate.made_task import PATIENTS, parrot, reader, write_ecgs

RAN = {"command": "einthoven audit made", "date": "2026-01-01"}
KEYS = {"true", "other", "other_own_label", "matched", "flat", "noise", "none", "permuted", "swapped"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    write_ecgs(root)
    return root


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "made", "tests.evaluate.made_task:MADE")


def test_a_reader_and_a_parrot_show_their_signatures(data: Path, tmp_path: Path) -> None:
    read = run_audit(Audit("made", data), Who("reader", reader, seen=Seen()), tmp_path / "reader", RAN)
    said = run_audit(Audit("made", data), Who("parrot", parrot, seen=Seen()), tmp_path / "parrot", RAN)
    assert set(read) >= KEYS

    def balanced(found: dict[str, object], arm: str, part: str = "by_type") -> float:
        value: float = found[arm][part]["all"]["balanced_accuracy"]["value"]  # type: ignore[index]
        return value

    assert balanced(read, "true") == 1
    assert balanced(read, "other_own_label") == 1
    assert balanced(read, "other") == pytest.approx(0.5, abs=0.1)
    assert balanced(read, "other", "reliance") > 0.4
    assert balanced(said, "true") == balanced(said, "other") == balanced(said, "other_own_label") == 0.5
    assert balanced(said, "other", "reliance") == 0
    assert read["flat"]["abstained"]["flat"]["value"] == 1
    assert said["flat"]["abstained"]["flat"]["value"] == 0
    assert read["swapped"] is None
    assert "two ECGs" in read["absent"]["swapped"]

    out = tmp_path / "reader"
    asked = [json.loads(line) for line in (out / "questions.jsonl").read_text().splitlines()]
    answered = [json.loads(line)["id"] for line in (out / "answers.jsonl").read_text().splitlines()]
    assert [line["id"] for line in asked] == answered
    assert len({(tuple(line["ecg"]), line["question"]) for line in asked}) == len(asked), "each question once"
    page = (out / "report.html").read_text()
    for words in ("Does it look at the ECG?", "Research use only", "another patient", "einthoven audit made", "<svg"):
        assert words in page
    assert "<script" not in page
    stored = json.loads((out / "audit.json").read_text())
    assert {key: stored[key] for key in read} == json.loads(json.dumps(read))
    assert stored["run"]["model"] == "reader"
    scores = json.loads((out / "scores.json").read_text())
    assert scores["balanced_accuracy"]["value"] == 1
    assert set(scores["balanced_accuracy|other"]) == {"value", "n", "low", "high", "chance", "text_only", "unread"}

    again = run_audit(Audit("made", data), Who("reader", stored=out / "answers.jsonl"), tmp_path / "again", RAN)
    assert again == read, "judged again from stored answers"


def test_questions_and_ecgs_for_others(data: Path, tmp_path: Path) -> None:
    count = audit_questions(Audit("made", data), tmp_path / "out")
    lines = [json.loads(line) for line in (tmp_path / "out" / "questions.jsonl").read_text().splitlines()]
    assert len(lines) == count > 2 * PATIENTS
    made_here = {Path(ecg) for line in lines for ecg in line["ecg"] if str(tmp_path) in ecg}
    assert made_here
    assert all(ecg.with_suffix(".hea").is_file() or Path(f"{ecg}.hea").is_file() for ecg in made_here)
    assert any(line["ecg"] == [] for line in lines), "and some without any"
