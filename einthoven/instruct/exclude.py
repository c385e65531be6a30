"""What a set is not to teach, so that it can be tested untaught: findings, templates, families, pairs, archives.

A finding that is held out is not asked for, listed or said in any line, by any of its names or in other words. Its
recordings stay, and so do the figures and signs that define it: what is held out is the word and its answer.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.core.mentions import words_of
from einthoven.core.sample import Sample
from einthoven.instruct.ecgqa.templates import templates
from einthoven.instruct.ecgqa.vocabulary import name_of, phrase
from einthoven.instruct.families import FAMILIES
from einthoven.instruct.families.sentences import bare, noun
from einthoven.instruct.family import Asked
from einthoven.records.datasets import DATASETS

FILE = "exclude.json"
_KINDS: dict[str, type] = {"findings": str, "templates": int, "families": str, "sources": str}
MAX_BYTES = 1 << 20
SIMULATED = "simulator"  # the source of recordings that are made
# Questions whose words name no finding and whose answers tell one all the same: key -> those findings.
_INFARCTS = "AMI ASMI ALMI IMI ILMI IPMI IPLMI LMI PMI"
_BUNDLES = "CLBBB CRBBB ILBBB IRBBB LBBB RBBB"
_CHAMBERS = "LVH RVH SEHYP LAO/LAE RAO/RAE"
IN_OTHER_WORDS: dict[str, frozenset[str]] = {
    key: frozenset(codes.split())
    for key, codes in {
        "rhythm:driver": "SR SARRH SBRAD STACH AFIB AFLT ATACH JUNC VTACH PACE",
        "rhythm:early": "PVC PAC PRC(S) BIGU TRIGU", "rhythm:origin": "PVC PAC",
        "conduction:bundle": _BUNDLES, "conduction:complete": _BUNDLES, "conduction:fascicle": "LAFB LPFB",
        "conduction:degree": "1AVB 2AVB 3AVB AVB MOBITZ1 MOBITZ2", "conduction:altered": f"{_BUNDLES} WPW PACE",
        "infarction:territory": _INFARCTS, "infarction:territories": _INFARCTS, "infarction:facing": _INFARCTS,
        "infarction:side": _INFARCTS, "infarction:age": "ACUTEMI OLDMI",
        "hypertrophy:chambers": _CHAMBERS, "hypertrophy:chamber": _CHAMBERS, "hypertrophy:part": _CHAMBERS,
        "hypertrophy:side": _CHAMBERS, "hypertrophy:atria": "LAO/LAE RAO/RAE", "hypertrophy:voltage": "LVH VCLVH",
        "axis:side": "LAD RAD", "report:machine": " ".join(FINDINGS),  # a machine has words of its own
    }.items()
}  # fmt: skip
# Pieces of words that name a finding wherever they stand in a sentence.
_PIECES: dict[str, tuple[str, ...]] = {
    "AFIB": ("fibrillat",), "AFLT": ("flutter",), "WPW": ("excit",), "PACE": (" pace", " pacing"),
}  # fmt: skip


@dataclass(frozen=True)
class Exclusions:
    """findings: codes; templates: numbers of ECG-QA; families: of questions; pairs: no two ECGs compared; sources:
    archives, or "simulator". Raises InputError for what is not known.
    """

    findings: tuple[str, ...] = ()
    templates: tuple[int, ...] = ()
    families: tuple[str, ...] = ()
    pairs: bool = False
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("finding", self.findings, FINDINGS, "AFIB")
        _check("template of ECG-QA", self.templates, templates(), "1 to 70")
        _check("question family", self.families, FAMILIES, ", ".join(FAMILIES))
        _check("source", self.sources, (*DATASETS, SIMULATED), ", ".join((*DATASETS, SIMULATED)))

    def to_json(self) -> dict[str, Any]:
        """Return the form of a file."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    def forbids(self, asked: Asked) -> bool:
        """Tell whether a question asks for, lists or answers with a finding that is held out."""
        texts = (asked.question, asked.said or "", *_several(asked.answer), *(asked.options or ()))
        return self._tells(asked.key, asked.about, texts)

    def kept(self, sample: Sample) -> Sample | None:
        """Return a sample as it may stand in the set, None where it may not.

        An option that names a finding held out is taken from the list where the question does not show it.
        """
        about, template = sample.about, str(sample.about.get("template", "")).rpartition(":")[2]
        if (self.pairs and len(sample.ecgs) > 1) or about.get("source") in self.sources:
            return None
        if template.isdecimal() and int(template) in self.templates:
            return None
        texts = (*(turn.text for turn in sample.turns), *_several(sample.answer))
        if self._tells(str(about.get("key", "")), about.get("about"), texts):
            return None
        if sample.options is None or not any(self._named(option) for option in sample.options):
            return sample
        options = tuple(option for option in sample.options if not self._named(option))
        return replace(sample, options=options) if len(options) > 1 else None

    def _tells(self, key: str, about: object, texts: Iterable[str]) -> bool:
        if not self.findings:
            return False
        bare_key = key.partition("~")[0]
        told = {about, bare_key.partition(":")[2]} | IN_OTHER_WORDS.get(bare_key, frozenset())
        return not told.isdisjoint(self.findings) or any(map(self._named, texts))

    def _named(self, text: str) -> bool:
        """Tell whether a text names a finding that is held out."""
        return bool(self.findings) and names(text, self.findings)


