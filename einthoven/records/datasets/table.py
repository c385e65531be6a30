"""Any folder of recordings with a table of labels beside them, `labels.csv`: one's own data as a dataset.

Columns: `id` or `path`, and as wanted `patient`, `age` (years), `sex`, `date` (ISO), `split` and `report`. Labels: one
column `labels` with codes or names separated by ;, which says what is there and nothing of the rest, or one column a
code with 0, 1 or nothing, where 0 says that it is absent. Rate and unit stand in the files or a .json beside each.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from einthoven.core.ecg import Ecg, Person
from einthoven.core.errors import InputError
from einthoven.records.datasets import Row, Rows
from einthoven.records.datasets.tables import day, inside, plain_id, rows_of, table_lines
from einthoven.records.formats import SUFFIXES
from einthoven.records.formats.comments import age_years
from einthoven.records.read import read
from einthoven.records.splits import split_of

FILE = "labels.csv"
ABOUT = ("id", "path", "patient", "age", "sex", "date", "split", "report", "labels")
SPLITS = ("train", "valid", "test")
_SEX: dict[str, Literal["male", "female"]] = {"m": "male", "male": "male", "f": "female", "female": "female"}
_CELL = {"1": True, "1.0": True, "true": True, "0": False, "0.0": False, "false": False, "": None}


@dataclass(frozen=True)
class Table:
    """A folder with `labels.csv` as a dataset. Codes: those of the project, SNOMED CT, or names of findings."""

    name: str = "table"
    timing_only: bool = False
    tables: tuple[str, ...] = ("findings", "snomed")

    def load(self, root: Path) -> Rows:
        """Return the rows of `labels.csv` whose files are there; splits by patient where the table has none."""
        root = Path(root)
        table = root / FILE
        lines = list(table_lines(table, (), "its maker"))
        there = {column for line in lines[:1] for column in line}
        if lines and not there & {"id", "path"}:
            raise InputError(
                f"{table}: has neither a column id nor a column path; its columns must be as {', '.join(ABOUT)}"
            )
        return rows_of(
            lines, lambda line: self._row(line, root), lambda line: f"{table}: row {_name(line)!r:.40}", "its maker"
        )

    def ecg(self, row: Row) -> Ecg:
        """Read a recording, whatever its format; rate and unit come from the file or the .json beside it."""
        return replace(read(row.path), person=row.person, recorded_at=row.recorded_at)

    def _row(self, line: dict[str, str], root: Path) -> Row:
        if None in line or None in line.values():
            raise ValueError("the row has more or fewer cells than the table has columns")
        path = _path(line, root)
        name = plain_id(line["id"]) if line.get("id") else Path(line["path"]).with_suffix("").as_posix()
        patient = plain_id(line["patient"]) if line.get("patient") else name
        age, split = line.get("age", "").strip(), line.get("split", "").strip() or split_of(patient, self.name)
        if split not in SPLITS:
            raise ValueError(f"split {split[:20]!r}; must be {', '.join(SPLITS)}")
        labels, decided = _labels(line)
        return Row(
            id=name,
            path=path,
            patient=patient,
            person=Person(
                patient, age_years(float(age)) if age else None, _SEX.get(line.get("sex", "").strip().casefold())
            ),
            recorded_at=day(line.get("date", "")),
            split=split,
            labels=labels,
            report=line.get("report", "").strip(),
            decided=decided,
        )


TABLE = Table()


def _name(line: dict[str, str]) -> str:
    return line.get("id") or line.get("path") or ""


def _path(line: dict[str, str], root: Path) -> Path:
    """Return the file of a row: its path, with or without a suffix, or the first file that is called as its id."""
    stem = inside(root, (line.get("path") or line.get("id") or "").strip())
    if stem.suffix.lower() in SUFFIXES:
        header = stem.with_suffix(".hea")
        return header if stem.suffix.lower() in (".dat", ".mat") and header.is_file() else stem
    found = (stem.with_name(f"{stem.name}{suffix}") for suffix in SUFFIXES)
    return next((path for path in found if path.is_file() and path.name != FILE), stem.with_name(f"{stem.name}.hea"))


def _labels(line: dict[str, str]) -> tuple[dict[str, float | None], frozenset[str]]:
    """Return the labels of a row and the codes that it decides, present or absent."""
    labels: dict[str, float | None] = {}
    decided: set[str] = set()
    for code in (column for column in line if column not in ABOUT):
        cell = line[code].strip().casefold()
        if cell not in _CELL:
            raise ValueError(f"column {code[:30]!r} holds {cell[:20]!r}; must be 0, 1 or empty")
        if _CELL[cell] is not None:
            decided.add(code)
        if _CELL[cell]:
            labels[code] = None
    said = [code.strip() for code in line.get("labels", "").split(";")]
    return {**labels, **dict.fromkeys(filter(None, said))}, frozenset(decided)
