"""The benchmarks of questions and answers: name -> module:OBJECT, loaded on first use. See docs/add-a-benchmark.md."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from einthoven.core.errors import JobError
from einthoven.evaluate.item import Item

TASKS: dict[str, str] = {
    "superclasses": "einthoven.evaluate.tasks.superclasses:SUPERCLASSES",
    "findings": "einthoven.evaluate.tasks.findings:FINDINGS_TASK",
    "report": "einthoven.evaluate.tasks.report:REPORT",
    "ecgqa": "einthoven.evaluate.tasks.ecgqa:ECGQA",
    "ecgqa-paraphrased": "einthoven.evaluate.tasks.ecgqa:ECGQA_PARAPHRASED",
    "ecgqa-made": "einthoven.evaluate.tasks.ecgqa:ECGQA_MADE",
    "set": "einthoven.evaluate.tasks.sets:SET",
    "zero-shot-findings": "einthoven.evaluate.tasks.zero_shot:FINDINGS_HELD_OUT",
    "zero-shot-templates": "einthoven.evaluate.tasks.zero_shot:TEMPLATES_HELD_OUT",
    "zero-shot-comparison": "einthoven.evaluate.tasks.zero_shot:COMPARISON",
    "zero-shot-archive": "einthoven.evaluate.tasks.zero_shot:ARCHIVE",
    "ptb-test": "einthoven.evaluate.tasks.ecgbench:PTB",
    "ptb-test-report": "einthoven.evaluate.tasks.ecgbench:PTB_REPORT",
    "code15-test": "einthoven.evaluate.tasks.ecgbench:CODE15",
    "ecgqa-test": "einthoven.evaluate.tasks.ecgbench:ECGQA",
    "cpsc-test": "einthoven.evaluate.tasks.ecgbench:CPSC",
    "csn-test-no-cot": "einthoven.evaluate.tasks.ecgbench:CSN",
    "g12-test-no-cot": "einthoven.evaluate.tasks.ecgbench:G12",
    "mmmu-ecg": "einthoven.evaluate.tasks.ecgbench:MMMU",
    "arena": "einthoven.evaluate.tasks.ecgbench:ARENA",
}


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
