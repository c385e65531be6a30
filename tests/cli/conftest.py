"""The command line called in this process, as the installed script calls it."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest


class Run(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Einthoven = Callable[..., Run]


@pytest.fixture
def einthoven(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Einthoven:
    """Call `einthoven WORDS..`; what libraries write to the file descriptors counts too."""

    def run(*words: object) -> Run:
        from einthoven.cli import main

        monkeypatch.setattr(sys, "argv", ["einthoven", *map(str, words)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        sys.stdout.flush()
        code = ended.value.code
        assert isinstance(code, int)
        return Run(code, *capfd.readouterr())

    return run
