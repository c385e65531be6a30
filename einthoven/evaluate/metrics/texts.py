"""What free texts are worth: overlap with a reference, findings named, figures borne out; and texts dealt out anew."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from einthoven.evaluate.intervals import Draws, Estimate, Floats
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.faithful import number_sums
from einthoven.evaluate.metrics.labeller import code_sums, label_sums
from einthoven.evaluate.metrics.sums import Sums
from einthoven.evaluate.metrics.table import dealt_rows
from einthoven.evaluate.metrics.text import text_sums

LEAST = 5
RENAMED = {"exact_match": "same_text"}  # exact match is that of options


def text_values(marks: Sequence[Mark], draws: Draws) -> dict[str, Estimate]:
    """Return the metrics of the marks that are texts, as a whole and by type, {} where there is no text."""
    rows = np.array([place for place, mark in enumerate(marks) if mark.item.kind == "text"], np.intp)
    if not len(rows):
        return {}
    found: dict[str, Estimate] = {}
    texts = [marks[place] for place in rows]
    overlap = {RENAMED.get(name, name): sums for name, sums in text_sums(texts).items()}
    for name, sums in (overlap | label_sums(texts) | number_sums(texts)).items():
        found[name] = _of(sums, draws.at(rows), np.arange(len(rows)))
        types = dict.fromkeys(mark.item.type for mark in texts)
        for type in types if len(types) > 1 else ():
            mine = np.array([place for place, mark in enumerate(texts) if mark.item.type == type], np.intp)
            if len(mine) >= LEAST:
                found[f"{name}|{type}"] = _of(sums, draws.at(rows[mine]), mine)
    whole = np.arange(len(rows))
    found |= {name: _of(sums, draws.at(rows), whole) for name, sums in code_sums(texts).items()}
    return {name: one for name, one in found.items() if np.isfinite(one.value)}


def dealt_texts(marks: Sequence[Mark], random: np.random.Generator) -> list[Mark]:
    """Return the marks with the texts of each group dealt out anew; other kinds are left as they are."""
    groups = {name: place for place, name in enumerate(dict.fromkeys(mark.item.group for mark in marks))}
    cells = np.array([groups[mark.item.group] for mark in marks], np.intp)
    order = dealt_rows(cells, random)
    return [
        mark if mark.item.kind != "text" else replace(
            marks[other], item=mark.item, right=marks[other].text.strip() in mark.item.gold
        )
        for mark, other in zip(marks, order, strict=True)
    ]  # fmt: skip


def _of(sums: Sums, draws: Draws, rows: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Estimate:
    nowhere = np.zeros(len(rows), np.intp)
    columns: list[Floats] = [draws.totals(nowhere, 1, column)[0] for column in sums.rows_NK[rows].T]
    with np.errstate(all="ignore"):
        return Estimate(np.asarray(sums.of(np.stack(columns, axis=-1))), len(rows))
