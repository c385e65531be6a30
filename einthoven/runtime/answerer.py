"""Samples in, answers out: questions about one ECG share a pass, probabilities are calibrated, nothing is kept."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from einthoven.core.ecg import Ecg
from einthoven.core.sample import Answer, Sample
from einthoven.runtime.arrays import SECONDS, tower_input
from einthoven.runtime.calibration import Calibration
from einthoven.runtime.prompt import FileTokenizer, prompts
from einthoven.runtime.protocols import Asked, Backend, Said

MAX_TEXT_TOKENS = 24
SAMPLES_PER_CHUNK = 32
LEAST_SECONDS = 2.0
UNREAD_SECONDS = 1.0  # more than this behind the part that is read is told
FEW_LEADS = 8  # with fewer, fewer are there than in nearly all of training
YES_NO = {"yes", "no"}


@dataclass(frozen=True)
class Draft:
    """What the model would say: its answer, the probability of each option (None for free text) and of the answer."""

    answer: str | tuple[str, ...]
    options: dict[str, float] | None
    confidence: float


@dataclass(frozen=True, eq=False)
class Answerer:
    """A model that answers. `name` is what its answers are signed with; `ecgs_trained`: about how many at once."""

    backend: Backend
    tokenizer: FileTokenizer
    calibration: Calibration
    name: str
    ecgs_trained: int = 1

    def __call__(self, samples: Sequence[Sample], ecgs: Mapping[str, Ecg]) -> list[Answer]:
        """Answer samples, in order, in one go; `ecgs` holds the ECG for every text that stands in `Sample.ecgs`.

        Give about SAMPLES_PER_CHUNK at once: all their ECGs are in memory together. Raises QuestionError for a
        question that cannot be put to the model, ModelError when its weights give no probabilities.
        """
        started = time.perf_counter()
        drafts = self._drafts(samples, ecgs)
        seconds = round((time.perf_counter() - started) / max(1, len(samples)), 4)
        return [self._finish(sample, draft, ecgs, seconds) for sample, draft in zip(samples, drafts, strict=True)]

    def _drafts(self, samples: Sequence[Sample], ecgs: Mapping[str, Ecg]) -> list[Draft]:
        made = [prompts(sample, self.backend.tokens_per_ecg, self.tokenizer) for sample in samples]
        paths = sorted({path for sample in samples for path in sample.ecgs})
        inputs = [tower_input(ecgs[path]) for path in paths]
        seen = dict(zip(paths, self.backend.encode(inputs) if inputs else [], strict=True))
        asked = [
            [Asked(prompt, tuple(seen[path] for path in sample.ecgs)) for prompt in of_sample]
            for sample, of_sample in zip(samples, made, strict=True)
        ]
        choosing = [one for of_sample in asked for one in of_sample if one.prompt.options]
        free = [one for of_sample in asked for one in of_sample if not one.prompt.options]
        scores = iter(self.backend.score(choosing) if choosing else [])
        texts = iter(self.backend.say(free, MAX_TEXT_TOKENS) if free else [])
        return [
            self._choose(sample, [next(scores) for _ in of_sample]) if sample.options else self._tell(next(texts))
            for sample, of_sample in zip(samples, asked, strict=True)
        ]

    def _tell(self, said: Said) -> Draft:
        return Draft(said.text, None, self.calibration.text(said.mean_log_probability))

    def _choose(self, sample: Sample, scores: list[list[float]]) -> Draft:
        options = sample.options or ()
        if sample.pick == "any":
            yes = [self.calibration.probabilities(row, yes_no=True)[0] for row in scores]
            table = dict(zip(options, yes, strict=True))
            confidence = 1.0
            for p in yes:
                confidence *= max(p, 1 - p)
            return Draft(tuple(option for option, p in table.items() if p >= 0.5), table, confidence)
        yes_no = {option.strip().lower() for option in options} == YES_NO
        table = dict(zip(options, self.calibration.probabilities(scores[0], yes_no), strict=True))
        best = max(table, key=lambda option: table[option])
        return Draft(best, table, table[best])

    def _finish(self, sample: Sample, draft: Draft, ecgs: Mapping[str, Ecg], seconds: float) -> Answer:
        read = [ecgs[path] for path in sample.ecgs]
        why_not = self._why_not(read)
        return Answer(
            id=sample.id,
            answer=None if why_not else draft.answer,
            options=draft.options,
            confidence=None if why_not else draft.confidence,
            abstained=why_not is not None,
            reason=why_not or "; ".join(dict.fromkeys(said for ecg in read for said in caveats(ecg))) or None,
            model=self.name,
            seconds=seconds,
        )

    def _why_not(self, ecgs: Sequence[Ecg]) -> str | None:
        if len(ecgs) > self.ecgs_trained:
            return f"this model was not trained on {len(ecgs)} ECGs at once"
        return next(filter(None, map(unfit, ecgs)), None)


def unfit(ecg: Ecg) -> str | None:
    """Return why nothing should be said about this ECG, or None."""
    _, mask = ecg.twelve()
    if not mask.any():
        return f"none of the twelve standard leads is readable (found {', '.join(ecg.leads)})"
    if ecg.seconds < LEAST_SECONDS:
        return f"the recording is {ecg.seconds:.1f} s long; at least {LEAST_SECONDS:g} s are needed"
    wrong = next((fault for fault in ecg.faults if fault.kind == "implausible amplitude"), None)
    return f"the amplitude is implausible: {wrong.detail}" if wrong else None


def caveats(ecg: Ecg) -> list[str]:
    """Return what a reader of the answer must know about this ECG although it was answered."""
    _, mask = ecg.twelve()
    said = [f"limb leads disagree: {fault.detail}" for fault in ecg.faults if fault.kind == "limb leads disagree"]
    if ecg.seconds > SECONDS + UNREAD_SECONDS:
        said.append(f"only the first {SECONDS:g} s of {ecg.seconds:.0f} s were read")
    if mask.sum() < FEW_LEADS:
        said.append(f"only {mask.sum()} of the twelve leads could be read")
    return said
