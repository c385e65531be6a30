"""`render(ecg) -> Page`: an ECG on paper as it comes from the printer, the scanner or the phone, with its truth."""

from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from einthoven.core.ecg import Ecg
from einthoven.core.errors import EcgError, InputError
from einthoven.core.page import Page
from einthoven.render.desk import Printed
from einthoven.render.foot import Scale, draw_foot
from einthoven.render.grid import draw_grid
from einthoven.render.head import HeadStyle, draw_head
from einthoven.render.ink import draw_names, draw_separators, draw_traces
from einthoven.render.layouts import Layout, layout_of
from einthoven.render.lines import draw_line, weight_px
from einthoven.render.look import DiceOf, Look, dice_of_page, draw_look
from einthoven.render.marks import barcode_place_mm, draw_barcode, draw_notes, draw_stamp
from einthoven.render.place import FOOT_MM, HEAD_MM, Placed, place
from einthoven.render.settings import How, Settings
from einthoven.render.sheet import Box, Pixels, Sheet
from einthoven.render.truth import truth_of
from einthoven.render.wear.apply import Worn, wear_page
from einthoven.render.words import NO_WORDS, Words, words_of

FRAME_MM, GRID_MM = 5.0, 5
NOTES = 0.4  # of the notes that there may be, where there are any


def render(ecg: Ecg, words: Words | None = None, **how: Unpack[How]) -> Page:
    """Return a page of an ECG, its pixels (height, width, 3) and its truth.

    how: layout, preset, seed, wear, speed_mm_s, gain_mm_mv, dpi and more, see `Settings`; words: what the header prints
    instead of what the settings say. The same arguments give the same bytes. Leads that are not there stay blank.
    Raises InputError for settings that cannot be, LeadError when none of the twelve leads is there.
    """
    return draw_page(ecg, Settings(**how), words)


def draw_page(ecg: Ecg, settings: Settings, words: Words | None = None) -> Page:
    """Return the page that the settings ask for; see `render`."""
    names = (PurePath(ecg.source).name, settings.seed)
    dice_of = dice_of_page(*names)
    look = draw_look(settings, dice_of)
    if words is None:
        words = _words(ecg, look, dice_of)
    placed = place(ecg, layout_of(look.layout), settings, settings.pulse or look.cart.pulse)
    pixels, printed, name_boxes = draw_flat(placed, look, settings, words, dice_of)
    worn = wear_page(pixels, placed.sheet.px_per_mm, look.wear, names)
    if look.grey:
        worn = replace(worn, pixels=_grey(worn.pixels))
    truth = truth_of(placed, printed, name_boxes, worn, look, settings)
    if settings.masks:
        truth["mask"] = label_mask(placed, look, worn)
    return Page(worn.pixels, f"page of {ecg.source}", truth)


def draw_flat(
    placed: Placed, look: Look, settings: Settings, words: Words, dice_of: DiceOf
) -> tuple[Pixels, list[Printed], list[Box]]:
    """Return the page as it leaves the printer, with pen and stamp; what is printed; and the boxes of lead names."""
    sheet, cart = placed.sheet, look.cart
    pixels = draw_grid(sheet, replace(cart.grid, area_mm=_frame_mm(sheet)) if cart.frame else cart.grid)
    draw_traces(pixels, placed, cart)
    draw_separators(pixels, placed, cart)
    boxes = draw_names(pixels, placed, cart)
    printed = [Printed(trace.name, "neutral", box) for trace, box in zip(placed.traces, boxes, strict=True)]
    if look.text != "none":
        style = HeadStyle(cart.head, cart.font, cart.ink)
        scale = Scale(
            settings.speed_mm_s, settings.gain_mm_mv, settings.chest_gain_mm_mv, _format(layout_of(look.layout), placed)
        )
        printed += draw_head(pixels, sheet, style, words, dice_of("head"))
        printed += draw_foot(pixels, sheet, style, words, scale, dice_of("foot"))
        printed += _marks(pixels, sheet, look, printed, dice_of)
    if cart.tone != "colour":
        pixels = _grey(pixels) if cart.tone == "grey" else _halftone(pixels)
    return pixels, printed, boxes


