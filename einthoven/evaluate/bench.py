"""`einthoven bench TASK`: ask or read, mark, score, and write what was asked, answered and scored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import InputError, JobError
from einthoven.core.sample import Answer
from einthoven.core.seen import Seen
from einthoven.evaluate.figures import with_figures
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.item import Item
from einthoven.evaluate.layouts import laid_out, layout_scores
from einthoven.evaluate.marks import Mark, marks
from einthoven.evaluate.official.score import as_scores, official
from einthoven.evaluate.provenance import claim, code_hash, commit, read_run
from einthoven.evaluate.report import bench_page
from einthoven.evaluate.run import ANSWERS_FILE, System, answer_items, asked, write_questions
from einthoven.evaluate.scores import left_untold, scores
from einthoven.evaluate.stored import Stored, read_stored
from einthoven.evaluate.systems.baselines import baseline
from einthoven.evaluate.tasks import Task, load_task
from einthoven.evaluate.unseen import Claim, unseen

Scorer = Literal["strict", "official"]
SCORERS: tuple[Scorer, ...] = ("strict", "official")
PAGES = "pages"  # folder of the pages that are drawn
FLOOR = "template-majority"  # what the words alone reach: the commonest answer to the same question in train


@dataclass(frozen=True)
class Run:
    """What is judged on. workers: processes, 0 for this one (for models).

    layouts: the ECGs are drawn, and every question is asked once a layout; () shows them as they are.
    """

    task: str
    data: Path
    split: str | None = None
    scorer: Scorer = "strict"
    workers: int = 0
    layouts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Who:
    """Who is judged: a system that is asked or a file of stored answers; whom it has seen, None if nobody knows."""

    name: str
    system: System | None = None
    stored: Path | None = None
    seen: Seen | None = None


def bench(run: Run, who: Who, out: Path, ran: Mapping[str, Any]) -> dict[str, Score]:
    """Write questions, answers, scores.json, run.json and report.html into `out`; return the scores.

    ran: command, date and the like, to be written beside. Raises InputError, JobError or ModelError.
    """
    task = load_task(run.task)
    items = task.items(run.data, run.split)
    judged, about = _judged(run, who, task, items)
    # refused before anything is written; of layouts, the items are known when their pages are drawn
    stored = None if who.stored is None or run.layouts else read_stored(who.stored, judged.items)
    claim(out, about, ran)
    shown = laid_out(judged.items, run.layouts, out.resolve() / PAGES) if run.layouts else list(judged.items)
    write_questions(shown, out)
    answers, notes = _answers(run, who, shown, out, stored)
    marked = marks(with_figures(shown), answers)
    if run.scorer == "official":
        found, said = _official(shown, answers)
        notes += said
    else:
        found = scores(marked, floor(task, run, shown))
        found |= layout_scores(marked, run.layouts) if run.layouts else {}
        notes += left_untold(marked)
    write_scores(out, found)
    about["notes"] = [*about["notes"], *notes]
    atomic_write(out / "report.html", bench_page({**about, **ran}, found, marked).encode())
    return found


def only_questions(run: Run, out: Path) -> int:
    """Write questions.jsonl into `out`, and what a training set must leave out; return how many questions."""
    task = load_task(run.task)
    items: Sequence[Item] = task.items(run.data, run.split)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"{out}: cannot be made ({error.strerror})") from error
    if run.layouts:
        items = laid_out(items, run.layouts, out.resolve() / PAGES)
    write_questions(items, out)
    exclusions = getattr(task, "exclusions", None)
    if exclusions is not None:
        atomic_write(out / "exclude.json", json.dumps(exclusions().to_json(), indent=1).encode() + b"\n")
    return len(items)


def export_pictures(run: Run) -> str:
    """Write the pictures that a task's files embed to where its items look for them; return what was done, in words.

    Raises JobError for a task without any, InputError as the task does.
    """
    export = getattr(load_task(run.task), "export_pictures", None)
    if export is None:
        raise JobError(f"{run.task}: embeds no pictures; leave --pictures out")
    return str(export(run.data, split=run.split))


def train_items(task: Task, data: Path) -> list[Item]:
    """Return what a baseline is fitted on: the train items of a task, none where it has none."""
    try:
        return task.items(data, "train")
    except InputError:
        return []


def floor(task: Task, run: Run, items: Sequence[Item]) -> list[Mark] | None:
    """Return the marks of what the words alone reach, fitted on train; None where there is no train to fit it on."""
    taken = {patient for item in items for patient in item.patients}
    fitted_on = [item for item in train_items(task, run.data) if not taken.intersection(item.patients)]
    if not fitted_on or not taken:
        return None
    system = baseline(FLOOR, fitted_on)
    said = system(map(asked, items))
    return marks(items, {answer.id: answer for answer in said})


def write_scores(out: Path, found: Mapping[str, Score]) -> None:
    """Write scores.json."""
    plain = {metric: score.to_json() for metric, score in found.items()}
    atomic_write(out / "scores.json", json.dumps(plain, indent=1).encode() + b"\n")


def _judged(run: Run, who: Who, task: Task, items: Sequence[Item]) -> tuple[Claim, dict[str, Any]]:
    """Return whom the run judges, and what run.json says."""
    judged, name = unseen(items, who.seen), who.name
    earlier = None if who.stored is None else read_run(who.stored.parent)
    if earlier is not None and earlier.get("task") == run.task:  # our own answers, scored again
        judged, name = _as_before(who.stored, items, earlier), str(earlier["model"])
    notes = getattr(task, "notes", None)
    about = {
        "task": run.task,
        "about": task.about,
        "model": name,
        "scorer": run.scorer,
        "split": run.split or "the task's own",
        "data": str(run.data.resolve()),
        "layouts": list(run.layouts),
        "items": len(judged.items),
        "patients": len({patient for item in judged.items for patient in item.patients}),
        "left_out": judged.left_out,
        "a_test": judged.a_test,
        "note": judged.note,
        "notes": list(notes(run.data, run.split)) if notes is not None else [],
        "code": code_hash(),
        "commit": commit(),
    }
    return judged, about


def _as_before(stored: Path | None, items: Sequence[Item], earlier: Mapping[str, Any]) -> Claim:
    """Return the items that an earlier run of this task asked; whom its model has seen was left out then."""
    if stored is None or not (stored.parent / "questions.jsonl").is_file():
        return unseen(items, None)
    with (stored.parent / "questions.jsonl").open(encoding="utf-8") as file:
        asked = {json.loads(line)["id"] for line in file}
    kept = tuple(item for item in items if item.id in asked)
    return Claim(kept, len(items) - len(kept), bool(earlier.get("a_test")), str(earlier.get("note")))


def _answers(
    run: Run, who: Who, items: Sequence[Item], out: Path, stored: Stored | None
) -> tuple[dict[str, Answer], list[str]]:
    if who.system is not None:
        return answer_items(who.system, items, out, workers=run.workers, label="bench"), []
    if who.stored is None:
        raise JobError("nobody is judged; give --model or --answers")
    stored = stored or read_stored(who.stored, items)
    lines = [json.dumps(answer.to_json()) + "\n" for answer in stored.answers.values()]
    atomic_write(out / ANSWERS_FILE, "".join(lines).encode("ascii"))
    return stored.answers, [str(stored.report)]


def _official(items: Sequence[Item], answers: Mapping[str, Answer]) -> tuple[dict[str, Score], list[str]]:
    """Return the values of every published rule that the items name, and what the rules did."""
    rules = list(dict.fromkeys(_rules(items)))
    if not rules:
        raise JobError("no published scorer is known for this task; leave --scorer out, or give --scorer strict")
    found: dict[str, Score] = {}
    notes: list[str] = []
    for rule in rules:
        mine = [item for item in items if rule in _rules([item])]
        scored = official(rule, mine, answers)
        found |= {f"{name}|{rule}": score for name, score in as_scores(scored).items()}
        notes += [f"{rule}: {line}" for line in scored.about]
    return found, notes


def _rules(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        rule = item.facts.get("rule", ())
        yield from (rule,) if isinstance(rule, str) else rule
