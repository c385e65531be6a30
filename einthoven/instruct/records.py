"""The simulated recordings of a set as files, for who shows its lines to a model: made again as they were ordered."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from einthoven.core.jobs import Job, run_files
from einthoven.instruct.build import SHARDED
from einthoven.instruct.order import Order
from einthoven.instruct.shard import Made
from einthoven.records.simulate import simulate
from einthoven.records.write import write_wfdb

FOLDER, SUFFIXES = "simulated", (".dat", ".hea")


@dataclass(frozen=True)
class RecordWork:
    """The work on one recording; job.payload is what it is made of."""

    def __call__(self, job: Job) -> dict[str, bytes]:
        """Return the files of a WFDB record."""
        made: Made = job.payload
        ecg = simulate(made.findings, seed=made.seed, recording=made.quality).ecg
        with TemporaryDirectory() as folder:
            write_wfdb(ecg, folder, job.id)
            return {f"{job.id}{suffix}": (Path(folder) / f"{job.id}{suffix}").read_bytes() for suffix in SUFFIXES}


def write_records(recipe: str, root: Path, out: Path, order: Order, workers: int = 1) -> int:
    """Write the simulated recordings of a set to `out/simulated`, each whole or absent; return how many there are."""
    if recipe not in SHARDED:
        return 0
    wants = [want.of for shard in SHARDED[recipe](root, order).shards for want in shard.wants]
    jobs = [Job(made.id, made) for made in wants if isinstance(made, Made)]
    if jobs:
        run_files(jobs, RecordWork(), out / FOLDER, suffixes=SUFFIXES, workers=workers, label="simulated recordings")
    return len(jobs)
