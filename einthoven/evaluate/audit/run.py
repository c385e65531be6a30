"""`einthoven audit`: ask all arms, judge, and write what was asked, answered and found."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import JobError
from einthoven.evaluate.audit.arms import ArmItem, arms, expand, unique
from einthoven.evaluate.audit.controls import Controls, write_controls
from einthoven.evaluate.audit.figures import ALL
from einthoven.evaluate.audit.judge import audit
from einthoven.evaluate.audit.page import audit_page
from einthoven.evaluate.bench import Run, Who, floor, write_scores
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.item import Item
from einthoven.evaluate.provenance import claim, code_hash, commit
from einthoven.evaluate.run import answer_items, write_questions
from einthoven.evaluate.stored import read_answers
from einthoven.evaluate.tasks import load_task
from einthoven.evaluate.unseen import Claim, unseen

ECGS = "ecgs"  # folder of the ECGs that are made
Json = dict[str, Any]


@dataclass(frozen=True)
class Audit:
    """What is audited on. seed: of the exchanges, the noise and the words."""

    task: str
    data: Path
    split: str | None = None
    workers: int = 0
    seed: int = 0


def run_audit(settings: Audit, who: Who, out: Path, ran: Mapping[str, Any]) -> Json:
    """Write questions, answers, scores.json, audit.json, run.json and report.html into `out`; return what was found.

    Raises InputError, JobError or ModelError.
    """
    if who.system is None and who.stored is None:
        raise JobError("nobody is audited; give --model")
    task = load_task(settings.task)
    judged = unseen(task.items(settings.data, settings.split), who.seen)
    about = _about(settings, task.about, who, judged)
    of_arm = arms(judged.items, out.resolve() / ECGS, settings.seed)
    to_ask, mapping = unique([one for listed in of_arm.values() for one in listed])
    answers = {} if who.stored is None else read_answers(who.stored, to_ask)  # refused before anything is written
    claim(out, about, ran)
    write_controls(_ecgs(judged.items), Controls(out.resolve() / ECGS, settings.seed))
    write_questions(to_ask, out)
    if who.system is not None:
        answers = answer_items(who.system, to_ask, out, workers=settings.workers, label="audit")
    run = Run(settings.task, settings.data, settings.split)
    found = audit(of_arm, expand(answers, mapping), floor(task, run, judged.items) or ())
    atomic_write(out / "audit.json", json.dumps({**found, "run": _public(about)}, indent=1).encode() + b"\n")
    write_scores(out, scores_of(found))
    atomic_write(out / "report.html", audit_page({**_public(about), **ran}, found).encode())
    return found


def audit_questions(settings: Audit, out: Path) -> int:
    """Write questions.jsonl and the ECGs that are made into `out`, for others to answer; return how many questions."""
    items = load_task(settings.task).items(settings.data, settings.split)
    of_arm: dict[Any, list[ArmItem]] = dict(arms(items, out.resolve() / ECGS, settings.seed))
    to_ask, _ = unique([one for listed in of_arm.values() for one in listed])
    write_controls(_ecgs(items), Controls(out.resolve() / ECGS, settings.seed))
    write_questions(to_ask, out)
    return len(to_ask)


def scores_of(found: Mapping[str, Any]) -> dict[str, Score]:
    """Return the values over all types as "metric|arm", the true ECG's without the arm."""
    scores: dict[str, Score] = {}
    for arm, values in found.items():
        table = values.get("by_type") if isinstance(values, dict) else None
        for metric, value in ((table or {}).get(ALL) or {}).items():
            scores[metric if arm == "true" else f"{metric}|{arm}"] = Score(**value)
    return scores


def _public(about: Json) -> Json:
    """Return what may be shown to others: not where the data lies on this machine."""
    return {name: value for name, value in about.items() if name != "data"}


def _ecgs(items: tuple[Item, ...] | list[Item]) -> Iterator[str]:
    return (ecg for item in items for ecg in item.sample.ecgs)


def _about(settings: Audit, about: str, who: Who, judged: Claim) -> Json:
    return {
        "task": settings.task,
        "about": about,
        "model": who.name,
        "split": settings.split or "the task's own",
        "seed": settings.seed,
        "data": str(settings.data.resolve()),
        "items": len(judged.items),
        "patients": len({patient for item in judged.items for patient in item.patients}),
        "left_out": judged.left_out,
        "a_test": judged.a_test,
        "note": judged.note,
        "code": code_hash(),
        "commit": commit(),
    }
