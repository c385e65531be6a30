"""What a model was never taught: findings, templates, comparisons, archives, each with the list that keeps it untaught.

`exclusions()` is that list; `einthoven build --exclude` honours it. A model that was trained on a set built without it
may be asked too, but is then not tested zero-shot. What is held out is drawn by name, so that it is the same whatever
data is at hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.core.rng import rng
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.ecgqa import EcgQaMade
from einthoven.evaluate.tasks.findings import items_of, notes_of
from einthoven.evaluate.tasks.findings_labels import cases_of, default_split
from einthoven.instruct.case import Case
from einthoven.instruct.ecgqa.templates import templates
from einthoven.instruct.exclude import Exclusions
from einthoven.instruct.families.sure import WIDE
from einthoven.records.datasets import DATASETS

SHARE = 0.2
KEPT = frozenset(("NORM", "SR", *WIDE))  # one of these is nearly everywhere; those that only say less than others
ARCHIVES = ("cpsc2018", "georgia", "chapman_ningbo", "cpsc_extra", "code15")
TAUGHT = ("ptbxl",)


@cache
def held_out_findings() -> tuple[str, ...]:
    """Return a fifth of the findings, the same for everybody."""
    codes = [code for code in FINDINGS if code not in KEPT]
    return tuple(sorted(_fifth("findings", codes)))


@cache
def held_out_templates() -> tuple[int, ...]:
    """Return a fifth of the templates of ECG-QA, of each type of question at least one."""
    by_type: dict[str, list[str]] = {}
    for number, template in templates().items():
        by_type.setdefault(template.question_type, []).append(str(number))
    return tuple(sorted(int(one) for kind, numbers in by_type.items() for one in _fifth(kind, numbers)))


def _fifth(what: str, names: Iterable[str]) -> Sequence[str]:
    drawn = sorted(names, key=lambda name: float(rng("zero-shot", what, name).random()))
    return drawn[: max(1, round(SHARE * len(drawn)))]


@dataclass(frozen=True)
class ZeroShotFindings:
    """Findings that are held out and that at least five recordings of the split surely show."""

    name: str = "zero-shot-findings"
    about: str = "Yes/no questions about findings that no line of the training set names, of PTB-XL (ROOT/ptbxl)."

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items as the task `findings` has them. Raises InputError as it does."""
        cases = cases_of(root, "ptbxl", split or default_split(root))
        return items_of(self.name, root, cases, held_out_findings())

    def exclusions(self) -> Exclusions:
        return Exclusions(findings=held_out_findings())

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return which findings are asked, and what the items are short of."""
        items = self.items(root, split)
        asked = {item.group.partition(":")[2] for item in items}
        few = [code for code in held_out_findings() if code not in asked]
        return [f"held out and asked: {', '.join(sorted(asked))}", f"held out, too few to ask: {', '.join(few)}",
                *notes_of(items)]  # fmt: skip


@dataclass(frozen=True)
class ZeroShotQa:
    """Templates of ECG-QA, by the rule on one's own labels. pairs: all that compare two ECGs, else those held out."""

    name: str
    about: str
    pairs: bool = False

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items as the task `ecgqa-made` has them. Raises InputError as it does."""
        return self._made().items(root, split)

    def exclusions(self) -> Exclusions:
        return Exclusions(pairs=True) if self.pairs else Exclusions(templates=held_out_templates())

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return which templates are not asked, and why."""
        return self._made().notes(root, split)

    def _made(self) -> EcgQaMade:
        pairs = (number for number, template in templates().items() if template.ecgs == 2)
        return EcgQaMade(self.name, only=frozenset(pairs if self.pairs else held_out_templates()))


@dataclass(frozen=True)
class ZeroShotArchive:
    """Taught on PTB-XL (and simulated recordings), asked on archives of other hospitals: all that are there."""

    name: str = "zero-shot-archive"
    about: str = f"Yes/no questions about single findings of {', '.join(ARCHIVES)}, as far as they lie under ROOT."

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items, finding by finding and archive by archive; of all recordings without a split.

        Those that do not show a finding are of the archive of those that do. Raises InputError when no archive is
        there, or no finding has enough recordings in all of them together.
        """
        return items_of(self.name, root, _elsewhere(root, split))

    def exclusions(self) -> Exclusions:
        return Exclusions(sources=tuple(name for name in DATASETS if name not in TAUGHT))

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return which archives are there, and what the items are short of."""
        there = sorted({case.source for case in _elsewhere(root, split)})
        return [f"archives here: {', '.join(there)}", *notes_of(self.items(root, split))]


FINDINGS_HELD_OUT = ZeroShotFindings()
TEMPLATES_HELD_OUT = ZeroShotQa(
    "zero-shot-templates", "Templates of ECG-QA of which no line of the training set is made, from ROOT/ptbxl."
)
COMPARISON = ZeroShotQa(
    "zero-shot-comparison", "Two ECGs compared by a model that was taught on single ones, from ROOT/ptbxl.", pairs=True
)
ARCHIVE = ZeroShotArchive()


def _elsewhere(root: Path, split: str | None) -> list[Case]:
    """Return the recordings of all other archives that are there."""
    there = [name for name in ARCHIVES if (root / name).is_dir()]
    if not there:
        raise InputError(f"{root}: holds none of the folders {', '.join(f'{name}/' for name in ARCHIVES)}")
    cases = [case for name in there for case in _some(root, name, split)]
    if not cases:
        raise InputError(f"{root}: no recording of {split} in {', '.join(there)}")
    return cases


def _some(root: Path, name: str, split: str | None) -> list[Case]:
    """Return the recordings of an archive, none where it has none in this split."""
    return [case for case in cases_of(root, name, None) if split in (None, case.split)]
