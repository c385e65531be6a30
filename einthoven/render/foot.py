"""The foot of a page: speed, gain, filter, format and machine, in the manner of the head above it."""

from collections.abc import Callable
from dataclasses import dataclass

from einthoven.render.desk import Desk, Piece, Printed
from einthoven.render.head import LEFT_MM, HeadName, HeadStyle, figure
from einthoven.render.letters import Pen
from einthoven.render.sheet import Pixels, Sheet
from einthoven.render.wear.parts import Dice
from einthoven.render.words import Words

CAPITALS_MM, ABOVE_END_MM = (1.8, 1.9, 2.0), 3.4  # ABOVE_END_MM: from the foot of the line to the end of the sheet
HEART = "♥"
FILTERS = {
    "report": ("0.67~25Hz AC50", "0.67~35Hz AC50", "0.05~100Hz AC50", "0.15~45Hz AC60"),
    "columns": ("~40Hz", "0.05-150 Hz", "0.05-40 Hz", "~100Hz", "0.5-40 Hz"),
    "box": ("F 50~ 0.15-100 Hz", "F 60~ 0.15-40 Hz", "F 50~ 0.05-150 Hz W", "F 60~ 0.5-40 Hz W"),
    "strip": ("0.05-40Hz", "0.05-150Hz AC", "35Hz AC", "0.05-100Hz AC50", "EMG AC 0.5Hz"),
}
MACHINES = ("CARDIO-S {} V{}.{}", "EC-12 V{1}.{2}", "TRACER-{} V{}.{}", "E12-{} {}.{}", "RG {}00 V{}.{}")


@dataclass(frozen=True)
class Scale:
    """What the foot says of the traces; chest_gain_mm_mv: None where it is that of the limb leads."""

    speed_mm_s: float
    gain_mm_mv: float
    chest_gain_mm_mv: float | None = None
    format: str = ""

    @property
    def speed(self) -> str:
        return f"{self.speed_mm_s:g}mm/s"

    @property
    def gain(self) -> str:
        chest = "" if self.chest_gain_mm_mv is None else f"/{self.chest_gain_mm_mv:g}"
        return f"{self.gain_mm_mv:g}{chest}mm/mV"


def draw_foot(pixels: Pixels, sheet: Sheet, style: HeadStyle, words: Words, scale: Scale, dice: Dice) -> list[Printed]:
    """Print the foot, within the lower FOOT_MM of the sheet, and return what was printed."""
    if style.manner == "none":
        return []
    desk = Desk(pixels, sheet, Pen(style.font, float(dice.choice(CAPITALS_MM)), style.color))
    name = str(dice.choice(MACHINES)).format(*dice.integers(1, 10, 3).tolist())
    left, right = FEET[style.manner](words, scale, str(dice.choice(FILTERS[style.manner])), name)
    y_mm, right_mm = sheet.height_mm - ABOVE_END_MM, sheet.width_mm - LEFT_MM
    ends_mm = desk.row(left, (LEFT_MM, y_mm), right_mm)
    desk.write(right, (right_mm, y_mm), right_mm - ends_mm - 4.0, "right")
    return desk.printed


def _report(words: Words, scale: Scale, passed: str, machine: str) -> tuple[list[Piece], Piece]:
    left = [Piece(f"{passed} {scale.speed} {scale.gain} {scale.format}".rstrip())]
    rate = figure(words, "heart_rate_bpm")
    if rate.text:
        left += [Piece(f"{HEART}{rate.text}", "measured", 1.5)]
    return [*left, Piece(machine, "neutral", 1.5)], Piece(words.recorded_at, "personal")


def _columns(words: Words, scale: Scale, passed: str, machine: str) -> tuple[list[Piece], Piece]:
    texts = (scale.speed, scale.gain, passed, machine, scale.format)
    return [Piece(text, "neutral", 7.0) for text in texts], Piece("Page 1 of 1")


def _box(words: Words, scale: Scale, passed: str, machine: str) -> tuple[list[Piece], Piece]:
    chest = scale.gain_mm_mv if scale.chest_gain_mm_mv is None else scale.chest_gain_mm_mv
    texts = (f"Speed: {scale.speed_mm_s:g} mm/sec", f"Limb: {scale.gain_mm_mv:g} mm/mV", f"Chest: {chest:g} mm/mV")
    return [Piece(text, "neutral", 6.0) for text in (*texts, machine, scale.format)], Piece(passed)


def _strip(words: Words, scale: Scale, passed: str, machine: str) -> tuple[list[Piece], Piece]:
    texts = (scale.speed, scale.gain, passed, scale.format)
    return [Piece(text, "neutral", 4.0) for text in texts], Piece(machine)


FEET: dict[HeadName, Callable[[Words, Scale, str, str], tuple[list[Piece], Piece]]] = {
    "report": _report,
    "columns": _columns,
    "box": _box,
    "strip": _strip,
}
