"""All that the families of one recording ask of a made case: what formats, talks and samples are tried on."""

from functools import cache

from einthoven.core.rng import rng
from einthoven.instruct.case import Case
from einthoven.instruct.families import FAMILIES, load_family
from einthoven.instruct.family import Asked, Asker
from tests.instruct.many import many


@cache
def _families() -> tuple[str, ...]:
    """The families of single recordings that are there."""
    found = []
    for name in FAMILIES:
        try:
            family = load_family(name)
        except ModuleNotFoundError:
            continue
        found += [name] if not family.pairs else []
    return tuple(found)


def asked_of(of: Case) -> list[Asked]:
    """Everything that may be asked of a case."""
    return [one for name in _families() for one in load_family(name).ask(of, Asker(of.split, rng(name, of.id)))]


@cache
def all_asked(count: int = 60) -> tuple[tuple[Asked, ...], ...]:
    """Of each of many made cases."""
    return tuple(tuple(asked_of(of)) for of in many(count))
