"""Which findings to ask of which ECG: as reports suggest, or so that the severity tells neither question nor answer.

naive: what a report says, and a plausible absent finding beside most of it: the sicker, the more and the other
questions, and mostly yes. independent: each finding is asked of ECGs whose S is distributed as in the archive,
whatever the answer: do(Q); nearly all answers are no. matched: each finding is asked of ECGs that show it and of
`no_per_yes` times as many that do not, both with the S' of the archive: S' tells nothing of question or answer, and
the question nothing of the answer. NORM defines S and is never chosen here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.core.errors import InputError
from einthoven.core.rng import rng
from einthoven.instruct.family import Dice
from einthoven.instruct.severity import LEVELS, Severity, level, severity_of, severity_without

Sampling = Literal["naive", "independent", "matched"]
SAMPLINGS: tuple[Sampling, ...] = ("naive", "independent", "matched")
DEFINE_S = frozenset(("NORM",))
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Offer:
    """What may be asked of one recording. yes, no: findings surely there, surely not; labels: all, for its severity."""

    id: str
    patient: str
    yes: frozenset[str]
    no: frozenset[str]
    labels: frozenset[str]


@dataclass(frozen=True)
class Candidate:
    """One yes/no question about one finding of one recording."""

    case: str
    patient: str
    about: str
    yes: bool
    severity: Severity


@dataclass(frozen=True)
class Rules:
    """no_per_yes: how often a finding is asked in vain for each time that it is there (ECG-QA: 2); at_least, most_yes:
    a finding with fewer yes items is left out of what is balanced, one with more is cut. For naive: how many absent
    findings beside each that is there, from how many of the commonest.
    """

    no_per_yes: int = 2
    at_least: int = 5
    most_yes: int = 1000
    absent_per_present: float = 0.6
    commonest: int = 15


DEFAULT_RULES = Rules()


@dataclass(frozen=True)
class Chosen:
    """The questions, in the order of their cases and findings, and what it took to balance them.

    target: share of each severity level that every finding was to have, None where it was not (naive); unused: finding
    -> times that it is there, but was not asked; left_out: finding -> times that it is there, too few at some level.
    """

    how: Sampling
    placebo: bool
    candidates: tuple[Candidate, ...]
    target: tuple[float, ...] | None
    unused: Mapping[str, int]
    left_out: Mapping[str, int]

    def asked(self) -> dict[str, tuple[tuple[str, bool], ...]]:
        """Return case -> its findings and answers; cases that are asked nothing are absent."""
        found: dict[str, list[tuple[str, bool]]] = {}
        for one in self.candidates:
            found.setdefault(one.case, []).append((one.about, one.yes))
        return {case: tuple(asked) for case, asked in found.items()}

    def to_json(self) -> dict[str, Any]:
        """Return the form of a manifest."""
        findings: dict[str, dict[str, int]] = {}
        for one in self.candidates:
            entry = findings.setdefault(one.about, {"yes": 0, "no": 0, "yes_unused": self.unused.get(one.about, 0)})
            entry["yes" if one.yes else "no"] += 1
        return {
            "sampling": self.how,
            "placebo": self.placebo,
            "cases": len({one.case for one in self.candidates}),
            "questions": len(self.candidates),
            "yes": sum(one.yes for one in self.candidates),
            "levels": None if self.target is None else dict(zip(LEVELS, self.target, strict=True)),
            "findings": dict(sorted(findings.items())),
            "left_out": dict(self.left_out),
        }


@dataclass
class _Archive:
    """N cases by K findings. state_NK: 1 there, 0 not there, -1 not to be asked; levels of S and of S' where asked."""

    offers: list[Offer]
    codes: list[str]
    state_NK: NDArray[np.int8]
    level_N: NDArray[np.int8]
    without_NK: NDArray[np.int8]
    chosen_NK: Flags
    asked_N: Counts

    def choose(self, cases: Places, finding: int) -> None:
        self.chosen_NK[cases, finding] = True
        self.asked_N[cases] += 1


