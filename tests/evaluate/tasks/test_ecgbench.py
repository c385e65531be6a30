"""The nine sets as released: every quirk read, every broken row told, gold right under strict marks, pictures out."""

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import InputError
from einthoven.core.sample import Answer
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.tasks import ecgbench_pictures as pictures
from einthoven.evaluate.tasks import ecgbench_rows as rows_module
from einthoven.evaluate.tasks import load_task
from einthoven.evaluate.tasks.ecgbench import ARENA, CODE15, CPSC, CSN, ECGQA, G12, MMMU, PTB, PTB_REPORT, EcgBench
from einthoven.evaluate.tasks.ecgbench_sets import SETS
from tests.evaluate.tasks.ecgbench_made import (
    BIGEMINY,
    JPEG,
    ONLY,
    PNG,
    ROWS,
    row,
    turns,
    write_json,
    write_parquet,
)

RULES = {"ptb-test": "super", "cpsc-test": "cpsc", "code15-test": "code15", "ecgqa-test": "ecgqa-ecgbench",
         "mmmu-ecg": "mcq-4", "csn-test-no-cot": "mcq-8", "g12-test-no-cot": "mcq-8"}  # fmt: skip


def answered(item: Item, said: Any) -> Answer:
    return Answer(item.id, said, None, None, False, None, "", 0.0)


def released(root: Path, one: EcgBench, rows: list[dict[str, Any]] | None = None) -> list[Item]:
    write_parquet(root, one.name, rows)
    return one.items(root, None)


def test_nine_sets_of_11247_items() -> None:
    assert sum(one.published for one in SETS.values()) == 11_247
    assert set(SETS) == set(ROWS)
    assert [load_task(name).name for name in SETS] == list(SETS)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("write", [write_parquet, write_json])
def test_gold_is_right_and_nothing_else_is(name: str, write: Any, tmp_path: Path) -> None:
    write(tmp_path, name)
    items = load_task(name).items(tmp_path, None)
    assert [item.id for item in items] == [str(one.get("id", one.get("No"))) for one in ROWS[name]]
    said = {item.id: answered(item, item.sample.answer) for item in items}
    assert [mark.right for mark in marks(items, said)] == [True] * len(items)
    assert not any(mark.right for mark in marks(items, {item.id: answered(item, "") for item in items}))
    for item, one in zip(items, ROWS[name], strict=True):
        assert item.sample.ecgs == (str(tmp_path / "ecgbench" / name / one["image_path"]),)
        assert item.sample.turns[0].parts[0].page == 0
        assert "<image>" not in item.sample.question and item.sample.question
        assert item.facts.get("rule") == RULES.get(name)
        assert "rebuilt" not in item.facts
        if name != "arena":
            assert item.facts["gold_text"] == one["conversations"][1]["value"]
            assert item.facts["prompt"] == "".join(one["conversations"][0]["value"])


@pytest.mark.parametrize("name", ["ptb-test", "code15-test", "cpsc-test", "csn-test-no-cot", "g12-test-no-cot"])
def test_gold_said_in_the_released_words_is_right(name: str, tmp_path: Path) -> None:
    write_parquet(tmp_path, name)
    items = load_task(name).items(tmp_path, None)
    said = {item.id: answered(item, item.facts["gold_text"]) for item in items}
    assert [mark.right for mark in marks(items, said)] == [True] * len(items)


def test_classes_are_the_same_in_every_row_and_gold_is_read_by_code_or_name(tmp_path: Path) -> None:
    items = released(tmp_path, PTB)
    options = ("NORM(normal ECG)", "MI(myocardial infarction)", "STTC(ST/T change)", "CD(conduction disturbance)",
               "HYP(hypertrophy)")  # fmt: skip
    assert {item.sample.options for item in items} == {options}
    assert [item.kind for item in items] == ["any"] * 3
    assert [item.sample.answer for item in items] == [options[:1], options[1:3], options[3:]]


