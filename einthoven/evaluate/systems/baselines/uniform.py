"""Chance: an option by the dice, of any options each by a coin; to a free question a right answer to another such."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from einthoven.core.rng import rng
from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.systems.baselines.shares import (
    Choice,
    Form,
    Level,
    Shares,
    form_of,
    levels_of,
    reply,
    shares_by_level,
)

NAME = "uniform"


@dataclass(frozen=True)
class Uniform:
    """Draws answers; a sample's draw depends on the seed and its id only."""

    shares: dict[tuple[Level, Form], Shares]
    seed: int

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Yield a drawn answer to each sample, with the probabilities by which it was drawn."""
        for sample in samples:
            dice = rng(NAME, self.seed, sample.id)
            choice = self._text(sample, dice) if sample.options is None else _option(sample, sample.options, dice)
            yield reply(sample, choice, NAME, "training has no free answer")

    def _text(self, sample: Sample, dice: np.random.Generator) -> Choice | None:
        for level in levels_of(sample):
            if (shares := self.shares.get((level, form_of(sample)))) is not None:
                texts, counts = list(shares.answers), np.array(list(shares.answers.values()))
                place = int(dice.choice(len(texts), p=counts / counts.sum()))
                return Choice(texts[place], None, float(counts[place] / counts.sum()))
        return None


def _option(sample: Sample, options: tuple[str, ...], dice: np.random.Generator) -> Choice:
    if sample.pick == "one":
        p = 1 / len(options)
        return Choice(options[int(dice.integers(len(options)))], dict.fromkeys(options, p), p)
    held = dice.integers(2, size=len(options))
    said = tuple(option for option, holds in zip(options, held, strict=True) if holds)
    return Choice(said, dict.fromkeys(options, 0.5), 0.5 ** len(options))


def fit_uniform(items: Iterable[Item], seed: int, workers: int) -> Uniform:
    """Return chance; training serves free questions only."""
    return Uniform(shares_by_level(items), seed)
