"""A set that `einthoven build` made, asked as it stands: its lines without the last answer, which is the gold.

ROOT is the folder of the set (it holds manifest.json), or holds it, and no other set. An ECG of a line is looked for in
the folder of the set, where simulated recordings are written, then in the folder that holds the set: that is the data
root where the set lies in it, else put links to its archives there. Talks keep the answers of their earlier turns.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from einthoven.core.errors import InputError
from einthoven.core.sample import Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.findings_labels import SPLITS, once
from einthoven.instruct.manifest import NAME, lines_of, read_manifest

DEFAULT = "valid"


@dataclass(frozen=True)
class SetTask:
    """Items of one split of a set; the group is the key of a line, the type its type."""

    name: str = "set"
    about: str = "Any set that `einthoven build` made: ROOT is its folder, or holds it."

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items of a split, valid without one, in the order of the set's files.

        Raises InputError when there is no finished set, or none of its ECGs is there.
        """
        items, left = _read(root, split)
        if not items:
            told = "; ".join(f"{count} {why}" for why, count in left.items()) or "no line of it"
            raise InputError(f"{folder_of(root)}: nothing of {split or DEFAULT} can be asked: {told}")
        return items

    def notes(self, root: Path, split: str | None) -> list[str]:
        """Return how many lines are left out, and why."""
        return [f"{count} lines left out: {why}" for why, count in _read(root, split)[1].items()]


SET = SetTask()


def folder_of(root: Path) -> Path:
    """Return the folder of the set that ROOT is or holds. Raises InputError unless there is just one."""
    if (root / NAME).is_file():
        return root
    found = sorted(path.parent for path in root.glob(f"*/{NAME}")) if root.is_dir() else []
    if len(found) != 1:
        many = f"{len(found)} sets ({', '.join(one.name for one in found[:5])})" if found else "no set"
        raise InputError(f"{root}: holds {many}; give the folder of one, with {NAME} and its .jsonl files")
    return found[0]


def _read(root: Path, split: str | None) -> tuple[list[Item], Counter[str]]:
    """Return the items, and why other lines are left out."""
    if split not in (None, *SPLITS):
        raise InputError(f"split {split!r}: there are {', '.join(SPLITS)}")
    folder = folder_of(root)
    places = _places(folder)
    left: Counter[str] = Counter()
    items = []
    for line in _lines(folder):
        if line.get("split") != (split or DEFAULT):
            continue
        item = _item(line, places, left)
        if item is not None:
            items.append(item)
    return once(items), left


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a finished set. Raises InputError."""
    manifest = read_manifest(folder) or {}
    if not manifest.get("complete"):
        raise InputError(f"{folder}: the set is not finished; run the command that builds it again")
    shards = [name.removesuffix(".jsonl") for name in manifest.get("files", {})]
    if strange := [name for name in shards if Path(name).name != name]:
        raise InputError(f"{folder / NAME}: names the file {strange[0][:60]!r}, which is not in its folder")
    try:
        yield from lines_of(folder, shards)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder}: a file of the set cannot be read ({error})") from error


def _places(folder: Path) -> Callable[[str], str | None]:
    """Return how to find the ECG of a line: a path that is there, or None."""

    @cache
    def find(ecg: str) -> str | None:
        for base in (folder, folder.absolute().parent):
            path = base / ecg
            if path.is_file() or path.with_name(f"{path.name}.hea").is_file():
                return str(path.absolute())
        return None

    return find


def _item(line: Mapping[str, Any], find: Callable[[str], str | None], left: Counter[str]) -> Item | None:
    """Return a line as an item; the reason is counted where it cannot be asked."""
    sample = Sample.from_json(dict(line))
    if any(part.page is not None for turn in sample.turns for part in turn.parts):
        left["they show pages, not signals"] += 1
        return None
    found = [find(ecg) for ecg in sample.ecgs]
    ecgs = tuple(ecg for ecg in found if ecg is not None)
    if len(ecgs) < len(found):
        left["an ECG is not there"] += 1
        return None
    turns = sample.turns[:-1] if sample.turns and sample.turns[-1].role == "assistant" else sample.turns
    patient, severity = line.get("patient", []), line.get("severity") or {}
    patients = patient if isinstance(patient, list) else [patient]
    return Item(
        replace(sample, ecgs=ecgs, turns=turns),
        tuple(f"{line.get('source')}/{one}" for one in patients),
        str(line.get("key") or line.get("template") or ""),
        str(line.get("type", "")),
        severity=severity.get("s_without"),
    )
