"""What every benchmark of questions must hold to, whatever it asks."""

from pathlib import Path

import pytest

from einthoven.core.errors import InputError, JobError
from einthoven.core.sample import Answer
from einthoven.evaluate.item import Item
from einthoven.evaluate.marks import marks
from einthoven.evaluate.tasks import TASKS, load_task
from tests.support import data_root


@pytest.mark.parametrize("name", sorted(TASKS))
def test_it_says_what_it_is(name: str) -> None:
    task = load_task(name)
    assert task.name == name
    assert len(task.about.split()) >= 5


@pytest.mark.parametrize("name", sorted(TASKS))
def test_without_its_data_it_says_in_one_line_what_is_missing(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        load_task(name).items(tmp_path, None)
    assert str(tmp_path) in str(told.value)
    assert "\n" not in str(told.value)


def test_a_name_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(JobError, match=r"no benchmark 'cake'; there are .*superclasses"):
        load_task("cake")


@pytest.mark.parametrize("name", sorted(TASKS))
def test_on_real_data_its_items_are_whole(name: str) -> None:
    task, root = load_task(name), data_root()
    try:
        items = task.items(root, None)
    except InputError as error:
        pytest.skip(str(error))
    assert items
    assert [item.id for item in items] == [item.id for item in task.items(root, None)]
    assert len({item.id for item in items}) == len(items)
    with_gold = [item for item in items if item.gold or item.kind == "any"]
    for item in with_gold:
        assert item.kind in ("text", "number") or item.gold <= set(item.sample.options or ())
        assert item.sample.turns[-1].role == "user", "the answer is not shown"
    found = marks(with_gold, {item.id: _said(item) for item in with_gold})
    assert [mark.item.id for mark in found if not mark.right] == []
    assert not any(mark.right for mark in marks(with_gold, {}))


def _said(item: Item) -> Answer:
    """Return the gold as a model would say it: a text, which must be read back."""
    gold = item.sample.answer
    text = "; ".join(gold) or "none" if isinstance(gold, tuple) else gold
    return Answer(item.id, text, None, None, abstained=False, reason=None, model="gold", seconds=0.0)
