"""Where a text names an option, and whether it says so, denies it or leaves it open.

A mention is a run of whole words, the longest first, so that "incomplete right bundle branch block" is not read as
"complete ...", nor "NORM" out of "abnormal". Denial is looked for in the clause of the mention, before and after it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from einthoven.core.findings import FINDINGS, SUPERCLASS_NAMES, by_name

Stance = Literal["said", "denied", "open"]

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s\-/()'\"]*")  # what may stand between the words of one name; commas where the option has some
_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}

YES = ("yes", "yeah", "yep", "yup", "affirmative")
NO = ("no", "nope")
UNSURE = ("not sure", "unsure", "uncertain", "not certain", "can not determine", "can not be determined",
          "can not tell", "can not say", "do not know", "unclear", "not clear", "undetermined", "indeterminate",
          "unknown", "inconclusive")  # fmt: skip

# After these, a name means something else or less; before these, "st" and "normal" are part of another name.
_CHANGED_BEFORE = {"incomplete", "partial", "pseudo"}
_CHANGED_BEFORE_PHRASE = ("voltage criteria for", "voltage criteria qrs for")
_CHANGED_AFTER = {
    "st": {"segment", "elevation", "depression", "change", "t", "wave", "deviation", "interval", "abnormality"},
    "normal": {"sinus", "axis", "heart", "pr", "qrs", "qt", "qtc", "st", "t", "p", "r", "rate", "interval", "voltage",
               "conduction", "duration", "morphology", "variant", "progression", "rhythm", "width", "cardiac"},
}  # fmt: skip
_NO_BEFORE = {"because", "since"}
_FIRST_NO_BEFORE = {"evidence", "sign", "indication", "it", "this", "the", "there", "i", "that", "not", "we"}


@dataclass(frozen=True)
class Word:
    """One word of a text: folded and without plural s, and where it stands."""

    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Mention:
    """Option number `option` is named at [start, end) of the text."""

    option: int
    start: int
    end: int
    stance: Stance


def words_of(text: str) -> list[Word]:
    """Return the words of a text; "non-specific" is one, "ischaemia" is "ischemia", "1st" is "first"."""
    words: list[Word] = []
    for match in _WORD.finditer(text):
        key = match.group().casefold()
        key = _ORDINALS.get(key, key).replace("aem", "em")
        if len(key) > 3 and key.endswith("s") and not key.endswith(("ss", "is", "us")):
            key = key[:-1]
        if words and words[-1].key in ("non", "supra") and match.start() - words[-1].end <= 1:
            words[-1] = Word(words[-1].key + key, words[-1].start, match.end())
        else:
            words.append(Word(key, match.start(), match.end()))
    return words


def _keys(text: str) -> tuple[str, ...]:
    return tuple(word.key for word in words_of(text))


def labels_of(options: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return letter -> option number where every option has its letter ("B. ...", "(b) ...", "B"), and the texts.

    >>> labels_of(["A. yes", "(B) no"]), labels_of(["yes", "no"]), labels_of(["A", "B"])[0]
    (({'A': 0, 'B': 1}, ['yes', 'no']), ({}, ['yes', 'no']), {'A': 0, 'B': 1})
    """
    matches = [re.fullmatch(r"\s*(?:\(?([A-Za-z])[).:]\s*|([A-Z])\s*$)(.*)", option, re.DOTALL) for option in options]
    letters = [(match[1] or match[2]).upper() for match in matches if match]
    if len(set(letters)) < len(options):
        return {}, list(options)
    return {letter: number for number, letter in enumerate(letters)}, [match[3] for match in matches if match]


