"""`einthoven ask` as people and programs call it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from tests.cli.conftest import Einthoven
from tests.support import ROOT

KEYS = ["id", "answer", "options", "confidence", "abstained", "reason", "model", "seconds"]
KEYS += ["measured", "contradictions"]
QUESTION = "Is this ECG normal?"


pytestmark = pytest.mark.usefixtures("tiny_default")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write_wfdb(simulate([], seed=3).ecg, tmp_path, "rec")


def test_an_answer_for_people(einthoven: Einthoven, record: Path) -> None:
    run = einthoven("ask", record, QUESTION, "--options", "yes,no")
    assert (run.code, run.err) == (0, "")
    answer, probability, options, measured, signed = run.out.splitlines()
    assert answer in ("yes", "no")
    assert re.fullmatch(r"probability 0\.\d\d", probability)
    assert re.fullmatch(r"yes: 0\.\d\d  no: 0\.\d\d", options)
    assert re.fullmatch(r"measured: heart rate (-|\d+ bpm), PR (-|\d+ ms), QRS .*, QRS axis .*", measured)
    assert re.fullmatch(r"tiny@[0-9a-f]{8}\. Research use only; not for diagnosis\.", signed)


def test_one_json_object_and_nothing_else(einthoven: Einthoven, record: Path) -> None:
    run = einthoven("ask", record.with_suffix(""), QUESTION, "--options", '["yes", "no"]', "--json")
    assert (run.code, run.err) == (0, "")
    assert run.out.count("\n") == 1
    said = json.loads(run.out)
    assert list(said) == KEYS
    assert list(said["options"]) == ["yes", "no"]


def test_in_a_process_of_its_own_too(record: Path, model_folder: Path) -> None:
    """Bars and warnings of libraries go by their own ways; only a real process shows where they end."""
    words = ["ask", str(record), QUESTION, "--options", "yes,no", "--model", str(model_folder), "--json"]
    code = "from einthoven.cli import main; main()"
    environment = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"}
    run = subprocess.run(
        [sys.executable, "-W", "default", "-c", code, *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout)["answer"] in ("yes", "no")


def test_options_split_outside_of_parentheses_and_come_back_verbatim(einthoven: Einthoven, record: Path) -> None:
    options = "Sinus rhythm, bigeminy (supraventricular, or ventricular)"
    said = json.loads(einthoven("ask", record, "Which?", "--options", options, "--json").out)
    assert list(said["options"]) == ["Sinus rhythm", "bigeminy (supraventricular, or ventricular)"]


def test_pick_any(einthoven: Einthoven, record: Path) -> None:
    words = ["ask", record, "Which?", "--options", "AFIB,LVH,CLBBB", "--pick", "any"]
    said = json.loads(einthoven(*words, "--json").out)
    assert said["answer"] == [option for option, p in said["options"].items() if p >= 0.5]
    first = einthoven(*words).out.splitlines()[0]
    assert first == (", ".join(said["answer"]) or "none of these")


def test_free_text(einthoven: Einthoven, record: Path) -> None:
    said = json.loads(einthoven("ask", record, "What does it show?", "--json").out)
    assert said["options"] is None
    assert said["answer"]
    assert einthoven("ask", record, "What does it show?").out.splitlines()[0] == said["answer"]


def test_two_ecgs_are_not_answered_and_it_is_said_why(einthoven: Einthoven, record: Path) -> None:
    run = einthoven("ask", record, record, "Did it change?", "--options", "yes,no")
    assert run.code == 0
    assert run.out.splitlines()[0] == "No answer: this model was not trained on 2 ECGs at once."
    said = json.loads(einthoven("ask", record, record, "Did it change?", "--options", "yes,no", "--json").out)
    assert (said["answer"], said["confidence"], said["abstained"]) == (None, None, True)
    assert sum(said["options"].values()) == pytest.approx(1.0)


def test_what_was_not_read_is_said(einthoven: Einthoven, tmp_path: Path) -> None:
    write_wfdb(simulate([], seed=3, seconds=30.0).ecg, tmp_path, "long")
    run = einthoven("ask", tmp_path / "long", QUESTION, "--options", "yes,no")
    assert "Note: only the first 10 s of 30 s were read." in run.out.splitlines()


def test_rate_and_unit(einthoven: Einthoven, tmp_path: Path) -> None:
    ecg = simulate([], seed=3).ecg
    rows = [",".join(ecg.leads), *(",".join(f"{v:.4f}" for v in column) for column in ecg.signal_mv.T)]
    (tmp_path / "table.csv").write_text("\n".join(rows) + "\n")
    words = ["ask", tmp_path / "table.csv", QUESTION, "--options", "yes,no"]
    assert einthoven(*words).code == 2
    assert einthoven(*words, "--rate", "500", "--unit", "mV").code == 0


def test_a_batch(einthoven: Einthoven, record: Path, tmp_path: Path) -> None:
    line = {"ecg": ["rec"], "question": QUESTION, "options": ["yes", "no"]}
    asked = [line | {"id": "a"}, line | {"id": "b", "ecg": ["absent"]}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in asked))
    words = ["ask", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl"]
    run = einthoven(*words)
    assert run.code == 0
    assert run.out.startswith("1 answered, 0 already there, 1 with an error: ")
    assert run.err.splitlines()[-1].startswith("ask: 2/2, 1 error in ")
    a, b = [json.loads(one) for one in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert list(a) == KEYS
    assert set(b) == {"id", "error"}
    assert einthoven(*words).out.startswith("0 answered, 1 already there, 1 with an error: ")


def test_nothing_is_fetched_behind_the_users_back(
    einthoven: Einthoven, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE")
    einthoven("ask", record, QUESTION)
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")  # who wants to be asked, is
    einthoven("ask", record, QUESTION)
    assert os.environ["HF_HUB_OFFLINE"] == "0"
