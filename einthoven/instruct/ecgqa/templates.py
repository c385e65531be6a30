"""The 70 templates of ECG-QA: type, attribute, official wording, possible answers, and which one a swap leads to.

`templates.csv` follows ECG-QA 1.0.2 (Oh et al. 2023, CC BY 4.0); `mode`, `domain` and `phrasings` are this project's:
mode: verify (one thing), any (anything of a kind), choose (of two), query (all of a kind)
domain: what is looked up in a record, see `facts.py`; phrasings: the family of own sentences, see `phrasings.py`
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from einthoven.instruct.ecgqa.vocabulary import group

Mode = Literal["verify", "any", "choose", "query"]

# Two ECGs exchanged: what was resolved is new, what became normal became abnormal; the others ask the same.
_EXCHANGED = ((43, 44), (47, 48), (50, 51), (54, 55), (57, 58), (61, 62), (64, 65), (68, 69))
SWAPPED: Mapping[int, int] = (
    {number: number for number in range(43, 71)} | dict(_EXCHANGED) | {later: earlier for earlier, later in _EXCHANGED}
)
"""Template of two ECGs -> the template that has the same answer when the ECGs change places."""


@dataclass(frozen=True)
class Template:
    """One row of the table. answers: all that an answer may hold; none of them is the official answer "none"."""

    id: int
    question_type: str
    attribute_type: str
    mode: Mode
    domain: str
    phrasings: str
    answers: tuple[str, ...]
    wording: str

    @property
    def ecgs(self) -> int:
        return 1 if self.question_type.startswith("single") else 2

    @property
    def consecutive(self) -> bool:
        """Tell whether its two ECGs are of one patient."""
        return "consecutive" in self.question_type

    @property
    def yes_no(self) -> bool:
        return self.question_type.endswith("verify")

    @property
    def decisions(self) -> tuple[str, ...]:
        """Return the answers of a question to verify, "yes" first."""
        return tuple(sorted(self.answers, key=("yes", "no", "not sure").index))


@cache
def templates() -> Mapping[int, Template]:
    """Return number -> template."""
    with Path(__file__).with_name("templates.csv").open(encoding="utf-8", newline="") as file:
        return {int(line["id"]): _template(line) for line in csv.DictReader(file)}


def _template(line: dict[str, str]) -> Template:
    without = set(line["without"].split(";"))
    return Template(
        id=int(line["id"]),
        question_type=line["question_type"],
        attribute_type=line["attribute_type"],
        mode=cast(Mode, line["mode"]),
        domain=line["domain"],
        phrasings=line["phrasings"],
        answers=tuple(answer for answer in group(*line["answers"].split(";")) if answer not in without),
        wording=line["wording"],
    )
