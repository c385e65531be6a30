"""The report of a wave benchmark: one HTML page of tables, which needs nothing else to be read."""

from collections.abc import Mapping
from html import escape
from typing import Any

from einthoven.evaluate.borders import BORDERS, CSE_SD_MS
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.noise import KINDS, LADDER_DB
from einthoven.evaluate.tables import STYLE, table
from einthoven.evaluate.waves_bench import IEC_MS, INTERVALS

COLUMNS = ("sensitivity", "ppv", "f1_150", "f1_40", "mean_ms", "sd_ms", "median_abs_ms", "p95_abs_ms")
HEADS = (
    "sensitivity %",
    "PPV %",
    "F1 % at 150 ms",
    "F1 % at 40 ms",
    "mean ms",
    "SD ms",
    "median |error| ms",
    "95 % of |errors| ms",
)


def page(about: Mapping[str, Any], scores: Mapping[str, Score]) -> str:
    """Return the page; about: what was run."""
    strata = sorted({metric.split("|")[1] for metric in scores if "|" in metric and " dB" not in metric})
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(str(about['task']))}</title>",
        f"<style>{STYLE}</style>",
        f"<h1>Waves and intervals: {escape(str(about['task']))}</h1>",
        f"<p>{about['recordings']} recordings of {about['patients']} patients ({escape(str(about['about']))}), "
        f"split {escape(str(about['split']))}. Measured by {escape(str(about['model']))}.</p>",
        f"<p class=note>{escape(str(about['note']))}.</p>",
        "<p>Values with 95 % intervals over patients (1,000 draws). A border is right within 150 ms of the expert's. "
        "Research use only; not for diagnosis.</p>",
        "<h2>Borders</h2>", _borders(scores, ""),
        "<h2>Global intervals, measured less expert</h2>", _intervals(scores, ""),
        *(f"<h2>{escape(one)}</h2>{_borders(scores, f'|{one}')}{_intervals(scores, f'|{one}')}" for one in strata),
        _others(scores), _ladder(scores),
    ]  # fmt: skip
    return "\n".join(parts) + "</html>\n"


def cell(score: Score | None) -> str:
    """Return a value with its interval."""
    if score is None or score.value is None:
        return "-"
    span = "" if score.low is None else f" <small>[{score.low:.1f}, {score.high:.1f}]</small>"
    return f"{score.value:.1f}{span}"


def _borders(scores: Mapping[str, Score], behind: str) -> str:
    rows = []
    for wave, side in BORDERS:
        found = [scores.get(f"{wave}_{side}.{column}{behind}") for column in COLUMNS]
        marks = found[0].n if found[0] else 0
        limit = CSE_SD_MS.get((wave, side))
        rows.append([f"{wave} {side}set", str(marks), *map(cell, found), f"{limit:g}" if limit else "none"])
    return table(["border", "n", *HEADS, "CSE limit on SD"], rows)


def _intervals(scores: Mapping[str, Score], behind: str) -> str:
    rows = []
    for name in INTERVALS:
        found = [scores.get(f"{name}.{metric}{behind}") for metric in ("mean_ms", "sd_ms", "within_10_ms")]
        mean, sd = IEC_MS[name]
        absent = f"{100 * found[0].unread:.0f}" if found[0] and found[0].unread is not None else "-"
        rows.append([name, str(found[0].n if found[0] else 0), *map(cell, found), absent, f"{mean} / {sd}"])
    return table(
        ["interval", "n", "mean ms", "SD ms", "within 10 ms, %", "not given, %", "IEC 60601-2-25 limits"], rows
    )


def _others(scores: Mapping[str, Score]) -> str:
    found = {metric: score for metric, score in scores.items() if metric.startswith("atrial fibrillation.")}
    if not found:
        return ""
    return "<h2>P waves claimed in atrial fibrillation</h2>" + table(
        ["", "n", "%"], [[escape(metric.split(".")[1]), str(score.n), cell(score)] for metric, score in found.items()]
    )


def _ladder(scores: Mapping[str, Score]) -> str:
    if not any(" dB" in metric for metric in scores):
        return ""
    parts = ["<h2>Noise ladder</h2>"]
    for kind in KINDS:
        rows = [
            [f"{wave} {side}set", *(
                " / ".join(cell(scores.get(f"{wave}_{side}.{one}|{kind} {step} dB")) for one in ("f1_150", "sd_ms"))
                for step in LADDER_DB
            )]
            for wave, side in BORDERS
        ]  # fmt: skip
        parts.append(
            f"<h3>{kind}: F1 % at 150 ms / SD ms</h3>" + table(["border", *(f"{step} dB" for step in LADDER_DB)], rows)
        )
    return "".join(parts)
