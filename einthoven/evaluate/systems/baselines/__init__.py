"""Baselines: what is right how often by majority, by words alone, by the nearest ECG, by chance; loaded by name."""

from collections.abc import Iterable
from importlib import import_module
from typing import Protocol, cast

from einthoven.core.errors import JobError
from einthoven.evaluate.item import Item
from einthoven.evaluate.run import System

_HERE = "einthoven.evaluate.systems.baselines"
BASELINES: dict[str, str] = {
    "majority": f"{_HERE}.majority:fit_majority",
    "template-majority": f"{_HERE}.majority:fit_template_majority",
    "text-only": f"{_HERE}.text_only:fit_text_only",
    "nearest": f"{_HERE}.nearest:fit_nearest",
    "uniform": f"{_HERE}.uniform:fit_uniform",
}


class Fit(Protocol):
    """What a baseline offers: from items with gold to a system.

    seed: of what is drawn; workers: processes that measure ECGs, where it measures any.
    """

    def __call__(self, items: Iterable[Item], seed: int, workers: int) -> System: ...


def baseline(name: str, train_items: Iterable[Item], seed: int = 0, workers: int = 0) -> System:
    """Return a baseline by its name in BASELINES, fitted on items with gold, which must not be those that it is asked.

    It knows the group and type of a question from `asked(item)`. Where training says nothing about a question, it
    abstains. Raises JobError for a name that is not there.
    """
    if name not in BASELINES:
        raise JobError(f"no baseline {name!r}; there are {', '.join(BASELINES)}")
    module, _, attribute = BASELINES[name].partition(":")
    return cast(Fit, getattr(import_module(module), attribute))(train_items, seed, workers)
