"""What the answers of one arm come to, by type of question and in all, and how two arms differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from einthoven.evaluate.audit.estimates import Estimate, auroc, balanced_accuracy, mean_of, questions, share, shares
from einthoven.evaluate.audit.people import People
from einthoven.evaluate.marks import Mark

ALL, NO_TYPE = "all", "questions"
QUALITY = ("balanced_accuracy", "accuracy", "auroc")  # in all: the mean over types; other metrics: over all answers
FEW_PATIENTS = 30  # fewer are described, not ranked
Flag = Callable[[Mark], bool]
Estimates = dict[str, Estimate]


@dataclass(frozen=True)
class Figures:
    """Type ("all" stands last) -> metric -> estimate, and type -> share of answers that are not read."""

    by_type: Mapping[str, Estimates]
    unread: Mapping[str, float]

    def get(self, metric: str, type: str = ALL) -> Estimate | None:
        return self.by_type.get(type, {}).get(metric)

    def __sub__(self, other: "Figures") -> "Figures":
        """Return how much better (the metrics of QUALITY) these are, over the same draws of patients."""
        differences = {
            type: {name: here[name] - there[name] for name in QUALITY if name in here and name in there}
            for type, here, there in ((type, here, other.by_type.get(type, {})) for type, here in self.by_type.items())
        }
        return Figures(differences, {})

    def to_json(self, floor: "Figures | None" = None) -> dict[str, Any]:
        """floor: what is reached without an ECG, to stand beside."""
        return {
            type: {name: _json(one, self.unread.get(type), _floor(floor, name, type)) for name, one in metrics.items()}
            for type, metrics in self.by_type.items()
        }


def _json(one: Estimate, unread: float | None, floor: Estimate | None) -> dict[str, Any]:
    return one.score(unread, floor.value if floor else None).to_json()


def _floor(floor: Figures | None, metric: str, type: str) -> Estimate | None:
    return floor.get(metric, type) if floor and metric in QUALITY else None


def figures(people: People, marks: Sequence[Mark], flags: Mapping[str, Sequence[bool]] | None = None) -> Figures:
    """Return balanced accuracy, accuracy, AUROC, and the shares abstained, failed and of further flags, by type.

    flags: name -> one for each mark. A metric is absent where it cannot be had: free text has neither of the first
    three, numbers have accuracy only.
    """
    flags = {"abstained": [mark.state == "abstained" for mark in marks],
             "failed": [mark.state in ("failed", "missing") for mark in marks], **(flags or {})}  # fmt: skip
    who = people.places(marks)
    by_type: dict[str, Estimates] = {}
    unread: dict[str, float] = {}
    for type in dict.fromkeys(mark.item.type for mark in marks):
        places = [place for place, mark in enumerate(marks) if mark.item.type == type]
        of_type = [marks[place] for place in places]
        rest = shares(
            people, who[places], {name: [values[place] for place in places] for name, values in flags.items()}
        )
        by_type[type or NO_TYPE] = _quality(people, of_type) | rest
        unread[type or NO_TYPE] = _not_read(of_type)
    total: Estimates = {}
    for name in QUALITY:
        if one := mean_of([metrics[name] for metrics in by_type.values() if name in metrics]):
            total[name] = one
    total |= shares(people, who, flags)
    return Figures({**by_type, ALL: total}, {**unread, ALL: _not_read(marks)})


def _quality(people: People, marks: Sequence[Mark]) -> Estimates:
    exact = [mark for mark in marks if mark.item.kind != "text"]
    asked = list(questions(people, exact))
    right = share(people, exact, [mark.right for mark in exact])
    found = (balanced_accuracy(people, asked), right, auroc(people, asked))
    return {name: one for name, one in zip(QUALITY, found, strict=True) if one is not None}


def _not_read(marks: Sequence[Mark]) -> float:
    return sum(mark.state != "read" for mark in marks) / len(marks) if marks else 0.0


def forced(mark: Mark) -> Mark:
    """Return a mark as if the model had to choose: its likeliest option, or all that it holds likelier than not.

    Without probabilities it stays what it is.
    """
    if not mark.probabilities:
        return mark
    options = mark.item.sample.options or ()
    p = {option: mark.probabilities.get(option, 0.0) for option in options}
    likely = {option for option in options if p[option] >= 0.5}
    said = frozenset(likely if mark.item.kind == "any" else {max(options, key=lambda option: p[option])})
    return replace(mark, state="read", said=said, right=said == mark.item.gold)


def rates(people: People, marks: Sequence[Mark], flags: Sequence[bool]) -> dict[str, Any]:
    """Return the share of marks with a flag by type and in all, {} of no marks."""
    found: dict[str, Any] = {}
    for type in (*dict.fromkeys(mark.item.type for mark in marks), None):
        places = [place for place, mark in enumerate(marks) if type in (mark.item.type, None)]
        if one := share(people, [marks[place] for place in places], [flags[place] for place in places]):
            found[ALL if type is None else type or NO_TYPE] = one.score().to_json()
    return found


def answered(mark: Mark) -> Any:
    """Return what was said, to tell whether two answers are the same."""
    return mark.number if mark.item.kind == "number" else mark.said


def counts(marks: Iterable[Mark], items: Iterable[str]) -> dict[str, Any]:
    """Return how many answers, items and patients there are, and whether they are enough to be ranked."""
    marks = list(marks)
    patients = len({mark.item.cluster for mark in marks})
    return {
        "answers": len(marks),
        "items": len(set(items)),
        "patients": patients,
        "ranked": patients >= FEW_PATIENTS,
    }
