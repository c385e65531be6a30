"""How often each answer was right in training: of a group of questions, of a type, and over all."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from einthoven.core.rng import rng
from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.item import Item

T = TypeVar("T")
Said = str | tuple[str, ...]
Form = Literal["one", "any", "open"]
Level = tuple[str, str]  # ("group", "finding:AFIB"), ("type", "yes/no") or ALL
ALL: Level = ("all", "")


@dataclass(frozen=True)
class Choice:
    """What a baseline says to a sample; options: probability of each, where it has any."""

    said: Said
    options: dict[str, float] | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Shares:
    """Counts of right answers, in order of first appearance, and of each option how often it was offered and held."""

    answers: Counter[Said] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)

    def fitting(self, sample: Sample) -> dict[Said, int]:
        """Return the counts of those answers that the sample allows."""
        if sample.options is None:
            return dict(self.answers)
        return {said: count for said, count in self.answers.items() if fits(said, sample)}

    def choice(self, sample: Sample) -> Choice | None:
        """Return the commonest answer that the sample allows, the first of several; None where training has none.

        Probabilities: of one option its share among the answers allowed; of any, how often it held where offered.
        """
        counts = self.fitting(sample)
        total = sum(counts.values())
        if not total:
            return None
        said = max(counts, key=lambda one: counts[one])
        return Choice(in_order(said, sample), self._options(sample, counts, total), counts[said] / total)

    def _options(self, sample: Sample, counts: dict[Said, int], total: int) -> dict[str, float] | None:
        if sample.options is None:
            return None
        if sample.pick == "one":
            return {option: counts.get(option, 0) / total for option in sample.options}
        return {option: self.held[option] / max(1, self.offered[option]) for option in sample.options}


def shares_by_level(items: Iterable[Item]) -> dict[tuple[Level, Form], Shares]:
    """Count the gold of items, at each of their levels; an item without gold counts nothing."""
    found: dict[tuple[Level, Form], Shares] = {}
    for item in items:
        said = gold_of(item)
        if said is None:
            continue
        for level in levels(item.group, item.type):
            shares = found.setdefault((level, form_of(item.sample)), Shares())
            shares.answers[said] += 1
            shares.offered.update(item.sample.options or ())
            shares.held.update(item.gold if item.sample.options else ())
    return found


def drawn(many: Sequence[T], most: int, seed: int) -> Sequence[T]:
    """Return all, or of more than `most` so many, in their order."""
    if len(many) <= most:
        return many
    places = rng("baseline", "drawn", seed).permutation(len(many))[:most]
    return [many[place] for place in sorted(places.tolist())]


def levels(group: str, type: str) -> list[Level]:
    """Return what a question belongs to, the narrowest first."""
    return [level for level in (("group", group), ("type", type)) if level[1]] + [ALL]


def levels_of(sample: Sample) -> list[Level]:
    """Return the levels of a sample that `asked` made."""
    return levels(str(sample.about.get("group", "")), str(sample.about.get("type", "")))


def form_of(sample: Sample) -> Form:
    """Tell whether one option is asked for, any number of them, or a text of its own."""
    return "open" if sample.options is None else sample.pick


def gold_of(item: Item) -> Said | None:
    """Return the right answer in a form that can be counted: a text, or of any options those that hold, sorted."""
    if item.sample.answer is None:
        return None
    if form_of(item.sample) == "any":
        return tuple(sorted(item.gold))
    return item.sample.answer if isinstance(item.sample.answer, str) else "; ".join(item.sample.answer)


def fits(said: Said, sample: Sample) -> bool:
    """Tell whether a sample allows an answer."""
    if sample.options is None:
        return True
    return said in sample.options if isinstance(said, str) else set(said) <= set(sample.options)


def in_order(said: Said, sample: Sample) -> Said:
    """Return an answer of several options in the order in which the sample lists them."""
    if isinstance(said, str):
        return said
    return tuple(option for option in sample.options or said if option in said)


def reply(sample: Sample, choice: Choice | None, name: str, why_not: str) -> Answer:
    """Return the answer of a baseline of this name; without a choice it abstains and says why."""
    if choice is None:
        return Answer(sample.id, None, None, None, True, why_not, name, 0.0)
    return Answer(sample.id, choice.said, choice.options, choice.confidence, False, None, name, 0.0)
