"""The official files, on made ones in the real layout and on the samples of real ones; and what is wrong is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import EcgError, FormatError, InputError
from einthoven.core.reading import read_options
from einthoven.instruct.ecgqa.held_out import held_out, is_held_out, phrasing_of
from einthoven.instruct.ecgqa.official import ptbxl_path, read_anyecg, read_official
from einthoven.instruct.ecgqa.parity import TYPES, parity, parity_table
from einthoven.instruct.ecgqa.templates import templates
from tests.support import data_root

BIGEMINY = "bigeminal pattern (unknown origin, supraventricular, or ventricular)"


def item(template: int, question: str, answer: Any, ecgs: list[int], **more: Any) -> dict[str, Any]:
    one = templates()[template]
    return {"template_id": template, "question_id": 1, "sample_id": 5, "question_type": one.question_type,
            "attribute_type": one.attribute_type, "question": question, "answer": answer, "ecg_id": ecgs,
            "attribute": None} | more  # fmt: skip


def write(root: Path, items: Any, archive: str = "ptbxl", version: str = "template", split: str = "train") -> Path:
    path = root / archive / version / split / "000000.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(items), encoding="utf-8")
    return path


def test_an_item_becomes_a_sample(tmp_path: Path) -> None:
    write(tmp_path, [
        item(26, "Does this ECG show static noise in lead aVL?", ["no"], [202], attribute=["static noise"]),
        item(7, f"Which rhythm-related symptom does this ECG show, {BIGEMINY} or sinus rhythm?", [BIGEMINY], [21835]),
        item(6, "Which form-related symptom does this ECG show, abnormal qrs or inverted t-waves?", ["none"], [9]),
        item(68, "What numeric features of the second ECG now have become normal?", ["rr interval", "p duration"],
             [12409, 1236]),
    ])  # fmt: skip
    noise, rhythm, form, features = read_official(tmp_path)
    assert (noise.options, noise.pick, noise.answer) == (("yes", "no"), "one", ("no",))
    assert noise.ecgs == ("records500/00000/00202_hr",)
    assert noise.about == {
        "source": "ecgqa", "template": 26, "type": "single-verify", "attribute_type": "noise", "split": "train",
        "attribute": ["static noise"], "archive": "ptbxl", "version": "template", "sample_id": 5, "question_id": 1,
    }  # fmt: skip
    assert (rhythm.options, rhythm.pick, rhythm.answer) == ((BIGEMINY, "sinus rhythm"), "any", (BIGEMINY,))
    assert (form.options, form.answer) == (("abnormal qrs", "inverted t-waves"), ())
    assert features.ecgs == (ptbxl_path(12409), ptbxl_path(1236))
    assert features.answer == ("p duration", "rr interval")
    assert features.options == templates()[68].answers
    assert [part.ecg for part in features.turns[0].parts] == [0, 1, None]


def test_options_to_choose_from_are_the_longest_names_in_the_question(tmp_path: Path) -> None:
    question = "Which kind does this show, supraventricular extrasystoles or ventricular extrasystoles?"
    stage = "Which stage is it, late stage of myocardial infarction or middle stage of myocardial infarction?"
    write(tmp_path, [item(37, question, ["ventricular extrasystoles"], [1]),
                     item(24, stage, ["late stage of myocardial infarction"], [2]),
                     item(37, "Which is it?", ["none"], [3], attribute=["extrasystoles", "ventricular extrasystoles"]),
                     item(37, "Which is it?", ["extrasystoles"], [3])])  # fmt: skip
    beats, old, named, garbled = read_official(tmp_path)
    assert beats.options == ("supraventricular extrasystoles", "ventricular extrasystoles")
    assert old.options == ("old stage of myocardial infarction", "middle stage of myocardial infarction")
    assert old.answer == ("old stage of myocardial infarction",)
    assert "late" not in old.question
    assert named.options == ("extrasystoles", "ventricular extrasystoles")
    assert garbled.options == templates()[37].answers


def test_versions_and_splits_can_be_picked_and_files_come_in_order(tmp_path: Path) -> None:
    for version in ("template", "paraphrased"):
        for split in ("train", "test"):
            write(tmp_path, [item(29, f"Noise, {version} {split}?", ["yes"], [1])], version=version, split=split)
    everything = [(s.about["version"], s.about["split"]) for s in read_official(tmp_path)]
    assert everything == [(v, s) for v in ("template", "paraphrased") for s in ("train", "test")]
    assert [s.question for s in read_official(tmp_path, version="paraphrased", split="test")] == [
        "Noise, paraphrased test?"
    ]
    assert len({s.id for s in read_official(tmp_path)}) == 4
    with pytest.raises(InputError, match="'tst' is none of train, valid, test"):
        list(read_official(tmp_path, split="tst"))
    with pytest.raises(InputError, match="no ECG-QA files"):
        list(read_official(tmp_path / "empty"))


def test_mimic_has_its_own_candidates_and_study_ids(tmp_path: Path) -> None:
    write(tmp_path, [item(10, "Which rhythm?", ["paced rhythm"], [44000001])], archive="mimic-iv-ecg")
    with pytest.raises(FormatError, match="'paced rhythm' is not among the options"):
        list(read_official(tmp_path))
    table = tmp_path / "mimic-iv-ecg" / "answers_for_each_template.csv"
    table.write_text("template_id,classes\n10,\"['none', 'paced rhythm']\"\n")
    (sample,) = read_official(tmp_path)
    assert (sample.ecgs, sample.options, sample.answer) == (("44000001",), ("paced rhythm",), ("paced rhythm",))
    question = "Which is shown, ectopic rhythm with pauses or flutter?"
    write(tmp_path, [item(7, question, ["flutter"], [1])], archive="mimic-iv-ecg")
    table.write_text("template_id,classes\n7,\"['none', 'ectopic rhythm', 'ectopic rhythm with pauses', 'flutter']\"\n")
    assert [sample.options for sample in read_official(tmp_path)] == [("ectopic rhythm with pauses", "flutter")]
    table.write_text('template_id,classes\n10,"__import__(0)"\n')
    with pytest.raises(FormatError, match="not the table template_id,classes"):
        list(read_official(tmp_path))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": []}, "answer is '\\[\\]', must be a list"),
        ({"answer": ["maybe"]}, "'maybe' is not among the options yes, no"),
        ({"answer": ["yes", "no"]}, "2 answers"),
        ({"answer": ["none", "yes"]}, "stands alone"),
        ({"answer": 3}, "must be a list"),
        ({"ecg_id": [1, 2]}, "2 ECGs, T29 is about 1"),
        ({"ecg_id": [True]}, "must be a list of one or two numbers"),
        ({"ecg_id": "12"}, "must be a list of one or two numbers"),
        ({"template_id": 71}, "must be 1 to 70"),
        ({"template_id": [1]}, "item 0"),
        ({"question_type": "single-query"}, "that of T29 is single-verify"),
        ({"question": " "}, "must be a sentence"),
        ({"ecg_path": ["../../etc/x"]}, "must be a list of record paths"),
    ],
)
def test_a_broken_item_is_told_with_its_file_and_sample(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write(tmp_path, [item(29, "Any noise?", ["yes"], [1]) | change])
    with pytest.raises(FormatError, match=message) as caught:
        list(read_official(tmp_path))
    assert str(caught.value).startswith(f"{path}, item 0 (sample_id 5): ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", '{"a": 1}', "[1]", '[{"template_id": 1}]', "\xff"])
def test_a_broken_file_is_told(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, [])
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(FormatError, match=r"000000\.json"):
        list(read_official(tmp_path))


def test_a_file_of_absurd_size_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, [])
    with path.open("r+b") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(FormatError, match="more than 64 MiB"):
        list(read_official(tmp_path))


def test_the_layout_of_anyecg_has_paths_and_one_string(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    path.write_text(json.dumps([{
        "question": "What rhythm is it? Please answer briefly.", "answer": f"{BIGEMINY}, sinus rhythm",
        "template_id": 10,
        "ecg_path": ["records500/02000/02598_hr"], "question_type": "single-query",
    }]))  # fmt: skip
    (sample,) = read_anyecg(path)
    assert (sample.question, sample.answer) == ("What rhythm is it?", (BIGEMINY, "sinus rhythm"))
    assert sample.ecgs == ("records500/02000/02598_hr",)


def test_two_of_the_phrasings_are_held_out_by_name(tmp_path: Path) -> None:
    questions = [f"{start} static noise in lead {lead}?" for start in ("Is", "Any", "See", "Find", "Has", "Does", "Can")
                 for lead in ("I", "aVL")]  # fmt: skip
    items = [item(26, question, ["no"], [number + 1]) for number, question in enumerate(questions)]
    write(tmp_path, items, version="paraphrased")
    write(tmp_path, [item(26, "A test sentence?", ["no"], [1])], version="paraphrased", split="test")
    samples = list(read_official(tmp_path))
    chosen = held_out(samples)
    assert len(chosen[26]) == 2
    assert phrasing_of(samples[0]) == "is {} in {}?"
    assert sum(is_held_out(sample, chosen) for sample in samples) == 4
    assert held_out(reversed(samples)) == chosen
    assert len({held_out(samples, seed)[26] for seed in range(9)}) > 1
    assert not any(is_held_out(samples[-1], held_out(samples, seed)) for seed in range(20))


def test_parity_counts_type_by_type(tmp_path: Path) -> None:
    write(tmp_path, [
        item(29, "Any noise?", ["yes"], [1]), item(29, "Any noise?", ["no"], [2]), item(27, "Drift?", ["no"], [3]),
        item(1, "NDT?", ["not sure"], [3]),
        item(32, "Which noise?", ["none"], [4]), item(32, "Which noise?", ["none"], [5]),
        item(32, "Which noise?", ["burst noise", "static noise"], [4]),
    ])  # fmt: skip
    official = list(read_official(tmp_path))
    report = parity(official[:2], iter(official))
    assert tuple(report["types"]) == TYPES
    assert report["totals"] == {"ours": 2, "official": 7}
    verify, query = report["types"]["single-verify"], report["types"]["single-query"]
    assert verify["ours"] | {"templates_missing": []} == {
        "samples": 2, "share_of_all": 1.0, "ecgs": 2, "yes": 0.5, "no": 0.5, "not_sure": 0.0, "none": None,
        "answers_per_item": 1.0, "templates": {"29": 2}, "templates_missing": [],
    }  # fmt: skip
    assert (verify["official"]["no"], verify["official"]["not_sure"]) == (0.5, 0.25)
    assert verify["official"]["templates"] == {"1": 1, "27": 1, "29": 2}
    assert len(verify["official"]["templates_missing"]) == 14
    assert (query["official"]["none"], query["official"]["answers_per_item"]) == (0.6667, 0.667)
    assert query["ours"]["none"] is None
    assert json.loads(json.dumps(report)) == report
    table = parity_table(report).splitlines()
    assert table[1].split()[:4] == ["single-verify", "2", "/", "4"]
    assert len(table) == 9


def test_real_samples_parse_to_the_same_sets_in_both_versions() -> None:
    folder = data_root() / "ecgqa"
    sets: dict[tuple[str, int], dict[str, frozenset[str]]] = {}
    for sample in read_official(folder):
        answer = frozenset(sample.answer or ())
        sets.setdefault((sample.about["split"], sample.about["sample_id"]), {})[sample.about["version"]] = answer
        said = ", ".join(sample.answer or ()) or "none"
        assert frozenset(read_options(said, sample.options or (), sample.pick) or ()) == answer
    assert len(sets) == 600
    assert all(len(both) == 2 and both["template"] == both["paraphrased"] for both in sets.values())


def test_real_questions_of_the_mixed_sample_are_read() -> None:
    samples = list(read_anyecg(data_root() / "ecgqa" / "extra" / "train_sample_100.json"))
    assert len(samples) == 100
    assert {len(sample.options or ()) for sample in samples if sample.about["type"] == "single-choose"} == {2}
    assert not any("briefly" in sample.question for sample in samples)


@pytest.mark.parametrize(
    "text", ['[{"template_id": 1e999}]', "[[]]", "[null]", '[{"template_id": "x", "sample_id": {}}]']
)
def test_nothing_but_the_projects_own_error_leaves_the_reader(tmp_path: Path, text: str) -> None:
    write(tmp_path, []).write_text(text)
    with pytest.raises(EcgError):
        list(read_official(tmp_path))
