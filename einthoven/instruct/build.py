"""`einthoven build`: a recipe, a data root and an order in; shards of samples and a manifest out, resumable."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from einthoven.core.errors import InputError, JobError
from einthoven.core.jobs import FileWork, Job, run_files
from einthoven.core.sample import Sample
from einthoven.instruct.archive import Ref, archives_in, labelled, refs_in
from einthoven.instruct.balance import Offer, choose
from einthoven.instruct.case import Case
from einthoven.instruct.ecgqa.attributes import qa_records_ptbxl
from einthoven.instruct.ecgqa.features import PROVENANCE
from einthoven.instruct.ecgqa.lines import EcgQaWork
from einthoven.instruct.ecgqa.official import read_official
from einthoven.instruct.ecgqa.parity import parity
from einthoven.instruct.exclude import SIMULATED
from einthoven.instruct.manifest import lines_of, manifest_of, read_manifest, write_manifest
from einthoven.instruct.order import OF_A_PAIR, OF_ONE, SPLITS, Order, made_shards, wants_of
from einthoven.instruct.published import PUBLISHED, TOTAL, Cell, mix, planned
from einthoven.instruct.shard import SINGLES, SUFFIXES, Answers, Shard, ShardWork, is_single, singles

FINDINGS_A_RECORDING = 12
DEBIASED = (SINGLES,)


@dataclass(frozen=True)
class Plan:
    """What a recipe makes of an order: its shards, what it planned of each source and cell, and what it has to say."""

    shards: tuple[Shard, ...]
    planned: Mapping[str, Mapping[Cell, float]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)


Recipe = Callable[[Path, Order], Plan]


def ecginstruct(root: Path, order: Order) -> Plan:
    """Plan a set in the published proportions from the archives that are there, simulated recordings for the rest."""
    samples = order.samples or TOTAL
    refs, notes, problems = _refs(root, order)
    wanted = planned(samples)
    findings, report = _findings(refs, order)
    shards: list[Shard] = []
    expected = 0.0
    for name in sorted({ref.dataset for ref in refs}):
        mine = [ref for ref in refs if ref.dataset == name]
        share = sum(wanted[name].values()) / len(mine) if name in PUBLISHED else OF_ONE
        many = min(OF_ONE, share)
        if many < share:
            notes.append(
                f"{name}: {share:.1f} questions a recording are planned, {OF_ONE} and its comparisons are asked"
            )
        shares = mix([name]) if name in PUBLISHED else mix(["ptbxl"])
        shards += [Shard(split, tuple(wants), shares) for split, wants in wants_of(mine, many, findings, order.seed)]
        expected += len(mine) * (many + (0 if order.held_out.pairs else 2 * OF_A_PAIR))
    absent = [name for name in PUBLISHED if name not in {ref.dataset for ref in refs}]
    notes += [f"{name}: not here; {sum(wanted[name].values()):.0f} samples are planned from it" for name in absent]
    rest = round(samples - expected)
    if rest > 0 and SIMULATED not in order.held_out.sources:
        notes.append(f"simulated recordings stand in for about {rest} samples that the archives here do not give")
        shards += made_shards(rest, mix(absent or list(PUBLISHED)), order.seed)
    return Plan(tuple(shards), wanted, tuple(notes), {"archives": problems, "balance": report})


def debiased(root: Path, order: Order) -> Plan:
    """Plan yes/no questions about single findings, sampled as ordered, so that what they show can be compared."""
    refs, notes, problems = _refs(root, order)
    findings, report = _findings(refs, order)
    shards = [
        Shard(
            split,
            tuple(replace(want, many=FINDINGS_A_RECORDING, pairs=()) for want in wants),
            {},
            DEBIASED,
            measured=False,
            only_single=True,
        )
        for split, wants in wants_of(refs, FINDINGS_A_RECORDING, findings, order.seed)
    ]
    return Plan(tuple(shards), {}, tuple(notes), {"archives": problems, "balance": report})


def ecgqa(root: Path, order: Order, cache: Path, workers: int) -> tuple[EcgQaWork, list[Job], Plan]:
    """Plan a set by the published rule of ECG-QA from PTB-XL; numeric features are measured, once."""
    if "ptbxl" in order.held_out.sources:
        raise InputError("ECG-QA is made of ptbxl, which is among the sources that are excluded")
    records = tuple(qa_records_ptbxl(root / "ptbxl", cache, workers))
    splits = [split for split in SPLITS if any(record.split == split for record in records)]
    official = root / "ecgqa"
    notes = [f"numeric features: {PROVENANCE}"]
    if not official.is_dir():
        notes.append("ecgqa: no official files here to compare with")
    jobs = [Job(f"{split}-00000", split) for split in splits]
    return EcgQaWork(records, order.seed, order.held_out), jobs, Plan((), {}, tuple(notes))


SHARDED: dict[str, Recipe] = {"ecginstruct": ecginstruct, "debiased": debiased}
RECIPES = (*SHARDED, "ecgqa")


def build(recipe: str, root: Path, out: Path, order: Order, workers: int = 1) -> dict[str, Any]:
    """Build a set and return its manifest. A second run makes what is missing and nothing else; the bytes are the same.

    Raises InputError and JobError before any work.
    """
    if recipe not in RECIPES:
        raise InputError(f"recipe {recipe!r} is not known; there are {', '.join(RECIPES)}")
    asked = {"recipe": recipe, **asdict(order), "exclude": order.exclude and order.exclude.to_json()}
    _refuse_other(out, asked)
    archives_in(root)
    work: FileWork
    if recipe == "ecgqa":
        work, jobs, plan = ecgqa(root, order, out / "measured", workers)
    else:
        plan = SHARDED[recipe](root, order)
        work = ShardWork(order.seed, order.page, order.adversarial, order.held_out)
        jobs = list(_jobs(plan.shards))
    if not jobs:
        raise InputError(f"{root}: nothing can be asked of what is there")
    write_manifest(out, {"asked": asked, "complete": False})  # so that another order does not mix with this one
    tally = run_files(jobs, work, out, suffixes=SUFFIXES, workers=workers, label="build")
    if tally.failed:
        raise JobError(f"{out}: {tally.failed} shards failed; see errors.json there, and run the command again")
    shards = [job.id for job in jobs]
    if recipe == "ecgqa":
        plan = replace(plan, report=_compared(root / "ecgqa", out, shards))
    manifest = manifest_of(out, shards, asked, plan)
    write_manifest(out, manifest)
    return manifest


def _compared(official: Path, out: Path, shards: Sequence[str]) -> dict[str, Any]:
    """Return what the rule says of a set of ECG-QA, and how it compares with official files, if there are any."""
    ours = [Sample.from_json(line) for line in lines_of(out, shards)]
    counts = Counter(str(sample.about["template"]).partition(":")[2] for sample in ours)
    short = [str(number) for number in range(1, 71) if not counts[str(number)]]
    report: dict[str, Any] = {"templates": dict(sorted(counts.items(), key=lambda item: int(item[0]))), "short": short}
    if official.is_dir():
        report["parity"] = parity((_as_qa(sample) for sample in ours), read_official(official))
    return report


def _as_qa(sample: Sample) -> Sample:
    """Return a line as ECG-QA has it: the number of its template, an answer that is a set."""
    number = int(str(sample.about["template"]).partition(":")[2])
    answer = sample.answer if isinstance(sample.answer, tuple) else (str(sample.answer),)
    return replace(sample, answer=answer, about={**sample.about, "template": number})


def _jobs(shards: Sequence[Shard]) -> Iterator[Job]:
    numbers: dict[str, int] = {}
    for shard in shards:
        number = numbers.get(shard.split, 0)
        numbers[shard.split] = number + 1
        yield Job(f"{shard.split}-{number:05d}", shard)


def _refs(root: Path, order: Order) -> tuple[list[Ref], list[str], dict[str, list[str]]]:
    """Return all recordings under a data root, notes, and what is wrong with each archive."""
    refs: list[Ref] = []
    problems: dict[str, list[str]] = {}
    notes: list[str] = []
    for name in archives_in(root):
        if name in order.held_out.sources:
            notes.append(f"{name}: held out")
            continue
        try:
            found, wrong = refs_in(root, name)
        except InputError as error:
            notes.append(f"{name}: left out: {error}")
            continue
        refs += found
        problems[name] = list(wrong.lines)
    if not refs:
        raise InputError(f"{root}: no recording can be read; {'; '.join(notes)}")
    return refs, notes, problems


def _findings(refs: Sequence[Ref], order: Order) -> tuple[Mapping[str, Answers], dict[str, Any]]:
    """Return which single findings each recording is asked for, split by split, and what it took to balance them."""
    asked: dict[str, dict[str, bool]] = {}
    report: dict[str, Any] = {}
    for split in SPLITS:
        offers = [_offer(ref.id, labelled(ref), order) for ref in refs if ref.row.split == split]
        if offers:
            chosen = choose(
                offers, order.sampling, seed=order.seed, per_case=FINDINGS_A_RECORDING, placebo=order.placebo
            )
            report[split] = chosen.to_json()
            for one in chosen.candidates:
                asked.setdefault(one.case, {})[one.about] = one.yes
    return dict(asked), report


def _offer(id: str, case: Case, order: Order) -> Offer:
    """Return what can be asked of a recording, one finding at a time: what the family of these questions would ask."""
    answers = {}
    for asked in () if SINGLES in order.held_out.families else singles(case, order.seed):
        if asked.about is not None and is_single(asked) and not order.held_out.forbids(asked):
            answers[asked.about] = asked.answer == "yes"
    there = frozenset(code for code, yes in answers.items() if yes)
    return Offer(id, f"{case.source}:{case.patient}", there, frozenset(answers) - there, case.codes)


def _refuse_other(out: Path, asked: Mapping[str, Any]) -> None:
    before = read_manifest(out)
    differ = [] if before is None else [name for name, value in asked.items() if before["asked"].get(name) != value]
    if differ:
        raise JobError(f"{out}: holds a set built with another {', '.join(differ)}; choose another output folder")
