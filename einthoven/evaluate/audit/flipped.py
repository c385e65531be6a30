"""Where severity points the wrong way: findings in hardly ill ECGs, and ill ECGs without what is asked."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from einthoven.evaluate.audit.figures import counts, figures
from einthoven.evaluate.audit.people import People
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import Mark

MOST_YES, LEAST_NO, LEAST_YES_ITEMS = 2, 3, 5
DEFINITIONS: dict[str, Callable[[Item], int | None]] = {
    "without_asked": lambda item: item.severity,
    "with_asked": lambda item: item.facts.get("s"),
}
"""S leaves out the finding that is asked, or counts it too."""


def flipped(people: People, marks: Sequence[Mark]) -> dict[str, Any] | None:
    """Return, by each definition of S, how the subset was answered, and all items of the same findings beside it.

    None where no finding has five yes and a no in it. From the answers with the true ECG: nothing more is asked.
    """
    found = {name: _of(people, marks, severity) for name, severity in DEFINITIONS.items()}
    return found if any(found.values()) else None


def subset(marks: Sequence[Mark], severity: Callable[[Item], int | None]) -> list[Mark]:
    """Return yes from S of 2 or less and no from S of 3 or more, of questions that have five such yes and such a no."""
    turned = [mark for mark in marks if _turned(mark, severity(mark.item))]
    amount = Counter((mark.item.group, mark.item.gold) for mark in turned)
    enough = {
        group
        for group, gold in amount
        if gold == {"yes"} and amount[group, gold] >= LEAST_YES_ITEMS and amount[group, frozenset(("no",))]
    }
    return [mark for mark in turned if mark.item.group in enough]


def _turned(mark: Mark, s: int | None) -> bool:
    if s is None or mark.item.kind != "one":
        return False
    return (mark.item.gold == {"yes"} and s <= MOST_YES) or (mark.item.gold == {"no"} and s >= LEAST_NO)


def _of(people: People, marks: Sequence[Mark], severity: Callable[[Item], int | None]) -> dict[str, Any] | None:
    chosen = subset(marks, severity)
    if not chosen:
        return None
    groups = {mark.item.group for mark in chosen}
    same = [mark for mark in marks if mark.item.group in groups and mark.item.kind == "one"]
    here, there = figures(people, chosen), figures(people, same)
    yes = sum(mark.item.gold == {"yes"} for mark in chosen)
    return {
        **counts(chosen, (mark.item.id for mark in chosen)),
        "yes": yes,
        "no": len(chosen) - yes,
        "findings": len(groups),
        "by_type": here.to_json(),
        "same_findings": there.to_json(),
        "drop": (there - here).to_json(),
    }
