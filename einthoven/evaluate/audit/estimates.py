"""Values that share one resampling of patients, so that any two may be subtracted: shares, balanced accuracy, AUROC.

Balanced accuracy and AUROC are taken within a question (`group` and its options) and averaged over questions: a system
that does not look at the ECG cannot be better than chance there, whatever the mix of answers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.evaluate.audit.people import Floats, People, Places
from einthoven.evaluate.intervals import HIGH, LOW, Score
from einthoven.evaluate.item import Kind
from einthoven.evaluate.marks import Mark

MOST_WEIGHTS = 2_000_000  # of answers in draws, at once

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """A value and what it is in each draw of patients. n: of how many answers; chance: of who looks at nothing."""

    value: float
    draws: Floats
    n: int
    chance: float | None = None

    def __sub__(self, other: "Estimate") -> "Estimate":
        return Estimate(self.value - other.value, self.draws - other.draws, min(self.n, other.n))

    def score(self, unread: float | None = None, text_only: float | None = None) -> Score:
        low, high = np.percentile(self.draws, [LOW, HIGH])
        value, low, high, *beside = map(_round, (self.value, float(low), float(high), self.chance, text_only, unread))
        return Score(value, self.n, low, high, *beside)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4) + 0.0  # no minus before a zero


@dataclass(frozen=True)
class Question:
    """All answers to one question. options: (O,); who, read, right: (N,); gold, said: (N, O).

    p: (N, O) probabilities, zero where a model gives none; rated: (N,) whether it gives any.
    """

    kind: Kind
    options: tuple[str, ...]
    who: Places
    read: Flags
    right: Flags
    gold: Flags
    said: Flags
    p: Floats
    rated: Flags


def questions(people: People, marks: Sequence[Mark]) -> Iterator[Question]:
    """Yield the answers to each question that is answered with options."""
    found: defaultdict[tuple[Kind, str, tuple[str, ...]], list[Mark]] = defaultdict(list)
    for mark in marks:
        if (options := mark.item.sample.options) is not None:
            found[mark.item.sample.pick, mark.item.group, tuple(sorted(options))].append(mark)
    for (kind, _, options), of_question in found.items():
        yield Question(
            kind,
            options,
            people.places(of_question),
            np.array([mark.said is not None for mark in of_question]),
            np.array([mark.right for mark in of_question]),
            _table([mark.item.gold for mark in of_question], options),
            _table([mark.said or frozenset() for mark in of_question], options),
            np.array([[(mark.probabilities or {}).get(name, 0.0) for name in options] for mark in of_question]),
            np.array([bool(mark.probabilities) for mark in of_question]),
        )


def _table(sets: Sequence[frozenset[str]], options: Sequence[str]) -> Flags:
    column = {option: place for place, option in enumerate(options)}
    table = np.zeros((len(sets), len(options)), bool)
    for row, names in enumerate(sets):
        table[row, [column[name] for name in names if name in column]] = True
    return table


def shares(people: People, who: Places, flags: Mapping[str, Sequence[bool]]) -> dict[str, Estimate]:
    """Return the share of answers with each flag, {} of no answers. who: (N,) places of whom they belong to."""
    if not len(who):
        return {}
    table = np.stack([np.ones(len(who)), *(np.array(values, np.float64) for values in flags.values())], axis=1)
    sums = people.summed(who, table)
    found = _rate(sums[:, 1:], sums[:, :1])
    return {name: _estimate(found[:, column], len(who)) for column, name in enumerate(flags)}


def share(people: People, marks: Sequence[Mark], flags: Sequence[bool]) -> Estimate | None:
    """Return the share of marks with a flag, None of no marks."""
    return shares(people, people.places(marks), {"": flags}).get("")


def balanced_accuracy(people: People, asked: Sequence[Question]) -> Estimate | None:
    """Return the mean over questions of the mean share of right answers over the right answers that there are.

    Of a question with any number of options, each option is such a question, there or not, and their mean counts.
    None where no question has items of two right answers. What is not read is wrong.
    """
    parts, counted, chance = [], 0, 0.0
    for question in asked:
        found = _recalls(people, question)
        if found is not None:
            recalls, by_chance = found
            parts.append(recalls)
            chance += by_chance
            counted += len(question.who)
    return replace(_mean(parts, counted), chance=chance / len(parts)) if parts else None


def _recalls(people: People, question: Question) -> tuple[Floats, float] | None:
    """Return (1 + draws,) balanced accuracy of one question, and that of chance."""
    gold, said = question.gold, question.said
    if question.kind == "one":
        there = gold.any(axis=0)
        if there.sum() < 2:
            return None
        recalls = _recall(people, question.who, gold[:, there], question.right[:, None])
        return recalls.mean(axis=1), 1 / int(there.sum())
    mixed = gold.any(axis=0) & ~gold.all(axis=0)
    if not mixed.any():
        return None
    gold, said, read = gold[:, mixed], said[:, mixed], question.read[:, None]
    both = _recall(people, question.who, gold, said & read) + _recall(people, question.who, ~gold, ~said & read)
    return both.mean(axis=1) / 2, 0.5


def _recall(people: People, who: Places, gold: Flags, hit: Flags) -> Floats:
    """Return (1 + draws, K) shares that are hit of those that hold."""
    count = gold.shape[1]
    sums = people.summed(who, np.concatenate([gold, gold & hit], axis=1).astype(np.float64))
    return _rate(sums[:, count:], sums[:, :count])


def auroc(people: People, asked: Sequence[Question]) -> Estimate | None:
    """Return the mean over questions of the mean area under the curve over their options, from probabilities alone.

    Marks without probabilities are left out, and `n` says of how many it is. None where there is nothing to rank.
    """
    parts, counted = [], 0
    for question in asked:
        first = 1 if len(question.options) == 2 and question.kind == "one" else 0  # of two, one mirrors the other
        columns = range(first, len(question.options))
        areas = [area for column in columns if (area := _area(people, question, column)) is not None]
        if areas:
            parts.append(np.mean(areas, axis=0))
            counted += int(question.rated.sum())
    return replace(_mean(parts, counted), chance=0.5) if parts else None


def _area(people: People, question: Question, column: int) -> Floats | None:
    """Return (1 + draws,) areas: how often an ECG with the option ranks before one without, ties counting half."""
    rated = np.flatnonzero(question.rated)
    order = rated[np.argsort(question.p[rated, column], kind="stable")]
    gold, p, who = question.gold[order, column], question.p[order, column], question.who[order]
    if gold.all() or not gold.any():
        return None
    starts = np.flatnonzero(np.diff(p, prepend=-np.inf))
    step = max(1, MOST_WEIGHTS // len(order))
    blocks = (people.draws[start : start + step].take(who, axis=1) for start in range(0, len(people.draws), step))
    sums = [_ranked(weight, gold, starts) for weight in (np.ones((1, len(order)), np.float32), *blocks)]
    return _rate(*np.concatenate(sums, axis=1))


def _ranked(weight_DN: NDArray[np.float32], gold_N: Flags, starts: Places) -> Floats:
    """Return (2, draws): how many pairs rank rightly, and how many there are.

    Answers stand by probability, those of the next one from each of `starts`.
    """
    with_it = weight_DN * gold_N
    yes = np.add.reduceat(with_it, starts, axis=1)
    no = np.add.reduceat(weight_DN - with_it, starts, axis=1)
    before = np.cumsum(no, axis=1) - no / 2
    pairs = yes.sum(axis=1, dtype=np.float64) * no.sum(axis=1, dtype=np.float64)
    return np.stack([(yes * before).sum(axis=1, dtype=np.float64), pairs])


def mean_of(estimates: Sequence[Estimate]) -> Estimate | None:
    """Return the mean of values, each counting once."""
    if not estimates:
        return None
    chances = [one.chance for one in estimates if one.chance is not None]
    rows = [np.concatenate([[one.value], one.draws]) for one in estimates]
    found = _mean(rows, sum(one.n for one in estimates))
    return replace(found, chance=float(np.mean(chances)) if len(chances) == len(estimates) else None)


def _mean(parts: Sequence[Floats], n: int) -> Estimate:
    """Return the mean of parts, each (1 + draws,)."""
    return _estimate(np.mean(parts, axis=0), n)


def _estimate(values: Floats, n: int) -> Estimate:
    return Estimate(float(values[0]), values[1:], n)


def _rate(above: Floats, below: Floats) -> Floats:
    """Return above / below, (1 + draws, ..), and in a draw that has nothing to divide by what it is over all.

    Were such draws left out, a question with a single yes would count in some of them only, and the mean of many such
    questions would lie outside of its own interval.
    """
    with np.errstate(all="ignore"):
        rate = np.asarray(above / below, np.float64)
    return np.where(np.isfinite(rate), rate, rate[:1])
