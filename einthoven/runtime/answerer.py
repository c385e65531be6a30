"""Samples in, answers out: one ECG is read once, its questions share a pass, probabilities are calibrated."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from einthoven.core.ecg import Ecg
from einthoven.core.sample import Answer, Sample
from einthoven.runtime.arrays import tower_input
from einthoven.runtime.calibration import Calibration
from einthoven.runtime.prompt import FileTokenizer, prompts
from einthoven.runtime.protocols import Asked, Backend, Embedding

MAX_TEXT_TOKENS = 24
SAMPLES_PER_CHUNK = 32
LEAST_SECONDS = 2.0
YES_NO = {"yes", "no"}
Reader = Callable[[str], Ecg]


@dataclass(frozen=True, eq=False)
class Seen:
    """What is kept of an ECG that was read: its embedding, and why it cannot be judged, if it cannot."""

    embedding: Embedding
    unfit: str | None


@dataclass(eq=False)
class Answerer:
    """A model that answers. `read` turns the text in `Sample.ecgs` into an Ecg; `ecgs_trained`: how many it knows."""

    backend: Backend
    tokenizer: FileTokenizer
    calibration: Calibration
    name: str
    read: Reader
    ecgs_trained: int = 1
    _seen: dict[str, Seen] = field(default_factory=dict)
    _read_now: dict[str, Ecg] = field(default_factory=dict)

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Answer samples in order. Raises EcgError at the first chunk that holds an ECG or question it cannot take."""
        source = iter(samples)
        while chunk := list(islice(source, SAMPLES_PER_CHUNK)):
            yield from self._answer(chunk)

    def _answer(self, chunk: list[Sample]) -> list[Answer]:
        started = time.perf_counter()
        self._look({path for sample in chunk for path in sample.ecgs})
        asked: list[list[Asked]] = []
        for sample in chunk:
            ecgs = tuple(self._seen[path].embedding for path in sample.ecgs)
            made = prompts(sample, self.backend.tokens_per_ecg, self.tokenizer)
            asked.append([Asked(prompt, ecgs) for prompt in made])
        choosing = [one for of_sample in asked for one in of_sample if one.prompt.options]
        scores = iter(self.backend.score(choosing))
        free = [of_sample[0] for of_sample in asked if not of_sample[0].prompt.options]
        texts = iter(self.backend.say(free, MAX_TEXT_TOKENS) if free else [])
        drafts: list[tuple[Sample, str | tuple[str, ...], dict[str, float] | None, float]] = []
        for sample, of_sample in zip(chunk, asked, strict=True):
            if not of_sample[0].prompt.options:
                said = next(texts)
                drafts.append((sample, said.text, None, self.calibration.text(said.mean_log_probability)))
            else:
                drafts.append((sample, *self._choose(sample, [next(scores) for _ in of_sample])))
        each_s = (time.perf_counter() - started) / len(chunk)
        return [self._finish(*draft, each_s) for draft in drafts]

    def look(self, path: str) -> None:
        """Read an ECG and keep it for the coming answers. Raises EcgError when it cannot be read."""
        if path not in self._read_now and path not in self._seen:
            self._read_now[path] = self.read(path)

    def _look(self, paths: set[str]) -> None:
        """Encode what was not seen in the last chunk; forget what is not asked about."""
        self._seen = {path: seen for path, seen in self._seen.items() if path in paths}
        new = sorted(paths - set(self._seen))
        for path in new:
            self.look(path)
        ecgs = [self._read_now[path] for path in new]
        self._read_now.clear()
        if new:
            embeddings = self.backend.encode([tower_input(ecg) for ecg in ecgs])
            for path, ecg, embedding in zip(new, ecgs, embeddings, strict=True):
                self._seen[path] = Seen(embedding, unfit(ecg))

    def _choose(
        self, sample: Sample, scores: list[list[float]]
    ) -> tuple[str | tuple[str, ...], dict[str, float], float]:
        options = sample.options or ()
        if sample.pick == "any":
            yes = [self.calibration.probabilities(row, yes_no=True)[0] for row in scores]
            table = dict(zip(options, yes, strict=True))
            confidence = 1.0
            for p in yes:
                confidence *= max(p, 1 - p)
            return tuple(option for option, p in table.items() if p >= 0.5), table, confidence
        yes_no = {option.strip().lower() for option in options} == YES_NO
        table = dict(zip(options, self.calibration.probabilities(scores[0], yes_no), strict=True))
        best = max(table, key=lambda option: table[option])
        return best, table, table[best]

    def _finish(
        self,
        sample: Sample,
        answer: str | tuple[str, ...],
        options: dict[str, float] | None,
        confidence: float,
        seconds: float,
    ) -> Answer:
        reason = self._why_not(sample)
        return Answer(
            id=sample.id,
            answer=None if reason else answer,
            options=options,
            confidence=None if reason else confidence,
            abstained=reason is not None,
            reason=reason,
            model=self.name,
            seconds=round(seconds, 4),
        )

    def _why_not(self, sample: Sample) -> str | None:
        if len(sample.ecgs) > self.ecgs_trained:
            return f"this model was not trained on {len(sample.ecgs)} ECGs at once"
        return next((why for path in sample.ecgs if (why := self._seen[path].unfit)), None)


def unfit(ecg: Ecg) -> str | None:
    """Return why nothing should be said about this ECG, or None."""
    _, mask = ecg.twelve()
    if not mask.any():
        return f"none of the twelve standard leads is readable (found {', '.join(ecg.leads)})"
    if ecg.seconds < LEAST_SECONDS:
        return f"the recording is {ecg.seconds:.1f} s long; at least {LEAST_SECONDS:g} s are needed"
    wrong = next((fault for fault in ecg.faults if fault.kind == "implausible amplitude"), None)
    return f"the amplitude is implausible, {wrong}" if wrong else None
