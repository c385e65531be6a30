"""One question of a benchmark, with all that marking an answer to it needs: gold, patients, and what is asked."""

from dataclasses import dataclass, field
from typing import Any, Literal

from einthoven.core.sample import Sample

Kind = Literal["one", "any", "number", "text"]


@dataclass(frozen=True)
class Item:
    """A sample whose `answer` is the gold, and what is known of it.

    patients: `DATASET/PATIENT`, for intervals and for leaving out whom a model has seen; () where nobody knows.
    group: what is asked whatever the words ("finding:AFIB", "T26", "super"): answers are dealt, and majorities taken,
    within a group. type: what scores are told by ("single-verify", "yes/no"). unit, tolerance: of a number's gold.
    severity: S of the (last) ECG without what is asked, None where labels do not tell. facts: what else a task's own
    marks need (labels of a report, figures, the released gold text).
    """

    sample: Sample
    patients: tuple[str, ...] = ()
    group: str = ""
    type: str = ""
    unit: str | None = None
    tolerance: float = 0.0
    severity: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.sample.id

    @property
    def kind(self) -> Kind:
        """What is marked: one of the options, any number of them, a number, or free text."""
        if self.sample.options is not None:
            return self.sample.pick
        return "text" if self.unit is None else "number"

    @property
    def gold(self) -> frozenset[str]:
        """The right answer as a set: of options, or of the one text."""
        answer = self.sample.answer
        if answer is None:
            return frozenset()
        return frozenset(answer) if isinstance(answer, tuple) else frozenset((answer,))

    @property
    def cluster(self) -> str:
        """Whom the item belongs to when patients are drawn again: its first patient, its first ECG, or itself."""
        return self.patients[0] if self.patients else next(iter(self.sample.ecgs), self.id)
