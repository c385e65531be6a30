"""The five diagnostic classes of PTB-XL, each asked with yes or no of every recording of a split."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from einthoven.core.findings import FINDINGS, superclasses
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.findings_labels import Question, ask, cases_of, default_split, once, question
from einthoven.instruct.case import Case
from einthoven.instruct.severity import severity_of
from einthoven.instruct.wording import NORMAL, SHOWS_FINDING

# As a question names them: the same words in every wording.
NAMES: Mapping[str, str] = {
    "NORM": "a normal ECG",
    "MI": "myocardial infarction",
    "STTC": "an ST/T change",
    "CD": "a conduction disturbance",
    "HYP": "hypertrophy",
}


def questions() -> dict[str, Question]:
    """Return class -> the question that asks for it."""
    return {
        name: question(
            "superclasses", f"class:{name}", "superclass", NORMAL if name == "NORM" else SHOWS_FINDING, {"x": said}
        )
        for name, said in NAMES.items()
    }


@dataclass(frozen=True)
class Superclasses:
    """A class is there where any statement of it is, whatever its likelihood; a recording may have several, or none."""

    name: str = "superclasses"
    about: str = "Five yes/no questions, one a diagnostic class, of every recording of a split of PTB-XL (ROOT/ptbxl)."

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return five items a recording. Without a split: valid beside a local_split.csv, else fold 10.

        Raises InputError when ROOT/ptbxl is not there or holds no recording of the split.
        """
        cases = cases_of(root, "ptbxl", split or default_split(root))
        asked = questions()
        return once(item for case in cases for item in _of_case(root, case, asked))


SUPERCLASSES = Superclasses()


def _of_case(root: Path, case: Case, asked: Mapping[str, Question]) -> Iterator[Item]:
    codes = [code for code in case.codes if code in FINDINGS]
    there = superclasses(codes)
    for name, of in asked.items():
        others = severity_of([code for code in codes if FINDINGS[code].superclass != name])
        yield ask(root, case, of, name in there, others)
