"""The one vocabulary of findings: what each is called, where it belongs, and how urgent it is.

The table is `findings.csv`, one row a finding. Its sources:
- the 71 codes of PTB-XL (Wagner et al., Scientific Data 2020, after SCP-ECG, EN 1064) with their super- and sub-class
  and whether a code is a diagnostic, form or rhythm statement; `vocabulary` is "SCP-ECG";
- 19 further findings that other data sets state, as in the PhysioNet/CinC Challenge 2021 mapping; "CinC 2021";
- SNOMED CT: the code that this challenge's mapping gives to the same thing, empty where it has only a wider one.
  As there, BIGU and TRIGU carry the ventricular form although SCP-ECG leaves the origin open.

Urgency is this project's own grading, for matching records of like severity and for sorting, not for triage. Its
rule follows the AHA/ACCF/HRS recommendations (parts I to VI, Circulation 2007 and JACC 2009), which name findings but
do not grade them:
  4 immediate: acute injury or infarction, third degree and Mobitz II block, ventricular tachycardia or fibrillation
  3 the same day: infarction of unknown age, ischemia, ST elevation, fast or high-risk rhythm, long QT, electrolytes
  2 follow-up: structural or conduction disease without acute threat, atrial fibrillation, old infarction
  1 minor or a variant: alone it asks for no action
  0 normal
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from einthoven.core.errors import QuestionError

Family = Literal["normal", "infarction", "st_t", "conduction", "hypertrophy", "rhythm", "form"]
Kind = Literal["diagnostic", "form", "rhythm"]

SUPERCLASS_NAMES = {
    "NORM": "normal ECG",
    "MI": "myocardial infarction",
    "STTC": "ST/T change",
    "CD": "conduction disturbance",
    "HYP": "hypertrophy",
}


@dataclass(frozen=True)
class Finding:
    """One row of the table. `name` is lower case but for signs that are written large (ECG, AV, QRS, ST, names).

    superclass: a key of SUPERCLASS_NAMES for diagnostic statements, else None; family: the superclass, or form or
    rhythm for what has none; urgency: 0..4, see above; synonyms: other plain-English ways to say it.
    """

    code: str
    name: str
    family: Family
    superclass: str | None
    subclass: str | None
    kinds: frozenset[Kind]
    territory: str | None
    urgency: int
    snomed_ct: str | None
    synonyms: tuple[str, ...]
    vocabulary: Literal["SCP-ECG", "CinC 2021"]


@cache
def _table() -> dict[str, Finding]:
    with Path(__file__).with_name("findings.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _finding(row) for row in csv.DictReader(file)}


def _finding(row: dict[str, str]) -> Finding:
    return Finding(
        code=row["code"],
        name=row["name"],
        family=cast(Family, row["family"]),
        superclass=row["superclass"] or None,
        subclass=row["subclass"] or None,
        kinds=cast(frozenset[Kind], frozenset(row["kinds"].split(";"))),
        territory=row["territory"] or None,
        urgency=int(row["urgency"]),
        snomed_ct=row["snomed_ct"] or None,
        synonyms=tuple(row["synonyms"].split(";")) if row["synonyms"] else (),
        vocabulary=cast(Literal["SCP-ECG", "CinC 2021"], row["vocabulary"]),
    )


class _Findings(Mapping[str, Finding]):
    """The table, read on first use."""

    def __getitem__(self, code: str) -> Finding:
        return _table()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(_table())

    def __len__(self) -> int:
        return len(_table())


FINDINGS: Mapping[str, Finding] = _Findings()


def finding(code: str) -> Finding:
    """Return the finding of this code. Raises QuestionError, with the nearest codes, for one that is not there."""
    if code in FINDINGS:
        return FINDINGS[code]
    import difflib

    near = difflib.get_close_matches(code.upper(), FINDINGS, n=3)
    raise QuestionError(
        f"no finding has the code {code!r}; {'did you mean ' + ', '.join(near) if near else 'e.g. AFIB'}?"
    )


@cache
def _by_name() -> dict[str, Finding]:
    return {_key(name): found for found in FINDINGS.values() for name in (found.name, *found.synonyms)}


def _key(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").strip(" .;:,").split())


def by_name(text: str) -> Finding | None:
    """Return the finding that is called so (name or synonym; case, hyphens and spaces do not matter), else None.

    >>> [getattr(by_name(text), "code", None) for text in ("Atrial  Fibrillation.", "1st-degree AV block", "fine")]
    ['AFIB', '1AVB', None]
    """
    return _by_name().get(_key(text))


def severity(findings: Iterable[str | Finding]) -> int:
    """Return the greatest urgency among these codes or findings, 0 for none. Raises QuestionError for unknown codes."""
    return max((item.urgency if isinstance(item, Finding) else finding(item).urgency for item in findings), default=0)


def superclasses(codes: Iterable[str]) -> set[str]:
    """Return the superclasses of these codes. Raises QuestionError for unknown codes."""
    return {found.superclass for found in map(finding, codes) if found.superclass is not None}
