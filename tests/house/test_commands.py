"""Every command that exists has at least the flags of the command contract, and every mistake is one line."""

import subprocess
import sys
from typing import Any

import pytest
import typer

from einthoven.cli import app
from tests.support import ROOT

ECG_WITHOUT_UNITS = {"--rate", "--unit"}  # for formats that do not say theirs
FLAGS = {
    "fetch": set[str](),
    "ask": {"--options", "--pick", "--model", "--json", "--batch", "--out"} | ECG_WITHOUT_UNITS,
    "report": {"--json"} | ECG_WITHOUT_UNITS,
    "compare": {"--json"} | ECG_WITHOUT_UNITS,
    "measure": {"--json", "--plot", "--batch", "--out", "--workers"} | ECG_WITHOUT_UNITS,
    "render": {"--layout", "--preset", "--wear", "--speed", "--gain", "--dpi", "--seed", "--truth"}
    | {"--batch", "--out", "--workers", "--format"}
    | ECG_WITHOUT_UNITS,
    "simulate": {"--out", "--findings", "--count", "--workers", "--seed"},
    "convert": ECG_WITHOUT_UNITS,
    "build": {"--data", "--out", "--samples", "--sampling", "--workers", "--seed"},
    "train": {"--data", "--out", "--resume"},
    "bench": {"--model", "--answers", "--questions-only", "--data", "--split", "--scorer", "--out"},
    "audit": {"--model", "--data", "--out"},
    "results": {"--out"},
    "serve": {"--host", "--port", "--model"},
}


def _commands() -> dict[str, Any]:
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


def _einthoven(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from einthoven.cli import main; main()", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_fetch_is_there() -> None:
    assert "fetch" in _commands()  # the set-up calls it


@pytest.mark.parametrize("name", sorted(_commands()))
def test_a_command_has_the_flags_of_the_contract(name: str) -> None:
    assert name in FLAGS, "a command that the contract does not know: write it there and here"
    has = {flag for parameter in _commands()[name].params for flag in parameter.opts}
    assert not FLAGS[name] - has


@pytest.mark.parametrize("name", sorted(_commands()))
def test_a_flag_says_what_it_is_for(name: str) -> None:
    assert _commands()[name].help
    silent = [p.opts for p in _commands()[name].params if p.param_type_name == "option" and not p.help]
    assert not silent


@pytest.mark.parametrize("words", [[name, "--no-such-flag"] for name in sorted(_commands())] + [["no-such-command"]])
def test_a_mistake_is_one_line_on_stderr_and_exit_code_2(words: list[str]) -> None:
    run = _einthoven(*words)
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1
    assert words[-1] in run.stderr
