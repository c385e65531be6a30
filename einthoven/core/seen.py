"""Whom a model was trained or chosen on: hashed keys of patients in `seen.json` of its folder.

Who has an archive can find its patients again, who has not learns nothing.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import ModelError

FILE = "seen.json"


@dataclass(frozen=True)
class Seen:
    """Keys of patients. trained: the weights were fitted on them; chosen: settings were selected on them."""

    trained: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()

    def __contains__(self, key: str) -> bool:
        return key in self.trained or key in self.chosen


def patient_key(dataset: str, patient: str) -> str:
    """Return the hash of a patient by which models and sets say whom they hold."""
    return hashlib.sha256(f"{dataset}/{patient}".encode()).hexdigest()[:16]


def read_seen(folder: Path) -> Seen | None:
    """Return whom the model in a folder has seen, None where it does not say. Raises ModelError for a damaged file."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        lists: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(lists["patients"], list):
            raise TypeError("patients is no list")
        return Seen(frozenset(map(str, lists["patients"])), frozenset(map(str, lists.get("chosen", []))))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path}: cannot be read ({type(error).__name__}); it says whom the model was trained on"
        ) from error


def write_seen(folder: Path, trained: Iterable[str], chosen: Iterable[str] = ()) -> None:
    """Write seen.json, sorted."""
    lists = {"patients": sorted(set(trained)), "chosen": sorted(set(chosen))}
    atomic_write(folder / FILE, json.dumps(lists, indent=1).encode() + b"\n")
