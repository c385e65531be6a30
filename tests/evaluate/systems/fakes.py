"""Systems that do what a test needs, importable by worker processes and by a script that is killed.

`python -m tests.evaluate.systems.fakes OUT COUNT SECONDS` answers COUNT items into OUT, slowly enough to be killed.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from einthoven.core.errors import InputError
from einthoven.core.sample import Answer, Sample, ask_sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.run import answer_items


def answer(id: str, said: str | tuple[str, ...] | None, **more: Any) -> Answer:
    """An answer with nothing beside it but what is given."""
    plain: dict[str, Any] = {"options": None, "confidence": None, "abstained": False, "reason": None}
    return Answer(**({"id": id, "answer": said, "model": "fake", "seconds": 0.1} | plain | more))


def item(id: str, gold: Any = "yes", ecgs: tuple[str, ...] = ("a",), **more: Any) -> Item:
    """An item: `question`, `options` and `pick` are the sample's, the rest the item's."""
    options = more.pop("options", ("yes", "no"))
    sample = ask_sample(more.pop("question", f"Question {id}?"), ecgs, options, more.pop("pick", "one"), id)
    return Item(Sample(sample.id, sample.ecgs, sample.turns, options, sample.pick, gold), **more)


def many(count: int) -> list[Item]:
    """Items of which every third shares an ECG with two far away; some have two ECGs, some none."""
    ecgs = [(f"ecg{n % (count // 3 + 1)}", *(["other"] if n % 7 == 0 else [])) if n % 11 else () for n in range(count)]
    return [item(f"i{n:03d}", ecgs=ecgs[n]) for n in range(count)]


@dataclass(frozen=True)
class Noisy:
    """Probabilities that depend on all that is in the batch, as those of a network do in their last digits.

    bad: ids that make the whole batch raise; pause_s: before each answer; block: as `samples_at_once`.
    """

    bad: tuple[str, ...] = ()
    pause_s: float = 0.0
    samples_at_once: int = 32

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        block = list(samples)
        if guilty := [sample.id for sample in block if sample.id in self.bad]:
            raise InputError(f"{guilty[0]}: cannot be\nread")
        together = "|".join(sample.id for sample in block)
        for sample in block:
            time.sleep(self.pause_s)
            p = crc32(f"{sample.id} of {together}".encode()) / 2**32
            said, table = "yes" if p >= 0.5 else "no", {"yes": p, "no": 1 - p}
            yield answer(sample.id, said, options=table, confidence=max(p, 1 - p), seconds=time.monotonic())


if __name__ == "__main__":
    answer_items(Noisy(pause_s=float(sys.argv[3])), many(int(sys.argv[2])), Path(sys.argv[1]), label="")
