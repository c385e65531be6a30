"""Sets of ECGBench made again from the user's own archives, by the published description; not the released items.

What is known: the sources, the classes, eight options of which one holds, the sizes. Which recordings were taken is
not; here they are drawn by name, as many as were published at most, of those whose labels decide all that is asked.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from typing import Any

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS, superclasses
from einthoven.core.rng import rng
from einthoven.core.sample import Part, Pick, Sample, Turn
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.ecgbench_released import Built
from einthoven.evaluate.tasks.ecgbench_rows import FOLDER
from einthoven.evaluate.tasks.ecgbench_sets import ABNORMAL, NORM, OVERALL, BenchSet, option
from einthoven.records.datasets import Dataset, Row, load_dataset
from einthoven.records.datasets.checks import checked
from einthoven.records.datasets.mapping import findings_of, stated_by

PREFIX = "rebuilt-"
RECORDS = "records"  # below the folder of ECGBench: recordings that `read` does not find by a path of their own
OPTIONS = 8
SPLITS = ("train", "valid", "test")
ONLY = "Only answer based on the given Options without any explanation."  # to the letter: a scorer cuts it off
ASKS = {
    "ptb-test": "Which of these categories does this ECG fall into?",
    "code15-test": "Which of these does this ECG show? NORM and ABNORMAL are for an ECG that shows none of the others.",
    "cpsc-test": "Which of these does this ECG show?",
    "csn-test-no-cot": "Which of these does this ECG show?",
    "g12-test-no-cot": "Which of these does this ECG show?",
    "ptb-test-report": "Please write a clinical report based on this ECG.",
}


@dataclass(frozen=True)
class Made:
    """What is asked of a recording. gold: as a released row would have it."""

    answer: str | tuple[str, ...]
    gold: str
    options: tuple[str, ...] | None = None
    pick: Pick = "one"


Maker = Callable[[Row], Made | str]  # or why the recording is left out


def rebuilt_items(one: BenchSet, root: Path, split: str | None) -> Built:
    """Return the items that an archive below `root` gives, in the order of its rows.

    split: None stands for `own_split`. Raises InputError when the archive is not there or gives none.
    """
    dataset = load_dataset(one.archive)
    rows, _ = checked(dataset, dataset.load(root / one.archive))
    wanted = split or own_split(one, root)
    taken = [row for row in rows if wanted is None or row.split == wanted]
    maker = _maker(one, dataset, rows)
    faults: Counter[str] = Counter()
    made: list[tuple[Row, Made]] = []
    for row in taken:
        found = maker(row)
        if isinstance(found, str):
            faults[found] += 1
        else:
            made.append((row, found))
    kept = _drawn(one, made)
    if not kept:
        told = "; ".join(f"{reason} ({count})" for reason, count in faults.most_common(5))
        raise InputError(
            f"{root / one.archive}: {one.name} cannot be rebuilt: none of {len(taken)} recordings"
            f"{f' of split {wanted}' if wanted else ''} can be asked about{f'; {told}' if told else ''}"
        )
    drawn = (f"{len(kept)} of {len(made)} drawn by name",) if len(kept) < len(made) else ()
    items = tuple(_item(one, row, found, root) for row, found in kept)
    return Built(items, len(taken), dict(faults), (_note(one, root, wanted), *drawn))


def _note(one: BenchSet, root: Path, split: str | None) -> str:
    local = " of local_split.csv" if (root / one.archive / "local_split.csv").is_file() else ""
    return f"rebuilt from {one.archive} ({split or 'all splits'}{local}): not the released items"


def own_split(one: BenchSet, root: Path) -> str | None:
    """Return the default split: of PTB-XL test, or valid where `local_split.csv` divides it; of archives that
    ECGBench uses for testing alone, all.
    """  # fmt: skip
    if one.archive == "ptbxl":
        return "valid" if (root / one.archive / "local_split.csv").is_file() else "test"
    return "test" if one.archive == "code15" else None


def _maker(one: BenchSet, dataset: Dataset, rows: Sequence[Row]) -> Maker:
    if one.kind == "report":
        return lambda row: Made(row.report, row.report) if row.report else "no report"
    if one.kind == "mcq":
        return lambda row: _choice(one, dataset, row)
    if one.rule == "super":
        return lambda row: _classes(one, superclasses(code for code in row.labels if code in FINDINGS))
    told = any("normal_ecg" in row.labels for row in rows)
    return lambda row: _labels(one, dataset, row, told)


def _classes(one: BenchSet, there: Iterable[str]) -> Made | str:
    codes = [code for code in one.classes if code in set(there)]
    if not codes:
        return "no class holds"
    options = {code: option(code, label.name) for code, label in one.classes.items()}
    return Made(tuple(options[code] for code in codes), "; ".join(codes), tuple(options.values()), "any")


def _labels(one: BenchSet, dataset: Dataset, row: Row, normal_told: bool) -> Made | str:
    """Return the classes of a recording; normal_told: the archive says which recordings are normal."""
    mapped = findings_of(dataset, row)
    verdicts = set(OVERALL) <= set(one.classes)
    findings = {code: label.finding for code, label in one.classes.items() if not (verdicts and code in OVERALL)}
    if not set(findings.values()) <= mapped.stated:
        return "its labels do not decide every class"
    there = {code for code, found in findings.items() if found in mapped.found}
    if verdicts and not there:
        if not normal_told:
            return "none of the six, and the archive does not say which ECGs are normal"
        there = {NORM if "NORM" in mapped.found else ABNORMAL}
    return _classes(one, there)


def _choice(one: BenchSet, dataset: Dataset, row: Row) -> Made | str:
    """Return eight options: one finding of the recording, and seven that its labels say are not there.

    The true one is of those that the archive also decides by absence: a name that can only be right would tell itself.
    """
    mapped, decided = findings_of(dataset, row), stated_by(dataset)
    there = sorted(decided & set(mapped.found))
    absent = sorted((decided & mapped.stated) - set(mapped.found))
    if not there:
        return "no finding that could also be a wrong option"
    if len(absent) < OPTIONS - 1:
        return f"fewer than {OPTIONS - 1} findings that are surely absent"
    random = rng("ecgbench options", one.name, row.id)
    right = there[int(random.integers(len(there)))]
    chosen = [right, *(absent[int(place)] for place in random.permutation(len(absent))[: OPTIONS - 1])]
    order = [chosen[int(place)] for place in random.permutation(OPTIONS)]
    options = tuple(f"{letter}. {FINDINGS[code].name}" for letter, code in zip("ABCDEFGH", order, strict=True))
    answer = options[order.index(right)]
    return Made(answer, answer, options)


def _drawn(one: BenchSet, made: Sequence[tuple[Row, Made]]) -> list[tuple[Row, Made]]:
    """Return as many as were published, drawn by name, in the order of the archive; of CODE-15% as many of each class.

    1,400 is eight classes of 175, and the published rows carry about one label each; hence that rule.
    """
    groups: dict[str, list[int]] = {code: [] for code in one.classes} if one.archive == "code15" else {"": []}
    for place, (_, found) in enumerate(made):
        rarest = found.gold.split("; ")[0] if one.archive == "code15" else ""
        groups[rarest].append(place)
    each = one.published // len(groups)
    kept = [place for places in groups.values() for place in _lot(one.name, made, places, each)]
    return [made[place] for place in sorted(kept)]


def _lot(name: str, made: Sequence[tuple[Row, Made]], places: list[int], count: int) -> list[int]:
    if len(places) <= count:
        return places
    return nsmallest(count, places, key=lambda place: lot(name, made[place][0].id))


def lot(name: str, id: str) -> float:
    """Return the number by which an item of a set is drawn: the smallest are taken."""
    return float(rng("ecgbench drawn", name, id).random())


def _item(one: BenchSet, row: Row, made: Made, root: Path) -> Item:
    path, question = record_path(one, row, root), ASKS[one.name]
    sample = Sample(
        f"{PREFIX}{one.name}-{row.id}", (path,), (Turn("user", (Part(ecg=0), Part(text=question))),),
        made.options, made.pick, made.answer, {"source": "ecgbench", "set": one.name, "record": row.id},
    )  # fmt: skip
    facts: dict[str, Any] = {"rebuilt": True, "prompt": prompt_of(question, made.options), "gold_text": made.gold}
    if one.kind == "report":
        facts |= {"labels": None, "decided": None, "figures": None, "meta_reply": False}
    if one.rule:
        facts["rule"] = one.rule
    type = one.rule or one.kind
    return Item(sample, (f"{one.archive}/{row.patient}",), type, type, facts=facts)


def prompt_of(question: str, options: tuple[str, ...] | None) -> str:
    """Return a prompt in the released manner: lettered options in lines, others after "Options:"."""
    if options is None:
        return question
    if options[0].startswith("A. "):
        return "\n".join((question, *options, ONLY))
    return f"{question} Options: {', '.join(options)} {ONLY}"


def needs_export(row: Row) -> bool:
    """Tell whether `read` cannot read a recording by its path alone: an exam among others, a bare .mat."""
    return row.path.suffix == ".hdf5" or (row.path.suffix == ".mat" and not row.path.with_suffix(".hea").is_file())


def record_path(one: BenchSet, row: Row, root: Path) -> str:
    """Return the path by which `read` finds a recording, that of its export where it needs one."""
    if needs_export(row):
        return str(root / FOLDER / RECORDS / one.archive / row.id)
    return str(row.path.with_suffix("") if row.path.suffix == ".hea" else row.path)


def rows_of_items(one: BenchSet, root: Path, items: Iterable[Item]) -> tuple[Dataset, Mapping[str, Row]]:
    """Return the dataset, and the row of each record that these rebuilt items are about."""
    dataset = load_dataset(one.archive)
    records = {item.sample.about["record"] for item in items}
    return dataset, {row.id: row for row in dataset.load(root / one.archive) if row.id in records}
