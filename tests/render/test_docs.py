"""The toys of docs/add-a-wear.md and docs/add-a-layout.md run as they stand there."""

import re

import pytest

from tests.support import ROOT


@pytest.mark.parametrize("name", ["add-a-wear.md", "add-a-layout.md"])
def test_the_toy_runs(name: str) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.S)
    exec(compile(code, name, "exec"), {"__name__": "toy"})  # noqa: S102
