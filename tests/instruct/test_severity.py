"""Severity from labels: what counts, what is left out, and the shares that are known of PTB-XL."""

from collections import Counter

import pytest

from einthoven.core.errors import QuestionError
from einthoven.core.findings import FINDINGS
from einthoven.instruct.severity import LEVELS, Severity, level, severity, severity_of, severity_without
from einthoven.records.datasets import load_dataset
from tests.support import data_root


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), 0),
        (("NORM", "SR"), 0),
        (("AFIB",), 1),  # a rhythm
        (("PVC", "LVOLT"), 2),  # two forms
        (("IMI", "ILMI"), 1),  # one subclass
        (("IMI", "AMI"), 2),
        (("NDT",), 2),  # a diagnostic and a form statement
        (("NDT", "DIG"), 3),  # one subclass, two forms
        (("RBBB", "LBBB"), 2),  # without a subclass each counts for itself
        (("LVH", "IRBBB", "STACH", "PVC", "SR"), 4),
    ],
)
def test_what_counts(codes: tuple[str, ...], expected: int) -> None:
    assert severity_of(codes) == expected
    assert severity_of(codes[::-1]) == expected


def test_only_normal_and_sinus_rhythm_add_nothing() -> None:
    assert {code for code in FINDINGS if severity_of([code]) == 0} == {"NORM", "SR"}


def test_without_the_label_that_is_asked() -> None:
    codes = ("LVH", "IMI", "ILMI", "NDT", "SR")
    assert severity_of(codes) == 4
    assert severity_without(codes, "LVH") == 3
    assert severity_without(codes, "NDT") == 2
    assert severity_without(codes, "IMI") == 4, "its subclass stays, by the other code"
    assert severity_without(codes, "AFIB") == 4, "what is not there takes nothing away"
    assert severity_without(codes, "SR") == 4
    assert severity(codes, "LVH") == Severity(4, 3)
    assert severity(codes, "LVH").to_json() == {"s": 4, "s_without": 3}


def test_levels() -> None:
    assert [level(s) for s in range(12)] == [0, 1, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4]
    assert [LEVELS[level(s)] for s in (0, 1, 2, 3, 4, 5, 10)] == ["0", "1", "2", "3-4", "3-4", "5+", "5+"]


def test_an_unknown_finding_is_refused() -> None:
    with pytest.raises(QuestionError, match="AFIBB"):
        severity_of(["AFIBB"])


def test_ptbxl_has_the_shares_that_are_known_of_it() -> None:
    """Train of ECG-QA, all labels: 36.6, 18.7, 16.5, 20.2, 8.0 %, mean 1.65; counted here of those that are there."""
    folder = data_root() / "ptbxl"
    if not (folder / "local_split.csv").is_file():
        pytest.skip("no PTB-XL beside the checkout")
    found = [severity_of(row.labels) for row in load_dataset("ptbxl").load(folder) if row.split == "train"]
    counted = Counter(map(level, found))
    shares = [100 * counted[place] / len(found) for place in range(len(LEVELS))]
    assert shares == pytest.approx([36.6, 18.7, 16.5, 20.2, 8.0], abs=3)
    assert sum(found) / len(found) == pytest.approx(1.65, abs=0.1)
