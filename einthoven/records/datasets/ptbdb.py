"""PTB Diagnostic: 12 leads and Frank's three, 1000 Hz, diagnoses of the patient (Bousseljot et al., Biomed Tech 1995).

As its makers publish it (`patient001/s0010_re.hea` with a block of comments) or as excerpts whose headers say the same
in one line, `Text`. Diagnoses are of the patient, not of the recording: absence of one decides nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.folder import headers_of
from einthoven.records.datasets.tables import rows_of
from einthoven.records.formats.comments import person_of, recorded_at_of
from einthoven.records.formats.wfdb_files import load_header
from einthoven.records.read import read
from einthoven.records.splits import split_of

_NOT_SAID = frozenset(("", "no", "n/a", "unknown", "none"))
_KEYS = {
    "Reason for admission": "reason",
    "Acute infarction (localization)": "acute infarction",
    "Former infarction (localization)": "former infarction",
    "Additional diagnoses": "additional",
}


@dataclass(frozen=True)
class Ptbdb:
    """PTB Diagnostic as a dataset."""

    name: str = "ptbdb"
    timing_only: bool = False
    tables: tuple[str, ...] = ("ptbdb",)

    def load(self, root: Path) -> Rows:
        """Return a row for each header below `root`; splits by patient, as none is published."""
        return rows_of(headers_of(root, self.name), self._row, str, self.name)

    def ecg(self, row: Row) -> Ecg:
        return replace(read(row.path), person=row.person, recorded_at=row.recorded_at)

    def _row(self, path: Path) -> Row:
        header = load_header(path)
        name = path.stem if path.stem.startswith("patient") else f"{path.parent.name}_{path.stem}"
        match = re.fullmatch(r"(patient\d{1,6})_\w{1,40}", name, re.ASCII)
        if match is None:
            raise ValueError(f"record {name[:40]!r}; must be like patient001/s0010_re or patient001_s0010_re")
        patient = match.group(1)
        said = list(_diagnoses(header.comments))
        return Row(
            id=name,
            path=path,
            patient=patient,
            person=replace(person_of(header.comments), key=patient),
            recorded_at=header.recorded_at or recorded_at_of(header.comments),
            split=split_of(patient, self.name),
            labels=dict.fromkeys(said),
            report="; ".join(text.removeprefix("reason: ").removeprefix("additional: ") for text in said),
            decided=frozenset(),
        )


PTBDB = Ptbdb()


def _diagnoses(comments: tuple[str, ...]) -> Iterator[str]:
    """Yield 'key: what is said' in lower case for each diagnosis that is more than no or unknown."""
    said = {key.strip(): text.strip() for key, _, text in (line.partition(":") for line in comments)}
    if "Text" in said:
        reason, *rest = said["Text"].split(";")
        parts = [("reason", reason)]
        for part in rest:
            key, colon, text = part.partition(":")
            parts.append((key.strip(), text) if colon and key.strip().endswith("infarction") else ("additional", part))
    else:
        parts = [(key, said[name]) for name, key in _KEYS.items() if name in said]
    for key, text in parts:
        found = re.split(r",\s+", text) if key == "additional" else [text]
        for one in (" ".join(part.split()).casefold() for part in found):
            if one not in _NOT_SAID:
                yield f"{key}: {one}"
