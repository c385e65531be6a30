"""Figures that a text states by name ("PR interval 160 ms, axis -30°"), and which of them a measurement contradicts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from einthoven.core.measurements import CORRECTIONS, label, unit_of
from einthoven.core.quantities import number_in

# Name in a text -> figure, "" for what only sounds like one; the longer names first, so that "QTc" is not read as "QT".
_NAMES: dict[str, str] = {
    r"(?:atrial|flutter|respiratory|breathing|sampling|sample|frame|p[ -]wave) rate": "",
    r"qt dispersion|qrs[ -]t angle|p[rq] segment|st segment|t wave|p[ -]r[ -]?segment": "",
    r"qtc[ -]?b(?:azett)?": "qtc_ms.bazett", r"qtc[ -]?f(?:ridericia)?": "qtc_ms.fridericia",
    r"qtc \(?bazett\)?": "qtc_ms.bazett", r"qtc \(?fridericia\)?": "qtc_ms.fridericia",
    r"qtc \(?framingham\)?": "qtc_ms.framingham", r"qtc \(?hodges\)?": "qtc_ms.hodges",
    r"qtc|corrected qt(?:[ -]interval)?": "qtc_ms",
    r"p[ -]?wave axis|p axis": "axis_deg.p", r"t[ -]?wave axis|t axis": "axis_deg.t",
    r"(?:qrs|electrical|frontal|heart|mean) axis|axis": "axis_deg.qrs",
    r"p[ -]?wave duration|p duration": "p_ms", r"p[rq](?:[ -]interval| duration)?": "pr_ms",
    r"qrs(?:[ -](?:duration|width|complex|interval))?": "qrs_ms", r"qt(?:[ -]interval| duration)?": "qt_ms",
    r"rr(?:[ -]interval)?|r-r interval": "rr_ms",
    r"(?:heart|ventricular|sinus|pulse) rate|rate|hr|pulse": "heart_rate_bpm",
}  # fmt: skip
_NAME = re.compile(
    r"\b(?:" + "|".join(f"(?P<n{place}>{name})" for place, name in enumerate(_NAMES)) + r")(?![\w/])", re.IGNORECASE
)
_FIGURES = tuple(_NAMES.values())
_ASIDE = re.compile(r"[.;,](?=\s|$)|\band\b|\bwith\b|\bwhile\b", re.IGNORECASE)  # where the words about a figure end
_AGE = re.compile(r"^\s*of an? \d+[ -]years?\b", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?:previously|earlier|formerly|now|last time|before)\b", re.IGNORECASE)
_BOTH = re.compile(r"^\s*(?:,|and|/|&)\s*$", re.IGNORECASE)  # between two names: "QRS and QT are 90 and 400 ms"
_UNIT = {"bpm": "bpm", "ms": "ms", "°": "deg"}
_SECONDS = re.compile(r"\d\s*(?:s|sec|seconds?)\b", re.IGNORECASE)  # else a PR of 0.16 is no number of milliseconds

TOLERANCE = {"heart_rate_bpm": 5.0, "rr_ms": 50.0, "p_ms": 20.0, "pr_ms": 20.0, "qrs_ms": 20.0, "qt_ms": 30.0,
             "qtc_ms": 40.0, "axis_deg": 30.0}  # fmt: skip
"""How far a stated figure may lie from the measured one: wide enough that rounding and our own error raise no alarm."""


@dataclass(frozen=True)
class Stated:
    """A figure that a text states."""

    figure: str
    value: float


def stated_figures(text: str, question: str = "") -> list[Stated]:
    """Return the figures that a text states; one bare number is that which the question asks for by name."""
    found = []
    names = list(_NAME.finditer(text))
    for place, match in enumerate(names):
        end = names[place + 1].start() if place + 1 < len(names) else len(text)
        words = text[match.end() : end]
        before = text[names[place - 1].end() : match.start()] if place else "."
        figure = _figure(match)
        if not figure or _BOTH.match(words) or _BOTH.match(before) or _AGE.match(words):
            continue
        if _CHANGED.search(words):
            continue
        aside = _ASIDE.search(words)
        value = _number(words[: aside.start()] if aside else words, figure)
        if value is not None:
            found.append(Stated(figure, value))
    asked = {_figure(match) for match in _NAME.finditer(question)} - {""}
    if not names and len(asked) == 1:
        figure = asked.pop()
        value = _number(text, figure)
        found += [Stated(figure, value)] if value is not None else []
    return found


def contradictions(stated: list[Stated], measured: Mapping[str, float | None]) -> tuple[str, ...]:
    """Return a line for each stated figure that lies farther from the measured one than its tolerance.

    A corrected QT without the name of its formula is compared with all four and must be far from each.
    """
    found = []
    for one in stated:
        figures = [f"qtc_ms.{name}" for name in CORRECTIONS] if one.figure == "qtc_ms" else [one.figure]
        known = [value for figure in figures if (value := measured.get(figure)) is not None]
        if not known:
            continue
        value = min(known, key=lambda here: _far(one, here))
        far = _far(one, value)
        tolerance = TOLERANCE[one.figure.partition(".")[0]]
        if far > tolerance:
            unit = unit_of(one.figure)
            found.append(
                f"{label(one.figure)} is said to be {one.value:g} {unit} and was measured as {value:.0f} {unit}"
                f" (tolerance {tolerance:g} {unit})"
            )
    return tuple(found)


def _far(stated: Stated, value: float) -> float:
    apart = stated.value - value
    return abs((apart + 180) % 360 - 180) if stated.figure.startswith("axis") else abs(apart)


def _figure(match: re.Match[str]) -> str:
    return next(_FIGURES[int(name[1:])] for name, words in match.groupdict().items() if words is not None)


def _number(words: str, figure: str) -> float | None:
    value = number_in(words, _UNIT[unit_of(figure)])
    if value is None or (figure.endswith("_ms") and value < 3 and not _SECONDS.search(words)):
        return None
    return value
