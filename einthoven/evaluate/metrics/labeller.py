"""Which findings a text names, and how far they are those of the labels: F1, and findings that are not there.

The labeller, of English only; a text in another language names little or nothing, and so scores low:
- names and synonyms of the one vocabulary, whole words, the longest first, so that a piece of a longer name is none;
- denied in its clause ("no", "without", "ruled out") is not said;
- open is not counted, neither for nor against: "cannot be excluded", "possible", "may", "might", "could", "perhaps",
  "suspected", "questionable", "consider", "?". "Probable", "likely", "suggests" and "consistent with" count as said;
- a finding that is both said and denied is open; one that is both said and open is said.
No finding is derived from another: "inferior infarction" does not say "infarction" as well.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from einthoven.core.findings import FINDINGS
from einthoven.core.mentions import find_mentions
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.sums import Floats, Sums, ratio
from einthoven.evaluate.metrics.text import said_of

LEAST = 5  # items that have a code; of fewer its F1 says nothing
REACH_CHARS = 80
_BORDER = re.compile(r"[.,;:!?\n]|\b(?:but|with|however|although)\b", re.IGNORECASE)
_OPEN_BEFORE = re.compile(
    r"\b(?:possibl[ey]|possibility|may|might|could|maybe|perhaps|suspect\w*|suspicion|suspicious|questionable|consider"
    r"|doubtful|equivocal)\b",
    re.IGNORECASE,
)
_OPEN_AFTER = re.compile(
    r"\s*(?:\?|\(\s*(?:possible|suspected|questionable|\?)|(?:is|are|remains?)\s+(?:possible|suspected|questionable|doubtful)"
    r"|(?:may|might|could)\s+be\s+present|(?:possible|suspected)\s*(?=[.,;!]|$))",
    re.IGNORECASE,
)
_NOT = ((re.compile(r"\bcan't\b|\bcannot\b", re.IGNORECASE), "can not"), (re.compile(r"n't\b", re.IGNORECASE), " not"))


@dataclass(frozen=True)
class Labels:
    """Codes of findings that a text says, denies, or leaves open."""

    said: frozenset[str]
    denied: frozenset[str]
    open: frozenset[str]


@lru_cache(maxsize=65536)
def labels_of(text: str) -> Labels:
    """Return the findings that an English text names; the policy is in the head of this file.

    >>> labels_of("Sinus rhythm, no atrial fibrillation. Possible LVH.")
    Labels(said=frozenset({'SR'}), denied=frozenset({'AFIB'}), open=frozenset({'LVH'}))
    """
    codes = tuple(FINDINGS)
    text = text.replace("\u2019", "'")
    for short, full in _NOT:
        text = short.sub(full, text)
    found: dict[str, set[str]] = {"said": set(), "denied": set(), "open": set()}
    for mention in find_mentions(text, [FINDINGS[code].name for code in codes]):
        hedged = mention.stance == "said" and _hedged(text, mention.start, mention.end)
        found["open" if hedged else mention.stance].add(codes[mention.option])
    said, denied = found["said"], found["denied"]
    unsure = (found["open"] - said) | (said & denied)
    return Labels(frozenset(said - denied), frozenset(denied - unsure), frozenset(unsure))


def _hedged(text: str, start: int, end: int) -> bool:
    before = _BORDER.split(text[max(0, start - REACH_CHARS) : start])[-1]
    return bool(_OPEN_BEFORE.search(before) or _OPEN_AFTER.match(text[end : end + REACH_CHARS]))


def label_sums(marks: Sequence[Mark]) -> dict[str, Sums]:
    """Return label_f1_micro, label_f1_macro and hallucinated of texts whose labels are known, {} without any.

    Known: facts `labels` (codes that are there) and `decided` (codes that are not). A code that is in neither counts
    neither for nor against. label_f1_macro: mean over the codes that at least 5 items have, there where one has as
    many. hallucinated: share of the codes said that are decided absent; not a number where nothing was said.
    """
    found = _found(marks)
    if found is None:
        return {}
    known, hits, wrong, missed, said = found
    micro = np.stack([hits.sum(axis=1), wrong.sum(axis=1), missed.sum(axis=1)], axis=1)
    often = _often(hits, missed)
    sums = {"label_f1_micro": Sums(_at(micro, known, len(marks)), _f1)}
    if often.any():
        rows = np.stack([hits[:, often], wrong[:, often], missed[:, often]], axis=2).reshape(len(hits), -1)
        sums["label_f1_macro"] = Sums(_at(rows, known, len(marks)), _macro)
    claims = np.stack([wrong.sum(axis=1), said], axis=1)
    return sums | {"hallucinated": Sums(_at(claims, known, len(marks)), ratio())}


def code_sums(marks: Sequence[Mark]) -> dict[str, Sums]:
    """Return `label_f1|CODE` of each code that at least 5 items have."""
    found = _found(marks)
    if found is None:
        return {}
    known, hits, wrong, missed, _ = found
    codes = np.array(tuple(FINDINGS))
    return {
        f"label_f1|{codes[place]}": Sums(
            _at(np.stack([hits[:, place], wrong[:, place], missed[:, place]], axis=1), known, len(marks)), _f1
        )
        for place in np.flatnonzero(_often(hits, missed))
    }


def _found(marks: Sequence[Mark]) -> tuple[list[int], Floats, Floats, Floats, Floats] | None:
    """Return which marks are known, their hits, wrong claims and misses (N, codes), and the number of codes said."""
    known = [
        place for place, mark in enumerate(marks)
        if mark.item.kind == "text" and mark.item.facts.get("labels") is not None
        and mark.item.facts.get("decided") is not None
    ]  # fmt: skip
    if not known:
        return None
    said = [labels_of(said_of(marks[place])).said for place in known]
    there = _flags(marks[place].item.facts["labels"] for place in known)
    absent = _flags(marks[place].item.facts["decided"] for place in known) * (1 - there)
    claimed = _flags(said)
    return known, claimed * there, claimed * absent, (1 - claimed) * there, claimed.sum(axis=1)


def _flags(codes_of: Iterable[Iterable[str]]) -> Floats:
    place = {code: column for column, code in enumerate(FINDINGS)}
    rows = [[place[code] for code in codes if code in place] for codes in codes_of]
    flags = np.zeros((len(rows), len(place)))
    for row, columns in enumerate(rows):
        flags[row, columns] = 1.0
    return flags


def _often(hits: Floats, missed: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray((hits + missed).sum(axis=0) >= LEAST)


def _at(rows: Floats, places: Sequence[int], count: int) -> Floats:
    """Return the rows among those of all marks, which add nothing."""
    whole = np.zeros((count, rows.shape[1]))
    whole[list(places)] = rows
    return whole


def _f1(sums: Floats) -> Floats:
    hits, wrong, missed = sums[..., 0], sums[..., 1], sums[..., 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * hits / (2 * hits + wrong + missed))


def _macro(sums: Floats) -> Floats:
    """Mean over the codes that have a value: in a draw without a code it has none."""
    each = _f1(sums.reshape(*sums.shape[:-1], -1, 3))
    there = np.isfinite(each)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(there, each, 0.0).sum(axis=-1) / there.sum(axis=-1))
