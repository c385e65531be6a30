"""The answer reader: from the free text that a model said to what it means, and never a guess.

Rules, first that decides wins: an explicit final answer (the last one); a line of its own that is nothing but an
answer, at the beginning or the end; all that the text says. In each, an option counts where it is named by its
words, a synonym of the findings vocabulary or its letter, and neither denied nor left open. Two options where one is
asked, a refusal or nothing at all is unreadable, which is told from the answer "none".
"""

import json
import re
from collections.abc import Sequence

from einthoven.core.errors import QuestionError
from einthoven.core.mentions import UNSURE, Mention, find_mentions, words_of
from einthoven.core.quantities import number_in
from einthoven.core.sample import Pick

MAX_CHARS = 200_000  # a text beyond this is no answer

_FINAL = re.compile(
    r"\bfinal\s+(?:answer|diagnosis|choice)\b\W*?(?:\bis\b)?\s*[:=\-]*|\\boxed\s*\{|<answer>", re.IGNORECASE
)
_ANSWER = re.compile(
    r"\b(?:answer|(?:correct|right|best|my)\s+(?:option|choice|answer))\"?\s*(?:(?:\bis\b|\bwould be\b)\s*:?|[:=])",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:actually|wait|correction|on second thought|reconsider\w*|mistake\w*|scratch that|instead|i was wrong)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\bas an ai\b|\bi (?:am |'m )?(?:sorry|unable|not able)\b"
    r"|\b(?:i|we) can not (?:provide|interpret|give|offer|diagnose|analy[sz]e|answer|help|assist|view|access|process"
    r"|(?:see|read) (?:the|this|any|your))\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:\b(?:none|nothing|not any|empty|no (?:abnormalit|finding|diagnos|option)\w*|neither(?!.*\bnor\b))\b|\[\s*\])"
    r"(?![^.\n]*\b(?:except|other than|apart from|besides|but)\b)",
    re.IGNORECASE,
)
_FILLER = {"the", "a", "an", "it", "is", "this", "that", "answer", "option", "choice", "my", "ecg", "ekg", "show",
           "diagnosis", "correct", "and", "final", "lead", "both", "clearly", "definitely", "think", "i"}  # fmt: skip


def read_options(text: str, options: Sequence[str], pick: Pick = "one") -> tuple[str, ...] | None:
    """Return the options that the text says hold, verbatim and in the order of `options`; None when it is unreadable.

    pick "one": one option or None. pick "any": any number; () only where the text says that none holds.

    >>> read_options("No evidence of MI; incomplete RBBB.", ["MI", "incomplete RBBB"])
    ('incomplete RBBB',)
    >>> read_options("yes and no", ["yes", "no"]) is None, read_options("None of these.", ["a", "b"], pick="any")
    (True, ())
    """
    text = _clean(text) if len(text) <= MAX_CHARS else ""
    if not text:
        return None
    if (final := _after_last(_FINAL, text, pick)) is not None:
        return _read(final, options, pick)
    if (said := _after_last(_ANSWER, text, pick)) is not None and (read := _read(said, options, pick)) is not None:
        return read
    if pick == "one" and (line := _answer_line(text, options)) is not None:
        return (options[line],)
    return _read(text, options, pick)


def read_number(text: str, unit: str | None = None) -> float | None:
    """Return the one number that the text says, in `unit` (ms, s, mV, uV, bpm, deg, mm, years, %), else None.

    Seconds and milliseconds, millivolt and microvolt are converted; a number of another unit does not count; one
    without a unit is taken to be in `unit`. Two different numbers, a range or a bound ("over 120") are unreadable.
    Raises QuestionError for a unit that is not known.

    >>> read_number("The PR interval is 0.16 s (heart rate 72 bpm).", "ms"), read_number("60-100 bpm")
    (160.0, None)
    """
    text = _clean(text)
    for marker in (_FINAL, _ANSWER):
        if (said := _after_last(marker, text, "one")) is not None:
            return number_in(said, unit)
    return number_in(text, unit)


def split_options(text: str) -> tuple[str, ...]:
    """Return the options of `--options`: split at commas outside parentheses, or a JSON list of strings.

    Raises QuestionError for broken JSON, an item that is no string, or a parenthesis without its other half.

    >>> split_options("yes, no, bigeminal pattern (unknown origin, supraventricular, or ventricular)")[2]
    'bigeminal pattern (unknown origin, supraventricular, or ventricular)'
    """
    if text.lstrip().startswith("["):
        try:
            items = json.loads(text)
        except ValueError as error:
            raise QuestionError(f"options begin like a JSON list but are none: {error}") from error
        if not all(isinstance(item, str) for item in items):
            raise QuestionError('options as a JSON list are strings, e.g. ["yes", "no"]')
        return tuple(item.strip() for item in items)
    options, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
        if sign == "," and depth == 0:
            options.append("")
        else:
            options[-1] += sign
    if depth:
        raise QuestionError(f"options {text!r}: a parenthesis lacks its other half; a JSON list takes any text")
    return tuple(option.strip() for option in options)


