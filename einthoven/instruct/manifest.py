"""The manifest of a set: what it holds, its files and hashes, what was planned and is short, what confounds it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from einthoven.core.atomic import atomic_write
from einthoven.core.errors import JobError
from einthoven.core.seen import patient_key
from einthoven.instruct.balance import Candidate
from einthoven.instruct.information import informations
from einthoven.instruct.probe import text_only
from einthoven.instruct.severity import Severity

if TYPE_CHECKING:
    from einthoven.instruct.build import Plan

YES_NO = ["yes", "no"]
MADE = "simulator"
NAME = "manifest.json"
NOTICE = "Research use only; not for diagnosis."
SHORT = 0.95  # of what was planned: less is told as short
MOST_PROBED = 50_000  # questions: more change nothing but the time
MOST_TOLD = 1000  # of what was left out


def read_manifest(out: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, None where there is none. Raises JobError when it is something else."""
    path = out / NAME
    if not path.is_file():
        return None
    try:
        manifest = orjson.loads(path.read_bytes())
        return manifest if isinstance(manifest["asked"], dict) else _foreign(path)
    except (ValueError, KeyError, TypeError):
        return _foreign(path)


def _foreign(path: Path) -> dict[str, Any]:
    raise JobError(f"{path}: is not the manifest of a set; choose another output folder")


def write_manifest(out: Path, manifest: Mapping[str, Any]) -> None:
    """Write a manifest, whole or not at all."""
    out.mkdir(parents=True, exist_ok=True)
    atomic_write(out / NAME, orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n")


def manifest_of(out: Path, shards: Sequence[str], asked: Mapping[str, Any], plan: "Plan") -> dict[str, Any]:
    """Return the manifest of finished shards; every line is read once more, so that it says what is really there."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("split", "source", "category", "type", "template")}
    cells: Counter[tuple[str, str, str]] = Counter()
    keys: dict[str, set[str]] = {}
    asked_singly: list[Candidate] = []
    questions: list[str] = []
    for sample in lines_of(out, shards):
        for name, counter in counts.items():
            counter[str(sample.get(name))] += 1
        cells[sample["source"], sample["category"], sample["type"]] += 1
        if sample["key"] == f"finding:{sample['about']}" and sample["options"] == YES_NO and sample["source"] != MADE:
            asked_singly.append(_candidate(sample))
            questions.append(_question(sample))
        patients = sample["patient"] if isinstance(sample["patient"], list) else [sample["patient"]]
        keys.setdefault(sample["split"], set()).update(patient_key(sample["source"], one) for one in patients)
    files, left_out = {}, []
    for shard in shards:
        index = orjson.loads((out / f"{shard}.json").read_bytes())
        files[f"{shard}.jsonl"] = {"samples": index["samples"], "sha256": index["sha256"]}
        left_out += index["left_out"]
    return {
        "asked": dict(asked),
        "complete": True,
        "notice": NOTICE,
        "samples": sum(counts["split"].values()),
        "counts": {name: dict(sorted(counter.items())) for name, counter in counts.items()},
        "cells": _cells(cells, plan),
        "notes": list(plan.notes),
        "left_out": left_out[:MOST_TOLD],
        "left_out_count": len(left_out),
        "confounding": confounding_of(asked_singly, questions),
        **plan.report,
        "files": files,
        "patients": {split: sorted(found) for split, found in sorted(keys.items())},
    }


def confounding_of(asked: Sequence[Candidate], questions: Sequence[str]) -> dict[str, Any]:
    """Return, of yes/no questions about single findings of archives, what severity and text alone tell, and chance."""
    told: dict[str, Any] = {name: asdict(one) for name, one in informations(asked).items()}
    probed = text_only(questions[:MOST_PROBED], [one.yes for one in asked[:MOST_PROBED]],
                       [one.patient for one in asked[:MOST_PROBED]])  # fmt: skip
    return told | {"text_only": None if probed is None else probed.to_json()}


def _question(sample: Mapping[str, Any]) -> str:
    turn = next(turn for turn in reversed(sample["turns"]) if turn["role"] == "user")
    return "\n".join(part["text"] for part in turn["parts"] if "text" in part)


def _candidate(sample: Mapping[str, Any]) -> Candidate:
    severity = Severity(sample["severity"]["s"], sample["severity"]["s_without"])
    patient = f"{sample['source']}:{sample['patient']}"
    return Candidate(sample["ecgs"][-1], patient, sample["about"], sample["answer"] == "yes", severity)


def lines_of(out: Path, shards: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the samples of shards as they stand in their files."""
    for shard in shards:
        with (out / f"{shard}.jsonl").open("rb") as file:
            for line in file:
                yield orjson.loads(line)


def _cells(made: Mapping[tuple[str, str, str], int], plan: "Plan") -> list[dict[str, Any]]:
    """Return source, category and type with what was planned and made; `short` where it is less than planned."""
    planned = {(source, *cell): count for source, cells in plan.planned.items() for cell, count in cells.items()}
    rows = []
    for place in sorted({*planned, *made}):
        wanted, got = round(planned.get(place, 0)), made.get(place, 0)
        row = {"source": place[0], "category": place[1], "type": place[2], "planned": wanted, "made": got}
        rows.append(row | ({"short": wanted - got} if got < SHORT * wanted else {}))
    return rows
