"""Sets rebuilt from made archives and from real ones: only what labels decide is asked, and adding changes nobody."""

import json
import re
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.core.sample import Answer
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.official.score import official_scores
from einthoven.evaluate.tasks.ecgbench import ARENA, CODE15, CPSC, CSN, ECGQA, G12, MMMU, PTB, PTB_REPORT, EcgBench
from einthoven.evaluate.tasks.ecgbench_rebuilt import OPTIONS, lot
from einthoven.evaluate.tasks.ecgbench_sets import SETS
from einthoven.evaluate.tasks.ecgbench_texts import gold_options, lettered, listed
from einthoven.records.read import read
from einthoven.records.splits import split_of
from tests.evaluate.tasks.ecgbench_made import write_headers, write_parquet
from tests.evaluate.tasks.made_ptbxl import Made, write_local_split, write_ptbxl
from tests.support import data_root

SUPER = ("NORM(normal ECG)", "MI(myocardial infarction)", "STTC(ST/T change)", "CD(conduction disturbance)",
         "HYP(hypertrophy)")  # fmt: skip
AFIB, AFLT, LVH, RBBB, SINUS, PACE = "164889003", "164890007", "164873001", "59118001", "426783006", "10370003"


def assert_gold_is_right(items: list[Item]) -> None:
    """Given as options, and as the published form writes it."""
    for said in (lambda item: item.sample.answer, _released_gold):
        answers = {item.id: Answer(item.id, said(item), None, None, False, None, "", 0.0) for item in items}
        assert [mark.item.id for mark in marks(items, answers) if not mark.right] == []


def assert_published_scorer_agrees(items: list[Item]) -> None:
    """The prompt and gold of a rebuilt item are in the form that the published scorer reads."""
    answers = {item.id: Answer(item.id, item.sample.answer, None, None, False, None, "", 0.0) for item in items}
    found = official_scores(items[0].facts["rule"], items, answers)
    assert (found.get("accuracy") or found["macro_f1"]).value == 1.0


def _released_gold(item: Item) -> str:
    gold = item.facts["gold_text"]
    return gold if isinstance(gold, str) else ", ".join(gold)


def test_superclasses_are_those_of_the_codes_and_fold_10_is_asked(tmp_path: Path) -> None:
    write_ptbxl(tmp_path, [
        Made({"NORM": 80.0, "SR": 0.0}, 1), Made({"IMI": 15.0, "CLBBB": 100.0, "LVH": 50.0}, 2),
        Made({"AFIB": 0.0}, 3), Made({"NDT": 100.0}, 4, "train"), Made({"NST_": 100.0}, 5, "valid"),
    ])  # fmt: skip
    one, two = PTB.items(tmp_path, None)
    assert (one.id, one.patients, one.sample.options) == ("rebuilt-ptb-test-1", ("ptbxl/1",), SUPER)
    assert (one.sample.answer, two.sample.answer) == (SUPER[:1], (SUPER[1], SUPER[3], SUPER[4]))
    assert (two.facts["gold_text"], two.facts["rule"], two.facts["rebuilt"]) == ("MI; CD; HYP", "super", True)
    assert [item.sample.answer for item in PTB.items(tmp_path, "train")] == [SUPER[2:3]]
    assert [item.id for item in PTB.items(tmp_path, "valid")] == ["rebuilt-ptb-test-5"]
    assert "1 of 3 left out: no class holds (1)" in PTB.notes(tmp_path, None)
    assert any("(test): not the released items" in note for note in PTB.notes(tmp_path, None))
    assert_published_scorer_agrees([one, two])
    assert_gold_is_right([one, two])


def test_a_local_split_wins_over_the_folds(tmp_path: Path) -> None:
    write_ptbxl(tmp_path, [Made({"NORM": 100.0}, number) for number in (1, 2, 3)])
    write_local_split(tmp_path, {1: "train", 2: "valid"})
    assert [item.sample.about["record"] for item in PTB.items(tmp_path, None)] == ["2"]
    assert any("valid of local_split.csv" in note for note in PTB.notes(tmp_path, None))
    with pytest.raises(InputError, match="none of 0 recordings of split test"):
        PTB.items(tmp_path, "test")