@lru_cache(maxsize=65_536)
def names(text: str, codes: tuple[str, ...]) -> bool:
    """Tell whether a text holds any name of these findings, as whole words, be it a part of a longer name.

    >>> names("Is there inferior MI?", ("MI",)), names("Is the rhythm irregular?", ("AFIB",))
    (True, False)
    """
    folded = _folded(text)
    return any(form in folded for code in codes for form in _forms(code))


@cache
def _forms(code: str) -> tuple[str, ...]:
    found, official = FINDINGS[code], name_of(code)
    said = {found.name, *found.synonyms, bare(code), noun(code), official, phrase(official)}
    return (*sorted({_folded(one) for one in said}), *_PIECES.get(code, ()))


def _folded(text: str) -> str:
    return f" {' '.join(word.key for word in words_of(text))} "


def _several(answer: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if answer is None else (answer,) if isinstance(answer, str) else answer


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _check(what: str, given: Iterable[object], known: Iterable[object], right: str) -> None:
    there = set(known)
    for one in given:
        if one not in there:
            raise InputError(f"exclude: no {what} {str(one)[:40]!r}; there is {right}")


def write_exclusions(folder: Path, exclusions: Exclusions) -> Path:
    """Write exclude.json into a folder, which `einthoven build --exclude` takes, and return where it is."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    atomic_write(path, json.dumps(exclusions.to_json(), indent=1).encode() + b"\n")
    return path


def read_exclusions(path: Path) -> Exclusions:
    """Read what `write_exclusions` wrote; a field that is absent excludes nothing. Raises InputError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("more than 1 MiB")
        held: Any = json.loads(path.read_text(encoding="utf-8"))
        return _exclusions(held)
    except (OSError, ValueError, RecursionError, TypeError, InputError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: {why}; {FILE} is as `einthoven bench TASK --questions-only` writes it") from error


def _exclusions(held: Any) -> Exclusions:
    if not isinstance(held, dict):
        raise TypeError(f"a JSON {type(held).__name__}, must be an object")
    given: dict[str, Any] = {}
    for name, value in held.items():
        if name == "pairs" and type(value) is bool:
            given[name] = value
        elif name in _KINDS and isinstance(value, list) and all(type(one) is _KINDS[name] for one in value):
            given[name] = tuple(value)
        else:
            raise ValueError(f"{str(name)[:40]!r} is {str(value)[:40]!r}; pairs is true or false, "
                             f"{', '.join(_KINDS)} are lists")  # fmt: skip
    return Exclusions(**given)


NOTHING = Exclusions()
