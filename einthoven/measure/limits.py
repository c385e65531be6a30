"""Where a figure lies among healthy adults: ranges by sex and age from `limits.csv`, with sources; none under 18."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from einthoven.core.ecg import Person
from einthoven.core.measurements import Amplitudes, Limit, Place

ADULT_YEARS = 18
SOURCES = {
    "mason2007": "Mason et al., J Electrocardiol 2007;40:228: 2nd and 98th percentile of 46,129 people at low risk",
    "rautaharju2013": "Rautaharju et al., J Electrocardiol 2013: 2nd and 98th percentile of 36,299 healthy women (WHI)",
    "rautaharju2009": "AHA/ACCF/HRS recommendations, part IV (Rautaharju et al., Circulation 2009;119:e241)",
    "surawicz2009": "AHA/ACCF/HRS recommendations, part III (Surawicz et al., Circulation 2009;119:e235)",
    "thygesen2018": "Fourth universal definition of infarction (Thygesen et al., J Am Coll Cardiol 2018;72:2231)",
}
UNKNOWN_AGE = "; age not stated, taken as an adult's"


@dataclass(frozen=True)
class Range:
    """One line of the table. sex: "" for both; ages in full years, None for no bound."""

    figure: str
    sex: str
    age_from: int
    age_to: int | None
    low: float | None
    high: float | None
    source: str

    def holds(self, person: Person) -> bool:
        """Tell whether the range is meant for this person; one without an age gets those of all adults."""
        if self.sex and self.sex != person.sex:
            return False
        if person.age_years is None:
            return self.age_from == ADULT_YEARS and self.age_to is None
        return self.age_from <= person.age_years and (self.age_to is None or person.age_years < self.age_to + 1)


@lru_cache(maxsize=1)
def ranges() -> tuple[Range, ...]:
    """Return the table, the most particular last."""

    def number(text: str) -> float | None:
        return float(text) if text else None

    with (Path(__file__).parent / "limits.csv").open(encoding="utf-8", newline="") as stream:
        lines = [
            Range(
                line["figure"], line["sex"], int(line["age_from"]), int(line["age_to"]) if line["age_to"] else None,
                number(line["low"]), number(line["high"]), line["source"],
            )
            for line in csv.DictReader(stream)
        ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (bool(line.sex), line.age_to is not None)))


def limits(
    figures: Mapping[str, float | None], amplitudes_mv: Mapping[str, Amplitudes], person: Person
) -> dict[str, Limit]:
    """Return figure -> its limit, for every figure that is measured and has one; nothing under 18.

    ST segments are called "st_j.V2" and so on.
    """
    if person.age_years is not None and person.age_years < ADULT_YEARS:
        return {}
    values = {name: value for name, value in figures.items() if value is not None}
    values |= {
        f"st_j.{lead}": one.st_j for lead, one in amplitudes_mv.items() if one.st_j is not None and lead != "aVR"
    }
    found = {}
    for figure, value in values.items():
        holding = [one for one in ranges() if one.figure == _row(figure) and one.holds(person)]
        if holding:
            found[figure] = _placed(value, holding[-1], person)
    return found


def _row(figure: str) -> str:
    """Return which line of the table a figure has: ST segments of V2 and V3 their own, of other leads one for all."""
    return "st_j.other" if figure.startswith("st_j.") and figure not in ("st_j.V2", "st_j.V3") else figure


def _placed(value: float, healthy: Range, person: Person) -> Limit:
    below = healthy.low is not None and value < healthy.low
    above = healthy.high is not None and value > healthy.high
    place: Place = "below" if below else "above" if above else "within"
    source = SOURCES[healthy.source] + (UNKNOWN_AGE if person.age_years is None else "")
    return Limit(healthy.low, healthy.high, place, source)