def test_names_of_the_prompts_are_taken_where_all_agree(tmp_path: Path) -> None:
    codes = ("NORM", "AF", "I-AVB", "LBBB", "RBBB", "PAC", "PVC", "STD", "STE")
    prompt = "Which? " + ", ".join(f"{code}({code.lower()} name)" for code in reversed(codes))
    agreed = [row(str(n), f"A000{n}-0.png", turns(prompt, f"{codes[n]}; PVC")) for n in range(3)]
    first = released(tmp_path / "a", CPSC, agreed)[0]
    assert first.sample.options == tuple(f"{code}({code.lower()} name)" for code in codes)
    assert first.sample.answer == ("NORM(norm name)", "PVC(pvc name)")
    other = row("9", "A0009-0.png", turns(prompt.replace("pac name", "another"), "PAC"))
    options = released(tmp_path / "b", CPSC, [*agreed, other])[0].sample.options
    assert options is not None
    assert options[5] == "PAC(atrial premature complex)"


def test_code15_has_six_labels_or_two_verdicts_or_all(tmp_path: Path) -> None:
    both, one, abnormal, normal = released(tmp_path / "a", CODE15)
    assert both.sample.answer == ("1dAVb(1st degree av block)", "AF(atrial fibrillation)")
    assert len(both.sample.options or ()) == len(one.sample.options or ()) == 6
    assert abnormal.sample.options == ("NORM(normal ECG)", "ABNORMAL(abnormal ECG)") == normal.sample.options
    assert (abnormal.sample.answer, normal.sample.answer) == (("ABNORMAL(abnormal ECG)",), ("NORM(normal ECG)",))
    assert [item.type for item in (both, one, abnormal, normal)] == ["code15 six"] * 2 + ["code15 overall"] * 2
    all_eight = "Which of 1dAVb, RBBB, LBBB, SB, ST, AF, else NORM or ABNORMAL?"
    rows = [row("1", "1-0.png", turns(all_eight, "NORM")), row("2", "2-0.png", turns(all_eight, "SB; RBBB"))]
    items = released(tmp_path / "b", CODE15, rows)
    assert [len(item.sample.options or ()) for item in items] == [8, 8]
    assert items[1].sample.answer == ("RBBB(right bundle branch block)", "SB(sinus bradycardia)")


def test_ecgqa_characters_are_joined_and_commas_in_parentheses_kept(tmp_path: Path) -> None:
    leads, rhythm, verify, none, spelled, two = released(tmp_path, ECGQA)
    assert leads.sample.question == "Which leads show static noise?"
    assert (leads.sample.options, leads.sample.answer) == (("lead I", "lead II", "lead aVF"), ("lead I", "lead aVF"))
    assert (rhythm.sample.options, rhythm.sample.answer) == ((BIGEMINY, "sinus rhythm"), (BIGEMINY,))
    assert (verify.kind, verify.sample.answer, verify.type) == ("one", "no", "single-verify")
    assert (none.sample.options, none.sample.answer) == (("lead V1", "lead V2"), ())
    assert spelled.sample.answer == (BIGEMINY,), "a gold of single characters"
    assert two.sample.answer == ("lead II", "lead aVF")
    assert leads.group == two.group != none.group


def test_choices_lose_tags_format_and_list_and_keep_their_letters(tmp_path: Path) -> None:
    one, other = released(tmp_path, CSN)
    assert one.sample.question == other.sample.question == "Which is it?"
    assert one.sample.options is not None
    assert (len(one.sample.options), one.sample.options[7]) == (8, "H. ST depression")
    assert (one.sample.answer, other.sample.answer) == ("F. atrial fibrillation", "A. sinus bradycardia")
    second = released(tmp_path, G12)[1]
    assert (second.sample.question, second.sample.answer) == ("Which is it?", "B. atrial flutter")
    lines, inline = released(tmp_path, MMMU)
    assert (lines.id, lines.sample.answer) == ("7", "B. a pacemaker")
    assert inline.sample.options == ("A. one", "B. two", "C. three", "D. four")
    assert inline.sample.question == "Which?"


