"""`einthoven audit`: does a model look at the ECG at all? The same questions with other ECGs, none, or noise."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer


def audit(  # noqa: PLR0913  # a command has as many parameters as flags
    out: Annotated[Path, typer.Option(help="folder for questions, answers, scores.json, audit.json and report.html")],
    task: Annotated[str, typer.Argument(help="the benchmark whose questions are asked")] = "superclasses",
    data: Annotated[Path, typer.Option(help="folder that holds ptbxl/, ecgqa/ ..")] = Path(),
    model: Annotated[
        str, typer.Option(help="default, a folder, openai:URL#NAME, answers:FILE, baseline:NAME, no-ecg:MODEL")
    ] = "default",
    split: Annotated[str | None, typer.Option(help="train, valid or test; without it the task's own")] = None,
    questions_only: Annotated[
        bool, typer.Option("--questions-only", help="write questions.jsonl, for others to answer, and stop")
    ] = False,
    workers: Annotated[int, typer.Option(help="processes; 0 for this one")] = 0,
    seed: Annotated[int, typer.Option(help="another seed exchanges other ECGs")] = 0,
) -> None:
    """Ask whether a model looks at the ECG: reliance, flips and floors, with intervals. Research use only."""
    from einthoven.cli.bench import ran
    from einthoven.cli.systems import who_is
    from einthoven.core.errors import JobError
    from einthoven.evaluate.audit.run import Audit, audit_questions, run_audit
    from einthoven.evaluate.bench import train_items
    from einthoven.evaluate.tasks import load_task

    if split not in (None, "train", "valid", "test"):
        raise JobError(f"no split {split!r}; there are train, valid and test")
    if workers < 0 or seed < 0:
        raise JobError("--workers and --seed are 0 or more")
    settings = Audit(task, data, split, workers, seed)
    if questions_only:
        print(f"{audit_questions(settings, out)} questions: {out / 'questions.jsonl'}")
        return
    who = who_is(model, lambda: train_items(load_task(task), data))
    started = time.monotonic()
    found = run_audit(settings, who, out, ran())
    print(f"{json.loads((out / 'run.json').read_text(encoding='utf-8'))['note']}.")
    for line in found["summary"]["verdict"]:
        print(line)
    print(f"{out / 'report.html'} ({time.monotonic() - started:.0f} s). Research use only; not for diagnosis.")
