"""From the answers in all arms to what they show: how much better with the true ECG, whom they follow, what they miss.

The keys of `audit` are those of audit.json: one an arm (None where there is nothing to ask, `absent` says why),
"other_own_label", "flipped", "text_only" and "summary". All intervals are over the same draws of patients, so that a
difference is a paired one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from einthoven.core.errors import JobError
from einthoven.core.sample import Answer
from einthoven.evaluate.audit.arms import ARMS, LEFT_OUT, UNSEEN, Arm, ArmItem
from einthoven.evaluate.audit.estimates import balanced_accuracy, questions, share
from einthoven.evaluate.audit.exchange import answers_known, one_way, partner_of
from einthoven.evaluate.audit.figures import Figures, answered, counts, figures, forced, rates
from einthoven.evaluate.audit.flipped import flipped
from einthoven.evaluate.audit.flips import flips, right_answer_changed
from einthoven.evaluate.audit.people import People
from einthoven.evaluate.audit.verdict import verdict
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import Mark, mark

Json = dict[str, Any]
_BECAUSE: dict[str, str] = {
    **LEFT_OUT,
    "flipped": "no question answered with yes or no has five yes from S of 2 or less beside a no from S of 3 or more, "
    "or severity is not known",
}


@dataclass(frozen=True)
class Marked:
    """A question of an arm and its answer. mark: by the gold of the true ECG; own: by that of what is shown."""

    one: ArmItem
    mark: Mark
    own: Mark | None


@dataclass(frozen=True)
class Bench:
    """All that is judged. true: item id -> its mark with the true ECG."""

    people: People
    arms: Mapping[Arm, list[Marked]]
    true: Mapping[str, Mark]
    true_figures: Figures

    def figures(self, marks: Sequence[Mark], flags: Mapping[str, Sequence[bool]] | None = None) -> Figures:
        return figures(self.people, marks, flags)

    def before(self, marked: Iterable[Marked]) -> list[Mark]:
        """Return the marks of the same items with the true ECG, each once."""
        return [self.true[id] for id in dict.fromkeys(found.one.origin.id for found in marked)]

    def changed(self, marked: Sequence[Marked]) -> dict[str, list[bool]]:
        """Tell where the answer is another one than with the true ECG."""
        return {"changed": [answered(found.mark) != answered(self.true[found.one.origin.id]) for found in marked]}


def audit(arms: Mapping[Arm, Sequence[ArmItem]], answers: Mapping[str, Answer], text_only: Sequence[Mark] = ()) -> Json:
    """Return what the answers (by the ids of the arms, see `expand`) show; ready for JSON.

    text_only: marks of a system that only reads the question, on the same items. Raises JobError without any item.
    """
    if not arms.get("true"):
        raise JobError("there is nothing to audit: the task has no items")
    marked = {arm: [_marked(one, answers) for one in arms.get(arm, ())] for arm in ARMS}
    true = {found.one.origin.id: found.mark for found in marked["true"]}
    people = People.of(list(true.values()))
    bench = Bench(people, marked, true, figures(people, list(true.values())))
    floor = _forced(bench, "none")
    found: Json = {"true": _true(bench, floor)}
    found |= {"other": _of_others(bench, "other"), "other_own_label": _own_label(bench, marked["other"])}
    found["matched"] = _of_others(bench, "matched", own_label=_own_label(bench, marked["matched"]))
    found |= {arm: _nothing_to_read(bench, arm) for arm in ("flat", "noise", "none")}
    found |= {"permuted": _permuted(bench), "swapped": _swapped(bench), "phrasing": _phrasing(bench)}
    found["flipped"] = flipped(people, list(true.values()))
    found["text_only"] = _text_only(bench, text_only)
    found["absent"] = {arm: why for arm, why in _BECAUSE.items() if found[arm] is None}
    found["summary"] = {"verdict": verdict(found)}
    return found


def _marked(one: ArmItem, answers: Mapping[str, Answer]) -> Marked:
    answer = answers.get(one.id)
    return Marked(one, mark(one.item, answer), mark(one.shown, answer) if one.shown else None)


def _arm(bench: Bench, arm: Arm, marked: Sequence[Marked]) -> Json:
    """Return the counts of an arm, and how many items have no place in it."""
    items = {found.one.origin.id for found in marked}
    out = len(bench.true) - len(items)
    counted = counts((found.mark for found in marked), items)
    return {**counted, "left_out": out, "left_out_because": LEFT_OUT[arm] if out else ""}


def _true(bench: Bench, floor: Figures | None) -> Json:
    chosen = bench.figures([forced(mark) for mark in bench.true.values()])
    return {
        **_arm(bench, "true", bench.arms["true"]),
        "by_type": bench.true_figures.to_json(floor),
        "forced": chosen.to_json(floor),
    }


def _of_others(bench: Bench, arm: Arm, **beside: Json | None) -> Json | None:
    """Return how the answers about others' ECGs stand to the right answers about the true ones."""
    marked = bench.arms[arm]
    if not marked:
        return None
    here = bench.figures([found.mark for found in marked], bench.changed(marked))
    there = bench.figures(bench.before(marked))
    pairs = [(bench.true[found.one.origin.id], found.own) for found in marked if found.own]
    return {
        **_arm(bench, arm, marked),
        "by_type": here.to_json(),
        "true": there.to_json(),
        "reliance": (there - here).to_json(),
        "perfect_reader": _perfect(bench, marked),
        "by_permutation": _each(bench, marked),
        "flips": flips(bench.people, pairs),
        **beside,
    }


def _perfect(bench: Bench, marked: Sequence[Marked]) -> dict[str, Json]:
    """Return what a reader who is always right about the ECG shown would have by the gold of the true one."""
    as_shown = [_answered_as_shown(found.mark.item, found.own.item) for found in marked if found.own]
    return bench.figures(as_shown).to_json()


