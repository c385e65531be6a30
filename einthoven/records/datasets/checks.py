"""What is wrong with the rows of a dataset as a whole, in lines that a person can act on; the rest goes on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from einthoven.records.datasets import Dataset, Row, Rows
from einthoven.records.datasets.mapping import findings_of

_HELD_BACK = {"test": 2, "valid": 1, "train": 0}
_SHOWN = 10


@dataclass(frozen=True)
class Problems:
    """What was left out and why, and the labels that were not understood.

    doubled: ids that stand twice; both_sides: patients in two splits; unknown, nameless: code -> recordings that carry
    it, see `Mapped`; labels, labels_read: how many labels there are, and how many of them became findings.
    """

    dataset: str
    kept: int
    missing: int
    left_out: tuple[str, ...]
    left_out_count: int
    doubled: tuple[str, ...]
    both_sides: tuple[str, ...]
    unknown: Mapping[str, int]
    nameless: Mapping[str, int]
    labels: int
    labels_read: int

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the report, a line each; the first one counts."""
        share = f"{self.labels_read} of {self.labels} labels are findings" if self.labels else "no labels"
        found = [f"{self.dataset}: {self.kept} recordings kept; {share}"]
        if self.missing:
            found.append(f"{self.missing} of the table have no file here")
        if self.left_out_count:
            found.append(f"{self.left_out_count} left out, as they could not be used:")
        found.extend(f"  {reason}" for reason in self.left_out)
        if self.doubled:
            found.append(f"{len(self.doubled)} ids stand more than once; the first is kept: {_some(self.doubled)}")
        if self.both_sides:
            told = "kept only where most is held back (test, then valid)"
            found.append(f"{len(self.both_sides)} patients are in two splits; {told}: {_some(self.both_sides)}")
        if self.unknown:
            found.append(f"{len(self.unknown)} codes are unknown: {_counted(self.unknown)}")
        if self.nameless:
            found.append(f"{len(self.nameless)} codes have no finding: {_counted(self.nameless)}")
        return tuple(found)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def checked(dataset: Dataset, rows: Rows) -> tuple[Rows, Problems]:
    """Return the rows without doubled ids and with each patient on one side only, and a report of all that is wrong.

    Raises nothing: unreadable signals are found when they are read.
    """
    once: dict[str, Row] = {}
    for row in rows:
        once.setdefault(row.id, row)
    doubled = [name for name, count in Counter(row.id for row in rows).items() if count > 1]
    kept, both_sides = _on_one_side(tuple(once.values()))
    unknown: Counter[str] = Counter()
    nameless: Counter[str] = Counter()
    for row in kept:
        mapped = findings_of(dataset, row)
        unknown.update(mapped.unknown)
        nameless.update(mapped.nameless)
    labels = sum(len(row.labels) for row in kept)
    problems = Problems(
        dataset=dataset.name,
        kept=len(kept),
        missing=rows.missing,
        left_out=rows.left_out,
        left_out_count=rows.left_out_count,
        doubled=tuple(doubled),
        both_sides=both_sides,
        unknown=dict(unknown.most_common()),
        nameless=dict(nameless.most_common()),
        labels=labels,
        labels_read=labels - unknown.total() - nameless.total(),
    )
    return replace(rows, rows=kept), problems


def _on_one_side(rows: tuple[Row, ...]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Drop the recordings of a patient that are not in the split, among that patient's, which is most held back."""
    side: dict[str, str] = {}
    crossing: dict[str, None] = {}
    for row in rows:
        known = side.setdefault(row.patient, row.split)
        if known != row.split:
            crossing[row.patient] = None
            side[row.patient] = max(known, row.split, key=lambda split: _HELD_BACK.get(split, 0))
    return tuple(row for row in rows if side[row.patient] == row.split), tuple(crossing)


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _counted(codes: Mapping[str, int]) -> str:
    told = [f"{code[:60]} ({count})" for code, count in codes.items()]
    return _some(tuple(told))
