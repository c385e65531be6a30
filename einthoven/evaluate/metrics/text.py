"""Free text beside one reference: corpus BLEU, ROUGE-L, METEOR and exact match, as what items add up to.

No answer, and one that could not be used, is the empty text. BLEU: tokens 13a, case kept, no smoothing (the signature
`nrefs:1|case:mixed|eff:no|tok:13a|smooth:none` of sacrebleu), as a share and not in percent; bleu_n: orders 1 to n.
"""

from collections.abc import Callable, Sequence

import numpy as np

from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.overlap import ORDERS, meteor, ngram_sums, rouge_l, tokens_13a, words_of
from einthoven.evaluate.metrics.sums import Floats, Sums, mean_of


def text_sums(marks: Sequence[Mark]) -> dict[str, Sums]:
    """Return bleu_1 .. bleu_4, rouge_l, meteor_exact_stem and exact_match of the marks of free text, {} without any.

    rouge_l: mean of F with beta = 1. exact_match: the same text, but for the white space around it.
    """
    pairs = [(said_of(mark), gold_of(mark)) for mark in marks if mark.item.kind == "text"]
    if not pairs:
        return {}
    grams = np.array([ngram_sums(tokens_13a(said), tokens_13a(gold)) for said, gold in pairs])
    words = [(words_of(said), words_of(gold)) for said, gold in pairs]
    found = {f"bleu_{order}": Sums(grams, bleu_of(order)) for order in range(1, ORDERS + 1)}
    found["rouge_l"] = mean_of(np.array([rouge_l(said, gold) for said, gold in words]))
    found["meteor_exact_stem"] = mean_of(np.array([meteor(said, gold) for said, gold in words]))
    found["exact_match"] = mean_of(np.array([bool(said) and said == gold for said, gold in pairs], np.float64))
    return found


def said_of(mark: Mark) -> str:
    """Return what was said, "" unless it was read."""
    return mark.text.strip() if mark.state == "read" else ""


def gold_of(mark: Mark) -> str:
    """Return the one reference of an item."""
    return next(iter(mark.item.gold), "").strip()


def bleu_of(order: int) -> Callable[[Floats], Floats]:
    """Return BLEU of the sums of `ngram_sums`: 0 where an order matches nothing, not a number without a reference."""

    def of(sums: Floats) -> Floats:
        said, gold = sums[..., 0], sums[..., 1]
        matched, total = sums[..., 2 : 2 + order], sums[..., 2 + ORDERS : 2 + ORDERS + order]
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(np.where(matched > 0, matched / total, 0.0)).mean(axis=-1)
            short = np.where(said > 0, np.minimum(0.0, 1 - gold / said), -np.inf)
            return np.asarray(np.where(gold > 0, np.exp(logs + short), np.nan))

    return of
