"""A made benchmark: forty patients, two yes/no questions each, a free text and a number; and systems that answer it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.errors import InputError
from einthoven.core.sample import Answer, Sample, ask_sample
from einthoven.evaluate.item import Item
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb

PATIENTS = 40
YES_NO = ("yes", "no")


def shows(patient: int, question: int) -> bool:
    """Tell what the made ECG of a patient shows."""
    return (patient * 7 + question * 3) % 3 == 0


@dataclass(frozen=True)
class Made:
    """Two questions of forty patients; train has others."""

    name: str = "made"
    about: str = "two findings of forty made patients, yes or no, by their numbers"

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items; ROOT/made must be there."""
        folder = root / "made"
        if not folder.is_dir():
            raise InputError(f"{folder}: not there")
        first = 1000 if split == "train" else 0
        return [_item(folder, first + patient, question) for patient in range(PATIENTS) for question in (1, 2)]

    def notes(self, root: Path, split: str | None) -> list[str]:
        return ["two recordings could not be used"]


def _item(folder: Path, patient: int, question: int) -> Item:
    sample = ask_sample(
        f"Does it show finding {question}?", (str(folder / str(patient)),), YES_NO, id=f"{patient}/{question}"
    )
    gold = "yes" if shows(patient, question) else "no"
    wordings = {"train": [sample.question], "test": [f"Is finding {question} there?"]}
    return Item(replace(sample, answer=gold), (f"made/{patient}",), f"finding:{question}", "finding",
                severity=patient % 3, facts={"wordings": wordings, "rule": "ecgqa-llm"})  # fmt: skip


MADE = Made()


def write_ecgs(root: Path) -> None:
    """Write one short made ECG under the name of every patient."""
    (root / "made").mkdir(parents=True)
    ecg = simulate([], seed=1).ecg
    for patient in range(PATIENTS):
        write_wfdb(ecg, root / "made", str(patient))


def reader(samples: Iterable[Sample]) -> Iterator[Answer]:
    """A perfect reader of the ECG that it is shown; it abstains where there is none to read."""
    for sample in samples:
        name = Path(sample.ecgs[0]).name if sample.ecgs else ""
        question = 1 if "finding 1" in sample.question else 2
        if not name.isdigit():
            yield Answer(sample.id, None, {"yes": 0.4, "no": 0.6}, None, True, "nothing to read", "reader", 0.1)
            continue
        p = 0.9 if shows(int(name), question) else 0.1
        yield Answer(sample.id, "yes" if p > 0.5 else "no", {"yes": p, "no": 1 - p}, 0.9, False, None, "reader", 0.1)


def parrot(samples: Iterable[Sample]) -> Iterator[Answer]:
    """A system that says no to everything."""
    for sample in samples:
        yield Answer(sample.id, "no", {"yes": 0.2, "no": 0.8}, 0.8, False, None, "parrot", 0.1)
