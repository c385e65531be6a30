"""Recordings of archives as their labels tell them, without a look at a signal, and yes/no items about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.errors import InputError
from einthoven.core.sample import Part, Sample, Turn
from einthoven.evaluate.item import Item
from einthoven.instruct.archive import labelled, refs_in
from einthoven.instruct.case import Case
from einthoven.instruct.wording import Split, of_split
from einthoven.records.datasets import DATASETS

YES_NO = ("yes", "no")
SPLITS: tuple[Split, ...] = ("train", "valid", "test")


@dataclass(frozen=True)
class Question:
    """One question that is asked of many recordings, always in the same words.

    task: that asks it; name: of what is asked ("class:MI"), the group of its items; others: the sentences, by split,
    that ask the same.
    """

    task: str
    name: str
    type: str
    text: str
    others: dict[str, list[str]]

    @property
    def code(self) -> str:
        """Return the class or finding that is asked for."""
        return self.name.partition(":")[2]


def question(task: str, name: str, type: str, sentences: tuple[str, ...], slots: dict[str, Any]) -> Question:
    """Return the question in the first sentence of train; all that are left are its others."""
    said = {split: [one.format(**slots) for one in of_split(sentences, split)] for split in SPLITS}
    first = said["train"][0]
    return Question(task, name, type, first, {split: [one for one in said[split] if one != first] for split in SPLITS})


def default_split(root: Path) -> str:
    """Return valid where PTB-XL comes with `local_split.csv`, which may hold no test, else test: official fold 10."""
    return "valid" if (root / "ptbxl" / "local_split.csv").is_file() else "test"


def cases_of(root: Path, dataset: str, split: str | None) -> list[Case]:
    """Return the recordings of ROOT/DATASET of one split, or of all, in the order of the archive.

    Raises InputError where there are none, saying which folder is looked for.
    """
    if dataset not in DATASETS or not (root / dataset).is_dir():
        raise InputError(f"{root}: holds no folder {dataset}/; it is to be laid out as its makers publish it")
    if split is not None and split not in SPLITS:
        raise InputError(f"split {split!r}: there are {', '.join(SPLITS)}")
    refs, _ = refs_in(root, dataset)
    cases = [labelled(ref) for ref in refs if split in (None, ref.row.split)]
    if not cases:
        raise InputError(f"{root / dataset}: holds no recording of {split}")
    return cases


def patient_of(case: Case) -> str:
    return f"{case.source}/{case.patient}"


def ask(root: Path, case: Case, of: Question, yes: bool, severity: int, **facts: Any) -> Item:
    """Return the item of a yes/no question about one recording; the path of the recording is absolute."""
    id = f"{of.task}-{case.source}-{case.id}-{of.code}"
    sample = one_ecg(id, str((root / case.ecg).absolute()), of.text)
    answer = YES_NO[0] if yes else YES_NO[1]
    asked = Sample(id, sample.ecgs, sample.turns, YES_NO, "one", answer, {"split": case.split})
    return Item(asked, (patient_of(case),), of.name, of.type, severity=severity,
                facts={"wordings": of.others, **facts})  # fmt: skip


def one_ecg(id: str, ecg: str, text: str, answer: str | None = None) -> Sample:
    """Return the sample of a question about one recording."""
    return Sample(id, (ecg,), (Turn("user", (Part(ecg=0), Part(text=text))),), answer=answer)


def once(items: Iterable[Item]) -> list[Item]:
    """Return the items. Raises InputError when an id stands twice: answers are told apart by it."""
    listed = list(items)
    seen: set[str] = set()
    for item in listed:
        if item.id in seen:
            raise InputError(f"two items have the id {item.id!r}; each file of the set is to be there once")
        seen.add(item.id)
    return listed
