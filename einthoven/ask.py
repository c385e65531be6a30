"""The one entry that all faces share: an ECG and a question in, an answer with its probability out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import cast

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, ModelError
from einthoven.core.page import Page
from einthoven.core.sample import Answer, Pick, Sample, ask_sample
from einthoven.runtime.answerer import SAMPLES_PER_CHUNK, Answerer
from einthoven.runtime.beside import beside, figures_of

DEFAULT = Path(__file__).parent / "weights" / "default"
EcgLike = Ecg | Page | str | Path
NO_PICTURES = "is a picture, and this model reads signals only; give the recording itself (WFDB, CSV, NPY, MAT)"
MODELS_KEPT = 4  # in memory at once


@dataclass(frozen=True, eq=False)
class Model:
    """A loaded model. Call it with samples whose `ecgs` are paths; it keeps nothing between calls."""

    answerer: Answerer

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        """Answer samples, in order. Raises EcgError at the first chunk with an ECG or question it cannot take."""
        source = iter(samples)
        while chunk := list(islice(source, SAMPLES_PER_CHUNK)):
            yield from self.answerer(chunk, {path: read_ecg(path) for sample in chunk for path in sample.ecgs})


def read_ecg(path: str | Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read an ECG for asking. Raises InputError, for a picture too."""
    from einthoven.records.read import is_picture, read

    if is_picture(path):
        raise InputError(f"{path}: {NO_PICTURES}")
    return read(path, rate_hz, unit)


def load_model(name: str = "default") -> Model:
    """Return the model of this name: `default` or a folder; loaded once. Raises ModelError."""
    if name == "default" and not DEFAULT.is_dir():
        raise ModelError(f"{DEFAULT}: not there, so this copy has no default model; train one and give its folder")
    folder = DEFAULT if name == "default" else Path(name)
    if not folder.is_dir():
        raise ModelError(
            f"{name}: no such folder; a model is 'default' or a folder that `einthoven train` made"
            " (hub ids and openai: addresses are not read yet)"
        )
    try:
        return _loaded(folder.resolve())
    except ImportError as error:
        raise ModelError(f"asking needs {error.name}; install it with: pip install 'einthoven[train]'") from error


@lru_cache(maxsize=MODELS_KEPT)
def _loaded(folder: Path) -> Model:
    from einthoven.model.loading import model_hash, read_config
    from einthoven.runtime.calibration import read_calibration
    from einthoven.runtime.prompt import default_tokenizer
    from einthoven.runtime.torch_backend import load

    name = f"{folder.name}@{model_hash(folder)}"
    calibration, trained = read_calibration(folder), read_config(folder).ecgs_trained
    return Model(Answerer(load(folder), default_tokenizer(), calibration, name, trained))


def ask(
    ecg: EcgLike | Sequence[EcgLike],
    question: str,
    options: Sequence[str] | None = None,
    pick: Pick = "one",
    model: str = "default",
) -> Answer:
    """Ask one question about an ECG, or about a previous and a recent one.

    ecg: an Ecg or the path of a record, or a pair of them; its first ten seconds are read. options: the allowed
    answers; without them the answer is free text. pick: "one", or "any" for a probability of each option. The
    answer's `reason` says why it abstained, or what to know about the ECG (most of it not read, few leads, limb leads
    that disagree). An answer about one ECG has the figures measured on those seconds beside it, and
    says which of the figures that it states contradict them. Research use only.
    Raises EcgError: what cannot be read, an empty question, options that are doubled, a model that is not there.
    """
    given = cast(list[EcgLike], list(ecg) if isinstance(ecg, list | tuple) else [ecg])
    names = tuple(f"ecg {number}" for number in range(1, len(given) + 1))
    sample = ask_sample(question, names, tuple(options) if options is not None else None, pick, "ask")
    ecgs = dict(zip(names, map(_as_ecg, given), strict=True))
    answer = load_model(model).answerer([sample], ecgs)[0]
    return beside(answer, question, figures_of(ecgs[names[0]]) if len(names) == 1 else None)


def _as_ecg(one: EcgLike) -> Ecg:
    if isinstance(one, Page):
        raise InputError(f"{one.source or 'this page'}: {NO_PICTURES}")
    return one if isinstance(one, Ecg) else read_ecg(one)
