"""Two ECGs exchanged: which question has the same answer then, and what the right answer becomes."""

from collections.abc import Hashable, Mapping, Sequence
from functools import cache

from einthoven.evaluate.item import Item
from einthoven.instruct.ecgqa.templates import SWAPPED as ECG_QA
from einthoven.instruct.ecgqa.templates import templates

Given = str | tuple[str, ...]
Template = int | str


@cache
def partners() -> Mapping[Template, Template]:
    """Return template of two ECGs -> the template that has its answer when they change places."""
    from einthoven.instruct.families.comparison import SWAPPED

    found: dict[Template, Template] = {}
    found.update(ECG_QA.items())
    found.update(SWAPPED.items())
    return found


def template_of(item: Item) -> Template | None:
    """Return the template of a question about two ECGs for which it is known what an exchange does."""
    template = item.facts.get("template", item.sample.about.get("template"))
    known = isinstance(template, int | str) and template in partners()
    return template if known and len(item.sample.ecgs) == 2 else None


def answers_known(items: Sequence[Item]) -> dict[Hashable, Item]:
    """Return what is asked of which ECGs in which order -> the item that says the right answer."""
    known: dict[Hashable, Item] = {}
    for item in items:
        template, asked = template_of(item), asked_of(item)
        if template is not None and asked is not None:
            known.setdefault((template, asked, item.sample.ecgs), item)
    return known


def asked_of(item: Item) -> Hashable | None:
    """Return what fills the template: () where it needs nothing, None where that is not known."""
    template = template_of(item)
    if isinstance(template, int) and templates()[template].mode == "query":
        return ()
    told = item.sample.about
    asked = item.facts.get("asked", told.get("asked", told.get("attribute")))
    if asked is None:
        return None
    return (asked,) if isinstance(asked, str) else tuple(sorted(map(str, asked)))


def partner_of(item: Item, known: Mapping[Hashable, Item]) -> Item | None:
    """Return the item that asks the partner question of the same ECGs in the same order (itself for some)."""
    template, asked = template_of(item), asked_of(item)
    if template is None:
        return None
    if partners()[template] == template:
        return item
    return None if asked is None else known.get((partners()[template], asked, item.sample.ecgs))


def answer_exchanged(item: Item, known: Mapping[Hashable, Item]) -> Given | None:
    """Return the right answer to an item's question when its two ECGs change places, None where it is not known.

    From the task ("swapped" among its facts), the partner question, the same question about the exchanged ECGs, or,
    to verify, because what holds one way round of "resolved" or "became normal" cannot hold the other way round.
    """
    if "swapped" in item.facts:
        told = item.facts["swapped"]
        return tuple(told) if isinstance(told, list) else told
    partner = partner_of(item, known)
    if partner is None and (asked := asked_of(item)) is not None:
        partner = known.get((template_of(item), asked, item.sample.ecgs[::-1]))
    if partner is not None and set(partner.sample.options or ()) == set(item.sample.options or ()):
        return partner.sample.answer
    return "no" if one_way(item) and item.gold == {"yes"} else None


def one_way(item: Item) -> bool:
    """Tell whether it is asked for a change that two ECGs can show in one order only, to be answered yes or no."""
    template = template_of(item)
    return isinstance(template, int) and templates()[template].yes_no and partners()[template] != template