def _forms(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to say an option, its own words first."""
    yield _keys(text)
    bare = re.sub(r"\s*\([^()]*\)", "", text)
    yield _keys(bare)
    if match := re.fullmatch(r"\s*(\S+?)\s*\((.+)\)\s*", text):  # CODE(full name)
        yield _keys(match[2])
    folded = " ".join(text.casefold().split())
    for family in (YES, NO):
        if folded == family[0]:
            yield from map(_keys, family)
    if folded.replace("cannot", "can not") in UNSURE:
        yield from map(_keys, UNSURE)
    found = FINDINGS.get(bare.strip()) or by_name(bare)
    if bare.strip() in SUPERCLASS_NAMES:
        yield _keys(SUPERCLASS_NAMES[bare.strip()])
    elif found is not None:
        for name in (found.name, *found.synonyms):
            if found.code != "NORM" or "ECG" in name:  # "within normal limits" is said of an interval too
                yield _keys(name)
        if found.code == "NORM":
            yield _keys("ECG is normal")


@lru_cache(maxsize=256)
def _all_forms(texts: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    """Return the ways to name each option, longest first; what could name two options names neither."""
    own = {_keys(text): number for number, text in enumerate(texts)}
    owners: dict[tuple[str, ...], set[int]] = {}
    for number, text in enumerate(texts):
        for form in _forms(text):
            if form:
                owners.setdefault(form, set()).add(number)
    for form, number in own.items():
        if len(form) == 2 and form[0] == "lead":  # "leads II, III and aVF"
            owners.setdefault(form[1:], set()).add(number)
    forms = {form: own.get(form, min(numbers)) for form, numbers in owners.items() if form in own or len(numbers) == 1}
    return dict(sorted(forms.items(), key=lambda item: (-len(item[0]), -len("".join(item[0])))))


def find_mentions(text: str, options: Sequence[str]) -> list[Mention]:
    """Return every mention of an option, by its letter or by its words, in the order of the text."""
    labels, texts = labels_of(options)
    words = words_of(text)
    taken = [False] * len(words)
    found: list[tuple[int, int, int]] = []
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word.key, []).append(place)
    for form, option in _all_forms(tuple(texts)).items():
        size = len(form)
        for first in places.get(form[0], ()):
            run = words[first : first + size]
            if any(taken[first : first + size]) or tuple(word.key for word in run) != form:
                continue
            gaps = [text[a.end : b.start].replace("," if "," in texts[option] else "\0", "") for a, b in pairwise(run)]
            if not all(_GAP.fullmatch(gap) for gap in gaps):
                continue
            taken[first : first + size] = [True] * size
            if _stands(text, words, first, form):
                found.append((option, run[0].start, run[-1].end))
    found += [(labels[letter], start, end) for letter, start, end in find_letters(text, set(labels))]
    masked = list(text)
    for _, start, end in found:
        masked[start:end] = "§" * (end - start)  # "not sure" denies nothing that stands after it
    stances = stances_at("".join(masked), [(start, end) for _, start, end in found])
    mentions = {Mention(*place, stance) for place, stance in zip(found, stances, strict=True)}
    return sorted(mentions, key=lambda mention: (mention.start, mention.end))


def _stands(text: str, words: Sequence[Word], first: int, form: tuple[str, ...]) -> bool:
    """Say whether these words are a name here, and not a piece of another."""
    after = words[first + len(form)] if first + len(form) < len(words) else None
    before = [word.key for word in words[max(0, first - 4) : first]]
    if form == ("no",):
        return _stands_alone(text, words[first], after, is_first=first == 0)
    if len(form) == 1 and len(form[0]) == 1:
        return any(start == words[first].start for _, start, _ in find_letters(text, {form[0].upper()}))
    if before and before[-1] in _CHANGED_BEFORE:
        return False
    if any(" ".join(before).endswith(phrase) for phrase in _CHANGED_BEFORE_PHRASE):
        return False
    follows = after is not None and re.fullmatch(r"[\s\-]*", text[words[first + len(form) - 1].end : after.start])
    return not (after and follows and after.key in _CHANGED_AFTER.get(" ".join(form), ()))


def _stands_alone(text: str, no: Word, after: Word | None, is_first: bool) -> bool:
    """Say whether "no" is an answer, and not "no" of something."""
    if after is None or re.match(r"\s*[,.;:!)\]}\"'\n]|\s+-", text[no.end : after.start]):
        return True
    return after.key in _NO_BEFORE or (is_first and after.key in _FIRST_NO_BEFORE)


_LETTER = re.compile(r"(?<![\w'/\-])(\(?)([A-Z])(\)?)(?![\w'/\-])(?=(\s+[a-z]+)?)")
_SMALL = re.compile(
    r"(?:^\s*|\b(?:option|choice|answer|letter|select|choose|chose|pick)\s*(?:is)?\s*:?\s*)\(?([a-z])\)?(?=\s*(?:[.,;:!)]|$))",
    re.IGNORECASE,
)
_LETTER_NEXT = {"and", "or", "but", "because", "since", "as", "is", "are", "not", "rather", "instead", "seems",
                "appears", "would", "which", "fits", "best", "was"}  # fmt: skip
_NO_LETTER_AFTER = re.compile(
    r"\b(?:type|grade|class|group|lead|stage|vitamin|figure|panel|hepatitis|factor|mobitz|ecg|part|phase)\s*$",
    re.IGNORECASE,
)


def find_letters(text: str, labels: set[str]) -> list[tuple[str, int, int]]:
    """Return (letter, start, end) wherever one of these letters stands for an option and not in or as a word.

    >>> [letter for letter, _, _ in find_letters("A wide QRS. I choose (b), not C.", set("ABCI"))]
    ['C', 'B']
    """
    found: dict[int, tuple[str, int, int]] = {}
    for match in _LETTER.finditer(text):
        bracketed, letter = match[1] == "(" and match[3] == ")", match[2]
        reads_on = match[4] is not None and match[4].strip() not in _LETTER_NEXT
        if letter not in labels or _NO_LETTER_AFTER.search(text[max(0, match.start() - 20) : match.start()]):
            continue
        if letter == "I" and len(labels) > 1 and not bracketed and re.search(r"[^\W\d_]{2}", text):
            continue  # the pronoun
        if bracketed or not reads_on:
            found[match.start(2)] = (letter, match.start(), match.end(3))
    for match in _SMALL.finditer(text):
        if match[1].upper() in labels:
            found.setdefault(match.start(1), (match[1].upper(), match.start(1), match.end(1)))
    return list(found.values())


CLAUSE_CHARS = 300  # as far as a denial can reach in a text without punctuation
_CLAUSE = re.compile(
    r"[!?;\n]|\.(?=\s|$)|\b(?:but|however|although|though|yet|while|whereas|because|since|therefore|hence)\b"
    r"|\b(?:except|besides|other than|apart from)\b|\binstead\b(?! of)"
    r"|,\s*(?=(?:which|this|it|the|there|so|indicating|suggesting|consistent|compatible|making|with|i)\b)"
    r"|\band\s+(?=(?:the|there|it|this|shows?)\b)",
    re.IGNORECASE,
)
_OPEN_BEFORE = re.compile(
    r"\b(?:whether|if|unless|sorry|unable to|not able to|impossible to|(?:difficult|hard) to|mimic\w*|resembl\w+"
    r"|(?:not|never) (?:be )?(?:rul\w+ out|exclud\w+|determin\w+|tell|say|assess\w*|confirm\w*|sure|certain|clear)"
    r"|question of|unclear|uncertain|unsure|unknown)\b",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:no(?!\s*[,.:;!)]|\s+(?:doubt|question)\b)|not(?!\s+(?:only|just|merely)\b)"
    r"|without(?!\s+(?:a\s+|any\s+)?doubt\b)|absence of|negative for|den(?:y|ies|ied)|lack(?:s|ing)?"
    r"|free (?:of|from)|neither|nor|never|none of|rather than|instead of|as opposed to|than|unlike|against"
    r"|fail(?:s|ed)? to"
    r"|(?:absent|rul(?:e|es|ed|ing) out|exclud\w+|unlikely|less likely|improbable|incorrect|wrong)(?!\s*[,)]))\b",
    re.IGNORECASE,
)
_IS = r"(?:(?:which|that)\s+)?(?:is|are|was|were|can|could|be|been|has|have|does|do|did|would|should|appears?|seems?)"
_OPEN_AFTER = re.compile(
    rf"[^,]*\b(?:if|unless)\b"
    rf"|\s*(?:{_IS}\s+)+not\s+(?:be\s+)?(?:rul\w+ out|exclud\w+|determin\w+|assess\w*|confirm\w*|certain|clear)",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    rf"[\s\"')]*[(:=\-]?\s*(?:{_IS}\s+(?:therefore |clearly |also )?not\b(?! only)|(?:{_IS}\s+)*"
    r"(?:therefore |clearly |also |very |highly |most |now )?(?:absent|excluded|ruled out|unlikely|improbable"
    r"|less likely|incorrect|wrong|negative|out of the question|false|no(?=\s*(?:[,.;!)]|$))"
    r"|not (?:present|seen|detected|identified|found|evident|visible|shown|likely|met|observed|noted|correct|right)))",
    re.IGNORECASE,
)


def stances_at(text: str, spans: Sequence[tuple[int, int]]) -> list[Stance]:
    """Return whether the clause around each [start, end) says what stands there, denies it or leaves it open."""
    borders = [match.span() for match in _CLAUSE.finditer(text)]
    starts, ends = [0, *(end for _, end in borders)], [*(start for start, _ in borders), len(text)]
    stances: list[Stance] = []
    for start, end in spans:
        clause = bisect_right(starts, start) - 1
        before = text[max(starts[clause], start - CLAUSE_CHARS) : start]
        after = text[end : min(max(end, ends[clause]), end + CLAUSE_CHARS)]
        if _OPEN_BEFORE.search(before) or _OPEN_AFTER.match(after):
            stances.append("open")
        else:
            stances.append("denied" if _DENIED_BEFORE.search(before) or _DENIED_AFTER.match(after) else "said")
    return stances
