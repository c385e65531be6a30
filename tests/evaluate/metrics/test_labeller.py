"""The labeller by hand, and the scores of what it finds."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from einthoven.core.findings import FINDINGS
from einthoven.evaluate.marks import Mark
from einthoven.evaluate.metrics.labeller import code_sums, label_sums, labels_of
from tests.evaluate.metrics.made_texts import number_mark, text_mark

CASES: tuple[tuple[str, set[str], set[str], set[str]], ...] = (
    ("Sinus rhythm. Normal ECG.", {"SR", "NORM"}, set(), set()),
    ("No evidence of atrial fibrillation; left ventricular hypertrophy.", {"LVH"}, {"AFIB"}, set()),
    ("Incomplete right bundle branch block.", {"IRBBB"}, set(), set()),
    ("Possible LVH, atrial fibrillation", {"AFIB"}, set(), {"LVH"}),
    ("AF? LVH is possible.", set(), set(), {"AFIB", "LVH"}),
    ("Probable LVH, consistent with hypertrophy", {"LVH"}, set(), set()),
    ("Atrial fibrillation cannot be excluded.", set(), set(), {"AFIB"}),
    ("Atrial fibrillation can't be ruled out.", set(), set(), {"AFIB"}),
    ("Atrial fibrillation isn't present.", set(), {"AFIB"}, set()),
    ("Atrial fibrillation. There is no atrial fibrillation.", set(), set(), {"AFIB"}),
    ("Possible AF. This is AF.", {"AFIB"}, set(), set()),
    ("Atrial fibrillation was ruled out.", set(), {"AFIB"}, set()),
    ("abnormal, afield, LVHX", set(), set(), set()),
    ("sinusrhythmus, sonst normales ekg", set(), set(), set()),  # English only
    ("", set(), set(), set()),
)


@pytest.mark.parametrize(("text", "said", "denied", "open"), CASES)
def test_labels_by_hand(text: str, said: set[str], denied: set[str], open: set[str]) -> None:
    found = labels_of(text)
    assert (set(found.said), set(found.denied), set(found.open)) == (said, denied, open)


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_every_finding_is_known_by_its_name(code: str) -> None:
    assert labels_of(f"{FINDINGS[code].name}.").said == {code}


def told(marks: list[Mark]) -> dict[str, float]:
    found = label_sums(marks) | code_sums(marks)
    return {name: float(sums.of(sums.rows_NK.sum(axis=0))) for name, sums in found.items()}


def test_scores_by_hand() -> None:
    facts: dict[str, Any] = {"labels": ["AFIB", "LVH"], "decided": ["SR", "CRBBB"]}
    found = told([text_mark("AF. Sinus rhythm. PACs and pericarditis.", **facts), number_mark()])
    assert found["label_f1_micro"] == pytest.approx(2 / (2 + 1 + 1))  # AFIB hit, SR wrong, LVH missed
    assert found["hallucinated"] == pytest.approx(1 / len(labels_of("AF. Sinus rhythm. PACs and pericarditis.").said))
    assert "label_f1_macro" not in found  # no code has five items


def test_scores_are_those_of_scikit_learn() -> None:
    draw = np.random.default_rng(5)
    codes = ["AFIB", "LVH", "SR", "CRBBB"]
    there, said = draw.random((60, 4)) < 0.4, draw.random((60, 4)) < 0.4
    marks = [
        text_mark(
            ". ".join(FINDINGS[code].name for code, flag in zip(codes, mine, strict=True) if flag),
            labels=frozenset(code for code, flag in zip(codes, gold, strict=True) if flag),
            decided=[code for code, flag in zip(codes, gold, strict=True) if not flag],
        )
        for gold, mine in zip(there, said, strict=True)
    ]
    found = told(marks)
    assert found["label_f1_micro"] == pytest.approx(f1_score(there, said, average="micro"))
    assert found["label_f1_macro"] == pytest.approx(f1_score(there, said, average="macro"))
    assert found["hallucinated"] == pytest.approx((said & ~there).sum() / said.sum())
    each = f1_score(there, said, average=None)
    assert [found[f"label_f1|{code}"] for code in codes] == pytest.approx(list(each))


def test_rare_codes_are_not_in_the_macro_mean_and_silence_is_missed() -> None:
    facts: dict[str, Any] = {"labels": ["AFIB"], "decided": ["SR"]}
    marks = [text_mark("atrial fibrillation", **facts) for _ in range(5)]
    rare = text_mark(None, labels=["LVH"], decided=["SR"])
    found = told([*marks, rare])
    assert found["label_f1_macro"] == found["label_f1|AFIB"] == 1.0
    assert found["label_f1_micro"] == pytest.approx(10 / 11) and "label_f1|LVH" not in found
    silent = told([text_mark(None, **facts) for _ in range(5)])
    assert silent["label_f1_micro"] == silent["label_f1_macro"] == 0.0 and np.isnan(silent["hallucinated"])


def test_without_labels_there_is_no_metric() -> None:
    assert label_sums([]) == label_sums([text_mark("AF"), text_mark("AF", labels=None, decided=None)]) == {}
    assert label_sums([text_mark("AF", labels=["AFIB"])]) == code_sums([text_mark("AF", labels=["AFIB"])]) == {}


def test_a_code_that_is_there_is_not_absent_as_well() -> None:
    found = told([text_mark("AF", labels=["AFIB"], decided=["AFIB"])])
    assert (found["label_f1_micro"], found["hallucinated"]) == (1.0, 0.0)
