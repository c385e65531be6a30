"""Stored answers: a file of ours or of others becomes answers by id and a count of what did not fit, or is refused.

Refused, with the line: what is not JSON lines, has no id or no answer, holds a value of a wrong type or a probability
that is none, answers one id in two ways, or belongs to another task. Counted: questions without a line, lines of other
questions, lines that stand twice, lines that say that there is no answer.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from einthoven.core.errors import JobError
from einthoven.core.linefile import numbered_lines
from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.item import Item

ID_KEYS = ("question_id", "id")
TEXT_KEYS = ("answer", "text", "response")  # ours and LLaVA's; PULSE writes the last two
SUM_TOLERANCE = 0.005  # an option: probabilities may be rounded to two digits


@dataclass(frozen=True)
class Report:
    """What an answers file held.

    lines: in all; used: questions of the task with a line; missing: without one; unknown: lines of other questions;
    doubled: lines that repeat an earlier one; failed: used ones that hold an error or null instead of an answer.
    """

    lines: int
    used: int
    missing: int
    unknown: int
    doubled: int
    failed: int

    def __str__(self) -> str:
        of = self.used + self.missing
        return (
            f"{self.lines} lines: {self.used} of {of} questions answered, {self.missing} missing, {self.failed} failed;"
            f" {self.unknown} lines of other questions, {self.doubled} doubled"
        )


@dataclass(frozen=True)
class Stored:
    """The answers of a file by id, and what else it held."""

    answers: dict[str, Answer]
    report: Report


class _Seen(NamedTuple):
    answer: Answer
    number: int


def read_answers(path: Path | str, items: Iterable[Item]) -> dict[str, Answer]:
    """Return the answers to these items by id; see `read_stored`."""
    return read_stored(path, items).answers


def read_stored(path: Path | str, items: Iterable[Item]) -> Stored:
    """Read an answers file: JSON lines of batch-out form, or `question_id` or `id` with `text` or `response`.

    An error line and a null are answers that failed: `answer` None, not abstained. Raises JobError, one line that names
    file and line, for what cannot be scored without a guess (see the head of this file).
    """
    samples = {item.id: item.sample for item in items}
    seen: dict[str, _Seen] = {}
    lines = doubled = 0
    for number, line in numbered_lines(path, _no_key_twice):
        lines += 1
        try:
            answer = _answer(line, samples)
        except ValueError as error:
            raise JobError(f"{path}, line {number}: {error}") from None
        before = seen.setdefault(answer.id, _Seen(answer, number))
        if before.number != number:
            if not _same(before.answer, answer):
                raise JobError(
                    f"{path}, line {number}: id {_short(answer.id)} is answered otherwise in line {before.number};"
                    " an id has one answer"
                )
            doubled += 1
    answers = {id: seen[id].answer for id in samples if id in seen}
    if samples and not answers:
        raise JobError(_foreign(path, lines, seen, samples))
    failed = sum(answer.answer is None and not answer.abstained for answer in answers.values())
    unknown = lines - doubled - len(answers)
    return Stored(answers, Report(lines, len(answers), len(samples) - len(answers), unknown, doubled, failed))


def _foreign(path: Path | str, lines: int, seen: Mapping[str, _Seen], samples: Mapping[str, Sample]) -> str:
    if not lines:
        return f"{path}: holds no line; answers are JSON lines with an id and an answer each"
    there, wanted = _short(next(iter(seen))), _short(next(iter(samples)))
    return f"{path}: none of its {len(seen)} ids is of this task: they are like {there}, its own like {wanted}"


def fault(answer: Answer, sample: Sample) -> str | None:
    """Return what is wrong with the probabilities of an answer to this sample, None when nothing is."""
    for name, p in {**(answer.options or {}), "confidence": answer.confidence}.items():
        if p is not None and not 0 <= p <= 1:  # also what is not a number
            return f"the probability of {_short(name)} is {p}; it must be 0 to 1"
    if not answer.options or sample.options is None:
        return None
    if set(answer.options) != set(sample.options):
        odd = next(iter(set(answer.options) ^ set(sample.options)))
        return f'"options" must give a probability to each option of the question and no other; see {_short(odd)}'
    total = sum(answer.options.values())
    if sample.pick == "one" and abs(total - 1) > SUM_TOLERANCE * len(answer.options) + 1e-6:
        return f'the probabilities of "options" add up to {total:.4g}; where one option holds, to 1'
    return None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"key {_short(next(key for key in keys if keys.count(key) > 1))} stands twice")
    return found


def _answer(line: Mapping[str, Any], samples: Mapping[str, Sample]) -> Answer:
    """Return what a line says. Raises ValueError with what is wrong."""
    id = _id(line, samples)
    abstained, error = line.get("abstained"), line.get("error")
    reason = line.get("reason") if error is None else error
    if abstained is not None and not isinstance(abstained, bool):
        raise ValueError(f'"abstained" is {_short(abstained)}, must be true or false')
    answer = Answer(
        id=id,
        answer=_text(line) if error is None else None,
        options=_options(line.get("options")),
        confidence=_number("confidence", line.get("confidence")),
        abstained=bool(abstained) and error is None,
        reason=None if reason is None else _whole(str(reason)),
        model=str(line.get("model") or line.get("model_id") or ""),
        seconds=0.0,
    )
    wrong = fault(answer, samples[id]) if id in samples else None
    if wrong:
        raise ValueError(wrong)
    return answer


def _id(line: Mapping[str, Any], samples: Mapping[str, Sample]) -> str:
    ids = [_id_text(key, line[key]) for key in ID_KEYS if line.get(key) is not None]
    if not ids:
        raise ValueError(f"no id; a line has {' or '.join(map(repr, ID_KEYS))}")
    known = [id for id in dict.fromkeys(ids) if id in samples]
    if len(known) > 1:
        raise ValueError(f"question_id {_short(known[0])} and id {_short(known[1])} are two questions of this task")
    return known[0] if known else ids[0]


def _id_text(key: str, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # LLaVA counts its questions
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key!r} is {_short(value)}, must be a text")
    return value


def _text(line: Mapping[str, Any]) -> str | tuple[str, ...] | None:
    """Return the answer of a line. Raises ValueError where there is none, or two, or one of another type."""
    keys = [key for key in TEXT_KEYS if key in line]
    if not keys:
        raise ValueError(f"no answer; a line has {', '.join(map(repr, TEXT_KEYS))} or 'error'")
    value = line[keys[0]]
    for key in keys[1:]:
        if line[key] != value:
            raise ValueError(f"{keys[0]!r} and {key!r} differ; keep the one that the model said")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(map(_whole, value))
    if value is None or isinstance(value, str):
        return value and _whole(value)
    raise ValueError(f"{keys[0]!r} is {_short(value)}, must be a text, a list of texts, or null")


def _whole(text: str) -> str:
    """Return a text without halves of characters, which JSON can hold and no file can."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _options(value: Any) -> dict[str, float] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ValueError(f'"options" is {_short(value)}, must be null or map each option to its probability')
    return {name: _number(f"the probability of {_short(name)}", p, needed=True) or 0.0 for name, p in value.items()}


def _number(what: str, value: Any, needed: bool = False) -> float | None:
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{what} is {_short(value)}, must be a number from 0 to 1")
    try:
        return float(value)
    except OverflowError:
        return math.inf  # a whole number of hundreds of digits: no probability, which `fault` says


def _same(one: Answer, other: Answer) -> bool:
    """Tell whether two lines say the same; who said it, and why, is not asked."""
    return (one.answer, one.options, one.confidence, one.abstained) == (
        other.answer, other.options, other.confidence, other.abstained
    )  # fmt: skip


def _short(value: Any) -> str:
    """Return a value in some eighty characters, on one line, in ASCII."""
    if isinstance(value, list | dict):
        return f"a JSON {'list' if isinstance(value, list) else 'object'}"
    if isinstance(value, str) and len(value) > 80:
        value = f"{value[:77]}..."
    return ascii(value)
