"""The head of a measured page: each figure with its confidence and limits or why it is absent, notes, legend."""

from collections.abc import Iterator

from einthoven.core.ecg import Ecg
from einthoven.core.measurements import AXES, FIGURES, INTERVALS, Limit, Measurements, label, unit_of
from einthoven.core.waves import WAVE_NAMES, Wave, WaveName
from einthoven.render.grid import Grid
from einthoven.render.letters import CAPITAL_MM, PEN, Pen, put, shortened, width_mm, wrapped
from einthoven.render.rule import MARK_MM, bar, triangle
from einthoven.render.sheet import GAIN_MM_MV, SPEED_MM_S, Pixels, Sheet
from einthoven.render.spans import PAGE_S, SURE, draw_span, time_s

NOTICE = "Research use only; not for diagnosis."
SHOWN = (*INTERVALS, "qtc_ms.fridericia", "qtc_ms.bazett", *(f"axis_deg.{wave}" for wave in AXES))
TOP_MM, LINE_MM, SIDE_MM, SWATCH_MM = 6.0, 4.4, 6.0, 5.0
VALUE_MM, CONFIDENCE_MM = 46.0, 66.0  # right ends
REMARK_MM, NOTES_MM, GUTTER_MM = 72.0, 182.0, 4.0  # left ends, and what stays free beside them
HEADER_MM, LEGEND_MM = 75.0, 2.5  # LEGEND_MM: from its foot to the rule
QUIET, LOUD = Pen(color=(95, 95, 105)), Pen(color=(190, 0, 60))


def draw_header(pixels: Pixels, sheet: Sheet, ecg: Ecg, measured: Measurements, gain_mm_mv: float) -> None:
    """Draw the head on plain paper, across the whole width."""
    pixels[: round(sheet.px(HEADER_MM))] = Grid().paper
    right_mm = sheet.width_mm - SIDE_MM
    put(pixels, sheet, NOTICE, (right_mm, _y_mm(0)), LOUD, "right")
    room_mm = right_mm - SIDE_MM - width_mm(sheet, NOTICE) - 5
    put(pixels, sheet, _title(sheet, ecg, room_mm), (SIDE_MM, _y_mm(0)))
    put(pixels, sheet, _scale(ecg, gain_mm_mv), (SIDE_MM, _y_mm(1)), QUIET if gain_mm_mv == GAIN_MM_MV else LOUD)
    put(pixels, sheet, "confidence", (CONFIDENCE_MM, _y_mm(2)), QUIET, "right")
    put(pixels, sheet, "healthy adults' limits, or why not measured", (REMARK_MM, _y_mm(2)), QUIET)
    for row, name in enumerate(SHOWN, start=3):
        _figure(pixels, sheet, _y_mm(row), name, measured)
    _notes(pixels, sheet, measured, ecg)
    _legend(pixels, sheet, HEADER_MM - LEGEND_MM)


def notes(ecg: Ecg, measured: Measurements) -> Iterator[tuple[str, Pen]]:
    """Yield what is to be said about rhythm and quality, and with which pen."""
    rhythm, quality = measured.rhythm, measured.quality
    words = {None: "cannot be told", True: "yes", False: "no"}[rhythm.regular]
    yield f"regular rhythm: {words}", LOUD if rhythm.regular is False else PEN
    if rhythm.slowest_bpm is not None and rhythm.fastest_bpm is not None:
        yield f"from beat to beat {rhythm.slowest_bpm:.0f} to {rhythm.fastest_bpm:.0f} /min", PEN
    yield f"premature beats: {len(rhythm.premature_beats_s)}", PEN
    if "pacing_spikes_s" not in measured.reasons:
        yield f"pacing spikes: {len(rhythm.pacing_spikes_s)}", PEN
    if quality.suspected_reversal:
        yield f"cables: {quality.suspected_reversal}", LOUD
    told = {fault.lead for fault in ecg.faults}
    faults = [str(fault) for fault in ecg.faults]
    faults += [f"{lead}: {one.fault}" for lead, one in quality.leads.items() if one.fault and lead not in told]
    faults += [fault for fault in quality.faults if "all" not in told]
    for fault in faults:
        yield fault, LOUD
    for name, why in measured.reasons.items():
        if name not in FIGURES:
            yield f"{name.rpartition('_')[0].replace('_', ' ')}: {why}", PEN
    if not faults and not quality.suspected_reversal:
        yield "no fault of the recording was found", PEN


def _y_mm(row: int) -> float:
    """Return the foot of a line."""
    return TOP_MM + row * LINE_MM + CAPITAL_MM


