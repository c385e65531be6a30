"""A set in the manner of ECG-QA as lines of an instruction file: a shard a split, with category, patient, severity."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from einthoven.core.findings import FINDINGS
from einthoven.core.jobs import Job
from einthoven.core.sample import Part, Sample, Turn
from einthoven.instruct.ecgqa.attributes import QaRecord
from einthoven.instruct.ecgqa.generate import generate
from einthoven.instruct.exclude import NOTHING, Exclusions
from einthoven.instruct.severity import severity_of

RHYTHM_TEMPLATES = (7, 10, 16)
CATEGORIES = {"noise": "feature", "numeric_feature": "feature", "heart_axis": "feature", "extra_systole": "rhythm"}
FOLDER = "ptbxl"  # under the data root: paths of samples begin with it


@dataclass(frozen=True)
class EcgQaWork:
    """The work on one split: job.payload is its name; records: of all splits; exclude: what no line may teach."""

    records: tuple[QaRecord, ...]
    seed: int
    exclude: Exclusions = NOTHING

    def __call__(self, job: Job) -> dict[str, bytes]:
        """Return the lines of a split and their index."""
        lines = [orjson.dumps(sample.to_json()) for sample in self.samples(job.payload)]
        data = b"".join(line + b"\n" for line in lines)
        index = {"samples": len(lines), "sha256": hashlib.sha256(data).hexdigest(), "left_out": []}
        return {f"{job.id}.jsonl": data, f"{job.id}.json": orjson.dumps(index)}

    def samples(self, split: str) -> Iterator[Sample]:
        """Yield the samples of a split as lines have them."""
        severity = {
            record.id: severity_of([code for code in record.scp if code in FINDINGS]) for record in self.records
        }
        for sample in generate(self.records, split, self.seed):  # type: ignore[arg-type]  # a split by its name
            kept = self.exclude.kept(as_line(sample, severity))
            if kept is not None:
                yield kept


def as_line(sample: Sample, severity: Mapping[str, int]) -> Sample:
    """Return a sample with its answer said, paths below the data root, and what every line tells of itself."""
    told: dict[str, Any] = dict(sample.about)
    patients, records = list(dict.fromkeys(told.pop("patients"))), told.pop("records")
    s = severity[records[-1]]
    about = {
        **told,
        "source": "ptbxl",
        "patient": patients[0] if len(patients) == 1 else patients,
        "category": category_of(told["template"], told["attribute_type"]),
        "template": f"ecgqa:{told['template']}",
        "severity": {"s": s, "s_without": s},
        "key": f"ecgqa:{told['template']}",
        "about": None,
    }
    answer = sample.answer
    said = ", ".join(answer) or "none" if isinstance(answer, tuple) else str(answer)
    turns = (*sample.turns, Turn("assistant", (Part(text=said),)))
    ecgs = tuple(f"{FOLDER}/{path}" for path in sample.ecgs)
    if sample.pick == "one" and isinstance(answer, tuple):
        answer = answer[0]
    return replace(sample, ecgs=ecgs, turns=turns, answer=answer, about=about)


def category_of(template: int, attribute_type: str) -> str:
    """Return ECGInstruct's category of a template."""
    if template in RHYTHM_TEMPLATES:
        return "rhythm"
    return CATEGORIES.get(attribute_type, "morphology")
