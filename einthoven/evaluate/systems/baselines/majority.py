"""The commonest right answer in training: over all questions, or of the same question (VQA, ICCV 2015)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.systems.baselines.shares import (
    ALL,
    Choice,
    Form,
    Level,
    Shares,
    form_of,
    levels_of,
    reply,
    shares_by_level,
)

WHY_NOT = "no answer that it allows was right in training"


@dataclass(frozen=True)
class Majority:
    """Says what was right most often among the answers that a sample allows; by_template: in its group, else type."""

    name: str
    shares: dict[tuple[Level, Form], Shares]
    by_template: bool

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Yield an answer to each sample, with shares as probabilities."""
        for sample in samples:
            yield reply(sample, self._choice(sample), self.name, WHY_NOT)

    def _choice(self, sample: Sample) -> Choice | None:
        for level in levels_of(sample) if self.by_template else [ALL]:
            shares = self.shares.get((level, form_of(sample)))
            if shares is not None and (choice := shares.choice(sample)) is not None:
                return choice
        return None


def fit_majority(items: Iterable[Item], seed: int, workers: int) -> Majority:
    """Return the majority over all items that ask in the same form (one option, any, free)."""
    return Majority("majority", shares_by_level(items), by_template=False)


def fit_template_majority(items: Iterable[Item], seed: int, workers: int) -> Majority:
    """Return the majority within the group of a question; where training lacks it, of its type, else over all."""
    return Majority("template-majority", shares_by_level(items), by_template=True)
