"""Single findings with yes or no: of every recording that shows one, and of two for each that surely do not.

Those that do not are drawn by chance among recordings as ill without the finding (S', see instruct.severity), so that
how ill an ECG looks tells the answer as little as the archive allows; where no such recording is left, the nearest
level of S' is taken and the item says so (facts: `level` of its S', `stands_for` the level wanted).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.findings_labels import Question, ask, cases_of, default_split, once, question
from einthoven.instruct.case import Case
from einthoven.instruct.families.certain import Facts
from einthoven.instruct.families.findings import FINDINGS_FAMILY
from einthoven.instruct.families.sentences import agreeing
from einthoven.instruct.families.sure import sure
from einthoven.instruct.severity import LEVELS, level, severity_without

AT_LEAST, NO_PER_YES = 5, 2
NEVER = frozenset(("NORM",))  # it defines S; see the task of the superclasses
Known = tuple[Case, Facts]


@dataclass(frozen=True)
class Findings:
    """Findings with at least five recordings in the split that surely show them."""

    name: str = "findings"
    about: str = (
        "A yes/no question about a single finding, of each recording of PTB-XL (ROOT/ptbxl) that shows it and of two, "
        "as ill without it, that surely do not."
    )

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items, finding by finding. Without a split: valid beside a local_split.csv, else fold 10.

        Raises InputError when ROOT/ptbxl is not there or no finding has enough recordings.
        """
        return items_of(self.name, root, cases_of(root, "ptbxl", split or default_split(root)))

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return what the items are short of."""
        return notes_of(self.items(root, split))


FINDINGS_TASK = Findings()


def items_of(task: str, root: Path, cases: Sequence[Case], codes: Collection[str] | None = None) -> list[Item]:
    """Return items about single findings, about these codes only where some are given.

    Recordings may be of several archives; those that do not show a finding are of the archive of those that do.
    """
    known = [(case, sure(case)) for case in cases]
    counts = Counter(code for _, facts in known for code in facts.there)
    enough = sorted(
        code
        for code, count in counts.items()
        if count >= AT_LEAST and code not in NEVER and (codes is None or code in codes)
    )
    items: list[Item] = []
    for code in enough:
        found = [item for some in _by_archive(known) for item in _of_finding(task, root, code, some)]
        if sum(item.sample.answer == "yes" for item in found) >= AT_LEAST:
            items += found
    if not items:
        which = "finding" if codes is None else f"one of {', '.join(sorted(codes))}"
        raise InputError(f"{root}: no {which} has {AT_LEAST} recordings that surely show it")
    return once(items)


def _by_archive(known: Sequence[Known]) -> list[list[Known]]:
    found: dict[str, list[Known]] = {}
    for one in known:
        found.setdefault(one[0].source, []).append(one)
    return list(found.values())


def notes_of(items: Sequence[Item]) -> list[str]:
    """Return, a line each, the findings with fewer than two recordings without for each with, and how many items do
    not match in severity.
    """
    yes, no = (Counter(item.group for item in items if item.gold == {answer}) for answer in ("yes", "no"))
    notes = [f"{group}: {no[group]} without for {count} with" for group, count in yes.items()
             if no[group] < NO_PER_YES * count]  # fmt: skip
    off = sum(item.facts["level"] != item.facts["stands_for"] for item in items)
    return [*notes, f"{off} of {no.total()} recordings without a finding are of the nearest severity, not the same"]


def _of_finding(task: str, root: Path, code: str, known: Sequence[Known]) -> Iterator[Item]:
    """Yield the items of one finding in one archive, those that show it first; none where nothing is without it."""
    of = question(task, f"finding:{code}", "finding", FINDINGS_FAMILY.wordings["shown"], dict(agreeing(code)))
    showing = [case for case, facts in known if code in facts.there]
    free = [case for case, facts in known if code in facts.absent]
    if not free:
        return
    levels = [_level(case, code) for case in showing]
    for case, at in zip(showing, levels, strict=True):
        yield _item(root, of, case, True, at)
    for case, at in _matched(code, levels, free):
        yield _item(root, of, case, False, at)


def _item(root: Path, of: Question, case: Case, yes: bool, stands_for: int) -> Item:
    at = LEVELS[_level(case, of.code)]
    return ask(root, case, of, yes, severity_without(case.codes, of.code), level=at, stands_for=LEVELS[stands_for])


def _level(case: Case, code: str) -> int:
    return level(severity_without(case.codes, code))


def _matched(code: str, levels: Sequence[int], free: Sequence[Case]) -> Iterator[tuple[Case, int]]:
    """Yield two recordings without for each level with, each once, and the level that it stands for."""
    order = rng("findings task", free[0].source, code).permutation(len(free)).tolist()
    pool: dict[int, list[Case]] = {}
    for place in order:
        pool.setdefault(_level(free[place], code), []).append(free[place])
    unmet = []
    for at in (at for at in levels for _ in range(NO_PER_YES)):
        if pool.get(at):
            yield pool[at].pop(), at
        else:
            unmet.append(at)
    for at in unmet:
        left = [other for other, cases in pool.items() if cases]
        if not left:
            return
        near = min(left, key=lambda other: (abs(other - at), other))
        yield pool[near].pop(), at
