"""Carts: how the machines that print ECGs look, as families, and one machine drawn from a family."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from einthoven.render.grid import Grid
from einthoven.render.layouts import Side
from einthoven.render.letters import FontName
from einthoven.render.sheet import Color
from einthoven.render.wear.parts import Dice

if TYPE_CHECKING:
    from einthoven.render.head import HeadName

Printer = Literal["ink", "thermal", "laser"]
Separator = Literal["none", "tick", "line", "dots"]
Tone = Literal["colour", "grey", "bw"]


@dataclass(frozen=True)
class Cart:
    """How a machine prints.

    line_mm: weight of the trace; printer: "ink" is smooth, "thermal" steps with the dots of its head, "laser" has hard
    edges; label_mm: capital letters of lead names; label_at_mm: where a name stands, right of its column's edge and
    below the baseline; frame: the grid ends where the header begins; tone: of the whole print.
    """

    grid: Grid
    ink: Color = (24, 24, 32)
    line_mm: float = 0.28
    printer: Printer = "ink"
    font: FontName = "sans"
    label_mm: float = 2.4
    label_at_mm: tuple[float, float] = (1.2, -7.0)
    pulse: Side = "left"
    separator: Separator = "none"
    head: "HeadName" = "columns"
    frame: bool = False
    tone: Tone = "colour"


_PINK = Grid(paper=(255, 249, 248), minor=(250, 210, 208), major=(234, 156, 156))
_ROSE = Grid(paper=(255, 243, 243), minor=(255, 214, 214), major=(246, 168, 168))
_RED = Grid(paper=(255, 240, 232), minor=(252, 205, 190), major=(238, 136, 112), minor_mm=0.1, major_mm=0.22)
_DOTS = Grid("dots", (255, 255, 255), (236, 176, 176), (240, 160, 160), 0.14, 0.12, margin=(255, 255, 255))

CARTS: dict[str, Cart] = {
    # framed dotted grid under a report head, serif letters, lines between the columns
    "report": Cart(_DOTS, (6, 6, 8), 0.34, "laser", "serif", 2.5, (0.4, -1.2), "left", "line", "report", frame=True),
    # pink paper from edge to edge, names below the trace, figures in a table
    "columns": Cart(_PINK, (20, 18, 24), 0.26, "ink", "serif", 2.3, (0.6, 6.4), "left", "none", "columns", frame=True),
    # names high above the trace, wide apart, pulse at the right end
    "right": Cart(_ROSE, (34, 32, 54), 0.24, "ink", "mono", 2.4, (24.0, -12.0), "right", "tick", "box"),
    # red grid, ticks between the columns, names after the ticks
    "ticks": Cart(_RED, (30, 28, 30), 0.26, "ink", "sans", 2.4, (1.4, 5.8), "left", "tick", "box"),
    # thermal paper with an orange grid
    "orange": Cart(
        Grid(paper=(255, 250, 240), minor=(253, 222, 186), major=(243, 172, 108)),
        (44, 40, 66), 0.3, "thermal", "mono", 2.2, (1.0, -8.0), "left", "tick", "strip",
    ),
    # thermal paper with a green grid, as long-term and older machines have it
    "green": Cart(
        Grid(paper=(238, 252, 240), minor=(196, 230, 204), major=(142, 200, 158)),
        (22, 34, 28), 0.3, "thermal", "sans-bold", 2.2, (0.6, 5.5), "left", "tick", "strip",
    ),
    # screen report: cool grey lines on white
    "screen": Cart(
        Grid(paper=(255, 255, 255), minor=(226, 231, 242), major=(188, 199, 222), margin=(255, 255, 255)),
        (10, 10, 14), 0.22, "ink", "sans", 2.2, (0.8, 6.0), "left", "none", "columns", frame=True,
    ),
    # dots on beige with stronger lines, fine trace
    "fine": Cart(
        Grid("dots", (250, 246, 238), (206, 168, 162), (222, 150, 150), 0.16, 0.16),
        (28, 26, 36), 0.2, "ink", "serif", 2.6, (0.4, -1.2), "left", "dots", "strip",
    ),
    # only the five-millimetre lines
    "coarse": Cart(
        Grid("major", (253, 250, 247), (255, 255, 255), (234, 176, 178), 0.1, 0.14),
        (22, 22, 26), 0.28, "ink", "sans", 2.4, (1.0, 6.2), "left", "dots", "report",
    ),
    # white paper, red grid, black trace, bold ticks: the look of pictures made by program
    "plain": Cart(
        Grid(paper=(255, 255, 255), minor=(255, 219, 219), major=(255, 170, 170), minor_mm=0.1, major_mm=0.15),
        (0, 0, 0), 0.26, "ink", "sans", 2.2, (0.8, 6.6), "left", "tick", "strip",
    ),
}  # fmt: skip


def draw_cart(name: str, dice: Dice) -> Cart:
    """Return a machine of a family in CARTS: shades, weights and letters vary a little."""
    cart = CARTS[name]
    grid = replace(
        cart.grid,
        paper=_near(cart.grid.paper, 2.0, dice),
        minor=_near(cart.grid.minor, 5.0, dice),
        major=_near(cart.grid.major, 8.0, dice),
        minor_mm=cart.grid.minor_mm * dice.uniform(0.85, 1.2),
        major_mm=cart.grid.major_mm * dice.uniform(0.85, 1.2),
    )
    return replace(
        cart,
        grid=grid,
        ink=_near(cart.ink, 6.0, dice),
        line_mm=cart.line_mm * dice.uniform(0.85, 1.25),
        label_mm=round(cart.label_mm * dice.uniform(0.9, 1.1), 1),  # few sizes: letters are drawn once a size,
    )


def _near(color: Color, spread: float, dice: Dice) -> Color:
    together, apart = dice.normal(0, spread), dice.normal(0, spread / 3, 3)
    red, green, blue = (int(one) for one in np.clip(np.rint(np.array(color) + together + apart), 0, 255))
    return red, green, blue