def _clean(text: str) -> str:
    """Return the text without thoughts, marks of form, questions and listed options, its quotes and dashes plain."""
    text = re.sub(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = text.translate(str.maketrans("’‘“”–—−\u00a0", "''\"\"--- "))
    text = re.sub(r"\*\*|__|[`#]|(?<!\w)[*_]|[*_](?!\w)", "", text)
    text = re.sub(r"(?m)^[ \t]*(?:[\-•*>][ \t]+|\d{1,2}[.)][ \t]+)", "", text)
    text = re.sub(r"(?im)^[ \t]*(?:options|choices)[ \t]*:.*$", "", text)
    text = re.sub(r"\b(?:yes\s*(?:/|or)\s*no)\b", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"\bcan't\b|\bcannot\b", "can not", text, flags=re.IGNORECASE)
    text = re.sub(r"n't\b", " not", text, flags=re.IGNORECASE)
    text = re.sub(r"\bV([1-6])\s*(?:-|to|through)\s*V?([1-6])\b", _leads_between, text, flags=re.IGNORECASE)
    sentences = re.findall(r"[^.!?\n]+[.!?\n]?|[.!?\n]", text)
    return "".join(
        " " if sentence.endswith("?") else sentence for sentence in sentences
    ).strip()  # a question says nothing


def _leads_between(match: re.Match[str]) -> str:
    return ", ".join(f"V{number}" for number in range(int(match[1]), int(match[2]) + 1))


def _after_last(marker: re.Pattern[str], text: str, pick: Pick) -> str | None:
    """Return what follows the last such marker: the rest of its sentence, else the lines below it."""
    matches = list(marker.finditer(text))
    if not matches:
        return None
    rest = text[matches[-1].end() :]
    line, _, below = rest.lstrip(" :=-\t").partition("\n")
    if not re.search(r"\w|\[", line):
        lines = [line for line in below.split("\n") if line.strip()]
        return "\n".join(lines if pick == "any" else lines[:1])
    if line.startswith('"') and '"' in line[1:]:
        return line[1 : line.index('"', 1)]
    line = re.split(r"\}|</answer>", line)[0]
    return re.split(r"(?<=\w\w)[.!](?=\s)", line)[0] if pick == "one" else line


def _answer_line(text: str, options: Sequence[str]) -> int | None:
    """Return the option that stands alone on the first or last of several lines, unless the text goes back on it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or _CORRECTION.search(text):
        return None
    alone = {option for line in lines if (option := _only(line, options)) is not None}
    ends = {_only(line, options) for line in (lines[0], lines[-1])} - {None}
    return alone.pop() if len(alone) == 1 and alone == ends else None


def _only(line: str, options: Sequence[str]) -> int | None:
    """Return the option that a line names, when it says nothing else."""
    mentions = find_mentions(line, options)
    if not mentions or {mention.stance for mention in mentions} != {"said"} or len({m.option for m in mentions}) > 1:
        return None
    outside = [w for w in words_of(line) if not any(m.start <= w.start < m.end for m in mentions)]
    return mentions[0].option if all(word.key in _FILLER for word in outside) else None


def _read(text: str, options: Sequence[str], pick: Pick) -> tuple[str, ...] | None:
    """Return what the whole of this text says."""
    mentions = find_mentions(text, options)
    said = {mention.option for mention in mentions if mention.stance == "said"}
    denied = {mention.option for mention in mentions if mention.stance == "denied"}
    if said & denied or (_REFUSAL.search(text) and not _says_unsure(said, options)):
        return None
    if pick == "one":
        return tuple(options[option] for option in said) if len(said) == 1 else None
    none = _says_none(text, mentions) or (len(said) > 1 and any(_is_none(options[option]) for option in said))
    if said:
        return None if none else tuple(options[option] for option in sorted(said))
    return () if none or (denied and len(denied) == len(options)) else None


def _is_none(option: str) -> bool:
    return [word.key for word in words_of(option)] == ["none"]


def _says_unsure(said: set[int], options: Sequence[str]) -> bool:
    return len(said) == 1 and all(options[option].strip().casefold() in UNSURE for option in said)


def _says_none(text: str, mentions: Sequence[Mention]) -> bool:
    """Say whether the text says that nothing holds, outside of the words of an option."""
    return any(not any(m.start <= match.start() < m.end for m in mentions) for match in _NONE.finditer(text))
