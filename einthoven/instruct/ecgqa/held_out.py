"""The phrasings of official files: which sentence a question was made from, and the two of seven that are held out.

Official valid files use the seven phrasings of train, so nothing there tells how a model takes an unseen one. Two of
each template's seven are therefore left out of training and used for choosing; the three of test stay for testing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from einthoven.core.rng import rng
from einthoven.core.sample import Sample
from einthoven.instruct.ecgqa.vocabulary import LATER_SPELLING, group, words

HELD_OUT = 2


@cache
def _slots() -> re.Pattern[str]:
    said = sorted({*words(), *LATER_SPELLING} - set(group("decision")) - {"none"}, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, said))})(?!\w)", re.IGNORECASE)


def phrasing_of(sample: Sample) -> str:
    """Return the question with every official answer in it replaced by a slot.

    >>> from einthoven.core.sample import ask_sample
    >>> phrasing_of(ask_sample("Is static noise present in lead V1?", ("a",)))
    'is {} present in {}?'
    """
    return _slots().sub("{}", " ".join(sample.question.split())).casefold()


def held_out(samples: Iterable[Sample], seed: int = 0) -> Mapping[int, frozenset[str]]:
    """Return template -> the phrasings to hold out of training, from the paraphrased train and valid samples."""
    seen: dict[int, set[str]] = defaultdict(set)
    for sample in samples:
        if sample.about.get("version") == "paraphrased" and sample.about["split"] in ("train", "valid"):
            seen[sample.about["template"]].add(phrasing_of(sample))
    return {
        template: frozenset(
            sorted(phrasings, key=lambda text: rng("ecgqa held out", seed, template, text).random())[:HELD_OUT]
        )
        for template, phrasings in sorted(seen.items())
        if len(phrasings) > HELD_OUT
    }


def is_held_out(sample: Sample, phrasings: Mapping[int, frozenset[str]]) -> bool:
    """Tell whether a sample is put in one of the phrasings that are held out."""
    return phrasing_of(sample) in phrasings.get(sample.about["template"], frozenset())
