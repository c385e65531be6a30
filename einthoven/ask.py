"""The one entry that all faces share: an ECG and a question in, an answer with its probability out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from einthoven.core.ecg import Ecg
from einthoven.core.errors import InputError, ModelError
from einthoven.core.page import Page
from einthoven.core.sample import Answer, Pick, Sample, ask_sample

DEFAULT = Path(__file__).parent / "weights" / "default"
EcgLike = Ecg | Page | str | Path
NO_PICTURES = "is a picture, and this model reads signals only; give the recording itself (WFDB, CSV, NPY, MAT)"
_models: dict[str, "Model"] = {}


@dataclass(eq=False)
class Model:
    """A loaded model. Call it with samples whose `ecgs` are paths; `given` holds ECGs that are already in memory."""

    folder: Path
    rate_hz: float | None = None
    unit: str | None = None
    given: dict[str, Ecg] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from einthoven.model.loading import model_hash, read_config
        from einthoven.runtime.answerer import Answerer
        from einthoven.runtime.calibration import read_calibration
        from einthoven.runtime.prompt import default_tokenizer
        from einthoven.runtime.torch_backend import load

        name = f"{self.folder.name}@{model_hash(self.folder)}"
        calibration = read_calibration(self.folder)
        trained = read_config(self.folder).ecgs_trained
        backend = load(self.folder)
        self.answerer = Answerer(backend, default_tokenizer(), calibration, name, self._read, trained)

    def __call__(self, samples: Iterable[Sample]) -> Iterator[Answer]:
        return self.answerer(samples)

    def refusal(self, sample: Sample) -> str:
        """Return why the ECGs of a sample cannot be read, "" when they can; what is read is kept for the answer."""
        try:
            for path in sample.ecgs:
                self.answerer.look(path)
        except InputError as error:
            return str(error)
        return ""

    def _read(self, path: str) -> Ecg:
        return self.given[path] if path in self.given else read_ecg(path, self.rate_hz, self.unit)


def read_ecg(path: str | Path, rate_hz: float | None = None, unit: str | None = None) -> Ecg:
    """Read an ECG for asking. Raises InputError, for a picture too."""
    from einthoven.records.read import is_picture, read

    if is_picture(path):
        raise InputError(f"{path}: {NO_PICTURES}")
    return read(path, rate_hz, unit)


def load_model(name: str = "default") -> Model:
    """Return the model of this name: `default` or a folder; it is loaded once. Raises ModelError."""
    folder = DEFAULT if name == "default" else Path(name)
    key = str(folder.resolve())
    if key not in _models:
        if not folder.is_dir():
            raise ModelError(f"{name}: no such model; give 'default' or a folder that `einthoven train` made")
        try:
            _models[key] = Model(folder)
        except ImportError as error:
            raise ModelError(f"asking needs {error.name}; install it with: pip install 'einthoven[train]'") from error
    return _models[key]


def ask(
    ecg: EcgLike | Sequence[EcgLike],
    question: str,
    options: Sequence[str] | None = None,
    pick: Pick = "one",
    model: str = "default",
) -> Answer:
    """Ask one question about an ECG, or about a previous and a recent one.

    ecg: an Ecg or the path of a record, or a pair of them. options: the allowed answers; without them the answer is
    free text. pick: "one", or "any" for a probability of each option. Research use only.
    Raises EcgError: what cannot be read, an empty question, options that are doubled, a model that is not there.
    """
    ecgs = list(ecg) if isinstance(ecg, list | tuple) else [ecg]
    names = tuple(f"ecg {number}" if isinstance(one, Ecg) else str(one) for number, one in enumerate(ecgs, 1))
    sample = ask_sample(question, names, tuple(options) if options is not None else None, pick, "ask")
    for one in ecgs:
        if isinstance(one, Page):
            raise InputError(f"{one.source or 'this page'}: {NO_PICTURES}")
    read = {name: one if isinstance(one, Ecg) else read_ecg(str(one)) for name, one in zip(names, ecgs, strict=True)}
    loaded = load_model(model)
    loaded.given = read
    return next(iter(loaded([sample])))
