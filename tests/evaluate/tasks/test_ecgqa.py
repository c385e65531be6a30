"""ECG-QA on made files and a made archive: which ECGs are found, what is left out, what is counted, and the caps."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import InputError
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.ecgqa import ECGQA, ECGQA_MADE, ECGQA_PARAPHRASED, EcgQaMade
from einthoven.instruct.ecgqa.rule import RULES
from einthoven.instruct.ecgqa.templates import templates
from tests.evaluate.tasks.made_ptbxl import Made, many, write_ptbxl
from tests.support import data_root

MADE = (Made({"AFIB": 0.0, "LVH": 100.0}, 1), Made({"NORM": 100.0, "SR": 0.0}, 1), Made({"CLBBB": 100.0}, 2))
FORM = {"attribute": None, "question_id": 1}


def _row(template: int, question: str, answer: list[str], ecgs: list[int], **more: Any) -> dict[str, Any]:
    one = templates()[template]
    return {**FORM, "template_id": template, "question_type": one.question_type, "attribute_type": one.attribute_type,
            "question": question, "answer": answer, "ecg_id": ecgs, **more}  # fmt: skip


ROWS = (
    _row(1, "Does this ECG show symptoms of left ventricular hypertrophy?", ["yes"], [1], sample_id=0,
         attribute=["left ventricular hypertrophy"]),
    _row(1, "Does this ECG show symptoms of atrial fibrillation?", ["no"], [999], sample_id=1),
    _row(8, "What diagnostic symptoms does this ECG show?", ["none"], [2], sample_id=2),
    _row(62, "Compared to the first ECG, what is new in the second?", ["complete left bundle branch block"], [1, 3],
         sample_id=3),
    _row(62, "Compared to the first ECG, what is new in the second?", ["none"], [1, 999], sample_id=4),
    _row(43, "Are there resolved symptoms of atrial fibrillation?", ["yes"], [1, 2], sample_id=5),
)  # fmt: skip


def _write(root: Path, rows: Any, archive: str = "ptbxl", version: str = "template", split: str = "valid") -> None:
    path = root / "ecgqa" / archive / version / split / "000000.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_ptbxl(tmp_path, MADE)
    _write(tmp_path, ROWS)
    return tmp_path


def test_questions_on_ecgs_that_are_here(root: Path) -> None:
    items = ECGQA.items(root, None)
    assert [item.id.rpartition("-")[2] for item in items] == ["0", "2", "3", "5"]
    assert [item.group for item in items] == ["T1", "T8", "T62", "T43"]
    assert [item.patients for item in items] == [("ptbxl/1",), ("ptbxl/1",), ("ptbxl/1", "ptbxl/2"), ("ptbxl/1",)]
    assert [item.gold for item in items] == [{"yes"}, frozenset(), {"complete left bundle branch block"}, {"yes"}]
    assert [item.kind for item in items] == ["one", "any", "any", "one"]
    assert items[0].sample.answer == "yes", "one answer, not a list of one"
    for item in items:
        assert item.type == templates()[int(item.group[1:])].question_type
        assert all(Path(f"{ecg}.hea").is_file() and Path(ecg).is_absolute() for ecg in item.sample.ecgs)
    assert ECGQA.notes(root, None) == ["2 questions are left out: an ECG of theirs is not here"]


def test_the_severity_is_of_the_last_ecg_without_what_is_named(root: Path) -> None:
    assert [item.severity for item in ECGQA.items(root, None)] == [1, 0, 1, 0]


def test_test_is_asked_where_its_files_are_here(root: Path) -> None:
    _write(root, [ROWS[0]], split="test")
    assert {item.sample.about["split"] for item in ECGQA.items(root, None)} == {"test"}
    assert {item.sample.about["split"] for item in ECGQA.items(root, "valid")} == {"valid"}


def test_mimic_is_found_by_study_and_left_out_where_it_is_not_here(root: Path) -> None:
    _write(root, [_row(2, "Is this a normal ECG?", ["yes"], [40689238], sample_id=0),
                  _row(2, "Is this a normal ECG?", ["no"], [7], sample_id=1)], "mimic-iv-ecg")  # fmt: skip
    assert ECGQA.notes(root, "valid")[0].startswith("4 questions")
    stem = "files/p1000/p10000032/s40689238/40689238"
    (root / "mimic_iv_ecg" / stem).parent.mkdir(parents=True)
    (root / "mimic_iv_ecg" / f"{stem}.hea").write_text("40689238 0 500 5000\n")
    (root / "mimic_iv_ecg" / "record_list.csv").write_text(
        f"subject_id,study_id,file_name,ecg_time,path\n10000032,40689238,40689238,2180-07-23 08:44:00,{stem}\n"
    )
    items = ECGQA.items(root, "valid")
    assert (items[-1].patients, items[-1].severity) == (("mimic_iv_ecg/10000032",), None)
    assert items[-1].sample.ecgs == (str((root / "mimic_iv_ecg" / stem).absolute()),)
    assert ECGQA.notes(root, "valid")[0].startswith("3 questions")


def test_versions_are_told_apart(root: Path) -> None:
    with pytest.raises(InputError, match="no ECG-QA files"):
        ECGQA_PARAPHRASED.items(root, None)
    _write(root, [ROWS[0] | {"question": "Is LVH seen here?"}], version="paraphrased")
    assert [item.sample.question for item in ECGQA_PARAPHRASED.items(root, None)] == ["Is LVH seen here?"]


def test_where_no_ecg_is_here_it_says_so(root: Path, tmp_path: Path) -> None:
    _write(root, [ROWS[1]])
    with pytest.raises(InputError, match="none of the ECGs that 1 questions"):
        ECGQA.items(root, None)
    _write(root, [ROWS[0], ROWS[0]])
    with pytest.raises(InputError, match="two items have the id"):
        ECGQA.items(root, None)
    with pytest.raises(InputError, match="train, valid, test"):
        ECGQA.items(root, "dev")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_ptbxl(tmp_path_factory.mktemp("data"), many(60) + many(30, "valid"))


def test_made_questions_are_capped_by_template_and_drawn(archive: Path) -> None:
    few = frozenset((1, 8, 57))
    whole = EcgQaMade(most=None, only=few).items(archive, None)
    some = EcgQaMade(most=7, only=few).items(archive, None)
    counts = Counter(item.group for item in whole)
    assert Counter(item.group for item in some) == {group: min(7, count) for group, count in counts.items()}
    ids = [item.id for item in whole]
    assert [ids.index(item.id) for item in some] == sorted(ids.index(item.id) for item in some)
    first = [item.id for item in whole if item.group == "T1"][:7]
    assert [item.id for item in some if item.group == "T1"] != first, "drawn, not the first ones"


def _codes(archive: Path, item: Item) -> set[str]:
    kinds = many(60)
    return set(kinds[int(item.sample.ecgs[-1].rpartition("/")[2][:5]) - 1].codes)


def test_made_gold_follows_from_the_labels(archive: Path) -> None:
    items = [one for one in EcgQaMade(most=None, only=frozenset((1,))).items(archive, "test")
             if one.sample.about["asked"] == ["atrial fibrillation"]]  # fmt: skip
    assert {(*item.gold,) for item in items} == {("yes",), ("no",)}
    for item in items:
        assert ("AFIB" in _codes(archive, item)) == (item.gold == {"yes"})
        # of the other findings only: LVH beside AFIB, CLBBB alone or with PVC, IMI and 1AVB
        assert item.severity == len(_codes(archive, item) - {"AFIB", "NORM", "SR"})
    assert {item.patients for item in items} <= {(f"ptbxl/{number}",) for number in range(1, 61)}
    assert len(items) <= RULES["test"].yes + RULES["test"].no


def test_numeric_features_are_asked_where_they_have_been_measured(archive: Path) -> None:
    numeric = frozenset(number for number, one in templates().items() if one.attribute_type == "numeric_feature")
    absent, why = ECGQA_MADE.notes(archive, None)
    assert {f"T{number}" for number in numeric} <= set(absent.replace(",", "").split())
    assert why.startswith("no numeric features")
    places = ("below", "within", "above")
    lines = [{"id": str(number), "features": {"qrs duration": places[number % 3]}} for number in range(1, 61)]
    file = archive / "measured" / "ecgqa_features.lines"
    file.parent.mkdir()
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    try:
        (absent,) = ECGQA_MADE.notes(archive, None)
        assert not {f"T{number}" for number in numeric} <= set(absent.replace(",", "").split())
    finally:
        file.unlink()
        file.parent.rmdir()


def test_made_is_refused_where_nothing_can_be_made(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no folder ptbxl/"):
        ECGQA_MADE.items(tmp_path, None)
    with pytest.raises(InputError, match="the 0 recordings of train give no question"):
        ECGQA_MADE.items(archive, "train")


def test_real_files_and_recordings() -> None:
    root = data_root()
    made = ECGQA_MADE.items(root, None)
    assert len({item.id for item in made}) == len(made) > 1000
    assert max(Counter(item.group for item in made).values()) == 40
    if (root / "ecgqa" / "extra").is_dir():  # the sample of the official files, counted when it was put together
        assert len(ECGQA.items(root, "train")) == len(ECGQA_PARAPHRASED.items(root, "train")) == 66
        assert len(ECGQA.items(root, "valid")) == 22