def choose(
    offers: Iterable[Offer],
    how: Sampling,
    *,
    seed: int,
    per_case: int,
    placebo: bool = False,
    rules: Rules = DEFAULT_RULES,
) -> Chosen:
    """Choose at most `per_case` yes/no questions of each recording, whatever order these come in.

    placebo: severities change hands among the recordings before anything is balanced on them (naive: no effect).
    Raises InputError for an id that stands twice, QuestionError for a finding that is not in the vocabulary.
    """
    archive, random = _archive(offers), rng("balance", how, seed)
    if placebo:
        hands = rng("balance", "placebo", seed).permutation(len(archive.offers))
        archive.level_N, archive.without_NK = archive.level_N[hands], archive.without_NK[hands]
    yes_K = (archive.state_NK == 1).sum(axis=0)
    target_L: NDArray[np.float64] | None = None
    if how == "naive":
        _naive(archive, per_case, rules, random)
    elif how == "independent":
        target_L = _shares(archive.level_N)
        _independent(archive, per_case, target_L, rules, random)
    else:
        target_L = _shares(archive.without_NK[archive.state_NK >= 0])
        _matched(archive, per_case, target_L, rules, random)
    asked_K = (archive.chosen_NK & (archive.state_NK == 1)).sum(axis=0)
    used_K: list[bool] = [bool(column.any()) for column in archive.chosen_NK.T]
    rows = list(zip(archive.codes, yes_K.tolist(), asked_K.tolist(), used_K, strict=True))
    return Chosen(
        how=how,
        placebo=placebo,
        candidates=_candidates(archive),
        target=None if target_L is None else tuple(round(float(share), 4) for share in target_L),
        unused={code: there - asked for code, there, asked, used in rows if used},
        left_out={code: there for code, there, _, used in rows if not used and there},
    )


def _archive(offers: Iterable[Offer]) -> _Archive:
    listed = sorted(offers, key=lambda offer: offer.id)
    twice = next((one.id for one, other in pairwise(listed) if one.id == other.id), None)
    if twice is not None:
        raise InputError(f"two recordings have the id {twice!r}; put the name of the archive before it")
    codes = sorted(frozenset[str]().union(*(offer.yes | offer.no for offer in listed)) - DEFINE_S)
    place = {code: row for row, code in enumerate(codes)}
    state_NK = np.full((len(listed), len(codes)), -1, np.int8)
    level_N = np.zeros(len(listed), np.int8)
    for row, offer in enumerate(listed):
        state_NK[row, [place[code] for code in offer.no if code in place]] = 0
        state_NK[row, [place[code] for code in offer.yes if code in place]] = 1
        level_N[row] = level(severity_of(offer.labels))
    without_NK = np.repeat(level_N[:, None], len(codes), axis=1)
    for row, offer in enumerate(listed):
        for code in offer.labels & place.keys():
            without_NK[row, place[code]] = level(severity_without(offer.labels, code))
    chosen_NK = np.zeros(state_NK.shape, np.bool_)
    return _Archive(listed, codes, state_NK, level_N, without_NK, chosen_NK, np.zeros(len(listed), np.int64))


def _shares(levels: NDArray[np.int8]) -> NDArray[np.float64]:
    counts = np.bincount(levels, minlength=len(LEVELS))
    return np.asarray(counts / max(1, counts.sum()))


def _naive(archive: _Archive, per_case: int, rules: Rules, random: Dice) -> None:
    """Ask all that is there and, for most of these, one of the commonest findings that is not."""
    yes_K = (archive.state_NK == 1).sum(axis=0)
    common = np.argsort(-yes_K, kind="stable")[: rules.commonest]
    for row, state_K in enumerate(archive.state_NK):
        there, absent = np.flatnonzero(state_K == 1), common[state_K[common] == 0]
        wanted = min(int(random.binomial(len(there), rules.absent_per_present)), len(absent))
        listed = np.concatenate([there, random.choice(absent, wanted, replace=False)])
        archive.chosen_NK[row, random.permutation(listed)[:per_case]] = True


