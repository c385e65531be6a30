"""ECG-QA: the official files, asked of the ECGs that are here, and the same rule applied to one's own PTB-XL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.core.linefile import read_batch_lines
from einthoven.core.rng import rng
from einthoven.core.sample import Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.findings_labels import SPLITS, default_split, once
from einthoven.instruct.ecgqa.attributes import QaRecord, qa_records_ptbxl, with_features
from einthoven.instruct.ecgqa.features import FEATURES_FILE
from einthoven.instruct.ecgqa.generate import generate
from einthoven.instruct.ecgqa.official import read_official
from einthoven.instruct.ecgqa.templates import templates
from einthoven.instruct.ecgqa.vocabulary import words
from einthoven.instruct.severity import severity_of
from einthoven.records.datasets import Row, load_dataset

ARCHIVES: Mapping[str, str] = {"ptbxl": "ptbxl", "mimic-iv-ecg": "mimic_iv_ecg"}  # as ECG-QA has it -> as ROOT has it
MEASURED = "measured"  # ROOT/measured/ecgqa_features.lines, as `einthoven build ecgqa` leaves it in its folder

PUBLISHED_RULES = ("ecgqa-classifier", "ecgqa-llm")  # see evaluate/official


@dataclass(frozen=True)
class EcgQa:
    """The official files of one version; items whose ECGs are not here are counted, and left out."""

    name: str
    version: str

    @property
    def about(self) -> str:
        return (
            f"The official ECG-QA questions ({self.version} version, ROOT/ecgqa) on one or two ECGs of ROOT/ptbxl and, "
            "by study id, ROOT/mimic_iv_ecg."
        )

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items in the order of the files. Without a split: test where its files are here, else valid.

        Raises InputError when there are no files, or none of their ECGs is here.
        """
        items, left = _official(root, self.version, split)
        if not items:
            raise InputError(f"{root}: holds none of the ECGs that {left} questions of ROOT/ecgqa are about; "
                             "they are looked for in ptbxl/ and mimic_iv_ecg/")  # fmt: skip
        return items

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return how many questions are left out because an ECG is not here."""
        return [f"{_official(root, self.version, split)[1]} questions are left out: an ECG of theirs is not here"]


@dataclass(frozen=True)
class EcgQaMade:
    """The published rule on labels of one's own PTB-XL. most: items a template, drawn by chance; None: all."""

    name: str = "ecgqa-made"
    most: int | None = 40
    seed: int = 0
    only: frozenset[int] | None = None  # templates, None: all

    @property
    def about(self) -> str:
        many = "" if self.most is None else f", at most {self.most} of a template"
        return f"Questions made by the rule of ECG-QA, in words of this project, from ROOT/ptbxl{many}."

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items, template by template. Without a split: valid beside a local_split.csv, else fold 10.

        Raises InputError when ROOT/ptbxl is not there, or gives no question.
        """
        records = _records(root)
        chosen = split or default_split(root)
        if chosen not in SPLITS:
            raise InputError(f"split {chosen!r}: there are {', '.join(SPLITS)}")
        mine = [record for record in records if record.split == chosen]
        samples = [one for one in generate(mine, chosen, self.seed) if self._asks(one)]
        known = {record.id: record for record in mine}
        items = once(_made(root, self.name, sample, known) for sample in self._some(samples))
        if not items:
            raise InputError(f"{root / 'ptbxl'}: the {len(mine)} recordings of {chosen} give no question")
        return items

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return which templates are not asked, and why numeric features may be missing."""
        items = self.items(root, split)
        asked = {int(item.group[1:]) for item in items}
        wanted = self.only if self.only is not None else frozenset(templates())
        notes = [f"templates not asked: {', '.join(f'T{one}' for one in sorted(wanted - asked)) or 'none'}"]
        if not (root / MEASURED / FEATURES_FILE).is_file():
            notes.append(f"no numeric features: {MEASURED}/{FEATURES_FILE} of a set of `einthoven build ecgqa` is not "
                         "in ROOT")  # fmt: skip
        return notes

    def _asks(self, sample: Sample) -> bool:
        return self.only is None or sample.about["template"] in self.only

    def _some(self, samples: Sequence[Sample]) -> Iterator[Sample]:
        """Yield at most so many of each template, in the order in which they were made."""
        of_template: dict[int, list[int]] = {}
        for place, sample in enumerate(samples):
            of_template.setdefault(sample.about["template"], []).append(place)
        kept: set[int] = set()
        for template, places in of_template.items():
            order = rng("ecgqa-made", self.seed, template).permutation(len(places)).tolist()
            kept |= {places[at] for at in order[: self.most]}
        return (sample for place, sample in enumerate(samples) if place in kept)


