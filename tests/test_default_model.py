"""The model that ships: it looks at the ECG. Skipped where its weights or its language model are not there."""

import pytest

from einthoven.ask import DEFAULT, ask
from einthoven.core.errors import ModelError
from einthoven.model.loading import read_config
from einthoven.records.simulate import simulate
from einthoven.runtime.language_model import language_model_dir

SEEDS = range(4)


@pytest.fixture(autouse=True, scope="module")
def _there() -> None:
    if not DEFAULT.is_dir():
        pytest.skip(f"no weights at {DEFAULT}")
    try:
        language_model_dir()
    except ModelError as absent:
        pytest.skip(str(absent))


def _p_yes(findings: list[str], question: str) -> list[float]:
    options = ["yes", "no"]
    answers = [ask(simulate(findings, seed=seed).ecg, question, options) for seed in SEEDS]
    return [(answer.options or {})["yes"] for answer in answers]


@pytest.fixture(scope="module")
def normal() -> list[float]:
    """P(normal) of clean normal sinus rhythm."""
    return _p_yes([], "Is this ECG normal?")


@pytest.mark.parametrize("finding", ["CLBBB", "AFIB"])
def test_normal_hearts_are_more_likely_normal_than_ill_ones(normal: list[float], finding: str) -> None:
    ill = _p_yes([finding], "Is this ECG normal?")
    pairs = [(n > i) + 0.5 * (n == i) for n in normal for i in ill]
    assert sum(pairs) / len(pairs) >= 0.9, (normal, ill)


def test_a_bundle_branch_block_is_a_conduction_disturbance_and_a_normal_heart_has_none() -> None:
    question = "Does this ECG show a conduction disturbance?"
    block, none = _p_yes(["CLBBB"], question), _p_yes([], question)
    pairs = [(b > n) + 0.5 * (b == n) for b in block for n in none]
    assert sum(pairs) / len(pairs) >= 0.9, (block, none)


def test_it_is_small_and_signed() -> None:
    assert sum(path.stat().st_size for path in DEFAULT.iterdir()) <= 15e6
    answer = ask(simulate([], seed=0).ecg, "Is this ECG normal?", ["yes", "no"])
    assert answer.model.startswith("default@")
    assert read_config(DEFAULT).language_model == "default"
