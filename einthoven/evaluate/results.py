"""Models side by side: folders of benchmark runs as one HTML page, with paired differences and the published rows."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from einthoven.core.errors import EcgError, JobError
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.marks import Mark, marks
from einthoven.evaluate.provenance import read_run
from einthoven.evaluate.scores import compare
from einthoven.evaluate.stored import read_answers
from einthoven.evaluate.tables import cell, html_page, table
from einthoven.evaluate.tasks import TASKS, load_task

PUBLISHED = Path(__file__).with_name("published.csv")
MOST_ROWS = 40  # metrics of a task on the page
SAME = ("task", "split", "data", "scorer")  # what runs have in common that stand in one table
ELSEWHERE = (
    "Reported elsewhere, in percent. Another split, another input or another scorer: not to be compared with the values"
    " above unless the protocol is the same and the set is the released one."
)


@dataclass(frozen=True)
class Done:
    """One finished run."""

    folder: Path
    about: Mapping[str, Any]
    scores: Mapping[str, Score]

    @property
    def model(self) -> str:
        return str(self.about["model"])


def results_page(folders: Sequence[Path]) -> str:
    """Return the page. Raises JobError for a folder that holds no finished run."""
    groups: dict[tuple[str, ...], list[Done]] = {}
    for folder in folders:
        done = read_done(folder)
        groups.setdefault(tuple(str(done.about.get(key)) for key in SAME), []).append(done)
    parts: list[str] = []
    for runs in groups.values():
        parts += _task(runs)
    return html_page("Results", parts)


def read_done(folder: Path) -> Done:
    """Read run.json and scores.json. Raises JobError."""
    about = read_run(folder)
    path = folder / "scores.json"
    if about is None or "task" not in about or not path.is_file():
        raise JobError(f"{folder}: holds no finished run; give folders that `einthoven bench` wrote")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Done(folder, about, {str(name): Score(**values) for name, values in found.items()})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise JobError(f"{path}: holds no scores ({error})") from error


def _task(runs: Sequence[Done]) -> list[str]:
    about = runs[0].about
    names = [name for name in runs[0].scores if any(name in run.scores for run in runs)]
    names = sorted(names, key=lambda name: "|" in name)[:MOST_ROWS]
    rows = [[escape(name), *(cell(run.scores.get(name)) for run in runs)] for name in names]
    yardsticks = [
        [escape(name), _plain(score.chance), _plain(score.text_only), str(score.n)]
        for name in names
        if (score := runs[0].scores[name]).chance is not None or score.text_only is not None
    ]
    title = f"{about['task']}, split {about['split']}, scorer {about['scorer']}"
    return [
        f"<h2>{escape(title)}</h2>",
        f"<p>{escape(str(about['about']))}</p>",
        *(f"<p class=note>{escape(run.model)}: {escape(str(run.about['note']))}.</p>" for run in runs),
        table(["", *(escape(run.model) for run in runs)], rows),
        table(["yardsticks of the first", "chance", "text only", "n"], yardsticks),
        *(_difference(runs[0], other) for other in runs[1:]),
        _published(str(about["task"])),
    ]  # fmt: skip


def _difference(one: Done, other: Done) -> str:
    """Return the paired differences of two runs over the items that both were asked, patients drawn together."""
    try:
        pairs = _common(one, other)
    except EcgError as error:
        return f"<p class=note>No paired difference of {escape(other.model)}: {escape(str(error))}</p>"
    rows = [[escape(name), cell(score), str(score.n)] for name, score in compare(*pairs).items() if "|" not in name]
    return table([f"{escape(one.model)} less {escape(other.model)}", "difference [95 % interval]", "n"], rows)


def _common(one: Done, other: Done) -> tuple[list[Mark], list[Mark]]:
    task = str(one.about["task"])
    if task not in TASKS:
        raise JobError("it is paired for questions only")
    split = str(one.about["split"])
    items = load_task(task).items(Path(one.about["data"]), split if split in ("train", "valid", "test") else None)
    answers = [read_answers(run.folder / "answers.jsonl", items) for run in (one, other)]
    both = [item for item in items if all(item.id in found for found in answers)]
    if not both:
        raise JobError("no item was asked of both")
    return marks(both, answers[0]), marks(both, answers[1])


def _published(task: str) -> str:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = [line for line in csv.DictReader(file) if line["task"] == task]
    if not rows:
        return ""
    cells = [[escape(row[key]) for key in ("model", "metric", "value", "protocol", "source")] for row in rows]
    return f"<p>{ELSEWHERE}</p>" + table(["model", "metric", "value", "protocol", "source"], cells)


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
