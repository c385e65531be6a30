"""ECG files in, pages out: one with its truth, or a list through the one batch engine, as files or as shards."""

import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from typing import NamedTuple

from einthoven.core.ecg import Ecg
from einthoven.core.errors import EcgError, JobError
from einthoven.core.jobs import ERRORS_FILE, Job, Tally, run_files
from einthoven.core.page import Page
from einthoven.core.rng import rng
from einthoven.measure.entry import measure
from einthoven.measure.files import read_beginning, read_list
from einthoven.records.formats import SUFFIXES
from einthoven.records.read import is_picture
from einthoven.render.encode import encode
from einthoven.render.page import draw_page
from einthoven.render.settings import Settings
from einthoven.render.truth import truth_bytes
from einthoven.render.words import Words, words_of

MASK = ".mask.png"
SHARD_FORM = "pages-{:06d}"


class Source(NamedTuple):
    """One ECG of a list: where it is, and the ECG whose words its header prints (None: its own or none)."""

    path: str
    words_of: str | None = None


@dataclass(frozen=True)
class RenderWork:
    """The work on one ECG; rate_hz and unit are for files that do not say theirs; form: "png" or "jpg"."""

    settings: Settings
    form: str = "png"
    rate_hz: float | None = None
    unit: str | None = None

    def __call__(self, job: Job) -> dict[str, bytes]:
        """Return the files of one page: picture, truth, and label mask if wanted."""
        source: Source = job.payload
        page = self.draw(source)
        return self.files(job.id, page)

    @property
    def suffixes(self) -> tuple[str, ...]:
        return (f".{self.form}", ".json", *((MASK,) if self.settings.masks else ()))

    def draw(self, source: Source) -> Page:
        """Return the page of one ECG, of a long one its beginning."""
        ecg = self._read(source.path)
        words = None if source.words_of is None else self._words(source.words_of)
        page = draw_page(ecg, self.settings, words)
        assert page.truth is not None
        named = {"source": name_of(source.path), "words_of": source.words_of and name_of(source.words_of)}
        return replace(page, truth=named | page.truth)

    def files(self, stem: str, page: Page) -> dict[str, bytes]:
        """Return a page as files."""
        truth = dict(page.truth or {})
        mask = truth.pop("mask", None)
        made = {f"{stem}.{self.form}": encode(page.pixels, self.form), f"{stem}.json": truth_bytes(truth)}
        return made if mask is None else made | {f"{stem}{MASK}": encode(mask, "png")}

    def _read(self, path: str) -> Ecg:
        if is_picture(path):
            raise JobError(f"{path}: is a picture; a page is drawn from a recording")
        return read_beginning(path, self.rate_hz, self.unit)

    def _words(self, path: str) -> Words:
        """Return what the header of another ECG says."""
        ecg = self._read(path)
        try:
            measured = measure(ecg)
        except EcgError:
            measured = None
        return words_of(ecg, measured, None, rng("words", name_of(path), self.settings.seed))


@dataclass(frozen=True)
class ShardWork:
    """The work on the ECGs of one shard: a tar file in WebDataset's form, and which pages and errors it has."""

    page: RenderWork

    def __call__(self, job: Job) -> dict[str, bytes]:
        """Return the tar file and its index; an ECG that cannot be drawn becomes an error in the index."""
        jobs: Sequence[Job] = job.payload
        pages, errors, packed = [], [], io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for one in jobs:
                try:
                    files = self.page(one)
                except EcgError as error:
                    errors.append({"id": one.id, "error": " ".join(str(error).split())})
                    continue
                for name, data in files.items():
                    member = tarfile.TarInfo(name)  # no time, owner or mode of this machine: equal bytes anywhere
                    member.size = len(data)
                    tar.addfile(member, io.BytesIO(data))
                pages.append(one.id)
        asked = asdict(self.page.settings)
        index = json.dumps({"pages": pages, "errors": errors, "settings": {"asked": asked}}, ensure_ascii=False)
        return {f"{job.id}.tar": packed.getvalue(), f"{job.id}.json": index.encode()}


def render_batch(listed: Path, out: Path, work: RenderWork, workers: int = 1, shard: int = 0) -> Tally:
    """Draw the ECGs that `listed` names, a path a line, into `out`; shard: pages in a tar file, 0 for plain files.

    An ECG that cannot be drawn costs an error line. Raises JobError for what is wrong with the list as a whole.
    """
    sources = _sources(listed, work.settings)
    jobs = [Job(name_of(source.path), source) for source in sources]
    _refuse_other_settings(out, work.settings)
    if not shard:
        return run_files(jobs, work, out, suffixes=work.suffixes, workers=workers, label="render")
    doubled = len(jobs) - len({job.id for job in jobs})
    if doubled:
        raise JobError(f"{listed}: {doubled} ECGs have the name of another; give each a name of its own")
    firsts = range(0, len(jobs), shard)
    shards = [Job(SHARD_FORM.format(first // shard), jobs[first : first + shard]) for first in firsts]
    _drop_failed(out, shards)
    return run_files(shards, ShardWork(work), out, suffixes=(".tar", ".json"), workers=workers, label="render shards")


def shard_errors(out: Path) -> list[dict[str, str]]:
    """Return the error lines of all shards in a folder."""
    return [line for path in sorted(out.glob("pages-*.json")) for line in json.loads(path.read_bytes())["errors"]]


def name_of(path: str) -> str:
    """Return the name of a page: the last part of the path without the ending of a recording."""
    name = PurePath(path)
    return name.stem if name.suffix.lower() in SUFFIXES else name.name


def _sources(listed: Path, settings: Settings) -> list[Source]:
    paths = [str(listed.parent / line) for line in read_list(listed)]
    if settings.text != "other":
        return [Source(path) for path in paths]
    if len(paths) < 2:
        raise JobError(f"{listed}: text 'other' needs at least two ECGs in the list")
    step = max(1, len(paths) // 2)  # neighbours are often of one patient
    return [Source(path, paths[(number + step) % len(paths)]) for number, path in enumerate(paths)]


def _drop_failed(out: Path, shards: Sequence[Job]) -> None:
    """Remove shards that had errors or other pages in an earlier run, so that these are made again."""
    for job in shards:
        path = out / f"{job.id}.json"
        if path.is_file():
            index = json.loads(path.read_bytes())
            if index["errors"] or index["pages"] != [one.id for one in job.payload]:
                path.unlink()


def _refuse_other_settings(out: Path, settings: Settings) -> None:
    """Raise JobError when a folder holds pages that were drawn otherwise: they would be kept as if they were these."""
    for path in out.glob("*.json"):
        if path.name == ERRORS_FILE:
            continue
        try:
            asked = json.loads(path.read_bytes())["settings"]["asked"]
        except (ValueError, KeyError, TypeError) as error:
            raise JobError(f"{path}: is not of a page; choose another output folder") from error
        differ = [name for name, value in json.loads(truth_bytes(asdict(settings))).items() if asked.get(name) != value]
        if differ:
            raise JobError(f"{out}: holds pages drawn with another {differ[0]}; choose another output folder")
        return
