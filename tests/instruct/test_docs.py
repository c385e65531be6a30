"""The toy of docs/add-a-family.md runs as it stands there, and docs/instruct.md names every family."""

import re

from einthoven.instruct.families import FAMILIES
from tests.support import ROOT


def test_the_toy_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "add-a-family.md").read_text(encoding="utf-8"), re.S)
    exec(compile(code, "add-a-family.md", "exec"), {"__name__": "toy"})  # noqa: S102


def test_the_page_names_every_family() -> None:
    page = (ROOT / "docs" / "instruct.md").read_text(encoding="utf-8")
    assert not [name for name in FAMILIES if name not in page]
