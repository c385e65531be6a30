"""How far the words alone go: a probe that answers from the question's text, and one that tells its template.

Both are logistic regressions on words and pairs of words, hashed (CRC-32, the same on any machine).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from einthoven.core.rng import rng
from einthoven.instruct.information import HIGH, LOW, Floats, Ints, places, resampled
from einthoven.instruct.wording import Split, of_split

FEATURES = 2**15
PENALTIES = (256.0, 64.0, 16.0, 4.0, 1.0)  # times half the squared weights; 1 is scikit-learn's C = 2 (two classes)
_WORD = re.compile(r"[\w']+")
_SLOT = re.compile(r"\{[^}]*\}")
_FILLED = "slot"


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval over patients, its chance level, and over how many questions."""

    value: float
    low: float
    high: float
    chance: float
    n: int

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class TextOnly:
    """How well yes and no follow from the text. over_majority: accuracy less that of the commoner answer.

    Where every finding has the same share of yes, a half with more of it leaves fewer to the other: the probe is then a
    little below chance, which tells that the data are balanced, not that the text says anything.
    """

    accuracy: Estimate
    over_majority: Estimate
    balanced_accuracy: Estimate
    auc: Estimate

    def to_json(self) -> dict[str, Any]:
        return {name: estimate.to_json() for name, estimate in vars(self).items()}


@dataclass(frozen=True)
class Unseen:
    """How near the wordings of one split are to another's. shared_sentences, shared_bigrams: share of the unseen ones
    that the seen ones have too; accuracy: of the template, told from an unseen sentence, slots blanked.
    """

    templates: int
    shared_sentences: float
    shared_bigrams: float
    accuracy: Estimate

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "accuracy": self.accuracy.to_json()}


@dataclass(frozen=True)
class Softmax:
    """Fitted weights (features, classes) and offsets (classes)."""

    weights_FC: Floats
    offsets_C: Floats

    def scores(self, x_TF: Any) -> Floats:
        """Return (texts, classes) scores, larger where likelier."""
        return np.asarray(x_TF @ self.weights_FC + self.offsets_C)


def text_only(questions: Sequence[str], answers: Sequence[bool], patients: Sequence[str]) -> TextOnly | None:
    """Answer from the text, fitted on one half of the patients and tested on the other, both ways.

    None where one of their quarters lacks yes or no.
    """
    if not questions:
        return None
    text, patient, yes = places(questions), places(patients), np.array(answers, np.int64)
    x_TF = features(sorted(set(questions)))
    quarter = rng("probe", "halves").permutation(int(patient.max()) + 1)[patient] % 4

    def counts(rows: NDArray[np.bool_]) -> Floats:
        cells = np.bincount(text[rows] * 2 + yes[rows], minlength=2 * x_TF.shape[0])
        return cells.reshape(-1, 2).astype(np.float64)

    by_quarter = [counts(quarter == part) for part in range(4)]
    if not all(part.sum(axis=0).all() for part in by_quarter):
        return None
    log_odds, half = np.zeros(len(yes)), quarter % 2
    for tested in (0, 1):
        scores = fit_best(x_TF, by_quarter[1 - tested], by_quarter[3 - tested]).scores(x_TF)
        log_odds[half == tested] = (scores[:, 1] - scores[:, 0])[text[half == tested]]
    return TextOnly(**_marks(yes, log_odds > 0, patient), auc=_auc(yes, log_odds, half, patient))


def fit_best(x_TF: Any, first_TC: Floats, second_TC: Floats) -> Softmax:
    """Fit to both parts, with the penalty under which each part is told best by the other: a poor probe proves nothing.

    The likelihood judges, not the accuracy: no penalty makes noise worth more than the share of yes.
    """
    best, least = PENALTIES[0], np.inf
    models: tuple[Softmax | None, Softmax | None] = (None, None)
    for penalty in PENALTIES:
        one, two = fit(x_TF, first_TC, penalty, models[0]), fit(x_TF, second_TC, penalty, models[1])
        models = (one, two)
        loss = loss_of(one.scores(x_TF), second_TC) + loss_of(two.scores(x_TF), first_TC)
        if loss >= least:
            break
        best, least = penalty, loss
    return fit(x_TF, first_TC + second_TC, best)


