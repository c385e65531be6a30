"""The official answer vocabulary of ECG-QA, its SCP codes, and how each answer is put inside of a question.

The 104 answers (`answers.csv`) are those of ECG-QA 1.0.2 (Oh et al., NeurIPS Datasets and Benchmarks 2023, CC BY 4.0).
`phrase` is this project's: official answers such as "ischemic in lateral leads" are no noun that a sentence can hold.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from einthoven.core.findings import FINDINGS

NONE = "none"
LATER_SPELLING = {"late stage of myocardial infarction": "old stage of myocardial infarction"}  # renamed in 1.0.2


@dataclass(frozen=True)
class Word:
    """One official answer. code: its SCP code, or its superclass; phrase: a noun phrase for a sentence."""

    answer: str
    groups: frozenset[str]
    code: str
    phrase: str


@cache
def words() -> Mapping[str, Word]:
    """Return answer -> word, in the official order."""
    with Path(__file__).with_name("answers.csv").open(encoding="utf-8", newline="") as file:
        return {
            line["answer"]: Word(line["answer"], frozenset(line["groups"].split(";")), line["code"], line["phrase"])
            for line in csv.DictReader(file)
        }


@cache
def group(*names: str) -> tuple[str, ...]:
    """Return the answers of these groups, in the order of the official lists of candidates."""
    chosen = [word.answer for word in words().values() if word.groups & set(names)]
    return tuple(sorted(chosen, key=lambda answer: answer.replace("old stage", "late stage")))


@cache
def name_of(code: str) -> str:
    """Return what ECG-QA calls an SCP code; for one that it has no answer for, the name in the findings' table."""
    for word in words().values():
        if word.code == code:
            return word.answer
    return FINDINGS[code].name if code in FINDINGS else code


def phrase(answer: str) -> str:
    """Return a noun phrase for an answer."""
    return words()[answer].phrase if answer in words() else answer


def official(answers: Iterable[str]) -> tuple[str, ...]:
    """Return answers as 1.0.2 spells them."""
    return tuple(LATER_SPELLING.get(answer, answer) for answer in answers)
