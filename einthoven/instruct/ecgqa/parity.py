"""A made set beside the official one, type by type: how many, how they are answered, which templates there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from einthoven.core.sample import Sample
from einthoven.instruct.ecgqa.templates import templates

TYPES = tuple(dict.fromkeys(template.question_type for template in templates().values()))


@dataclass
class _Tally:
    """The count of one type in one set."""

    samples: int = 0
    answers: int = 0
    none: int = 0
    said: Counter[str] = field(default_factory=Counter)
    templates: Counter[int] = field(default_factory=Counter)
    ecgs: set[str] = field(default_factory=set)

    def add(self, sample: Sample) -> None:
        answer = sample.answer or ()
        self.samples += 1
        self.answers += len(answer)
        self.none += not answer
        self.said.update(one for one in answer if one in ("yes", "no", "not sure"))
        self.templates[sample.about["template"]] += 1
        self.ecgs.update(sample.ecgs)

    def to_json(self, question_type: str, total: int) -> dict[str, Any]:
        """Return counts and shares; a share of nothing is None."""
        wanted = [number for number, one in templates().items() if one.question_type == question_type]
        verify = question_type.endswith("verify")

        def share(part: int) -> float | None:
            return round(part / self.samples, 4) if self.samples else None

        return {
            "samples": self.samples,
            "share_of_all": round(self.samples / total, 4) if total else None,
            "ecgs": len(self.ecgs),
            "yes": share(self.said["yes"]) if verify else None,
            "no": share(self.said["no"]) if verify else None,
            "not_sure": share(self.said["not sure"]) if verify else None,
            "none": None if verify else share(self.none),
            "answers_per_item": round(self.answers / self.samples, 3) if self.samples else None,
            "templates": {str(number): self.templates[number] for number in wanted if self.templates[number]},
            "templates_missing": [number for number in wanted if not self.templates[number]],
        }


def parity(ours: Iterable[Sample], official: Iterable[Sample]) -> dict[str, Any]:
    """Return both sets by question type and as a whole; both are read once, sample by sample.

    The official set may be any part of the files: its counts are those of the part, its shares may be compared.
    """
    sets = {"ours": _tallies(ours), "official": _tallies(official)}
    totals = {name: sum(tally.samples for tally in tallies.values()) for name, tallies in sets.items()}
    return {
        "totals": totals,
        "types": {
            one: {name: tallies[one].to_json(one, totals[name]) for name, tallies in sets.items()} for one in TYPES
        },
    }


def _tallies(samples: Iterable[Sample]) -> Mapping[str, _Tally]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for sample in samples:
        tallies[sample.about["type"]].add(sample)
    return tallies


_COLUMNS = ("samples", "share_of_all", "yes", "no", "not_sure", "none", "answers_per_item")


def parity_table(report: Mapping[str, Any]) -> str:
    """Return a report of `parity` as a text table, ours / official in each cell."""
    lines = [["type", *(name.replace("_", " ") for name in _COLUMNS), "templates"]]
    for question_type, sides in report["types"].items():
        ours, theirs = sides["ours"], sides["official"]
        cells = [f"{_said(ours[name])} / {_said(theirs[name])}" for name in _COLUMNS]
        lines.append([question_type, *cells, f"{len(ours['templates'])} / {len(theirs['templates'])}"])
    lines.append(["all", f"{report['totals']['ours']} / {report['totals']['official']}", *[""] * len(_COLUMNS)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _said(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)
