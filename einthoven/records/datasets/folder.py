"""Sets that are folders of WFDB records whose headers tell all: the CinC Challenge sets, CODE-15% and PTB.

Header comments: Age, Sex, Dx (codes, separated by commas), Text (readable), Date; any may be absent.
Sources: Perez Alday et al., Physiological Measurement 2020 and Reyna et al., CinC 2021 (cpsc2018, cpsc_extra, georgia,
chapman_ningbo); Ribeiro et al., CODE-15% (Zenodo 4916206); Bousseljot et al., Biomedizinische Technik 1995 (ptbdb).
"""

from dataclasses import dataclass, replace
from pathlib import Path

from einthoven.core.ecg import Ecg, Fault
from einthoven.core.errors import InputError
from einthoven.records.datasets import Row, Rows
from einthoven.records.formats.comments import person_of, recorded_at_of
from einthoven.records.formats.wfdb_files import load_header
from einthoven.records.read import read
from einthoven.records.splits import split_of


@dataclass(frozen=True)
class WfdbFolder:
    """A folder of records. `patient_end`: what ends the patient key in a record's name, "" when each is a patient.

    `doubt` is said as a fault of every recording of the set.
    """

    name: str
    patient_end: str = ""
    doubt: str = ""
    timing_only: bool = False

    def load(self, root: Path) -> Rows:
        """Return a row for each header below `root`, by name; splits by patient, as none is published."""
        headers = sorted(Path(root).rglob("*.hea"))
        if not headers:
            raise InputError(f"{root}: holds no WFDB header (.hea); give the folder of {self.name}")
        return Rows(tuple(self._row(path) for path in headers))

    def ecg(self, row: Row) -> Ecg:
        ecg = read(row.path)
        doubt = (Fault("all", "implausible amplitude", self.doubt),) if self.doubt else ()
        return replace(ecg, person=row.person, recorded_at=row.recorded_at, faults=ecg.faults + doubt)

    def _row(self, path: Path) -> Row:
        header = load_header(path)
        said = dict(line.split(":", 1) for line in header.comments if ":" in line)
        patient = path.stem.split(self.patient_end)[0] if self.patient_end else path.stem
        codes = [code.strip() for code in said.get("Dx", "").split(",")]
        return Row(
            id=path.stem,
            path=path,
            patient=patient,
            person=replace(person_of(header.comments), key=patient),
            recorded_at=header.recorded_at or recorded_at_of(header.comments),
            split=split_of(patient, self.name),
            labels=dict.fromkeys(filter(None, codes)),
            report=said.get("Text", "").strip(),
        )


PTBDB = WfdbFolder("ptbdb", patient_end="_")
CODE15 = WfdbFolder("code15", doubt="amplitudes of this set are 1.4 to 1.9 times those of others; its unit is in doubt")
CPSC2018 = WfdbFolder("cpsc2018")
CPSC_EXTRA = WfdbFolder("cpsc_extra")
GEORGIA = WfdbFolder("georgia")
CHAPMAN_NINGBO = WfdbFolder("chapman_ningbo")
