"""Rows of ECGBench as released become items; a row that cannot be one is left out, counted, and told."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from einthoven.core.errors import InputError
from einthoven.core.sample import Part, Pick, Sample, Turn
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.ecgbench_rows import FOLDER, text_rows
from einthoven.evaluate.tasks.ecgbench_sets import OVERALL, SIX, BenchSet, option
from einthoven.evaluate.tasks.ecgbench_texts import (
    RowFault,
    class_names,
    gold_classes,
    gold_letter,
    gold_options,
    joined,
    lettered,
    listed,
    plain_question,
    talk_of,
)

USABLE = 0.5  # with fewer of its rows, a file is not what it claims to be
META_REPLIES = frozenset({3805, 6353, 8880, 9110, 9740, 10743, 12941, 16239})  # ecg_id of PTB-XL
META = "meta-reply"  # the gold is what a translator answered instead of a report
_PLAIN_PART = re.compile(r"[^/\\\x00-\x1f.][^/\\\x00-\x1f]{0,199}")
_PICTURE = re.compile(r"\.(?:png|jpe?g)$", re.IGNORECASE)
_DECISIONS = {"yes", "no", "not sure"}
PatientsOf = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Built:
    """Items of a set. rows: how many there were; faults: reason -> rows left out for it; notes: what else to tell."""

    items: tuple[Item, ...]
    rows: int
    faults: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    """A row whose parts are there. picture: the path by which it is named, plain and relative."""

    id: str
    picture: str
    prompt: str
    gold: Any
    turns: tuple[tuple[str, str], ...] = ()  # of arena: question and answer


def released_items(one: BenchSet, root: Path, files: Sequence[Path], patients_of: PatientsOf) -> Built:
    """Return the items of a released set, in the order of its rows; ids are those released.

    A row is left out that has no id or one that stood before, no plain picture path, no conversation, an empty
    question, or a gold answer that is empty or none of its options. Raises InputError when most rows are such.
    """
    faults: Counter[str] = Counter()
    rows = list(_rows(one, text_rows(files), faults))
    names = class_names((row.prompt for row in rows), one) if one.kind == "multi-label" else {}
    items: list[Item] = []
    for row in rows:
        try:
            items.append(_item(one, row, names, root, patients_of))
        except RowFault as fault:
            faults[str(fault)] += 1
    total = len(items) + faults.total()
    if len(items) <= USABLE * total:
        told = ", ".join(f"{reason} ({count})" for reason, count in faults.most_common(5)) or "no rows"
        raise InputError(f"{files[0]}: not {one.name} as released: {len(items)} of {total} rows can be used; {told}")
    return Built(tuple(items), total, dict(faults))


def _rows(one: BenchSet, rows: Iterable[Mapping[str, Any]], faults: Counter[str]) -> Iterator[_Row]:
    seen: set[str] = set()
    for row in rows:
        try:
            id = _id(row)
            if id in seen:
                raise RowFault("its id stood before")
            seen.add(id)
            yield _row(one, id, row)
        except RowFault as fault:
            faults[str(fault)] += 1


def _id(row: Mapping[str, Any]) -> str:
    id = row.get("id") if row.get("id") is not None else row.get("No")
    if isinstance(id, bool) or not isinstance(id, str | int) or not str(id).strip() or len(str(id)) > 200:
        raise RowFault("no id")
    return str(id)


def _row(one: BenchSet, id: str, row: Mapping[str, Any]) -> _Row:
    picture = picture_path(row)
    if one.kind == "arena":
        turns = row.get("conversations")
        if not isinstance(turns, list) or len(turns) != 2 or not all(isinstance(turn, dict) for turn in turns):
            raise RowFault("no conversation of two turns")
        told = tuple((joined(turn.get("question"), "question"), joined(turn.get("answer"), "gold")) for turn in turns)
        return _Row(id, picture, "\n".join(question for question, _ in told), told[-1][1], told)
    prompt, gold = talk_of(row)
    return _Row(id, picture, joined(prompt, "question"), gold)


def picture_path(row: Mapping[str, Any]) -> str:
    """Return the path of a row's picture below the folder of its set; raises RowFault for one that leads elsewhere."""
    named = row.get("image_path")
    named = row.get("image") if named is None else named
    if not isinstance(named, str) or not _PICTURE.search(named):
        raise RowFault("no path of a PNG or JPEG picture")
    parts = named.removeprefix("./").split("/")
    if len(parts) > 12 or not all(_PLAIN_PART.fullmatch(part) for part in parts):
        raise RowFault("a picture path that is not plain")
    return "/".join(parts)


