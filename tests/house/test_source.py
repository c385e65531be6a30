"""What no file of the package may hold: ways to run foreign code, chance that no seed governs, more than one idea."""

import ast

import pytest

from tests.house.source import PACKAGE, modules
from tests.support import ROOT

MAX_LINES = 400
RUN_CODE_WHEN_READING = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml"}
CALLS = {"eval", "exec", "compile", "__import__", "torch.load", "os.system", "os.popen", "numpy.random.seed"}
CHANCE = {"random", "secrets"}
FILES = sorted(path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py"))


def faults(dotted: str, tree: ast.Module) -> list[str]:
    """Every forbidden import or call in one module, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {a.name.partition(".")[0] for a in node.names} if isinstance(node, ast.Import) else set()
            names |= {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()
            forbidden = RUN_CODE_WHEN_READING | (set() if dotted == "einthoven.core.rng" else CHANCE)
            found += [f"line {node.lineno}: import {name}" for name in sorted(names & forbidden)]
        elif isinstance(node, ast.Call):
            found += [f"line {node.lineno}: {fault}" for fault in _call_faults(dotted, node)]
    return found


def _call_faults(dotted: str, call: ast.Call) -> list[str]:
    name = ast.unparse(call.func)
    name = "numpy." + name.removeprefix("np.") if name.startswith("np.") else name
    said = {word.arg: ast.unparse(word.value) for word in call.keywords}
    wrong = [name] if name in CALLS else []
    wrong += [f"{name}({word}=True)" for word in ("allow_pickle", "shell", "weights_only") if said.get(word) == "True"]
    if name.startswith("numpy.random.") and dotted != "einthoven.core.rng":
        wrong.append(f"{name}: chance comes from einthoven.core.rng")
    return wrong


@pytest.mark.parametrize("dotted", list(modules()))
def test_no_file_can_run_what_it_reads_or_draws_without_a_name(dotted: str) -> None:
    assert not faults(dotted, modules()[dotted])


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from pickle import loads",
        "import joblib",
        "import random",
        "eval('1')",
        "exec('1')",
        "torch.load('x')",
        "torch.load('x', weights_only=True)",
        "np.load('x', allow_pickle=True)",
        "subprocess.run('x', shell=True)",
        "np.random.default_rng(0)",
        "yaml.load('x')",
    ],
)
def test_the_gate_would_find_it(line: str) -> None:
    tree = ast.parse(f"def f():\n    {line}" if "yaml" not in line else f"import yaml\n{line}")
    assert faults("einthoven.some", tree)


@pytest.mark.parametrize("line", ["model.eval()", "np.load('x', allow_pickle=False)", "re.compile('x')"])
def test_the_gate_lets_pass_what_only_looks_like_it(line: str) -> None:
    assert not faults("einthoven.some", ast.parse(line))


@pytest.mark.parametrize("file", FILES)
def test_a_file_says_its_one_idea_first_and_stays_short(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    idea = (ast.get_docstring(ast.parse(text), clean=False) or "").partition("\n")[0].strip()
    assert text.startswith('"""'), "the first line is the docstring"
    assert len(idea.split()) >= 3, "the first line says the file's idea"
    assert len(text.splitlines()) <= MAX_LINES
