"""The head of a page in the manner of common carts: report, columns, box or strip; fields stay empty without words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from einthoven.render.desk import Desk, Piece, Printed, field
from einthoven.render.letters import FontName, Pen, wrapped
from einthoven.render.place import HEAD_MM
from einthoven.render.sheet import INK, Color, Pixels, Sheet
from einthoven.render.statements import VERDICTS
from einthoven.render.wear.parts import Dice
from einthoven.render.words import Words

HeadName = Literal["report", "columns", "box", "strip", "none"]
LEFT_MM, TOP_MM, GAP_MM = 7.0, 4.2, 3.0  # LEFT_MM: free at both sides; TOP_MM: foot of the first line
LAST_MM = HEAD_MM - 2.8  # the lowest foot of a line: tails of letters end above a frame that begins 2 mm higher
CAPITALS_MM = (2.0, 2.1, 2.2, 2.3)  # few sizes, so that fonts are kept
TITLES = ("ECG REPORT", "ECG Report", "12-Lead ECG Report", "Electrocardiogram", "RESTING ECG REPORT")
UNCONFIRMED = ("Unconfirmed", "** UNCONFIRMED **", "Unconfirmed report", "UNCONFIRMED")
Wide = tuple[float, float]


@dataclass(frozen=True)
class HeadStyle:
    """How a head and its foot are printed."""

    manner: HeadName
    font: FontName = "sans"
    color: Color = INK


def draw_head(pixels: Pixels, sheet: Sheet, style: HeadStyle, words: Words, dice: Dice) -> list[Printed]:
    """Print the head, within the upper HEAD_MM of the sheet, and return what was printed."""
    desk = Desk(pixels, sheet, Pen(style.font, float(dice.choice(CAPITALS_MM)), style.color))
    HEADS[style.manner](desk, words, dice)
    return desk.printed


def figure(words: Words, *names: str, between: str = " ") -> Piece:
    """Return figures as they are printed together: empty where nothing is measured, a star for one that is absent."""
    if not words.figures:
        return Piece("")
    values = [words.figures.get(name) for name in names]
    return Piece(between.join("*" if value is None else f"{value:.0f}" for value in values), "measured")


def sayings(words: Words, form: Callable[[str], str] = str) -> list[Piece]:
    return [Piece(form(statement), "diagnostic") for statement in words.statements]


def _age(words: Words, form: str) -> Piece:
    return Piece("" if words.age_years is None else form.format(words.age_years), "personal")


def _sex(words: Words) -> str:
    return (words.sex or "").capitalize()


def _chance(dice: Dice, share: float) -> bool:
    return bool(dice.random() < share)


def _report(desk: Desk, words: Words, dice: Dice) -> None:
    """A centred title, a line of fields, a double rule, the diagnosis below it and who signs at the right."""
    right_mm, title_mm = desk.sheet.width_mm - LEFT_MM, desk.pen.capital_mm * 1.55
    desk.sized(1.55).write(
        Piece(str(dice.choice(TITLES))), (desk.sheet.width_mm / 2, 2.2 + title_mm), right_mm - LEFT_MM, "middle"
    )
    y_mm = 2.4 + title_mm + desk.pitch_mm
    desk.row(_report_fields(words), (LEFT_MM, y_mm), right_mm)
    if _chance(dice, 0.4):
        y_mm += desk.pitch_mm
        desk.row([Piece("Exam.Room:"), Piece("Medication:", "neutral", 8.0)], (LEFT_MM, y_mm), right_mm)
    y_mm += desk.pen.capital_mm * 0.7
    for below_mm in (0.0, 1.0):
        desk.rule((LEFT_MM, y_mm + below_mm), (right_mm, y_mm + below_mm), 0.35)
    y_mm += 1.0 + 1.7 * desk.pen.capital_mm
    signed_mm = 0.7 * desk.sheet.width_mm
    signatures = [Piece(text) for text in ("Technician :", "Ref-Phys. :", "Report Confirmed by:")]
    first_mm = min(y_mm + 0.4 * desk.pitch_mm, LAST_MM - 2 * desk.pitch_mm)
    desk.lines(signatures, (signed_mm, first_mm), (right_mm, LAST_MM))
    left_mm = _report_figures(desk, words, y_mm) if words.figures or _chance(dice, 0.3) else LEFT_MM
    said = [Piece("Diagnosis Information:"), *sayings(words)]
    desk.lines(said, (left_mm, y_mm), (signed_mm - GAP_MM, LAST_MM))


def _report_fields(words: Words) -> list[Piece]:
    """Values stand before their units, as `62 Years`; where there is none the room stays free."""
    age = _age(words, "{:.0f}")
    return [
        *field("ID :", words.id),
        *field("Name :" if words.name else "", words.name),
        age._replace(before_mm=10.0),
        Piece("Years", "neutral", 1.2 if age.text else 15.0),
        Piece(_sex(words), "personal", 7.0),
        *(Piece(unit, "neutral", before_mm) for unit, before_mm in (("cm", 15.0), ("kg", 14.0), ("/", 13.0))),
        Piece("mmHg", "neutral", 5.0),
        *(Piece(label, "neutral", 7.0) for label in ("Race:", "Room No.:", "Department:")),
    ]


def _report_figures(desk: Desk, words: Words, y_mm: float) -> float:
    """Print figures below the rule at the left, and return where the next block begins."""
    table: list[tuple[str, Piece, str]] = [
        ("HR", figure(words, "heart_rate_bpm"), "bpm"),
        ("PR", figure(words, "pr_ms"), "ms"),
        ("QRS", figure(words, "qrs_ms"), "ms"),
        ("QT/QTc", figure(words, "qt_ms", "qtc_ms", between="/"), "ms"),
        ("P/QRS/T", figure(words, "p_axis", "qrs_axis", "t_axis", between="/"), "deg"),
    ]
    high = max(1, int((LAST_MM - y_mm) / desk.pitch_mm + 1e-9) + 1)
    wide_mm, value_mm = 20.0 * desk.pen.capital_mm, 7.5 * desk.pen.capital_mm
    for place, (label, value, unit) in enumerate(table):
        column, row = divmod(place, high)
        x_mm, line_mm = LEFT_MM + column * wide_mm, y_mm + row * desk.pitch_mm
        desk.write(Piece(label), (x_mm, line_mm), value_mm - 1.0)
        free_mm = 4.0 * desk.pen.capital_mm
        ends_mm = desk.row([Piece(":"), value], (x_mm + value_mm, line_mm), x_mm + wide_mm - GAP_MM - 8.0)
        unit_mm = max(ends_mm + 1.2, x_mm + value_mm + free_mm)
        desk.write(Piece(unit), (unit_mm, line_mm), x_mm + wide_mm - GAP_MM - unit_mm)
    return LEFT_MM + (1 + (len(table) - 1) // high) * wide_mm


def _columns(desk: Desk, words: Words, dice: Dice) -> None:
    """Who at the left, a table of figures, statements in a third column, who signs at the foot."""
    right_mm, top_mm, pitch_mm = desk.sheet.width_mm - LEFT_MM, TOP_MM, desk.pitch_mm
    table_mm = LEFT_MM + 0.21 * desk.sheet.width_mm
    said_mm = table_mm + 27.0 * desk.pen.capital_mm
    first = [*field("Name:", words.name), *field("ID:", words.id, before_mm=9.0)]
    if words.name:
        first = [Piece(words.name, "personal"), *field("ID:", words.id, before_mm=9.0)]
    desk.row([*first, Piece(words.recorded_at, "personal", 12.0)], (LEFT_MM, top_mm), right_mm)
    person = [_age(words, "({:.0f} yr)"), Piece(_sex(words), "personal")]
    who = [piece for piece in person if piece.text] + [Piece("Room:"), Piece("Loc:")]
    foot_mm = top_mm + 6 * pitch_mm
    desk.lines(who, (LEFT_MM, top_mm + pitch_mm), (table_mm - GAP_MM, LAST_MM))
    _columns_table(desk, words, (table_mm, top_mm + pitch_mm))
    desk.lines(sayings(words), (said_mm, top_mm + pitch_mm), (right_mm, foot_mm - pitch_mm))
    desk.row([Piece("Referred by:")], (table_mm, foot_mm), said_mm - GAP_MM)
    signed = "Confirmed By:" if _chance(dice, 0.4) else str(dice.choice(UNCONFIRMED))
    desk.row([Piece(signed)], (said_mm + 0.2 * desk.sheet.width_mm, foot_mm), right_mm)


def _columns_table(desk: Desk, words: Words, at_mm: Wide) -> None:
    capital_mm = desk.pen.capital_mm
    value_mm, unit_mm = at_mm[0] + 17.5 * capital_mm, at_mm[0] + 18.5 * capital_mm
    rows = (
        ("Vent. rate", figure(words, "heart_rate_bpm"), "BPM"),
        ("PR interval", figure(words, "pr_ms"), "ms"),
        ("QRS duration", figure(words, "qrs_ms"), "ms"),
        ("QT/QTc", figure(words, "qt_ms", "qtc_ms", between="/"), "ms"),
        ("P-R-T axes", figure(words, "p_axis", "qrs_axis", "t_axis", between="  "), ""),
    )
    for row, (label, value, unit) in enumerate(rows):
        y_mm = at_mm[1] + row * desk.pitch_mm
        desk.write(Piece(label), (at_mm[0], y_mm), 10.5 * capital_mm)
        right_mm = value_mm if unit else unit_mm + 2.0 * capital_mm
        desk.write(value, (right_mm, y_mm), right_mm - at_mm[0] - 11.0 * capital_mm, "right")
        desk.write(Piece(unit), (unit_mm, y_mm), 5.0 * capital_mm)


def _box(desk: Desk, words: Words, dice: Dice) -> None:
    """Figures in a frame at the left, statements in capitals beside it, the verdict between dashes."""
    right_mm, top_mm, capital_mm = desk.sheet.width_mm - LEFT_MM, TOP_MM, desk.pen.capital_mm
    said_mm, asked_mm = LEFT_MM + 30.0 * capital_mm, 0.76 * desk.sheet.width_mm
    who = [
        *field("ID:", words.id),
        Piece(words.name, "personal", 6.0),
        _age(words, "{:.0f} Years")._replace(before_mm=8.0),
    ]
    who += [Piece(_sex(words), "personal", 6.0), Piece(words.recorded_at, "personal", 10.0)]
    desk.row(who, (LEFT_MM, top_mm), asked_mm - GAP_MM)
    frame_mm = (LEFT_MM, top_mm + 0.6 * capital_mm, said_mm - 2 * GAP_MM, LAST_MM)
    _frame(desk, frame_mm)
    _box_figures(desk, words, (frame_mm[0] + 2.0, frame_mm[1] + 1.6 * capital_mm))
    body_mm = frame_mm[1] + 1.6 * capital_mm
    said = sayings(words, lambda one: f"- {one.upper()} -" if one in VERDICTS else f"- {one.upper()}")
    desk.lines(said, (said_mm, body_mm), (asked_mm - GAP_MM, LAST_MM - desk.pitch_mm))
    if _chance(dice, 0.8):
        desk.write(Piece("Unconfirmed Diagnosis"), (said_mm + 8.0, LAST_MM), asked_mm - GAP_MM - said_mm - 8.0)
    labels = ("Page 1 of 1", "Requested by:", "Dept:", "Room:", "Oper:")[int(dice.integers(0, 2)) :]
    desk.lines([Piece(label) for label in labels], (asked_mm, top_mm), (right_mm, LAST_MM))


def _box_figures(desk: Desk, words: Words, at_mm: Wide) -> None:
    capital_mm = desk.pen.capital_mm
    left = (("Rate", "heart_rate_bpm"), ("PR", "pr_ms"), ("QRSD", "qrs_ms"), ("QT", "qt_ms"), ("QTc", "qtc_ms"))
    right = (("--Axis--", ""), ("P", "p_axis"), ("QRS", "qrs_axis"), ("T", "t_axis"))
    for column, (names, wide) in enumerate(((left, 10.0), (right, 9.0))):
        x_mm = at_mm[0] + column * 13.5 * capital_mm
        for row, (label, name) in enumerate(names):
            y_mm = at_mm[1] + row * desk.pitch_mm
            desk.write(Piece(label), (x_mm, y_mm), 6.5 * capital_mm)
            if name:
                desk.write(figure(words, name), (x_mm + wide * capital_mm, y_mm), 4.0 * capital_mm, "right")


def _frame(desk: Desk, box_mm: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = box_mm
    for start, end in (((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x1, y1), (x0, y1)), ((x0, y1), (x0, y0))):
        desk.rule(start, end)


def _strip(desk: Desk, words: Words, dice: Dice) -> None:
    """A few lines across the top, as narrow thermal carts print them."""
    right_mm, y_mm = desk.sheet.width_mm - LEFT_MM, TOP_MM + 1.0
    sex, age = _sex(words)[:1], _age(words, "{:.0f}y")
    first = [*field("ID:", words.id), *field("Name:", words.name, before_mm=16.0), *field("Sex:", sex, before_mm=10.0)]
    first += [*field("Age:", age.text), Piece(words.recorded_at, "personal", 8.0)]
    desk.row(first, (LEFT_MM, y_mm), right_mm)
    second: list[Piece] = []
    labels: tuple[tuple[str, tuple[str, ...], str], ...] = (
        ("HR", ("heart_rate_bpm",), "bpm"), ("PR", ("pr_ms",), "ms"), ("QRS", ("qrs_ms",), "ms"),
        ("QT/QTc", ("qt_ms", "qtc_ms"), "ms"), ("P-R-T", ("p_axis", "qrs_axis", "t_axis"), ""),
    )  # fmt: skip
    for label, names, unit in labels if words.figures else ():
        second += [*field(label, figure(words, *names, between="/").text, "measured", 5.0), Piece(unit)]
    if _chance(dice, 0.5):
        second.append(Piece(str(dice.choice(UNCONFIRMED)), "neutral", 8.0))
    desk.row(second, (LEFT_MM, y_mm + desk.pitch_mm), right_mm)
    lines = wrapped(desk.sheet, "; ".join(words.statements), right_mm - LEFT_MM, desk.pen)
    said = [Piece(line, "diagnostic") for line in lines]
    desk.lines(said, (LEFT_MM, y_mm + 2 * desk.pitch_mm), (right_mm, LAST_MM))


def _none(desk: Desk, words: Words, dice: Dice) -> None:
    """A page without a head."""


HEADS: dict[HeadName, Callable[[Desk, Words, Dice], None]] = {
    "report": _report,
    "columns": _columns,
    "box": _box,
    "strip": _strip,
    "none": _none,
}
