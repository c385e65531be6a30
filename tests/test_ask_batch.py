"""A batch of questions: the form of its lines, one error a line, resumed without loss."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from einthoven.ask_batch import answer_batch
from einthoven.core.errors import JobError
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb

KEYS = ["id", "answer", "options", "confidence", "abstained", "reason", "model", "seconds"]
KEYS += ["measured", "contradictions"]
YES_NO = ["yes", "no"]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records/{normal,block,long}."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "records").mkdir()
    for name, findings, seconds in (("normal", [], 10.0), ("block", ["CLBBB"], 10.0), ("long", [], 30.0)):
        write_wfdb(simulate(findings, seed=3, seconds=seconds).ecg, folder / "records", name)
    return folder


@pytest.fixture
def folder(records: Path, tmp_path: Path) -> Path:
    """The same, for one test."""
    (tmp_path / "records").symlink_to(records / "records")
    return tmp_path


def _run(folder: Path, model: Path, lines: list[dict[str, Any]], **further: Any) -> list[dict[str, Any]]:
    (folder / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    answer_batch(folder / "in.jsonl", folder / "out.jsonl", str(model), **further)
    return _lines(folder)


def _lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]


def _ask(id: str, ecg: list[str] | None = None, **further: Any) -> dict[str, Any]:
    ecg = ["records/normal"] if ecg is None else ecg
    return {"id": id, "ecg": ecg, "question": "Is this ECG normal?", "options": YES_NO} | further


def test_a_line_has_the_keys_of_the_contract_and_no_other(folder: Path, model_folder: Path) -> None:
    asked = [
        _ask("one"),
        _ask("list", options=["AFIB", "LVH"], pick="any"),
        {"id": "text", "ecg": ["records/block"], "question": "What does it show?"},
        _ask("two", ["records/normal", "records/block"]),
        _ask("long", ["records/long.hea"]),
        _ask("null", pick=None) | {"options": None},
    ]
    one, some, text, two, long, null = _run(folder, model_folder, asked)
    assert all(list(line) == KEYS for line in (one, some, text, two, long, null))
    assert list(one["options"]) == YES_NO
    assert one["answer"] == max(YES_NO, key=one["options"].get)
    assert one["confidence"] == one["options"][one["answer"]]
    assert isinstance(some["answer"], list)
    assert (text["options"], text["abstained"], null["options"]) == (None, False, None)
    assert (two["answer"], two["confidence"], two["abstained"]) == (None, None, True)
    assert sum(two["options"].values()) == pytest.approx(1.0)
    assert (long["abstained"], long["reason"]) == (False, "only the first 10 s of 30 s were read")
    assert all(line["seconds"] >= 0 for line in (one, some, text, two, long))


BAD = [
    (_ask("bad", ["records/absent"]), "no such record"),
    (_ask("bad", ["records/page.png"]), "is a picture, and this model reads signals only"),
    (_ask("bad", ["http://example.invalid/ecg"]), "no such record"),
    (_ask("bad", ["records/normal", "records/absent"]), "no such record"),
    (_ask("bad", ["records/normal"] * 3), "3 ECGs given"),
    (_ask("bad", []), '"ecg" must be a list'),
    (_ask("bad", [3]), '"ecg" must be a list'),  # type: ignore[list-item]
    ({"id": "bad", "question": "Is it?"}, '"ecg" must be a list'),
    (_ask("bad", question=""), "the question is empty"),
    (_ask("bad", question=None), '"question" must be a text'),
    (_ask("bad", question="why " * 3000), "the most is 2048"),
    (_ask("bad", options=["yes", "Yes"]), "stands twice"),
    (_ask("bad", options=["yes"]), "1 option given"),
    (_ask("bad", options="yes,no"), '"options" must be a list of texts'),
    (_ask("bad", options=["yes", 0]), '"options" must be a list of texts'),
    (_ask("bad", pick="all"), "pick is 'all'"),
    (_ask("bad", pick=0), "pick is 0"),
    (_ask("bad", ecgs=["records/normal"]), "unknown key 'ecgs'"),
]


def test_each_mistake_is_an_error_line_and_the_others_are_answered(folder: Path, model_folder: Path) -> None:
    lines: list[dict[str, Any]] = []
    for number, (line, _) in enumerate(BAD):
        lines += [line | {"id": f"bad {number}"}, _ask(f"good {number}")]
    out = _run(folder, model_folder, lines)
    assert [line["id"] for line in out] == [line["id"] for line in lines]
    for (_, match), bad, good in zip(BAD, out[::2], out[1::2], strict=True):
        assert set(bad) == {"id", "error"}
        assert match in bad["error"]
        assert "\n" not in bad["error"]
        assert good["answer"] in YES_NO


@pytest.mark.parametrize(
    ("lines", "match"),
    [
        ([_ask("a"), _ask("a")], "'a' stand"),
        ([_ask("a"), {"ecg": ["records/normal"], "question": "Is it?"}], "question 2 has no id"),
        ([_ask("")], "question 1 has no id"),
        ([_ask("a") | {"id": 7}], "question 1 has no id"),
    ],
)
def test_a_batch_that_is_wrong_as_a_whole_makes_nothing(
    folder: Path, model_folder: Path, lines: list[dict[str, Any]], match: str
) -> None:
    with pytest.raises(JobError, match=match):
        _run(folder, model_folder, lines)
    assert not (folder / "out.jsonl").exists()


def test_paths_are_relative_to_the_batch_and_not_to_where_one_stands(
    folder: Path, model_folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    absolute = str((folder / "records" / "normal").resolve())
    first, second = _run(folder, model_folder, [_ask("relative"), _ask("absolute", [absolute])])
    assert first["options"] == pytest.approx(second["options"], abs=1e-4)


def test_a_second_run_adds_what_is_missing_and_tries_errors_again(folder: Path, model_folder: Path) -> None:
    lines = [_ask("a"), _ask("b", ["later"]), _ask("c", ["records/block"])]
    before = _run(folder, model_folder, lines)
    assert set(before[1]) == {"id", "error"}
    kept = [line for line in (folder / "out.jsonl").read_bytes().splitlines() if b'"error"' not in line]
    write_wfdb(simulate(["AFIB"], seed=3).ecg, folder, "later")
    after = _run(folder, model_folder, [*lines, _ask("d")])
    assert [line["id"] for line in after] == ["a", "b", "c", "d"]
    assert after[1]["answer"] in YES_NO
    raw = (folder / "out.jsonl").read_bytes().splitlines()
    assert [raw[0], raw[2]] == kept, "not asked again: even the seconds are those of the first run"


def test_probabilities_do_not_depend_on_company_or_order(folder: Path, model_folder: Path) -> None:
    lines = [_ask(f"{name} {n}", [f"records/{name}"], question=f"Is it number {n}?") for n in range(20)
             for name in ("normal", "block", "long")]  # fmt: skip
    together = {line["id"]: line["options"]["yes"] for line in _run(folder, model_folder, lines)}
    (folder / "out.jsonl").unlink()
    turned = {line["id"]: line["options"]["yes"] for line in _run(folder, model_folder, lines[::-1])}
    assert turned == pytest.approx(together, abs=1e-4)
    for line in lines[::17]:
        (folder / "out.jsonl").unlink()
        (alone,) = _run(folder, model_folder, [line])
        assert alone["options"]["yes"] == pytest.approx(together[line["id"]], abs=1e-4)


def test_rate_and_unit_are_for_files_that_do_not_say_theirs(folder: Path, model_folder: Path) -> None:
    ecg = simulate([], seed=3).ecg
    rows = [",".join(ecg.leads), *(",".join(f"{v:.4f}" for v in column) for column in ecg.signal_mv.T)]
    (folder / "table.csv").write_text("\n".join(rows) + "\n")
    lines = [_ask("table", ["table.csv"]), _ask("record")]
    table, record = _run(folder, model_folder, lines)
    assert "error" in table
    assert "error" not in record
    (folder / "out.jsonl").unlink()
    table, record = _run(folder, model_folder, lines, units=(500.0, "mV"))
    assert table["options"] == pytest.approx(record["options"], abs=1e-3)
    (folder / "out.jsonl").unlink()
    table, _ = _run(folder, model_folder, lines)
    assert "error" in table, "what one batch was told is forgotten in the next"


def test_an_empty_batch_is_done_at_once(folder: Path, model_folder: Path) -> None:
    (folder / "in.jsonl").write_text("\n")
    tally = answer_batch(folder / "in.jsonl", folder / "out.jsonl", str(model_folder))
    assert (tally.total, tally.made, tally.failed) == (0, 0, 0)


def test_weights_that_are_no_numbers_give_errors_and_no_answers(
    folder: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from einthoven.ask import load_model

    backend = load_model(str(model_folder)).answerer.backend
    monkeypatch.setattr(backend, "score", lambda asked: [[np.nan, -1.0] for _ in asked])
    (line,) = _run(folder, model_folder, [_ask("a")])
    assert "weights are damaged" in line["error"]
