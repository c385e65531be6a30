"""The right answer of the training ECG whose measured figures are nearest, to the same question."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.run import BLOCK
from einthoven.evaluate.systems.baselines.figures import WEIGHTS, Figures, Floats
from einthoven.evaluate.systems.baselines.shares import (
    Choice,
    Form,
    Level,
    Said,
    drawn,
    fits,
    form_of,
    gold_of,
    in_order,
    levels,
    levels_of,
    reply,
)

NAME = "nearest"
MOST = 2000  # training questions that are compared with, of a group
Known = tuple[tuple[str, ...], Said]  # ECGs of a training question, and its right answer
Place = tuple[Level, Form, int]  # what is compared: the level, the form, and how many ECGs


@dataclass(frozen=True)
class Table:
    """Standardised figures of training questions (rows), what is subtracted and multiplied to that end, and answers."""

    rows: Floats
    middle: Floats
    scale: Floats
    answers: tuple[Said, ...]

    def nearest(self, row: Floats) -> list[Said]:
        """Return the answers, the nearest first, of equal distances the earlier."""
        distances = ((self.rows - _standard(row, self.middle, self.scale)) ** 2).sum(axis=1)
        return [self.answers[place] for place in np.argsort(distances, kind="stable")]


@dataclass(frozen=True, eq=False)
class Nearest:
    """Training questions by place. A group's ECGs are measured when it is first asked about, and kept in memory.

    Ask it in one process (`answer_items` with workers=0): it measures in `figures.workers` others.
    """

    known: dict[Place, tuple[Known, ...]]
    figures: Figures
    tables: dict[Place, Table | None] = field(default_factory=dict, repr=False)
    samples_at_once: int = BLOCK

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Yield answers without probabilities. Raises InputError at the first ECG that cannot be measured."""
        block = list(samples)
        self.figures.learn(path for sample in block for path in sample.ecgs)
        for sample in block:
            why_not = "no training ECG was asked such a question" if sample.ecgs else "no ECG is given"
            yield reply(sample, self._choice(sample) if sample.ecgs else None, NAME, why_not)

    def _choice(self, sample: Sample) -> Choice | None:
        row = self.figures.of(sample.ecgs)
        for level in levels_of(sample):
            table = self._table((level, form_of(sample), len(sample.ecgs)))
            if table is None:
                continue
            for said in table.nearest(row):
                if fits(said, sample):
                    return Choice(in_order(said, sample))
        return None

    def _table(self, place: Place) -> Table | None:
        if place not in self.tables:
            known = self.known.get(place, ())
            self.figures.learn(path for ecgs, _ in known for path in ecgs)
            self.tables[place] = _table_of([one for one in known if self.figures.can(one[0])], self.figures)
        return self.tables[place]


def _table_of(known: Sequence[Known], figures: Figures) -> Table | None:
    if not known:
        return None
    rows = np.stack([figures.of(ecgs) for ecgs, _ in known])
    there = np.isfinite(rows)
    count = np.maximum(1, there.sum(axis=0))
    middle = np.where(there, rows, 0).sum(axis=0) / count
    spread = np.sqrt((np.where(there, rows - middle, 0) ** 2).sum(axis=0) / count)
    scale = np.tile(WEIGHTS, len(known[0][0])) / np.where(spread > 0, spread, 1)
    return Table(_standard(rows, middle, scale), middle, scale, tuple(said for _, said in known))


def _standard(rows: Floats, middle: Floats, scale: Floats) -> Floats:
    """Return figures in (weighted) standard deviations; one that could not be measured is as the mean."""
    return np.where(np.isfinite(rows), (rows - middle) * scale, 0.0)


def fit_nearest(items: Iterable[Item], seed: int, workers: int) -> Nearest:
    """Keep what training says; of more than MOST questions of a group so many are drawn."""
    found: dict[Place, list[Known]] = {}
    for item in items:
        said, ecgs = gold_of(item), item.sample.ecgs
        for level in levels(item.group, item.type):
            if said is not None and ecgs:
                found.setdefault((level, form_of(item.sample), len(ecgs)), []).append((ecgs, said))
    return Nearest({place: tuple(drawn(known, MOST, seed)) for place, known in found.items()}, Figures(workers))
