"""ecgqa-test made again from the official files of ECG-QA: questions about one ECG of PTB-XL that is there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from heapq import nsmallest
from pathlib import Path

from einthoven.core.errors import InputError
from einthoven.core.sample import Sample
from einthoven.evaluate.item import Item
from einthoven.evaluate.tasks.ecgbench_rebuilt import PREFIX, lot, prompt_of
from einthoven.evaluate.tasks.ecgbench_released import Built
from einthoven.evaluate.tasks.ecgbench_sets import BenchSet
from einthoven.instruct.ecgqa.official import SPLITS, VERSIONS, ptbxl_path, read_official
from einthoven.records.datasets import Row, load_dataset


def rebuilt_qa(one: BenchSet, root: Path, split: str | None) -> Built:
    """Return as many items as were published at most, drawn by name, in the order of the files.

    split: of ECG-QA; None stands for test, or valid where there is no test. The paraphrased files are taken where they
    are there. An ECG whose recording is not there, or is in another split of `local_split.csv`, is left out. Raises
    InputError when nothing is there or nothing is left.
    """
    version, wanted = _source(root / "ecgqa", split)
    archive = root / "ptbxl"
    local = (archive / "local_split.csv").is_file()
    rows = {
        ptbxl_path(int(row.id)): row for row in load_dataset("ptbxl").load(archive) if not local or row.split == wanted
    }
    faults: Counter[str] = Counter()
    asked = _asked(root / "ecgqa", version, wanted, rows, faults)
    numbered = nsmallest(one.published, enumerate(asked), key=lambda pair: lot(one.name, pair[1].id))
    if not numbered:
        told = ", ".join(f"{reason} ({count})" for reason, count in faults.items())
        raise InputError(
            f"{root / 'ecgqa'}: no question of split {wanted} can be used; {told or 'the files are empty'}"
        )
    items = tuple(_item(one, sample, rows[sample.ecgs[0]]) for _, sample in sorted(numbered, key=lambda pair: pair[0]))
    note = f"rebuilt from ECG-QA ({version}, {wanted}): not the released items"
    return Built(items, len(items) + faults.total(), dict(faults), (note,))


def _source(folder: Path, split: str | None) -> tuple[str, str]:
    """Return the version and the split that are there."""
    for wanted in (split,) if split else ("test", "valid"):
        for version in reversed(VERSIONS):
            if wanted in SPLITS and any((folder / "ptbxl" / version / wanted).glob("*.json")):
                return version, wanted
    raise InputError(
        f"{folder}: no questions of split {split or 'test or valid'}; ECG-QA has ptbxl/paraphrased/test/000000.json"
    )


def _asked(folder: Path, version: str, split: str, rows: dict[str, Row], faults: Counter[str]) -> Iterator[Sample]:
    for sample in read_official(folder, version=version, split=split):
        if sample.about["archive"] != "ptbxl" or len(sample.ecgs) != 1:
            faults["about two ECGs, or of another archive"] += 1
        elif sample.ecgs[0] not in rows:
            faults["its recording is not there or in another split"] += 1
        else:
            yield sample


def _item(one: BenchSet, sample: Sample, row: Row) -> Item:
    gold = sample.answer if isinstance(sample.answer, tuple) else ()
    answer = gold[0] if sample.pick == "one" else gold
    told = tuple(sample.options or ())
    prompt = prompt_of(sample.question, told if sample.pick == "one" else (*told, "none"))
    facts = {"rebuilt": True, "rule": one.rule, "prompt": prompt, "gold_text": list(gold or ("none",))}
    about = {"source": "ecgbench", "set": one.name, "record": row.id, "template": sample.about["template"]}
    asked = replace(
        sample, id=f"{PREFIX}{sample.id}", ecgs=(str(row.path.with_suffix("")),), answer=answer, about=about
    )
    return Item(asked, (f"ptbxl/{row.patient}",), f"T{sample.about['template']}", sample.about["type"], facts=facts)
