"""How far the words alone go: logistic regression from words and pairs of words of a question and its options."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from einthoven.core.sample import Answer, Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.run import transcript
from einthoven.evaluate.systems.baselines.shares import Choice, Said, drawn, form_of, gold_of, reply
from einthoven.instruct.probe import Softmax, features, fit, fit_best

NAME = "text-only"
MOST = 50_000  # questions that are fitted to
MOST_TEXTS = 200  # free answers that it can give: the commonest
HOLDS, NOT = "yes", "no"
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Words:
    """Classes by the words of a text."""

    classes: tuple[str, ...]
    softmax: Softmax

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return (texts, classes) scores, larger where likelier."""
        return self.softmax.scores(features(texts))


@dataclass(frozen=True, eq=False)
class TextOnly:
    """One regression for each form of question; None where training has none of it."""

    one: Words | None
    any: Words | None
    open: Words | None

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Yield an answer to each sample, with probabilities."""
        for sample in samples:
            form = form_of(sample)
            choice = {"one": self._one, "any": self._any, "open": self._open}[form](sample)
            yield reply(sample, choice, NAME, "no such question, or none of its options, was in training")

    def _one(self, sample: Sample) -> Choice | None:
        known = set(self.one.classes if self.one else ()) & set(sample.options or ())
        if self.one is None or not known:
            return None
        score = dict(zip(self.one.classes, self.one.scores([text_of(sample)])[0], strict=True))
        scores = np.array([score[option] if option in known else -np.inf for option in sample.options or ()])
        p = np.exp(scores - scores.max())
        table = dict(zip(sample.options or (), (p / p.sum()).tolist(), strict=True))
        best = max(table, key=lambda option: table[option])
        return Choice(best, table, table[best])

    def _any(self, sample: Sample) -> Choice | None:
        if self.any is None:
            return None
        options = sample.options or ()
        scores = self.any.scores([text_of(sample, option) for option in options])
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        holds = p[:, self.any.classes.index(HOLDS)] if HOLDS in self.any.classes else np.zeros(len(options))
        table = dict(zip(options, holds.tolist(), strict=True))
        confidence = float(np.maximum(holds, 1 - holds).prod())
        return Choice(tuple(option for option, q in table.items() if q >= 0.5), table, confidence)

    def _open(self, sample: Sample) -> Choice | None:
        if self.open is None:
            return None
        scores = self.open.scores([text_of(sample)])[0]
        p = np.exp(scores - scores.max())
        best = int(p.argmax())
        return Choice(self.open.classes[best], None, float(p[best] / p.sum()))


def fit_text_only(items: Iterable[Item], seed: int, workers: int) -> TextOnly:
    """Fit to the questions of training, an option that holds or not where any may.

    The penalty is that under which one half of the patients is told best by the other.
    """
    rows: dict[str, list[tuple[str, str, str]]] = {"one": [], "any": [], "open": []}
    for item in drawn(list(items), MOST, seed):
        said, form = gold_of(item), form_of(item.sample)
        if said is not None:
            rows[form].extend((text, label, item.cluster) for text, label in _pairs(item.sample, said))
    common = {text for text, _ in Counter(label for _, label, _ in rows["open"]).most_common(MOST_TEXTS)}
    rows["open"] = [row for row in rows["open"] if row[1] in common]
    return TextOnly(*(_fit(rows[form]) for form in ("one", "any", "open")))


def _pairs(sample: Sample, said: Said) -> list[tuple[str, str]]:
    """Return what is fitted of one question: texts, each with its class."""
    if isinstance(said, str):
        return [(text_of(sample), said)]
    return [(text_of(sample, option), HOLDS if option in said else NOT) for option in sample.options or ()]


def text_of(sample: Sample, option: str | None = None) -> str:
    """Return what the regression reads: the question with all options, or with one, whose name is a word by itself."""
    if option is None:
        return "\n".join((transcript(sample), *(sample.options or ())))
    name = re.sub(r"\W", "_", option)
    return f"{transcript(sample)}\n{option}\noption_{name}"


def _fit(rows: Sequence[tuple[str, str, str]]) -> Words | None:
    if not rows:
        return None
    classes, texts = (tuple(dict.fromkeys(row[place] for row in rows)) for place in (1, 0))
    class_of, text_at = ({name: place for place, name in enumerate(names)} for names in (classes, texts))
    counts_HTC = np.zeros((2, len(texts), len(classes)))
    for text, label, cluster in rows:
        counts_HTC[crc32(cluster.encode("utf-8", "replace")) % 2, text_at[text], class_of[label]] += 1
    x_TF = features(texts)
    if counts_HTC.any(axis=(1, 2)).all():
        return Words(classes, fit_best(x_TF, counts_HTC[0], counts_HTC[1]))
    return Words(classes, fit(x_TF, counts_HTC.sum(axis=0)))