def unseen_wordings(wordings: Mapping[str, tuple[str, ...]], seen: Split = "train", unseen: Split = "test") -> Unseen:
    """Compare the sentences of two splits, and tell the template of those of the one, fitted on the other."""
    known, other = ([(name, _blank(text)) for name in sorted(wordings) for text in of_split(wordings[name], split)]
                    for split in (seen, unseen))  # fmt: skip
    names = sorted(wordings)
    counts_TC = np.array([[float(name == of) for name in names] for of, _ in known])
    told = fit(features([text for _, text in known]), counts_TC).scores(features([text for _, text in other]))
    template = np.array([names.index(of) for of, _ in other], np.int64)
    right = (told.argmax(axis=1) == template).astype(np.int64)
    draws = np.concatenate(list(resampled(right, template, 2)))
    texts, pairs = ({" ".join(words(text)) for _, text in known}, _pairs(known))
    own = _pairs(other)
    return Unseen(
        templates=len(names),
        shared_sentences=round(float(np.mean([" ".join(words(text)) in texts for _, text in other])), 4),
        shared_bigrams=round(len(own & pairs) / max(1, len(own)), 4),
        accuracy=_estimate(float(right.mean()), draws[:, 1] / draws.sum(axis=1), 1 / len(names), len(right)),
    )


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters, without punctuation."""
    return _WORD.findall(text.casefold())


def features(texts: Sequence[str]) -> Any:
    """Return a sparse (texts, FEATURES) array: 1 for every word and every pair of neighbours that occurs."""
    from scipy.sparse import csr_array

    columns, ends = [], [0]
    for text in texts:
        found = words(text)
        hashed = {crc32(token.encode()) % FEATURES for token in (*found, *map(" ".join, pairwise(found)))}
        columns.extend(sorted(hashed))
        ends.append(len(columns))
    return csr_array((np.ones(len(columns)), columns, ends), shape=(len(texts), FEATURES))


def fit(x_TF: Any, counts_TC: Floats, penalty: float = 1.0, start: Softmax | None = None) -> Softmax:
    """Fit classes to texts: multinomial logistic regression, weights penalised, offsets not.

    counts_TC: how often each text comes with each class, so that a text that comes often costs no more than once;
    start: a model of the same texts with another penalty, to set out from.
    """
    from scipy.optimize import minimize

    used_F = np.unique(x_TF[counts_TC.sum(axis=1) > 0].indices)
    x_TU, total_T1 = x_TF[:, used_F].tocsr(), counts_TC.sum(axis=1, keepdims=True)
    shape = (len(used_F) + 1, counts_TC.shape[1])

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights_UC, offsets_C = flat.reshape(shape)[:-1], flat.reshape(shape)[-1]
        logs_TC = _log_shares(x_TU @ weights_UC + offsets_C)
        error_TC = np.exp(logs_TC) * total_T1 - counts_TC
        slope = np.vstack([x_TU.T @ error_TC + penalty * weights_UC, error_TC.sum(axis=0)])
        value = float(-(counts_TC * logs_TC).sum() + penalty / 2 * (weights_UC**2).sum())
        return value, slope.ravel()

    begin = np.zeros(shape) if start is None else np.vstack([start.weights_FC[used_F], start.offsets_C])
    options = {"maxiter": 500, "ftol": 1e-7}
    found = minimize(loss, begin.ravel(), jac=True, method="L-BFGS-B", options=options).x.reshape(shape)
    weights_FC = np.zeros((x_TF.shape[1], shape[1]))
    weights_FC[used_F] = found[:-1]
    return Softmax(weights_FC, found[-1])


def loss_of(scores_TC: Floats, counts_TC: Floats) -> float:
    """Return minus the log likelihood of counted classes under these scores."""
    return float(-(counts_TC * _log_shares(scores_TC)).sum())


def _log_shares(scores_TC: Floats) -> Floats:
    above_TC = scores_TC - scores_TC.max(axis=1, keepdims=True)
    return np.asarray(above_TC - np.log(np.exp(above_TC).sum(axis=1, keepdims=True)))


def _marks(yes: Ints, said: NDArray[np.bool_], patient: Ints) -> dict[str, Estimate]:
    """Return what follows from how often yes and no were said, rightly and wrongly, with intervals."""
    cells, n = yes * 2 + said, len(yes)
    counted = np.bincount(cells, minlength=4).astype(np.float64)
    draws = np.concatenate(list(resampled(cells, patient, 4)))
    commoner = int(counted[2:].sum() > counted[:2].sum())

    def marks(counts: Floats) -> tuple[Floats, Floats, Floats]:
        by_answer = counts.reshape(-1, 2, 2)
        right, of = by_answer[:, (0, 1), (0, 1)], by_answer.sum(axis=2)
        accuracy = right.sum(axis=1) / of.sum(axis=1)
        return accuracy, accuracy - of[:, commoner] / of.sum(axis=1), (right / np.maximum(of, 1)).mean(axis=1)

    chances = (float(counted.reshape(2, 2).sum(axis=1).max() / n), 0.0, 0.5)
    rows = zip(marks(counted), marks(draws), chances, strict=True)
    estimates = [_estimate(float(value[0]), spread, chance, n) for value, spread, chance in rows]
    return dict(zip(("accuracy", "over_majority", "balanced_accuracy"), estimates, strict=True))


def _auc(yes: Ints, log_odds: Floats, half: Ints, patient: Ints) -> Estimate:
    """Return the area under the curve within each half, whose probes are two, pooled by their pairs of yes and no."""
    ranked, group = np.unique(np.stack([half.astype(np.float64), log_odds], axis=1), axis=0, return_inverse=True)
    group = group.reshape(-1).astype(np.int64)
    first = int((ranked[:, 0] == 0).sum())
    cells, size = group * 2 + yes, 2 * len(ranked)

    def area(counts: Floats) -> Floats:
        won, pairs = np.zeros(len(counts)), np.zeros(len(counts))
        for part in (slice(None, first), slice(first, None)):
            no_DG, yes_DG = np.moveaxis(counts.reshape(len(counts), -1, 2)[:, part], 2, 0)
            won += (yes_DG * (np.cumsum(no_DG, axis=1) - no_DG / 2)).sum(axis=1)
            pairs += yes_DG.sum(axis=1) * no_DG.sum(axis=1)
        return np.asarray(won / np.maximum(pairs, 1))

    draws = np.concatenate([area(sums) for sums in resampled(cells, patient, size)])
    counted = np.bincount(cells, minlength=size).astype(np.float64)
    return _estimate(float(area(counted[None])[0]), draws, 0.5, len(yes))


def _estimate(value: float, draws: Floats, chance: float, n: int) -> Estimate:
    low, high = np.percentile(draws, [LOW, HIGH])
    return Estimate(round(value, 4), round(float(low), 4), round(float(high), 4), round(chance, 4), n)


def _blank(sentence: str) -> str:
    """Return a sentence with all its slots alike, lest the name of a slot tell the template."""
    return _SLOT.sub(_FILLED, sentence)


def _pairs(sentences: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    return {pair for _, text in sentences for pair in pairwise(words(text))}
