"""Then and now: two recordings of one patient as an ordered pair."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

from einthoven.records.datasets import Row


@dataclass(frozen=True)
class Pair:
    """Two recordings of one patient in one split; `previous` is the earlier one."""

    previous: Row
    recent: Row

    @property
    def gap_days(self) -> float:
        """Days between them."""
        if self.previous.recorded_at is None or self.recent.recorded_at is None:
            return float("nan")
        return (self.recent.recorded_at - self.previous.recorded_at).total_seconds() / 86_400


def pairs(rows: Iterable[Row], consecutive: bool = False) -> list[Pair]:
    """Return the pairs of every patient, by patient as first met, then by time; all pairs, or neighbours in time only.

    Rows without a date, and two rows of the same instant, have no order and make no pair; neither do two splits.
    """
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.recorded_at is not None:
            groups[row.patient, row.split].append(row)
    found = []
    for group in groups.values():
        ordered = sorted(group, key=lambda row: (row.recorded_at, row.id))
        chosen = pairwise(ordered) if consecutive else combinations(ordered, 2)
        found += [Pair(previous, recent) for previous, recent in chosen if previous.recorded_at != recent.recorded_at]
    return found
