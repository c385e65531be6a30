"""How ill an ECG is, told from its labels alone: the confounder that decides what is asked and what is answered.

S counts, whatever their likelihood: abnormal diagnostic subclasses (all but NORM; a code without a subclass counts for
itself), form labels, and rhythm labels other than SR. A code that is a diagnostic and a form statement (DIG, LNGQT,
NDT, NST_) counts as both. S' leaves out the label that is asked: an ECG that shows a finding can never have S = 0.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from einthoven.core.findings import finding

LEVELS = ("0", "1", "2", "3-4", "5+")
_NOT_ILL = frozenset(("NORM", "SR"))
_LEVEL_OF = (0, 1, 2, 3, 3)  # 5 and more: the last level


@dataclass(frozen=True)
class Severity:
    """s: of all labels of a recording; s_without: without the label that a question asks for."""

    s: int
    s_without: int

    def to_json(self) -> dict[str, int]:
        return {"s": self.s, "s_without": self.s_without}


@cache
def _counts_as(code: str) -> frozenset[str]:
    """What a code adds to S: two codes of one subclass add the same thing, so that it counts once."""
    found = finding(code)
    if code in _NOT_ILL:
        return frozenset()
    named = {"diagnostic": found.subclass or code, "form": code, "rhythm": code}
    return frozenset(f"{kind}:{named[kind]}" for kind in found.kinds)


def severity_of(codes: Collection[str]) -> int:
    """Return S of these findings. Raises QuestionError for unknown codes.

    >>> severity_of(("NORM", "SR")), severity_of(("IMI", "ILMI", "SR")), severity_of(("NDT", "AFIB"))
    (0, 1, 3)
    """
    return len(frozenset().union(*map(_counts_as, codes)))


def severity_without(codes: Collection[str], asked_code: str) -> int:
    """Return S' where one finding is asked for, there or not: S of all the others (for SR, which adds nothing, S)."""
    return severity_of([code for code in codes if code != asked_code])


def severity(codes: Collection[str], asked_code: str) -> Severity:
    """Return S and S' of a recording with these findings, of which one is asked for."""
    return Severity(severity_of(codes), severity_without(codes, asked_code))


def level(s: int) -> int:
    """Return the place of a severity in LEVELS: 0, 1, 2, 3 to 4, 5 and more."""
    return _LEVEL_OF[s] if s < len(_LEVEL_OF) else len(LEVELS) - 1
