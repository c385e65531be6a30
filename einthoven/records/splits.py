"""Folds and splits by patient: which side a patient is on depends on the patient and a name, on nothing else."""

import hashlib
from collections.abc import Iterable
from typing import Literal

from einthoven.core.errors import InputError

Split = Literal["train", "valid", "test"]


def fold_of(patient: str, k: int, name: str) -> int:
    """Return the fold 0..k-1 of a patient key in the division called `name`.

    A hash, not a shuffle: further patients, another order or a subset move nobody.
    """
    if k < 1:
        raise InputError(f"{k} folds; there must be one or more")
    digest = hashlib.sha256(f"{name}\x1f{patient}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % k


def patient_folds(patients: Iterable[str], k: int, name: str) -> dict[str, int]:
    """Return patient key -> fold 0..k-1; folds are about equal in size. Raises InputError for k < 1."""
    return {patient: fold_of(patient, k, name) for patient in patients}


def split_of(patient: str, name: str) -> Split:
    """Return the split of a patient of a dataset whose makers publish none: 8 tenths train, 1 valid, 1 test."""
    fold = fold_of(patient, 10, name)
    return "train" if fold < 8 else "valid" if fold == 8 else "test"