def test_reports_are_gold_as_they_are(tmp_path: Path) -> None:
    write_ptbxl(tmp_path, [Made({"SR": 0.0}, 1, report="sinusrhythmus. linkstyp"), Made({"SR": 0.0}, 2, report=" ")])
    (item,) = PTB_REPORT.items(tmp_path, None)
    assert (item.kind, item.sample.answer, item.sample.options) == ("text", "sinusrhythmus. linkstyp", None)
    assert "rule" not in item.facts
    assert "German stays German" in PTB_REPORT.about
    assert_gold_is_right([item])


def exams(root: Path, lines: list[str], normal: bool = True) -> None:
    """Write exams.csv with one part of as many exams; each line: exam, patient, the six labels as digits, normal."""
    folder = root / "code15"
    folder.mkdir(exist_ok=True)
    head = "exam_id,age,is_male,patient_id,trace_file,1dAVb,RBBB,LBBB,SB,ST,AF" + (",normal_ecg" if normal else "")
    table = []
    for line in lines:
        exam, patient, six, verdict = line.split()
        cells = [str(digit == "1") for digit in six] + ([str(verdict == "1")] if normal else [])
        table.append(",".join((exam, "50", "True", patient, "exams_part0.hdf5", *cells)))
    (folder / "exams.csv").write_text("\n".join((head, *table)) + "\n")
    with h5py.File(folder / "exams_part0.hdf5", "w") as part:
        part["exam_id"] = np.array([int(line.split()[0]) for line in lines])
        wave = np.sin(np.arange(4096 * 12).reshape(1, 4096, 12) / 50).astype(np.float32) + 0.5
        part["tracings"] = np.repeat(wave, len(lines), axis=0)


TESTED = [str(number) for number in range(200) if split_of(str(number), "code15") == "test"]


def test_code15_has_six_labels_and_verdicts_for_the_rest(tmp_path: Path) -> None:
    six = ["100001 0", "010000 0", "000000 1", "000000 0", "000010 1"]
    lines = [f"{number + 10} {TESTED[number]} {one}" for number, one in enumerate(six)]
    exams(tmp_path, lines)
    items = CODE15.items(tmp_path, None)
    assert [item.facts["gold_text"] for item in items] == ["1dAVb; AF", "RBBB", "NORM", "ABNORMAL", "ST"]
    assert {len(item.sample.options or ()) for item in items} == {8}, "the options do not tell which row it is"
    assert items[0].patients == (f"code15/{TESTED[0]}",)
    assert_published_scorer_agrees(items)
    assert_gold_is_right(items)
    exams(tmp_path, lines, normal=False)
    assert [item.facts["gold_text"] for item in CODE15.items(tmp_path, None)] == ["1dAVb; AF", "RBBB", "ST"]
    assert any("does not say which ECGs are normal (2)" in note for note in CODE15.notes(tmp_path, None))


def test_exams_of_a_part_are_written_where_the_items_look(tmp_path: Path) -> None:
    exams(tmp_path, [f"7 {TESTED[0]} 100000 0", f"8 {TESTED[1]} 000001 0"])
    items = CODE15.items(tmp_path, None)
    assert any(note.startswith("2 pictures or recordings are not there") for note in CODE15.notes(tmp_path, None))
    assert CODE15.export_pictures(tmp_path).written == 2
    assert CODE15.export_pictures(tmp_path).kept == 2
    with pytest.raises(InputError, match="nothing is embedded"):
        CODE15.export_pictures(tmp_path, tmp_path / "out")
    ecg = read(items[0].sample.ecgs[0])
    assert (ecg.rate_hz, ecg.signal_mv.shape[0]) == (400.0, 12)
    assert [item.id for item in CODE15.items(tmp_path, None)] == [item.id for item in items], "still rebuilt"
    assert not any("not there as files" in note for note in CODE15.notes(tmp_path, None))


def test_code15_is_drawn_by_class_as_the_published_one_seems_to_be(tmp_path: Path) -> None:
    patients = [str(number) for number in range(5000) if split_of(str(number), "code15") == "test"]
    kinds = ("000000 1", "000001 0")
    exams(tmp_path, [f"{number + 1} {patient} {kinds[number % 2]}" for number, patient in enumerate(patients)])
    golds = [item.facts["gold_text"] for item in CODE15.items(tmp_path, None)]
    assert (len(patients) > 400, golds.count("AF"), golds.count("NORM")) == (True, 175, 175)


