"""Texts of ECGBench read: prompts cut into question and options, gold answers found among these, never by a guess.

A row that cannot be read raises `RowFault`, whose text is the reason by which such rows are counted.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from einthoven.core.errors import QuestionError
from einthoven.core.reading import read_options, split_options
from einthoven.evaluate.tasks.ecgbench_sets import SIX, BenchSet, Label, option

MAX_CHARS = 100_000
_TAG = re.compile(r"[ \t]*<image>[ \t]*\n?")
_FORMAT = re.compile(
    r"(?:Only answer|The last line|Answer the following|Provide the correct)\b[^\n]*?(?:[.!:](?=\s|$)|(?=\n)|$)"
)
_LETTERED = re.compile(r"^[ \t]*\(?([A-H])[.):][ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_INLINE = re.compile(r"\(([A-H])\)[ \t]*([^\n(]+?)[ \t,;]*(?=\([A-H]\)|\n|$)")
_GOLD_LETTER = re.compile(r"\s*\(?([A-Ha-h])(?:[.):\s]|$)")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NONE = "none"


class RowFault(Exception):
    """Why a row cannot be an item."""


class Asked(NamedTuple):
    """A question without its list of options, and the options."""

    question: str
    options: tuple[str, ...]


def talk_of(row: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return prompt and gold of a row as released: of its first two turns, whoever is called what."""
    told = row.get("conversations") or row.get("conversation")
    if not isinstance(told, list) or len(told) < 2 or not all(isinstance(turn, dict) for turn in told[:2]):
        raise RowFault("no conversation of two turns")
    if told[0].get("from") in ("gpt", "assistant") or told[1].get("from") in ("human", "user"):
        raise RowFault("turns in the wrong order")
    return told[0].get("value"), told[1].get("value")


def joined(value: Any, what: str) -> str:
    """Return a text; one that is a list of its characters or lines (as in ecgqa-test) is put together."""
    if isinstance(value, list) and all(isinstance(piece, str) for piece in value):
        value = "".join(value)
    if not isinstance(value, str) or not value.strip():
        raise RowFault(f"{what} is empty or no text")
    if len(value) > MAX_CHARS:
        raise RowFault(f"{what} has more than {MAX_CHARS} characters")
    return value


def plain_question(prompt: str) -> str:
    """Return a prompt without picture tags and sentences about the form of the answer.

    >>> plain_question("<image>\\nIs it normal? Only answer with yes or no.")
    'Is it normal?'
    """
    bare = _TAG.sub("", prompt)
    return re.sub(r"[ \t]*\n\s*\n\s*", "\n", _FORMAT.sub("", bare)).strip() or bare.strip()


def lettered(prompt: str) -> Asked:
    """Return question and options ("A. ...") of a multiple-choice prompt; raises RowFault where there are none."""
    text = plain_question(prompt)
    for pattern in (_LETTERED, _INLINE):
        matches = list(pattern.finditer(text))
        starts = [place for place, match in enumerate(matches) if match[1] == "A"]
        run = matches[starts[-1] :] if starts else []
        run = [match for match, letter in zip(run, "ABCDEFGH", strict=False) if match[1] == letter]
        if len(run) >= 2 and [match[1] for match in run] == list("ABCDEFGH"[: len(run)]):
            question = f"{text[: run[0].start()]}\n{text[run[-1].end() :]}".strip()
            options = tuple(f"{match[1]}. {match[2].strip()}" for match in run)
            return Asked(re.sub(r"(?i)\s*\b(?:options|choices)\s*:\s*$", "", question) or question, options)
    raise RowFault("no lettered options in the prompt")


def gold_letter(gold: str, options: Sequence[str]) -> str:
    """Return the option that a gold answer names: by its letter, else by the whole text of one option."""
    if match := _GOLD_LETTER.match(gold):
        found = [one for one in options if one[0] == match[1].upper()]
    else:
        found = [one for one in options if one[3:].casefold() == gold.strip().rstrip(".").casefold()]
    if len(found) != 1:
        raise RowFault("gold is none of the options")
    return found[0]


def listed(prompt: str) -> Asked:
    """Return question and options of an ECG-QA prompt: what follows its last "Options:", commas in parentheses kept.

    "none" is no option but the answer that none holds, where two or more others are left.
    """
    text = plain_question(prompt)
    question, mark, rest = text.rpartition("Options:")
    if not mark:
        raise RowFault("no options in the prompt")
    try:
        found = [one.strip() for one in split_options(" ".join(rest.split()).rstrip(" .,"))]
    except QuestionError as error:
        raise RowFault("options with a parenthesis that lacks its other half") from error
    options = {one.casefold(): one for one in reversed(found) if one}
    kept = tuple(one for one in dict.fromkeys(options[one.casefold()] for one in found if one))
    others = tuple(one for one in kept if one.casefold() != _NONE)
    if len(kept) < 2:
        raise RowFault("fewer than two options in the prompt")
    return Asked(question.strip() or text, others if len(others) > 1 else kept)


def gold_options(gold: Any, options: Sequence[str]) -> tuple[str, ...]:
    """Return the options that an ECG-QA gold names, in their order, () for "none".

    gold: a list of options, or of the characters of one text, or that text: an option, or several with separators.
    """
    known = {one.casefold(): one for one in options}
    for pieces in _ways(gold):
        said = [piece.strip().casefold() for piece in pieces]
        if said == [_NONE] and _NONE not in known:
            return ()
        if said and all(piece in known for piece in said):
            return tuple(one for one in options if one.casefold() in said)
    raise RowFault("gold is none of the options")


def _ways(gold: Any) -> Iterable[list[str]]:
    """Yield the ways in which a gold may be a list of options."""
    if isinstance(gold, list) and gold and all(isinstance(piece, str) for piece in gold):
        yield gold
    text = joined(gold, "gold").strip()
    yield [text]
    yield _json_strings(text)
    yield [one or other for one, other in _QUOTED.findall(text)]
    for separator in (";", "/", "\n"):
        yield text.split(separator)
    try:
        yield list(split_options(text))
    except QuestionError:
        return


def _json_strings(text: str) -> list[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) and all(isinstance(one, str) for one in found) else []


def class_names(prompts: Iterable[str], one: BenchSet) -> dict[str, str]:
    """Return code -> full name: as the prompts have it ("SB(sinus bradycardia)"), where they all agree, else our own.

    Options then are the same in every row, which macro scores need.
    """
    needed = SIX if set(SIX) <= set(one.classes) else one.classes
    seen: set[tuple[str, ...]] = set()
    for prompt in prompts:
        names = [re.search(rf"(?<![\w-]){re.escape(code)}\s*\(([^()\n]{{2,80}})\)", prompt) for code in needed]
        if all(names):
            seen.add(tuple(match[1].strip() for match in names if match))
    own = {code: label.name for code, label in one.classes.items()}
    return own | (dict(zip(needed, seen.pop(), strict=True)) if len(seen) == 1 else {})


def gold_classes(gold: str, classes: Mapping[str, Label], names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes that a gold text names, by code, full name or synonym, in the order of the classes.

    Each piece between separators must name one: part of an answer is not taken for the whole.
    """
    options = [option(code, names[code]) for code in classes]
    pieces = [piece for piece in re.split(r"[;,\n](?![^()]*\))", gold) if piece.strip(" .")]
    read = [read_options(piece, options, "any") for piece in pieces]
    if not read or not all(read):
        raise RowFault("gold is none of the classes")
    said = {one for piece in read for one in piece or ()}
    return tuple(code for code, one in zip(classes, options, strict=True) if one in said)
