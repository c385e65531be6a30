"""Which question about which recordings with which answer, by the published rule; no wording yet.

Everything is drawn by name: a plan depends on the records of its split, the seed and its own template and attribute,
so that nothing else moves when one of them changes. Partners in comparisons are drawn uniformly.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.instruct.ecgqa.attributes import QaRecord
from einthoven.instruct.ecgqa.facts import NO_INFARCTION, UNKNOWN_STAGE, places_of
from einthoven.instruct.ecgqa.grid import Grid, changes, grid_of
from einthoven.instruct.ecgqa.pairs import changed_pairs, consecutive, patients_of, strangers
from einthoven.instruct.ecgqa.rule import Rule
from einthoven.instruct.ecgqa.templates import Template, templates
from einthoven.records.splits import Split

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """One question: its template, the lead, range or attribute that it is asked for, what it names, and the answer.

    asked: the one thing to verify or the two to choose from; an empty answer is the official "none".
    """

    template: int
    place: str
    asked: tuple[str, ...]
    records: tuple[QaRecord, ...]
    answer: tuple[str, ...]
    options: tuple[str, ...]


@dataclass(frozen=True)
class _Draw:
    """What is drawn from: the records of one split, with the seed and the caps."""

    records: tuple[QaRecord, ...]
    split: Split
    seed: int
    rule: Rule
    grids: dict[str, Grid] = field(default_factory=dict)

    def random(self, template: Template, *names: str) -> np.random.Generator:
        return rng("ecgqa", self.seed, self.split, template.id, *names)

    def grid(self, domain: str) -> Grid:
        """Return who shows what of a domain, made once."""
        if domain not in self.grids:
            self.grids[domain] = grid_of(domain, self.records, careful=domain == "finding")
        return self.grids[domain]

    def compared(self, template: Template) -> tuple[str, Grid]:
        """Return which change a comparison asks for, and who shows what of that which may change."""
        change, domain = template.domain.split(" ")
        # a class of findings can be asked for, but is not listed among the findings
        return change, self.grid("findings" if domain == "finding" and not template.yes_no else domain)


def plans(records: Iterable[QaRecord], split: Split, seed: int, rule: Rule) -> Iterator[Plan]:
    """Yield the plans of a split, template by template. Raises InputError when a patient is in two splits."""
    everything = sorted(records, key=lambda record: (len(record.id), record.id))
    _refuse_shared_patients(everything)
    draw = _Draw(tuple(record for record in everything if record.split == split), split, seed, rule)
    for template in templates().values():
        if template.ecgs == 1:
            for place in places_of(template.domain):
                careful = template.mode != "query"
                grid = grid_of(template.domain, draw.records, place, careful=careful)
                yield from _of_grid(template, place, grid, draw)
        elif template.consecutive:
            change, grid = draw.compared(template)
            places = {record.id: place for place, (record,) in enumerate(grid.items)}
            ids = [[draw.records[place].id for place in pair] for pair in consecutive(draw.records).tolist()]
            pairs = [[places[id] for id in pair] for pair in ids if all(id in places for id in pair)]
            yield from _of_grid(template, "", changes(grid, np.array(pairs, np.int64).reshape(-1, 2), change), draw)
        else:
            yield from _of_strangers(template, draw)


def _refuse_shared_patients(records: Sequence[QaRecord]) -> None:
    split_of: dict[str, str] = {}
    for record in records:
        if split_of.setdefault(record.patient, record.split) != record.split:
            raise InputError(f"patient {record.patient} is in {split_of[record.patient]} and {record.split}; "
                             "a split is by patient")  # fmt: skip


def _of_grid(template: Template, place: str, grid: Grid, draw: _Draw) -> Iterator[Plan]:
    if not grid.items:
        return
    if template.mode == "any":
        there, open_ = (np.asarray(table.any(axis=0)) for table in (grid.there, grid.open))
        yield from _verify(template, place, (), {"yes": there, "no": ~there & ~open_}, grid, draw)
    elif template.mode == "verify":
        for row, name in enumerate(grid.official):
            if name not in (NO_INFARCTION, UNKNOWN_STAGE):
                masks = {"yes": grid.there[row], "no": ~grid.there[row] & ~grid.open[row]}
                if "not sure" in template.answers:
                    perhaps = draw.grid("perhaps")
                    masks["not sure"] = perhaps.there[perhaps.names.index(name)] & ~grid.there[row]
                yield from _verify(template, place, (name,), masks, grid, draw)
    elif template.mode == "choose":
        yield from _choose(template, place, grid, draw)
    else:
        random = draw.random(template, place)
        yield from _query(template, place, grid, random.permutation(len(grid.items)), draw.rule)


def _verify(
    template: Template,
    place: str,
    asked: tuple[str, ...],
    masks: Mapping[str, NDArray[np.bool_]],
    grid: Grid,
    draw: _Draw,
) -> Iterator[Plan]:
    """Yield yes and no about 1 : 2, and for T1 "not sure" where the archive itself is not."""
    random = draw.random(template, place, *asked)
    found = {answer: random.permutation(np.flatnonzero(mask)) for answer, mask in masks.items()}
    many_yes, many_no = balance(len(found["yes"]), len(found["no"]), draw.rule)
    many = {"yes": many_yes, "no": many_no, "not sure": draw.rule.yes if many_yes else 0}
    for answer, places in found.items():
        for at in places[: many[answer]]:
            yield Plan(template.id, place, asked, grid.items[at], (answer,), template.decisions)


def balance(yes: int, no: int, rule: Rule) -> tuple[int, int]:
    """Return how many of these yes and no to take: never fewer than two no for a yes."""
    yes = min(yes, rule.yes, no // 2)
    return yes, min(no, rule.no, int(rule.no_per_yes * yes))


def _choose(template: Template, place: str, grid: Grid, draw: _Draw) -> Iterator[Plan]:
    rows = [row for row, name in enumerate(grid.official) if name in template.answers]
    for one, other in combinations(rows, 2):
        names = (grid.official[one], grid.official[other])
        known = ~grid.open[one] & ~grid.open[other]
        first, second = grid.there[one], grid.there[other]
        kinds = {names[:1]: first & ~second, names[1:]: second & ~first, (): ~first & ~second, names: first & second}
        random = draw.random(template, place, *names)
        found = {answer: random.permutation(np.flatnonzero(mask & known)) for answer, mask in kinds.items()}
        many = min(draw.rule.choose, *(len(found[answer]) for answer in (names[:1], names[1:], ())))
        for answer, places in found.items():
            for at in places[:many]:
                asked = names if random.random() < 0.5 else names[::-1]
                yield Plan(template.id, place, asked, grid.items[at], answer, asked)


def _query(template: Template, place: str, grid: Grid, order: Indices, rule: Rule) -> Iterator[Plan]:
    """Yield items in this order until each distinct set of answers has as many as it may, "none" last."""
    known = np.asarray(~grid.open.any(axis=0))
    options = tuple(name for name in template.answers if name in grid.official)
    rank = {name: place for place, name in enumerate(options)}
    order = order[known[order]]
    of_item: dict[int, list[str]] = {at: [] for at in order.tolist()}
    for column, row in np.argwhere(grid.there[:, order].T).tolist():
        of_item[int(order[column])].append(grid.names[row])
    taken: Counter[tuple[str, ...]] = Counter()
    for at, names in of_item.items():
        if names and rank.keys() >= set(names):
            answer = tuple(sorted(names, key=rank.__getitem__))
            if taken[answer] < rule.answer_set:
                taken[answer] += 1
                yield Plan(template.id, place, (), grid.items[at], answer, options)
    many = min(rule.none, int(rule.none_per_answer * taken.total()))
    for at in [at for at, names in of_item.items() if not names][:many]:
        yield Plan(template.id, place, (), grid.items[at], (), options)


def _of_strangers(template: Template, draw: _Draw) -> Iterator[Plan]:
    """Yield comparisons of two patients."""
    change, grid = draw.compared(template)
    if not grid.items:
        return
    rule, patients = draw.rule, patients_of([record for (record,) in grid.items])
    if not template.yes_no:
        everyone = np.arange(len(grid.items))
        many = rule.pairs_per_record * len(everyone)
        pairs = strangers((everyone, everyone), patients, many, draw.random(template))
        yield from _query(template, "", changes(grid, pairs, change), np.arange(len(pairs)), rule)
        return
    for row, name in enumerate(grid.official):
        caps = (rule.yes, rule.no, rule.reuse)
        yes, no = changed_pairs(grid, row, change, caps, patients, draw.random(template, name))
        many_yes, many_no = balance(len(yes), len(no), rule)
        for answer, pairs in (("yes", yes[:many_yes]), ("no", no[:many_no])):
            for first, second in pairs.tolist():
                pair = grid.items[first] + grid.items[second]
                yield Plan(template.id, "", (name,), pair, (answer,), template.decisions)
