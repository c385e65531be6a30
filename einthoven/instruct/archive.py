"""From archives to cases: which recordings there are, what their labels say, and what is measured on each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from einthoven.core.errors import EcgError, InputError
from einthoven.core.measurements import Measurements
from einthoven.instruct.case import Case
from einthoven.instruct.ecgqa.attributes import qa_records_ptbxl
from einthoven.instruct.wording import Split
from einthoven.measure.entry import measure
from einthoven.records.datasets import DATASETS, Row, load_dataset
from einthoven.records.datasets.checks import Problems, checked
from einthoven.records.datasets.mapping import findings_of

NOT_ASKED = ("qtdb",)  # excerpts of long recordings without labels of the whole
UNSURE_MV = ("code15", "ludb")  # voltages mean nothing, or are of a doubtful unit: see their cards

Noise = Mapping[str, tuple[str, ...]] | None


@dataclass(frozen=True)
class Ref:
    """One recording of an archive, before it is read. noise: what its tables say of it, None where nobody looked."""

    dataset: str
    row: Row
    ecg: str
    noise: Noise = None

    @property
    def id(self) -> str:
        return f"{self.dataset}-{self.row.id}"


def archives_in(root: Path) -> list[str]:
    """Return the names of the datasets that lie under a data root. Raises InputError when there is none."""
    if not root.is_dir():
        raise InputError(f"{root}: no such folder; give the folder that holds ptbxl/, georgia/ and the like")
    there = [name for name in DATASETS if name not in NOT_ASKED and (root / name).is_dir()]
    if not there:
        raise InputError(f"{root}: holds no dataset; a sub-folder is called {', '.join(DATASETS)}")
    return there


def refs_in(root: Path, name: str) -> tuple[list[Ref], Problems]:
    """Return the recordings of a dataset under a data root, each patient in one split, and what is wrong with it."""
    dataset = load_dataset(name)
    rows, problems = checked(dataset, dataset.load(root / name))
    noise = _noise_of_ptbxl(root / name) if name == "ptbxl" else {}
    return [Ref(name, row, _relative(row.path, root), noise.get(row.id)) for row in rows], problems


def labelled(ref: Ref) -> Case:
    """Return what the labels say of a recording; nothing is read."""
    mapped = findings_of(load_dataset(ref.dataset), ref.row)
    row = ref.row
    return Case(
        source=ref.dataset, id=row.id, ecg=ref.ecg, patient=row.patient, split=cast(Split, row.split),
        found=mapped.found, stated=mapped.stated, person=row.person, recorded_at=row.recorded_at,
        statements=(row.machine.text,) if row.machine and row.machine.text else (), report=row.report, noise=ref.noise,
    )  # fmt: skip


def read_case(ref: Ref, measured: bool = True) -> Case:
    """Return the case of a recording, with what is measured on it. Raises EcgError when it cannot be read."""
    dataset = load_dataset(ref.dataset)
    ecg = dataset.ecg(ref.row)
    case = replace(labelled(ref), person=ecg.person)
    if not measured:
        return case
    try:
        found = measure(ecg)
    except EcgError:  # too short or too slow: what its labels say can still be asked
        return case
    return replace(case, measured=_timing(found) if ref.dataset in UNSURE_MV else found)


def _timing(measured: Measurements) -> Measurements:
    """Return measurements without voltages and what follows from them."""
    figures = {name: value for name, value in measured.figures.items() if not name.startswith("axis_deg")}
    return replace(measured, figures=figures, amplitudes_mv={})


def _noise_of_ptbxl(folder: Path) -> dict[str, Noise]:
    """Return id -> noise; left out where a table says that there is some and not in which leads."""
    found: dict[str, Noise] = {}
    for record in qa_records_ptbxl(folder):
        if record.noise is not None and None not in record.noise.values():
            found[record.id] = {kind: tuple(sorted(leads or ())) for kind, leads in record.noise.items()}
    return found


def _relative(path: Path, root: Path) -> str:
    """Return a path as a sample states it: relative to the data root, without the ending of a header."""
    bare = path.with_suffix("") if path.suffix == ".hea" else path
    return bare.relative_to(root).as_posix() if bare.is_relative_to(root) else bare.as_posix()
