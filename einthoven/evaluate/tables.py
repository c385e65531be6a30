"""Scores as tables of HTML: values with intervals, chance, what text alone reaches, and the share not read."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from einthoven.evaluate.intervals import Score

STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a24}
table{border-collapse:collapse;margin:1rem 0}td,th{border-bottom:1px solid #ccc;padding:.25rem .6rem;text-align:right}
td:first-child,th:first-child{text-align:left}small{color:#556}.note{background:#fff4d6;padding:.6rem}
.plots{display:flex;flex-wrap:wrap;gap:1rem}svg{max-width:100%;height:auto}"""
HEADS = ("", "value [95 % interval]", "n", "chance", "text only", "unread")
NOTICE = "Research use only; not for diagnosis."


def html_page(title: str, parts: Sequence[str]) -> str:
    """Return a page that needs nothing else to be read; parts are HTML."""
    head = (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{escape(title)}</h1><p><strong>{NOTICE}</strong></p>"
    )
    return "\n".join((head, *parts)) + "</html>\n"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; cells are HTML."""
    if not rows:
        return ""
    head = "".join(f"<th>{one}</th>" for one in heads)
    body = "\n".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>\n{body}</table>"


def score_table(scores: Mapping[str, Score]) -> str:
    """Return one row a score, named by its key."""
    return table(HEADS, [[escape(name), *score_cells(score)] for name, score in scores.items()])


def score_cells(score: Score) -> list[str]:
    """Return value, n, chance, text-only level and the share not read."""
    rest = (score.chance, score.text_only, score.unread)
    return [cell(score), str(score.n), *("-" if value is None else f"{value:.3f}" for value in rest)]


def cell(score: Score | None) -> str:
    """Return a value with its interval, "-" where there is none."""
    if score is None or score.value is None:
        return "-"
    return f"{score.value:.3f}{span(score.low, score.high)}"


def span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f" <small>[{low:.3f}, {high:.3f}]</small>"


def facts_list(about: Mapping[str, Any]) -> str:
    """Return what was run, a line each."""
    rows = [[escape(str(name)), escape(str(value))] for name, value in about.items() if value not in (None, "", [])]
    return table(("run", ""), rows)
