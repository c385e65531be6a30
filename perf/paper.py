"""How fast pages are drawn, what the floor is, whether the truth lies on the ink, and a sheet of samples to look at.

python perf/paper.py speed [--pages 60]       pages a second of one process, and of the floor, in one run
python perf/paper.py batch [--pages 200]      the batch command with 1 and 2 workers; memory of a worker
python perf/paper.py truth [--pages 200]      share of visible trace points with ink within 2 px, by preset
python perf/paper.py sheet OUT.png            24 pages over all layouts and presets
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import orjson

from einthoven.core.atomic import atomic_write
from einthoven.core.ecg import Ecg
from einthoven.core.jobs import Job
from einthoven.records.read import read
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb
from einthoven.render.encode import encode
from einthoven.render.files import RenderWork, Source
from einthoven.render.layouts import LAYOUTS
from einthoven.render.lines import STRAIGHT_PX
from einthoven.render.page import render
from einthoven.render.presets import PRESETS
from einthoven.render.settings import Settings
from einthoven.render.wear.parts import Wear

KINDS: tuple[list[str], ...] = ([], ["AFIB"], ["CLBBB"], ["LVH"], ["IMI"], ["CRBBB"], ["1AVB"], ["PACE"])
ALL_WEAR = Wear(**{name: 0.4 for name in Wear().strengths if name not in ("fax", "moire")})
TILE_PX = 1000
INK_LEVELS = 12  # of 255: less is JPEG's and the resampling's doing


def records(folder: Path, count: int) -> list[str]:
    """Write simulated 500 Hz, 10 s, twelve-lead records."""
    made = []
    for number in range(count):
        ecg = simulate(KINDS[number % len(KINDS)], seed=number, recording="typical").ecg
        made.append(str(write_wfdb(ecg, folder, f"r{number:04d}").with_suffix("")))
    return made


def timed(works: list[Callable[[int], Any]], count: int) -> list[float]:
    """Return pages a second of each work, taken turn by turn so that all see the same machine; two calls warm up."""
    spent = [0.0] * len(works)
    for work in works:
        for number in range(2):
            work(number)
    for number in range(count):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work(number)
            spent[place] += time.perf_counter() - start
    return [count / seconds for seconds in spent]


def floor_of(paths: list[str], out: Path, form: str) -> Callable[[int], Any]:
    """Return the least that the same pages cost: bytes read, paper copied, lines drawn, all encoded and written."""
    ready = [_ready(path) for path in paths]

    def work(number: int) -> None:
        paper, lines, style, truth = ready[number % len(ready)]
        Path(f"{paths[number % len(paths)]}.dat").read_bytes()
        pixels = paper.copy()
        for one in lines:
            cv2.polylines(pixels, [one], False, style[0], style[1], style[2], 4)
        atomic_write(out / f"floor.{form}", encode(pixels, form))
        atomic_write(out / "floor.json", orjson.dumps(truth, option=orjson.OPT_SERIALIZE_NUMPY))

    return work


def _ready(path: str) -> tuple[Any, ...]:
    """Return paper with all on it, lines as OpenCV takes them, their colour, weight and kind, and the truth."""
    page = render(read(path))
    assert page.truth is not None
    cart = page.truth["settings"]["drawn"]["cart"]
    traces = [cv2.approxPolyDP(lead["trace"][:, None], STRAIGHT_PX, False) for lead in page.truth["leads"]]
    kind = cv2.LINE_AA if cart["printer"] == "ink" else cv2.LINE_8
    style = (cart["ink"], max(1, round(cart["line_mm"] * page.truth["px_per_mm"])), kind)
    return np.array(page.pixels), [np.rint(one * 16).astype(np.int32) for one in traces], style, page.truth


def speed(pages: int) -> None:
    """Print pages a second beside the floor; records are read, pages and truths are written."""
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = records(folder, 16)
        print(f"{'':<26}{'pages/s':>9}{'floor':>9}{'share':>8}   2200 x 1700 px, one process, one thread")
        for title, settings, form in (
            ("clean, JPEG q90", Settings(), "jpg"),
            ("clean, PNG", Settings(), "png"),
            ("scan, JPEG q90", Settings(preset="scan"), "jpg"),
            ("photo, JPEG q90", Settings(preset="photo"), "jpg"),
            ("photo, all wear, JPEG q90", Settings(preset="photo", wear=ALL_WEAR), "jpg"),
            ("photo-bad, JPEG q90", Settings(preset="photo-bad"), "jpg"),
            ("fax, JPEG q90", Settings(preset="fax"), "jpg"),
        ):
            work = RenderWork(settings, form)

            def page(number: int, work: RenderWork = work) -> None:
                job = Job(f"p{number}", Source(paths[number % len(paths)]))
                for file, data in work(job).items():
                    atomic_write(folder / file, data)

            ours, floor = timed([page, floor_of(paths, folder, form)], pages)
            print(f"{title:<26}{ours:>9.1f}{floor:>9.1f}{ours / floor:>8.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    code = "import time; s = time.perf_counter(); import einthoven.render.page; print(time.perf_counter() - s)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(5)]
    took = min(map(float, runs))
    print(f"import of the renderer {took:.2f} s")


def batch(pages: int) -> None:
    """Print the rate of the command, and the memory of its processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "list.txt").write_text("\n".join(records(folder, pages)))
        for workers in (1, 2):
            out = folder / f"out{workers}"
            words = (
                f"render --batch {folder}/list.txt --out {out} --workers {workers} --format jpg --preset photo".split()
            )
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", "from einthoven.cli import main; main()", *words], check=True)
            took = time.perf_counter() - start
            most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"{workers} workers: {pages / took:.1f} pages/s with start-up; largest process {most:.0f} MiB")


