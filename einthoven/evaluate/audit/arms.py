"""The arms of an audit: the same questions with the true ECG, others, none, permuted or exchanged, and in other words.

An arm is a list of questions; a system is asked each different one once (`unique`) and its answers are dealt out again
to all that are the same (`expand`).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from einthoven.core.errors import JobError
from einthoven.core.rng import rng
from einthoven.core.sample import Answer, Part, Sample, Turn
from einthoven.evaluate.audit.controls import NOISES, Controls
from einthoven.evaluate.audit.exchange import answer_exchanged, answers_known
from einthoven.evaluate.audit.permute import donors, question_key, severity_key, what_is_asked
from einthoven.evaluate.item import Item
from einthoven.evaluate.systems.plain import blinded

Arm = Literal["true", "other", "matched", "flat", "noise", "none", "permuted", "swapped", "phrasing"]
ARMS: tuple[Arm, ...] = ("true", "other", "matched", "flat", "noise", "none", "permuted", "swapped", "phrasing")
PERMUTATIONS = 5
SEEN, UNSEEN = "seen", "phrasing"
LEFT_OUT: dict[str, str] = {
    "true": "",
    "other": "nobody else's ECG stands under the same question",
    "matched": "severity is not known, or nobody else's ECG of the same level stands under the same question",
    "flat": "no ECG is shown",
    "noise": "no ECG is shown",
    "none": "no ECG is shown",
    "permuted": "no ECG is shown",
    "swapped": "the question is not about two ECGs",
    "phrasing": "no unseen wording of the question is given",
}
"""Why an item has no place in an arm."""


@dataclass(frozen=True)
class ArmItem:
    """One question of an arm.

    item: as it is asked, its id "VARIANT/ORIGINAL-ID"; its gold is that of the true ECG. variant: the arm, or one of
    several in it ("other3", "noise-muscle"). shown: the same with the gold, patients and severity of the ECG that is
    shown; None where nobody knows the right answer, or where to abstain is right.
    """

    item: Item
    origin: Item
    variant: str
    shown: Item | None = None

    @property
    def id(self) -> str:
        return self.item.id


def arms(items: Sequence[Item], folder: Path, seed: int = 0) -> dict[Arm, list[ArmItem]]:
    """Return all arms of these items; () where no item has a place in one (`LEFT_OUT` says why).

    folder: where the files of `write_controls` lie, or will. The same for the same items and seed, in any order.
    Raises JobError when an id stands twice.
    """
    if len({item.id for item in items}) < len(items):
        raise JobError(f"{len(items)} items have {len({item.id for item in items})} ids; give each its own")
    items = [_told(item) for item in items]
    controls = Controls(folder, seed)
    reading = [item for item in items if item.sample.ecgs]
    return {
        "true": [ArmItem(_renamed(item, "true"), item, "true", _renamed(item, "true")) for item in items],
        "other": [one for draw in range(1, PERMUTATIONS + 1) for one in _others(items, seed, f"other{draw}")],
        "matched": _others(items, seed, "matched", severity_key),
        "flat": [_showing(item, "flat", lambda _: controls.flat) for item in reading],
        "noise": [_noisy(item, name, controls) for name in NOISES for item in reading],
        "none": [ArmItem(_without_ecgs(item), item, "none") for item in reading],
        "permuted": [_showing(item, "permuted", controls.permuted) for item in reading],
        "swapped": _swapped(items),
        "phrasing": _rephrased(items, seed),
    }


def _told(item: Item) -> Item:
    """Return an item that says all that the arms go by, whichever ECG and words they show.

    Its group is what is asked to the last detail: a task's own may hold several findings or leads. Who has no patient
    is known by the true ECG.
    """
    asked = what_is_asked(item)
    group = item.group if asked is None else f"{item.group}: {asked}"
    return replace(item, group=group, patients=item.patients or (item.cluster,))


def _renamed(item: Item, variant: str) -> Item:
    return replace(item, sample=replace(item.sample, id=f"{variant}/{item.id}"))


def _showing(item: Item, variant: str, path: Callable[[str], str]) -> ArmItem:
    ecgs = tuple(path(ecg) for ecg in item.sample.ecgs)
    sample = replace(item.sample, id=f"{variant}/{item.id}", ecgs=ecgs)
    return ArmItem(replace(item, sample=sample), item, variant)


def _noisy(item: Item, name: str, controls: Controls) -> ArmItem:
    return _showing(item, name, lambda _: controls.noise(name))


def _without_ecgs(item: Item) -> Item:
    return replace(item, sample=replace(blinded(item.sample), id=f"none/{item.id}"))


def _others(
    items: Sequence[Item], seed: int, name: str, key: Callable[[Item], Hashable | None] = question_key
) -> list[ArmItem]:
    found = donors(items, [key(item) for item in items], seed, name)
    return [_of_another(item, found[item.id], name) for item in items if item.id in found]


def _of_another(item: Item, donor: Item, variant: str) -> ArmItem:
    sample = replace(item.sample, id=f"{variant}/{item.id}", ecgs=donor.sample.ecgs)
    shown = replace(
        item,
        sample=replace(sample, answer=donor.sample.answer),
        patients=donor.patients,
        tolerance=donor.tolerance,
        severity=donor.severity,
        facts=donor.facts,
    )
    return ArmItem(replace(item, sample=sample), item, variant, shown)


def _swapped(items: Sequence[Item]) -> list[ArmItem]:
    known = answers_known(items)
    found = []
    for item in items:
        if len(item.sample.ecgs) == 2:
            sample = replace(item.sample, id=f"swapped/{item.id}", ecgs=item.sample.ecgs[::-1])
            answer = answer_exchanged(item, known)
            shown = None if answer is None else replace(item, sample=replace(sample, answer=answer))
            found.append(ArmItem(replace(item, sample=sample), item, "swapped", shown))
    return found


def _rephrased(items: Sequence[Item], seed: int) -> list[ArmItem]:
    """Ask in words of the test split, and beside it in words that training may use: the item's own where they are."""
    found = []
    for item in items:
        wordings = item.facts.get("wordings") or {}
        unseen = [words for words in wordings.get("test", ()) if words != item.sample.question]
        seen = list(wordings.get("train", ())) or [item.sample.question]
        if unseen:
            random = rng("audit", "phrasing", seed, item.id)
            new = unseen[int(random.integers(len(unseen)))]
            old = seen[int(random.integers(len(seen)))]
            known = item.sample.question if item.sample.question in seen else old
            found += [_asked(item, SEEN, known), _asked(item, UNSEEN, new)]
    return found


