"""From a plan to its question: the slots, and one of our own sentences or the official one."""

from collections.abc import Mapping
from functools import cache

from einthoven.core.leads import TWELVE
from einthoven.instruct.ecgqa.phrasings import PHRASINGS
from einthoven.instruct.ecgqa.phrasings_compare import COMPARED
from einthoven.instruct.ecgqa.templates import Template, templates
from einthoven.instruct.ecgqa.vocabulary import phrase, words
from einthoven.records.splits import Split

# template -> one of a kind, and several
_KINDS: Mapping[int, tuple[str, str]] = {
    3: ("diagnostic class", ""),
    4: ("diagnostic finding (uncertain ones count)", ""),
    5: ("diagnostic finding (uncertain ones do not count)", ""),
    6: ("form-related finding", ""),
    7: ("rhythm-related finding", ""),
    8: ("", "diagnostic findings (uncertain ones included)"),
    9: ("", "diagnostic findings (uncertain ones left out)"),
    10: ("", "rhythm-related findings (sinus rhythm included)"),
    11: ("", "form-related findings"),
    12: ("", "abnormal findings"),
    13: ("", "diagnostic findings (uncertain ones included)"),
    14: ("", "diagnostic findings (uncertain ones left out)"),
    15: ("", "form-related findings"),
    16: ("", "rhythm-related findings (sinus rhythm included)"),
    18: ("", "form-related findings in {lead}"),
    21: ("kind of heart axis", ""),
    24: ("stage of infarction", ""),
    28: ("", "signs of noise in {lead}"),
    29: ("", "signs of noise"),
    30: ("kind of noise", ""),
    31: ("kind of noise in {lead}", ""),
    32: ("", "kinds of noise"),
    33: ("", "kinds of noise in {lead}"),
    35: ("", "extrasystoles"),
    37: ("kind of extrasystole", ""),
    38: ("", "kinds of extrasystole"),
}
ECG_NAMES: Mapping[bool, tuple[str, str]] = {
    True: ("the previous ECG", "the recent ECG"),
    False: ("the first ECG", "the second ECG"),
}
"""Whether two ECGs are neighbours in time of one patient -> what they are called."""


@cache
def sentences(template: int, split: Split) -> tuple[str, ...]:
    """Return the sentences with slots that a split may use for a template."""
    share = {"train": range(5), "valid": range(5, 7), "test": range(7, 10)}[split]
    family = templates()[template].phrasings
    return tuple((PHRASINGS | COMPARED)[family][place] for place in share)


def filled(sentence: str, template: Template, place: str, asked: tuple[str, ...], official: bool = False) -> str:
    """Return a sentence with its slots filled. official: with the answers' own words, as the official wording has."""
    say = str if official else phrase
    one, several = _KINDS.get(template.id, ("", ""))
    early, late = ECG_NAMES[template.consecutive]
    lead = f"lead {place}" if place in TWELVE else ""
    about = asked[0] if len(asked) == 1 else place if place in words() else ""
    first, second = asked if len(asked) == 2 else ("", "")
    return sentence.format(
        x=say(about), a=first, b=second, lead=lead, range=place, early=early, late=late,
        what=one.format(lead=lead), whats=several.format(lead=lead),
    )  # fmt: skip