def test_report_gold_of_the_repository_and_the_translators_replies(tmp_path: Path) -> None:
    told = [
        {"id": one["id"], "image": one["image_path"], "conversation": [
            {"from": "user", "value": one["conversations"][0]["value"]},
            {"from": "assistant", "value": one["conversations"][1]["value"]}]}
        for one in ROWS["ptb-test-report"]
    ]  # fmt: skip
    path = tmp_path / "ecgbench" / "ptb-test-report" / "ptb_report_generation_test.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(told))
    report, meta = PTB_REPORT.items(tmp_path, "test")
    assert (report.kind, report.sample.answer, report.type) == ("text", "Sinus rhythm.", "report")
    assert (meta.type, meta.facts["meta_reply"], report.facts["meta_reply"]) == ("meta-reply", True, False)
    assert {report.facts[key] for key in ("labels", "decided", "figures")} == {None}
    assert any("1 gold reports are a translator's replies" in note for note in PTB_REPORT.notes(tmp_path, None))


def test_arena_asks_both_questions_and_keeps_both_answers(tmp_path: Path) -> None:
    (item,) = released(tmp_path, ARENA)
    assert item.sample.question == "What is the rhythm?\nWhat is the treatment?"
    assert item.facts["answers"] == ("Flutter.", "Ablation.")
    assert (item.kind, item.type, item.sample.answer) == ("text", "arena", "Flutter.\nAblation.")
    assert "not the published judge's score" in ARENA.about


def test_patients_are_told_where_the_archive_tells_them(tmp_path: Path) -> None:
    assert [item.patients for item in released(tmp_path, PTB)] == [(), (), ()]
    (tmp_path / "ptbxl").mkdir()
    (tmp_path / "ptbxl" / "ptbxl_database.csv").write_text("ecg_id,patient_id\n1,15709.0\n2,x\n3,8.0\n")
    assert [item.patients for item in PTB.items(tmp_path, None)] == [("ptbxl/15709",), (), ("ptbxl/8",)]
    (tmp_path / "code15").mkdir()
    (tmp_path / "code15" / "exams.csv").write_text("exam_id,patient_id\n11,5\n13,6\n")
    assert [item.patients for item in released(tmp_path, CODE15)] == [("code15/5",), (), ("code15/6",), ()]
    assert released(tmp_path, CPSC)[0].patients == ("cpsc2018/A0001",)
    assert released(tmp_path, CSN)[0].patients == ("chapman_ningbo/JS00001",)
    same_signal = ("georgia/E07509",)
    assert [item.patients for item in released(tmp_path, G12)] == [("georgia/E00001",), same_signal]
    assert released(tmp_path, MMMU)[0].patients == ()


