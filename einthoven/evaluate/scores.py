"""All metrics that fit a list of marks, as a whole and by part, each with its interval, chance and text-only level.

Keys: "metric", "metric|type", "metric|group". Chance is what the same answers reach when they are dealt out anew among
the items of one question (the mean of 20 deals, of 3 where there is free text); text-only what another system reaches
that sees the words alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from einthoven.core.errors import JobError
from einthoven.core.rng import rng
from einthoven.evaluate.intervals import Draws, Estimate, Ints, Score, divided, mean_of_known
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.calibration import brier_sums, confidence_values, sure_rows
from einthoven.evaluate.metrics.choice import choice_sums, recalls, state_sums
from einthoven.evaluate.metrics.ranks import areas, by_unit
from einthoven.evaluate.metrics.sets import f1s, set_sums
from einthoven.evaluate.metrics.table import NOT_READ, Pieces, Ratio, Table, paired, table_of
from einthoven.evaluate.metrics.texts import dealt_texts, text_values

DEALS, TEXT_DEALS = 20, 3
MOST_GROUPS = 100  # with more, scores by group say nothing to anybody
LEAST = 5  # items of a part that is told
STATES = ("unread", "abstained", "failed", "missing")
Values = dict[str, Estimate]


def scores(marks: Sequence[Mark], text_only: Sequence[Mark] | None = None) -> dict[str, Score]:
    """Return every metric that fits. text_only: marks of the same items in the same order, by the words alone.

    A part with under five items, and a class with under five positives, is not told. Raises JobError for other items.
    """
    if not marks:
        raise JobError("there is nothing to score: the task has no items")
    if text_only is not None and [mark.item.id for mark in text_only] != [mark.item.id for mark in marks]:
        raise JobError("the text-only level is of other items")
    found = values(marks, drawn=True)
    chance = _chance(marks)
    words = {} if text_only is None else values(text_only, drawn=False)
    unread = _unread(marks)
    whole = unread.get("", 0.0)
    told: dict[str, Score] = {}
    for name, one in found.items():
        metric, _, part = name.partition("|")
        score = one.score(unread.get(part, whole))
        if metric not in STATES:  # how often there is no answer has no chance level
            level = words[name].value if name in words else None
            score = replace(score, chance=_rounded(chance.get(name)), text_only=_rounded(level))
        told[name] = score
    return told


def left_untold(marks: Sequence[Mark]) -> list[str]:
    """Return what a reader of the scores must know: classes that are too rare, answers that cannot be ranked."""
    table = table_of(marks)
    f1 = f1s(table, Draws.of([mark.item.cluster for mark in marks], drawn=False))
    rare = [name for name, value in zip(f1.names, f1.values_KD[:, 0], strict=True) if np.isnan(value)]
    unranked = int((table.of_kind("one", "any") & ~table.rated_N).sum())
    told = [f"under five positives, or never said and never there, so not told: {', '.join(rare)}"] if rare else []
    if 0 < unranked < len(marks):
        told.append(f"{unranked} answers have no probabilities: AUROC, AUPRC and Brier are over the others only")
    return told


def compare(one: Sequence[Mark], other: Sequence[Mark]) -> dict[str, Score]:
    """Return how much better the first is in each metric that both have: paired, over the same draws of patients.

    What rests on probabilities or confidence is taken over the items where both give them: else a system would gain by
    keeping them back where it is wrong. Raises JobError unless both are marks of the same items in the same order.
    """
    if [mark.item.id for mark in one] != [mark.item.id for mark in other]:
        raise JobError("two systems are compared on the same items in the same order")
    draws = Draws.of([mark.item.cluster for mark in one])
    tables = paired(table_of(one), table_of(other))
    here, there = (_values(table, of, draws) for table, of in zip(tables, (one, other), strict=True))
    return {name: (here[name] - there[name]).score() for name in here if name in there}


def changed(arms: Sequence[Sequence[Mark]]) -> Score:
    """Return the share of items whose answer is not the same in all arms: layouts, or ways to put a question.

    Each arm: marks of the same items in the same order. An answer that is not read is an answer of its own.
    """
    if len({tuple((mark.item.group, mark.item.gold) for mark in arm) for arm in arms}) != 1:
        raise JobError("arms are compared on the same items in the same order")
    said = zip(*([(mark.said, mark.number, mark.state == "read") for mark in arm] for arm in arms), strict=True)
    moved = np.array([len(set(answers)) > 1 for answers in said], np.float64)
    draws = Draws.of([mark.item.cluster for mark in arms[0]])
    sums = Ratio.share(moved, np.ones(len(moved), bool))
    return _summed(sums, draws, np.zeros(len(moved), np.intp), 1)[0].score()


def values(marks: Sequence[Mark], drawn: bool) -> Values:
    """Return every metric that fits as a whole and by part, over draws of patients or only as it is."""
    return _values(table_of(marks), marks, Draws.of([mark.item.cluster for mark in marks], drawn))


@dataclass(frozen=True)
class _Parts:
    """The parts by which scores are told: of each item, and of each unit; -1 where it is in none."""

    names: tuple[str, ...]
    of_item: tuple[Ints, ...]
    of_unit: tuple[Ints, ...]


def _values(table: Table, marks: Sequence[Mark], draws: Draws) -> Values:
    parts = _parts(table)
    found: Values = {}
    for name, sums in (choice_sums(table) | set_sums(table) | state_sums(table) | brier_sums(table)).items():
        found |= _of_sums(name, sums, draws, parts)
    found |= _macros(table, draws)
    auroc, auprc = areas(table, draws)
    groups = tuple(unit.group for unit in table.units)
    pieces = {"balanced_accuracy": recalls(table, draws), "macro_f1": f1s(table, draws),
              "auroc": by_unit(auroc, groups), "auprc": by_unit(auprc, groups)}  # fmt: skip
    for name, of in pieces.items():
        found |= _of_pieces(name, of, parts)
    n = len(sure_rows(table))
    found |= {name: Estimate(one, n) for name, one in confidence_values(table, draws).items()}
    return found | text_values(marks, draws)


def _parts(table: Table) -> _Parts:
    """Return types, then groups, each with five items or more."""
    names: list[str] = []
    of_item: list[Ints] = []
    of_unit: list[Ints] = []
    for tell in _tellers(table):
        labels = [tell(unit) for unit in range(len(table.units))]
        counts: dict[str, int] = {}
        for label, count in zip(labels, np.bincount(table.unit_N, minlength=len(table.units)).tolist(), strict=True):
            counts[label] = counts.get(label, 0) + count
        kept = [label for label, count in counts.items() if label and count >= LEAST and label not in names]
        if len(counts) < 2 or len(kept) > MOST_GROUPS:
            continue
        place = {label: len(names) + at for at, label in enumerate(kept)}
        unit_U = np.array([place.get(label, -1) for label in labels], np.intp)
        names += kept
        of_unit.append(unit_U)
        of_item.append(unit_U[table.unit_N])
    return _Parts(tuple(names), tuple(of_item), tuple(of_unit))


def _tellers(table: Table) -> tuple[Callable[[int], str], ...]:
    return (lambda unit: table.units[unit].type, lambda unit: table.units[unit].group)


def _of_sums(name: str, sums: Ratio, draws: Draws, parts: _Parts) -> Iterator[tuple[str, Estimate]] | Values:
    count = len(sums.below_N)
    found = {name: _summed(sums, draws, np.zeros(count, np.intp), 1)[0]}
    for of_item in parts.of_item:
        for place, one in _summed(sums, draws, of_item, len(parts.names)).items():
            found[f"{name}|{parts.names[place]}"] = one
    return {key: one for key, one in found.items() if one.n}


def _summed(sums: Ratio, draws: Draws, cells_N: Ints, cells: int) -> dict[int, Estimate]:
    """Return the metric in each cell that has items; cells_N: -1 for none."""
    rows = np.flatnonzero(sums.below_N & (cells_N >= 0))
    here, of = draws.at(rows), cells_N[rows]
    ratio = divided(here.totals(of, cells, sums.above_N[rows]), here.totals(of, cells))
    n = np.bincount(of, minlength=cells)
    return {place: Estimate(ratio[place], int(n[place])) for place in range(cells) if n[place]}


def _macros(table: Table, draws: Draws) -> Values:
    """Return the share right of questions with options, first within groups or types, then over them."""
    rows = np.flatnonzero(table.of_kind("one", "any"))
    found: Values = {}
    if not len(rows):
        return found
    for name, tell in zip(("type", "group"), _tellers(table), strict=True):
        labels = [tell(unit) for unit in range(len(table.units))]
        place = {label: at for at, label in enumerate(dict.fromkeys(labels))}
        cells = np.array([place[label] for label in labels], np.intp)[table.unit_N[rows]]
        here = draws.at(rows)
        right = here.totals(cells, len(place), table.right_N[rows].astype(np.float64))
        means = mean_of_known(divided(right, here.totals(cells, len(place))))
        found[f"accuracy_macro_{name}"] = Estimate(means, len(rows))
    return found


def _of_pieces(name: str, pieces: Pieces, parts: _Parts) -> Values:
    """Return the mean over the pieces that have a value, as a whole and by part."""
    known = np.flatnonzero(np.isfinite(pieces.values_KD[:, 0])) if len(pieces.names) else np.zeros(0, np.intp)
    found: Values = {}
    if len(known):
        found[name] = _mean(pieces, known)
    for of_unit in parts.of_unit:
        for place in np.unique(of_unit[pieces.unit_K[known]]):
            if place >= 0:
                mine = known[of_unit[pieces.unit_K[known]] == place]
                found[f"{name}|{parts.names[place]}"] = _mean(pieces, mine)
    return found


def _mean(pieces: Pieces, rows: Ints) -> Estimate:
    units = dict(zip(pieces.unit_K[rows].tolist(), pieces.n_K[rows].tolist(), strict=True))
    return Estimate(mean_of_known(pieces.values_KD[rows]), int(sum(units.values())))


def _chance(marks: Sequence[Mark]) -> dict[str, float]:
    """Return what the same answers reach when they are dealt out anew, the mean over the deals."""
    table, everybody = table_of(marks), Draws.of([mark.item.cluster for mark in marks], drawn=False)
    texts = any(mark.item.kind == "text" for mark in marks)
    met: dict[str, list[float]] = {}
    for deal in range(TEXT_DEALS if texts else DEALS):
        random = rng("scores", "deal", deal)
        dealt = dealt_texts(marks, random) if texts else ()
        for name, one in _values(table.dealt(random), dealt, everybody).items():
            met.setdefault(name, []).append(one.value)
    return {name: float(np.mean(listed)) for name, listed in met.items()}


def _unread(marks: Sequence[Mark]) -> Mapping[str, float]:
    """Return the share of items that were not read, of all ("") and by type and group."""
    counts: dict[str, list[int]] = {}
    for mark in marks:
        for name in {"", mark.item.type, mark.item.group}:
            counts.setdefault(name, []).append(mark.state in NOT_READ)
    return {name: round(float(np.mean(flags)), 4) for name, flags in counts.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, 4)
