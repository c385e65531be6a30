"""Prediction lines as the published scorers walk them: what a line lacks is silently that of the line before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from einthoven.core.errors import InputError

ID_KEYS = ("question_id", "id")
OUTPUT_KEYS = ("text", "response")
Gold = str | tuple[str, ...]
Draw = Callable[[Sequence[str]], str]
T = TypeVar("T")


class Stop(Exception):
    """The published scorer ends with an error here; the message says why. Caught by `score`, never seen by a caller."""


@dataclass(frozen=True)
class Line:
    """One line of a file. output: None where it has none of its own; key: where it stood; raw: the line as it is."""

    id: str
    gold: Gold
    prompt: str | None
    output: str | None
    key: str | None
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class Value:
    """A metric. percent: unrounded, None where it is not a number; printed: as the published scorer prints it."""

    percent: float | None
    n: int
    printed: str | None = None


@dataclass(frozen=True)
class Scored:
    """What a rule makes of a file. about: what it did, a sentence each; drawn: answers at random, None where never."""

    values: Mapping[str, Value]
    about: tuple[str, ...] = ()
    drawn: int | None = None
    n: int = 0


def parse(raw: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Return the lines; an id (with its gold) or a prompt that is not there is that of the line before.

    Raises InputError for a value of a wrong type, Stop where nothing stands before.
    """
    lines: list[Line] = []
    for number, one in enumerate(raw, 1):
        before = lines[-1] if lines else None
        keys = [key for key in ID_KEYS if key in one]
        if not keys and before is None:
            raise Stop(f"line {number} has no id and no line before it")
        id, gold = (str(one[keys[0]]), _gold(one, number)) if keys or before is None else (before.id, before.gold)
        prompt = _prompt(one, number) if "prompt" in one else (before.prompt if before else None)
        key = next((key for key in OUTPUT_KEYS if key in one), None)
        output = None if key is None else one[key]
        if output is not None and not isinstance(output, str):
            raise InputError(f"line {number}: {key!r} is a {type(output).__name__}, must be a text")
        lines.append(Line(id, gold, prompt, output, key, one))
    return lines


def said(lines: Iterable[Line], read: Callable[[Line], T]) -> list[T]:
    """Return what is read from each line; a line without an output says what the line before it said.

    Raises Stop where the first line has none.
    """
    found: list[T] = []
    for line in lines:
        if line.output is not None:
            found.append(read(line))
        elif found:
            found.append(found[-1])
        else:
            raise Stop("the first line has neither 'text' nor 'response'")
    return found


def share(right: int, n: int, printed: str = "{:.4f}") -> Value:
    """Return a share as a value; the published scorers print it as a fraction. Raises Stop where there is no line."""
    if not n:
        raise Stop("there is no line to score")
    return Value(100 * right / n, n, printed.format(right / n))


def habits(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return what the published scorers do in silence: outputs taken from the line before, ids that count again."""
    lacking = sum(line.output is None for line in lines)
    again = len(lines) - len({line.id for line in lines})
    notes = (
        (lacking, f"{lacking} lines without an output say what the line before them said"),
        (again, f"{again} lines repeat an id and count again"),
    )
    return tuple(note for count, note in notes if count)


def _gold(line: Mapping[str, Any], number: int) -> Gold:
    gold = line.get("gold")
    if gold is None:
        raise Stop(f"line {number} answers a question that has no gold")
    if isinstance(gold, list | tuple) and all(isinstance(one, str) for one in gold):
        return tuple(gold)
    if not isinstance(gold, str):
        raise InputError(f"line {number}: 'gold' is {str(gold)[:60]!r}, must be a text or a list of texts")
    return gold


def _prompt(line: Mapping[str, Any], number: int) -> str:
    prompt = line["prompt"]
    prompt = prompt.get("prompt") if isinstance(prompt, Mapping) else prompt
    if not isinstance(prompt, str):
        raise InputError(f"line {number}: 'prompt' must be a text, or an object that holds one as 'prompt'")
    return prompt
