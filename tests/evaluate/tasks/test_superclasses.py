"""The superclass task on a made archive, and on real recordings: what is asked, of whom, with which gold."""

from collections import Counter
from pathlib import Path

import pytest

from einthoven.core.errors import InputError
from einthoven.core.sample import Answer
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.tasks import load_task
from einthoven.evaluate.tasks.superclasses import NAMES, SUPERCLASSES
from tests.evaluate.tasks.made_ptbxl import Made, write_local_split, write_ptbxl
from tests.support import data_root

MADE = (
    Made({"NORM": 100.0, "SR": 0.0}, 1),
    Made({"IMI": 15.0, "SR": 0.0}, 1),  # of any likelihood
    Made({"LVH": 100.0, "ISC_": 50.0, "AFIB": 0.0}, 2),
    Made({"SR": 0.0}, 3),  # of no class
    Made({"CLBBB": 100.0}, 4, "valid"),
    Made({"NORM": 100.0}, 5, "train"),
)
GOLD = {"1": {"NORM"}, "2": {"MI"}, "3": {"HYP", "STTC"}, "4": set()}


@pytest.fixture
def items(tmp_path: Path) -> list[Item]:
    return SUPERCLASSES.items(write_ptbxl(tmp_path, MADE), None)


def test_each_class_is_asked_of_each_recording_of_the_split(items: list[Item]) -> None:
    assert [item.id for item in items] == [f"superclasses-ptbxl-{id}-{name}" for id in GOLD for name in NAMES]
    yes = {(item.id.split("-")[2], item.id.split("-")[3]) for item in items if item.gold == {"yes"}}
    assert yes == {(id, name) for id, names in GOLD.items() for name in names}
    assert {item.patients for item in items} == {("ptbxl/1",), ("ptbxl/2",), ("ptbxl/3",)}
    assert {(item.type, item.kind, item.sample.options) for item in items} == {("superclass", "one", ("yes", "no"))}
    assert {item.group for item in items} == {f"class:{name}" for name in NAMES}


def test_the_split_is_official_fold_10_or_valid_of_the_local_one(tmp_path: Path) -> None:
    root = write_ptbxl(tmp_path, MADE)
    assert len(SUPERCLASSES.items(root, "valid")) == 5
    write_local_split(root, {1: "train", 2: "valid"})  # patient 1 on both sides: kept where more is held back
    assert {item.id.split("-")[2] for item in SUPERCLASSES.items(root, None)} == {"2"}


def test_severity_leaves_out_the_findings_of_the_class(items: list[Item]) -> None:
    severity = {item.id.removeprefix("superclasses-ptbxl-"): item.severity for item in items}
    # LVH, ISC_ and AFIB: three things; without the class of each, two
    assert {name: severity[f"3-{name}"] for name in NAMES} == {"NORM": 3, "MI": 3, "STTC": 2, "CD": 3, "HYP": 2}


def test_the_words_are_those_of_train_and_the_others_are_told_apart(items: list[Item]) -> None:
    by_group = {item.group: item for item in items}
    assert by_group["class:MI"].sample.question == "Does this ECG show myocardial infarction?"
    assert by_group["class:NORM"].sample.question == "Is this ECG normal?"
    for item in items:
        wordings = item.facts["wordings"]
        sentences = [item.sample.question, *(one for split in ("train", "valid", "test") for one in wordings[split])]
        assert len(set(sentences)) == len(sentences) and all(wordings.values())
        assert not any("{" in one for one in sentences)


def test_gold_answers_are_right_and_the_others_wrong(items: list[Item]) -> None:
    def said(item: Item, answer: str) -> Answer:
        return Answer(item.id, answer, None, None, False, None, "test", 0.0)

    gold = {item.id: said(item, str(item.sample.answer)) for item in items}
    assert all(mark.right for mark in marks(items, gold))
    other = {item.id: said(item, "no" if item.gold == {"yes"} else "yes") for item in items}
    assert not any(mark.right for mark in marks(items, other))


def test_the_order_is_fixed_and_the_ecgs_are_there(items: list[Item], tmp_path: Path) -> None:
    assert load_task("superclasses").items(tmp_path, "test") == items
    for item in items:
        (ecg,) = item.sample.ecgs
        assert Path(ecg).is_absolute() and Path(f"{ecg}.hea").is_file()


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no folder ptbxl/"):
        SUPERCLASSES.items(tmp_path, None)
    root = write_ptbxl(tmp_path, MADE[:4])
    with pytest.raises(InputError, match="no recording of train"):
        SUPERCLASSES.items(root, "train")
    with pytest.raises(InputError, match="train, valid, test"):
        SUPERCLASSES.items(root, "fold 10")


def test_real_recordings_of_ptbxl() -> None:
    root = data_root()
    items = SUPERCLASSES.items(root, None)
    assert len(items) % 5 == 0 and len({item.id for item in items}) == len(items)
    yes = Counter(item.group for item in items if item.gold == {"yes"})
    if (root / "ptbxl" / "local_split.csv").is_file():
        # counted from the tables by hand: recordings of valid that carry a code of the class
        assert len(items) == 5 * 202
        assert yes == {"class:NORM": 88, "class:MI": 46, "class:STTC": 43, "class:CD": 53, "class:HYP": 17}
