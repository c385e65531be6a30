"""What question, answer and severity tell of each other, in bits: with intervals over patients and a chance level.

Entropies are corrected after Miller and Madow (1955): H + (occupied cells - 1) / (2 n ln 2). So corrected, information
is about 0 where there is none, and below 0 where a design shares out more evenly than chance would.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.instruct.balance import Candidate
from einthoven.instruct.severity import LEVELS, level

DRAWS, SHUFFLES, LOW, HIGH = 1000, 300, 2.5, 97.5
_AT_ONCE = 50  # draws in memory together
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Terms = tuple[tuple[int, tuple[int, ...]], ...]  # signs and axes of the entropies that make up an information

# Tables have the axes question 0, severity 1, answer 2.
QUESTION_SEVERITY: Terms = ((1, (0,)), (1, (1,)), (-1, (0, 1)))
QUESTION_ANSWER: Terms = ((1, (0,)), (1, (2,)), (-1, (0, 2)))
SEVERITY_ANSWER_GIVEN_QUESTION: Terms = ((1, (0, 1)), (1, (0, 2)), (-1, (0, 1, 2)), (-1, (0,)))


@dataclass(frozen=True)
class Information:
    """n: questions; value: corrected, plain: as counted; low, high: 95 % interval over patients, around value; chance,
    chance_high: mean and 95th centile where the pairing is by chance. Without questions all is None.
    """

    n: int
    value: float | None = None
    plain: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    chance_high: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def entropy(counts: Floats, corrected: bool = True) -> Floats:
    """Return the entropy of (.., cells) counts in bits."""
    total = np.maximum(counts.sum(axis=-1), 1)
    shares = counts / total[..., None]
    bits = -(shares * np.log2(shares, out=np.zeros_like(shares), where=shares > 0)).sum(axis=-1)
    if corrected:
        bits += np.maximum((counts > 0).sum(axis=-1) - 1, 0) / (2 * np.log(2) * total)
    return np.asarray(bits)


def information(counts: Floats, terms: Terms, corrected: bool = True) -> Floats:
    """Return an information in bits from (.., questions, severities, answers) counts.

    >>> float(information(np.array([[[8.0, 0.0]], [[0.0, 8.0]]]), QUESTION_ANSWER, corrected=False))
    1.0
    """
    bits = np.zeros(counts.shape[:-3])
    for sign, axes in terms:
        rest = tuple(axis - 3 for axis in range(3) if axis not in axes)
        kept = counts.sum(axis=rest) if rest else counts
        bits += sign * entropy(kept.reshape(*counts.shape[:-3], -1), corrected)
    return bits


def resampled(cells: Ints, patients: Ints, size: int) -> Iterator[Floats]:
    """Yield the sums over (draws, size) cells when patients are drawn again with replacement, some draws at a time.

    cells, patients: of each row, counted from 0.
    """
    from scipy.sparse import csr_array

    count = int(patients.max()) + 1
    by_patient = csr_array((np.ones(len(cells)), (patients, cells)), shape=(count, size))
    random = rng("bootstrap", "instruct")
    for start in range(0, DRAWS, _AT_ONCE):
        draws = min(_AT_ONCE, DRAWS - start)
        drawn = random.integers(count, size=(draws, count)) + np.arange(draws)[:, None] * count
        times = np.bincount(drawn.ravel(), minlength=draws * count).reshape(draws, count).astype(np.float64)
        yield np.asarray(by_patient.T.dot(times.T)).T


def places(names: Sequence[str]) -> Ints:
    """Return for each name its place among those that occur, sorted."""
    order = {name: place for place, name in enumerate(sorted(set(names)))}
    return np.array([order[name] for name in names], np.int64)


@dataclass(frozen=True)
class _Rows:
    """The questions as numbers: what is asked, the answer, whose, and the level of severity."""

    question: Ints
    answer: Ints
    patient: Ints
    severity: Ints

    @cached_property
    def by_patient(self) -> tuple[Ints, Ints, Ints]:
        """Return the rows in the order of their patients, and how many each has and where they begin."""
        counts = np.bincount(self.patient)
        return np.argsort(self.patient, kind="stable"), counts, np.cumsum(counts) - counts

    @cached_property
    def by_question(self) -> Ints:
        return np.argsort(self.question, kind="stable")

    @property
    def shape(self) -> tuple[int, int, int]:
        return int(self.question.max()) + 1, len(LEVELS), 2

    def cells(self, severity: Ints, answer: Ints) -> Ints:
        return np.ravel_multi_index((self.question, severity, answer), self.shape).astype(np.int64)

    def counts(self, severity: Ints, answer: Ints) -> Floats:
        size = int(np.prod(self.shape))
        return np.bincount(self.cells(severity, answer), minlength=size).reshape(self.shape).astype(np.float64)


def informations(asked: Sequence[Candidate]) -> dict[str, Information]:
    """Return I(Q;S), I(Q;S'), I(Q;A), I(S;A|Q) and I(S';A|Q) of yes/no questions about single findings.

    Chance: severities (for I(Q;A): answers) change hands among patients; for I(..|Q) among the items of one question,
    so that what a severity tells of the question stays as it is.
    """
    if not asked:
        return {name: Information(0) for name in _MEASURES}
    common = (
        places([one.about for one in asked]),
        np.array([one.yes for one in asked], np.int64),
        places([one.patient for one in asked]),
    )
    whole = _Rows(*common, np.array([level(one.severity.s) for one in asked], np.int64))
    without = _Rows(*common, np.array([level(one.severity.s_without) for one in asked], np.int64))
    spread, spread_without = _spread(whole), _spread(without)
    found = {}
    for name, (terms, is_whole, shuffle) in _MEASURES.items():
        rows, draws = (whole, spread) if is_whole else (without, spread_without)
        found[name] = _measured(rows, terms, draws[terms], shuffle)
    return found


def _spread(rows: _Rows) -> Mapping[Terms, Floats]:
    """Return each information in the bootstrap draws."""
    size = int(np.prod(rows.shape))
    draws: dict[Terms, list[Floats]] = {terms: [] for terms, _, _ in _MEASURES.values()}
    for sums in resampled(rows.cells(rows.severity, rows.answer), rows.patient, size):
        for terms, values in draws.items():
            values.append(information(sums.reshape(-1, *rows.shape), terms))
    return {terms: np.concatenate(values) for terms, values in draws.items()}


def _measured(rows: _Rows, terms: Terms, draws: Floats, shuffle: "Shuffle") -> Information:
    counts = rows.counts(rows.severity, rows.answer)
    value = float(information(counts, terms))
    # Drawing again adds a bias of its own, about as large as that of the counts: only the spread is taken from it.
    low, high = value + np.percentile(draws, [LOW, HIGH]) - draws.mean()
    random = rng("information", "chance")
    by_chance = [float(information(rows.counts(*shuffle(rows, random)), terms)) for _ in range(SHUFFLES)]
    plain, chance, chance_high = information(counts, terms, False), np.mean(by_chance), np.percentile(by_chance, 95)
    figures = [round(float(figure), 4) for figure in (value, plain, low, high, chance, chance_high)]
    return Information(len(rows.question), *figures)


Shuffle = Callable[[_Rows, np.random.Generator], tuple[Ints, Ints]]


def _severities_change_hands(rows: _Rows, random: np.random.Generator) -> tuple[Ints, Ints]:
    return rows.severity[_donors(rows, random)], rows.answer


def _answers_change_hands(rows: _Rows, random: np.random.Generator) -> tuple[Ints, Ints]:
    return rows.severity, rows.answer[_donors(rows, random)]


def _severities_within_questions(rows: _Rows, random: np.random.Generator) -> tuple[Ints, Ints]:
    shuffled = np.argsort(rows.question + random.random(len(rows.question)))  # by question, in any order within
    severity = np.empty_like(rows.severity)
    severity[rows.by_question] = rows.severity[shuffled]
    return severity, rows.answer


def _donors(rows: _Rows, random: np.random.Generator) -> Ints:
    """Return for each row a row of the one patient that stands in for its own; a short stand-in begins again."""
    order, counts, starts = rows.by_patient
    own = rows.patient[order]
    donor = random.permutation(len(counts))[own]
    within = np.arange(len(order)) - starts[own] + random.integers(counts)[donor]  # begins anywhere
    chosen = np.empty_like(order)
    chosen[order] = order[starts[donor] + within % counts[donor]]
    return chosen


_MEASURES: dict[str, tuple[Terms, bool, Shuffle]] = {  # name -> its terms, with S (else S'), what chance is
    "I(Q;S)": (QUESTION_SEVERITY, True, _severities_change_hands),
    "I(Q;S')": (QUESTION_SEVERITY, False, _severities_change_hands),
    "I(Q;A)": (QUESTION_ANSWER, True, _answers_change_hands),
    "I(S;A|Q)": (SEVERITY_ANSWER_GIVEN_QUESTION, True, _severities_within_questions),
    "I(S';A|Q)": (SEVERITY_ANSWER_GIVEN_QUESTION, False, _severities_within_questions),
}
