"""What a question family is: a function from one recording, or two, to what can honestly be asked about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from einthoven.core.sample import Pick
from einthoven.instruct.wording import Split, of_split

Category = Literal["feature", "rhythm", "morphology", "report"]
Kind = Literal["closed", "open", "fill", "choice"]  # yes/no and lists; free text; blanks; lettered options
Dice = np.random.Generator
Wordings = Mapping[str, tuple[str, ...]]  # name of a question -> its sentences, a multiple of ten


@dataclass(frozen=True)
class Asked:
    """One question with its right answer.

    key: what is asked, whatever the words ("finding:AFIB", "figure:pr_ms"): once a recording; template: the name of
    its wording; answer: one of `options`, or several ("any"), or free text; said: the answer as the assistant puts it,
    None for the answer itself; about: the finding whose presence the answer tells, None where there is no single one;
    defines: the answer follows from how ill the ECG is (normal, any abnormality): left out of balancing.
    """

    key: str
    category: Category
    kind: Kind
    template: str
    question: str
    answer: str | tuple[str, ...]
    options: tuple[str, ...] | None = None
    pick: Pick = "one"
    said: str | None = None
    about: str | None = None
    defines: bool = False


@dataclass(frozen=True)
class Asker:
    """Who asks: the split, which decides the wording, and the chance that belongs to this recording and family."""

    split: Split
    dice: Dice

    def words(self, sentences: tuple[str, ...], **slots: object) -> str:
        """Return one of the sentences that this split may use, its slots filled."""
        mine = of_split(sentences, self.split)
        return mine[int(self.dice.integers(len(mine)))].format(**slots)

    def one(self, things: Iterable[str]) -> str:
        """Return one of several, each as likely."""
        listed = sorted(things)
        return listed[int(self.dice.integers(len(listed)))]

    def shuffled(self, things: Iterable[str]) -> tuple[str, ...]:
        listed = sorted(things)
        return tuple(listed[place] for place in self.dice.permutation(len(listed)))


@dataclass(frozen=True)
class Family:
    """A kind of question. ask: from one recording and an asker (`pairs`: from two, previous or first before recent or
    second) to all that can be asked, in any order; who builds takes what it needs. wordings: all its sentences, for the
    test that the splits share none.
    """

    name: str
    category: Category
    ask: Callable[..., Iterable[Asked]]
    wordings: Wordings
    pairs: bool = False
