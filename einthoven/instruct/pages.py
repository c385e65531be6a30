"""The pages of a set, drawn at once, and the set as LLaVA's conversations over them, which common loaders read."""

from collections.abc import Sequence
from pathlib import Path

import orjson

from einthoven.core.atomic import atomic_write
from einthoven.core.sample import Sample
from einthoven.instruct.llava import llava_of
from einthoven.instruct.manifest import lines_of
from einthoven.instruct.records import FOLDER as SIMULATED
from einthoven.render.files import RenderWork, name_of, render_batch
from einthoven.render.settings import Settings

FOLDER, LLAVA, LIST = "pages", "llava", "ecgs.txt"


def draw_pages(root: Path, out: Path, shards: Sequence[str], settings: Settings, workers: int = 1) -> int:
    """Draw a page of every recording of a set into `out/pages`, and write `out/llava/SHARD.json`; return how many.

    A sample without a page (its recording could not be drawn) is left out there. The simulated recordings must have
    been written. Raises JobError when two recordings have one name.
    """
    named = dict.fromkeys(ecg for line in lines_of(out, shards) for ecg in line["ecgs"])
    paths = [str(out / ecg) if ecg.startswith(f"{SIMULATED}/") else str((root / ecg).resolve()) for ecg in named]
    listed = out / LIST
    atomic_write(listed, "".join(f"{Path(path).resolve()}\n" for path in paths).encode())
    tally = render_batch(listed, out / FOLDER, RenderWork(settings, "jpg"), workers)
    (out / LLAVA).mkdir(exist_ok=True)
    for shard in shards:
        samples = (Sample.from_json(line) for line in lines_of(out, [shard]))
        told = [_told(sample) for sample in samples if all((out / _page(ecg)).is_file() for ecg in sample.ecgs)]
        atomic_write(out / LLAVA / f"{shard}.json", orjson.dumps(told))
    return tally.made + tally.kept


def _told(sample: Sample) -> dict[str, object]:
    return llava_of(sample, lambda page: _page(sample.ecgs[page]))


def _page(ecg: str) -> str:
    """Return where the page of a recording lies, below the folder of the set."""
    return f"{FOLDER}/{name_of(ecg)}.jpg"