def _independent(archive: _Archive, per_case: int, target_L: NDArray[np.float64], rules: Rules, random: Dice) -> None:
    """Ask each finding equally often, of ECGs of all levels of S in the shares of the archive."""
    pool = np.flatnonzero((archive.state_NK == 1).sum(axis=0) >= rules.at_least)
    cap = len(archive.offers) * per_case // max(1, len(pool))
    for finding in pool[np.argsort((archive.state_NK[:, pool] >= 0).sum(axis=0), kind="stable")]:
        free_N = (archive.state_NK[:, finding] >= 0) & (archive.asked_N < per_case)
        cells = [np.flatnonzero(free_N & (archive.level_N == one)) for one in range(len(LEVELS))]
        quota_L = quota(np.array([len(cell) for cell in cells]), target_L, cap)
        for cell, count in zip(cells, quota_L, strict=True):
            # Those asked least come first, lest the findings that come last meet no ECG with room for a question.
            order = np.lexsort((random.random(len(cell)), archive.asked_N[cell]))
            archive.choose(cell[order[:count]], int(finding))


def _matched(archive: _Archive, per_case: int, target_L: NDArray[np.float64], rules: Rules, random: Dice) -> None:
    """Ask each finding of ECGs that show it and of others, both of all levels of S' in the shares of the archive.

    The rarest findings choose first: they have the fewest ECGs to choose from.
    """
    yes_K = (archive.state_NK == 1).sum(axis=0)
    for finding in np.argsort(yes_K, kind="stable"):
        room_N, state_N = archive.asked_N < per_case, archive.state_NK[:, finding]
        levels_N = archive.without_NK[:, finding]
        cells = [
            [np.flatnonzero(room_N & (state_N == state) & (levels_N == one)) for one in range(len(LEVELS))]
            for state in (1, 0)
        ]
        yes_L, no_L = (np.array([len(cell) for cell in row]) for row in cells)
        quota_L = quota(np.minimum(yes_L, no_L // rules.no_per_yes), target_L, rules.most_yes)
        if quota_L.sum() < max(1, rules.at_least):
            continue
        for row, times in zip(cells, (1, rules.no_per_yes), strict=True):
            for cell, count in zip(row, quota_L * times, strict=True):
                archive.choose(random.choice(cell, count, replace=False), int(finding))


def quota(most_L: Counts, target_L: NDArray[np.float64], cap: int) -> Counts:
    """Return how many to take of each level: as many as there are in these shares, at most `cap`, none above `most`.

    Whole numbers by largest remainder. What a level lacks lowers all: shares that differ would tell the finding.

    >>> quota(np.array([9, 2, 9]), np.array([0.5, 0.25, 0.25]), 100).tolist()
    [5, 2, 2]
    """
    asked = target_L > 0
    if not asked.any():
        return np.zeros(len(target_L), np.int64)
    total = min(cap, int(most_L.sum()), int(((most_L[asked] + 1) / target_L[asked]).min()))
    for count in range(total, 0, -1):
        exact_L = count * target_L
        taken_L = np.floor(exact_L + 1e-9).astype(np.int64)
        taken_L[np.argsort(taken_L - exact_L, kind="stable")[: count - taken_L.sum()]] += 1
        if (taken_L <= most_L).all():
            return taken_L
    return np.zeros(len(target_L), np.int64)


def _candidates(archive: _Archive) -> tuple[Candidate, ...]:
    """Return what is chosen, with the true severities, placebo or not."""
    rows = []
    for row, column in np.argwhere(archive.chosen_NK).tolist():
        offer, code = archive.offers[row], archive.codes[column]
        severity = Severity(severity_of(offer.labels), severity_without(offer.labels, code))
        rows.append(Candidate(offer.id, offer.patient, code, bool(archive.state_NK[row, column] == 1), severity))
    return tuple(rows)
