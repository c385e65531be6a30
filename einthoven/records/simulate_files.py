"""Simulated ECGs as files: WFDB records, each with its truth as JSON beside it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from einthoven.core.errors import InputError
from einthoven.core.jobs import Job, Tally, run_files
from einthoven.records.simulate import simulate
from einthoven.records.simulate_findings import parse
from einthoven.records.write import write_wfdb

SUFFIXES = (".dat", ".hea", ".json")
MAX_COUNT = 10_000_000
DEFAULT_SECONDS, DEFAULT_RATE_HZ = 10.0, 500.0


@dataclass(frozen=True)
class Order:
    """What every ECG of a batch has in common; a job adds its seed."""

    findings: tuple[str, ...]
    quality: str
    seconds: float
    rate_hz: float

    def __call__(self, job: Job) -> dict[str, bytes]:
        """Return the files of one ECG."""
        made = simulate(
            self.findings, seed=job.payload, seconds=self.seconds, rate_hz=self.rate_hz, recording=self.quality
        )
        truth = {"record": job.id, "rate_hz": self.rate_hz, "seconds": self.seconds, **made.truth.to_json()}
        with TemporaryDirectory() as folder:
            write_wfdb(made.ecg, folder, job.id)
            signal = {suffix: (Path(folder) / f"{job.id}{suffix}").read_bytes() for suffix in (".dat", ".hea")}
        text = json.dumps(truth, ensure_ascii=False, allow_nan=False)
        return {f"{job.id}{suffix}": data for suffix, data in signal.items()} | {f"{job.id}.json": text.encode()}


def simulate_files(order: Order, out: Path, *, count: int = 1, seed: int = 0, workers: int = 1) -> Tally:
    """Write `count` ECGs with the seeds seed, seed + 1, ..; each is there whole or not at all, and is not made twice.

    Names are FINDINGS-SEED, with quality, length and rate where they are not the usual ones. The bytes do not depend
    on the number of workers. Raises InputError before any work.
    """
    if not 1 <= count <= MAX_COUNT:
        raise InputError(f"--count {count}: make 1 to {MAX_COUNT} ECGs")
    if seed < 0:
        raise InputError(f"--seed {seed}: a seed is 0 or more")
    parse(order.findings)
    order(Job("trial", seed))  # what is wrong for all of them is said once, before anything is made
    stem = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(order.findings or ("NORM",))).strip("-")
    more = "" if order.quality == "typical" else f"-{order.quality}"
    more += "" if order.seconds == DEFAULT_SECONDS else f"-{order.seconds:g}s"
    more += "" if order.rate_hz == DEFAULT_RATE_HZ else f"-{order.rate_hz:g}Hz"
    jobs = [Job(f"{stem}{more}-{one:06d}", one) for one in range(seed, seed + count)]
    return run_files(jobs, order, out, suffixes=SUFFIXES, workers=workers, label="simulate")


def split_findings(text: str) -> tuple[str, ...]:
    """Split "AFIB, IMI:acute" at its commas; empty text gives none."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
