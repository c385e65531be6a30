"""The report of a benchmark of questions: one HTML page of tables and plots, which needs nothing else to be read."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from einthoven.evaluate.intervals import Score
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.calibration import reliability, risk_coverage
from einthoven.evaluate.plots import Row, curves_svg, rows_svg
from einthoven.evaluate.tables import facts_list, html_page, score_table

HOW = (
    "Values with 95 % intervals over patients (1,000 draws). Chance: the same answers dealt out anew among the items "
    "of one question. Text only: the commonest answer to the same question in the training split. Unread: nothing "
    "usable was said, which counts as wrong; nothing is guessed."
)
PLOTTED = ("balanced_accuracy", "auroc", "accuracy", "exact_match", "rouge_l")
SHOWN = 24  # rows of a plot
HIDDEN = ("about", "note", "notes", "data")  # told elsewhere; where the data lies is nobody else's business


def bench_page(about: Mapping[str, Any], scores: Mapping[str, Score], marked: Sequence[Mark]) -> str:
    """Return the page; about: what was run; marked: for the curves of confidence."""
    whole = {name: score for name, score in scores.items() if "|" not in name}
    split = {name: score for name, score in scores.items() if "|" in name}
    kind = "" if about.get("a_test") else " — not a test"
    return html_page(
        f"{about['task']}: {about['model']}{kind}",
        [
            f"<p>{escape(str(about['about']))}</p><p class=note>{escape(str(about['note']))}.</p>",
            *(f"<p class=note>{escape(str(note))}</p>" for note in about.get("notes", ())),
            f"<p>{HOW}</p>",
            score_table(whole),
            f'<div class="plots">{_by_part(split)}{_confidence(marked)}</div>',
            "<h2>By part</h2>" if split else "",
            score_table(split),
            facts_list({name: value for name, value in about.items() if name not in HIDDEN}),
        ],
    )


def _by_part(split: Mapping[str, Score]) -> str:
    """Return the first of the usual values that there is, part by part."""
    for metric in PLOTTED:
        rows = [
            Row(name.partition("|")[2], score.value, score.low, score.high, score.chance)
            for name, score in split.items()
            if name.partition("|")[0] == metric and None not in (score.value, score.low, score.high)
            and score.value is not None and score.low is not None and score.high is not None
        ]  # fmt: skip
        if rows:
            return f"<figure>{rows_svg(rows[:SHOWN], f'{metric}; red: chance')}</figure>"
    return ""


def _confidence(marked: Sequence[Mark]) -> str:
    """Return how far confidence is borne out, and what answering only the surer questions would bring."""
    if sum(mark.confidence is not None for mark in marked) < 20:
        return ""
    bins = reliability(marked)
    curve = risk_coverage(marked)
    return (
        f"<figure>{curves_svg({'answers': bins}, 'confidence', 'share right', diagonal=True)}</figure>"
        f"<figure>{curves_svg({'answers': curve}, 'share answered, surest first', 'share wrong')}</figure>"
    )
