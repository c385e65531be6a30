"""No sentence of any family has one of the faults of English that readers found in them."""

import re

import pytest

from einthoven.instruct.families import FAMILIES, load_family

FAULTS = (
    r"\bhow would you call\b",  # what
    r"\bwhich (?:value|polarity|option|of the following) (?:has|have) ",  # does ... have
    r"\bpoint mainly\b",
    r"\bno \{x\}",  # "no a paced rhythm"
    r"\bnone of the two\b",
    r"\bnone is possible\b|\b(?:none|nothing) may (?:apply|remain)\b",  # these can be read as forbidding it
    r"\band \{is_\} (?!\{)",  # "was x missing and is now there"
    r"\b(\w+) \1\b",
    r" [,;?]|  ",
)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_sentences_are_free_of_known_faults(name: str) -> None:
    for sentences in load_family(name).wordings.values():
        for sentence in sentences:
            for fault in FAULTS:
                assert not re.search(fault, sentence, re.IGNORECASE), (fault, sentence)
