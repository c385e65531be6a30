"""What an answer says to an item, read strictly: never a guess, and "no answer" is a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from einthoven.core.reading import read_number, read_options
from einthoven.core.sample import Answer
from einthoven.evaluate.item import Item

State = Literal["read", "unread", "abstained", "failed", "missing"]


@dataclass(frozen=True)
class Mark:
    """How an item was answered.

    state: read; unread (nothing usable was said); abstained; failed (an error line); missing (no line at all).
    said: the options that the answer names, () only where it says that none holds; None unless read. number: of a
    question for a number. text: what was said, as it was. right: read, and the same as the gold. probabilities: of the
    options, where the model gives them, also when it abstained. confidence: in the answer, where it gives one.
    """

    item: Item
    state: State
    said: frozenset[str] | None = None
    number: float | None = None
    text: str = ""
    right: bool = False
    probabilities: Mapping[str, float] | None = None
    confidence: float | None = None


def marks(items: Iterable[Item], answers: Mapping[str, Answer]) -> list[Mark]:
    """Mark every item, answered or not: the denominator is always all items."""
    return [mark(item, answers.get(item.id)) for item in items]


def mark(item: Item, answer: Answer | None) -> Mark:
    """Read one answer strictly. An answer that gives options verbatim is taken as it is; a text is read."""
    if answer is None:
        return Mark(item, "missing")
    known = answer.options if answer.options and item.sample.options else None
    if answer.abstained or answer.answer is None:
        state: State = "abstained" if answer.abstained else "failed"
        return Mark(item, state, probabilities=known, confidence=answer.confidence)
    text = answer.answer if isinstance(answer.answer, str) else "; ".join(answer.answer)
    found = Mark(item, "unread", text=text, probabilities=known, confidence=answer.confidence)
    return _read(found, answer.answer)


def _read(found: Mark, answer: str | tuple[str, ...]) -> Mark:
    item = found.item
    if item.kind == "number":
        value = read_number(found.text, item.unit)
        right = value is not None and abs(value - float(next(iter(item.gold)))) <= item.tolerance
        return _with(found, None, right, value) if value is not None else found
    if item.kind == "text":
        said = found.text.strip()
        return _with(found, frozenset((said,)), said in item.gold, None) if said else found
    options = item.sample.options or ()
    if isinstance(answer, tuple):
        said_options = answer if set(answer) <= set(options) and item.kind == "any" else None
    elif answer in options and item.kind == "one":
        said_options = (answer,)
    else:
        said_options = read_options(answer, options, item.sample.pick)
    if said_options is None:
        return found
    named = frozenset(said_options)
    return _with(found, named, named == item.gold, None)


def _with(found: Mark, said: frozenset[str] | None, right: bool, number: float | None) -> Mark:
    return Mark(
        found.item, "read", said, number, found.text, right, found.probabilities, found.confidence
    )  # dataclasses.replace takes twice as long, and there are a hundred thousand