def test_cpsc_takes_records_whose_labels_are_there(tmp_path: Path) -> None:
    codes = {"A0001": "Normal", "A0002": f"AF,{RBBB}", "A0003": "I-AVB,STD", "A0004": "", "A0005": "39732003"}
    write_headers(tmp_path / "cpsc2018", codes)
    items = CPSC.items(tmp_path, None)
    assert [item.facts["gold_text"] for item in items] == ["NORM", "AF; RBBB", "I-AVB; STD"]
    assert items[2].sample.answer == ("I-AVB(first degree AV block)", "STD(ST depression)")
    assert items[0].sample.ecgs == (str(tmp_path / "cpsc2018" / "A0001"),)
    notes = CPSC.notes(tmp_path, None)
    assert_published_scorer_agrees(items)
    assert any("its labels do not decide every class (1)" in note and "no class holds (1)" in note for note in notes)
    assert_gold_is_right(items)


@pytest.mark.parametrize(("one", "first"), [(CSN, "JS{:05}"), (G12, "E{:05}")])
def test_choices_hold_one_finding_that_is_there_and_seven_that_are_not(
    one: EcgBench, first: str, tmp_path: Path
) -> None:
    dx = (f"{AFIB},{LVH}", RBBB, f"{AFLT},{RBBB},{LVH}", SINUS)
    there = ({"AFIB", "LVH"}, {"RBBB"}, {"AFLT", "RBBB", "LVH"}, {"SR"})
    names = [first.format(number) for number in range(1, 81)]
    write_headers(tmp_path / one.of.archive, {name: dx[number % 4] for number, name in enumerate(names)})
    items = one.items(tmp_path, None)
    by_name = {FINDINGS[code].name: code for code in FINDINGS}
    for item in items:
        options = item.sample.options or ()
        found = there[names.index(item.sample.about["record"]) % 4]
        offered = [by_name[option[3:]] for option in options]
        assert [option[:3] for option in options] == [f"{letter}. " for letter in "ABCDEFGH"]
        assert len(set(offered)) == OPTIONS
        assert set(offered) & found == {by_name[str(item.sample.answer)[3:]]}
        assert not {"CRBBB", "IRBBB"} & set(offered) or "RBBB" not in found, "what the labels leave open is not offered"
        assert lettered(item.facts["prompt"]).options == options
    letters = {str(item.sample.answer)[0] for item in items}
    assert letters == set("ABCDEFGH"), "the right one stands anywhere"
    assert_published_scorer_agrees(items)
    assert_gold_is_right(items)


def test_a_name_that_could_only_be_right_is_not_asked(tmp_path: Path) -> None:
    write_headers(tmp_path / "georgia", {"E00001": SINUS, "E00002": AFIB, "E00003": PACE})
    assert [item.sample.about["record"] for item in G12.items(tmp_path, None)] == ["E00002"]
    assert any("could also be a wrong option (2)" in note for note in G12.notes(tmp_path, None))
    write_headers(tmp_path / "chapman_ningbo", {"JS00001": SINUS, "JS00002": PACE})
    assert len(CSN.items(tmp_path, None)) == 2, "there both are decided by absence too"


def test_more_records_change_no_item(tmp_path: Path) -> None:
    folder = write_headers(tmp_path / "georgia", {"E00005": AFIB, "E00009": LVH})
    before = {item.id: item for item in G12.items(tmp_path, None)}
    write_headers(folder, {f"E{number:05}": RBBB for number in range(10, 40)})
    after = {item.id: item for item in G12.items(tmp_path, None)}
    assert len(after) == 32
    assert {id: after[id] for id in before} == before


def test_as_many_as_were_published_are_drawn_and_the_draw_is_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"E{number:05}" for number in range(30)]
    write_headers(tmp_path / "georgia", dict.fromkeys(names, AFIB))
    few = EcgBench(SETS["g12-test-no-cot"].__class__(**{**vars(SETS["g12-test-no-cot"]), "published": 10}))
    kept = [item.sample.about["record"] for item in few.items(tmp_path, None)]
    assert kept == sorted(sorted(names, key=lambda name: lot("g12-test-no-cot", name))[:10])
    assert "10 of 30 drawn by name" in few.notes(tmp_path, None)


def qa(root: Path, split: str, items: list[dict[str, Any]], version: str = "paraphrased") -> None:
    path = root / "ecgqa" / "ptbxl" / version / split / "000000.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(items))


def question(template: int, sample: int, text: str, answer: list[str], *ecgs: int, kind: str) -> dict[str, Any]:
    return {"template_id": template, "question_id": 1, "sample_id": sample, "question_type": kind, "attribute": None,
            "attribute_type": "noise", "question": text, "answer": answer, "ecg_id": list(ecgs)}  # fmt: skip


