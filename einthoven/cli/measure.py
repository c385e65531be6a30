"""`einthoven measure`: waves, intervals, rate, axes and amplitudes of an ECG, or of a list of them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from einthoven.core.measurements import Measurements

NOTICE = "Research use only; not for diagnosis."


def measure(  # noqa: PLR0913  # a command has as many parameters as flags
    ecg: Annotated[str | None, typer.Argument(metavar="ECG", help="record: WFDB, CSV, NumPy, MATLAB")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    plot: Annotated[Path | None, typer.Option(help="PNG: the ECG with its waves and intervals drawn on it")] = None,
    batch: Annotated[Path | None, typer.Option(help="text file with one ECG path a line")] = None,
    out: Annotated[Path | None, typer.Option(help="JSON lines of measurements, with --batch")] = None,
    workers: Annotated[int, typer.Option(help="processes, with --batch; the bytes do not depend on it")] = 1,
    rate: Annotated[float | None, typer.Option(help="samples a second, for files that do not say it")] = None,
    unit: Annotated[str | None, typer.Option(help="mV or uV, for files that do not say it")] = None,
) -> None:
    """Measure waves, intervals, rate, axes, amplitudes and rhythm of an ECG. Research use only."""
    from einthoven.core.errors import JobError

    if batch is not None or out is not None:
        if batch is None or out is None or ecg is not None or plot is not None or as_json:
            raise JobError("a batch is: einthoven measure --batch LIST.txt --out OUT.jsonl [--workers N]")
        if workers < 0:
            raise JobError(f"--workers {workers}: 0 works in this process, 1 or more in as many others")
        run_batch(batch, out, workers, (rate, unit))
        return
    if ecg is None:
        raise JobError("give an ECG: einthoven measure RECORD, or --batch LIST.txt --out OUT.jsonl")
    print(measure_once(ecg, as_json, plot, (rate, unit)))


def measure_once(path: str, as_json: bool, plot: Path | None, units: tuple[float | None, str | None]) -> str:
    """Measure one ECG, draw it if asked, and return what to print."""
    from einthoven.core.errors import JobError
    from einthoven.measure.files import measure_file, read_beginning

    if plot is not None and (plot.suffix.lower() != ".png" or plot.is_dir()):
        raise JobError(f"{plot}: the plot is a PNG file; give a name that ends in .png")
    found = measure_file(path, *units)
    if plot is not None:
        from einthoven.render.encode import write_page
        from einthoven.render.measured import draw_measured

        try:
            plot.absolute().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JobError(f"{plot}: cannot be written: {error.strerror}") from error
        write_page(draw_measured(read_beginning(path, *units), found), plot)
    return json.dumps(found.to_json(), ensure_ascii=False, allow_nan=False) if as_json else say(found)


def say(found: "Measurements") -> str:
    """Return measurements as a person reads them: a figure a line, with its limits, or why there is none."""
    from einthoven.core.measurements import FIGURES, label, unit_of

    lines = []
    for name in FIGURES:
        value = found.figures.get(name)
        if value is None:
            lines.append(f"{label(name):<18} -       {found.reasons.get(name, 'not measured')}")
            continue
        limit = found.limits.get(name)
        text = f"{label(name):<18} {value:<7.0f} {unit_of(name):<4}"
        text += f" confidence {found.confidence[name]:.2f}" if name in found.confidence else ""
        text += f"   {limit.place} {_span(limit.low, limit.high)}" if limit else ""
        lines.append(text)
    rhythm, early = found.rhythm, len(found.rhythm.premature_beats_s)
    regular = {True: "regular", False: "irregular", None: "too few beats to tell"}[rhythm.regular]
    regular += f" apart from {early} premature beats" if rhythm.regular and early else f", {early} premature beats"
    lines.append(f"{'rhythm':<18} {regular}" + (f", mean rate {rhythm.mean_bpm:.0f} bpm" if rhythm.mean_bpm else ""))
    spikes = found.reasons.get("pacing_spikes_s") or str(len(rhythm.pacing_spikes_s))
    lines.append(f"{'pacing spikes':<18} {spikes}")
    if found.quality.suspected_reversal:
        lines.append(f"Note: {found.quality.suspected_reversal}.")
    lines += [f"Note: {fault}." for fault in found.quality.faults]
    lines += [f"Note: lead {lead}: {one.fault}." for lead, one in found.quality.leads.items() if one.fault]
    of = "of healthy adults; --json names their sources" if found.limits else "known for adults only"
    return "\n".join([*lines, f"Limits are {of}. {NOTICE}"])


def _span(low: float | None, high: float | None) -> str:
    return f"up to {high:g}" if low is None else f"{low:g} or more" if high is None else f"{low:g} to {high:g}"


def run_batch(listed: Path, out: Path, workers: int, units: tuple[float | None, str | None]) -> None:
    """Measure a list: one line an ECG, in the order of the list, resumable."""
    from einthoven.measure.files import MeasureWork, measure_batch

    tally = measure_batch(listed, out, workers, MeasureWork(*units))
    print(f"{tally.made} measured, {tally.kept} already there, {tally.failed} with an error: {out}. {NOTICE}")
