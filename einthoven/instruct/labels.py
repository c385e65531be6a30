"""Questions from labels: is it there, what is the rhythm, what does it show, which class is it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from einthoven.core.findings import FINDINGS, SUPERCLASS_NAMES, superclasses
from einthoven.core.sample import Pick
from einthoven.instruct.wording import SUPERCLASS_WORDS, Split, wordings

YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Item:
    """One question with its right answer; `options` is None for free text; `key` names what is asked."""

    question: str
    answer: str | tuple[str, ...]
    options: tuple[str, ...] | None
    key: str
    pick: Pick = "one"


@dataclass(frozen=True)
class Askable:
    """The findings that may be asked one by one, each with the chance of asking it where it is absent."""

    no_chance: Mapping[str, float]


def askable(labels: Sequence[Collection[str]], at_least: int = 15, no_per_yes: float = 2.0) -> Askable:
    """Choose the codes that `at_least` recordings of train carry, asked twice as often in vain as with success.

    The ratio is the same for every code, so that the question alone does not tell its answer (ECG-QA: 1 : 2).
    """
    counted = Counter(code for codes in labels for code in codes)
    total = len(labels)
    return Askable({
        code: min(1.0, no_per_yes * n / max(1, total - n))
        for code, n in sorted(counted.items())
        if n >= at_least and code in FINDINGS and code not in ("NORM", "SR")
    })  # fmt: skip


def superclass_items(codes: Collection[str], split: Split, random: np.random.Generator) -> list[Item]:
    """Ask for each of the five superclasses of PTB-XL (any likelihood), and whether anything is abnormal."""
    present = superclasses(codes)
    items = []
    for name, words in SUPERCLASS_WORDS.items():
        sentences = wordings("shows_finding", split)
        if name == "NORM" and random.random() < 0.7:
            sentences = wordings("normal", split)
        text = str(random.choice(sentences)).format(x=random.choice(words))
        items.append(_yes_no(text, name in present, name))
    if present:
        items.append(_yes_no(str(random.choice(wordings("abnormal", split))), "NORM" not in present, "abnormal"))
    return items


def finding_items(codes: Collection[str], ask: Askable, split: Split, random: np.random.Generator) -> list[Item]:
    """Ask for single findings: all that are there, and some that are not."""
    items = []
    for code, chance in ask.no_chance.items():
        if code in codes or random.random() < chance:
            entry = FINDINGS[code]
            name = str(random.choice((entry.name, entry.name, *entry.synonyms)))
            text = str(random.choice(wordings("shows_finding", split))).format(x=name)
            items.append(_yes_no(text, code in codes, code))
    return items


def open_items(codes: Collection[str], ask: Askable, split: Split, random: np.random.Generator) -> list[Item]:
    """Ask for rhythm and findings in free words, and for the class among the five."""
    items = []
    names = {code: FINDINGS[code].name for code in codes if code in FINDINGS}
    rhythms = sorted(names[code] for code in names if FINDINGS[code].family == "rhythm")
    if rhythms:
        said = ", ".join(rhythms)
        items.append(Item(str(random.choice(wordings("what_rhythm", split))), said, None, "rhythm"))
        others = sorted({FINDINGS[c].name for c in ask.no_chance if FINDINGS[c].family == "rhythm"} - set(rhythms))
        if len(rhythms) == 1 and others:
            options = [rhythms[0], *random.permutation(others)[:3]]
            random.shuffle(options)
            question = str(random.choice(wordings("what_rhythm", split)))
            items.append(Item(question, rhythms[0], tuple(map(str, options)), "rhythm"))
    listed = sorted((code for code in names if code in ask.no_chance or code in ("NORM", "SR")), key=_report_order)
    if listed:
        question = str(random.choice(wordings("what_findings", split)))
        items.append(Item(question, ", ".join(names[code] for code in listed), None, "findings"))
    present = superclasses(codes)
    options = [SUPERCLASS_NAMES[name] for name in SUPERCLASS_WORDS]
    random.shuffle(options)
    answer = tuple(option for option in options if option in {SUPERCLASS_NAMES[name] for name in present})
    question = str(random.choice(wordings("which_class", split)))
    items.append(Item(question, answer, tuple(options), "class", "any"))
    if len(present) == 1:
        items.append(Item(question, answer[0], tuple(options), "class"))
    return items


def _report_order(code: str) -> tuple[int, str]:
    families = ("rhythm", "normal", "infarction", "conduction", "hypertrophy", "st_t", "form")
    return families.index(FINDINGS[code].family), code


def _yes_no(question: str, yes: bool, key: str) -> Item:
    return Item(question, "yes" if yes else "no", YES_NO, key)
