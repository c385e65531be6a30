"""The rule on the labels of real recordings, and every answer read back from its own words."""

from collections import Counter
from pathlib import Path

import pytest

from einthoven.core.reading import read_options
from einthoven.core.sample import Sample
from einthoven.instruct.ecgqa.attributes import QaRecord, qa_records_ptbxl
from einthoven.instruct.ecgqa.generate import generate, short_templates
from einthoven.instruct.ecgqa.rule import check_rule
from einthoven.records.splits import Split
from tests.support import data_root


@pytest.fixture(scope="module")
def records() -> list[QaRecord]:
    return qa_records_ptbxl(Path(data_root()) / "ptbxl")


@pytest.mark.parametrize("split", ["train", "valid"])
def test_the_rule_holds_and_what_is_short_is_numeric(records: list[QaRecord], split: Split) -> None:
    samples = list(generate(records, split))
    assert check_rule(samples) == []
    assert set(short_templates(samples)) == {*range(39, 43), *range(50, 57), *range(64, 71)}  # nothing was measured
    said = Counter(answer for sample in samples if sample.pick == "one" for answer in sample.answer or ())
    assert 0.66 <= said["no"] / (said["no"] + said["yes"]) <= 0.71
    _read_back(samples)


def _read_back(samples: list[Sample]) -> None:
    for options, answer, pick in {(one.options, one.answer, one.pick) for one in samples}:
        assert isinstance(answer, tuple)
        said = read_options(", ".join(answer) or "none", options or (), pick)
        assert said is not None and set(said) == set(answer), (answer, said)
