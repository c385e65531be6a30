"""A built set as a benchmark: its lines are found, its ECGs are there, and the last answer is not shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import InputError
from einthoven.core.sample import Sample
from einthoven.evaluate.tasks.sets import SET
from einthoven.instruct.build import build
from einthoven.instruct.order import Order
from einthoven.instruct.records import write_records
from tests.evaluate.tasks.made_ptbxl import Made, write_ptbxl

MADE = (
    Made({"NORM": 100.0, "SR": 0.0}, 1, "train"), Made({"AFIB": 0.0}, 2, "valid"), Made({"LVH": 100.0}, 3, "valid"),
    Made({"CLBBB": 100.0, "SR": 0.0}, 4, "test"),
)  # fmt: skip
ORDER = Order(samples=700)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data root, and a set in it with its simulated recordings."""
    root = write_ptbxl(tmp_path_factory.mktemp("data"), MADE, signals=True)
    out = root / "made"
    build("ecginstruct", root, out, ORDER, workers=0)
    write_records("ecginstruct", root, out, ORDER, workers=0)
    return root, out


def _lines(out: Path, split: str) -> list[dict[str, Any]]:
    data = b"".join(path.read_bytes() for path in sorted(out.glob(f"{split}-*.jsonl")))
    lines = [json.loads(line) for line in data.split(b"\n") if line]
    return [line for line in lines if line["split"] == split]


@pytest.mark.parametrize("split", ["valid", "test"])
def test_each_line_is_an_item_without_its_answer(built: tuple[Path, Path], split: str) -> None:
    root, out = built
    lines, items = _lines(out, split), SET.items(out, split)
    assert [item.id for item in items] == [line["id"] for line in lines]
    assert len(items) > 10
    for item, line in zip(items, lines, strict=True):
        sample = item.sample
        assert [turn.text for turn in sample.turns] == [
            "\n".join(part["text"] for part in turn["parts"] if "text" in part) for turn in line["turns"][:-1]
        ]
        assert sample.turns[-1].role == "user"
        assert sample.answer == (tuple(line["answer"]) if isinstance(line["answer"], list) else line["answer"])
        assert (item.group, item.type) == (line["key"], line["type"])
        assert item.severity == line["severity"]["s_without"]
        assert all(Path(f"{ecg}.hea").is_file() for ecg in sample.ecgs)
    assert any(str(out / "simulated") in ecg for item in SET.items(out, "train") for ecg in item.sample.ecgs)
    assert SET.items(root, split) == items, "the folder that holds the set does as well"
    assert not SET.notes(out, split)


def test_valid_is_asked_without_a_split_and_patients_are_those_of_the_lines(built: tuple[Path, Path]) -> None:
    _, out = built
    items = SET.items(out, None)
    assert items == SET.items(out, "valid")
    told = {item.id: item.patients for item in items}
    for line in _lines(out, "valid"):
        patients = line["patient"] if isinstance(line["patient"], list) else [line["patient"]]
        assert told[line["id"]] == tuple(f"{line['source']}/{one}" for one in patients)
    assert {"one", "any", "text"} <= {item.kind for item in items}


def _set(folder: Path, lines: list[dict[str, Any]], **manifest: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "valid-00000.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    files = {"valid-00000.jsonl": {"samples": len(lines)}}
    (folder / "manifest.json").write_text(json.dumps({"asked": {}, "complete": True, "files": files, **manifest}))
    return folder


def _line(number: int, **changes: Any) -> dict[str, Any]:
    parts = [{"ecg": 0}, {"text": "Is this ECG normal?"}]
    turns = [{"role": "user", "parts": parts}, {"role": "assistant", "parts": [{"text": "yes"}]}]
    return {"id": str(number), "ecgs": ["ptbxl/1"], "turns": turns, "options": ["yes", "no"], "pick": "one",
            "answer": "yes", "split": "valid", "source": "ptbxl", "patient": "1", **changes}  # fmt: skip


def test_a_talk_keeps_its_earlier_answers_and_loses_the_last(tmp_path: Path) -> None:
    said = ("What is the rate?", "72 bpm", "Is this ECG normal?", "yes")
    turns = [{"role": ("user", "assistant")[place % 2], "parts": [{"text": text}]} for place, text in enumerate(said)]
    (item,) = SET.items(_set(tmp_path / "set", [_line(1, ecgs=[], turns=turns)]), None)
    assert [turn.text for turn in item.sample.turns] == list(said[:3])
    assert item.gold == {"yes"}


def test_an_ecg_is_looked_for_in_the_set_and_then_beside_it(tmp_path: Path) -> None:
    folder = _set(tmp_path / "set", [_line(1), _line(2, ecgs=["simulated/a"]), _line(3, ecgs=["ptbxl/absent"])])
    for path in (tmp_path / "ptbxl" / "1.hea", folder / "simulated" / "a.hea"):
        path.parent.mkdir(parents=True)
        path.write_text("x")
    items = SET.items(folder, None)
    assert [item.sample.ecgs[0] for item in items] == [str(tmp_path / "ptbxl" / "1"), str(folder / "simulated" / "a")]
    assert [item.severity for item in items] == [None, None]
    assert SET.notes(folder, None) == ["1 lines left out: an ECG is not there"]
    (folder / "ptbxl").mkdir()
    (folder / "ptbxl" / "1.hea").write_text("x")
    assert SET.items(folder, None)[0].sample.ecgs == (str(folder / "ptbxl" / "1"),), "the set's own comes first"


def test_pages_are_left_out_and_counted(tmp_path: Path) -> None:
    page = [{"role": "user", "parts": [{"page": 0}, {"text": "Is this ECG normal?"}]}]
    folder = _set(tmp_path / "set", [_line(1), _line(2, turns=page)])
    (tmp_path / "ptbxl").mkdir()
    (tmp_path / "ptbxl" / "1.hea").write_text("x")
    assert [item.id for item in SET.items(folder, None)] == ["1"]
    assert SET.notes(folder, None) == ["1 lines left out: they show pages, not signals"]


def test_a_set_that_cannot_be_asked_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no set"):
        SET.items(tmp_path, None)
    with pytest.raises(InputError, match="nothing of valid can be asked: 1 an ECG is not there"):
        SET.items(_set(tmp_path / "a", [_line(1)]), None)
    with pytest.raises(InputError, match="is not finished"):
        SET.items(_set(tmp_path / "b", [_line(1)], complete=False), None)
    with pytest.raises(InputError, match=r"holds 2 sets \(a, b\)"):
        SET.items(tmp_path, None)
    with pytest.raises(InputError, match="which is not in its folder"):
        SET.items(_set(tmp_path / "c", [], files={"../a/valid-00000.jsonl": {}}), None)
    with pytest.raises(InputError, match="cannot be read"):
        SET.items(_set(tmp_path / "d", [], files={"test-00000.jsonl": {}}), None)
    with pytest.raises(InputError, match="train, valid, test"):
        SET.items(tmp_path / "a", "dev")
    with pytest.raises(InputError, match="two items have the id"):
        folder = _set(tmp_path / "e", [_bare(1), _bare(1)])
        SET.items(folder, None)


def _bare(number: int) -> dict[str, Any]:
    """A line about no ECG at all."""
    turns = [{"role": "user", "parts": [{"text": "Is this ECG normal?"}]}]
    line = _line(number, ecgs=[], turns=turns)
    assert Sample.from_json(line).ecgs == ()
    return line
