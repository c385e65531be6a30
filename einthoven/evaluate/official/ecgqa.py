"""Exact match of ECG-QA in both official forms: of a classifier's 0 and 1, and of a language model's text.

Source: ECG-QA (arXiv 2306.15681) with fairseq-signals (classifier), and its baseline of language models. Faults kept in
the second: leads have capitals, replies and gold have none, so that no lead is ever right; "no" stands before
"not sure" and takes its letters away.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from einthoven.core.errors import InputError
from einthoven.evaluate.official.lines import Line, Scored, Stop, Value, share
from einthoven.instruct.ecgqa.vocabulary import NONE, words

THRESHOLD = 0.5


def in_class_order(options: Sequence[str]) -> list[str]:
    """Return options in the order of the official list of classes, "none" left out; others behind, as they come."""
    order = {name: place for place, name in enumerate(words())}
    return sorted((name for name in options if name != NONE), key=lambda name: order.get(name, len(order)))


def classes_said(probabilities: Mapping[str, float], valid: Sequence[str]) -> frozenset[str]:
    """Return the valid classes of more than 0.5."""
    return frozenset(name for name in valid if probabilities.get(name, 0.0) > THRESHOLD)


def classifier_right(found: frozenset[str] | None, gold: Sequence[str], valid: Sequence[str]) -> bool:
    """Tell whether all valid classes are as in the gold; "none" is no class at all. None: nothing was said; wrong."""
    return found is not None and all((name in found) == (name in gold) for name in valid)


def names_in(reply: str, options: Sequence[str]) -> frozenset[str]:
    """Return the options that a reply in lower case holds: at each place the first of them in class order, then "none".

    >>> sorted(names_in("Not sure.", ["yes", "no", "not sure"])), sorted(names_in("Lead I", ["lead I", "lead II"]))
    (['no'], [])
    """
    return frozenset(_listed(tuple(options)).findall(reply.lower()))


@lru_cache(maxsize=4096)
def _listed(options: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name) for name in (*in_class_order(options), NONE)))


def reply_right(found: frozenset[str], gold: Sequence[str]) -> bool:
    """Compare with the gold in lower case, "none" where it is empty."""
    return found == (frozenset(name.lower() for name in gold) or {NONE})


def classifier_scored(lines: Sequence[Line]) -> Scored:
    """Score a classifier. A line holds `options` and `probabilities` (class to number) or `said` (classes, or null)."""

    def right(line: Line) -> bool:
        valid = _texts(line, "options")
        probabilities = line.raw.get("probabilities")
        if probabilities is not None:
            return classifier_right(classes_said(probabilities, valid), line.gold, valid)
        found = None if line.raw.get("said") is None else frozenset(_texts(line, "said"))
        return classifier_right(found, line.gold, valid)

    silent = sum(line.raw.get("probabilities") is None and line.raw.get("said") is None for line in lines)
    return _by_type(lines, right, f"{silent} of {len(lines)} items have no classes said, and are wrong")


def reply_scored(lines: Sequence[Line]) -> Scored:
    """Score a language model. A line holds `options` and the reply as `text` or `response`."""

    def right(line: Line) -> bool:
        gold = [name for name in line.gold if name != NONE]
        return reply_right(names_in(line.output or "", _texts(line, "options")), gold)

    leads = sum(any(name != name.lower() for name in line.gold) for line in lines)
    return _by_type(lines, right, f"{leads} of {len(lines)} items have a lead as gold, which never matches")


def _by_type(lines: Sequence[Line], right: Callable[[Line], bool], note: str) -> Scored:
    """Return the share of all, and of each kind of question: by ECGs, by what is to be done, by what it is about."""
    if not lines:
        raise Stop("there is no line to score")
    total: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for line in lines:
        hit = right(line)
        for part in ("", *_kinds(line.raw)):
            total[part] += 1
            hits[part] += hit
    values: dict[str, Value] = {
        f"exact_match|{part}" if part else "exact_match": share(hits[part], count) for part, count in total.items()
    }
    return Scored(values, (note,), n=len(lines))


def _kinds(raw: Mapping[str, Any]) -> list[str]:
    """Return the three names of a question's kind, e.g. single, single-verify, single-verify-scp_code."""
    kind, about = str(raw.get("question_type") or ""), str(raw.get("attribute_type") or "")
    if not kind:
        return []
    return [kind.partition("-")[0], kind, *([f"{kind}-{about}"] if about else [])]


def _texts(line: Line, key: str) -> list[str]:
    value = line.raw.get(key)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise InputError(f"line of {line.id[:60]!r}: {key!r} must be a list of texts")
    return list(value)
