"""Plots as inline SVG, drawn by hand: values with intervals in rows, and curves in a square. No script, no library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, LEFT, RIGHT, TOP, FOOT = 760, 24, 310, 70, 8, 34
SIDE, MARGIN = 300, 44
MOST = 56  # signs of a label
COLOURS = ("#1b4f8f", "#c0392b", "#2e7d32", "#8e5a00", "#6a3d9a")
TEXT = 'font-family="system-ui,sans-serif" font-size="12" fill="#1a1a24"'


@dataclass(frozen=True)
class Row:
    """One value with its interval; level: where chance or another yardstick lies, None for none."""

    name: str
    value: float
    low: float
    high: float
    level: float | None = None


def rows_svg(rows: Sequence[Row], label: str, low: float = 0.0, high: float = 1.0) -> str:
    """Return values with intervals, one under the other, over one axis; what lies outside of it is cut at its end."""
    tall = TOP + ROW * len(rows) + FOOT
    parts = [_open(WIDTH, tall, label)]

    def x(value: float) -> float:
        return LEFT + (min(max(value, low), high) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    for step in range(6):
        value = low + (high - low) * step / 5
        parts.append(_line(x(value), TOP, x(value), tall - FOOT, "#e4e4ea"))
        parts.append(_text(x(value), tall - FOOT + 15, f"{value:g}", "middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, tall - 4, label, "middle"))
    for place, row in enumerate(rows):
        y = TOP + ROW * place + ROW / 2
        parts.append(_text(LEFT - 8, y + 4, row.name, "end"))
        if row.level is not None:
            parts.append(_line(x(row.level), y - 9, x(row.level), y + 9, "#c0392b", 2))
        parts.append(_line(x(row.low), y, x(row.high), y, COLOURS[0], 2))
        parts.append(f'<circle cx="{x(row.value):.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[0]}"/>')
        parts.append(_text(WIDTH - RIGHT + 8, y + 4, f"{row.value:.3f}", "start"))
    return "".join(parts) + "</svg>"


def curves_svg(
    curves: Mapping[str, Sequence[tuple[float, float]]], x_label: str, y_label: str, diagonal: bool = False
) -> str:
    """Return curves of points in the unit square, each with its name."""
    size = SIDE + 2 * MARGIN
    parts = [_open(size, size, f"{y_label} over {x_label}")]

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return MARGIN + point[0] * SIDE, MARGIN + (1 - point[1]) * SIDE

    for step in range(6):
        value = step / 5
        parts.append(_line(*at((value, 0)), *at((value, 1)), "#e4e4ea"))
        parts.append(_line(*at((0, value)), *at((1, value)), "#e4e4ea"))
        parts.append(_text(at((value, 0))[0], size - MARGIN + 15, f"{value:g}", "middle"))
        parts.append(_text(MARGIN - 6, at((0, value))[1] + 4, f"{value:g}", "end"))
    if diagonal:
        parts.append(_line(*at((0, 0)), *at((1, 1)), "#99a"))
    for place, (name, points) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(size - MARGIN - 4, MARGIN + 14 * (place + 1), name, "end", colour))
    parts.append(_text(size / 2, size - 8, x_label, "middle"))
    parts.append(_text(MARGIN, MARGIN - 12, y_label, "start"))
    return "".join(parts) + "</svg>"


def _open(width: float, height: float, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img"><title>{escape(title)}</title>'
    )


def _line(x0: float, y0: float, x1: float, y1: float, colour: str, wide: float = 1) -> str:
    return f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{colour}" stroke-width="{wide:g}"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#1a1a24") -> str:
    words = escape(text if len(text) <= MOST else text[: MOST - 1] + "…")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {TEXT.replace("#1a1a24", colour)}>{words}</text>'
