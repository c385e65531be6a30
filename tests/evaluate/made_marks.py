"""Made items and answers for tests of scores: yes/no, one of three, any of three, a number, a text; by patient."""

from dataclasses import replace

import numpy as np

from einthoven.core.rng import rng
from einthoven.core.sample import Answer, ask_sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import Mark, marks

YES_NO, THREE = ("yes", "no"), ("sinus rhythm", "atrial fibrillation", "paced rhythm")
SAID = (
    "Sinus rhythm. Normal ECG.",
    "Atrial fibrillation, rate 90 bpm.",
    "Left bundle branch block.",
    "Long QT interval.",
)


def items(kind: str, count: int = 240, patients: int = 80) -> list[Item]:
    """Return items of one kind in two groups, three for each patient."""
    random = rng("made", kind)
    return [_item(kind, n, random, f"made/{n % patients}") for n in range(count)]


def _item(kind: str, n: int, random: np.random.Generator, patient: str) -> Item:
    group = f"g{n % 2}"
    if kind == "yes_no":
        sample = ask_sample("Is it?", (f"e{n}",), YES_NO, id=str(n))
        return Item(replace(sample, answer=YES_NO[int(random.random() < 0.6)]), (patient,), group, "yes/no")
    if kind == "one":
        sample = ask_sample("Which?", (f"e{n}",), THREE, id=str(n))
        return Item(replace(sample, answer=THREE[int(random.integers(3))]), (patient,), group, "choice")
    if kind == "any":
        sample = ask_sample("Which?", (f"e{n}",), THREE, "any", id=str(n))
        gold = tuple(option for option in THREE if random.random() < 0.4)
        return Item(replace(sample, answer=gold), (patient,), group, "list")
    if kind == "number":
        sample = ask_sample("How long?", (f"e{n}",), id=str(n))
        gold_ms = 100 + 20 * int(random.integers(10))
        return Item(replace(sample, answer=str(gold_ms)), (patient,), group, "figure", unit="ms", tolerance=10)
    sample = ask_sample("Write a report.", (f"e{n}",), id=str(n))
    return Item(replace(sample, answer=SAID[int(random.integers(len(SAID)))]), (patient,), group, "report")


def gold_answer(item: Item) -> Answer:
    """Return the right answer as a model would give it, sure of it."""
    gold = item.sample.answer
    text = gold if gold is not None else ""
    options = item.sample.options
    p = None if options is None else {option: _sure(option in item.gold, item) for option in options}
    said: str | tuple[str, ...] = f"{text} ms" if item.kind == "number" else text
    return Answer(item.id, said, p, 0.9, abstained=False, reason=None, model="gold", seconds=0.0)


def _sure(there: bool, item: Item) -> float:
    if item.kind == "any":
        return 0.9 if there else 0.1
    return 0.9 if there else 0.1 / (len(item.sample.options or ()) - 1)


def gold_marks(listed: list[Item]) -> list[Mark]:
    return marks(listed, {item.id: gold_answer(item) for item in listed})


def shuffled_marks(listed: list[Item], name: str) -> list[Mark]:
    """Return marks where each item gets the right answer of another item of its group."""
    random = rng("made", "shuffle", name)
    by: dict[str, Answer] = {}
    for group in dict.fromkeys(item.group for item in listed):
        mine = [item for item in listed if item.group == group]
        order = random.permutation(len(mine))
        by |= {item.id: replace(gold_answer(mine[at]), id=item.id) for item, at in zip(mine, order, strict=True)}
    return marks(listed, by)


def empty_marks(listed: list[Item]) -> list[Mark]:
    """Return marks of answers that say nothing."""
    return marks(listed, {item.id: Answer(item.id, "", None, None, False, None, "empty", 0.0) for item in listed})
