"""`einthoven bench`: how well something holds against what experts said, with intervals."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from einthoven.evaluate.intervals import Score


def bench(  # noqa: PLR0913  # a command has as many parameters as flags
    task: Annotated[str, typer.Argument(help="ludb or qtdb")],
    out: Annotated[Path, typer.Option(help="folder for questions, answers, scores.json and report.html")],
    data: Annotated[Path, typer.Option(help="folder that holds ludb/ or qtdb/, or is that folder")] = Path(),
    model: Annotated[
        str, typer.Option(help="'default' or a folder that `einthoven train delineator` made")
    ] = "default",
    answers: Annotated[
        Path | None, typer.Option(help="stored lines of `einthoven measure --batch`, ids as in the set")
    ] = None,
    split: Annotated[str | None, typer.Option(help="train, valid or test; without it all")] = None,
    questions_only: Annotated[
        bool, typer.Option("--questions-only", help="write questions.jsonl, for others to answer, and stop")
    ] = False,
    scorer: Annotated[str, typer.Option(help="'strict'; waves have no other")] = "strict",
    workers: Annotated[int, typer.Option(help="processes")] = 1,
    noise: Annotated[bool, typer.Option("--noise", help="measure also with noise from 24 to -6 dB")] = False,
) -> None:
    """Judge measurements against marks of experts, with intervals over patients. Research use only."""
    from einthoven.core.errors import JobError
    from einthoven.evaluate.wave_run import Run, bench_waves, write_questions
    from einthoven.evaluate.wave_tasks import TASKS

    if task not in TASKS:
        raise JobError(f"no benchmark {task!r}; there are {', '.join(TASKS)}")
    if split not in (None, "train", "valid", "test"):
        raise JobError(f"no split {split!r}; there are train, valid and test")
    if workers < 0:
        raise JobError(f"--workers {workers}: 0 works in this process, 1 or more in as many others")
    if scorer != "strict":
        raise JobError(f"no scorer {scorer!r} for {task}; there is strict")
    if answers is not None and (model != "default" or noise or questions_only):
        raise JobError("stored answers need no model, no noise and no questions; leave the others out")
    if questions_only:
        print(f"{write_questions(Run(task, data, split=split), out)} questions: {out / 'questions.jsonl'}")
        return
    found = bench_waves(Run(task, data, model, answers, split, workers, noise), out)
    print(f"{json.loads((out / 'run.json').read_text(encoding='utf-8'))['note']}.")
    for name in ("P_on", "P_off", "QRS_on", "QRS_off", "T_on", "T_off"):
        f1, mean, sd = _say(found, name, "f1_150"), _say(found, name, "mean_ms"), _say(found, name, "sd_ms")
        print(f"{name:<8} F1 {f1} %  mean {mean} ms  SD {sd} ms  n {found[f'{name}.f1_150'].n}")
    for name in ("p_ms", "pr_ms", "qrs_ms", "qt_ms"):
        mean, sd = _say(found, name, "mean_ms"), _say(found, name, "sd_ms")
        print(f"{name:<8} mean {mean} ms  SD {sd} ms  n {found[f'{name}.mean_ms'].n}")
    print(f"{out / 'report.html'}. Research use only; not for diagnosis.")


def _say(found: "Mapping[str, Score]", name: str, metric: str) -> str:
    score = found[f"{name}.{metric}"]
    return "-" if score.value is None else f"{score.value:.1f} [{score.low:.1f}, {score.high:.1f}]"