def test_ecgqa_is_asked_of_one_ecg_that_is_there(tmp_path: Path) -> None:
    write_ptbxl(tmp_path, [Made({"SR": 0.0}, number) for number in (1, 2)])
    items = [
        question(26, 1, "Is there static noise in lead I?", ["no"], 1, kind="single-verify"),
        question(26, 2, "Is there static noise in lead II?", ["yes"], 9, kind="single-verify"),
        question(34, 3, "Which leads are showing static noise?", ["none"], 2, kind="single-query"),
        question(34, 4, "Which leads are showing static noise?", ["lead V2", "lead I"], 2, kind="single-query"),
        question(68, 5, "Which features are normal now?", ["rr interval"], 1, 2, kind="comparison_irrelevant-query")
        | {"attribute_type": "numeric_feature"},
    ]
    qa(tmp_path, "test", items)
    found = ECGQA.items(tmp_path, None)
    assert [item.id for item in found] == [f"rebuilt-ecgqa-ptbxl-paraphrased-test-{sample}" for sample in (1, 3, 4)]
    assert [item.sample.answer for item in found] == ["no", (), ("lead I", "lead V2")]
    assert [(item.group, item.type) for item in found] == [("T26", "single-verify"), *[("T34", "single-query")] * 2]
    assert found[0].sample.ecgs == (str(tmp_path / "ptbxl" / "records500" / "00000" / "00001_hr"),)
    (told,) = (note for note in ECGQA.notes(tmp_path, None) if note.startswith("2 of 5 left out"))
    assert "not there or in another split (1)" in told and "about two ECGs, or of another archive (1)" in told
    for item in found:
        asked = listed(item.facts["prompt"])
        assert (asked.question, asked.options) == (item.sample.question, item.sample.options)
        assert set(gold_options(item.facts["gold_text"], asked.options)) == item.gold
    assert_gold_is_right(found)
    assert_published_scorer_agrees([item for item in found if item.kind == "one"])
    write_local_split(tmp_path, {1: "valid", 2: "train"})
    with pytest.raises(InputError, match=r"no question of split test .* in another split \(4\), about two ECGs"):
        ECGQA.items(tmp_path, None)
    with pytest.raises(InputError, match="no questions of split train"):
        ECGQA.items(tmp_path, "train")


def test_the_released_form_goes_before_the_archive(tmp_path: Path) -> None:
    write_headers(tmp_path / "georgia", {"E00001": AFIB})
    assert G12.items(tmp_path, None)[0].facts["rebuilt"]
    write_parquet(tmp_path, "g12-test-no-cot")
    assert [item.id for item in G12.items(tmp_path, None)] == ["g1", "g2"]


def test_what_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"{re.escape(str(tmp_path))}/ecgbench/cpsc-test: no .* nor .*/cpsc2018"):
        CPSC.items(tmp_path, None)
    with pytest.raises(InputError, match=r"/ptbxl and .*/ecgqa to rebuild it from"):
        ECGQA.items(tmp_path, None)
    for one in (MMMU, ARENA):
        with pytest.raises(InputError, match="its pictures have no signals"):
            one.items(tmp_path, None)


@pytest.mark.parametrize(("one", "split"), [(PTB, None), (PTB_REPORT, None), (CPSC, None), (CSN, None), (G12, None),
                                            (ECGQA, "train")])  # fmt: skip
def test_real_archives_give_items_that_can_be_read(one: EcgBench, split: str | None) -> None:
    root = data_root()
    lacking = [name for name in {one.of.archive, "ecgqa"} if not (root / name).is_dir()]
    if one.of.archive in lacking or (one is ECGQA and lacking):
        pytest.skip(f"no {' and '.join(lacking)} in {root}")
    items = one.items(root, split)
    assert items
    assert all(item.id.startswith("rebuilt-") and item.facts["rebuilt"] and item.patients for item in items)
    assert read(items[0].sample.ecgs[0]).signal_mv.shape[0] == 12
    assert_gold_is_right(items)


def test_real_headers_of_code15_decide_too_little_to_ask() -> None:
    root = data_root()
    if (root / "code15" / "exams.csv").is_file() or not (root / "code15").is_dir():
        pytest.skip("no headers of CODE-15% without its table there")
    with pytest.raises(InputError, match=r"its labels do not decide every class \(\d+\)"):
        CODE15.items(root, None)
