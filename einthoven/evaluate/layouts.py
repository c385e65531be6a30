"""The same questions about the same ECGs in several layouts: answers should not change with the paper."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import InputError, JobError
from einthoven.core.progress import Progress
from einthoven.core.sample import Part, Turn
from einthoven.evaluate.intervals import Score
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.scores import changed, scores

CHANGED = "layout_changed"


def laid_out(items: Sequence[Item], layouts: Sequence[str], folder: Path) -> list[Item]:
    """Return every item once a layout, its ECGs as pages (PNG, "clean", without words) in `folder`, drawn once.

    ids become "LAYOUT/ID". Raises InputError for a layout that is not known, fewer than two of them, or an ECG that
    cannot be drawn.
    """
    from einthoven.render.layouts import layout_of

    for name in layouts:
        layout_of(name)
    if len(set(layouts)) < 2:
        raise InputError(f"layouts {', '.join(layouts) or '(none)'}: two or more, each once, can be compared")
    wanted = [
        (ecg, layout) for layout in layouts for ecg in dict.fromkeys(e for item in items for e in item.sample.ecgs)
    ]
    progress = Progress("draw", len(wanted))
    pages: dict[tuple[str, str], str] = {}
    for ecg, layout in wanted:
        pages[ecg, layout] = _page(ecg, layout, folder)
        progress.step(failed=False)
    progress.close()
    return [_drawn(item, layout, pages) for layout in layouts for item in items]


def layout_scores(marked: Sequence[Mark], layouts: Sequence[str]) -> dict[str, Score]:
    """Return the values of each layout as "metric|LAYOUT", and the share of items whose answer changes between them.

    Raises JobError when the marks are not those of `laid_out`.
    """
    arms = [[mark for mark in marked if mark.item.id.startswith(f"{layout}/")] for layout in layouts]
    if sum(map(len, arms)) != len(marked):
        raise JobError("these are not the items of the layouts")
    found = {CHANGED: changed(arms)}
    for layout, arm in zip(layouts, arms, strict=True):
        found |= {f"{name}|{layout}": score for name, score in scores(arm).items() if "|" not in name}
    return found


def _page(ecg: str, layout: str, folder: Path) -> str:
    from einthoven.records.read import is_picture, read
    from einthoven.render.encode import encode
    from einthoven.render.page import render

    if is_picture(ecg):
        raise InputError(f"{ecg}: is a picture, whose layout cannot be changed; --layouts needs signals")
    stem = re.sub(r"[^-\w]", "-", Path(ecg).stem)[:40]
    path = folder / layout / f"{stem}-{hashlib.sha256(ecg.encode()).hexdigest()[:12]}.png"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        page = render(read(ecg), preset="clean", layout=layout, text="none")
        atomic_write(path, encode(page.pixels, "png"))
    return str(path)


def _drawn(item: Item, layout: str, pages: dict[tuple[str, str], str]) -> Item:
    sample = item.sample
    turns = tuple(Turn(turn.role, tuple(map(_shown, turn.parts))) for turn in sample.turns)
    ecgs = tuple(pages[ecg, layout] for ecg in sample.ecgs)
    patients = item.patients or (item.cluster,)
    return replace(item, sample=replace(sample, id=f"{layout}/{sample.id}", ecgs=ecgs, turns=turns), patients=patients)


def _shown(part: Part) -> Part:
    return part if part.ecg is None else Part(page=part.ecg)