def _answered_as_shown(item: Item, shown: Item) -> Mark:
    right = not right_answer_changed(item, shown)
    return Mark(item, "read", said=None if item.kind == "number" else shown.gold, right=right)


def _each(bench: Bench, marked: Sequence[Marked]) -> dict[str, float | None]:
    """Return variant -> balanced accuracy over all of its questions, to see how much the permutation matters."""
    found: dict[str, float | None] = {}
    for variant in dict.fromkeys(one.one.variant for one in marked):
        marks = [one.mark for one in marked if one.one.variant == variant]
        value = balanced_accuracy(bench.people, list(questions(bench.people, marks)))
        found[variant] = round(value.value, 4) if value else None
    return found


def _own_label(bench: Bench, marked: Sequence[Marked]) -> Json | None:
    """Return how the answers stand to the right answers about the ECGs that were shown, and what is gained by that.

    By patients of the ECGs shown, also for what the gain is measured against.
    """
    own = [found.own for found in marked if found.own]
    if not own:
        return None
    by_true = [replace(found.mark, item=replace(found.mark.item, patients=found.own.item.patients))
               for found in marked if found.own]  # fmt: skip
    here = bench.figures(own)
    return {
        **counts(own, (found.one.origin.id for found in marked if found.own)),
        "by_type": here.to_json(),
        "gain": (here - bench.figures(by_true)).to_json(),
    }


def _forced(bench: Bench, arm: Arm) -> Figures | None:
    """Return how the likeliest options stand to the gold, None where there is not one choice in the arm."""
    chosen = [forced(found.mark) for found in bench.arms[arm]]
    return bench.figures(chosen) if any(mark.state == "read" for mark in chosen) else None


def _nothing_to_read(bench: Bench, arm: Arm) -> Json | None:
    """Return how often the model abstains where it should, and beside it how its forced choices stand to the gold."""
    marked = bench.arms[arm]
    if not marked:
        return None
    here = bench.figures([found.mark for found in marked], bench.changed(marked))
    chosen = _forced(bench, arm)
    there = bench.figures([forced(mark) for mark in bench.before(marked)])
    kinds = dict.fromkeys(found.one.variant for found in marked)
    return {
        **_arm(bench, arm, marked),
        "by_type": here.to_json(),
        "abstained": {kind: _abstained(bench, [one for one in marked if one.one.variant == kind]) for kind in kinds},
        "forced": chosen.to_json() if chosen else None,
        "true_minus_forced": (there - chosen).to_json() if chosen else None,
    }


def _abstained(bench: Bench, marked: Sequence[Marked]) -> Json:
    marks = [found.mark for found in marked]
    one = share(bench.people, marks, [mark.state == "abstained" for mark in marks])
    return one.score().to_json() if one else {}


def _permuted(bench: Bench) -> Json | None:
    marked = bench.arms["permuted"]
    if not marked:
        return None
    here = bench.figures([found.mark for found in marked], bench.changed(marked))
    there = bench.figures(bench.before(marked))
    return {
        **_arm(bench, "permuted", marked),
        "by_type": here.to_json(),
        "true": there.to_json(),
        "drop": (there - here).to_json(),
    }


def _swapped(bench: Bench) -> Json | None:
    """Return right answers after the exchange where they are known, and how often the partner question agrees."""
    marked = bench.arms["swapped"]
    if not marked:
        return None
    own = [found.own for found in marked if found.own]
    known = answers_known([found.one.origin for found in marked])
    paired = [
        (found.mark, bench.true[partner.id])
        for found in marked
        if (partner := partner_of(found.one.origin, known)) is not None and partner.id in bench.true
    ]
    marks, agree = (
        [here for here, _ in paired],
        [here.said is not None and here.said == there.said for here, there in paired],
    )
    both_ways = [found for found in marked if one_way(found.one.origin) and _yes(bench.true[found.one.origin.id])]
    return {
        **_arm(bench, "swapped", marked),
        "right_answer_known": len(own),
        "by_type": bench.figures(own).to_json() if own else {},
        "consistency": rates(bench.people, marks, agree),
        "yes_both_ways": _share(bench, [found.mark for found in both_ways], [_yes(found.mark) for found in both_ways]),
    }


def _yes(mark: Mark) -> bool:
    return mark.said == frozenset(("yes",))


def _share(bench: Bench, marks: Sequence[Mark], flags: Sequence[bool]) -> Json | None:
    one = share(bench.people, marks, flags)
    return one.score().to_json() if one else None


def _phrasing(bench: Bench) -> Json | None:
    marked = bench.arms["phrasing"]
    if not marked:
        return None
    unseen = [found for found in marked if found.one.variant == UNSEEN]
    seen = {found.one.origin.id: found.mark for found in marked if found.one.variant != UNSEEN}
    changed = [answered(found.mark) != answered(seen[found.one.origin.id]) for found in unseen]
    here = bench.figures([found.mark for found in unseen], {"changed": changed})
    there = bench.figures(list(seen.values()))
    return {
        **_arm(bench, "phrasing", unseen),
        "by_type": here.to_json(),
        "seen": there.to_json(),
        "gap": (there - here).to_json(),
    }


def _text_only(bench: Bench, text_only: Sequence[Mark]) -> Json | None:
    """Return a system that only reads the question, and how much better the true ECG is, on the items of both."""
    marks = {mark.item.id: mark for mark in text_only if mark.item.id in bench.true}
    if not marks:
        return None
    here = bench.figures([replace(mark, item=bench.true[id].item) for id, mark in marks.items()])
    there = bench.figures([bench.true[id] for id in marks])
    return {"by_type": here.to_json(), "true_minus_text_only": (there - here).to_json()}
