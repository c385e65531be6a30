"""Folds and splits by patient move nobody; pairs are of one patient, in order, within one split."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from einthoven.core.ecg import Person
from einthoven.core.errors import InputError
from einthoven.records.datasets import Row
from einthoven.records.pairs import pairs
from einthoven.records.splits import fold_of, patient_folds, split_of

PATIENTS = [str(number) for number in range(5000)]


def test_folds_are_about_equal_and_depend_on_patient_and_name_only() -> None:
    folds = patient_folds(PATIENTS, 10, "pack")
    assert set(folds.values()) == set(range(10))
    assert all(400 < count < 600 for count in Counter(folds.values()).values())
    assert patient_folds(reversed(PATIENTS[:700]), 10, "pack") == {
        patient: folds[patient] for patient in PATIENTS[:700]
    }
    other = patient_folds(PATIENTS, 10, "other")
    same = sum(folds[patient] == other[patient] for patient in PATIENTS)
    assert 350 < same < 650  # a tenth, as if drawn anew
    assert [fold_of(patient, 10, "pack") for patient in ("1", "2", "patient200")] == [4, 2, 8]  # on any machine
    with pytest.raises(InputError, match="0 folds"):
        patient_folds(PATIENTS, 0, "pack")


def test_splits_have_their_shares() -> None:
    shares = Counter(split_of(patient, "ludb") for patient in PATIENTS)
    assert abs(shares["train"] - 4000) < 150
    assert abs(shares["valid"] - 500) < 100
    assert abs(shares["test"] - 500) < 100


def _row(name: str, patient: str, day: float | None, split: str = "train") -> Row:
    at = None if day is None else datetime(2000, 1, 1) + timedelta(days=day)
    return Row(name, Path(name), patient, Person(patient), at, split)


def test_pairs_are_ordered_by_time_and_never_cross_patients_or_splits() -> None:
    rows = [
        *(_row("b", "1", 10), _row("a", "1", 0), _row("c", "1", 12.5)),
        *(_row("d", "2", 0), _row("e", "3", 0), _row("f", "3", 5, "valid")),
        *(_row("g", "4", None), _row("h", "4", 3), _row("i", "5", 1), _row("j", "5", 1)),
    ]
    assert [(pair.previous.id, pair.recent.id, pair.gap_days) for pair in pairs(rows)] == [
        *(("a", "b", 10.0), ("a", "c", 12.5), ("b", "c", 2.5)),
    ]
    assert [(pair.previous.id, pair.recent.id) for pair in pairs(rows, consecutive=True)] == [("a", "b"), ("b", "c")]
    assert pairs([]) == []
