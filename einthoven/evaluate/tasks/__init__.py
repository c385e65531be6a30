"""The benchmarks of questions and answers: name -> module:OBJECT, loaded on first use. See docs/add-a-benchmark.md."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from einthoven.core.errors import JobError
from einthoven.evaluate.item import Item

TASKS: dict[str, str] = {}


class Task(Protocol):
    """What a benchmark offers."""

    @property
    def name(self) -> str:
        """Return the name on the command line."""
        ...

    @property
    def about(self) -> str:
        """Say in one sentence what is asked, of what, and where it comes from."""
        ...

    def items(self, root: Path, split: str | None) -> list[Item]:
        """Return the items in their order, ids unique. split: train, valid, test, or None for the task's own default.

        Raises InputError when the data is not there, saying which folder is looked for.
        """
        ...


def load_task(name: str) -> Task:
    """Return a benchmark by its name in TASKS. Raises JobError for a name that is not there."""
    if name not in TASKS:
        raise JobError(f"no benchmark {name!r}; there are {', '.join(TASKS)}")
    module, _, attribute = TASKS[name].partition(":")
    return cast(Task, getattr(import_module(module), attribute))
