"""One shard of a set: recordings in, lines of samples out; the work that goes to other processes and can be resumed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import orjson

from einthoven.core.errors import EcgError
from einthoven.core.jobs import Job
from einthoven.core.rng import rng
from einthoven.core.sample import Sample
from einthoven.instruct.adversarial import adversarial
from einthoven.instruct.archive import Ref, read_case
from einthoven.instruct.case import Case
from einthoven.instruct.exclude import NOTHING, Exclusions
from einthoven.instruct.families import FAMILIES, load_family
from einthoven.instruct.family import Asked, Asker
from einthoven.instruct.formats import formatted
from einthoven.instruct.portion import portion
from einthoven.instruct.published import Cell
from einthoven.instruct.sampled import sample_of
from einthoven.instruct.severity import severity_of, severity_without
from einthoven.instruct.simulated import case_of
from einthoven.instruct.talk import conversation
from einthoven.instruct.wording import Split
from einthoven.records.simulate import simulate

HARDER = 0.25  # share of questions that are asked once more
FORMATTED, TALKS, IN_A_TALK = (
    0.3,
    0.15,
    5,
)  # share of questions with a format, of recordings with a talk; its candidates
YES_NO = ("yes", "no")
SAME = {"hypertrophy:any": "class:HYP", "conduction:any": "class:CD", "infarction:any": "class:MI"}
OTHER_TASKS = ("reasoning:", "possible:")
SINGLES = "findings"  # the family whose questions about single findings are balanced
NO_PER_YES = 2  # as in ECG-QA
SUFFIXES = (".jsonl", ".json")
Answers = Mapping[str, bool]  # finding code -> whether it is there


@dataclass(frozen=True)
class Made:
    """A recording to be simulated."""

    seed: int
    findings: tuple[str, ...]
    quality: str

    @property
    def id(self) -> str:
        return f"{'-'.join(one.replace('/', '') for one in self.findings) or 'NORM'}-{self.seed:07d}"

    @property
    def ecg(self) -> str:
        return f"simulated/{self.id}"


@dataclass(frozen=True)
class Want:
    """What is to be asked of one recording: how many questions, in which shares, and which findings one by one.

    findings: which single findings are asked with yes or no; None leaves it open. pairs: with which recordings of the
    same shard it is compared, and by which family; per_pair: how many questions each.
    """

    of: Ref | Made
    many: float
    findings: Answers | None = None
    pairs: tuple[tuple[str, int], ...] = ()
    per_pair: int = 3


@dataclass(frozen=True)
class Shard:
    """A part of a set. shares: of each kind of question; families: which are asked; measured: whether
    recordings of archives are measured; only_single: nothing but yes or no about single findings.
    """

    split: Split
    wants: tuple[Want, ...]
    shares: Mapping[Cell, float] = field(default_factory=dict)
    families: tuple[str, ...] = tuple(FAMILIES)
    measured: bool = True
    only_single: bool = False


@dataclass(frozen=True)
class ShardWork:
    """The work on one shard; seed: of the set; page: samples show pages instead of signals.

    adversarial: in valid and test, some questions are asked once more, harder; exclude: what no line may teach.
    """

    seed: int
    page: bool = False
    adversarial: bool = False
    exclude: Exclusions = NOTHING

    def __call__(self, job: Job) -> dict[str, bytes]:
        """Return the lines of a shard, and what was left out of it."""
        shard: Shard = job.payload
        left_out: list[dict[str, str]] = []
        lines = [orjson.dumps(sample.to_json()) for sample in self.samples(shard, left_out)]
        data = b"".join(one + b"\n" for one in lines)
        index = {"samples": len(lines), "sha256": hashlib.sha256(data).hexdigest(), "left_out": left_out}
        return {f"{job.id}.jsonl": data, f"{job.id}.json": orjson.dumps(index)}

    def samples(self, shard: Shard, left_out: list[dict[str, str]]) -> Iterator[Sample]:
        """Yield the samples of a shard; recordings that cannot be read go to `left_out`."""
        cases: list[Case | None] = []
        for want in shard.wants:
            try:
                cases.append(_case(want.of, shard))
            except EcgError as error:
                cases.append(None)
                left_out.append({"id": want.of.id, "error": " ".join(str(error).split())})
        for want, case in zip(shard.wants, cases, strict=True):
            if case is None:
                continue
            yield from self._single(shard, want, case)
            for name, place in () if self.exclude.pairs else want.pairs:
                other = cases[place]
                if other is not None:
                    yield from self._pair(shard, want, name, (other, case))

    def _single(self, shard: Shard, want: Want, case: Case) -> Iterator[Sample]:
        """Yield what is asked about one recording."""
        askeds: list[Asked] = []
        for name in shard.families:
            if name in self.exclude.families:
                continue
            if name == SINGLES:
                askeds += singles(case, self.seed)
            elif not (family := load_family(name)).pairs:
                askeds += family.ask(case, self._asker(shard.split, name, case))
        askeds = [asked for asked in _once(askeds) if not self.exclude.forbids(asked)]
        dice = dice_of(self.seed, "portion", case)
        if want.findings is not None:
            askeds = [asked for asked in askeds if _is_wanted(asked, want.findings, shard.only_single)]
        else:
            askeds = _thinned(askeds, dice)
        chosen = portion(askeds, want.many, shard.shares, dice)
        yield from self._spoken(shard, case, chosen, f"{case.source}-{case.id}")

    def _pair(self, shard: Shard, want: Want, name: str, pair: tuple[Case, Case]) -> Iterator[Sample]:
        """Yield what is asked about two recordings."""
        if name in self.exclude.families:
            return
        asker = self._asker(shard.split, name, *pair)
        askeds = [asked for asked in load_family(name).ask(*pair, asker) if not self.exclude.forbids(asked)]
        chosen = portion(askeds, want.per_pair, {}, dice_of(self.seed, "portion", *pair))
        start = f"{pair[0].source}-{pair[0].id}-{pair[1].id}-{name}"
        for asked in chosen:
            yield sample_of(
                asked, pair, f"{start}-{asked.key}", page=self.page, severity=_severity(pair[1], asked.about)
            )

    def _spoken(self, shard: Shard, case: Case, chosen: list[Asked], start: str) -> Iterator[Sample]:
        """Yield samples: some in formats that are asked for, some as the end of a talk."""
        asker = self._asker(shard.split, "formats", case)
        shown = [formatted(asked, asker) if asker.dice.random() < FORMATTED else asked for asked in chosen]
        if asker.dice.random() < TALKS and (talk := conversation(shown[:IN_A_TALK], asker)) is not None:
            earlier, last = talk
            yield self._sample(case, last, start, earlier)
            shown = [asked for asked in shown if asked is not last and asked.question not in earlier]
        for asked in shown:
            yield self._sample(case, asked, start)
        if self.adversarial and shard.split != "train":
            asker = self._asker(shard.split, "adversarial", case)
            for asked in chosen:
                if asker.dice.random() < HARDER and (harder := adversarial(asked, asker)) is not None:
                    yield self._sample(case, harder, start)

    def _sample(self, case: Case, asked: Asked, start: str, earlier: tuple[str, ...] = ()) -> Sample:
        severity = _severity(case, asked.about)
        return sample_of(asked, case, f"{start}-{asked.key}", earlier=earlier, page=self.page, severity=severity)

    def _asker(self, split: Split, name: str, *cases: Case) -> Asker:
        return Asker(split, dice_of(self.seed, name, *cases))


def dice_of(seed: int, name: str, *cases: Case) -> np.random.Generator:
    return rng("build", name, seed, *(part for case in cases for part in (case.source, case.id)))


def singles(case: Case, seed: int) -> list[Asked]:
    """Return what is asked about findings, from the labels alone: so it is known before a recording is read."""
    asker = Asker(case.split, dice_of(seed, SINGLES, case))
    return list(load_family(SINGLES).ask(replace(case, measured=None), asker))


def _case(of: Ref | Made, shard: Shard) -> Case:
    if isinstance(of, Ref):
        return read_case(of, shard.measured)
    made = simulate(of.findings, seed=of.seed, recording=of.quality)
    case = case_of(made, id=of.id, ecg=of.ecg, split=shard.split)
    return replace(case, patient=f"simulated-{of.seed}")


def _once(askeds: list[Asked]) -> list[Asked]:
    """Return the questions without those that ask, with yes or no, for what another one asks for already.

    To reason about a finding, and whether it is possible, are other questions.
    """
    asked, keys = {one.about for one in askeds if is_single(one)}, {one.key for one in askeds}
    kept = []
    for one in askeds:
        single = one.about in asked and one.options == YES_NO
        other = is_single(one) or one.key.startswith(OTHER_TASKS)
        if (not single or other) and SAME.get(one.key) not in keys:
            kept.append(one)
    return kept


def is_single(asked: Asked) -> bool:
    """Tell whether a question asks, with yes or no, for one finding: those are balanced."""
    return asked.options == YES_NO and asked.key == f"finding:{asked.about}"


def _is_wanted(asked: Asked, findings: Answers, only_single: bool) -> bool:
    """Tell whether a question is none of those that are balanced, or one that the balance asks for."""
    if not is_single(asked) or asked.about is None:
        return not only_single
    return findings.get(asked.about) == (asked.answer == "yes")


def _thinned(askeds: list[Asked], dice: np.random.Generator) -> list[Asked]:
    """Return the questions with at most twice as many single findings that are absent as are there, and one more."""
    single = [place for place, asked in enumerate(askeds) if is_single(asked)]
    absent = [place for place in single if askeds[place].answer == "no"]
    most = NO_PER_YES * (len(single) - len(absent)) + 1
    dropped = {absent[place] for place in dice.permutation(len(absent))[most:].tolist()}
    return [asked for place, asked in enumerate(askeds) if place not in dropped]


def _severity(case: Case, about: str | None) -> dict[str, int]:
    codes = case.codes
    return {"s": severity_of(codes), "s_without": severity_without(codes, about) if about else severity_of(codes)}
