"""`einthoven ask`: one question about an ECG, or a batch of them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from einthoven.core.sample import Answer

NOTICE = "Research use only; not for diagnosis."


def ask(  # noqa: PLR0913  # a command has as many parameters as flags
    words: Annotated[
        list[str] | None, typer.Argument(metavar="ECG [ECG] QUESTION", help="record, then question")
    ] = None,
    options: Annotated[str | None, typer.Option(help="allowed answers: 'yes,no' or a JSON list")] = None,
    pick: Annotated[str, typer.Option(help="'one' of the options, or 'any' number of them")] = "one",
    model: Annotated[str, typer.Option(help="'default' or a folder that `einthoven train` made")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    batch: Annotated[Path | None, typer.Option(help="JSON lines: id, ecg, question, options, pick")] = None,
    out: Annotated[Path | None, typer.Option(help="JSON lines of answers, with --batch")] = None,
    rate: Annotated[float | None, typer.Option(help="samples a second, for files that do not say it")] = None,
    unit: Annotated[str | None, typer.Option(help="mV or uV, for files that do not say it")] = None,
) -> None:
    """Ask a question about an ECG (or about a previous and a recent one). Research use only."""
    from einthoven.core.errors import QuestionError

    if batch is not None or out is not None:
        if batch is None or out is None or words or options is not None:
            raise QuestionError("a batch is: einthoven ask --batch IN.jsonl --out OUT.jsonl; all else stands in IN")
        run_batch(batch, out, model, (rate, unit))
        return
    if not words or len(words) < 2:
        raise QuestionError("give an ECG and a question: einthoven ask RECORD 'Is this ECG normal?'")
    answer = ask_once(words, options, pick, model, (rate, unit))
    print(json.dumps(answer.to_json(), ensure_ascii=False) if as_json else say(answer))


def ask_once(
    words: list[str], options: str | None, pick: str, model: str, units: tuple[float | None, str | None]
) -> "Answer":
    """Answer one question; the ECG is read before the model is loaded, so that a mistake shows at once."""
    from einthoven.ask import ask as ask_ecg
    from einthoven.ask import read_ecg
    from einthoven.core.reading import split_options
    from einthoven.core.sample import ask_sample

    *paths, question = words
    allowed = split_options(options) if options is not None else None
    ask_sample(question, tuple(paths), allowed, pick)  # type: ignore[arg-type]  # it refuses what is no Pick
    ecgs = [read_ecg(path, *units) for path in paths]
    return ask_ecg(ecgs, question, allowed, pick, model)  # type: ignore[arg-type]


def say(answer: "Answer") -> str:
    """Return an answer as a person reads it."""
    from einthoven.core.measurements import in_words

    lines = []
    if answer.abstained:
        lines.append(f"No answer: {answer.reason}.")
    elif isinstance(answer.answer, tuple):
        lines.append(", ".join(answer.answer) or "none of these")
    else:
        lines.append(str(answer.answer))
    if answer.confidence is not None:
        lines.append(f"probability {answer.confidence:.2f}")
    if answer.options and not answer.abstained:
        lines.append("  ".join(f"{option}: {p:.2f}" for option, p in answer.options.items()))
    if answer.reason and not answer.abstained:
        lines.append(f"Note: {answer.reason}.")
    if answer.measured is not None:
        lines.append(f"measured: {in_words(answer.measured)}")
    lines += [f"Contradiction: {said}." for said in answer.contradictions]
    return "\n".join([*lines, f"{answer.model}. {NOTICE}"])


def run_batch(batch: Path, out: Path, model: str, units: tuple[float | None, str | None]) -> None:
    """Answer a batch: one line a question, in input order, resumable."""
    from einthoven.ask_batch import answer_batch

    tally = answer_batch(batch, out, model, units)
    print(f"{tally.made} answered, {tally.kept} already there, {tally.failed} with an error: {out}. {NOTICE}")
