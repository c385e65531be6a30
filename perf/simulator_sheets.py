"""Sheets of forty simulated and forty real recordings of one finding, to be looked at side by side.

    python perf/simulator_sheets.py CODE --data ROOT --out DIR        (writes CODE-simulated.png and CODE-real.png)

A simulated cell has the labels of the real one in the same place; where there are fewer than forty real ones, their
labels are taken again with another seed. A cell: I, II, V1, V2 over V3, V4, V5, V6, 1.2 s each, then 5 s of II and V1.
The sheets of real recordings show data under its owner's licence: keep them out of the repository.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from simulator import RATE_HZ, like, real

COLUMNS, ROWS, WIDE_PX, HIGH_PX, PX_PER_MV, FIXED = 5, 8, 380, 176, 21.0, 16
Pixels = NDArray[np.uint8]


def trace(pixels: Pixels, signal_mv: NDArray[np.float64], left: float, width: float, middle: float) -> None:
    """Draw one lead into its strip, its median on the middle line."""
    import cv2

    x = left + np.linspace(0, width, len(signal_mv))
    y = middle - PX_PER_MV * np.clip(signal_mv - np.median(signal_mv), -2.2, 2.2)
    points = np.rint(np.stack([x, y], axis=1) * FIXED).astype(np.int32)
    cv2.polylines(pixels, [points], False, (20, 20, 20), 1, cv2.LINE_AA, 4)


def cell(pixels: Pixels, signal_uv: NDArray[np.int16], row: int, column: int, words: str) -> None:
    """Draw one recording."""
    import cv2

    left, top = column * WIDE_PX, row * HIGH_PX
    signal = signal_uv / 1000.0
    cv2.rectangle(pixels, (left, top), (left + WIDE_PX, top + HIGH_PX), (200, 200, 200), 1)
    cv2.putText(pixels, words[:60], (left + 3, top + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.3, (160, 0, 0), 1, cv2.LINE_AA)
    short = signal[:, 1500 : 1500 + round(1.2 * RATE_HZ)]
    for place in range(8):
        trace(pixels, short[place], left + 4 + (place % 4) * 93, 88, top + 38 + (place // 4) * 52)
    for place, lead in enumerate((1, 2)):
        trace(pixels, signal[lead, 500:3000], left + 4 + place * 186, 182, top + 148)


def sheet(cells: list[tuple[NDArray[np.int16], str]], path: Path) -> None:
    """Write up to forty cells."""
    import cv2

    pixels = np.full((ROWS * HIGH_PX + 1, COLUMNS * WIDE_PX + 1, 3), 255, np.uint8)
    for place, (signal, words) in enumerate(cells):
        cell(pixels, signal, place // COLUMNS, place % COLUMNS, words)
    cv2.imwrite(str(path), pixels)


def main() -> None:
    """Draw two sheets for each code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    signals, about = real(given.data, "train")
    for code in given.codes:
        only = {"NORM", "SR"} if code == "NORM" else set.union(*(one["codes"] for one in about))
        rows = [row for row, one in enumerate(about) if code in one["codes"] and one["codes"] <= only]
        rows = np.random.default_rng(0).permutation(rows)[: COLUMNS * ROWS].tolist()
        shown = [(signals[row], " ".join(sorted(about[row]["codes"]))) for row in rows]
        made = [like(about[rows[place % len(rows)]]["codes"], 5000 + place) for place in range(COLUMNS * ROWS)]
        name = code.replace("/", "-")
        sheet(shown, given.out / f"{name}-real.png")
        sheet([(signal, " ".join(sorted(codes))) for signal, codes in made], given.out / f"{name}-simulated.png")


if __name__ == "__main__":
    main()