ECGQA = EcgQa("ecgqa", "template")
ECGQA_PARAPHRASED = EcgQa("ecgqa-paraphrased", "paraphrased")
ECGQA_MADE = EcgQaMade()


def _official(root: Path, version: str, split: str | None) -> tuple[list[Item], int]:
    """Return the items whose ECGs are here, and how many others there are."""
    if split not in (None, *SPLITS):
        raise InputError(f"split {split!r}: there are {', '.join(SPLITS)}")
    folder = root / "ecgqa"
    if split is None:
        tests = (folder / archive / version / "test" for archive in ARCHIVES)
        split = "test" if any(any(test.glob("*.json")) for test in tests) else "valid"
    rows = {archive: _rows(root, name) for archive, name in ARCHIVES.items()}
    items, left = [], 0
    for sample in read_official(folder, version=version, split=split):
        archive = sample.about["archive"]
        found = [rows[archive].get(ecg) for ecg in sample.ecgs]
        shown = [row for row in found if row is not None]
        if len(shown) == len(found):
            items.append(_item(sample, ARCHIVES[archive], shown))
        else:
            left += 1
    return once(items), left


def _rows(root: Path, dataset: str) -> Mapping[str, Row]:
    """Return the ECGs that are here by the names that official samples give them: record paths, or study ids."""
    folder = root / dataset
    if not folder.is_dir():
        return {}
    rows = load_dataset(dataset).load(folder)
    if dataset == "ptbxl":
        return {row.path.with_suffix("").relative_to(folder).as_posix(): row for row in rows}
    return {row.id: row for row in rows}


def _item(sample: Sample, dataset: str, rows: Sequence[Row]) -> Item:
    """Return an official sample as an item: S is of the last ECG, without what the question names."""
    patients = dict.fromkeys(f"{dataset}/{row.patient}" for row in rows)
    codes = rows[-1].labels if dataset == "ptbxl" else None
    asked = sample.about.get("attribute") or ()
    paths = [row.path.with_suffix("") for row in rows]
    return _as_item(sample, paths, tuple(patients), None if codes is None else _without(codes, asked))


def _made(root: Path, task: str, sample: Sample, records: Mapping[str, QaRecord]) -> Item:
    told = dict(sample.about)
    patients = dict.fromkeys(f"ptbxl/{patient}" for patient in told.pop("patients"))
    last = records[told.pop("records")[-1]]
    named = replace(sample, id=sample.id.replace("ecgqa-", f"{task}-", 1), about=told)
    paths = [root / "ptbxl" / ecg for ecg in sample.ecgs]
    return _as_item(named, paths, tuple(patients), _without(last.scp, told["asked"]))


def _as_item(sample: Sample, paths: Iterable[Path], patients: tuple[str, ...], severity: int | None) -> Item:
    """Return the item; a question of which one answer holds has that for its gold, not a list of one."""
    answer = sample.answer
    if sample.pick == "one" and isinstance(answer, tuple):
        answer = answer[0]
    shown = replace(sample, ecgs=tuple(str(path.absolute()) for path in paths), answer=answer)
    facts = {"rule": PUBLISHED_RULES}
    template, type = sample.about["template"], str(sample.about["type"])
    return Item(shown, patients, f"T{template}", type, severity=severity, facts=facts)


def _without(codes: Iterable[str], asked: Iterable[str]) -> int:
    """Return S without the findings, or the whole classes, that a question names."""
    named = {word.code for word in (words().get(name) for name in asked) if word is not None}
    return severity_of([
        code for code in codes if code in FINDINGS and not {code, FINDINGS[code].superclass} & named
    ])  # fmt: skip


def _records(root: Path) -> list[QaRecord]:
    """Return the records of ROOT/ptbxl, with numeric features where they have been measured before."""
    folder, cache = root / "ptbxl", root / MEASURED / FEATURES_FILE
    if not folder.is_dir():
        raise InputError(f"{root}: holds no folder ptbxl/; it is to be laid out as its makers publish it")
    records = qa_records_ptbxl(folder)
    if not cache.is_file():
        return records
    lines: Iterable[dict[str, Any]] = read_batch_lines(cache)
    known = {str(line["id"]): line["features"] for line in lines if isinstance(line.get("features"), dict)}
    return with_features(records, known)
