"""Any function as a system, and any system without its ECGs: what it says from the question alone."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from einthoven.core.errors import ModelError
from einthoven.core.sample import Answer, Sample, Turn
from einthoven.evaluate.run import BLOCK, System

WITHOUT = "without ECG"


@dataclass(frozen=True)
class Plain:
    """A function from a sample to a text, as a system; each sample by itself."""

    name: str
    function: Callable[[Sample], str]
    samples_at_once: int = 1

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Yield what the function says. Raises ModelError when that is no text."""
        for sample in samples:
            started = time.perf_counter()
            said = self.function(sample)
            if not isinstance(said, str):
                raise ModelError(f"{self.name}: gave a {type(said).__name__} to {sample.id}, must be a text")
            yield Answer(sample.id, said, None, None, False, None, self.name, time.perf_counter() - started)


def plain_function(name: str, function: Callable[[Sample], str]) -> Plain:
    """Return a system that answers with what `function` says of each sample; answers are signed with `name`.

    An EcgError that it raises becomes an error line; anything else ends the run. For worker processes the function must
    be importable from a module.
    """
    return Plain(name, function)


@dataclass(frozen=True)
class WithoutEcg:
    """A system that is shown the questions and never an ECG."""

    system: System

    @property
    def samples_at_once(self) -> int:
        return int(getattr(self.system, "samples_at_once", BLOCK))

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Yield the answers, signed with the system's name and WITHOUT."""
        for answer in self.system(map(blinded, samples)):
            yield replace(answer, model=f"{answer.model} {WITHOUT}")


def without_ecg(system: System) -> WithoutEcg:
    """Return the question-only twin of a system: the same samples, without ECGs and the parts that show them."""
    return WithoutEcg(system)


def blinded(sample: Sample) -> Sample:
    """Return the sample without ECGs: the words are the same."""
    turns = tuple(Turn(turn.role, tuple(part for part in turn.parts if part.text is not None)) for turn in sample.turns)
    return replace(sample, ecgs=(), turns=turns)
