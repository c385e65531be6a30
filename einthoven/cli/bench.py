"""`einthoven bench`: how well something holds against what experts said, with intervals."""

import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from einthoven.evaluate.intervals import Score

SHOWN = 16  # scores on the screen; all are in scores.json


def bench(  # noqa: PLR0913  # a command has as many parameters as flags
    task: Annotated[str, typer.Argument(help="the benchmark; any other word lists them")],
    out: Annotated[Path, typer.Option(help="folder for questions, answers, scores.json and report.html")],
    data: Annotated[Path, typer.Option(help="folder that holds ptbxl/, ecgqa/, ecgbench/, ludb/ ..")] = Path(),
    model: Annotated[
        str,
        typer.Option(help="default, a folder, openai:URL#NAME, answers:FILE, baseline:NAME, no-ecg:MODEL"),
    ] = "default",
    answers: Annotated[Path | None, typer.Option(help="stored answers, a JSON line each; scored at no cost")] = None,
    split: Annotated[str | None, typer.Option(help="train, valid or test; without it the task's own")] = None,
    questions_only: Annotated[
        bool, typer.Option("--questions-only", help="write questions.jsonl, for others to answer, and stop")
    ] = False,
    scorer: Annotated[str, typer.Option(help="strict, or official: as published, its faults included")] = "strict",
    workers: Annotated[int, typer.Option(help="processes; 0 for this one")] = 0,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="ECGBench: first write the pictures of its files beside them")
    ] = False,
    layouts: Annotated[
        str | None, typer.Option(help="for models that see pages: ask once a layout, e.g. 3x4,6x2+II,12x1")
    ] = None,
    noise: Annotated[
        bool, typer.Option("--noise", help="ludb, qtdb: measure also with noise from 24 to -6 dB")
    ] = False,
) -> None:
    """Judge answers or measurements against what experts said, with intervals over patients. Research use only."""
    from einthoven.core.errors import JobError
    from einthoven.evaluate.tasks import TASKS
    from einthoven.evaluate.wave_tasks import TASKS as WAVES

    if task not in TASKS and task not in WAVES:
        raise JobError(f"no benchmark {task!r}; there are {', '.join((*WAVES, *TASKS))}")
    if split not in (None, "train", "valid", "test"):
        raise JobError(f"no split {split!r}; there are train, valid and test")
    if workers < 0:
        raise JobError(f"--workers {workers}: 0 works in this process, 1 or more in as many others")
    if answers is not None and (model != "default" or noise or questions_only):
        raise JobError("stored answers need no model, no noise and no questions; leave the others out")
    drawn = tuple(name.strip() for name in (layouts or "").split(",") if name.strip())
    flags = _Flags(task, data, out, model, answers, split, scorer, workers, drawn)
    if task in WAVES:
        _waves(flags, questions_only, noise)
    elif noise:
        raise JobError(f"--noise is for {', '.join(WAVES)}; `einthoven audit` asks with noise instead of an ECG")
    else:
        _questions(flags, questions_only, pictures)


@dataclass(frozen=True)
class _Flags:
    """What was given on the command line."""

    task: str
    data: Path
    out: Path
    model: str
    answers: Path | None
    split: str | None
    scorer: Any
    workers: int
    layouts: tuple[str, ...] = ()


def _questions(flags: _Flags, questions_only: bool, pictures: bool) -> None:
    from einthoven.cli.systems import who_is
    from einthoven.core.errors import JobError
    from einthoven.evaluate import bench as benching
    from einthoven.evaluate.tasks import load_task

    out = flags.out
    if flags.scorer not in benching.SCORERS:
        raise JobError(f"no scorer {flags.scorer!r}; there are {', '.join(benching.SCORERS)}")
    run = benching.Run(flags.task, flags.data, flags.split, flags.scorer, flags.workers, flags.layouts)
    if pictures:
        print(benching.export_pictures(run))
    if questions_only:
        print(f"{benching.only_questions(run, out)} questions: {out / 'questions.jsonl'}")
        return
    name = f"answers:{flags.answers}" if flags.answers is not None else flags.model
    who = who_is(name, lambda: benching.train_items(load_task(flags.task), flags.data))
    started = time.monotonic()
    found = benching.bench(run, who, out, ran())
    about = json.loads((out / "run.json").read_text(encoding="utf-8"))
    print(f"{about['items']} items of {about['patients']} patients; {about['note']}.")
    for line in lines(found):
        print(line)
    print(f"{out / 'report.html'} ({time.monotonic() - started:.0f} s). Research use only; not for diagnosis.")


def ran() -> dict[str, str]:
    """Return when and by which command something was made."""
    words = [Path(sys.argv[0]).name, *sys.argv[1:]]
    return {"command": " ".join(words), "date": datetime.now(UTC).date().isoformat()}


def lines(found: "Mapping[str, Score]") -> list[str]:
    """Return the scores of the whole, then of parts as far as they fit."""
    ordered = sorted(found, key=lambda name: "|" in name)
    shown = [f"{name:<36} {say(found[name])}" for name in ordered[:SHOWN]]
    more = len(ordered) - len(shown)
    return [*shown, f"and {more} more in scores.json"] if more > 0 else shown


def say(score: "Score") -> str:
    """Return a score in one line."""
    if score.value is None:
        return f"-  (n {score.n})"
    span = "" if score.low is None else f" [{score.low:.3f}, {score.high:.3f}]"
    beside = [
        f"{name} {value:.3f}"
        for name, value in (("chance", score.chance), ("text only", score.text_only), ("unread", score.unread))
        if value is not None
    ]
    return f"{score.value:.3f}{span}  n {score.n}" + ("; " + ", ".join(beside) if beside else "")


def _waves(flags: _Flags, questions_only: bool, noise: bool) -> None:
    from einthoven.core.errors import JobError
    from einthoven.evaluate.wave_run import Run, bench_waves, write_questions

    task, data, split, out = flags.task, flags.data, flags.split, flags.out
    if flags.scorer != "strict":
        raise JobError(f"no scorer {flags.scorer!r} for {task}; there is strict")
    if questions_only:
        print(f"{write_questions(Run(task, data, split=split), out)} questions: {out / 'questions.jsonl'}")
        return
    found = bench_waves(Run(task, data, flags.model, flags.answers, split, max(1, flags.workers), noise), out)
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
