"""Who is shown whose ECG: permutations in which nobody gets an ECG of the same patient, and no answer is lost."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from einthoven.core.rng import rng
from einthoven.evaluate.item import Item
from einthoven.instruct.severity import level

TRIES = 32  # at random, before all are tried


def what_is_asked(item: Item) -> str | None:
    """Return what tells a question from others of its group, None where the group says it all.

    A line of a set has a `key`, a question of ECG-QA that was made here `asked` and `place`; of others nobody knows
    more than their words, so that two wordings are taken for two questions.
    """
    told = item.sample.about
    if told.get("key"):
        return None
    if told.get("asked") is not None:
        return f"{told['asked']} {told.get('place') or ''}".strip()
    return item.sample.question


def question_key(item: Item) -> Hashable:
    """Return what two items share when their ECGs may change places: what is asked, of how many ECGs, and how."""
    options = item.sample.options
    return item.group, item.kind, None if options is None else tuple(sorted(options)), len(item.sample.ecgs), item.unit


def severity_key(item: Item) -> Hashable | None:
    """Return the same with the level of severity, None where no label tells it."""
    return None if item.severity is None else (question_key(item), level(item.severity))


def donors(items: Sequence[Item], keys: Sequence[Hashable | None], seed: int, name: str) -> dict[str, Item]:
    """Return item id -> the item whose ECGs are shown in its place, for all that have a partner.

    keys: what an item and its donor have in common; None has no partner. Each ECG that is shown is shown as often as
    it was, so that the mix of right answers stays the same; nobody is shown an ECG of the same patient. The same for
    the same items in any order, seed and name.
    """
    buckets: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for item, key in sorted(zip(items, keys, strict=True), key=lambda pair: pair[0].id):
        if key is not None and item.sample.ecgs:
            buckets[key].append(item)
    found: dict[str, Item] = {}
    for bucket in buckets.values():
        random = rng("audit", name, seed, bucket[0].id)
        places = derange([_who(item) for item in bucket], random)
        found |= {bucket[here].id: bucket[there] for here, there in places.items()}
    return found


def _who(item: Item) -> frozenset[str]:
    return frozenset(item.patients) | frozenset(item.sample.ecgs)


def derange(who: Sequence[frozenset[str]], random: np.random.Generator) -> dict[int, int]:
    """Return a permutation of places, place -> other place, in which no two that meet have anybody in common.

    Left out are as few as it takes where someone has more than half of the places, and what cannot be paired.
    """
    kept = _without_excess(who, list(range(len(who))), random)
    while len(kept) > 1:
        there = dict(zip(kept, (kept[place] for place in random.permutation(len(kept))), strict=True))
        for here in kept:
            if _meets(who, here, there[here]):
                _exchange(who, here, there, kept, random)
        stuck = {here for here in kept if _meets(who, here, there[here])}
        if not stuck:
            return there
        kept = [here for here in kept if here not in stuck]
    return {}


def _meets(who: Sequence[frozenset[str]], here: int, there: int) -> bool:
    return not who[here].isdisjoint(who[there])


def _exchange(
    who: Sequence[frozenset[str]], here: int, there: dict[int, int], kept: Sequence[int], random: np.random.Generator
) -> None:
    """Let `here` change donors with someone so that both are well served, where there is such a one.

    There always is where everybody belongs to one patient who has at most half of the places.
    """
    some = (kept[place] for place in random.integers(len(kept), size=TRIES))
    for other in (*some, *(kept[place] for place in random.permutation(len(kept)))):
        if not _meets(who, here, there[other]) and not _meets(who, other, there[here]):
            there[here], there[other] = there[other], there[here]
            return


def _without_excess(who: Sequence[frozenset[str]], kept: list[int], random: np.random.Generator) -> list[int]:
    """Leave out, by lot, places of whoever has more than half of them: they could only be shown their own."""
    while kept:
        counts: Mapping[str, int] = Counter(name for place in kept for name in who[place])
        name = max(counts, key=lambda one: (counts[one], one), default="")
        excess = 2 * counts.get(name, 0) - len(kept)
        if excess <= 0:
            break
        of_name = [place for place in kept if name in who[place]]
        dropped = {of_name[place] for place in random.permutation(len(of_name))[:excess]}
        kept = [place for place in kept if place not in dropped]
    return kept
