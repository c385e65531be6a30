"""Zero-shot tasks: what is held out is asked, and a set built with the task's list teaches none of it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from einthoven.core.errors import InputError
from einthoven.core.findings import FINDINGS
from einthoven.evaluate.tasks import load_task
from einthoven.evaluate.tasks.zero_shot import (
    ARCHIVE,
    ARCHIVES,
    COMPARISON,
    FINDINGS_HELD_OUT,
    KEPT,
    TEMPLATES_HELD_OUT,
    held_out_findings,
    held_out_templates,
)
from einthoven.instruct.build import build
from einthoven.instruct.ecgqa.templates import templates
from einthoven.instruct.exclude import Exclusions, read_exclusions, write_exclusions
from einthoven.instruct.order import Order
from tests.evaluate.tasks.made_ptbxl import Made, many, write_ptbxl
from tests.support import data_root

ALL = (FINDINGS_HELD_OUT, TEMPLATES_HELD_OUT, COMPARISON, ARCHIVE)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 60 recordings of as many patients, and twelve of four patients who come three times."""
    again = [Made({"AFIB": 0.0} if number % 3 else {"SR": 0.0}, 100 + number // 3, "test") for number in range(12)]
    return write_ptbxl(tmp_path_factory.mktemp("data"), many(60) + again)


def test_a_fifth_of_the_findings_is_held_out_whatever_the_data() -> None:
    held = held_out_findings()
    assert len(held) == len(set(held)) == round(0.2 * (len(FINDINGS) - len(KEPT)))
    assert not set(held) & KEPT
    assert held[:4] == ("ABQRS", "ANEUR", "ASMI", "CLBBB"), "another list would make models incomparable"


def test_a_fifth_of_the_templates_is_held_out_of_each_type() -> None:
    held = Counter(templates()[number].question_type for number in held_out_templates())
    of_type = Counter(one.question_type for one in templates().values())
    assert held.keys() == of_type.keys()
    assert all(held[name] == max(1, round(0.2 * count)) for name, count in of_type.items())
    assert held_out_templates()[:4] == (1, 3, 8, 11)


def test_only_findings_that_are_held_out_are_asked(root: Path) -> None:
    items = FINDINGS_HELD_OUT.items(root, None)
    assert {item.group for item in items} == {"finding:CLBBB", "finding:LVH"}
    assert Counter((item.group, *item.gold) for item in items)["finding:CLBBB", "yes"] == 20
    assert FINDINGS_HELD_OUT.notes(root, None)[0] == "held out and asked: CLBBB, LVH"
    assert all(item.id.startswith("zero-shot-findings-") for item in items)


def test_only_templates_that_are_held_out_are_asked(root: Path) -> None:
    asked = {int(item.group[1:]) for item in TEMPLATES_HELD_OUT.items(root, None)}
    assert asked and asked <= set(held_out_templates())


def test_only_comparisons_are_asked(root: Path) -> None:
    items = COMPARISON.items(root, None)
    assert items and {len(item.sample.ecgs) for item in items} == {2}
    assert {item.type.partition("_")[0] for item in items} == {"comparison"}
    assert {len(item.patients) for item in items} == {1, 2}


def _lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in out.glob("*.jsonl") for line in path.read_bytes().split(b"\n") if line]


@pytest.fixture(scope="module")
def signals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = [Made({code: 100.0}, number, "train") for number, code in enumerate(("AFIB", "CLBBB", "LVH", "NORM"), 1)]
    return write_ptbxl(tmp_path_factory.mktemp("signals"), made, signals=True)


@pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)
def test_the_list_goes_through_its_file_and_a_set_built_with_it_teaches_nothing_of_it(
    task: Any, signals: Path, tmp_path: Path
) -> None:
    held = read_exclusions(write_exclusions(tmp_path, task.exclusions()))
    assert held == task.exclusions() != Exclusions()
    recipe = "ecgqa" if held.templates else "ecginstruct"
    build(recipe, signals, tmp_path / recipe, Order(samples=150, exclude=held), workers=0)
    lines = _lines(tmp_path / recipe)
    assert lines
    assert not {line["about"] for line in lines} & set(held.findings)
    assert not {line["template"] for line in lines} & {f"ecgqa:{number}" for number in held.templates}
    assert not held.pairs or all(len(line["ecgs"]) == 1 for line in lines)
    assert not {line["source"] for line in lines} & set(held.sources)


def _header(number: int, codes: str) -> str:
    """A header of a Challenge archive without samples."""
    name = f"E{number:05d}"
    return f"{name} 1 500 5000\n{name}.mat 16 1000/mV 16 0 0 0 0 I\n# Age: 60\n# Sex: Male\n# Dx: {codes}\n"


AFIB, SINUS = "164889003", "426783006"


def test_other_archives_are_asked_and_each_in_itself(tmp_path: Path) -> None:
    georgia, cpsc = tmp_path / "georgia", tmp_path / "cpsc_extra"
    for folder in (georgia, cpsc):
        folder.mkdir()
    for number in range(20):
        (georgia / f"E{number:05d}.hea").write_text(_header(number, AFIB if number < 6 else SINUS))
    for number in range(4):  # nobody without it here: not asked
        (cpsc / f"Q{number:04d}.hea").write_text(_header(number, AFIB).replace("E0", "Q"))
    items = ARCHIVE.items(tmp_path, None)
    asked = Counter((item.patients[0].partition("/")[0], *item.gold) for item in items if item.group == "finding:AFIB")
    assert asked == {("georgia", "yes"): 6, ("georgia", "no"): 12}
    assert ARCHIVE.notes(tmp_path, None)[0] == "archives here: cpsc_extra, georgia"
    assert set(ARCHIVES) <= set(ARCHIVE.exclusions().sources) and "ptbxl" not in ARCHIVE.exclusions().sources


@pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)
def test_without_its_data_it_says_so(task: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no"):
        task.items(tmp_path, None)
    assert load_task(task.name) is task


def test_nothing_held_out_to_ask_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no one of ABQRS, .* has 5 recordings"):
        FINDINGS_HELD_OUT.items(write_ptbxl(tmp_path, many(3)), None)


def test_real_recordings() -> None:
    root = data_root()
    for task in (FINDINGS_HELD_OUT, ARCHIVE):
        items = task.items(root, None)
        assert len({item.id for item in items}) == len(items) > 20
