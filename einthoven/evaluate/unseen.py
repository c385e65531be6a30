"""Whom a model has seen is left out of what judges it, counted and said; a set that is mostly seen is no test."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from einthoven.core.seen import Seen, patient_key
from einthoven.evaluate.item import Item

MOSTLY = 0.5  # with fewer of its items left, a set is no test


@dataclass(frozen=True)
class Claim:
    """What is judged. items: those that are; left_out: how many are not; a_test: whether it may be called a test."""

    items: tuple[Item, ...]
    left_out: int
    a_test: bool
    note: str


def unseen(items: Sequence[Item], seen: Seen | None) -> Claim:
    """Return the items of patients that a model has neither been trained nor chosen on.

    Where most patients were only chosen on (their figures decided settings), these are judged all the same, and where
    nothing else is there those that it was trained on: either way the claim says that it is no test.
    """
    if seen is None:
        return Claim(tuple(items), 0, False, "whom the model was trained or chosen on is not known: no test")
    unknown = sum(not item.patients for item in items)
    told = f"; {unknown} items do not tell whose they are" if unknown else ""
    clean = _without(items, seen.trained | seen.chosen)
    if len(clean) >= MOSTLY * len(items):
        return _claim(items, clean, not unknown, f"of patients that the model has seen{told}")
    untrained = _without(items, seen.trained)
    if untrained:
        why = "of patients that the model was trained on; not a test: it was selected on most of these"
        if len(untrained) < MOSTLY * len(items):
            why = "of patients that the model was trained on; not a test: most of the set is seen"
        return _claim(items, untrained, False, why + told)
    return Claim(tuple(items), 0, False, f"not a test: the model was trained on all of these patients{told}")


def _without(items: Sequence[Item], keys: Collection[str]) -> list[Item]:
    return [item for item in items if not any(_key(patient) in keys for patient in item.patients)]


def _key(patient: str) -> str:
    dataset, _, own = patient.partition("/")
    return patient_key(dataset, own)


def _claim(items: Sequence[Item], kept: Sequence[Item], a_test: bool, why: str) -> Claim:
    left = len(items) - len(kept)
    return Claim(tuple(kept), left, a_test, f"{left} of {len(items)} items left out, {why}")
