"""Labels as published: a code counts wherever its letters stand, and accuracy on 0 and 1 is called an AUC.

Source: ECGBench (Super, CPSC 2018, CODE-15 %), scorer of arXiv 2410.19008. Faults kept: "NORM" in "ABNORMAL", "MI" in
"No MI" and in "MILD"; classes are the codes that the gold of the scored lines holds, other codes are dropped.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from einthoven.evaluate.intervals import Floats
from einthoven.evaluate.official.lines import Gold, Line, Scored, Stop, Value, habits, said

SUPER = ("NORM", "MI", "STTC", "CD", "HYP")
CPSC = ("NORM", "AF", "I-AVB", "LBBB", "RBBB", "PAC", "PVC", "STD", "STE")
CODE15 = ("1dAVb", "RBBB", "LBBB", "SB", "ST", "AF")
WHOLE = ("NORM", "ABNORMAL")  # of CODE-15 %: one word for the ECG as a whole
Codes = frozenset[str]
Bits = NDArray[np.bool_]


def codes_in(text: str, codes: Sequence[str]) -> Codes:
    """Return the codes whose letters stand anywhere in a text, upper and lower case told apart.

    >>> sorted(codes_in("ABNORMAL: no MI", SUPER))
    ['MI', 'NORM']
    """
    return frozenset(code for code in codes if code in text)


def code15_said(text: str) -> Codes:
    """Return what an output says: after its last "Answer:" where it has one; ABNORMAL hides the NORM inside of it."""
    text = text.rsplit("Answer:", 1)[-1]
    whole = next((word for word in ("ABNORMAL", "NORM") if word in text), None)
    return codes_in(text, CODE15) | ({whole} if whole else set())


def code15_gold(text: str) -> Codes:
    """Return the gold: NORM and ABNORMAL only where nothing else stands there."""
    return frozenset((text,)) if text in WHOLE else codes_in(text, CODE15)


def super_scored(lines: Sequence[Line]) -> Scored:
    """Score the five classes of PTB-XL."""
    return _scored(lines, lambda text: codes_in(text, SUPER), lambda text: codes_in(text, SUPER))


def cpsc_scored(lines: Sequence[Line]) -> Scored:
    """Score the nine classes of CPSC 2018."""
    return _scored(lines, lambda text: codes_in(text, CPSC), lambda text: codes_in(text, CPSC))


def code15_scored(lines: Sequence[Line]) -> Scored:
    """Score the six codes of CODE-15 %, and NORM and ABNORMAL."""
    return _scored(lines, code15_said, code15_gold)


def label_values(gold: Sequence[Codes], found: Sequence[Codes]) -> dict[str, float]:
    """Return macro F1, "AUC" and Hamming loss as shares; "AUC" is not a number where a class is in every gold.

    Raises Stop where no gold has a class: the published scorer fails on a table without columns.
    """
    classes = sorted(frozenset().union(*gold)) if gold else []
    if not classes:
        raise Stop("the gold of the lines holds no code" if gold else "there is no line to score")
    true_NK = np.array([[code in codes for code in classes] for codes in gold])
    said_NK = np.array([[code in codes for code in classes] for codes in found])
    with np.errstate(invalid="ignore"):
        hit_K = (true_NK & said_NK).sum(axis=0) / true_NK.sum(axis=0)
        false_K = (~true_NK & said_NK).sum(axis=0) / (~true_NK).sum(axis=0)
    # (hits + rejections) / 2 as the area under two lines, in the order of scikit-learn: the last digit of ties is its
    area_K = false_K * hit_K / 2 + (1 - false_K) * (1 + hit_K) / 2
    return {
        "macro_f1": float(np.mean(_f1(true_NK, said_NK))),
        "auc_of_hard_labels": float(np.mean(area_K)),
        "hamming_loss": float(np.mean(true_NK != said_NK)),
    }


def _f1(true_NK: Bits, said_NK: Bits) -> Floats:
    """Return the F1 of each class, 0 where it has none.

    A single class is taken for a two-class problem, and the first value of that is the F1 of its *absence*, unless
    the class is in all gold and all outputs: so the published scorer, through scikit-learn.
    """
    if true_NK.shape[1] == 1 and not (true_NK & said_NK).all():
        true_NK, said_NK = ~true_NK, ~said_NK
    both = 2 * (true_NK & said_NK).sum(axis=0)
    either = true_NK.sum(axis=0) + said_NK.sum(axis=0)
    shares: Floats = np.divide(both, either, out=np.zeros(len(both)), where=either > 0)
    return shares


def _scored(lines: Sequence[Line], read: Callable[[str], Codes], of_gold: Callable[[str], Codes]) -> Scored:
    found = said(lines, lambda line: read(line.output or ""))
    gold = [of_gold(_text(line.gold)) for line in lines]
    shares = label_values(gold, found)
    classes = frozenset().union(*gold)
    dropped = sum(len(codes - classes) for codes in found)
    silent = sum(not codes for codes in found)
    about = [f"classes, from the gold of these lines: {', '.join(sorted(classes))}",
             f"{silent} of {len(found)} outputs hold no code"]  # fmt: skip
    if dropped:
        about.append(f"{dropped} codes that no gold of these lines holds are dropped")
    if np.isnan(shares["auc_of_hard_labels"]):
        about.append('"AUC" is not a number: a class is in every gold')
    return Scored(
        {name: _value(share, len(lines)) for name, share in shares.items()}, (*about, *habits(lines)), n=len(lines)
    )


def _value(share: float, n: int) -> Value:
    rounded = np.round(np.float64(share * 100), 1)
    return Value(None if np.isnan(share) else share * 100, n, str(float(rounded)))


def _text(gold: Gold) -> str:
    return gold if isinstance(gold, str) else ", ".join(gold)