def _asked(item: Item, variant: str, words: str) -> ArmItem:
    """Return an item whose last question is put in other words, ECGs where they were."""
    turns = list(item.sample.turns)
    place = max(place for place, turn in enumerate(turns) if turn.role == "user")
    shown = tuple(part for part in turns[place].parts if part.text is None)
    turns[place] = Turn("user", (*shown, Part(text=words)))
    if turns[place].text == item.sample.turns[place].text:
        turns = list(item.sample.turns)
    asked = replace(item, sample=replace(item.sample, id=f"{variant}/{item.id}", turns=tuple(turns)))
    return ArmItem(asked, item, variant, asked)


def unique(arm_items: Sequence[ArmItem]) -> tuple[list[Item], dict[str, str]]:
    """Return the different questions, each as it first stands, and id -> id of the one that is asked for it."""
    first: dict[Hashable, Item] = {}
    for one in arm_items:
        first.setdefault(_asks(one.item.sample), one.item)
    mapping = {one.id: first[_asks(one.item.sample)].id for one in arm_items}
    return list(first.values()), mapping


def _asks(sample: Sample) -> Hashable:
    """Return all that a model gets to know."""
    return sample.turns, sample.ecgs, sample.options, sample.pick


def expand(answers: Mapping[str, Answer], mapping: Mapping[str, str]) -> dict[str, Answer]:
    """Deal the answers to the questions that were asked out to all: id -> answer, of those that were answered."""
    return {id: replace(answers[asked], id=id) for id, asked in mapping.items() if asked in answers}
