"""The nine sets of ECGBench as benchmarks: as released where that is there, else rebuilt from the user's archives."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from einthoven.core.errors import InputError
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.ecgbench_patients import patients_of
from einthoven.evaluate.tasks.ecgbench_pictures import Exported, export_embedded, export_recordings
from einthoven.evaluate.tasks.ecgbench_rebuilt import SPLITS, rebuilt_items
from einthoven.evaluate.tasks.ecgbench_rebuilt_qa import rebuilt_qa
from einthoven.evaluate.tasks.ecgbench_released import META, Built, released_items
from einthoven.evaluate.tasks.ecgbench_rows import FOLDER, released_files
from einthoven.evaluate.tasks.ecgbench_sets import SETS, BenchSet

_MORE = {
    "report": "; gold is the report as it is (rebuilt: German stays German)",
    "arena": "; both are put in one turn, and text overlap with the gold is not the published judge's score",
}


@dataclass(frozen=True)
class EcgBench:
    """One set of ECGBench (Liu et al., arXiv 2410.19008).

    Released form: ROOT/ecgbench/NAME/*.parquet (or *.jsonl, *.json there, or ROOT/ecgbench/NAME.json). Its pictures are
    shown as pages, by the paths ROOT/ecgbench/NAME/IMAGE_PATH; where they are embedded, `export_pictures` writes them
    there. Otherwise the set is rebuilt from the archive in ROOT, with ids that begin with "rebuilt-" and
    `facts["rebuilt"]`. Facts: prompt and gold_text as released, rule of the published scorer.
    """

    of: BenchSet

    @property
    def name(self) -> str:
        return self.of.name

    @property
    def about(self) -> str:
        return f"ECGBench {self.of.name}: {self.of.what}{_MORE.get(self.of.kind, '')}."

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items. The released form is a test and has no other split.

        Raises InputError when neither form is there, or it is not as published.
        """
        return list(self._built(Path(root), split).items)

    def notes(self, root: Path, split: str | None) -> tuple[str, ...]:
        """Return what to know about these items: rows left out and why, how many were published, what is missing."""
        root = Path(root)
        built = self._built(root, split)
        found = [*built.notes]
        if built.faults:
            told = ", ".join(f"{reason} ({count})" for reason, count in built.faults.items())
            found.append(f"{sum(built.faults.values())} of {built.rows} left out: {told}")
        if len(built.items) != self.of.published:
            found.append(f"{len(built.items)} items; the paper counts {self.of.published}")
        metas = Counter(item.type for item in built.items)[META]
        if metas:
            found.append(f"{metas} gold reports are a translator's replies, told apart as type {META!r}")
        absent = sum(not _is_there(path) for item in built.items for path in item.sample.ecgs)
        if absent:
            how = f"load_task({self.name!r}).export_pictures(root) writes those that are embedded"
            found.append(f"{absent} pictures or recordings are not there as files; {how}")
        return tuple(found)

    def export_pictures(self, root: Path, folder: Path | None = None, split: str | None = None) -> Exported:
        """Write the embedded pictures to folder/IMAGE_PATH; folder: where the items look for them.

        Of a rebuilt set, whose items show recordings, those of the split are written that are part of a larger file (an
        exam of CODE-15%) or lack a header, always where the items look. Raises InputError, also for a folder then, and
        JobError; see `export_embedded` for what is left out.
        """
        root = Path(root)
        files = released_files(root, self.name)
        if files:
            return export_embedded(files, folder or root / FOLDER / self.name)
        if folder is not None:
            raise InputError(f"{folder}: nothing is embedded to be written there; recordings go where the items look")
        return export_recordings(self.of, root, self.items(root, split))

    def _built(self, root: Path, split: str | None) -> Built:
        if split is not None and split not in SPLITS:
            raise InputError(f"split is {split!r}; it is {', '.join(SPLITS)}")
        files = released_files(root, self.name)
        if files and split not in (None, "test"):
            raise InputError(f"{files[0]}: ECGBench is a test; it has no split {split}")
        if files:
            return released_items(self.of, root, files, patients_of(self.of, root))
        self._check(root)
        return rebuilt_qa(self.of, root, split) if self.of.kind == "ecgqa" else rebuilt_items(self.of, root, split)

    def _check(self, root: Path) -> None:
        """Raise InputError unless there is what the set can be rebuilt from."""
        released = f"{root / FOLDER / self.name}: no *.parquet, *.jsonl or *.json of {self.name} there"
        if not self.of.archive:
            raise InputError(f"{released}, and it cannot be rebuilt: its pictures have no signals; put it there")
        needed = [root / self.of.archive, *([root / "ecgqa"] if self.of.kind == "ecgqa" else [])]
        if lacking := [str(folder) for folder in needed if not folder.is_dir()]:
            raise InputError(f"{released}, nor {' and '.join(lacking)} to rebuild it from; put one of them there")


def _is_there(path: str) -> bool:
    return any(Path(f"{path}{suffix}").is_file() for suffix in ("", ".hea"))


PTB = EcgBench(SETS["ptb-test"])
PTB_REPORT = EcgBench(SETS["ptb-test-report"])
CODE15 = EcgBench(SETS["code15-test"])
ECGQA = EcgBench(SETS["ecgqa-test"])
CPSC = EcgBench(SETS["cpsc-test"])
CSN = EcgBench(SETS["csn-test-no-cot"])
G12 = EcgBench(SETS["g12-test-no-cot"])
MMMU = EcgBench(SETS["mmmu-ecg"])
ARENA = EcgBench(SETS["arena"])