BROKEN: dict[str, dict[str, Any]] = {
    "no id": {"id": None},
    "its id stood before": {"id": "ptb-1"},
    "no conversation of two turns": {"conversations": []},
    "question is empty or no text": {"conversations": turns(" ", "NORM")},
    "gold is empty or no text": {"conversations": turns("Which?", "")},
    "gold is none of the classes": {"conversations": turns("Which?", "a cat")},
    "gold is none of the classes ": {"conversations": turns("Which?", "NORM; a cat")},
    "turns in the wrong order": {"conversations": turns("Which?", "NORM")[::-1]},
    "no path of a PNG or JPEG picture": {"image_path": "x.html"},
    "a picture path that is not plain": {"image_path": "../x.png"},
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_broken_row_is_left_out_counted_and_told(reason: str, tmp_path: Path) -> None:
    spoiled = row("ptb-9", "9_hr-0.png", turns("Which?", "NORM")) | BROKEN[reason]
    write_json(tmp_path, "ptb-test", [*ROWS["ptb-test"], spoiled])
    assert [item.id for item in PTB.items(tmp_path, None)] == ["ptb-1", "ptb-2", "ptb-3"]
    notes = PTB.notes(tmp_path, None)
    assert f"1 of 4 left out: {reason.strip()} (1)" in notes
    assert "3 items; the paper counts 2082" in notes
    assert any(note.startswith("3 pictures") for note in notes)
    write_json(tmp_path, "ptb-test", [ROWS["ptb-test"][0], spoiled])
    with pytest.raises(InputError, match=rf"1 of 2 rows can be used; {reason.strip()} \(1\)"):
        PTB.items(tmp_path, None)


def test_what_is_no_released_set_is_refused_in_one_line(tmp_path: Path) -> None:
    write_json(tmp_path, "ptb-test")
    with pytest.raises(InputError, match="a test; it has no split train"):
        PTB.items(tmp_path, "train")
    with pytest.raises(InputError, match="split is 'dev'"):
        PTB.items(tmp_path, "dev")
    folder = tmp_path / "ecgbench" / "ptb-test"
    folder.mkdir()
    for name, data in (("x.json", b"{"), ("y.json", b'{"a": 1}'), ("z.json", b"[]"), ("w.json", b"[1]"),
                       ("v.json", b"\xff"), ("u.jsonl", b"nothing"), ("t.parquet", b"PAR1 no PAR1")):  # fmt: skip
        (folder / name).write_bytes(data)
        with pytest.raises(InputError) as told:
            PTB.items(tmp_path, None)
        assert str(folder / name) in str(told.value) and "\n" not in str(told.value)
        (folder / name).unlink()
    with pytest.raises(InputError, match=r"arena there, and it cannot be rebuilt"):
        ARENA.items(tmp_path, None)


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(tmp_path, "ptb-test")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'einthoven\[bench\]'"):
        PTB.items(tmp_path, None)


def test_more_rows_or_text_than_any_set_has_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parquet(tmp_path, "ptb-test")
    for cap in ("MAX_ROWS", "MAX_TEXT_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(rows_module, cap, 2)
            with pytest.raises(InputError, match="2 are read"):
                PTB.items(tmp_path, None)
    monkeypatch.setattr(rows_module, "MAX_PICTURES_BYTES", 2)
    with pytest.raises(InputError, match="2 are read"):
        PTB.export_pictures(tmp_path)
    assert len(PTB.items(tmp_path, None)) == 3


def test_questions_are_read_without_their_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    asked: list[list[str]] = []
    real = parquet.ParquetFile.iter_batches

    def spy(self: Any, *args: Any, columns: list[str], **more: Any) -> Any:
        asked.append(columns)
        return real(self, *args, columns=columns, **more)

    monkeypatch.setattr(parquet.ParquetFile, "iter_batches", spy)
    released(tmp_path, PTB)
    assert asked == [["id", "image_path", "conversations"]]


def test_pictures_are_written_where_the_items_look(tmp_path: Path) -> None:
    items = released(tmp_path, MMMU, [one | {"image": {"bytes": JPEG, "path": None}} for one in ROWS["mmmu-ecg"]])
    assert not any(Path(item.sample.ecgs[0]).exists() for item in items)
    done = MMMU.export_pictures(tmp_path)
    assert (done.written, done.kept, done.left_out) == (2, 0, {})
    assert [Path(item.sample.ecgs[0]).read_bytes() for item in items] == [JPEG, JPEG]
    assert MMMU.export_pictures(tmp_path).kept == 2
    assert not any("not there as files" in note for note in MMMU.notes(tmp_path, None))
    Path(items[0].sample.ecgs[0]).write_bytes(b"mine")
    assert MMMU.export_pictures(tmp_path).left_out == {"another file is there": 1}
    assert Path(items[0].sample.ecgs[0]).read_bytes() == b"mine"


def test_only_pictures_of_plain_names_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", len(PNG))
    talk = turns("Which?", "NORM")
    rows = [
        row("1", "good/1.png", talk),
        row("2", "good/2.png", talk) | {"image": {"bytes": b"#!/bin/sh", "path": "2.png"}},
        row("3", "good/3.png", talk) | {"image": {"bytes": PNG + b"!", "path": "3.png"}},
        row("4", "good/4.png", talk) | {"image": {"bytes": None, "path": "4.png"}},
        *(row(f"p{place}", path, talk) for place, path in enumerate(
            ("../5.png", "/etc/6.png", "a/../../7.png", "a\\8.png", ".ssh/9.png", "a//10.png", "x\0.png"))),
        row("12", "run.sh", talk),
    ]  # fmt: skip
    write_parquet(tmp_path, "ptb-test", rows)
    done = PTB.export_pictures(tmp_path, tmp_path / "out")
    assert done.written == 1
    assert done.left_out == {
        "neither PNG nor JPEG": 1, "a picture over 0 MiB": 1, "no picture": 1, "a picture path that is not plain": 7,
        "no path of a PNG or JPEG picture": 1,
    }  # fmt: skip
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [tmp_path / "out" / "good" / "1.png"]
    write_json(tmp_path, "arena")
    with pytest.raises(InputError, match="embeds no picture"):
        ARENA.export_pictures(tmp_path)


VALUES: tuple[Any, ...] = (
    None, "", " ", 0, -1, True, 1.5, [], {}, [None], ["a", 1], "\0", "é" * 300, {"from": 1}, [[]], "Options:",
    f"Options: ( {ONLY}", "A. \nB. ", "A. x", ["x"] * 9, "none", "A", {"value": []},
)  # fmt: skip


def _spoil(value: Any, chance: random.Random) -> Any:
    """Return a copy of a JSON value in which something, at any depth, is something else, gone or doubled."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.15:
        return chance.choice(VALUES)
    if isinstance(value, dict):
        key = chance.choice(sorted(value))
        return {k: _spoil(v, chance) if k == key else v for k, v in value.items() if k != key or chance.random() < 0.9}
    place = chance.randrange(len(value))
    return [*value[:place], _spoil(value[place], chance), *value[place + chance.choice((0, 1, 1, 1)) :]]


@pytest.mark.parametrize("name", SETS)
def test_fuzzed_rows_give_items_that_are_right_or_a_reason(name: str, tmp_path: Path) -> None:
    chance = random.Random(f"fuzz {name}")
    plain = [{key: value for key, value in one.items() if key != "image"} for one in ROWS[name]]
    task = load_task(name)
    for number in range(120):
        spoiled = _spoil(chance.choice(plain), chance)
        spoiled = spoiled if isinstance(spoiled, dict) else {}
        write_json(tmp_path, name, [*plain, spoiled])
        if len(plain) == 1:  # one broken row is half of such a set
            try:
                items = task.items(tmp_path, None)
            except InputError:
                continue
        else:
            items = task.items(tmp_path, None)
        assert len(items) in (len(plain), len(plain) + 1), number
        assert len({item.id for item in items}) == len(items)
        said = {item.id: answered(item, item.sample.answer) for item in items}
        assert all(mark.right for mark in marks(items, said)), spoiled
        for item in items:
            assert item.kind == "text" or item.gold <= set(item.sample.options or ())


def test_damaged_parquet_is_refused_or_read_and_nothing_else_happens(tmp_path: Path) -> None:
    path = write_parquet(tmp_path, "ecgqa-test")
    whole, chance = path.read_bytes(), random.Random("damage")
    refused = 0
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), len(data), chance.randrange(len(data))))])
        try:
            items = ECGQA.items(tmp_path, None)
        except InputError as error:
            refused += "\n" not in str(error)
            continue
        assert all(item.gold <= set(item.sample.options or ()) for item in items)
    assert refused > 50