def _item(one: BenchSet, row: _Row, names: Mapping[str, str], root: Path, patients_of: PatientsOf) -> Item:
    made = _MAKERS[one.kind](one, row, names)
    path = str(root / FOLDER / one.name / row.picture)
    parts = (Part(page=0), *(Part(text=text) for text in made.texts))
    about = {"source": "ecgbench", "set": one.name}
    sample = Sample(row.id, (path,), (Turn("user", parts),), made.options, made.pick, made.answer, about)
    facts: dict[str, Any] = {"prompt": row.prompt, "gold_text": row.gold, **made.facts}
    if one.rule:
        facts["rule"] = one.rule
    return Item(sample, patients_of(PurePosixPath(row.picture).name), made.group, made.type, facts=facts)


@dataclass(frozen=True)
class _Made:
    texts: tuple[str, ...]
    answer: str | tuple[str, ...]
    type: str
    group: str
    options: tuple[str, ...] | None = None
    pick: Pick = "one"
    facts: Mapping[str, Any] = field(default_factory=dict)


def _multi_label(one: BenchSet, row: _Row, names: Mapping[str, str]) -> _Made:
    gold = gold_classes(joined(row.gold, "gold"), one.classes, names)
    classes = _offered(one, row.prompt, gold)
    options = tuple(option(code, names[code]) for code in classes)
    answer = tuple(option(code, names[code]) for code in gold)
    type = one.rule if len(classes) == len(one.classes) else f"{one.rule} {'six' if len(classes) == 6 else 'overall'}"
    return _Made((plain_question(row.prompt),), answer, type, type, options, "any")


def _offered(one: BenchSet, prompt: str, gold: tuple[str, ...]) -> tuple[str, ...]:
    """Return the classes of a row: all, but of CODE-15% the six labels or the two verdicts where that is all it has."""
    if not set(OVERALL) <= set(one.classes):
        return tuple(one.classes)
    verdicts = all(re.search(rf"\b{code}\b", prompt) for code in OVERALL)
    labels = any(re.search(rf"(?<![\w-]){code}\b", prompt) for code in SIX)
    overall = set(gold) <= set(OVERALL)
    if (verdicts and labels) or (not overall and set(gold) & set(OVERALL)):
        return tuple(one.classes)
    return OVERALL if overall else tuple(SIX)


def _mcq(one: BenchSet, row: _Row, names: Mapping[str, str]) -> _Made:
    asked = lettered(row.prompt)
    answer = gold_letter(joined(row.gold, "gold"), asked.options)
    return _Made((asked.question,), answer, one.rule, one.rule, asked.options)


def _ecgqa(one: BenchSet, row: _Row, names: Mapping[str, str]) -> _Made:
    asked = listed(row.prompt)
    answer = gold_options(row.gold, asked.options)
    folded = {choice.casefold() for choice in asked.options}
    group = "|".join(sorted(folded))
    if folded <= _DECISIONS:
        if len(answer) != 1:
            raise RowFault("gold of a question to verify is not one option")
        return _Made((asked.question,), answer[0], "single-verify", group, asked.options)
    type = "single-choose" if len(asked.options) == 2 else "single-query"
    return _Made((asked.question,), answer, type, group, asked.options, "any")


def _report(one: BenchSet, row: _Row, names: Mapping[str, str]) -> _Made:
    gold = joined(row.gold, "gold").strip()
    number = ecg_id_of(PurePosixPath(row.picture).name)
    meta = number in META_REPLIES
    facts = {"labels": None, "decided": None, "figures": None, "meta_reply": meta}
    return _Made((plain_question(row.prompt),), gold, META if meta else "report", "report", facts=facts)


def _arena(one: BenchSet, row: _Row, names: Mapping[str, str]) -> _Made:
    questions = tuple(plain_question(question) for question, _ in row.turns)
    answers = tuple(answer.strip() for _, answer in row.turns)
    facts = {"questions": questions, "answers": answers}
    return _Made(questions, "\n".join(answers), "arena", "arena", facts=facts)


_MAKERS: Mapping[str, Callable[[BenchSet, _Row, Mapping[str, str]], _Made]] = {
    "multi-label": _multi_label,
    "mcq": _mcq,
    "ecgqa": _ecgqa,
    "report": _report,
    "arena": _arena,
}


def ecg_id_of(picture: str) -> int | None:
    """Return the ecg_id of PTB-XL in the name of a picture, None where there is none.

    >>> ecg_id_of("07190_hr-0.png"), ecg_id_of("A0001-0.png")
    (7190, None)
    """
    match = re.match(r"(\d{1,5})_[hl]r\b", picture)
    return int(match[1]) if match else None
