"""Does the answer go over to the new right one where the ECG shown changes it, and stay where it does not?"""

from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.evaluate.audit.estimates import shares
from einthoven.evaluate.audit.figures import answered
from einthoven.evaluate.audit.people import People
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import Mark

Pair = tuple[Mark, Mark]
"""An answer about the true ECG, and one about another ECG, marked by the gold of that."""
WAYS = ("flipped", "kept", "elsewhere", "no_answer")


def flips(people: People, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return shares, with intervals, of pairs whose right answer changed, of the others, and, to verify, by direction.

    flipped: another answer than before, and the new right one; kept: the answer of before; elsewhere: another, wrong
    one; no_answer: nothing that can be read about the other ECG. They add up to 1. `changed` of those whose right
    answer stayed: another answer all the same.
    """
    new = [pair for pair in pairs if right_answer_changed(pair[0].item, pair[1].item)]
    same = [pair for pair in pairs if not right_answer_changed(pair[0].item, pair[1].item)]
    found: dict[str, Any] = {"right_answer_changed": _ways(people, new), "right_answer_stayed": _stayed(people, same)}
    for old, other in (("yes", "no"), ("no", "yes")):
        of_way = [pair for pair in new if pair[0].item.gold == {old} and pair[1].item.gold == {other}]
        if of_way:
            found[f"{old}_to_{other}"] = _ways(people, of_way)
    return found


def right_answer_changed(before: Item, after: Item) -> bool:
    """Tell whether the right answer to the same question is another: for numbers, by more than may be missed."""
    if before.kind != "number":
        return before.gold != after.gold
    return abs(float(next(iter(before.gold))) - float(next(iter(after.gold)))) > before.tolerance


def _way(pair: Pair) -> str:
    before, after = pair
    if after.state != "read":
        return "no_answer"
    if answered(before) == answered(after):
        return "kept"
    return "flipped" if after.right else "elsewhere"


def _ways(people: People, pairs: Sequence[Pair]) -> dict[str, Any]:
    ways = [_way(pair) for pair in pairs]
    return {"n": len(pairs)} | _shares(people, pairs, {name: [way == name for way in ways] for name in WAYS})


def _stayed(people: People, pairs: Sequence[Pair]) -> dict[str, Any]:
    changed = [answered(before) != answered(after) for before, after in pairs]
    return {"n": len(pairs)} | _shares(people, pairs, {"changed": changed})


def _shares(people: People, pairs: Sequence[Pair], flags: Mapping[str, Sequence[bool]]) -> dict[str, Any]:
    who = people.places([before for before, _ in pairs])
    return {name: one.score().to_json() for name, one in shares(people, who, flags).items()}