def label_mask(placed: Placed, look: Look, worn: Worn) -> NDArray[np.uint8]:
    """Return (height, width): 0 for paper, k + 1 where the trace of `truth["leads"][k]` lies; later ones above."""
    mask = np.zeros(worn.pixels.shape[:2], np.uint8)
    for number, trace in enumerate(placed.traces, start=1):
        points = worn.view.to_picture(trace.points_mm * placed.sheet.px_per_mm)
        draw_line(mask, points, number, weight_px(placed.sheet, look.cart.line_mm), smooth=False)
    return mask if worn.covered is None else np.where(worn.covered >= 128, 0, mask).astype(np.uint8)


def _words(ecg: Ecg, look: Look, dice_of: DiceOf) -> Words:
    """Return what the header says of this ECG, if it says anything."""
    if look.text == "other":
        raise InputError(f"{ecg.source}: text 'other' needs the words of another ECG; give them, or a list of ECGs")
    if look.text != "own":
        return NO_WORDS
    from einthoven.measure.entry import measure

    try:
        measured = measure(ecg)
    except EcgError:  # too short or too slow to be measured: age, sex and date can still be printed
        measured = None
    return words_of(ecg, measured, None, dice_of("words"))


def _marks(pixels: Pixels, sheet: Sheet, look: Look, printed: list[Printed], dice_of: DiceOf) -> list[Printed]:
    """Put on the page what people add: barcode, stamp, notes."""
    marks: list[Printed] = []
    at_mm = barcode_place_mm(sheet, printed) if look.barcode else None
    if at_mm is not None:
        marks += draw_barcode(pixels, sheet, at_mm, dice_of("barcode"))
    if look.stamp:
        marks += draw_stamp(pixels, sheet, dice_of("stamp"))
    if look.notes:
        marks += draw_notes(pixels, sheet, NOTES, _free_mm(sheet), dice_of("notes"))
    return marks


def _free_mm(sheet: Sheet) -> list[Box]:
    """Return where people write: right of the head's middle, and between the traces and the foot."""
    return [
        (sheet.width_mm / 2, 3.0, sheet.width_mm - 6.0, HEAD_MM),
        (20.0, sheet.height_mm - 32.0, sheet.width_mm - 20.0, sheet.height_mm - FOOT_MM),
    ]


def _frame_mm(sheet: Sheet) -> tuple[float, float, float, float]:
    """Return the part of the sheet that has a grid: whole large squares between header and footer."""
    left, top = FRAME_MM, HEAD_MM - 2.0
    rooms = sheet.width_mm - 2 * left, sheet.height_mm - top - FOOT_MM + 2
    wide, high = (int(room // GRID_MM) * GRID_MM for room in rooms)
    return left, top, left + wide, top + high


def _format(layout: Layout, placed: Placed) -> str:
    """Return how carts state a layout: "4*2.5s+1r"."""
    seconds = {round(one.end_s - one.start_s, 1) for one in placed.traces if one.role == "column"}
    strips = f"+{len(layout.strips)}r" if layout.strips else ""
    return f"{layout.columns}*{max(seconds, default=0):g}s{strips}"


def _grey(pixels: Pixels) -> Pixels:
    import cv2

    return np.asarray(cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.uint8)


def _halftone(pixels: Pixels) -> Pixels:
    """Return the page in black and white: shades become dots, by Bayer's thresholds."""
    import cv2

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    white = cv2.compare(grey, _thresholds(grey.shape[0], grey.shape[1]), cv2.CMP_GT)
    return np.asarray(cv2.cvtColor(white, cv2.COLOR_GRAY2RGB), np.uint8)


@lru_cache(maxsize=2)
def _thresholds(height: int, width: int) -> Pixels:
    small = np.array([[0]])
    for _ in range(2):
        small = np.block([[4 * small, 4 * small + 2], [4 * small + 3, 4 * small + 1]])
    tile = (96 + (small + 0.5) / small.size * 152).astype(np.uint8)
    return np.tile(tile, (-(-height // 4), -(-width // 4)))[:height, :width].copy()
