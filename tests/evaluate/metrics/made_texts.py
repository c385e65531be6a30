"""Marks of free text, made for tests."""

from typing import Any

from einthoven.core.sample import Answer, Part, Sample, Turn
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import Mark, mark


def text_mark(said: str | None, gold: str = "normal ecg", **facts: Any) -> Mark:
    """Return the mark of an answer in words, None for none."""
    sample = Sample("made", (), (Turn("user", (Part(text="Report this ECG."),)),), answer=gold)
    answer = None if said is None else Answer("made", said, None, None, False, None, "made", 0.0)
    return mark(Item(sample, facts=facts), answer)


def number_mark() -> Mark:
    """Return a mark that is no free text."""
    sample = Sample("number", (), (Turn("user", (Part(text="Which rate?"),)),), answer="60")
    return mark(Item(sample, unit="bpm"), None)