def _title(sheet: Sheet, ecg: Ecg, room_mm: float) -> str:
    """Return which ECG it is, whose and when; only the name of the recording is shortened."""
    person = ecg.person
    age = None if person.age_years is None else f"{person.age_years:.0f} years"
    when = None if ecg.recorded_at is None else f"{ecg.recorded_at:%Y-%m-%d %H:%M}"
    rest = "".join(f", {part}" for part in (person.sex, age, when) if part)
    return shortened(sheet, ecg.source.rpartition("/")[2], room_mm - width_mm(sheet, rest)) + rest


def _scale(ecg: Ecg, gain_mm_mv: float) -> str:
    scale, shown_s = f"{SPEED_MM_S:g} mm/s, {gain_mm_mv:g} mm/mV", min(PAGE_S, ecg.seconds)
    return f"{scale}; 0 to {shown_s:.3g} s of {ecg.seconds:.6g} s, {ecg.rate_hz:g} samples/s"


def _figure(pixels: Pixels, sheet: Sheet, y_mm: float, name: str, measured: Measurements) -> None:
    """Write one line of the table."""
    value, limit = measured.figures.get(name), measured.limits.get(name)
    put(pixels, sheet, label(name), (SIDE_MM, y_mm))
    if value is None:
        put(pixels, sheet, "-", (VALUE_MM, y_mm), align="right")
        why = measured.reasons.get(name, "not measured")
        put(
            pixels,
            sheet,
            shortened(sheet, why, NOTES_MM - VALUE_MM - 2 * GUTTER_MM),
            (VALUE_MM + GUTTER_MM, y_mm),
            QUIET,
        )
        return
    outside = limit is not None and limit.place != "within"
    put(pixels, sheet, f"{value:.0f} {unit_of(name)}", (VALUE_MM, y_mm), LOUD if outside else PEN, "right")
    sure = measured.confidence.get(name)
    put(pixels, sheet, "-" if sure is None else f"{sure:.2f}", (CONFIDENCE_MM, y_mm), align="right")
    if limit is not None:
        put(pixels, sheet, f"{limit.place} {_range(limit)}", (REMARK_MM, y_mm), LOUD if outside else QUIET)


def _range(limit: Limit) -> str:
    if limit.low is None:
        return f"(up to {limit.high:g})"
    if limit.high is None:
        return f"(from {limit.low:g})"
    return f"({limit.low:g} to {limit.high:g})"


def _notes(pixels: Pixels, sheet: Sheet, measured: Measurements, ecg: Ecg) -> None:
    """Write the notes beside the table; where they are too many, how many lines are left out."""
    room_mm = sheet.width_mm - SIDE_MM - NOTES_MM
    lines = [(part, pen) for words, pen in notes(ecg, measured) for part in wrapped(sheet, words, room_mm)]
    most = len(SHOWN) + 1
    if len(lines) > most:
        lines = [*lines[: most - 1], (f"... and {len(lines) - most + 1} more lines", LOUD)]
    for row, (words, pen) in enumerate(lines, start=2):
        put(pixels, sheet, words, (NOTES_MM, _y_mm(row)), pen)


def _legend(pixels: Pixels, sheet: Sheet, y_mm: float) -> None:
    """Show what colours and marks mean."""
    left_mm = SIDE_MM
    for name in WAVE_NAMES:
        left_mm = _swatch(pixels, sheet, (left_mm, y_mm), (name, SURE), name)
    left_mm = _swatch(pixels, sheet, (left_mm, y_mm), ("QRS", 0.0), f"paler: confidence below {SURE:g}")
    triangle(pixels, sheet, (left_mm + MARK_MM, y_mm + 0.3))
    left_mm = _word(pixels, sheet, "premature beat", (left_mm + 2 * MARK_MM + 1, y_mm))
    bar(pixels, sheet, (left_mm, y_mm + 0.5))
    left_mm = _word(pixels, sheet, "pacing spike", (left_mm + 1.5, y_mm))
    put(pixels, sheet, "brackets, dotted lines: one usual beat over all leads", (left_mm, y_mm))


def _swatch(
    pixels: Pixels, sheet: Sheet, at_mm: tuple[float, float], look: tuple[WaveName, float], words: str
) -> float:
    """Draw a wave (its name and confidence) as on the rows, what it means, and return where the next may begin."""
    x_mm, y_mm = at_mm
    wave = Wave(look[0], time_s(x_mm), None, time_s(x_mm + SWATCH_MM), look[1])
    draw_span(pixels, sheet, wave, (y_mm - CAPITAL_MM - 0.7, y_mm + 0.7))
    return _word(pixels, sheet, words, (x_mm + SWATCH_MM + 1.5, y_mm))


def _word(pixels: Pixels, sheet: Sheet, words: str, at_mm: tuple[float, float]) -> float:
    """Write words and return where the next may begin."""
    put(pixels, sheet, words, at_mm)
    return at_mm[0] + width_mm(sheet, words) + 5
