"""How findings and figures are said in sentences: names with articles, verbs that agree, lists, numbers with units."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

from einthoven.core.findings import FINDINGS
from einthoven.core.measurements import unit_of
from einthoven.instruct.family import Dice

T = TypeVar("T")

# Names that read badly in a sentence, said by one of their synonyms. PVC and PAC so that they do not tell how many.
_SAID = {
    "PVC": "ventricular ectopy", "PAC": "atrial ectopy", "BIGU": "bigeminy", "TRIGU": "trigeminy",
    "PACE": "paced rhythm", "QWAVE": "Q waves", "ABQRS": "abnormal QRS complexes", "TAB_": "abnormal T waves",
    "LPR": "PR prolongation", "LNGQT": "QT prolongation", "WPW": "Wolff-Parkinson-White pattern",
    "NSSTTA": "nonspecific ST-T changes", "MOBITZ1": "second degree AV block (Mobitz type I)",
    "MOBITZ2": "second degree AV block (Mobitz type II)", "SVARR": "supraventricular arrhythmia",
}  # fmt: skip
_WITH_ARTICLE = frozenset(("NORM", "PACE", "IVCD", "WPW", "EL", "BRUGADA"))
_PLURAL = frozenset(
    ("PRC(S)", "QWAVE", "ABQRS", "TAB_", "NSSTTA", "VCLVH", "ISC_", "ISCAN", "ISCAS", "ISCAL", "ISCIN", "ISCIL",
     "ISCLA", "ANEUR", "NDT", "NST_", "NT_", "INVT", "LOWT", "LVOLT")
)  # fmt: skip
FIGURE_WORDS = {
    "heart_rate_bpm": "heart rate", "pr_ms": "PR interval", "qrs_ms": "QRS duration", "qt_ms": "QT interval",
    "qtc_ms.bazett": "corrected QT interval (Bazett)", "qtc_ms.fridericia": "corrected QT interval (Fridericia)",
    "axis_deg.qrs": "QRS axis",
}  # fmt: skip


def bare(code: str) -> str:
    """Return a finding as a report names it, without an article: "atrial fibrillation", "Q waves"."""
    return _SAID.get(code) or FINDINGS[code].name


@cache
def noun(code: str) -> str:
    """Return a finding as part of a sentence: "atrial fibrillation", "a paced rhythm", "Q waves".

    >>> noun("NORM"), noun("EL"), noun("AFIB")
    ('a normal ECG', 'an electrolyte disturbance or drug effect', 'atrial fibrillation')
    """
    name = bare(code)
    if code not in _WITH_ARTICLE:
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


@cache
def agreeing(code: str) -> Mapping[str, str]:
    """Return the slots of a sentence about a finding: {x} and the verbs that agree with it.

    >>> agreeing("INVT")["is_"], agreeing("AFIB")["has"]
    ('are', 'has')
    """
    many = code in _PLURAL
    verbs = {"is_": "are", "has": "have", "does": "do"} if many else {"is_": "is", "has": "has", "does": "does"}
    was = {"was": "were" if many else "was", "Was": "Were" if many else "Was"}
    return {"x": noun(code), "X": capital(noun(code)), **verbs, **was,
            "Is": capital(verbs["is_"]), "Has": capital(verbs["has"]), "Does": capital(verbs["does"])}  # fmt: skip


def capital(text: str) -> str:
    """Return a text that begins with a large letter, the rest unchanged."""
    return text[:1].upper() + text[1:]


def joined(things: Iterable[str], word: str = "and") -> str:
    """Return "a, b and c".

    >>> joined(["a", "b", "c"]), joined(["a"]), joined(["a", "b"], "or")
    ('a, b and c', 'a', 'a or b')
    """
    listed = list(things)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {word} {listed[-1]}" if listed else ""


def quoted(figure: str, value: float) -> str:
    """Return a figure with its unit, whole: "72 bpm", "160 ms", "-35°"."""
    unit = unit_of(figure)
    return f"{round(value)}{'' if unit == '°' else ' '}{unit}"


def pick(dice: Dice, things: Sequence[T]) -> T:
    """Return one of several, each as likely, whatever they are."""
    return things[int(dice.integers(len(things)))]
