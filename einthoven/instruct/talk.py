"""A talk of two to four turns from several questions about one ECG: features first, the interpretation last.

An earlier answer must not give away the last one: not the same thing asked twice, nor a finding of the same family, nor
a figure by which the last finding is defined, nor a list or a verdict that contains it.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from einthoven.core.findings import FINDINGS, by_name
from einthoven.core.mentions import words_of
from einthoven.instruct.families.certain import report_rank
from einthoven.instruct.families.forms import YES_NO
from einthoven.instruct.families.sentences import bare, pick
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.formats import spoken

MOST_EARLIER = 3
LONGEST_EARLIER = 160  # letters of an answer
_ORDER = ("feature", "rhythm", "morphology", "report")  # from what is seen to what it means
# A figure, or what follows from it, and the findings that it defines.
_DEFINES: Mapping[str, frozenset[str]] = {
    "rate": frozenset(("SBRAD", "STACH", "BRADY", "SVTAC", "PSVT", "ATACH", "VTACH", "SR", "SARRH")),
    "pr": frozenset(("1AVB", "LPR", "AVB", "2AVB", "3AVB", "WPW", "AFIB", "AFLT", "SR", "JUNC")),
    "qrs": frozenset(("CLBBB", "CRBBB", "ILBBB", "IRBBB", "LBBB", "RBBB", "IVCD", "WPW", "PACE", "VTACH", "ABQRS")),
    "qt": frozenset(("LNGQT",)),
    "volt": frozenset(("LVH", "VCLVH", "HVOLT", "LVOLT", "RVH", "SEHYP", "QWAVE", "ABQRS", "PRWP", "CRBBB", "CLBBB")),
    "early": frozenset(("PVC", "PAC", "PRC(S)", "BIGU", "TRIGU")),
    "pacing": frozenset(("PACE",)),
    "axis": frozenset(("LAFB", "LPFB", "LAD", "RAD")),
    "p": frozenset(("AFIB", "AFLT", "SR", "JUNC", "LAO/LAE", "RAO/RAE", "1AVB", "LPR")),
    "st": frozenset(("STE_", "STD_", "NST_", "NSSTTA", "ACUTEMI", "ERE")),
    "t": frozenset(("INVT", "LOWT", "NT_", "NDT", "TAB_", "NSSTTA")),
}
# A word of a key -> the figure group it speaks of.
_GROUPS = {
    word: group
    for group, words in {
        "rate": "heart rate rr bpm regular count", "pr": "pr", "qrs": "qrs", "qt": "qt qtc", "axis": "axis", "p": "p",
        "st": "st j", "t": "t", "volt": "r s q sokolow transition", "early": "early premature",
        "pacing": "spikes pacing",
    }.items()
    for word in words.split()
}  # fmt: skip


def conversation(askeds: Sequence[Asked], asker: Asker) -> tuple[tuple[str, ...], Asked] | None:
    """Return the earlier texts, user and assistant in turn, and the last question; None where no two go together.

    The last one is of any kind but a feature, each kind as likely; the earlier ones, one to three, are drawn from all
    that fit and come no later in the order of reading.
    """
    kinds = sorted({_ORDER.index(asked.category) for asked in askeds})
    if len(askeds) < 2:
        return None
    meaning = kinds[1:] if kinds[0] == 0 and len(kinds) > 1 else kinds
    kind = pick(asker.dice, meaning)
    last = pick(asker.dice, [asked for asked in askeds if _ORDER.index(asked.category) == kind])
    wanted = 1 + int(asker.dice.integers(MOST_EARLIER))
    chosen: list[Asked] = []
    for place in asker.dice.permutation(len(askeds)).tolist():
        one = askeds[place]
        if len(chosen) == wanted:
            break
        early = _ORDER.index(one.category) <= kind and not gives_away(one, last)
        if early and not any(_same_thing(one, other) for other in chosen):
            chosen.append(one)
    if not chosen:
        return None
    chosen.sort(key=lambda asked: _ORDER.index(asked.category))
    return tuple(text for asked in chosen for text in (asked.question, spoken(asked))), last


def gives_away(earlier: Asked, last: Asked) -> bool:
    """Tell whether the answer to `earlier` tells, wholly or in part, that to `last`."""
    if earlier is last or _same_thing(earlier, last) or earlier.defines or earlier.category == "report":
        return True
    if len(spoken(earlier)) > LONGEST_EARLIER:  # an explanation tells more than what was asked
        return True
    interprets = earlier.about is not None or earlier.category != "feature" or _names_findings(earlier)
    defines = any(code in _DEFINES[group] for group in _groups_of(earlier) for code in _codes_of(last))
    if last.about is None:
        verdict = last.defines or last.category != "feature" or _names_findings(last)
        return defines or (interprets if verdict else _repeats(earlier, last))
    if _mentions(spoken(earlier), last.about):
        return True
    return _akin(earlier.about, last.about) if earlier.about is not None else interprets or defines


def _same_thing(one: Asked, other: Asked) -> bool:
    return one.key == other.key or (_subject(one) == _subject(other)) or bool(_groups_of(one) & _groups_of(other))


def _subject(asked: Asked) -> str:
    """Return what a key is about: "figure:pr_ms" and "limits:pr_ms" are about one thing."""
    return asked.about or asked.key.partition(":")[2] or asked.key


@cache
def _groups_of_key(key: str) -> frozenset[str]:
    words = key.replace(":", "_").replace(".", "_").replace("-", "_").lower().split("_")
    return frozenset(_GROUPS[word] for word in words if word in _GROUPS)


def _groups_of(asked: Asked) -> frozenset[str]:
    """Return the figures that a question speaks of, by its key; a question about a finding speaks of none."""
    return frozenset() if asked.about else _groups_of_key(asked.key)


def _names_findings(asked: Asked) -> bool:
    """Tell whether the answer names findings: those of a list, or in its words."""
    if asked.options not in (None, YES_NO) and any(_code_of(option) for option in asked.options or ()):
        return True
    return spoken(asked) not in YES_NO and any(_mentions(spoken(asked), code) for code in report_rank())


def _codes_of(asked: Asked) -> set[str]:
    """Return the findings on which an answer decides: that which it is about, and those of its list."""
    listed = asked.options if asked.options is not None and asked.options != YES_NO else ()
    return {code for code in (asked.about, *map(_code_of, listed)) if code}


@lru_cache(maxsize=4096)
def _code_of(option: str) -> str | None:
    found = by_name(option.partition(". ")[2] or option)
    return None if found is None else found.code


@cache
def _forms(code: str) -> tuple[str, ...]:
    found = FINDINGS[code]
    return tuple(sorted({_folded(name) for name in (found.name, bare(code), *found.synonyms)}))


def _folded(text: str) -> str:
    return f" {' '.join(word.key for word in words_of(text))} "


def _mentions(text: str, code: str) -> bool:
    if code not in FINDINGS:
        return False
    folded = _folded_cached(text)
    return any(form in folded for form in _forms(code))


@lru_cache(maxsize=4096)
def _folded_cached(text: str) -> str:
    return _folded(text)


def _repeats(earlier: Asked, last: Asked) -> bool:
    """Tell whether the earlier answer contains the last one, where that is more than yes or no."""
    answers = last.answer if isinstance(last.answer, tuple) else (last.answer,)
    text = _folded(spoken(earlier))
    return last.options != YES_NO and any(_folded(answer) in text for answer in answers)


def _akin(one: str, other: str) -> bool:
    """Tell whether two findings are of one family: then the presence of one bears on the other."""
    if one not in FINDINGS or other not in FINDINGS:
        return True
    first, second = FINDINGS[one], FINDINGS[other]
    return first.family == second.family or "form" in (first.family, second.family) or "NORM" in (one, other)
