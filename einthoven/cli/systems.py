"""Who answers a benchmark: `default`, a folder, openai:URL#NAME, answers:FILE, baseline:NAME, or no-ecg:MODEL."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from einthoven.core.sample import Answer, Sample
    from einthoven.evaluate.bench import Who
    from einthoven.evaluate.item import Item


@dataclass(frozen=True)
class Loaded:
    """A model by its name, loaded where it answers: so it can be sent to worker processes."""

    model: str

    def __call__(self, samples: "Iterable[Sample]") -> "Iterator[Answer]":
        """Answer samples, in order. Raises ModelError, InputError, QuestionError."""
        from einthoven.ask import load_model

        return load_model(self.model)(samples)


def who_is(model: str, train_items: "Callable[[], list[Item]]") -> "Who":
    """Return who answers; train_items: what a baseline is fitted on. Raises ModelError for what is none of these."""
    from einthoven.core.errors import ModelError
    from einthoven.core.seen import Seen
    from einthoven.evaluate.bench import Who

    kind, _, rest = model.partition(":")
    if kind == "answers" and rest:
        return Who(model, stored=Path(rest))
    if kind == "openai" and rest:
        from einthoven.evaluate.systems.openai import openai_system

        return Who(model, openai_system(rest))
    if kind == "baseline":
        from einthoven.evaluate.systems.baselines import baseline

        items = train_items()
        if not items:
            raise ModelError(f"{model}: a baseline is fitted on the train items of the task, and there are none here")
        seen = frozenset(patient for item in items for patient in item.patients)
        return Who(model, baseline(rest, items), seen=Seen(frozenset(map(_key, seen))))
    if kind == "no-ecg" and rest:
        from einthoven.evaluate.systems.plain import without_ecg

        whole = who_is(rest, train_items)
        if whole.system is None:
            raise ModelError(f"{model}: stored answers cannot be asked again; give a model")
        return replace(whole, name=f"{whole.name} without the ECG", system=without_ecg(whole.system))
    return _own(model)


def _own(model: str) -> "Who":
    from einthoven.ask import DEFAULT, load_model
    from einthoven.core.seen import read_seen
    from einthoven.evaluate.bench import Who

    loaded = load_model(model)
    folder = DEFAULT if model == "default" else Path(model)
    return Who(loaded.answerer.name, Loaded(model), seen=read_seen(folder))


def _key(patient: str) -> str:
    from einthoven.core.seen import patient_key

    dataset, _, own = patient.partition("/")
    return patient_key(dataset, own)
