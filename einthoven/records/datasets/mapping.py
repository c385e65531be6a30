"""From the makers' codes to the project's findings: by tables with a source, negatives only where a set decides them.

`labels_NAME.csv` has a code; findings (`CODE`, `CODE=likelihood`, `?CODE` for what the code leaves open, joined by ";",
empty where the vocabulary has none); stated, the sets in which a recording without the code does not have the finding;
source; note. `wider.csv` has a finding and one that includes it: where either is found, absence of the other is open.
What a machine calls possible or probable is 50, to be considered 35, not ruled out 15, as PTB-XL+ weighs it
(Strodthoff et al., Scientific Data 2023). Stated by the SNOMED table: codes in 1 % of a set's recordings or more by the
counts of the CinC 2021 mapping.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from einthoven.core.findings import FINDINGS, by_name
from einthoven.records.datasets import Dataset, Row

NEXT_IS_LESS_LIKELY = {"PO": 50.0, "CRO": 15.0}  # 12SL: possible, cannot rule out
Found = Mapping[str, float | None]


@dataclass(frozen=True)
class Mapped:
    """What the labels of a row mean. `found`: finding -> likelihood 0..100, None where none is stated.

    unknown: codes that no table has; nameless: codes of the tables for which the vocabulary has no finding;
    stated: findings that the row decides, present or absent: only about these may it be asked.
    """

    found: Found
    unknown: tuple[str, ...]
    nameless: tuple[str, ...]
    stated: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """One line of a table of labels. `open`: findings that may be there or not where the code is."""

    findings: Found
    stated: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


def findings_of(dataset: Dataset, row: Row) -> Mapped:
    """Return what the makers' labels of a row mean."""
    found, unknown, nameless, left_open = _read(dataset.tables, row.labels.items())
    if row.decided is None:
        decided = stated_by(dataset)
    else:
        entries = [_look_up(dataset.tables, code) for code in row.decided]
        decided = frozenset(code for entry in entries if entry for code in entry.findings)
    return Mapped(found, unknown, nameless, _without_kin(decided - left_open, found))


def machine_findings_of(row: Row) -> Mapped:
    """Return what the machine's statements of a row mean, all empty where it has none. Not the truth."""
    if row.machine is None:
        return Mapped({}, (), (), frozenset())
    table = row.machine.table
    likelihoods: list[tuple[str, float | None]] = []
    less: float | None = None
    for code in row.machine.statements:
        likelihoods.append((code, less))
        less = NEXT_IS_LESS_LIKELY.get(code) if table == "12sl" else None
    found, unknown, nameless, left_open = _read((table,), likelihoods)
    said = frozenset(code for entry in load_table(table).values() if entry.stated for code in entry.findings)
    return Mapped(found, unknown, nameless, _without_kin(said - left_open, found))


@cache
def _stated(tables: tuple[str, ...], name: str) -> frozenset[str]:
    scp = (code for code in FINDINGS if "scp" in tables and FINDINGS[code].vocabulary == "SCP-ECG")
    entries = (entry for table in tables if table not in ("scp", "findings") for entry in load_table(table).values())
    return frozenset(scp) | {code for entry in entries if name in entry.stated for code in entry.findings}


def stated_by(dataset: Dataset) -> frozenset[str]:
    """Return the findings that a set decides in every recording, present or absent."""
    return _stated(dataset.tables, dataset.name)


@cache
def load_table(name: str) -> Mapping[str, Entry]:
    """Return a table of labels: code in lower case -> what it means."""
    with Path(__file__).with_name(f"labels_{name}.csv").open(encoding="utf-8", newline="") as stream:
        return {
            line["code"].casefold(): _entry(line["findings"].split(";"), line["stated"].split(";"))
            for line in csv.DictReader(stream)
        }


def _entry(findings: list[str], stated: list[str]) -> Entry:
    parts = [part.partition("=") for part in findings if part and part[0] != "?"]
    found = {code: float(likelihood) if likelihood else None for code, _, likelihood in parts}
    return Entry(found, frozenset(stated) - {""}, frozenset(part[1:] for part in findings if part[:1] == "?"))


@cache
def _kin() -> Mapping[str, frozenset[str]]:
    """Finding -> those that include it or that it includes."""
    near: dict[str, set[str]] = {}
    with Path(__file__).with_name("wider.csv").open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            near.setdefault(line["narrower"], set()).add(line["wider"])
            near.setdefault(line["wider"], set()).add(line["narrower"])
    return {code: frozenset(others) for code, others in near.items()}


def _without_kin(decided: frozenset[str], found: Found) -> frozenset[str]:
    near = {other for code in found for other in _kin().get(code, ())}
    return (decided - near) | frozenset(found)


def _look_up(tables: tuple[str, ...], code: str) -> Entry | None:
    for table in tables:
        entry = _of_vocabulary(table, code) if table in ("scp", "findings") else _of_table(table, code)
        if entry is not None:
            return entry
    return None


def _of_vocabulary(table: str, code: str) -> Entry | None:
    """Return a finding by its own code and, where any name will do, by its name."""
    if code in FINDINGS and (table == "findings" or FINDINGS[code].vocabulary == "SCP-ECG"):
        return Entry({code: None})
    named = by_name(code) if table == "findings" else None
    return Entry({named.code: None}) if named else None


def _of_table(table: str, code: str) -> Entry | None:
    """Return the line of a code; of a phrase "A with B" whose parts all are in the table, those together."""
    lines = load_table(table)
    whole = lines.get(code.casefold())
    if whole is not None or table != "mimic":
        return whole
    parts = [lines.get(part.strip().casefold()) for part in code.split(" with ")]
    if any(part is None for part in parts):
        return None
    found = {key: value for part in parts if part for key, value in part.findings.items()}
    return Entry(found, open=frozenset().union(*(part.open for part in parts if part)))


def _read(
    tables: tuple[str, ...], codes: Iterable[tuple[str, float | None]]
) -> tuple[Found, tuple[str, ...], tuple[str, ...], frozenset[str]]:
    """Return findings, unknown and nameless codes and what is left open; of two likelihoods the surer is kept."""
    found: dict[str, float | None] = {}
    unknown: list[str] = []
    nameless: list[str] = []
    left_open: set[str] = set()
    for code, likelihood in codes:
        entry = _look_up(tables, code)
        left_open |= entry.open if entry else frozenset()
        if entry is None:
            unknown.append(code)
        elif not entry.findings:
            nameless.append(code)
        else:
            for finding, own in entry.findings.items():
                both = [value for value in (likelihood, own) if value is not None]
                value = min(both) if both else None
                found[finding] = _surer(found[finding], value) if finding in found else value
    return found, tuple(unknown), tuple(nameless), frozenset(left_open)


def _surer(one: float | None, other: float | None) -> float | None:
    """Return the greater likelihood; one that is not stated is taken as said without doubt."""
    return None if one is None or other is None else max(one, other)