def inked(how: dict[str, Any], ecg: Ecg) -> tuple[int, int, int]:
    """Return how many visible points have ink within 2 px, how many would 1.5 mm lower, and how many there are.

    Ink is where the page differs from the same page, with the same wear, on which no trace was drawn.
    """
    page = render(ecg, **how)
    with patch("einthoven.render.page.draw_traces", lambda *_: None):
        blank = render(ecg, **how)
    assert page.truth is not None
    change = cv2.absdiff(page.pixels, blank.pixels).max(axis=2)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))  # all within 2 px
    near = cv2.dilate(change, disc) > INK_LEVELS
    points = np.concatenate([lead["trace"][lead["visible"] == 1] for lead in page.truth["leads"]])
    at = np.rint(points).astype(int)
    low = np.minimum(at[:, 1] + round(1.5 * page.truth["px_per_mm"]), near.shape[0] - 1)
    return int(near[at[:, 1], at[:, 0]].sum()), int(near[low, at[:, 0]].sum()), len(at)


def truth(pages: int) -> None:
    """Print, for each preset, which share of visible points has ink beneath, and how it is away from the traces."""
    ecgs = [simulate(KINDS[number % len(KINDS)], seed=number, recording="typical").ecg for number in range(16)]
    layouts = list(LAYOUTS)
    print(f"{'preset':<14}{'pages':>6}{'points':>10}{'on ink %':>10}{'worst page %':>14}{'1.5 mm lower %':>16}")
    for preset in PRESETS:
        found = []
        for seed in range(pages):
            how = {"preset": preset, "layout": layouts[seed % len(layouts)], "seed": seed}
            found.append(inked(how, ecgs[seed % len(ecgs)]))
        on, low, total = (sum(one) for one in zip(*found, strict=True))
        worst = min(one[0] / one[2] for one in found if one[2])
        shares = f"{100 * on / total:>10.2f}{100 * worst:>14.2f}{100 * low / total:>16.1f}"
        print(f"{preset:<14}{pages:>6}{total:>10}{shares}", flush=True)


def sheet(out: Path) -> None:
    """Write 24 pages over all layouts and presets, side by side."""
    ecgs = [simulate(KINDS[number % len(KINDS)], seed=number, recording="typical").ecg for number in range(8)]
    layouts, presets, tiles = list(LAYOUTS), list(PRESETS), []
    for number in range(24):
        how: dict[str, Any] = {"layout": layouts[number % len(layouts)], "preset": presets[number % len(presets)]}
        page = render(ecgs[number % 8], seed=number, **how)
        height, width = page.pixels.shape[:2]
        tile = cv2.resize(page.pixels, (TILE_PX, round(TILE_PX * height / width)), interpolation=cv2.INTER_AREA)
        title = f"{number}: {how['layout']} {how['preset']}"
        cv2.putText(tile, title, (12, tile.shape[0] - 12), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 0, 0), 2)
        tiles.append(tile)
    rows = [np.hstack(tiles[first : first + 4]) for first in range(0, 24, 4)]
    atomic_write(out, encode(np.vstack(rows), "png"))


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "batch", "truth", "sheet"])
    parser.add_argument("out", nargs="?", type=Path, help="picture of the sheet")
    parser.add_argument("--pages", type=int, default=60)
    words = parser.parse_args()
    if words.what == "sheet":
        sheet(words.out or Path("sheet.png"))
    else:
        {"speed": speed, "batch": batch, "truth": truth}[words.what](words.pages)


if __name__ == "__main__":
    main()
